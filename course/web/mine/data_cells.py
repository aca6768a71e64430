"""What is kept of somebody in words: the columns and cells of each kind, for the page and the readable file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from course.catalogue.events import RATINGS
from course.catalogue.later import Card
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import PARTS
from course.learning.desk.assigning.wording import numbers_of
from course.learning.desk.days import LONDON, day_before, spoken
from course.web.mine.data_names import HEADINGS, KINDS_OF, WORDS

NUMBERS = {"id", "attempt_id", "completion_id", "statement_id", "agency_id", "team_id"}
NUMBERS |= {"number", "once", "sha256", "overlay_sha256", "counts_from", "tries"}
"""Columns by which rows hang together or are told apart: in the file for machines only."""


class Laid(NamedTuple):
    """A kind as a table."""

    columns: Sequence[str]
    rows: list[list[str]]


def lay_out(library: Library, key: str, rows: Iterable[Mapping[str, Any]]) -> Laid:
    """The rows of the kind with this key as a table of texts, without columns in which nothing stands."""
    words = _Words({module.id: module for module in library.modules})
    columns: list[str] = []
    laid: list[list[str]] = []
    for row in rows:
        columns = columns or _ordered(name for name in row if name not in NUMBERS)
        laid.append([words.cell(key, name, row) for name in columns])
    filled = [n for n, _ in enumerate(columns) if any(cells[n] for cells in laid)]
    headings = [HEADINGS.get(columns[n], columns[n].replace("_", " ").capitalize()) for n in filled]
    return Laid(headings, [[cells[n] for n in filled] for cells in laid])


def _ordered(names: Iterable[str]) -> list[str]:
    """What a row is about first, then when."""
    first = ("name", "code", "module_id", "at")
    return sorted(names, key=lambda name: first.index(name) if name in first else len(first))


@dataclass(frozen=True)
class _Words:
    """Says cells in the words of the modules."""

    modules: Mapping[str, Module]

    def cell(self, key: str, name: str, row: Mapping[str, Any]) -> str:
        value = row[name]
        if key == "events" and name == "body":
            return self._done(self.modules.get(row["module_id"]), value)
        words = KINDS_OF.get(key, {}) if name == "kind" else WORDS.get(name)
        if words and value in words:
            return words[value]
        if name in ("choice", "card_id"):
            return self._decided(name, row)
        if name == "ends_at":  # the midnight after it; elsewhere links are said to work until the end of a day
            return f"The end of {spoken(day_before(value))}"
        if name == "module_id":
            return self._title(value)
        if name == "module_ids":
            return numbers_of(value, list(self.modules.values())).capitalize()
        return str(value + 1) if name == "attempt_number" else _said(value)

    def _title(self, module_id: str) -> str:
        module = self.modules.get(module_id)
        return f"{module.number}. {module.title}" if module else module_id

    def _decided(self, name: str, row: Mapping[str, Any]) -> str:
        """A card or the choice on one, in words; what an edition has no more by its id."""
        fork, number = self._fork(row)
        if name == "choice":
            choice = fork.choice(row["choice"]) if fork else None
            return choice.text if choice else str(row["choice"])
        return f"Card {number}: you are {fork.you}" if fork else str(row["card_id"])

    def _fork(self, row: Mapping[str, Any]) -> tuple[Card | None, int]:
        """The card of a row with its number, or the fork of its check."""
        module = self.modules.get(row["module_id"])
        if module is None or "card_id" not in row:
            return (module.later.six_weeks if module else None), 0
        numbered = {card.id: (card, number) for number, card in enumerate(module.later.cards, 1)}
        return numbered.get(row["card_id"], (None, 0))

    def _done(self, module: Module | None, body: Mapping[str, Any]) -> str:
        """What an event was about: the page, the choice in its own words, or the statements with their ratings."""
        if part := body.get("part"):
            return str(PARTS.get(part, part))
        if choice := body.get("choice"):
            return str(self._choices.get((module.id if module else "", choice), choice))
        if ratings := body.get("ratings"):
            texts = {one.id: one.text for one in module.self_assessment.statements(body["role"])} if module else {}
            return " ".join(f"{texts.get(id_, id_)} {RATINGS[rating]}." for id_, rating in ratings.items())
        return ""

    @cached_property
    def _choices(self) -> dict[tuple[str, str], str]:
        """The texts of choices by module and id."""
        return {
            (module.id, choice.id): choice.text
            for module in self.modules.values()
            for moment in module.story.scenario.moments
            for choice in moment.choices
        }


def _said(value: Any) -> str:
    for kind, say in _SAYINGS:
        if isinstance(value, kind):
            return say(value)
    return "" if value is None else str(value)


_SAYINGS: tuple[tuple[type, Callable[[Any], str]], ...] = (
    (bool, lambda value: "Yes" if value else "No"),
    (datetime, lambda value: f"{spoken(value.astimezone(LONDON).date())}, {value.astimezone(LONDON):%H:%M}"),
    (date, spoken),
    (list, lambda value: "; ".join(map(_said, value))),
    (dict, lambda value: "; ".join(f"{key.replace('_', ' ')}: {_said(inner)}" for key, inner in value.items())),
)
"""How values are said, the first kind that fits: a moment is a day too, and yes is a number."""

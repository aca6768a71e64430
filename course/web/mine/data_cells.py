"""What is kept of somebody in words: the columns and cells of each kind, for the page and the readable file."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any, NamedTuple

from course.catalogue.events import RATINGS
from course.catalogue.library import Library
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import PARTS
from course.learning.desk.assigning.wording import numbers_of
from course.learning.desk.audit import ACTS
from course.learning.desk.days import LONDON, spoken
from course.learning.tables import ACCESS, CARDS, LETTERS, REQUESTS, STATES

NUMBERS = {"id", "attempt_id", "completion_id", "statement_id", "agency_id", "team_id"}
NUMBERS |= {"number", "once", "sha256", "overlay_sha256", "counts_from", "tries"}
"""Columns by which rows hang together or are told apart: in the file for machines only."""

HEADINGS: dict[str, str] = {
    "at": "When",
    "module_id": "Module",
    "module_ids": "Modules",
    "email": "E-mail address",
    "joined_at": "Here since",
    "cards": "Decision cards",
    "state": "What came of it",
    "modules": "Modules",
    "attempt_number": "Which time",
    "body": "What",
    "act": "What",
    "what": "In detail",
    "by": "Who",
    "text": "In words",
    "why": "Why",
    "asks": "Whom it asks",
    "due_on": "By",
    "within_days": "Within days of joining",
    "refresh_months": "Again after months",
    "to_say": "Still to say at the next sign-in",
    "wants_reminders": "Wants reminders",
    "entry_saved_at": "Entry saved",
    "opened": "Times opened",
    "opened_at": "Last opened",
}
"""Column to its heading, where its own name does not do."""

WORDS: dict[str, Mapping[str, str]] = {"role": ROLES, "access": ACCESS, "cards": CARDS, "state": STATES, "act": ACTS}
_KINDS: dict[str, Mapping[str, str]] = {"letters": LETTERS, "requests": REQUESTS, "requests_answered": REQUESTS}
_KINDS["events"] = {
    "opened": "Opened a page",
    "vignette-read": "Read the records",
    "vignette-skipped": "Left the records out",
    "chose": "Chose",
    "went-back": "Went back for a second look",
    "rated": "Rated",
    "reflected": "Finished the reflection",
    "reflection-declined": "Left the reflection out",
}


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
        words = _KINDS.get(key, {}) if name == "kind" else WORDS.get(name)
        if words and value in words:
            return words[value]
        if name == "module_id":
            return self._title(value)
        if name == "module_ids":
            return numbers_of(value, list(self.modules.values())).capitalize()
        return str(value + 1) if name == "attempt_number" else _said(value)

    def _title(self, module_id: str) -> str:
        module = self.modules.get(module_id)
        return f"{module.number}. {module.title}" if module else module_id

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

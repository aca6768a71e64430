"""Where people part, in words and rows. Knows nothing of Flask."""

from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from course.catalogue.model import Module
from course.learning.desk.figures.parting_figures import Decision, Partings, Split
from course.lesson.markdown import line
from course.story.model import Choice
from course.web.lead.drawing.pictures import Cell, heat, share
from course.web.lead.drawing.svg import whole_percent
from course.web.lead.files.workbook_rows import Cell as Written
from course.web.lead.picture_rows import GONE, TOGETHER, WITHHELD, shaded

COLUMNS = ("Decision", "Choice", "Stronger practice", "Agency", "Chosen by", "People", "Percent")
STRONGER = "stronger practice"

Spread = tuple[float, Markup]
"""Percentage points, and in words where they lie."""


def title_of(module: Module, moment: str) -> str:
    """A decision’s title; one that is gone is named by what is left of it."""
    titles = {m.id: line(m.title).striptags() for m in module.story.scenario.moments}
    return titles.get(moment, f"“{moment}” {GONE}")


def choices_of(module: Module, decision: Decision) -> list[tuple[str, Choice | None]]:
    """The choices of a decision by id: those that the module has, in order, then those that it no longer has."""
    moment = next((m for m in module.story.scenario.moments if m.id == decision.moment), None)
    here = {choice.id: choice for choice in moment.choices} if moment else {}
    made = decision.together.choices if decision.together else {}
    return [*here.items(), *((id_, None) for id_ in sorted(made) if id_ not in here)]


def heat_rows(module: Module, decision: Decision, agencies: Mapping[int, str]) -> list[tuple[str, list[Cell]]]:
    """How many are counted, then a row for each choice: all together, then each of these agencies."""
    groups = [decision.together, *(decision.cells.get(agency) for agency in agencies)]
    found: list[tuple[str, list[Cell]]] = [("People", [_people(group) for group in groups])]
    for id_, choice in choices_of(module, decision):
        found.append((_choice_name(id_, choice), [_cell(group, id_) for group in groups]))
    return found


def widest(module: Module, seen: Partings) -> Spread | None:
    """Where two groups that are shown differ most in one choice; None where there are not two at any decision."""
    spreads = [
        spread
        for decision in seen.decisions
        for id_, choice in choices_of(module, decision)
        if (spread := _spread(decision, id_, _text(id_, choice), agencies=seen.agencies))
    ]
    return max(spreads, key=lambda spread: spread[0], default=None)


def file_rows(module: Module, seen: Partings) -> Iterator[Sequence[Written]]:
    """The cells of every decision, a row each."""
    for decision in seen.decisions:
        groups = [(TOGETHER, decision.together)]
        groups += [(name, decision.cells.get(agency)) for agency, name in seen.agencies.items()]
        for id_, choice in choices_of(module, decision):
            text = _text(id_, choice).striptags()
            strong = ("yes" if choice.strong else "no") if choice else None
            for name, group in groups:
                yield title_of(module, decision.moment), text, strong, name, *_figures(group, id_)


def _text(id_: str, choice: Choice | None) -> Markup:
    """What a choice says, as inline HTML: it may hold emphasis."""
    return line(choice.text) if choice else Markup("{} {}").format(id_, GONE)


def _choice_name(id_: str, choice: Choice | None) -> Markup:
    text = _text(id_, choice)
    return Markup("{} <strong>({})</strong>").format(text, STRONGER) if choice and choice.strong else text


def _people(group: Split | None) -> Cell:
    return Cell(f"{group.people:,}", 1) if group else heat(None)


def _cell(group: Split | None, choice: str) -> Cell:
    if group is None:
        return heat(None)
    return shaded(group.choices.get(choice, 0), group.people)


def _figures(group: Split | None, choice: str) -> tuple[Written, ...]:
    if group is None:
        return WITHHELD, None, None
    count = group.choices.get(choice, 0)
    return count, group.people, whole_percent(100 * count / group.people)


def _spread(decision: Decision, choice: str, text: Markup, *, agencies: Mapping[int, str]) -> Spread | None:
    """The widest difference in a choice between agencies; where only one is seen, between it and all together."""
    groups = [(agencies[agency], group) for agency, group in decision.cells.items()]
    if len(agencies) == 1 and decision.together:
        groups.append((TOGETHER, decision.together))
    if len(groups) < 2:
        return None
    shares = sorted((100 * group.choices.get(choice, 0) / group.people, name, group) for name, group in groups)
    (low, least, few), (high, most, many) = shares[0], shares[-1]
    said = [
        f"{name} {share(group.choices.get(choice, 0), group.people)}" for name, group in ((most, many), (least, few))
    ]
    quoted = text if text.striptags()[0] in "“‘" else Markup("“{}”").format(text)
    return high - low, Markup("{} {}, {}").format(quoted, *said)

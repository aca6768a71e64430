"""The parts of a module as a bar: which are done, which one this page is, and which are still to come."""

from typing import NamedTuple

from course.catalogue.events import Part
from course.catalogue.progress import GROUPS_BEFORE, PARTS, Progress, may_open, parts_of


class PartShown(NamedTuple):
    """A part on the bar."""

    part: Part
    name: str
    state: str
    """“done”, “here” or “not yet”, as it is read out."""
    is_open: bool


def bar(progress: Progress, here: str) -> list[PartShown]:
    """Every part in order; `here` is the one that the page belongs to, or empty."""
    return [
        PartShown(part, PARTS[part], _state(progress, part, here), _is_open(progress, part))
        for part in parts_of(progress.module)
    ]


def _state(progress: Progress, part: Part, here: str) -> str:
    if part == here:
        return "here"
    return "done" if _is_done(progress, part) else "not yet"


def _is_open(progress: Progress, part: Part) -> bool:
    is_debrief_of_nothing = part == "debrief" and not progress.step.is_ending
    return may_open(progress, part) and not is_debrief_of_nothing


def _is_done(progress: Progress, part: Part) -> bool:
    """Whether the learner is past it, or has done what opens a part behind it."""
    if part == "done":
        return progress.complete
    parts = parts_of(progress.module)
    later = parts[parts.index(part) + 1 :]
    asked = GROUPS_BEFORE.get(part, 0)
    return progress.place in later or any(
        GROUPS_BEFORE.get(other, 0) > asked and may_open(progress, other) for other in later
    )


def whereabouts(progress: Progress) -> str:
    """Where the learner is, as it ends a sentence: “decision 3 of 5 or 6” or a part’s name."""
    if progress.place != "scenario" or not progress.step.is_decision:
        return PARTS[progress.place][0].lower() + PARTS[progress.place][1:]
    decided = sum(step.is_decision for step in progress.path[:-1])
    fewest, most = (decided + to_go for to_go in progress.module.story.decisions_to_go[progress.step.key])
    between = " or " if most - fewest < 2 else " to "
    return f"decision {decided + 1} of {fewest}" + (f"{between}{most}" if most > fewest else "")

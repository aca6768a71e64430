"""Where a learner is in a module: a fold over their events, replayed from the choices recorded.

The server believes no browser. A request asks here what may happen next, and gets an event to record or a
refusal; nothing here writes anything.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from course.catalogue.completion import COMPLETE, is_complete
from course.catalogue.events import (
    Chose,
    Event,
    Opened,
    Part,
    Rated,
    Reflected,
    ReflectionDeclined,
    VignetteRead,
    VignetteSkipped,
    WentBack,
)
from course.catalogue.model import ROLES, Module
from course.story.compile import Step
from course.story.rules import DoesNotFollow, follow

PARTS: dict[Part, str] = {
    "overview": "Overview",
    "vignette": "The records",
    "scenario": "The decisions",
    "debrief": "What happened and why",
    "practice": "What good looks like",
    "rewrite": "Write it again",
    "self-assessment": "Self-assessment",
    "reflection": "Reflection",
    "done": "Done",
}
"""The parts of a module in the order that a learner meets them, with their headings."""

GROUPS_BEFORE: dict[str, int] = {"scenario": 1, "debrief": 2, "practice": 3, "rewrite": 3}
GROUPS_BEFORE |= {"self-assessment": 3, "reflection": 4, "done": 5}
"""How many groups of the completion rule, from the first on, must be met before a part opens."""


class NotHere(Exception):
    """What was asked does not follow from what is recorded. Show the learner where they are."""


@dataclass(frozen=True)
class Progress:
    """One attempt at one module, as far as its events tell."""

    module: Module
    events: int = 0
    """How many events were replayed; the next one has this number."""
    place: Part = "overview"
    marks: frozenset[str] = frozenset()
    choices: tuple[str, ...] = ()
    """The choices on the current path, by id."""
    earlier_paths: tuple[tuple[str, ...], ...] = ()
    """Paths that were left for a second look, oldest first."""
    ratings: dict[str, dict[str, str]] = field(default_factory=dict)
    """Role to statement id to rating; the newest rating of each statement."""

    @cached_property
    def path(self) -> list[Step]:
        """The steps visited on the current path, the last being where the learner is."""
        return follow(self.module.story, self.choices)

    @property
    def step(self) -> Step:
        """The scenario's current step."""
        return self.path[-1]

    @property
    def complete(self) -> bool:
        return is_complete(self.marks)

    @property
    def is_second_look(self) -> bool:
        return bool(self.earlier_paths)


def parts_of(module: Module) -> list[Part]:
    """The parts that this module has; only some have the rewriting exercise."""
    return [p for p in PARTS if p != "rewrite" or module.rewrite]


def part_after(module: Module, part: Part) -> Part:
    """The part that follows; the last one follows itself."""
    parts = parts_of(module)
    return parts[min(parts.index(part) + 1, len(parts) - 1)]


def may_open(progress: Progress, part: Part) -> bool:
    """Whether the learner has done what comes before this part."""
    before = COMPLETE[: GROUPS_BEFORE.get(part, 0)]
    return part in parts_of(progress.module) and all(not progress.marks.isdisjoint(group) for group in before)


def replay(module: Module, events: Iterable[Event]) -> Progress:
    """Fold events into progress. A choice that a newer edition no longer offers ends the path before it."""
    progress = Progress(module)
    for event in events:
        progress = after(progress, event)
    return progress


def after(progress: Progress, event: Event) -> Progress:
    """Progress once `event` has happened too."""
    return replace(_after(progress, event), events=progress.events + 1)


def _after(progress: Progress, event: Event) -> Progress:
    match event:
        case Chose(choice=choice):
            return _after_choice(progress, choice)
        case WentBack(kept=kept):
            earlier = (*progress.earlier_paths, progress.choices)
            return replace(progress, place="scenario", choices=progress.choices[:kept], earlier_paths=earlier)
        case Opened(part=part):
            opened = progress.marks | {"debrief-opened"} if part == "debrief" else progress.marks
            return replace(progress, place=part, marks=opened)
        case VignetteRead() | VignetteSkipped():
            return replace(progress, place="scenario", marks=progress.marks | {event.kind})
        case Rated(role=role, ratings=ratings):
            merged = {**progress.ratings, role: {**progress.ratings.get(role, {}), **ratings}}
            marks = progress.marks | {"self-assessment-rated"}
            return replace(progress, place="reflection", marks=marks, ratings=merged)
        case Reflected() | ReflectionDeclined():
            return replace(progress, place="done", marks=progress.marks | {event.kind})


def _after_choice(progress: Progress, choice: str) -> Progress:
    try:
        path = follow(progress.module.story, (*progress.choices, choice))
    except DoesNotFollow:
        return progress
    ended = {"ending-reached"} if path[-1].is_ending else set()
    return replace(progress, place="scenario", choices=(*progress.choices, choice), marks=progress.marks | ended)


def choose(progress: Progress, step: str, choice: str) -> Chose:
    """The event of making `choice` at `step`. Raises NotHere unless that is where the learner is."""
    if not may_open(progress, "scenario") or progress.step.key != step or choice not in progress.step.leads:
        raise NotHere
    return Chose(choice=choice)


def go_back(progress: Progress, kept: int) -> WentBack:
    """The event of going back to the decision after the first `kept` choices of the current path.

    Only once the debrief has been opened, and only to a decision. Raises NotHere otherwise.
    """
    if "debrief-opened" not in progress.marks or not progress.step.is_ending:
        raise NotHere
    if not 0 <= kept < len(progress.choices) or not progress.path[kept].is_decision:
        raise NotHere
    return WentBack(kept=kept)


def open_part(progress: Progress, part: Part) -> Opened:
    """The event of turning the page to `part`. Raises NotHere while something before it is undone."""
    if not may_open(progress, part):
        raise NotHere
    if part == "debrief" and not progress.step.is_ending:
        raise NotHere
    return Opened(part=part)


def rate(progress: Progress, role: str, ratings: dict[str, str]) -> Rated:
    """The event of rating every statement of a role. Raises NotHere out of turn, ValueError if any is missing."""
    if role not in ROLES or not may_open(progress, "self-assessment"):
        raise NotHere
    wanted: Sequence[str] = [s.id for s in progress.module.self_assessment.statements(role)]
    return Rated.model_validate({"role": role, "ratings": {id_: ratings.get(id_) for id_ in wanted}})


def finish_reflection(progress: Progress, *, declined: bool) -> Reflected | ReflectionDeclined:
    """The event of ending the reflection. Raises NotHere while something before it is undone."""
    if not may_open(progress, "reflection"):
        raise NotHere
    return ReflectionDeclined() if declined else Reflected()

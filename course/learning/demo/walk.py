"""A learner of the demonstration goes through a module, by the rules that hold for everybody."""

from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from course.catalogue.events import RATINGS, Event, VignetteRead, VignetteSkipped
from course.catalogue.model import Module
from course.catalogue.progress import (
    Progress,
    after,
    choose,
    finish_reflection,
    go_back,
    open_part,
    part_after,
    rate,
)

_RATING_WEIGHTS = {"practitioner": (4, 4, 2, 2), "manager": (2, 5, 4, 1), "senior-manager": (1, 3, 7, 1)}
"""How often each of RATINGS is given. Roles differ, since seeing where they do is what the course is for."""
_ALIKE = (2, 4, 3, 1)
"""How often, where the roles see an issue alike."""


LONGEST = timedelta(hours=4)
"""No walk takes longer."""


class Walk(NamedTuple):
    """What somebody did in a module."""

    events: list[tuple[datetime, Event]]
    """Each with its time."""
    complete_after: int
    """With how many of the events the module is complete."""

    def cut(self, events: int) -> "Walk":
        """As far as they came with so many events."""
        return Walk(self.events[:events], self.complete_after)

    @property
    def completed_at(self) -> datetime | None:
        """None where they have not come so far."""
        return self.events[self.complete_after - 1][0] if len(self.events) >= self.complete_after else None


def walk(module: Module, role: str, *, boldness: float, start: datetime, chance: Random, writes: bool = False) -> Walk:
    """The whole way of somebody in this role, from `start`, with 20 seconds to 4 minutes between events.

    `boldness`: how much more likely each strong choice is than one that is not. `writes`: they surely reflect.
    """
    progress, at, complete_after = Progress(module), start, 0
    events: list[tuple[datetime, Event]] = []
    while event := _next(progress, role, boldness=boldness, chance=chance, writes=writes):
        progress = after(progress, event)
        events.append((at, event))
        at += timedelta(seconds=chance.randint(20, 240))
        if progress.complete and not complete_after:
            complete_after = len(events)
    return Walk(events, complete_after)


def _next(progress: Progress, role: str, *, boldness: float, chance: Random, writes: bool) -> Event | None:
    """What somebody in this role does next; None when they are done."""
    match progress.place:
        case "vignette":
            return VignetteSkipped() if chance.random() < 0.1 else VignetteRead()
        case "scenario":
            return _decide(progress, boldness, chance)
        case "debrief" if not progress.is_second_look and chance.random() < 0.2:
            decisions = [n for n, step in enumerate(progress.path) if step.is_decision]
            return go_back(progress, decisions[-1])
        case "self-assessment":
            return rate(progress, role, _ratings(progress, role, chance))
        case "reflection":
            return finish_reflection(progress, declined=not writes and chance.random() < 0.3)
        case "done":
            return None
        case part:
            return open_part(progress, part_after(progress.module, part))


def _decide(progress: Progress, boldness: float, chance: Random) -> Event:
    if progress.step.is_ending:
        return open_part(progress, "debrief")
    choices = progress.step.choices
    [choice] = chance.choices(choices, weights=[boldness if c.strong else 1 for c in choices])
    return choose(progress, progress.step.key, choice.id)


def _ratings(progress: Progress, role: str, chance: Random) -> dict[str, str]:
    statements = progress.module.self_assessment.statements(role)
    apart = progress.module.number * 5 % 14 / 13  # from issues that all see alike to those where the roles part most
    weights = [a + (b - a) * apart for a, b in zip(_ALIKE, _RATING_WEIGHTS[role], strict=True)]
    given = chance.choices(list(RATINGS), weights=weights, k=len(statements))
    return {statement.id: rating for statement, rating in zip(statements, given, strict=True)}

"""A learner of the demonstration goes through a module, by the rules that hold for everybody."""

from datetime import datetime, timedelta
from random import Random

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


Walk = list[tuple[datetime, Event]]
"""What somebody did in a module, each event with its time."""


def walk(module: Module, role: str, *, start: datetime, chance: Random) -> Walk:
    """The whole way of somebody in this role, from `start`, with 20 seconds to 4 minutes between events."""
    progress, at, way = Progress(module), start, Walk()
    while event := _next(progress, role, chance):
        progress = after(progress, event)
        way.append((at, event))
        at += timedelta(seconds=chance.randint(20, 240))
    return way


def _next(progress: Progress, role: str, chance: Random) -> Event | None:
    """What somebody in this role does next; None when they are done."""
    match progress.place:
        case "vignette":
            return VignetteSkipped() if chance.random() < 0.1 else VignetteRead()
        case "scenario":
            return _decide(progress, chance)
        case "debrief" if not progress.is_second_look and chance.random() < 0.2:
            decisions = [n for n, step in enumerate(progress.path) if step.is_decision]
            return go_back(progress, decisions[-1])
        case "self-assessment":
            return rate(progress, role, _ratings(progress, role, chance))
        case "reflection":
            return finish_reflection(progress, declined=chance.random() < 0.3)
        case "done":
            return None
        case part:
            return open_part(progress, part_after(progress.module, part))


def _decide(progress: Progress, chance: Random) -> Event:
    if progress.step.is_ending:
        return open_part(progress, "debrief")
    choices = progress.step.choices
    [choice] = chance.choices(choices, weights=[3 if c.strong else 2 for c in choices])
    return choose(progress, progress.step.key, choice.id)


def _ratings(progress: Progress, role: str, chance: Random) -> dict[str, str]:
    statements = progress.module.self_assessment.statements(role)
    given = chance.choices(list(RATINGS), weights=_RATING_WEIGHTS[role], k=len(statements))
    return {statement.id: rating for statement, rating in zip(statements, given, strict=True)}

"""Events as XapiStatements: which are told, and when.

An id is made from who, which attempt, which event and which verb, so it is fixed the moment the event is recorded:
told twice, now or in an export years later, it is the same XapiStatement.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple

from tincan import Activity, Result

from course.catalogue.events import RATINGS, Chose, Event, Rated
from course.catalogue.model import Module
from course.catalogue.progress import Progress, after
from course.statements.profile import DECISION, MODULE, SELF_ASSESSMENT
from course.statements.sitting import Sitting, then
from course.statements.xapi import Attempted, Telling, Told, XapiStatement, activity, course


class Happened(NamedTuple):
    """An event as it was recorded."""

    number: int
    event: Event
    at: datetime


def tell(
    telling: Telling, who: Attempted, happened: Happened, *, before: Progress, sitting: Sitting | None
) -> Iterator[XapiStatement]:
    """What one event tells. `before` and `sitting` are the attempt's before it; `sitting` is None at its first event.

    The end of a sitting is known by the next one, so an event that begins one tells first that the last one ended.
    A completion bears the version that it was made on: that of `before.module`, unless `who` knows better.
    """
    module, (number, event, at) = before.module, happened
    new = then(sitting, number, at)
    if sitting is None or sitting.is_over(at):
        if sitting is not None:
            yield tell_end(telling, who, module, sitting)
        yield _of_module("initialized", telling, who, module=module, number=number, at=at)
    match event:
        case Chose(choice=choice) if telling.choices and _is_decision(before, choice):
            yield _of_decision(telling, who, happened, before=before, choice=choice)
        case Rated():
            yield _of_ratings(telling, who, happened, rated=event, module=module)
    if not before.complete and after(before, event).complete:
        on = replace(who, version=who.completed_on or module.version)
        done = Result(completion=True, duration=new.spent)
        yield _of_module("completed", telling, on, module=module, number=number, at=at, result=done)


def tell_end(telling: Telling, who: Attempted, module: Module, sitting: Sitting) -> XapiStatement:
    """That a sitting ended, at its last event, and how long it was."""
    left = Result(duration=sitting.length)
    number, at = sitting.last_number, sitting.last
    return _of_module("terminated", telling, who, module=module, number=number, at=at, result=left)


def statements_of(
    telling: Telling, who: Attempted, module: Module, *, events: Iterable[Happened], now: datetime
) -> Iterator[XapiStatement]:
    """What a whole attempt tells, in the order in which it happened; the end of its last sitting once it is over."""
    progress, sitting = Progress(module), None
    for happened in events:
        yield from tell(telling, who, happened, before=progress, sitting=sitting)
        progress, sitting = after(progress, happened.event), then(sitting, happened.number, happened.at)
    if sitting is not None and sitting.is_over(now):
        yield tell_end(telling, who, module, sitting)


def _is_decision(before: Progress, choice: str) -> bool:
    """What only turns the page is none, nor is a choice that this edition no longer offers."""
    return before.step.is_decision and choice in before.step.leads


def _of_module(
    verb: str,
    telling: Telling,
    who: Attempted,
    *,
    module: Module,
    number: int,
    at: datetime,
    result: Result | None = None,
) -> XapiStatement:
    about = activity(telling.profile.module(module.id), MODULE, module.title)
    within = course(telling.profile)
    return Told(telling, who, module.id).statement(verb, about, number=number, at=at, within=within, result=result)


def _of_part(
    verb: str, telling: Telling, who: Attempted, *, happened: Happened, module: Module, about: Activity, result: Result
) -> XapiStatement:
    within = activity(telling.profile.module(module.id), MODULE, module.title)
    told = Told(telling, who, module.id)
    return told.statement(verb, about, number=happened.number, at=happened.at, within=within, result=result)


def _of_decision(
    telling: Telling, who: Attempted, happened: Happened, *, before: Progress, choice: str
) -> XapiStatement:
    """Which choice was made, by its permanent id."""
    module, moment = before.module, before.step.moment
    id_ = telling.profile.decision(module.id, moment.id)
    about = activity(id_, DECISION, moment.title, interaction_type="choice")
    return _of_part(
        "answered", telling, who, happened=happened, module=module, about=about, result=Result(response=choice)
    )


def _of_ratings(telling: Telling, who: Attempted, happened: Happened, *, rated: Rated, module: Module) -> XapiStatement:
    """How many statements got each rating; never which of them, nor a word of them."""
    profile, count = telling.profile, Counter[str](rated.ratings.values())
    about = activity(profile.self_assessment(module.id), SELF_ASSESSMENT, "Self-assessment")
    counts = Result(extensions={profile.ratings: {rated.role: {rating: count[rating] for rating in RATINGS}}})
    return _of_part("rated", telling, who, happened=happened, module=module, about=about, result=counts)

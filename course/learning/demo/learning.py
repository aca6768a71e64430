"""What the people of the demonstration did: first attempts and refreshers over three years, each by the rules."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any, NamedTuple

from sqlalchemy import insert
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.learning.columns import Base
from course.learning.demo.journals import DAYS_AGO
from course.learning.demo.people import AGENCIES, NAMED
from course.learning.demo.walk import LONGEST, Walk, walk
from course.learning.tables import Attempt, Completion, Person, StoredEvent

_RECENT, _LONG_AGO = (2, 330), (700, 1000)
"""Days ago: from the latest to the earliest. A refresher after 24 months is due for what was done long ago."""
_TOGETHER = 18
"""Days within which most people do the issue that is everybody’s at the time; the issues take turns."""

_KEEN = (1.0, 0.95, 1.1, 0.75, 0.8, 0.85, 0.95, 1.2)
"""How far each of AGENCIES has come: they differ, so that there is something to compare."""


class Stay(NamedTuple):
    """That somebody left, and perhaps came back."""

    left: datetime
    back: datetime | None = None

    def covers(self, at: datetime) -> bool:
        """Whether they were away at this moment."""
        return self.left <= at and (self.back is None or at < self.back)


class _Sitting(NamedTuple):
    """One attempt and what was done in it."""

    person: Person
    module: Module
    number: int
    way: Walk


def learn(
    session: Session,
    people: Sequence[Person],
    stays: Mapping[str, Stay],
    *,
    library: Library,
    now: datetime,
    chance: Random,
) -> None:
    """Add the attempts, events and completions of those who can sign in, none while they were away."""
    sittings = [
        sitting
        for person in people
        if person.password_hash
        for sitting in _sittings(person, library.modules, stays.get(person.id), now=now, chance=chance)
    ]
    attempts = [
        Attempt(
            person_id=one.person.id,
            module_id=one.module.id,
            number=one.number,
            version=one.module.version,
            started_at=one.way.events[0][0],
        )
        for one in sittings
    ]
    session.add_all(attempts)
    session.flush()  # gives each attempt its id
    made = list(zip(attempts, sittings, strict=True))
    insert_rows(session, StoredEvent, [row for attempt, one in made for row in _events(attempt.id, one.way)])
    insert_rows(
        session, Completion, [_completion(attempt, at) for attempt, one in made if (at := one.way.completed_at)]
    )


def insert_rows(session: Session, table: type[Base], rows: list[dict[str, Any]]) -> None:
    """Add rows past the ORM, which would take longer than all else: there are tens of thousands."""
    if rows:
        session.execute(insert(Base.metadata.tables[table.__tablename__]), rows)


def _events(attempt_id: int, way: Walk) -> Iterator[dict[str, Any]]:
    """As course.learning.attempts.stored keeps them."""
    for number, (at, event) in enumerate(way.events):
        body = event.model_dump(mode="json", exclude={"kind"})
        yield {"attempt_id": attempt_id, "number": number, "kind": event.kind, "body": body, "at": at}


def _completion(attempt: Attempt, at: datetime) -> dict[str, Any]:
    return {
        "person_id": attempt.person_id,
        "module_id": attempt.module_id,
        "attempt_id": attempt.id,
        "version": attempt.version,
        "completed_at": at,
    }


def _sittings(
    person: Person, modules: Sequence[Module], stay: Stay | None, *, now: datetime, chance: Random
) -> Iterator[_Sitting]:
    """What somebody began, the oldest attempt at each module first."""
    is_demo_learner = person.email == NAMED[0].email
    agency = list(AGENCIES).index(person.team.agency.name)
    keen = chance.uniform(0.65, 1.0) * _KEEN[agency]
    for position, module in enumerate(modules):
        luck = chance.random() / keen
        if is_demo_learner and position < 2:
            luck = (1.0, 0.85)[position]  # one to begin and one to go on with
        long_ago = chance.random() < 0.22 and not (is_demo_learner and position < 2)
        writes_after = DAYS_AGO.get((person.email, module.number))
        spans = [(writes_after, writes_after)] if writes_after else _spans(luck, long_ago=long_ago, chance=chance)
        number = 0
        for back in spans:
            start = working_hour(now - timedelta(days=_days_ago(back, position, chance)), chance)
            if start < person.joined_at or (stay and (stay.covers(start) or stay.covers(start + LONGEST))):
                continue
            boldness = 0.8 + 0.4 * agency
            way = walk(module, person.role, boldness=boldness, start=start, chance=chance, writes=bool(writes_after))
            is_whole = back != _RECENT or luck < 0.8
            yield _Sitting(person, module, number, way if is_whole else way.cut(chance.randrange(1, len(way.events))))
            number += 1


def _spans(luck: float, *, long_ago: bool, chance: Random) -> list[tuple[int, int]]:
    """When somebody was at a module: not at all, once, or again."""
    if luck >= 0.93:
        return []
    if not long_ago:
        return [_RECENT]
    return [_LONG_AGO, _RECENT] if chance.random() < 0.45 else [_LONG_AGO]


def _days_ago(back: tuple[int, int], position: int, chance: Random) -> int:
    """Most do a module when its turn is, so that there are tens of an agency to be counted together."""
    if back != _RECENT or chance.random() < 0.12:
        return chance.randint(*back)
    first = 330 - 23 * position % 320
    return chance.randint(max(2, first - _TOGETHER), first)


def working_hour(day: datetime, chance: Random) -> datetime:
    """A time on this day or the Friday before, between 8:00 and 16:59 UTC."""
    day -= timedelta(days=max(0, day.weekday() - 4))
    return day.replace(hour=chance.randint(8, 16), minute=chance.randint(0, 59), second=0, microsecond=0)

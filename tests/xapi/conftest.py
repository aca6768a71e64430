"""An outbox in a database of either kind, a strict LRS to push it to, and a clock that a test sets."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session, sessionmaker

from course.catalogue.events import Event
from course.catalogue.model import Module
from course.catalogue.progress import Progress
from course.learning.attempts import record
from course.learning.database import new_sessions
from course.learning.lrs import Lrs as Client
from course.learning.lrs import LrsAddress
from course.learning.sending import Sent, send_due
from course.learning.tables import Outgoing, Person
from course.statements.profile import Profile
from course.statements.xapi import Telling
from tests.course.conftest import (
    content,
    engine,
    library,
    migrated_postgres,
    migrated_sqlite,
    module,
    new_engine,
    new_postgres,
    person,
    postgres,
    quick_hashes,
    session,
    team,
    way_through,
    whole_way,
)
from tests.lrs import Lrs

__all__ = [
    "content",
    "engine",
    "library",
    "migrated_postgres",
    "migrated_sqlite",
    "module",
    "new_engine",
    "new_postgres",
    "person",
    "postgres",
    "quick_hashes",
    "session",
    "team",
    "way_through",
    "whole_way",
]

START = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@dataclass
class Clock:
    """What time it is said to be."""

    now: datetime = START + timedelta(days=1)

    def __call__(self) -> datetime:
        return self.now

    def forward(self, **time: float) -> None:
        self.now += timedelta(**time)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def lrs() -> Iterator[Lrs]:
    with Lrs() as lrs:
        yield lrs


@pytest.fixture
def telling() -> Telling:
    return Telling(Profile("https://learn.example.org"), choices=True)


@pytest.fixture
def sessions(engine: Engine) -> sessionmaker[Session]:
    return new_sessions(engine)


@pytest.fixture
def push(sessions: sessionmaker[Session], lrs: Lrs, clock: Clock) -> Callable[..., Sent]:
    """Sends what is due to the stub."""

    def push(*, seconds: float = 10, password: str = "") -> Sent:
        address = LrsAddress(lrs.address, lrs.user, password or lrs.password)
        return send_due(sessions, Client(address, seconds=seconds), clock)

    return push


@pytest.fixture
def learn(session: Session, person: Person, module: Module, telling: Telling) -> Callable[..., Progress]:
    """Records events in turn, a minute apart from START, with what they tell."""

    def learn(events: list[Event], *, start: datetime = START, after: Progress | None = None) -> Progress:
        progress = after or Progress(module)
        for minute, event in enumerate(events):
            at = start + timedelta(minutes=minute)
            progress = record(session, person.id, progress, event, at, telling=telling)
        return progress

    return learn


@pytest.fixture
def outbox(sessions: sessionmaker[Session]) -> Callable[[], list[Outgoing]]:
    """Every row, in the order of events."""

    def rows() -> list[Outgoing]:
        with sessions() as session:
            order = (Outgoing.attempt_id, Outgoing.number, Outgoing.verb)
            return list(session.scalars(select(Outgoing).order_by(*order)))

    return rows

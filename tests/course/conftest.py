"""What the tests of course.learning share: a database of either kind, a small library, somebody who learns."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from course.catalogue.events import Event, VignetteRead
from course.catalogue.library import Library, load
from course.catalogue.model import Module
from course.catalogue.progress import (
    Progress,
    choose,
    finish_reflection,
    open_part,
    part_after,
    rate,
    replay,
)
from course.learning import people
from course.learning.attempts import record
from course.learning.database import new_sessions
from course.learning.tables import Agency, Person, Team
from tests.databases import engine, migrated_postgres, migrated_sqlite, new_engine, new_postgres, postgres
from tests.factories import write_content

__all__ = ["engine", "migrated_postgres", "migrated_sqlite", "new_engine", "new_postgres", "postgres"]

Learn = Callable[[Person, Module, list[Event]], Progress]


@pytest.fixture(scope="session")
def now() -> datetime:
    return datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture(autouse=True)
def quick_hashes(monkeypatch: pytest.MonkeyPatch) -> PasswordHasher:
    """Argon2 at its cheapest; what it costs in earnest is not what these tests are about."""
    hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    monkeypatch.setattr(people, "HASHER", hasher)
    return hasher


@pytest.fixture
def session(engine: Engine) -> Iterator[Session]:
    with new_sessions(engine)() as session:
        yield session


@pytest.fixture
def other(engine: Engine) -> Iterator[Session]:
    """A second session, as another tab or device has."""
    with new_sessions(engine)() as session:
        yield session


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_content(tmp_path_factory.mktemp("content"), numbers=(3, 13))


@pytest.fixture(scope="session")
def library(content: Path) -> Library:
    return load(content)


@pytest.fixture(scope="session")
def module(library: Library) -> Module:
    return library.modules[0]


@pytest.fixture
def team(session: Session) -> Team:
    team = Team(name="Health visiting", agency=Agency(name="Health"))
    session.add(team)
    session.commit()
    return team


@pytest.fixture
def person(session: Session, team: Team) -> Person:
    return people.add_person(
        session,
        name="Ada Bell",
        email="ada@example.org",
        password="a long enough password",
        role="practitioner",
        access="learner",
        team=team,
    )


@pytest.fixture(scope="session")
def way_through() -> Callable[[Module], list[Event]]:
    """Every event of somebody who completes a module, the last being the one that completes it."""

    def way_through(module: Module) -> list[Event]:
        events: list[Event] = []
        while not (progress := replay(module, events)).complete:
            events.append(_next(progress))
        return events

    return way_through


@pytest.fixture(scope="session")
def whole_way(way_through: Callable[[Module], list[Event]], module: Module) -> list[Event]:
    return way_through(module)


def _next(progress: Progress) -> Event:
    match progress.place:
        case "vignette":
            return VignetteRead()
        case "scenario" if not progress.step.is_ending:
            return choose(progress, progress.step.key, next(iter(progress.step.leads)))
        case "self-assessment":
            statements = progress.module.self_assessment.practitioner
            return rate(progress, "practitioner", {statement.id: "partly" for statement in statements})
        case "reflection":
            return finish_reflection(progress, declined=False)
        case part:
            return open_part(progress, part_after(progress.module, part))


@pytest.fixture
def learn(session: Session, now: datetime) -> Learn:
    """Records events in turn."""

    def learn(person: Person, module: Module, events: list[Event]) -> Progress:
        progress = Progress(module)
        for done in events:
            progress = record(session, person.id, progress, done, now)
        return progress

    return learn


@pytest.fixture
def statements_of(engine: Engine) -> Callable[[], AbstractContextManager[list[str]]]:
    """Gathers the SQL that is sent while it is entered."""

    @contextmanager
    def gather() -> Iterator[list[str]]:
        sent: list[str] = []

        def add(connection: object, cursor: object, statement: str, *rest: object) -> None:
            sent.append(statement)

        event.listen(engine, "before_cursor_execute", add)
        yield sent
        event.remove(engine, "before_cursor_execute", add)

    return gather

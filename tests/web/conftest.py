"""The web app over small content and a database of its own, and a visitor whose every page is looked over."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import event
from sqlalchemy.orm import Session

from course.learning import people
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.tables import Agency, Person, Team
from course.web import security
from course.web.app import create_app
from course.web.config import Config
from tests.factories import write_content
from tests.web.visitor import Visitor

PASSWORD = "a long enough password"


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_content(tmp_path_factory.mktemp("content"), numbers=(3, 13))


@pytest.fixture(scope="session")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with all tables and no rows, to copy: the migrations take longer than most tests."""
    path = tmp_path_factory.mktemp("empty") / "course.sqlite"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates, compiled once for all apps."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("templates")))


@pytest.fixture
def app(
    content: Path, empty: Path, compiled: FileSystemBytecodeCache, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Flask]:
    monkeypatch.setenv("COURSE_CONTENT", str(content))
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    config = Config(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'course.sqlite'}", secret_key="for tests")
    shutil.copy(empty, tmp_path / "course.sqlite")
    app = create_app(config)
    app.jinja_env.bytecode_cache = compiled
    yield app
    security.limiter.reset()
    app.extensions["sessions"].kw["bind"].dispose()


@pytest.fixture
def session(app: Flask) -> Iterator[Session]:
    engine = open_engine(app.extensions["sessions"].kw["bind"].url.render_as_string(hide_password=False))
    with new_sessions(engine)() as session:
        yield session
    engine.dispose()


@pytest.fixture
def teams(session: Session) -> dict[str, Team]:
    """Two agencies with two teams each, by the team's name."""
    named = {"Health": ("Health visiting", "School nursing"), "Police": ("Child abuse investigation", "Neighbourhood")}
    found = {}
    for agency_name, names in named.items():
        agency = Agency(name=agency_name)
        found |= {name: Team(name=name, agency=agency) for name in names}
    session.add_all(found.values())
    session.commit()
    return found


@pytest.fixture
def add_person(session: Session, teams: dict[str, Team]) -> Callable[..., Person]:
    def add_person(name: str, *, access: str = "learner", team: str = "Health visiting", email: str = "") -> Person:
        return people.add_person(
            session,
            name=name,
            email=email or f"{name.lower().replace(' ', '.')}@example.org",
            password=PASSWORD,
            role="practitioner",
            access=access,
            team=teams[team],
        )

    return add_person


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """A new visitor, signed in as the person if one is given."""

    def visit(person: Person | None = None) -> Visitor:
        visitor = Visitor(app)
        if person:
            visitor.sign_in(person.email, PASSWORD)
        return visitor

    return visit


@pytest.fixture
def learner(visit: Callable[..., Visitor], add_person: Callable[..., Person]) -> Visitor:
    return visit(add_person("Ada Bell"))


@pytest.fixture
def count_queries(app: Flask) -> Iterator[Callable[[], list[str]]]:
    """Starts counting anew: gives the list that every SQL statement from now on is added to."""
    counting: list[str] = []

    def seen(connection: object, cursor: object, statement: str, *rest: object) -> None:
        counting.append(statement)

    def start() -> list[str]:
        counting.clear()
        return counting

    engine = app.extensions["sessions"].kw["bind"]
    event.listen(engine, "before_cursor_execute", seen)
    yield start
    event.remove(engine, "before_cursor_execute", seen)

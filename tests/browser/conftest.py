"""The course served for real, with its own modules and the demo's people, and a visitor in Chromium."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import NamedTuple
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker
from waitress.server import create_server

from course.catalogue.library import Library
from course.learning import demo, people
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.tables import Team
from course.web.app import create_app
from course.web.config import Config
from tests.browser.visitor import Visitor

PASSWORD = "a password for the tests"


class Served(NamedTuple):
    """Where the course is served, and its database."""

    address: str
    sessions: sessionmaker[Session]


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory, library: Library) -> Iterator[Served]:
    """Where the course is served, one server for each test process."""
    folder = tmp_path_factory.mktemp("instance")
    url = f"sqlite:///{folder / 'course.sqlite'}"
    engine = open_engine(url)
    upgrade(engine)
    with new_sessions(engine)() as session:
        demo.fill(session, library, datetime.now(UTC), lambda _: PASSWORD)
    engine.dispose()
    app = create_app(Config(instance=folder, database_url=url, secret_key="for tests", secure_cookies=False))
    server = create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Served(f"http://127.0.0.1:{server.effective_port}", app.extensions["sessions"])
    server.close()
    thread.join(timeout=5)
    app.extensions["sessions"].kw["bind"].dispose()


@pytest.fixture
def visit(served: Served) -> Callable[..., Visitor]:
    """A visitor on a device, signed in if an e-mail address is given; with `judging`, axe looks at every page."""

    def visit(context: BrowserContext, email: str = "", *, script: bool = True, judging: bool = False) -> Visitor:
        visitor = Visitor(context.new_page(), served.address, has_script=script, is_judging=judging)
        if email:
            visitor.sign_in(email, PASSWORD)
        return visitor

    return visit


@pytest.fixture
def newcomer(served: Served) -> str:
    """The e-mail address of somebody in health visiting who has not begun anything."""
    with served.sessions() as session:
        team = session.scalars(select(Team).where(Team.name == "Health visiting")).one()
        email = f"newcomer-{uuid4().hex[:8]}@example.org"
        people.add_person(
            session,
            name="Nia Newcomer",
            email=email,
            password=PASSWORD,
            role="practitioner",
            access="learner",
            team=team,
        )
    return email

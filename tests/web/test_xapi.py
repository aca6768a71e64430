"""What the web app keeps for an LRS: what somebody did, and never what they wrote."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from argon2 import PasswordHasher
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.cli import main
from course.learning import people
from course.learning.database import open_engine, upgrade
from course.learning.lrs import LrsAddress
from course.learning.tables import Outgoing, Person, Reflection, StoredEvent
from course.web import security
from course.web.app import create_app
from course.web.config import Config
from tests.lrs import Lrs
from tests.web.test_learn import MODULE, to_ending
from tests.web.visitor import Visitor

PLANTED = "the-sentence-that-nobody-else-may-read"


@pytest.fixture
def lrs() -> Iterator[Lrs]:
    with Lrs() as lrs:
        yield lrs


@pytest.fixture
def app(content: Path, tmp_path: Path, lrs: Lrs, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app as a partnership runs it that tells an LRS all that can be told."""
    monkeypatch.setenv("COURSE_CONTENT", str(content))
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    config = Config(
        instance=tmp_path,
        database_url=f"sqlite:///{tmp_path / 'course.sqlite'}",
        secret_key="for tests",
        lrs=LrsAddress(lrs.address, lrs.user, lrs.password),
        xapi_choices=True,
        xapi_by_email=True,
    )
    engine = open_engine(config.database_url)
    upgrade(engine)
    engine.dispose()
    app = create_app(config)
    yield app
    security.limiter.reset()
    app.extensions["sessions"].kw["bind"].dispose()


@pytest.fixture
def course(tmp_path: Path, lrs: Lrs, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., str]:
    """The command, for the same course."""
    monkeypatch.chdir(tmp_path)

    def course(*words: str) -> str:
        key = {"XAPI_ENDPOINT": lrs.address, "XAPI_USER": lrs.user, "XAPI_PASSWORD": lrs.password}
        tell_all = {"XAPI_CHOICES": "yes", "XAPI_ACTOR": "email"}
        result = CliRunner().invoke(main, ["xapi", *words, "--instance", str(tmp_path)], env={**key, **tell_all})
        assert result.exit_code == 0, result.output
        return result.stdout

    return course


def through_the_module(learner: Visitor) -> None:
    """Every part, and the reflection written."""
    to_ending(learner).send("See what happened").send("Go on").send("Go on").rate_all()
    fields = ("answer-1", "answer-2", "commitment", "by-when", "who-notices")
    learner.send("Keep this and finish", **dict.fromkeys(fields, PLANTED))


def test_what_a_learner_writes_is_in_nothing_that_an_lrs_could_get(
    learner: Visitor, session: Session, lrs: Lrs, course: Callable[..., str]
) -> None:
    through_the_module(learner)
    assert session.scalars(select(Reflection.commitment)).all() == [f"{PLANTED} (by {PLANTED})"]
    rows = [
        str({c.name: getattr(row, c.name) for c in Outgoing.__table__.c}) for row in session.scalars(select(Outgoing))
    ]
    assert len(rows) > 5
    exported = course("export", "--since", f"{datetime.now(UTC).date()}", "--to", "-")
    assert "completed" in exported
    assert f"{len(rows)} sent" in course("push")
    assert lrs.traffic().count(b"mailto:ada.bell@example.org") >= len(rows)
    for place in (*rows, exported, lrs.traffic().decode(), str(lrs.statements)):
        assert PLANTED not in place


def test_a_learner_never_waits_for_an_lrs(learner: Visitor, session: Session, lrs: Lrs) -> None:
    lrs.trouble.hang()
    to_ending(learner)
    assert lrs.requests == []
    assert session.scalar(select(func.count()).select_from(Outgoing)) == 6  # begun, and five decisions


def test_a_choice_that_is_refused_tells_nothing(
    learner: Visitor, session: Session, add_person: Callable[..., Person]
) -> None:
    learner.get(f"{MODULE}/overview").send("Start").send("I have read")
    old = learner.page.xpath("//form[@data-act='choose']")[2]
    learner.choose(0).post(old)
    assert session.scalar(select(func.count()).where(Outgoing.verb == "answered")) == 1
    assert session.scalar(select(func.count()).where(StoredEvent.kind == "chose")) == 1

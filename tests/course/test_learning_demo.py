"""The demonstration: people and progress worth looking at, made once and never among real people."""

import shutil
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.catalogue.model import ROLES
from course.learning import demo, people
from course.learning.attempts import progress_in_all
from course.learning.columns import Base
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.demo.journals import ENTRIES, LEARNER, MANAGER
from course.learning.demo.people import AGENCIES
from course.learning.desk.days import day_of
from course.learning.desk.figures.gathering import bring_up_to_date
from course.learning.desk.figures.local_figures import local_picture
from course.learning.desk.standing.board import Board
from course.learning.desk.standing.matrix import Wanted, rows_of
from course.learning.desk.standing.status import COMPLETE, DUE_SOON, EXPIRED, OVERDUE
from course.learning.mine.cards import BETWEEN, COMES_AFTER
from course.learning.mine.checks import CHECK_AFTER, QUESTIONS, manager_of
from course.learning.people import sign_in
from course.learning.scope import AgencyOption, Scope, agencies_in, scope_of
from course.learning.tables import (
    ACCESS,
    Assignment,
    Attempt,
    CardAnswer,
    Completion,
    FormerPlace,
    Import,
    Letter,
    Note,
    Person,
    SixWeekCheck,
    StoredEvent,
    Team,
)
from course.web.app import create_app
from course.web.config import Config
from tests.web.visitor import Visitor

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
LEAD = "partnership-lead@example.org"
EVERYBODY = Scope(agency_id=None, team_id=None)


def password_of(email: str) -> str:
    return f"password of {email}"


@pytest.fixture(scope="module")
def filled(migrated_sqlite: Path, library: Library, now: datetime, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demonstration, to copy. Filling takes seconds; that PostgreSQL takes it too is seen once, below."""
    path = Path(shutil.copy(migrated_sqlite, tmp_path_factory.mktemp("demonstration") / "course.sqlite"))
    engine = open_engine(f"sqlite:///{path}")
    with pytest.MonkeyPatch.context() as patch, new_sessions(engine)() as session:
        patch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
        demo.fill(session, library, now, password_of)
    engine.dispose()
    return path


@pytest.fixture
def demonstration(filled: Path, tmp_path: Path) -> Iterator[Session]:
    engine = open_engine(f"sqlite:///{shutil.copy(filled, tmp_path / 'course.sqlite')}")
    with new_sessions(engine)() as session:
        yield session
    engine.dispose()


@pytest.fixture
def app(demonstration: Session, content: Path, now: datetime, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Flask:
    """The course over the demonstration, at the time at which it was filled."""
    monkeypatch.setenv("COURSE_CONTENT", str(content))
    url = demonstration.get_bind().engine.url.render_as_string()
    app = create_app(Config(instance=tmp_path, database_url=url, secret_key="for tests"))
    app.config["CLOCK"] = lambda: now
    return app


def everything(session: Session, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    columns = {name: [c for c in table.c if c.name not in without] for name, table in Base.metadata.tables.items()}
    return {name: [tuple(row) for row in session.execute(select(*asked))] for name, asked in columns.items()}


def test_everybody_named_can_sign_in_and_nobody_else(demonstration: Session, library: Library, now: datetime) -> None:
    shown = demo.fill(demonstration, library, now, password_of)
    found = [sign_in(demonstration, one.email, one.password) for one in shown]
    assert [(one.name, one.email) for one in shown] == [(p.name, p.email) for p in found if p]
    assert {p.access for p in found if p} == set(ACCESS)
    health_visitor, manager = found[:2]
    assert health_visitor
    assert health_visitor.team.name == "Health visiting"
    assert manager
    assert manager.role == "manager"
    others = demonstration.scalars(select(Person.email).where(Person.email.not_in([one.email for one in shown])))
    assert all(sign_in(demonstration, email, password_of(email)) is None for email in others)


def test_every_lead_has_something_to_see(demonstration: Session, library: Library, now: datetime) -> None:
    shown = demo.fill(demonstration, library, now, password_of)
    agencies: list[AgencyOption] = agencies_in(demonstration, EVERYBODY)
    assert len(agencies) == 8
    assert all(2 <= len(agency.teams) <= 3 for agency in agencies)
    picture = Board(library.modules).picture(demonstration, now)
    for one in shown:
        person = sign_in(demonstration, one.email, one.password)
        assert person
        if scope := scope_of(person):
            rows = rows_of(picture, scope, Wanted())
            statuses = {picture.cell(row, column).status for row in rows for column in range(2)}
            assert "complete" in statuses
    assert 290 <= len(rows_of(picture, EVERYBODY, Wanted())) <= 330
    mine = picture.row_of[next(person.id for person in picture.people if person.email == "learner@example.org")]
    assert [picture.done.completed[mine, 0], picture.done.started[mine, 0]] == [0, 0]
    assert picture.done.started[mine, 1] > 0


def test_progress_is_what_the_rules_allow(demonstration: Session, library: Library, now: datetime) -> None:
    complete = set(demonstration.scalars(select(Completion.attempt_id)))
    newest = {
        (attempt.person_id, attempt.module_id): attempt.id in complete
        for attempt in demonstration.scalars(select(Attempt).order_by(Attempt.number))
    }
    progress = {
        (person_id, module_id): found
        for person_id in demonstration.scalars(select(Person.id))
        for module_id, found in progress_in_all(demonstration, person_id, library.modules).items()
    }
    assert {key for key, found in progress.items() if found.complete} == {
        key for key, is_done in newest.items() if is_done
    }
    chosen = [e.body["choice"] for e in demonstration.scalars(select(StoredEvent).where(StoredEvent.kind == "chose"))]
    assert len(set(chosen)) > 10
    assert any(found.is_second_look for found in progress.values())
    for attempt_id in demonstration.scalars(select(Attempt.id)):
        of_attempt = select(StoredEvent).where(StoredEvent.attempt_id == attempt_id).order_by(StoredEvent.number)
        times = [e.at for e in demonstration.scalars(of_attempt)]
        assert times == sorted(times)
        assert times[-1] < now


def test_every_page_of_the_desk_has_something_to_show(demonstration: Session, library: Library, now: datetime) -> None:
    picture = Board(library.modules).picture(demonstration, now)
    assert set(np.unique(picture.standing.status).tolist()) >= {COMPLETE, DUE_SOON, OVERDUE, EXPIRED}
    assert set(demonstration.scalars(select(Letter.state))) == {"sent", "failed", "bounced"}
    assert set(demonstration.scalars(select(Letter.kind))) == {"invitation", "reminder"}
    assert demonstration.scalars(select(Assignment.id).where(Assignment.replaces_id.is_not(None))).all()
    assert demonstration.scalars(select(Note.id).where(Note.done_at.is_not(None))).all()
    done = [kept.done_at is not None for kept in demonstration.scalars(select(Import).order_by(Import.at))]
    assert done == [True, False]
    assert demonstration.scalars(select(FormerPlace.id).where(FormerPlace.team_id.is_(None))).all()
    left = demonstration.execute(select(Person.id, Person.left_at).where(Person.left_at.is_not(None))).all()
    assert 4 <= len(left) <= 10
    for person_id, left_at in left:
        last = demonstration.scalar(select(func.max(Attempt.started_at)).where(Attempt.person_id == person_id))
        assert last is None or last < left_at


def test_groups_of_ten_can_be_seen_and_smaller_ones_are_withheld(
    demonstration: Session, library: Library, now: datetime
) -> None:
    bring_up_to_date(demonstration, "ratings", library.modules, now=now)
    shown = local_picture(demonstration, EVERYBODY, library.modules, year=None, today=day_of(now))
    seen = max((set(issue.cells) for issue in shown.issues.values()), key=len)
    assert {role for _, role in seen} == set(ROLES)
    assert 6 <= len(seen) < len(ROLES) * len(AGENCIES)


def test_filling_again_changes_nothing(demonstration: Session, library: Library, now: datetime) -> None:
    shown = demo.fill(demonstration, library, now, password_of)
    before = everything(demonstration)
    assert demo.fill(demonstration, library, now, password_of) == shown
    assert everything(demonstration) == before


def test_it_is_the_same_each_time(new_engine: Callable[[], Engine], library: Library, now: datetime) -> None:
    found = []
    for engine in (new_engine(), new_engine()):
        upgrade(engine)
        with new_sessions(engine)() as session:
            demo.fill(session, library, now, password_of)
            secret = select(Person.password_hash, Person.session_key)
            found.append((everything(session, without=("password_hash", "session_key")), session.execute(secret).all()))
    (one, one_secrets), (two, two_secrets) = found
    assert one == two
    assert not set(one_secrets) & set(two_secrets)


def test_whoever_keeps_a_journal_sees_what_follows_from_modules(app: Flask) -> None:
    visitor = Visitor(app).sign_in(MANAGER, password_of(MANAGER)).get("/")
    home = " ".join(visitor.page.xpath("//main//a/@href"))
    assert all(address in home for address in ("/mine/checks/13-module-thirteen", "/mine/cards/", "/mine/confirm"))
    visitor.get("/mine/journal")
    assert all(answer in visitor.words for entry in ENTRIES if entry.email == MANAGER for answer in entry.answers)
    visitor.get("/mine/plan")
    assert "I have done it" in visitor.words
    assert "Done on " in visitor.words
    folders = [link.rpartition("/")[2] for link in visitor.page.xpath("//a/@href") if "/mine/journal/" in link]
    links = [visitor.get(f"/mine/journal/{folder.partition('#')[0]}").words for folder in folders]
    assert ["Take back" in words for words in links] == [True, False]
    assert all("Links that you made" in words for words in links)
    visitor.get("/mine/cards")
    assert "Open the card that waits" in visitor.words
    assert "Cards that you have answered" in visitor.words
    assert "Yes, we talked about it" in visitor.get("/mine/confirm").words
    assert "head of service" in visitor.get("/mine/data/kept/my-requests").words
    assert "Okafor-Lewis" in Visitor(app).sign_in(LEARNER, password_of(LEARNER)).get("/mine/data/correct").words


def test_whoever_looks_after_everybody_sees_how_checks_went_and_who_asks(app: Flask) -> None:
    visitor = Visitor(app).sign_in(LEAD, password_of(LEAD)).get("/lead/after-six-weeks")
    shares = [[cell.text_content() for cell in row.iter("td")][1:] for row in visitor.page.xpath("//table[1]/tbody/tr")]
    assert len(set(map(tuple, shares))) > 1
    visitor.get("/lead/data-requests")
    assert len(visitor.page.xpath("//tbody/tr")) == 2


def test_what_people_answered_is_what_the_rules_allow(demonstration: Session, library: Library, now: datetime) -> None:
    people_by_id = {person.id: person for person in demonstration.scalars(select(Person))}
    done = {one.id: one for one in demonstration.scalars(select(Completion))}
    modules = {module.id: module for module in library.modules}
    checks = demonstration.scalars(select(SixWeekCheck)).all()
    for check in checks:
        completion, person = done[check.completion_id], people_by_id[check.person_id]
        assert person.id == completion.person_id
        assert modules[completion.module_id].later.six_weeks.choice(check.choice)
        assert all(getattr(check, name) in answers for name, (_, answers) in QUESTIONS.items())
        times = [t for t in (check.at, check.discussed_at, check.confirmed_at, now) if t]
        assert times == sorted(times)
        assert day_of(check.at) >= day_of(completion.completed_at) + CHECK_AFTER
        assert (check.confirmed_at is None) == (check.confirmed_by_id is None)
        if check.confirmed_by_id:
            manager = manager_of(demonstration, person)
            assert manager
            assert manager.id == check.confirmed_by_id
        newer = [c for c in done.values() if (c.person_id, c.module_id) == (person.id, completion.module_id)]
        assert not any(completion.completed_at < c.completed_at <= check.at for c in newer)
    assert 0.4 < len(checks) / len(done) < 0.7


def test_cards_came_one_by_one_after_their_modules(demonstration: Session, library: Library) -> None:
    cards = {card.id: card for module in library.modules for card in module.later.cards}
    done = {one.id: one for one in demonstration.scalars(select(Completion))}
    answers = demonstration.scalars(select(CardAnswer).order_by(CardAnswer.person_id, CardAnswer.at)).all()
    assert len({one.person_id for one in answers}) > 20
    for one, following in pairwise(answers):
        assert cards[one.card_id].choice(one.choice)
        assert day_of(one.at) >= day_of(done[one.completion_id].completed_at) + COMES_AFTER[0]
        if following.person_id == one.person_id:
            assert day_of(following.at) >= day_of(one.at) + BETWEEN


@on_sqlite
def test_real_people_are_left_alone(session: Session, library: Library, now: datetime, team: Team) -> None:
    before = everything(session)
    assert demo.fill(session, library, now, password_of) == []
    assert everything(session) == before

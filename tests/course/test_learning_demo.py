"""The demonstration: people and progress worth looking at, made once and never among real people."""

from collections.abc import Callable
from datetime import datetime

import numpy as np
import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.catalogue.model import ROLES
from course.learning import demo
from course.learning.attempts import progress_in_all
from course.learning.columns import Base
from course.learning.database import new_sessions, upgrade
from course.learning.demo.people import AGENCIES
from course.learning.desk.days import day_of
from course.learning.desk.figures.gathering import bring_up_to_date
from course.learning.desk.figures.local_figures import local_picture
from course.learning.desk.standing.board import Board
from course.learning.desk.standing.matrix import Wanted, rows_of
from course.learning.desk.standing.status import COMPLETE, DUE_SOON, EXPIRED, OVERDUE
from course.learning.people import sign_in
from course.learning.scope import AgencyOption, Scope, agencies_in, scope_of
from course.learning.tables import (
    ACCESS,
    Assignment,
    Attempt,
    Completion,
    FormerPlace,
    Import,
    Letter,
    Note,
    Person,
    StoredEvent,
    Team,
)

on_sqlite = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
"""Filling takes seconds; that PostgreSQL takes it too is seen once, below."""

EVERYBODY = Scope(agency_id=None, team_id=None)


def password_of(email: str) -> str:
    return f"password of {email}"


def everything(session: Session, without: tuple[str, ...] = ()) -> dict[str, list[tuple[object, ...]]]:
    columns = {name: [c for c in table.c if c.name not in without] for name, table in Base.metadata.tables.items()}
    return {name: [tuple(row) for row in session.execute(select(*asked))] for name, asked in columns.items()}


@on_sqlite
def test_everybody_named_can_sign_in_and_nobody_else(session: Session, library: Library, now: datetime) -> None:
    shown = demo.fill(session, library, now, password_of)
    found = [sign_in(session, one.email, one.password) for one in shown]
    assert [(one.name, one.email) for one in shown] == [(p.name, p.email) for p in found if p]
    assert {p.access for p in found if p} == set(ACCESS)
    health_visitor, manager = found[:2]
    assert health_visitor
    assert health_visitor.team.name == "Health visiting"
    assert manager
    assert manager.role == "manager"
    others = session.scalars(select(Person.email).where(Person.email.not_in([one.email for one in shown])))
    assert all(sign_in(session, email, password_of(email)) is None for email in others)


@on_sqlite
def test_every_lead_has_something_to_see(session: Session, library: Library, now: datetime) -> None:
    shown = demo.fill(session, library, now, password_of)
    agencies: list[AgencyOption] = agencies_in(session, EVERYBODY)
    assert len(agencies) == 8
    assert all(2 <= len(agency.teams) <= 3 for agency in agencies)
    picture = Board(library.modules).picture(session, now)
    for one in shown:
        person = sign_in(session, one.email, one.password)
        assert person
        if scope := scope_of(person):
            rows = rows_of(picture, scope, Wanted())
            statuses = {picture.cell(row, column).status for row in rows for column in range(2)}
            assert "complete" in statuses
    assert 290 <= len(rows_of(picture, EVERYBODY, Wanted())) <= 330
    mine = picture.row_of[next(person.id for person in picture.people if person.email == "learner@example.org")]
    assert [picture.done.completed[mine, 0], picture.done.started[mine, 0]] == [0, 0]
    assert picture.done.started[mine, 1] > 0


@on_sqlite
def test_progress_is_what_the_rules_allow(session: Session, library: Library, now: datetime) -> None:
    demo.fill(session, library, now, password_of)
    complete = set(session.scalars(select(Completion.attempt_id)))
    newest = {
        (attempt.person_id, attempt.module_id): attempt.id in complete
        for attempt in session.scalars(select(Attempt).order_by(Attempt.number))
    }
    progress = {
        (person_id, module_id): found
        for person_id in session.scalars(select(Person.id))
        for module_id, found in progress_in_all(session, person_id, library.modules).items()
    }
    assert {key for key, found in progress.items() if found.complete} == {
        key for key, is_done in newest.items() if is_done
    }
    chosen = [e.body["choice"] for e in session.scalars(select(StoredEvent).where(StoredEvent.kind == "chose"))]
    assert len(set(chosen)) > 10
    assert any(found.is_second_look for found in progress.values())
    for attempt_id in session.scalars(select(Attempt.id)):
        of_attempt = select(StoredEvent).where(StoredEvent.attempt_id == attempt_id).order_by(StoredEvent.number)
        times = [e.at for e in session.scalars(of_attempt)]
        assert times == sorted(times)
        assert times[-1] < now


@on_sqlite
def test_every_page_of_the_desk_has_something_to_show(session: Session, library: Library, now: datetime) -> None:
    demo.fill(session, library, now, password_of)
    picture = Board(library.modules).picture(session, now)
    assert set(np.unique(picture.standing.status).tolist()) >= {COMPLETE, DUE_SOON, OVERDUE, EXPIRED}
    assert set(session.scalars(select(Letter.state))) == {"sent", "failed", "bounced"}
    assert set(session.scalars(select(Letter.kind))) == {"invitation", "reminder"}
    assert session.scalars(select(Assignment.id).where(Assignment.replaces_id.is_not(None))).all()
    assert session.scalars(select(Note.id).where(Note.done_at.is_not(None))).all()
    done = [kept.done_at is not None for kept in session.scalars(select(Import).order_by(Import.at))]
    assert done == [True, False]
    assert session.scalars(select(FormerPlace.id).where(FormerPlace.team_id.is_(None))).all()
    left = session.execute(select(Person.id, Person.left_at).where(Person.left_at.is_not(None))).all()
    assert 4 <= len(left) <= 10
    for person_id, left_at in left:
        last = session.scalar(select(func.max(Attempt.started_at)).where(Attempt.person_id == person_id))
        assert last is None or last < left_at


@on_sqlite
def test_groups_of_ten_can_be_seen_and_smaller_ones_are_withheld(
    session: Session, library: Library, now: datetime
) -> None:
    demo.fill(session, library, now, password_of)
    bring_up_to_date(session, "ratings", library.modules, now=now)
    shown = local_picture(session, EVERYBODY, library.modules, year=None, today=day_of(now))
    seen = max((set(issue.cells) for issue in shown.issues.values()), key=len)
    assert {role for _, role in seen} == set(ROLES)
    assert 6 <= len(seen) < len(ROLES) * len(AGENCIES)


@on_sqlite
def test_filling_again_changes_nothing(session: Session, library: Library, now: datetime) -> None:
    shown = demo.fill(session, library, now, password_of)
    before = everything(session)
    assert demo.fill(session, library, now, password_of) == shown
    assert everything(session) == before


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


@on_sqlite
def test_real_people_are_left_alone(session: Session, library: Library, now: datetime, team: Team) -> None:
    before = everything(session)
    assert demo.fill(session, library, now, password_of) == []
    assert everything(session) == before

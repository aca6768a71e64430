"""Erasing what is kept of somebody: what they wrote, at once and by themselves; their account, on their request.

What stays of an account is what figures and the record of who did what are made of, without a name: see
course/decisions/0011.
"""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, undefer

from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.days import day_of, spoken
from course.learning.desk.lists.import_rows import columns_of
from course.learning.desk.people.joining_rules import Refused, keep_an_administrator, must_act_on
from course.learning.mine.data_requests import AlreadyAnswered, hold_open, put_answer
from course.learning.mine.erased import NOBODY, NOWHERE
from course.learning.people import new_session_key
from course.learning.tables import (
    Assignment,
    Attempt,
    CardAnswer,
    Certificate,
    CheckBegun,
    DataRequest,
    Import,
    Letter,
    Outgoing,
    Person,
    Reflection,
    Share,
    SixWeekCheck,
)

WRITTEN = (Share, Reflection)
ERASED = (Share, Reflection, SixWeekCheck, CheckBegun, CardAnswer, Certificate, Letter)
"""Tables of which no row of theirs stays."""


def erase_what_i_wrote(session: Session, person_id: str) -> None:
    """Delete every reflection of somebody and every link to one. What they completed stays completed. Commits."""
    with all_or_nothing(session):
        for table in WRITTEN:
            session.execute(delete(table).where(table.person_id == person_id))


def erase(session: Session, by: Person, request: DataRequest, *, now: datetime) -> None:
    """Do what a request to erase asks, and answer it. Commits.

    Raises AlreadyAnswered; and Refused where it is not for `by` to do: their own account, one with a wider access, or
    the last administrator’s. Then nothing is erased.
    """
    person = request.person
    if request.kind != "erase":
        raise AlreadyAnswered
    if person.id == by.id:
        raise Refused("You cannot erase your own account. Somebody else who answers requests has to decide on it.")
    with all_or_nothing(session):
        hold_open(session, request)
        must_act_on(by, person)
        # Whoever writes something of theirs at this moment is waited for; what comes later finds nobody (0005_mine).
        session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
        session.refresh(person)
        _take_out_of_lists(session, person.email)
        _delete_rows(session, person)
        with keep_an_administrator(session, person):
            _make_nobody(person, now)
        _let_go(session, by, person, now=now)
        session.refresh(request)
        put_answer(session, by, request, text=f"Erased on {spoken(day_of(now))}.", now=now)
        audit.keep(session, by, "erased", now=now, what="On their own request", about_id=person.id)


def _delete_rows(session: Session, person: Person) -> None:
    for table in ERASED:
        session.execute(delete(table).where(table.person_id == person.id))
    attempts = select(Attempt.id).where(Attempt.person_id == person.id)
    session.execute(delete(Outgoing).where(Outgoing.attempt_id.in_(attempts)))


def _make_nobody(person: Person, now: datetime) -> None:
    """Team, role and access stay: figures are by team and role, and by access is told whose deeds a lead may read."""
    person.name, person.email = NOBODY, f"erased-{person.id}{NOWHERE}"
    person.password_hash, person.session_key = "", new_session_key()
    person.left_at = person.left_at or now
    person.manager_id, person.wants_reminders, person.cards, person.to_say = None, False, "no", []


def _let_go(session: Session, by: Person, person: Person, *, now: datetime) -> None:
    """Nobody has them as manager, nothing is asked of them by name, and what they wrote to leads goes."""
    quiet = {"synchronize_session": False}
    session.execute(
        update(Person).where(Person.manager_id == person.id).values(manager_id=None), execution_options=quiet
    )
    by_name = (Assignment.person_id == person.id, Assignment.ended_at.is_(None))
    session.execute(update(Assignment).where(*by_name).values(ended_at=now, ended_by_id=by.id), execution_options=quiet)
    theirs = DataRequest.person_id == person.id
    session.execute(delete(DataRequest).where(theirs, DataRequest.answered_at.is_(None), DataRequest.kind == "correct"))
    session.execute(update(DataRequest).where(theirs).values(text="", answer=""), execution_options=quiet)


def _take_out_of_lists(session: Session, email: str) -> None:
    """The lines about them, out of every list of people that waits; in lines about others their address alone."""
    waiting = select(Import).where(Import.done_at.is_(None)).order_by(Import.id).options(undefer(Import.sheet))
    for kept in filter(lambda one: one.sheet, session.scalars(waiting)):
        place = columns_of(kept.sheet["headings"]).places["email"]
        lines = kept.sheet["rows"]
        others = [
            [number, ["" if _is_address(cell, email) else cell for cell in cells]]
            for number, cells in lines
            if not _is_address(cells[place], email)
        ]
        if others != lines:
            kept.sheet = {**kept.sheet, "rows": others}


def _is_address(cell: str, email: str) -> bool:
    return cell.strip().lower() == email

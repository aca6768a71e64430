"""Asking people to do modules: made, changed and ended, each in the audit, and never beyond the lead’s own scope.

A row never changes but for its end. Changing an assignment ends its row and adds another, so that what was asked on
any past day can still be read.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import false, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.assigning.asked import find, newest_of
from course.learning.desk.assigning.draft import draft
from course.learning.desk.assigning.wording import Wording, in_words
from course.learning.tables import Assignment, Person

_MAKING = 0x617369  # any number that is ours


class ChangedMeanwhile(Exception):
    """Somebody else has changed or ended it. `newest` is what it is now: its newest wording, or what was ended."""

    def __init__(self, newest: Assignment) -> None:
        self.newest = newest
        self.ended = newest.ended_at is not None
        self.by: Person = newest.ended_by or newest.made_by
        self.at: datetime = newest.ended_at or newest.made_at
        done = "ended" if self.ended else "changed"
        super().__init__(f"{self.by.name} {done} this assignment meanwhile.")


def assign(session: Session, by: Person, wording: Wording, *, course: Sequence[Module], now: datetime) -> Assignment:
    """Ask everybody who fits, now and later. Commits. Raises as `draft`."""
    with all_or_nothing(session):
        _wait_for_turn(session)
        row = draft(session, by, wording, course=course, now=now)
        session.add(row)
        audit.keep(session, by, "assigned", now=now, what=in_words(row, course), about_id=row.person_id)
    return row


def change(
    session: Session, by: Person, assignment_id: int, wording: Wording, *, course: Sequence[Module], now: datetime
) -> Assignment:
    """Put another wording in place of an assignment, counted from when it was first made. Commits.

    The same wording changes nothing. Raises as `draft`, and ChangedMeanwhile, with nothing kept, where the
    assignment is no longer the newest.
    """
    former = find(session, by, assignment_id)
    if former.ended_at:
        raise ChangedMeanwhile(newest_of(session, former))
    if Wording.of(former) == wording:
        return former
    row = draft(session, by, wording, course=course, now=now, former=former)
    row.replaces_id = former.id
    what = f"From: {in_words(former, course)}. To: {in_words(row, course)}"
    try:
        with all_or_nothing(session):
            _close(session, by, former, now=now)
            session.add(row)
            audit.keep(session, by, "reassigned", now=now, what=what, about_id=row.person_id)
    except (_Gone, IntegrityError):
        raise _changed(session, former) from None
    return row


def end(session: Session, by: Person, assignment_id: int, *, course: Sequence[Module], now: datetime) -> Assignment:
    """Ask nobody any longer; what was done stays. Commits. Raises NotYours, ChangedMeanwhile."""
    row = find(session, by, assignment_id)
    try:
        with all_or_nothing(session):
            _close(session, by, row, now=now)
            audit.keep(session, by, "ended", now=now, what=in_words(row, course), about_id=row.person_id)
    except _Gone:
        raise _changed(session, row) from None
    return row


def _wait_for_turn(session: Session) -> None:
    """From here to the commit nobody else makes an assignment: a form sent twice at once finds its equal."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_MAKING)))
    else:  # any write holds the whole database, also one of nothing
        nothing = update(Assignment).where(false()).values(ended_at=None)
        session.execute(nothing, execution_options={"synchronize_session": False})


class _Gone(Exception):
    """It was ended, or another wording put in its place, before this."""


def _close(session: Session, by: Person, row: Assignment, *, now: datetime) -> None:
    """End a row, once: of two who do so at the same moment the database lets one find it open."""
    still_open = (Assignment.id == row.id, Assignment.ended_at.is_(None))
    closed = update(Assignment).where(*still_open).values(ended_at=now, ended_by_id=by.id)
    if session.scalar(closed.returning(Assignment.id)) is None:
        raise _Gone


def _changed(session: Session, row: Assignment) -> ChangedMeanwhile:
    return ChangedMeanwhile(newest_of(session, row))

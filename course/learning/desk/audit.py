"""Who exported, imported, changed or looked, with when. The database refuses to change or delete a line of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, joinedload

from course.learning.columns import TEXT
from course.learning.scope import Scope, in_team
from course.learning.tables import Audit, Person, Team

ACTS: dict[str, str] = {
    "looked": "Looked at a record",
    "downloaded": "Downloaded",
    "imported": "Imported people",
    "joined": "Added a person",
    "changed": "Changed a person",
    "moved": "Moved a person",
    "left": "Closed a person’s account",
    "returned": "Opened a person’s account again",
    "gave-access": "Changed access",
    "invited": "Invited",
    "assigned": "Assigned",
    "reassigned": "Changed an assignment",
    "ended": "Ended an assignment",
    "reminded": "Sent reminders",
    "voided": "Switched on a change that voids completions",
    "noted": "Wrote beside an issue",
}
"""What may be in the audit, with its name on screen."""


def keep(session: Session, by: Person, act: str, *, now: datetime, what: str = "", about_id: str | None = None) -> None:
    """Add a line; whoever calls commits it together with what it is about. `what` holds nobody's answers."""
    if act not in ACTS:
        raise ValueError(f"{act!r} is no act of the audit: add it to ACTS")
    session.add(Audit(at=now, by_id=by.id, act=act, about_id=about_id, what=what[:TEXT]))


def about(session: Session, person_id: str, *, limit: int = 100, offset: int = 0) -> Sequence[Audit]:
    """Who looked at or changed this person, the newest first, with who it was. One query."""
    return _lines(session, Audit.about_id == person_id, limit=limit, offset=offset)


def newest(session: Session, scope: Scope, *, limit: int, offset: int = 0) -> Sequence[Audit]:
    """What people in scope did, the newest first, with who they are and whom it was about. One query."""
    in_scope = Audit.by.has(Person.team.has(in_team(scope.agency_id, scope.team_id)))
    everybody = scope.agency_id is None and scope.team_id is None
    return _lines(session, true() if everybody else in_scope, limit=limit, offset=offset)


def _lines(session: Session, condition: ColumnElement[bool], *, limit: int, offset: int) -> Sequence[Audit]:
    doer = joinedload(Audit.by, innerjoin=True).joinedload(Person.team, innerjoin=True)
    options = (doer.joinedload(Team.agency, innerjoin=True), joinedload(Audit.about))
    query = select(Audit).where(condition).options(*options).order_by(Audit.at.desc(), Audit.id.desc())
    return session.scalars(query.limit(limit).offset(offset)).all()

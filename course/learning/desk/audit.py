"""Who exported, imported, changed or looked, with when. The database refuses to change or delete a line of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from course.learning.columns import TEXT
from course.learning.tables import Audit, Person, Team

ACTS: dict[str, str] = {
    "looked": "Looked at a record",
    "downloaded": "Downloaded",
    "imported": "Imported people",
    "joined": "Added a person",
    "changed": "Changed a person",
    "readdressed": "Changed the address that somebody signs in with",
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
    "read-request": "Read a request about data",
    "answered": "Answered a request about data",
    "erased": "Erased somebody’s data",
}
"""What may be in the audit, with its name on screen."""


def keep(session: Session, by: Person, act: str, *, now: datetime, what: str = "", about_id: str | None = None) -> None:
    """Add a line; whoever calls commits it together with what it is about. `what` holds nobody's answers."""
    if act not in ACTS:
        raise ValueError(f"{act!r} is no act of the audit: add it to ACTS")
    session.add(Audit(at=now, by_id=by.id, act=act, about_id=about_id, what=what[:TEXT]))


def about(session: Session, person_id: str, *, limit: int = 100, offset: int = 0) -> Sequence[Audit]:
    """Who looked at or changed this person, the newest first, with who it was. One query."""
    doer = joinedload(Audit.by, innerjoin=True).joinedload(Person.team, innerjoin=True)
    options = (doer.joinedload(Team.agency, innerjoin=True), joinedload(Audit.about))
    query = select(Audit).where(Audit.about_id == person_id).options(*options)
    newest = (Audit.at.desc(), Audit.id.desc())
    return session.scalars(query.order_by(*newest).limit(limit).offset(offset)).all()

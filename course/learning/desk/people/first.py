"""The first administrator of a new course, whom nobody can invite."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.people import find_by_email, new_session_key, normal_email
from course.learning.tables import Agency, Person, Team


class AddressTaken(Exception):
    """Somebody has this address already; the message is one line and says what to do."""


def add_administrator(session: Session, *, name: str, email: str, agency: str, team: str, now: datetime) -> Person:
    """Add an administrator without a password, with their agency and team where these are new. Commits.

    Raises AddressTaken.
    """
    if find_by_email(session, email):
        raise AddressTaken(f"{email} has an account already. Give it another access in the web app.")
    with all_or_nothing(session):
        person = Person(
            name=name,
            email=normal_email(email),
            password_hash="",
            role="manager",
            access="administrator",
            team=_team(session, agency, team),
            session_key=new_session_key(),
            joined_at=now,
        )
        session.add(person)
        session.flush()
        audit.keep(
            session, person, "joined", now=now, what="Made administrator at the command line", about_id=person.id
        )
    return person


def _team(session: Session, agency: str, team: str) -> Team:
    found = session.scalar(select(Team).join(Agency).where(Agency.name == agency, Team.name == team))
    if found:
        return found
    here = session.scalar(select(Agency).where(Agency.name == agency))
    return Team(name=team, agency=here or Agency(name=agency))

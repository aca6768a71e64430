"""Who somebody is: signing in, passwords, and adding a person."""

import secrets

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError
from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from course.learning.database import all_or_nothing
from course.learning.tables import Person, Team

SHORTEST_PASSWORD = 12
"""Characters. No rule about kinds of characters, as NIST SP 800-63B and the NCSC advise."""

HASHER = PasswordHasher()
"""Argon2id with the library's parameters (RFC 9106's second choice); older hashes are renewed at sign-in."""


def sign_in(session: Session, email: str, password: str) -> Person | None:
    """The person with this address and password, or None.

    An unknown address costs as much work as a wrong password, so that time does not tell who is here. Nor does it
    tell of somebody who has left or has not chosen a password yet: neither can sign in.
    """
    person = find_by_email(session, email)
    if person is None or not person.password_hash or person.left_at is not None:
        HASHER.hash(password)
        return None
    if not _fits(person.password_hash, password):
        return None
    if HASHER.check_needs_rehash(person.password_hash):
        with all_or_nothing(session):
            person.password_hash = HASHER.hash(password)
    return person


def find_person(session: Session, person_id: str) -> Person | None:
    """The person with this id, with team and agency, in one query."""
    return _find(session, Person.id == person_id)


def find_by_email(session: Session, email: str) -> Person | None:
    """The person with this address, however it is written, with team and agency, in one query."""
    return _find(session, Person.email == normal_email(email))


def want_reminders(session: Session, person: Person, wants: bool) -> None:
    """Keep whether somebody wants reminders by e-mail. Commits."""
    with all_or_nothing(session):
        person.wants_reminders = wants


def end_sessions(session: Session, person: Person) -> None:
    """Sign somebody out wherever they are signed in. Commits."""
    with all_or_nothing(session):
        person.session_key = new_session_key()


def add_person(session: Session, *, name: str, email: str, password: str, role: str, access: str, team: Team) -> Person:
    """Add somebody. Raises ValueError for a short password, IntegrityError for an address that is taken."""
    person = Person(
        name=name,
        email=normal_email(email),
        password_hash=hash_password(password),
        role=role,
        access=access,
        team=team,
        session_key=new_session_key(),
    )
    with all_or_nothing(session):
        session.add(person)
    return person


def normal_email(email: str) -> str:
    """An address as it is kept and compared."""
    return email.strip().lower()


def hash_password(password: str) -> str:
    """The hash to keep. Raises ValueError, with a sentence for the person, for a password that is too short."""
    if len(password) < SHORTEST_PASSWORD:
        raise ValueError(f"The password must have at least {SHORTEST_PASSWORD} characters.")
    return HASHER.hash(password)


def new_session_key() -> str:
    """A random text that nobody can guess."""
    return secrets.token_urlsafe(24)


def _find(session: Session, condition: ColumnElement[bool]) -> Person | None:
    with_team = joinedload(Person.team, innerjoin=True).joinedload(Team.agency, innerjoin=True)
    return session.scalar(select(Person).where(condition).options(with_team))


def _fits(kept: str, password: str) -> bool:
    try:
        return HASHER.verify(kept, password)
    except (VerifyMismatchError, InvalidHashError):  # an unusable hash belongs to somebody who cannot sign in
        return False

"""Links by which somebody sets a password: an invitation for those who have none, or a new one.

A link holds a signed token that works once, since it is bound to the session key, which changes with the password.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from itsdangerous import BadSignature, Signer
from sqlalchemy import update
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.people import find_person, hash_password, new_session_key
from course.learning.tables import Person

VALID = {"invitation": timedelta(days=14), "password": timedelta(hours=1)}
"""How long a link works, by what it is for."""


@dataclass(frozen=True)
class Link:
    """A way to set a password, and until when it works."""

    address: str
    until: datetime


@dataclass(frozen=True)
class Links:
    """Makes links, and says whose they are. `secret` is the app’s; `address_of` makes a token an address."""

    secret: str
    address_of: Callable[[str], str]

    def to(self, person: Person, purpose: str, *, now: datetime) -> Link:
        """A link for this person; `purpose` is one of VALID."""
        until = now + VALID[purpose]
        token = self._signer(purpose).sign(f"{person.id}.{_mark(person)}.{int(until.timestamp())}").decode()
        return Link(self.address_of(token), until)

    def whose(self, session: Session, token: str, *, now: datetime) -> Person | None:
        """Whose password this token may set; None where it is made up, used, too old or of somebody who has left."""
        for purpose in VALID:
            try:
                person_id, mark, until = self._signer(purpose).unsign(token).decode().split(".")
            except BadSignature:  # or of the other purpose
                continue
            person = find_person(session, person_id)
            is_good = person and person.left_at is None and _mark(person) == mark and now.timestamp() < int(until)
            return person if is_good else None
        return None

    def _signer(self, purpose: str) -> Signer:
        return Signer(self.secret, salt=f"course password link: {purpose}", digest_method=sha256)


def _mark(person: Person) -> str:
    """What changes with the session key and does not tell it."""
    return sha256(person.session_key.encode()).hexdigest()[:20]


def set_first_or_new_password(session: Session, person: Person, password: str) -> bool:
    """Set the password that a link was for, and end every session; False if the link was used meanwhile. Commits.

    Raises ValueError, with a sentence, for a password that is too short.
    """
    values = {"password_hash": hash_password(password), "session_key": new_session_key()}
    unused = update(Person).where(Person.id == person.id, Person.session_key == person.session_key)
    with all_or_nothing(session):
        changed = session.scalars(unused.values(values).returning(Person.id)).all()
    session.refresh(person)
    return bool(changed)

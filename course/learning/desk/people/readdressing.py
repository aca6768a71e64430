"""What happens when a lead gives somebody who signs in another e-mail address, which could be a way into their account.

Whoever can read letters to an address can set a new password by it, and then read what its owner wrote for themselves.
So the old address is told, and for HELD no link for a password goes to the new one: the owner has the time to object.
Meanwhile they sign in with the new address and the password that they have.
"""

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.learning.desk.days import LONDON, day_of, spoken
from course.learning.desk.mail.mailbox import Mailbox
from course.learning.desk.mail.post import Draft, Posted, post
from course.learning.tables import Audit, Person

HELD = timedelta(hours=72)


def held_until(session: Session, person: Person, *, now: datetime) -> datetime | None:
    """Until when no link for a password goes to this person; None where one may. One query."""
    readdressed = select(func.max(Audit.at)).where(Audit.about_id == person.id, Audit.act == "readdressed")
    changed_at = session.scalar(readdressed)
    return changed_at + HELD if changed_at and now < changed_at + HELD else None


def tell_old_address(
    session: Session, by: Person, person: Person, *, old: str, mailbox: Mailbox, now: datetime
) -> Posted:
    """Write to the address that somebody had until now. Commits."""
    text = (
        f"Dear {person.name},\n\n"
        f"{by.name} ({by.email}) has changed the e-mail address with which you sign in to Learning into Practice. "
        f"It was {old} and is now {person.email}. Your password stays as it is.\n\n"
        f"If you know of this, do nothing. If not, answer this letter and tell your training lead before "
        f"{_moment(now + HELD)}: until then nobody can set a new password by way of the new address, and it can be "
        "changed back.\n"
    )
    subject = "Your e-mail address for Learning into Practice was changed"
    return post(session, mailbox, [Draft(person.id, person.name, old, "password", subject, text)], now=now)


def wait_for_it(person: Person, until: datetime) -> Draft:
    """The letter in place of a link for a password."""
    text = (
        f"Dear {person.name},\n\n"
        "somebody, most likely you, asked for a new password for Learning into Practice. This e-mail address was given "
        "to your account by a training lead a short while ago. For your protection a link for a new password can be "
        f"sent to it only from {_moment(until)} on: ask for it again then.\n\n"
        "Until then you sign in with this address and the password that you have.\n"
    )
    subject = "A new password for Learning into Practice has to wait"
    return Draft(person.id, person.name, person.email, "password", subject, text)


def _moment(at: datetime) -> str:
    return f"{at.astimezone(LONDON):%H:%M} on {spoken(day_of(at))}"

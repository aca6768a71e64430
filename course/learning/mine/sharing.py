"""Showing one entry of a journal to somebody by a link, and taking it back.

A link is an act of whoever wrote the entry. Its token is kept nowhere, only the mark of it, so that nobody who sees
the database can open an entry. It shows the entry as it was when it was shared, or nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import delete, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.desk.days import day_of, end_of
from course.learning.mine.reflections import Reflection, delete_reflection, kept_reflection, kept_reflections
from course.learning.tables import Person, Share

DAYS = (7, 14, 30)
"""How long a link may work."""


@dataclass(frozen=True)
class Shown:
    """What a link shows now, and who shows it until when."""

    share: Share
    person: Person
    entry: Reflection


def mark_of(token: str) -> str:
    """What is kept of a token."""
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def share(session: Session, entry: Reflection, token: str, *, days: int, now: datetime) -> Share:
    """Let whoever has `token` read this entry, until the end of the day that is `days` from now. Commits.

    The same token again changes nothing, and gives what was shared by it. Raises ValueError for other days than DAYS.
    """
    if days not in DAYS:
        raise ValueError(f"{days} days: one of {DAYS}")
    made = Share(
        mark=mark_of(token),
        person_id=entry.person_id,
        module_id=entry.module_id,
        entry_saved_at=entry.saved_at,
        made_at=now,
        ends_at=end_of(day_of(now + timedelta(days=days))),
    )
    try:
        with all_or_nothing(session):
            session.add(made)
    except IntegrityError:  # a button pressed twice
        return session.scalars(select(Share).where(Share.mark == made.mark, Share.person_id == entry.person_id)).one()
    return made


def shares_of(session: Session, person_id: str, module_id: str) -> Sequence[Share]:
    """Every link that this person made to their entry for this module, the newest first. One query."""
    mine = select(Share).where(Share.person_id == person_id, Share.module_id == module_id)
    return session.scalars(mine.order_by(Share.made_at.desc(), Share.mark)).all()


def works(share: Share, entry: Reflection | None, *, now: datetime) -> bool:
    """Whether a link shows `entry`, which is what is kept now: not taken back, not over, and not changed since."""
    is_open = share.taken_back_at is None and now < share.ends_at
    return is_open and entry is not None and entry.saved_at == share.entry_saved_at


def working(session: Session, person_id: str, *, now: datetime) -> int:
    """How many links of this person show something now. Two queries."""
    kept = {entry.module_id: entry for entry in kept_reflections(session, person_id)}
    made = session.scalars(select(Share).where(Share.person_id == person_id))
    return sum(works(share, kept.get(share.module_id), now=now) for share in made)


def stopped(session: Session, entry: Reflection, *, since: datetime, now: datetime) -> int:
    """How many links showed this entry as it was saved then, and stopped because it was changed. One query."""
    if entry.saved_at == since:
        return 0
    mine = (Share.person_id == entry.person_id, Share.module_id == entry.module_id, Share.entry_saved_at == since)
    is_open = (Share.taken_back_at.is_(None), Share.ends_at > now)
    return session.scalars(select(func.count()).select_from(Share).where(*mine, *is_open)).one()


def take_back(session: Session, person_id: str, mark: str, *, now: datetime) -> bool:
    """Let this person’s link of this mark show nothing from now on; False where they have none. Commits."""
    mine = (Share.mark == mark, Share.person_id == person_id)
    with all_or_nothing(session):
        session.execute(update(Share).where(*mine, Share.taken_back_at.is_(None)).values(taken_back_at=now))
        found = session.scalars(select(Share.mark).where(*mine)).all()
    return bool(found)


def shown_by(session: Session, token: str, *, now: datetime) -> Shown | None:
    """What a token shows; None where it shows nothing, whatever the reason. Two queries."""
    query = select(Share, Person).join(Person, Person.id == Share.person_id)
    found = session.execute(query.where(Share.mark == mark_of(token), Person.left_at.is_(None))).one_or_none()
    if found is None:
        return None
    entry = kept_reflection(session, found.Share.person_id, found.Share.module_id)
    if entry is None or not works(found.Share, entry, now=now):
        return None
    return Shown(found.Share, found.Person, entry)


def opened(session: Session, shown: Shown, *, now: datetime) -> None:
    """Count that somebody read what a link shows. Commits."""
    counted = update(Share).where(Share.mark == shown.share.mark).values(opened=Share.opened + 1, opened_at=now)
    with all_or_nothing(session):
        session.execute(counted)


def delete_entry(session: Session, person_id: str, module_id: str) -> None:
    """Delete what this person kept for this module, and their links to it. Commits."""
    with all_or_nothing(session):
        session.execute(delete(Share).where(Share.person_id == person_id, Share.module_id == module_id))
        delete_reflection(session, person_id, module_id)

"""Letters of the demonstration: those that the rules of reminders call for on some past days, and invitations."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk import audit
from course.learning.desk.days import day_of
from course.learning.desk.mail.post import Draft
from course.learning.desk.mail.reminder_words import Terms, draft_of
from course.learning.desk.mail.reminders import plan
from course.learning.desk.standing.board import Board
from course.learning.tables import Letter, Person

_FAILED = "550 5.1.1 No mailbox of this name"
_BOUNCED = "452 4.2.2 The mailbox is full"


def write_letters(session: Session, modules: Sequence[Module], *, now: datetime, chance: Random, by: Person) -> None:
    """Keep the letters as if a mail server had taken most: reminders by cron, some by `by`, and invitations."""
    board = Board(modules)
    for days, lead in ((16, None), (9, None), (2, by)):  # a week apart, since nobody gets two in one
        at = now - timedelta(days=days)
        picture = board.picture(session, now, as_at=day_of(at))
        for reminder in plan(session, picture, now=at, may_opt_out=True, by=lead).go:
            _keep(session, draft_of(reminder, Terms("")), at=at, chance=chance, by=lead)
        session.flush()
    _invite(session, now=now, chance=chance, by=by)


def _keep(session: Session, draft: Draft, *, at: datetime, chance: Random, by: Person | None) -> None:
    [state] = chance.choices(("sent", "failed", "bounced"), weights=(60, 1, 2))
    session.add(
        Letter(
            id=f"{chance.getrandbits(128):032x}",
            person_id=draft.person_id,
            kind=draft.kind,
            at=at,
            once=None if state == "failed" else draft.once,
            about=dict(draft.about),
            state=state,
            why={"failed": _FAILED, "bounced": _BOUNCED}.get(state),
        )
    )
    if by:
        what = f"By e-mail: {draft.subject}"
        audit.keep(session, by, "reminded", now=at, about_id=draft.person_id, what=what)


def _invite(session: Session, *, now: datetime, chance: Random, by: Person) -> None:
    """Half of those without a password were written to."""
    waiting = select(Person).where(Person.password_hash == "", Person.left_at.is_(None))
    for person in session.scalars(waiting.order_by(Person.joined_at, Person.id)).all()[::2]:
        at = person.joined_at + timedelta(hours=3)
        letter = Letter(person_id=person.id, kind="invitation", at=at, state="sent")
        letter.id = f"{chance.getrandbits(128):032x}"
        session.add(letter)
        if person.team.agency_id == by.team.agency_id:
            what = "By e-mail: Your account for Learning into Practice"
            audit.keep(session, by, "invited", now=at, about_id=person.id, what=what)

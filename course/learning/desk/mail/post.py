"""Letters by e-mail: each is kept before it is sent, so that none is sent twice, and with what came of it.

Whoever is killed between the two leaves a letter in the state `sending`: nobody knows whether it went, so it is
shown as that and never sent again by itself.
"""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.learning.columns import REASON
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.mail.mailbox import CannotConnect, Connection, Mailbox, Said, connect, one_line, write
from course.learning.mine.erased import NobodyNow
from course.learning.tables import Letter, Person

AT_ONCE = 10_000
"""Ids in a query: databases take no more than some tens of thousands."""
_ACTS = {"invitation": "invited", "reminder": "reminded"}


@dataclass(frozen=True)
class Draft:
    """A letter that is to go to somebody."""

    person_id: str
    name: str
    email: str
    kind: str
    """One of tables.LETTERS."""
    subject: str
    text: str
    once: str | None = None
    """What may happen only once; see Letter. It is given back where the letter surely did not go and may go later."""
    about: Mapping[str, Any] = field(default_factory=dict)
    unsubscribe: str = ""
    """The address of a page where such letters can be switched off, if they can be."""


@dataclass
class Posted:
    """What became of letters."""

    sent: int = 0
    failed: list[tuple[Draft, str]] = field(default_factory=list)
    """Those that did not go, or may not have, each with why."""
    skipped: int = 0
    """Those that somebody else has sent meanwhile, or that are to somebody whose data was erased meanwhile."""
    left: int = 0
    """Those that were not tried."""
    stopped: str = ""
    """Why some were not tried: in a sentence for whoever sends them."""

    def __add__(self, other: "Posted") -> "Posted":
        return Posted(
            self.sent + other.sent,
            [*self.failed, *other.failed],
            self.skipped + other.skipped,
            self.left + other.left,
            self.stopped or other.stopped,
        )


def post(
    session: Session,
    mailbox: Mailbox,
    drafts: Sequence[Draft],
    *,
    now: datetime,
    by: Person | None = None,
    seconds: float | None = None,
) -> Posted:
    """Send letters over one connection, and keep each with what came of it. Commits after each.

    A recipient who is refused does not stop the others; a lost connection does. `by` is the lead who sends them, for
    the audit. After `seconds` those that are left stay for another time.
    """
    posted = Posted()
    if not drafts:
        return posted
    end = None if seconds is None else time.monotonic() + seconds
    by_id = by.id if by else None
    try:
        with connect(mailbox) as connection:
            for number, draft in enumerate(drafts):
                if end is not None and time.monotonic() > end:
                    posted.stopped = "Sending took long, so the others wait until you send again."
                if posted.stopped:
                    posted.left = len(drafts) - number
                    break
                _post_one(session, mailbox, connection, draft, posted=posted, now=now, by_id=by_id)
    except CannotConnect as stop:
        posted.stopped, posted.left = str(stop), len(drafts)
    return posted


def _post_one(
    session: Session,
    mailbox: Mailbox,
    connection: Connection,
    draft: Draft,
    *,
    posted: Posted,
    now: datetime,
    by_id: str | None,
) -> None:
    letter = _keep(session, draft, now=now, by_id=by_id)
    if letter is None:
        posted.skipped += 1
        return
    said = _hand_over(mailbox, connection, draft, letter.id)
    why = one_line(said.why)[:REASON] or None
    kept = update(Letter).where(Letter.id == letter.id)  # which is gone where they were erased meanwhile
    with all_or_nothing(session):
        session.execute(kept.values(state=said.state, why=why, **{"once": None} if said.may_again else {}))
    if said.state == "sent":
        posted.sent += 1
    else:
        posted.failed.append((draft, why or ""))
    if said.is_over:
        posted.stopped = f"The mail server takes no more letters, so the others were not sent: {why}"


def _keep(session: Session, draft: Draft, *, now: datetime, by_id: str | None) -> Letter | None:
    """The row of a letter that is about to go, committed; None where its `once` is taken or who it is to was erased."""
    letter = Letter(
        id=uuid4().hex, person_id=draft.person_id, kind=draft.kind, at=now, once=draft.once, about=dict(draft.about)
    )
    try:
        with all_or_nothing(session):
            session.add(letter)
            session.flush()
            if by_id is not None and (by := session.get(Person, by_id)):
                act, what = _ACTS[draft.kind], f"By e-mail: {draft.subject}"
                audit.keep(session, by, act, now=now, about_id=draft.person_id, what=what)
    except (IntegrityError, NobodyNow):
        return None
    return letter


def _hand_over(mailbox: Mailbox, connection: Connection, draft: Draft, letter_id: str) -> Said:
    try:
        message = write(
            mailbox,
            letter_id=letter_id,
            name=draft.name,
            email=draft.email,
            subject=draft.subject,
            text=draft.text,
            unsubscribe=draft.unsubscribe,
        )
    except ValueError as error:
        return Said("failed", str(error))
    return connection.hand_over(message, draft.email)


def newest_letters(session: Session, person_ids: Iterable[str], *, kind: str) -> dict[str, Letter]:
    """Person id to the newest letter of a kind to them, for those who had one. A query for each AT_ONCE people."""
    ids = list(person_ids)
    found: dict[str, Letter] = {}
    for start in range(0, len(ids), AT_ONCE):
        query = select(Letter).where(Letter.person_id.in_(ids[start : start + AT_ONCE]), Letter.kind == kind)
        found |= {letter.person_id: letter for letter in session.scalars(query.order_by(Letter.at, Letter.id))}
    return found


def state_in_words(letter: Letter) -> str:
    """What came of a letter, for a lead."""
    match letter.state:
        case "sent":
            return "Sent"
        case "failed":
            return f"Failed: {letter.why or 'the mail server gave no reason'}"
        case "bounced":
            return f"Bounced: {letter.why or 'without a reason'}"
        case _:
            return "Not known whether it went"

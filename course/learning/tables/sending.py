"""What leaves the app: XapiStatements for an LRS, packages for an LMS, and letters by e-mail."""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from course.learning.columns import ID, NAME, REASON, SHA256, STATEMENT_ID, WORD, Base, one_of
from course.learning.tables.people import Person

LETTERS: dict[str, str] = {
    "invitation": "Invitation",
    "password": "New password",
    "reminder": "Reminder",
    "check": "Check at six weeks",
    "card": "Decision card",
    "talks": "Talks to confirm",
}
STATES: dict[str, str] = {"sending": "Being sent", "sent": "Sent", "failed": "Failed", "bounced": "Bounced"}


class Outgoing(Base):
    """An XapiStatement on its way to an LRS: waiting while `due_at` is set, then delivered or parked."""

    __tablename__ = "outbox"
    __table_args__ = (Index(None, "attempt_id", "number"),)

    statement_id: Mapped[str] = mapped_column(String(STATEMENT_ID), primary_key=True)
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"))
    number: Mapped[int]
    """The event of the attempt that it was made from."""
    verb: Mapped[str] = mapped_column(String(WORD))
    body: Mapped[dict[str, Any]]
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    """When it is sent next. Whoever sends it moves this forward first, so nobody else does meanwhile."""
    tries: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None]
    refused_why: Mapped[str | None] = mapped_column(String(REASON))
    """The LRS's own words, where it refused this one for good."""


class Export(Base):
    """That somebody had packages made: what of, and what came of it. Enough to make the same bytes again."""

    __tablename__ = "exports"
    __table_args__ = (Index(None, "at", "id"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True, default=lambda: uuid4().hex)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    standard: Mapped[str] = mapped_column(String(WORD))
    preset: Mapped[str] = mapped_column(String(WORD))
    """Whose import guide goes with it."""
    options: Mapped[list[str]]
    """The names of scorm_export.options that were on."""
    modules: Mapped[dict[str, Any]]
    """Module id to the content version at the time."""
    partnership: Mapped[str] = mapped_column(String(NAME))
    overlay: Mapped[str] = mapped_column(deferred=True)
    """The local overlay as YAML, kept so that any worker can make the packages again. Empty: none."""
    overlay_sha256: Mapped[str] = mapped_column(String(SHA256))
    files: Mapped[dict[str, Any]] = mapped_column(default=dict)
    """File name to its `size` in bytes, its `sha256` and the ids of its `modules`. Empty until they are built."""
    person: Mapped[Person] = relationship()


class Letter(Base):
    """An e-mail to somebody: kept before it is sent, so that none is sent twice, and with what came of it."""

    __tablename__ = "letters"
    __table_args__ = (
        one_of("kind", LETTERS),
        one_of("state", STATES),
        Index(None, "person_id", "at"),
        Index(None, "at", "id"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True, default=lambda: uuid4().hex)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[str] = mapped_column(String(WORD))
    at: Mapped[datetime]
    once: Mapped[str | None] = mapped_column(String(NAME), unique=True)
    """What may happen only once, as a reminder to a person on a day: whoever keeps it second is refused."""
    about: Mapped[dict[str, Any]] = mapped_column(default=dict)
    state: Mapped[str] = mapped_column(String(WORD), default="sending")
    why: Mapped[str | None] = mapped_column(String(REASON))
    """The mail server's own words, where it failed or bounced."""
    person: Mapped[Person] = relationship()

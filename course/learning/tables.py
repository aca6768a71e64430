"""The tables. Times are aware and UTC; attempts, events and completions are only ever added to.

The migrations make the database; nothing else may (a test holds the two equal). They also make the triggers
by which the database itself refuses to change or delete an event or a completion.
"""

from datetime import datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from course.catalogue.model import ROLES
from course.learning.columns import Base, one_of

ACCESS: dict[str, str] = {
    "learner": "Learner",
    "team-lead": "Training lead for a team",
    "agency-lead": "Training lead for an agency",
    "partnership-lead": "Training lead for the partnership",
    "administrator": "Administrator",
}
"""What somebody may see beyond their own learning, with its name on screen. The rule: reports.scope_of."""

NAME, EMAIL, ID, WORD, SECRET, STATEMENT_ID, REASON, SHA256 = 200, 254, 32, 60, 200, 36, 500, 64
"""Most characters. EMAIL is RFC 5321's limit on an address; WORD that of an id in course.story.model."""


class Agency(Base):
    """An organisation of the partnership."""

    __tablename__ = "agencies"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(NAME), unique=True)


class Team(Base):
    """Where in an agency somebody works."""

    __tablename__ = "teams"
    __table_args__ = (UniqueConstraint("agency_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    agency_id: Mapped[int] = mapped_column(ForeignKey("agencies.id"))
    name: Mapped[str] = mapped_column(String(NAME))
    agency: Mapped[Agency] = relationship()


class Person(Base):
    """Somebody who signs in."""

    __tablename__ = "people"
    __table_args__ = (
        one_of("role", ROLES),
        one_of("access", ACCESS),
        CheckConstraint("email = lower(email)", name="email"),
        Index(None, "name", "id"),
    )

    id: Mapped[str] = mapped_column(String(ID), primary_key=True, default=lambda: uuid4().hex)
    name: Mapped[str] = mapped_column(String(NAME))
    email: Mapped[str] = mapped_column(String(EMAIL), unique=True)
    password_hash: Mapped[str] = mapped_column(String(SECRET))
    role: Mapped[str] = mapped_column(String(WORD))
    access: Mapped[str] = mapped_column(String(WORD))
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    session_key: Mapped[str] = mapped_column(String(SECRET))
    """Random; a session that holds another one is over. It changes with the password."""
    team: Mapped[Team] = relationship()


class Attempt(Base):
    """One way through a module. A refresher is the next attempt; the highest number is the newest."""

    __tablename__ = "attempts"
    __table_args__ = (UniqueConstraint("person_id", "module_id", "number"), Index(None, "module_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(WORD))
    number: Mapped[int]
    """0 for the first. Unique, so that two tabs that both start a module cannot start two attempts."""
    version: Mapped[str] = mapped_column(String(WORD))
    """The content version that the attempt started on."""
    started_at: Mapped[datetime]


class StoredEvent(Base):
    """What a learner did. `kind` and `body` together are one event of course.catalogue.events."""

    __tablename__ = "events"

    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """0 for the first of its attempt, then without a gap."""
    kind: Mapped[str] = mapped_column(String(WORD))
    body: Mapped[dict[str, Any]]
    at: Mapped[datetime]


class Completion(Base):
    """That an attempt completed its module. Kept for ever, with the content version it was made on."""

    __tablename__ = "completions"
    __table_args__ = (Index(None, "person_id", "module_id", "completed_at"), Index(None, "module_id", "person_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(WORD))
    attempt_id: Mapped[int] = mapped_column(ForeignKey("attempts.id"), unique=True)
    version: Mapped[str] = mapped_column(String(WORD))
    completed_at: Mapped[datetime]


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


class Reflection(Base):
    """What a learner wrote for themselves. Only reflections.py may read it, and only for them."""

    __tablename__ = "reflections"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(WORD), primary_key=True)
    answers: Mapped[list[str]]
    commitment: Mapped[str]
    by_when: Mapped[str]
    who_notices: Mapped[str]
    saved_at: Mapped[datetime]

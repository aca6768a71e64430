"""What people did in the modules: attempts, events and completions are only ever added to."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from course.learning.columns import WORD, Base


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


class Reflection(Base):
    """What a learner wrote for themselves. Only reflections.py may read it, and only for them."""

    __tablename__ = "reflections"

    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(WORD), primary_key=True)
    answers: Mapped[list[str]]
    commitment: Mapped[str]
    due_on: Mapped[date | None]
    who_notices: Mapped[str]
    saved_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    """When they ticked their commitment off."""

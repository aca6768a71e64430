"""What the training lead's desk keeps: assignments, imports, notes, gathered figures, and who did or saw what."""

from datetime import date, datetime
from typing import Any
from uuid import uuid4

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from course.catalogue.model import ROLES
from course.learning.columns import ID, NAME, SHA256, TEXT, WORD, Base, one_of
from course.learning.tables.people import Agency, Person, Team


class Assignment(Base):
    """Modules that people are asked to do: everybody who fits, now and later. Nothing chosen means everybody.

    A row is never changed but for its end: a new wording of it is a row of its own with `replaces`, so that what was
    asked on any past day can be read.
    """

    __tablename__ = "assignments"
    __table_args__ = (one_of("role", ROLES), UniqueConstraint("replaces_id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    module_ids: Mapped[list[str]]
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    role: Mapped[str | None] = mapped_column(String(WORD))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    due_on: Mapped[date | None]
    within_days: Mapped[int | None]
    """Days from when somebody comes within its reach; at the earliest from `counts_from`."""
    refresh_months: Mapped[int | None]
    """Months that a completion lasts. None: for good."""
    counts_from: Mapped[datetime]
    """When it was first made; a new wording keeps it."""
    made_at: Mapped[datetime]
    made_by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    ended_at: Mapped[datetime | None]
    ended_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("assignments.id"))
    agency: Mapped[Agency | None] = relationship()
    team: Mapped[Team | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    made_by: Mapped[Person] = relationship(foreign_keys=[made_by_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])


class VoidInForce(Base):
    """That a line of a module's currency ledger which voids earlier completions was switched on."""

    __tablename__ = "voids_in_force"

    module_id: Mapped[str] = mapped_column(String(WORD), primary_key=True)
    version: Mapped[str] = mapped_column(String(WORD), primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    by: Mapped[Person] = relationship()


class Changed(Base):
    """Who was touched by a change since any moment: the database's own triggers keep it, so nobody can forget to.

    `number` only grows; the newest change of a person has their highest. A person_id of "" stands for everybody.
    """

    __tablename__ = "changed"

    person_id: Mapped[str] = mapped_column(String(ID), primary_key=True)
    number: Mapped[int] = mapped_column(index=True)


class Import(Base):
    """A list of people as it was uploaded, between its dry run and the decision on it."""

    __tablename__ = "imports"
    __table_args__ = (Index(None, "at", "id"),)

    id: Mapped[str] = mapped_column(String(ID), primary_key=True, default=lambda: uuid4().hex)
    by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    file: Mapped[str] = mapped_column(String(NAME))
    sha256: Mapped[str] = mapped_column(String(SHA256))
    sheet: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    """The rows as read. Emptied once the import is done."""
    done_at: Mapped[datetime | None]
    counts: Mapped[dict[str, Any]] = mapped_column(default=dict)
    by: Mapped[Person] = relationship()


class Note(Base):
    """What a lead wrote beside one of the fourteen issues: a note, or an action with its owner and date."""

    __tablename__ = "notes"
    __table_args__ = (Index(None, "module_id", "at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    module_id: Mapped[str] = mapped_column(String(WORD))
    agency_id: Mapped[int | None] = mapped_column(ForeignKey("agencies.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    """The scope of whoever wrote it; whoever may see all of that may see the note."""
    by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    text: Mapped[str] = mapped_column(String(TEXT))
    owner: Mapped[str] = mapped_column(String(NAME), default="")
    due_on: Mapped[date | None]
    done_at: Mapped[datetime | None]
    by: Mapped[Person] = relationship()


class Gathering(Base):
    """Figures about many people that were gathered once for a day or a month: no person is in them."""

    __tablename__ = "gatherings"

    kind: Mapped[str] = mapped_column(String(WORD), primary_key=True)
    module_id: Mapped[str] = mapped_column(String(WORD), primary_key=True)
    """Of figures that are not of one module, whose they are (six_weeks_by_scope.py)."""
    up_to: Mapped[datetime]
    """Answers before this moment are in it."""
    body: Mapped[dict[str, Any]]


class Audit(Base):
    """Who exported, imported, changed or looked, with when. Kept for ever; whom it is about can see it."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "about_id", "at"), Index(None, "at", "id"))

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    by_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    act: Mapped[str] = mapped_column(String(WORD))
    about_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    what: Mapped[str] = mapped_column(String(TEXT), default="")
    """In a sentence, without anybody's answers."""
    by: Mapped[Person] = relationship(foreign_keys=[by_id])
    about: Mapped[Person | None] = relationship(foreign_keys=[about_id])

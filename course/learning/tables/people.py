"""Agencies, teams and the people in them, with where they worked before."""

from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from course.catalogue.model import ROLES
from course.learning.columns import EMAIL, ID, NAME, SECRET, WORD, Base, one_of

ACCESS: dict[str, str] = {
    "learner": "Learner",
    "team-lead": "Training lead for a team",
    "agency-lead": "Training lead for an agency",
    "partnership-lead": "Training lead for the partnership",
    "administrator": "Administrator",
}
"""What somebody may see beyond their own learning, with its name on screen. The rule: reports.scope_of."""

CARDS: dict[str, str] = {"no": "No cards", "home": "On my home page", "email": "By e-mail, and on my home page"}
"""How somebody wants decision cards, with its words on screen."""


def _now() -> datetime:
    return datetime.now(UTC)


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
        one_of("cards", CARDS),
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
    joined_at: Mapped[datetime] = mapped_column(default=_now)
    """When they came to the partnership, or as early as its records go."""
    left_at: Mapped[datetime | None]
    """Since when they have left, which ends their sign-in and their reminders. Their record stays."""
    manager_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    """Who is reminded with them."""
    wants_reminders: Mapped[bool] = mapped_column(default=True)
    cards: Mapped[str] = mapped_column(String(WORD), default="no")
    to_say: Mapped[list[str]] = mapped_column(default=list)
    """What their lead left open and they are asked at their first sign-in: “role”, “agency” or both.

    “agency” asks for agency and team of whoever is in the agency called “Not said yet”, and of anybody else only for
    their team (course.learning.desk.people.not_said).
    """
    agency_since: Mapped[datetime | None]
    """Since when their agency is known, of whoever came without one: figures count earlier answers for no agency."""
    team: Mapped[Team] = relationship()


class FormerPlace(Base):
    """Where somebody was until a moment. Where they are now stands in Person; together that is their whole history."""

    __tablename__ = "former_places"
    __table_args__ = (one_of("role", ROLES), Index(None, "person_id", "until"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    """None: they had left, and came back at `until`."""
    role: Mapped[str] = mapped_column(String(WORD))
    until: Mapped[datetime]

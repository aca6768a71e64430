"""What follows from a module for who did it: shared entries, checks at six weeks, cards, certificates, requests.

None of it is compliance. What somebody answered on a card or in a check is theirs, as their reflection is.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from course.learning.columns import SHA256, TEXT, WORD, Base, one_of
from course.learning.tables.learning import Completion
from course.learning.tables.people import Person

REQUESTS: dict[str, str] = {"correct": "Correct my data", "erase": "Erase my data"}


class Share(Base):
    """A link by which somebody shows one entry of their journal. It shows the entry as it was when it was shared."""

    __tablename__ = "shares"
    __table_args__ = (Index(None, "person_id", "module_id"),)

    mark: Mapped[str] = mapped_column(String(SHA256), primary_key=True)
    """SHA-256 of the link’s token; the token itself is kept nowhere."""
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    module_id: Mapped[str] = mapped_column(String(WORD))
    entry_saved_at: Mapped[datetime]
    """When the entry was saved that is shared. Once it is saved anew the link shows nothing."""
    made_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    taken_back_at: Mapped[datetime | None]
    opened: Mapped[int] = mapped_column(default=0)
    opened_at: Mapped[datetime | None]


class SixWeekCheck(Base):
    """The check six weeks after a completion: the fork, three questions, and whether it was talked over."""

    __tablename__ = "six_week_checks"
    __table_args__ = (Index(None, "person_id"),)

    completion_id: Mapped[int] = mapped_column(ForeignKey("completions.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    choice: Mapped[str] = mapped_column(String(WORD))
    did: Mapped[str] = mapped_column(String(WORD))
    came_up: Mapped[str] = mapped_column(String(WORD))
    in_the_way: Mapped[str] = mapped_column(String(WORD))
    at: Mapped[datetime]
    discussed_at: Mapped[datetime | None]
    """When they said last that they had talked it over with their manager."""
    not_yet_at: Mapped[datetime | None]
    """When their manager answered that they have not talked yet; None again once they say it anew."""
    confirmed_at: Mapped[datetime | None]
    confirmed_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    completion: Mapped[Completion] = relationship()


class CheckBegun(Base):
    """What somebody chose in a check whose questions they have not answered yet. It goes when the check is kept."""

    __tablename__ = "checks_begun"
    __table_args__ = (Index(None, "person_id"),)

    completion_id: Mapped[int] = mapped_column(ForeignKey("completions.id"), primary_key=True, autoincrement=False)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    choice: Mapped[str] = mapped_column(String(WORD))
    at: Mapped[datetime]


class CardAnswer(Base):
    """What somebody chose on a decision card that came after a completion."""

    __tablename__ = "card_answers"
    __table_args__ = (Index(None, "person_id"),)

    completion_id: Mapped[int] = mapped_column(ForeignKey("completions.id"), primary_key=True, autoincrement=False)
    card_id: Mapped[str] = mapped_column(String(WORD), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    choice: Mapped[str] = mapped_column(String(WORD))
    at: Mapped[datetime]


class Certificate(Base):
    """What a certificate says, kept as it was made, under the code by which anybody who holds it can check it."""

    __tablename__ = "certificates"
    __table_args__ = (Index(None, "person_id"),)

    code: Mapped[str] = mapped_column(String(WORD), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"))
    completion_id: Mapped[int | None] = mapped_column(ForeignKey("completions.id"), unique=True)
    """None: of the whole course."""
    body: Mapped[dict[str, Any]]
    made_at: Mapped[datetime]


class DataRequest(Base):
    """That somebody asks to have what is kept of them corrected or erased, and what became of it."""

    __tablename__ = "data_requests"
    __table_args__ = (one_of("kind", REQUESTS), Index(None, "at"))

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("people.id"), index=True)
    kind: Mapped[str] = mapped_column(String(WORD))
    text: Mapped[str] = mapped_column(String(TEXT))
    at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
    answered_by_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    answer: Mapped[str] = mapped_column(String(TEXT), default="")
    person: Mapped[Person] = relationship(foreign_keys=[person_id])
    answered_by: Mapped[Person | None] = relationship(foreign_keys=[answered_by_id])

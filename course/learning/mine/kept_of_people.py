"""A kind of thing that is kept of people, and how its rows are found for one of them.

A kind has every column of its table, so that a column that is added later is in it too; what is not shown is named in
LEFT_OUT, with why.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from course.learning.columns import Base
from course.learning.tables import Person

LEFT_OUT: dict[str, str] = {
    "people.password_hash": "The password itself is kept nowhere, and what it is checked against would help a thief.",
    "people.session_key": "Whoever has it could take over a session.",
    "people.manager_id": "Your manager is named. Whom somebody else names as their manager is about them.",
    "people.team_id": "The team is named.",
    "former_places.team_id": "The team is named.",
    "shares.mark": "It belongs to a link that opens what you wrote.",
    "imports.sheet": "The rows of a list are about other people, and are kept until it is brought in.",
    "exports.overlay": "It is the partnership’s own text, about nobody.",
    "exports.files": "They are about the packages, and long.",
    "notes.owner": "It may name somebody else.",
    "assignments.agency_id": "Whom it asks is said in words.",
    "assignments.team_id": "Whom it asks is said in words.",
    "assignments.person_id": "Whom it asks is said in words.",
    "assignments.replaces_id": "It is a number of another row.",
    "audit.about_id": "It may be somebody else.",
    "changed.person_id": "A counter by which pages know that a record is newer. It says nothing about you.",
}
"""Columns, as table.column, that are not in what somebody sees of themselves, each with why."""


@dataclass(frozen=True)
class Kind:
    """A kind of thing that is kept of people, under the key that it has in the file."""

    key: str
    table: type[Base]
    whose: tuple[InstrumentedAttribute[Any], ...]
    """The columns of any table by which a row is somebody’s; any one of them will do."""
    newest: tuple[InstrumentedAttribute[Any], ...]
    """Columns to sort by, the last first."""
    only: frozenset[str] = frozenset()
    """Columns that are shown where the row is about somebody else too. Empty: all."""
    also: Mapping[str, SQLColumnExpression[Any]] | None = None
    """What is added in place of numbers of other rows."""
    joins: Callable[[Select[Any]], Select[Any]] = lambda query: query
    fits: Callable[[Person], ColumnElement[bool]] | None = None
    """Which rows, where `whose` alone does not tell."""

    def query(self, person: Person) -> Select[Any]:
        """Its rows for this person, the newest first."""
        query = self.joins(select(*self._columns()).select_from(self.table)).where(self._is_theirs(person))
        return query.order_by(*(column.desc() for column in self.newest))

    def count(self, person: Person) -> ColumnElement[int]:
        """How many rows it has for this person."""
        query = self.joins(select(func.count()).select_from(self.table)).where(self._is_theirs(person))
        return query.scalar_subquery()

    def _is_theirs(self, person: Person) -> ColumnElement[bool]:
        return self.fits(person) if self.fits else or_(*(column == person.id for column in self.whose))

    def _columns(self) -> Iterator[SQLColumnExpression[Any]]:
        own = {column.key for column in self.whose}
        for column in self.table.__table__.columns:
            is_shown = not self.only or column.key in self.only
            is_person = any(key.column.table is Person.__table__ for key in column.foreign_keys)
            if is_shown and not is_person and column.key not in own - {"id"} and str(column) not in LEFT_OUT:
                yield getattr(self.table, column.key)
        yield from (expression.label(key) for key, expression in (self.also or {}).items())

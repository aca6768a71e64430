"""The people that a list of people is compared with: those there are, read a few thousand at a time."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from course.learning.scope import Scope, in_team, may_give
from course.learning.tables import Agency, Person, Team

AT_A_TIME = 5_000
"""Values in one query: SQLite takes 32,766, PostgreSQL 65,535."""

Extent = Literal["some", "teams", "agencies"]
"""Whom a list is of: only some people, or everybody in the teams or in the agencies that it names."""


class Known(NamedTuple):
    """Somebody who is there."""

    id: str
    email: str
    name: str
    role: str
    access: str
    team_id: int
    left_at: datetime | None
    manager_id: str | None
    joined_at: datetime
    to_say: list[str]


class Missing(NamedTuple):
    """Somebody who is not in a list although it is of everybody where they work."""

    id: str
    name: str
    email: str
    agency: str
    team: str
    may_close: bool
    """Whether whoever brings the list in may close their account."""


class Named(NamedTuple):
    """The teams or agencies that a list names, as a column of Team or of Agency with the ids."""

    column: InstrumentedAttribute[int]
    ids: Sequence[int]


def known_by_email(session: Session, emails: Iterable[str]) -> dict[str, Known]:
    """Those of these addresses who are there, wherever they work. A query for each AT_A_TIME."""
    return {known.email: known for known in _known(session, Person.email, emails)}


def known_by_id(session: Session, ids: Iterable[str]) -> dict[str, Known]:
    """Person id to who they are. A query for each AT_A_TIME."""
    return {known.id: known for known in _known(session, Person.id, ids)}


def without_password(session: Session, ids: Iterable[str]) -> Iterator[str]:
    """Those of these people who have not chosen a password yet. A query for each AT_A_TIME."""
    ordered = sorted(ids)
    for first in range(0, len(ordered), AT_A_TIME):
        chosen = Person.id.in_(ordered[first : first + AT_A_TIME])
        yield from session.scalars(select(Person.id).where(chosen, Person.password_hash == "").order_by(Person.id))


def _known(session: Session, column: InstrumentedAttribute[str], values: Iterable[str]) -> Iterator[Known]:
    columns = [getattr(Person, name) for name in Known._fields]
    ordered = sorted(set(values))
    for first in range(0, len(ordered), AT_A_TIME):
        query = select(*columns).where(column.in_(ordered[first : first + AT_A_TIME]))
        yield from map(Known._make, session.execute(query))


def missing(session: Session, by: Person, scope: Scope, *, where: Named, emails: frozenset[str]) -> list[Missing]:
    """The people in scope who work there, have not left and are not among `emails`; by place, then name.

    A query for each AT_A_TIME places.
    """
    column, ids = where
    found = []
    for first in range(0, len(ids), AT_A_TIME):
        query = (
            select(Person.id, Person.name, Person.email, Agency.name, Team.name, Person.access)
            .join(Team, Team.id == Person.team_id)
            .join(Agency, Agency.id == Team.agency_id)
            .where(in_team(scope.agency_id, scope.team_id), column.in_(ids[first : first + AT_A_TIME]))
            .where(Person.left_at.is_(None))
        )
        for id_, name, email, agency, team, access in session.execute(query):
            if email not in emails:
                found.append(Missing(id_, name, email, agency, team, may_give(by, access) and id_ != by.id))
    return sorted(found, key=lambda m: (m.agency, m.team, m.name, m.id))

"""What a training lead sees: who is where in which module, never outside the lead's own scope.

Attempts and completions are read here. What learners write for themselves is not (see reflections.py).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import CTE, ColumnElement, ScalarSelect, func, literal, select, true, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from course.learning.scope import AgencyOption, Scope, TeamOption, agencies_in, in_team, scope_of
from course.learning.tables import Agency, Attempt, Completion, Person, Team

__all__ = [
    "AgencyOption",
    "Counts",
    "Row",
    "Scope",
    "Status",
    "TeamOption",
    "agencies_in",
    "count_by_module",
    "people_by_module",
    "scope_of",
]

Status = Literal["not started", "in progress", "complete"]


@dataclass(frozen=True)
class Row:
    """One person and one module."""

    person_id: str
    name: str
    email: str
    agency: str
    team: str
    role: str
    module_id: str
    status: Status
    on: datetime | None
    """UTC: when they first completed the module, else when they first started it, else None."""


@dataclass(frozen=True)
class Counts:
    """People in scope for one module; those neither complete nor in progress have not started it."""

    people: int
    in_progress: int
    complete: int


def people_by_module(
    session: Session,
    scope: Scope,
    *,
    module_ids: Sequence[str],
    agency_id: int | None = None,
    team_id: int | None = None,
    limit: int | None = None,
    offset: int = 0,
) -> list[Row]:
    """A row for each person and module: by name, then person id, then the order of `module_ids`. One query.

    A filter outside the scope gives no rows. Somebody who has completed a module once stays complete while a later
    attempt is in progress.
    """
    if not module_ids:
        return []
    asked = _asked(module_ids)
    completed_at = _first(Completion.completed_at, asked)
    started_at = _first(Attempt.started_at, asked)
    query = (
        select(Person.id, Person.name, Person.email, Agency.name, Team.name, Person.role, asked.c.module_id)
        .add_columns(completed_at, started_at)
        .select_from(Person)
        .join(Team, Team.id == Person.team_id)
        .join(Agency, Agency.id == Team.agency_id)
        .join(asked, true())
        .where(_seen(scope, agency_id, team_id))
        .order_by(Person.name, Person.id, asked.c.position)
        .limit(limit)
        .offset(offset)
    )
    return [_row(values) for values in session.execute(query)]


def count_by_module(
    session: Session,
    scope: Scope,
    *,
    module_ids: Sequence[str],
    agency_id: int | None = None,
    team_id: int | None = None,
) -> dict[str, Counts]:
    """Module id to how many people are where, in the order of `module_ids`. One query; scope as in the rows."""
    if not module_ids:
        return {}
    asked = _asked(module_ids)
    seen = _seen(scope, agency_id, team_id)
    people = select(func.count(Person.id)).join(Team, Team.id == Person.team_id).where(seen).scalar_subquery()
    complete = _people_in(Completion, asked, seen=seen)
    begun = _people_in(Attempt, asked, seen=seen)
    query = select(asked.c.module_id, people, complete, begun).order_by(asked.c.position)
    return {
        module_id: Counts(people=everybody, in_progress=started - done, complete=done)
        for module_id, everybody, done, started in session.execute(query)
    }


def _asked(module_ids: Sequence[str]) -> CTE:
    """The modules asked for, as rows with their position."""
    rows = [
        select(literal(id_).label("module_id"), literal(position).label("position"))
        for position, id_ in enumerate(module_ids)
    ]
    return union_all(*rows).cte("asked")


def _seen(scope: Scope, agency_id: int | None, team_id: int | None) -> ColumnElement[bool]:
    """In scope, and what the filters choose: both, so that a filter can only narrow."""
    return in_team(scope.agency_id, scope.team_id) & in_team(agency_id, team_id)


def _first(at: InstrumentedAttribute[datetime], asked: CTE) -> ScalarSelect[datetime]:
    """The earliest `at` of the person and module of the row around it, by the index on both."""
    table = at.class_
    same = (table.person_id == Person.id, table.module_id == asked.c.module_id)
    return select(func.min(at)).where(*same).correlate(Person, asked).scalar_subquery()


def _people_in(table: type[Attempt | Completion], asked: CTE, *, seen: ColumnElement[bool]) -> ScalarSelect[int]:
    """How many of the people seen have a row in `table` for the module of the row around it."""
    counted = select(func.count(table.person_id.distinct())).join(Person, Person.id == table.person_id)
    same = counted.join(Team, Team.id == Person.team_id).where(seen, table.module_id == asked.c.module_id)
    return same.correlate(asked).scalar_subquery()


def _row(values: Sequence[Any]) -> Row:
    *about, completed_at, started_at = values
    status = "complete" if completed_at else "in progress" if started_at else "not started"
    return Row(*[*about, status, completed_at or started_at])

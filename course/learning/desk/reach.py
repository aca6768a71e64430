"""How many people an assignment asks as things are now. Those who have left are asked for nothing."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, Select, and_, func, select
from sqlalchemy.orm import Session

from course.learning.desk.wording import Wording
from course.learning.scope import Scope, in_team, may_see
from course.learning.tables import Assignment, Completion, Person, Team


class _Place(NamedTuple):
    """Where people work in which role, and how many they are."""

    agency_id: int
    team_id: int
    role: str
    people: int

    def fits(self, asks: Assignment) -> bool:
        wanted = (asks.agency_id, asks.team_id, asks.role)
        return all(want in (None, here) for want, here in zip(wanted, self, strict=False))


def reach(session: Session, asks: Assignment | Wording) -> int:
    """How many people fit now. One COUNT."""
    return session.scalar(_count().where(_fits(asks))) or 0


def have_completed(session: Session, asks: Assignment | Wording) -> int:
    """How many of the people who fit now have completed each of its modules, whenever that was. One query."""
    modules = set(asks.module_ids)
    done = (
        select(Completion.person_id)
        .where(Completion.module_id.in_(modules))
        .group_by(Completion.person_id)
        .having(func.count(Completion.module_id.distinct()) == len(modules))
    )
    return session.scalar(_count().where(_fits(asks), Person.id.in_(done))) or 0


def reaches(session: Session, scope: Scope, assignments: Sequence[Assignment]) -> dict[int, int]:
    """Assignment id to how many people in scope fit now, in order. One query however many assignments there are."""
    query = (
        select(Team.agency_id, Team.id, Person.role, func.count())
        .join(Person, Person.team_id == Team.id)
        .where(in_team(scope.agency_id, scope.team_id), Person.left_at.is_(None))
        .group_by(Team.agency_id, Team.id, Person.role)
        .order_by(Team.agency_id, Team.id, Person.role)
    )
    places = [_Place(*row) for row in session.execute(query)]
    return {asks.id: _reach_in(places, scope, asks) for asks in assignments}


def _reach_in(places: Iterable[_Place], scope: Scope, asks: Assignment) -> int:
    if asks.person:
        return int(asks.person.left_at is None and may_see(scope, asks.person))
    return sum(place.people for place in places if place.fits(asks))


def _count() -> Select[int]:
    return select(func.count()).select_from(Person).join(Team, Team.id == Person.team_id)


def _fits(asks: Assignment | Wording) -> ColumnElement[bool]:
    """The condition on a person with their team. Each thing that is given must fit."""
    conditions = [Person.left_at.is_(None), in_team(asks.agency_id, asks.team_id)]
    conditions += [] if asks.role is None else [Person.role == asks.role]
    conditions += [] if asks.person_id is None else [Person.id == asks.person_id]
    return and_(*conditions)

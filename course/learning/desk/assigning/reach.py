"""How many people an assignment asks as things are now. Those who have left are asked for nothing."""

from collections import Counter
from collections.abc import Sequence
from itertools import product

from sqlalchemy import ColumnElement, Select, and_, exists, func, select
from sqlalchemy.orm import Session

from course.learning.desk.assigning.wording import Wording
from course.learning.scope import Scope, in_team, may_see
from course.learning.tables import Assignment, Completion, Person, Team

_Group = tuple[int | None, int | None, str | None]
"""Agency, team and role; None for any."""


def reach(session: Session, asks: Assignment | Wording) -> int:
    """How many people fit now. One COUNT."""
    return session.scalar(_count().where(_fits(asks))) or 0


def have_completed(session: Session, asks: Assignment | Wording) -> int:
    """How many of the people who fit now have completed each of its modules, whenever that was. One query."""
    done = [
        exists().where(Completion.person_id == Person.id, Completion.module_id == module_id)
        for module_id in asks.module_ids
    ]
    return session.scalar(_count().where(_fits(asks), *done)) or 0


def reaches(session: Session, scope: Scope, assignments: Sequence[Assignment]) -> dict[int, int]:
    """Assignment id to how many people in scope fit now, in order. One query however many assignments there are."""
    in_scope = select(Team.id).where(in_team(scope.agency_id, scope.team_id))
    counted = select(Person.team_id, Person.role, func.count().label("people")).where(Person.left_at.is_(None))
    if scope.agency_id is not None:
        counted = counted.where(Person.team_id.in_(in_scope))
    # Counted before the teams are joined: of a hundred thousand people that takes far less time.
    people = counted.group_by(Person.team_id, Person.role).subquery()
    query = (
        select(Team.agency_id, Team.id, people.c.role, people.c.people)
        .join(people, people.c.team_id == Team.id)
        .order_by(Team.agency_id, Team.id, people.c.role)
    )
    counts = Counter[_Group]()
    for agency_id, team_id, role, number in session.execute(query):
        counts.update(dict.fromkeys(product((agency_id, None), (team_id, None), (role, None)), number))
    return {asks.id: _reach_in(counts, scope, asks) for asks in assignments}


def _reach_in(counts: Counter[_Group], scope: Scope, asks: Assignment) -> int:
    if asks.person:
        return int(asks.person.left_at is None and may_see(scope, asks.person))
    return counts[asks.agency_id, asks.team_id, asks.role]


def _count() -> Select[int]:
    return select(func.count()).select_from(Person).join(Team, Team.id == Person.team_id)


def _fits(asks: Assignment | Wording) -> ColumnElement[bool]:
    """The condition on a person with their team. Each thing that is given must fit."""
    conditions = [Person.left_at.is_(None), in_team(asks.agency_id, asks.team_id)]
    conditions += [] if asks.role is None else [Person.role == asks.role]
    conditions += [] if asks.person_id is None else [Person.id == asks.person_id]
    return and_(*conditions)

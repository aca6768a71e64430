"""The history of one person: what they completed, and where they worked when."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from course.learning.scope import Scope, in_team
from course.learning.tables import Completion, FormerPlace, Person, Team


class Stay(NamedTuple):
    """Somebody in a team. `until` is None where they still are."""

    team: str
    """Agency and team, or that they had left."""
    role: str
    since: datetime
    until: datetime | None


def find_in(session: Session, scope: Scope, person_id: str) -> Person | None:
    """The person with this id, if they are in scope, with team and agency; those who have left too. One query."""
    with_team = joinedload(Person.team, innerjoin=True).joinedload(Team.agency, innerjoin=True)
    in_scope = Person.team.has(in_team(scope.agency_id, scope.team_id))
    return session.scalar(select(Person).where(Person.id == person_id, in_scope).options(with_team))


def left_in(session: Session, scope: Scope, *, limit: int, offset: int = 0) -> Sequence[Person]:
    """People in scope who have left, the latest first, with team and agency. One query."""
    with_team = joinedload(Person.team, innerjoin=True).joinedload(Team.agency, innerjoin=True)
    query = select(Person).join(Team, Team.id == Person.team_id).options(with_team)
    left = query.where(Person.left_at.is_not(None), in_team(scope.agency_id, scope.team_id))
    return session.scalars(left.order_by(Person.left_at.desc(), Person.id).limit(limit).offset(offset)).all()


def completions_of(session: Session, person_id: str) -> Sequence[Completion]:
    """Every completion of somebody, the newest first."""
    query = select(Completion).where(Completion.person_id == person_id)
    return session.scalars(query.order_by(Completion.completed_at.desc(), Completion.id.desc())).all()


def places_of(session: Session, person: Person) -> list[Stay]:
    """Where somebody worked, the newest first; `person` with team and agency. One query."""
    query = (
        select(FormerPlace, Team)
        .join(Team, Team.id == FormerPlace.team_id, isouter=True)
        .where(FormerPlace.person_id == person.id)
        .options(joinedload(Team.agency))
        .order_by(FormerPlace.until, FormerPlace.id)
    )
    stays, since = [], person.joined_at
    for former, team in session.execute(query):
        stays.append(Stay(_name(team), former.role, since, former.until))
        since = former.until
    stays.append(Stay(_name(person.team), person.role, since, person.left_at))
    return stays[::-1]


def _name(team: Team | None) -> str:
    return f"{team.agency.name}: {team.name}" if team else "Had left"

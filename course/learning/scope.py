"""Whose records a training lead may see, and the agencies and teams to filter them by."""

from dataclasses import dataclass
from itertools import groupby

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session

from course.learning.tables import ACCESS, Agency, Person, Team


@dataclass(frozen=True)
class Scope:
    """One team's records, one agency's, or everybody's where both are None. No defaults: everybody is asked for."""

    agency_id: int | None
    team_id: int | None


@dataclass(frozen=True)
class TeamOption:
    """A team to filter by."""

    id: int
    name: str


@dataclass(frozen=True)
class AgencyOption:
    """An agency to filter by, with those of its teams that are in scope."""

    id: int
    name: str
    teams: tuple[TeamOption, ...]


def scope_of(person: Person) -> Scope | None:
    """Whose records this person may see; None for a learner, who sees no lead page."""
    match person.access:
        case "team-lead":
            return Scope(agency_id=person.team.agency_id, team_id=person.team_id)
        case "agency-lead":
            return Scope(agency_id=person.team.agency_id, team_id=None)
        case "partnership-lead" | "administrator":
            return Scope(agency_id=None, team_id=None)
        case _:
            return None


def may_give(by: Person, access: str) -> bool:
    """Whether this access is no wider than that of `by`, who may then give it or take it away."""
    widths = list(ACCESS)
    return widths.index(access) <= widths.index(by.access)


def may_see(scope: Scope, person: Person) -> bool:
    """Whether a person’s record is in a scope."""
    in_agency = scope.agency_id in (None, person.team.agency_id)
    return in_agency and scope.team_id in (None, person.team_id)


def may_act_on(by: Person, person: Person) -> bool:
    """Whether `by` may do what could be a way into this person’s account: in scope, with access no wider than theirs.

    Without the second a lead could make an administrator’s invitation and so become one.
    """
    scope = scope_of(by)
    return scope is not None and may_see(scope, person) and may_give(by, person.access)


def agencies_in(session: Session, scope: Scope) -> list[AgencyOption]:
    """The agencies that have teams in scope, with those teams, by name. One query."""
    query = (
        select(Agency.id, Agency.name, Team.id, Team.name)
        .join(Team, Team.agency_id == Agency.id)
        .where(in_team(scope.agency_id, scope.team_id))
        .order_by(Agency.name, Agency.id, Team.name, Team.id)
    )
    found = groupby(session.execute(query).all(), key=lambda row: (row[0], row[1]))
    return [AgencyOption(id_, name, tuple(TeamOption(row[2], row[3]) for row in rows)) for (id_, name), rows in found]


def in_team(agency_id: int | None, team_id: int | None) -> ColumnElement[bool]:
    """The SQL condition that a row of teams is of this agency and is this team; None asks for nothing."""
    conditions = [] if agency_id is None else [Team.agency_id == agency_id]
    conditions += [] if team_id is None else [Team.id == team_id]
    return and_(true(), *conditions)

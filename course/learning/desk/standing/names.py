"""What agencies and teams are called."""

from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.tables import Agency, Team


class TeamName(NamedTuple):
    """A team and its agency."""

    name: str
    agency_id: int


class Names(NamedTuple):
    """Agencies and teams by id, in the order of their names."""

    agencies: dict[int, str]
    teams: dict[int, TeamName]

    def of(self, agency_id: int | None, team_id: int | None) -> tuple[str, str]:
        """The names of an agency and one of its teams; empty where there is none."""
        team = self.teams.get(team_id or 0)
        return self.agencies.get(agency_id or 0, ""), team.name if team else ""


def read_names(session: Session) -> Names:
    """All of them. Two queries."""
    agencies = session.execute(select(Agency.id, Agency.name).order_by(Agency.name, Agency.id))
    teams = session.execute(
        select(Team.id, Team.name, Team.agency_id)
        .join(Agency, Agency.id == Team.agency_id)
        .order_by(Agency.name, Team.name, Team.id)
    )
    return Names(
        {id_: name for id_, name in agencies}, {id_: TeamName(name, agency_id) for id_, name, agency_id in teams}
    )

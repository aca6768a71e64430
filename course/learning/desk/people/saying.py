"""Somebody says at their first sign-in what their lead left open: their role, their agency and team, or some of it."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from course.catalogue.model import ROLES
from course.learning.desk import audit
from course.learning.desk.people.joining import kept, settle
from course.learning.desk.people.joining_rules import Wrong, lock
from course.learning.desk.people.not_said import is_not_said, lacks_place, role_is_open
from course.learning.scope import AgencyOption, Scope, TeamOption, agencies_in
from course.learning.tables import Person, Team

NOT_LISTED = "not-listed"
"""In place of a team: theirs is not among those that there are, so it stays open."""


def places_to_say(session: Session, person: Person) -> list[AgencyOption]:
    """The agencies with the teams that somebody may say that they work in. One query.

    Where their agency is known, only that one. None for whoever would choose by it whose records they see.
    """
    team = person.team
    if lacks_place(person.access, agency=team.agency.name, team=team.name):
        return []
    within = Scope(None if is_not_said(team.agency.name) else team.agency_id, None)
    found = []
    for agency in agencies_in(session, within):
        teams = tuple(TeamOption(one.id, one.name) for one in agency.teams if not is_not_said(one.name))
        if teams and not is_not_said(agency.name):
            found.append(AgencyOption(agency.id, agency.name, teams))
    return found


def say(session: Session, person: Person, *, role: str, team: str, now: datetime) -> None:
    """Keep what somebody says of what is open still; what a lead has set meanwhile stays as it is.

    `team` is the id of one of places_to_say, or NOT_LISTED. Raises Wrong for what is open and not said; then nothing
    is kept.
    """
    with kept(session):
        lock(session, person.id)
        session.refresh(person)
        errors: dict[str, list[str]] = {}
        says_role = role_is_open(person)
        if says_role and role not in ROLES:
            errors["role"] = ["Choose your role."]
        place = person.team
        if "agency" in person.to_say and team != NOT_LISTED:
            found = _team(session, places_to_say(session, person), team)
            if found is None:
                errors["team"] = ["Choose your team, or the last line if it is not in the list."]
            place = found or place
        if errors:
            raise Wrong(errors)
        if says_role or place.id != person.team_id:
            what = settle(session, person, team=place, role=role if says_role else None, now=now)
            audit.keep(session, person, "moved", now=now, what=f"Said at first sign-in: {what}", about_id=person.id)


def _team(session: Session, places: Sequence[AgencyOption], written: str) -> Team | None:
    ids = {str(team.id): team.id for agency in places for team in agency.teams}
    return session.get(Team, ids[written]) if written in ids else None

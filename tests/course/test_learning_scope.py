"""Whose records a lead may see, and what they may choose from."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.learning.desk.standing.board import Board
from course.learning.desk.standing.matrix import Wanted, rows_of
from course.learning.scope import Scope, agencies_in, scope_of
from course.learning.tables import ACCESS, Agency, Person, Team

EVERYBODY = Scope(agency_id=None, team_id=None)
TEAMS = {"Health": ("Midwives", "Nurses"), "Police": ("Response", "Triage")}
SEEN = {
    "learner": None,
    "team-lead": {"Nurses"},
    "agency-lead": {"Midwives", "Nurses"},
    "partnership-lead": {"Midwives", "Nurses", "Response", "Triage"},
    "administrator": {"Midwives", "Nurses", "Response", "Triage"},
}
"""Access of somebody among the nurses to the teams that they see."""


@pytest.fixture
def now() -> datetime:
    return datetime.now(UTC) + timedelta(minutes=1)


@pytest.fixture
def board(library: Library) -> Board:
    return Board(library.modules)


@pytest.fixture
def teams(session: Session) -> dict[str, Team]:
    """Two agencies of two teams of two people."""
    made = {}
    for agency in (Agency(name=name) for name in TEAMS):
        for name in TEAMS[agency.name]:
            made[name] = Team(name=name, agency=agency)
            session.add_all(somebody(f"{name} {n}", made[name]) for n in "ab")
    session.commit()
    return made


def somebody(name: str, team: Team, *, access: str = "learner") -> Person:
    email = f"{name.lower().replace(' ', '.')}@example.org"
    words = {"password_hash": "!", "session_key": "k", "role": "practitioner", "access": access}
    return Person(name=name, email=email, team=team, **words)


def test_every_access_has_a_row_here() -> None:
    assert set(SEEN) == set(ACCESS)


@pytest.mark.parametrize("access", SEEN)
def test_nobody_sees_outside_their_scope(
    session: Session, teams: dict[str, Team], access: str, board: Board, now: datetime
) -> None:
    lead = somebody("Nurses Lead", teams["Nurses"], access=access)
    session.add(lead)
    session.commit()
    scope, seen = scope_of(lead), SEEN[access]
    if seen is None:
        assert scope is None
        return
    assert scope is not None
    offered = {(agency.name, team.name) for agency in agencies_in(session, scope) for team in agency.teams}
    assert offered == {(agency, team) for agency, names in TEAMS.items() for team in names if team in seen}

    picture = board.picture(session, now)
    for agency_id in [None, *{team.agency_id for team in teams.values()}, 9999]:
        for team_id in [None, *(team.id for team in teams.values()), 9999]:
            wanted = {
                team.id: 2 + (name == "Nurses")
                for name, team in teams.items()
                if name in seen and agency_id in (None, team.agency_id) and team_id in (None, team.id)
            }
            rows = rows_of(picture, scope, Wanted(agency_id=agency_id, team_id=team_id))
            assert Counter(picture.team[rows].tolist()) == wanted


def test_agencies_and_teams_come_by_name(session: Session, teams: dict[str, Team]) -> None:
    found = agencies_in(session, EVERYBODY)
    assert [(agency.name, tuple(team.name for team in agency.teams)) for agency in found] == list(TEAMS.items())
    assert [agency.id for agency in found] == [teams["Nurses"].agency_id, teams["Triage"].agency_id]

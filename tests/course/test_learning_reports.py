"""What a lead sees: exactly the people in scope, with the status that their events give."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.learning import demo
from course.learning.attempts import completed, progress_in, progress_in_all, record
from course.learning.reports import (
    Counts,
    Row,
    Scope,
    agencies_in,
    count_by_module,
    people_by_module,
    scope_of,
)
from course.learning.tables import ACCESS, Agency, Attempt, Person, Team

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
def test_nobody_sees_outside_their_scope(session: Session, teams: dict[str, Team], access: str) -> None:
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

    agencies = [None, *{team.agency_id for team in teams.values()}, 9999]
    for agency_id in agencies:
        for team_id in [None, *(team.id for team in teams.values()), 9999]:
            wanted = {
                name
                for name, team in teams.items()
                if name in seen and agency_id in (None, team.agency_id) and team_id in (None, team.id)
            }
            chosen = {"module_ids": ["module-three"], "agency_id": agency_id, "team_id": team_id}
            rows = people_by_module(session, scope, **chosen)
            people = sum(2 + (name == "Nurses") for name in wanted)
            assert {row.team for row in rows} == wanted
            assert len(rows) == people
            assert count_by_module(session, scope, **chosen)["module-three"].people == people


def test_agencies_and_teams_come_by_name(session: Session, teams: dict[str, Team]) -> None:
    found = agencies_in(session, EVERYBODY)
    assert [(agency.name, tuple(team.name for team in agency.teams)) for agency in found] == list(TEAMS.items())
    assert [agency.id for agency in found] == [teams["Nurses"].agency_id, teams["Triage"].agency_id]


def test_rows_come_in_order_and_in_pages(session: Session, teams: dict[str, Team], statements_of: Callable) -> None:
    session.add(somebody("Aa", teams["Triage"]))
    twin = somebody("Aa", teams["Triage"])
    twin.email = "twin@example.org"
    session.add(twin)
    session.commit()
    chosen = {"module_ids": ["module-thirteen", "module-three", "module-one"]}
    with statements_of() as sent:
        rows = people_by_module(session, EVERYBODY, **chosen)
    assert len(sent) == 1
    assert len(rows) == 10 * 3
    ranks = [(row.name, row.person_id, chosen["module_ids"].index(row.module_id)) for row in rows]
    assert ranks == sorted(ranks)
    pages = [people_by_module(session, EVERYBODY, **chosen, limit=7, offset=n) for n in range(0, 35, 7)]
    assert [row for page in pages for row in page] == rows
    assert people_by_module(session, EVERYBODY, **chosen, offset=28) == rows[28:]
    assert people_by_module(session, EVERYBODY, module_ids=[]) == []
    assert count_by_module(session, EVERYBODY, module_ids=[]) == {}


def test_a_row_says_who_where_and_since_when(
    session: Session, person: Person, library: Library, way_through: Callable, learn: Callable, now: datetime
) -> None:
    first, second = library.modules
    learn(person, first, way_through(first))
    learn(person, second, way_through(second)[:2])
    who = (person.id, "Ada Bell", "ada@example.org", "Health", "Health visiting", "practitioner")
    assert people_by_module(session, EVERYBODY, module_ids=[first.id, second.id, "module-nine"]) == [
        Row(*who, first.id, "complete", now),
        Row(*who, second.id, "in progress", now),
        Row(*who, "module-nine", "not started", None),
    ]


def test_who_has_completed_stays_complete_during_a_refresher(
    session: Session, person: Person, module: Module, whole_way: list[Event], learn: Callable, now: datetime
) -> None:
    learn(person, module, whole_way)
    later = now + timedelta(days=365)
    session.add(Attempt(person_id=person.id, module_id=module.id, number=1, version="2.0", started_at=later))
    session.commit()
    for refreshed in (whole_way[:-1], whole_way):
        progress = progress_in(session, person.id, module)
        for done in refreshed[progress.events :]:
            progress = record(session, person.id, progress, done, later)
        [row] = people_by_module(session, EVERYBODY, module_ids=[module.id])
        assert (row.status, row.on) == ("complete", now)
        assert count_by_module(session, EVERYBODY, module_ids=[module.id]) == {module.id: Counts(1, 0, 1)}


def test_rows_and_counts_agree_with_the_events(
    session: Session, library: Library, now: datetime, statements_of: Callable
) -> None:
    demo.fill(session, library, now, lambda email: "a long enough password")
    ids = [module.id for module in library.modules]
    rows = people_by_module(session, EVERYBODY, module_ids=ids)
    for person_id in {row.person_id for row in rows}:
        progress, done = progress_in_all(session, person_id, library.modules), completed(session, person_id)
        for row in (row for row in rows if row.person_id == person_id):
            here = progress[row.module_id]
            told = "complete" if here.complete else "in progress" if here.events else "not started"
            assert row.status == told
            assert (row.on is None) == (told == "not started")
            assert done.get(row.module_id) == (row.on if told == "complete" else None)
    with statements_of() as sent:
        counts = count_by_module(session, EVERYBODY, module_ids=ids)
    assert len(sent) == 1
    assert list(counts) == ids
    for id_, found in counts.items():
        of_module = [row.status for row in rows if row.module_id == id_]
        assert found == Counts(len(of_module), of_module.count("in progress"), of_module.count("complete"))
        assert min(found.in_progress, found.complete) > 0

"""Who did what, on both databases: the lines of a scope, and a file of them while something else is committed."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.deeds import ELSEWHERE, Sought, deeds_in, every_deed
from course.learning.scope import Scope
from course.learning.tables import Agency, FormerPlace, Person, Team

NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)
EVERYBODY = Scope(agency_id=None, team_id=None)


@pytest.fixture
def people(session: Session, team: Team) -> dict[str, Person]:
    """Two of one team, a lead for the partnership in it, and one of another agency who was in the team before."""
    other = Team(name="Neighbourhood", agency=Agency(name="Police"))
    found = {}
    for name, access, place in (
        ("Ada", "team-lead", team),
        ("Ben", "learner", team),
        ("Pam", "partnership-lead", team),
        ("Dee", "team-lead", other),
    ):
        about = {"role": "manager", "password_hash": "", "session_key": "", "joined_at": NOW - timedelta(days=99)}
        found[name] = Person(name=name, email=f"{name.lower()}@example.org", access=access, team=place, **about)
    session.add_all(found.values())
    session.flush()
    session.add(FormerPlace(person_id=found["Dee"].id, team_id=team.id, role="manager", until=NOW))
    session.commit()
    return found


@pytest.fixture
def keep(session: Session, people: dict[str, Person]) -> Callable[..., None]:
    def keep(who: str, about: str, *, days: int) -> None:
        with all_or_nothing(session):
            at = NOW + timedelta(days=days)
            audit.keep(session, people[who], "looked", now=at, what=f"day {days}", about_id=people[about].id)

    return keep


def test_a_scope_has_its_own_lines_and_hides_who_is_elsewhere(
    session: Session, people: dict[str, Person], team: Team, keep: Callable[..., None]
) -> None:
    keep("Ada", "Ben", days=1)
    keep("Ada", "Dee", days=2)
    keep("Pam", "Ben", days=3)
    keep("Dee", "Ben", days=-5)
    keep("Dee", "Dee", days=5)
    here = Scope(agency_id=team.agency_id, team_id=team.id)
    found = deeds_in(session, here, Sought(), limit=9)
    assert [(deed.by[:3], deed.about, deed.what) for deed in found] == [
        ("Ada", ELSEWHERE, ""),
        ("Ada", "Ben (ben@example.org)", "day 1"),
    ]
    police = Scope(agency_id=people["Dee"].team.agency_id, team_id=None)
    assert [deed.what for deed in deeds_in(session, police, Sought(), limit=9)] == ["day 5"]
    assert [deed.what for deed in deeds_in(session, EVERYBODY, Sought("looked"), limit=2, offset=1)] == [
        "day 3",
        "day 2",
    ]
    assert not deeds_in(session, EVERYBODY, Sought("voided"), limit=9)


def test_what_somebody_did_with_another_access_is_not_for_a_narrow_lead(
    session: Session, people: dict[str, Person], team: Team, keep: Callable[..., None]
) -> None:
    keep("Pam", "Ben", days=1)
    keep("Pam", "Ben", days=3)
    people["Pam"].access = "team-lead"
    down = {"now": NOW + timedelta(days=2), "what": "Training lead for the partnership → Training lead for a team"}
    audit.keep(session, people["Pam"], "gave-access", about_id=people["Pam"].id, **down)
    session.commit()
    here = Scope(agency_id=team.agency_id, team_id=team.id)
    assert [deed.what for deed in deeds_in(session, here, Sought("looked"), limit=9)] == ["day 3"]
    assert [deed.what for deed in deeds_in(session, EVERYBODY, Sought("looked"), limit=9)] == ["day 3", "day 1"]


def test_all_of_it_is_what_it_was_when_it_was_asked_for(session: Session, keep: Callable[..., None]) -> None:
    keep("Ada", "Ben", days=1)
    keep("Ada", "Ben", days=2)
    found = every_deed(session, EVERYBODY, Sought())
    keep("Ada", "Ben", days=3)
    assert [deed.what for deed in found] == ["day 2", "day 1"]

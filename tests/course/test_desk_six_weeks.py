"""What is kept of the checks after six weeks: a row for each scope, of enough people, worked out once for a month."""

import json
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.learning.desk.figures import six_weeks_kept
from course.learning.desk.figures.six_weeks_kept import SixWeeks, bring_six_weeks_up_to_date, six_weeks
from course.learning.scope import Scope
from course.learning.tables import Agency, Attempt, Completion, FormerPlace, Gathering, Person, Team

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DONE = datetime(2026, 9, 10, 9, tzinfo=UTC)
"""When everybody completed a module: the check came due on 22 October."""
SIZES = {("Health", "A"): 12, ("Health", "B"): 11, ("Health", "C"): 3, ("Police", "D"): 10, ("Police", "E"): 9}


@pytest.fixture
def teams(session: Session) -> dict[str, Team]:
    """Teams by name, with people who all completed the first module."""
    agencies = {name: Agency(name=name) for name, _ in SIZES}
    teams = {name: Team(name=name, agency=agencies[agency]) for agency, name in SIZES}
    words = {"password_hash": "!", "session_key": "", "role": "practitioner", "access": "learner"}
    people = [
        Person(name=f"Person {name}{n}", email=f"{name}{n}@example.org".lower(), team=teams[name], **words)
        for (_, name), size in SIZES.items()
        for n in range(size)
    ]
    for person in people:
        person.joined_at = DONE
    session.add_all(people)
    session.flush()
    attempts = [Attempt(person_id=one.id, **_WHAT, number=0, started_at=DONE) for one in people]
    session.add_all(attempts)
    session.flush()
    session.add_all(
        Completion(person_id=one.person_id, **_WHAT, attempt_id=one.id, completed_at=DONE) for one in attempts
    )
    session.commit()
    return teams


_WHAT = {"module_id": "module-three", "version": "1.0"}


def look(session: Session, library: Library, team: Team | None = None, *, now: datetime = NOW) -> SixWeeks:
    scope = Scope(team.agency_id, team.id) if team else Scope(None, None)
    return six_weeks(session, scope, library.modules, now=now)


def kept(session: Session) -> dict[str, datetime]:
    rows = session.execute(select(Gathering.module_id, Gathering.up_to).where(Gathering.kind == "six-weeks"))
    return {id_: up_to for id_, up_to in rows.all()}


def test_each_scope_has_a_row_of_its_own_unless_it_is_of_fewer_than_ten(
    session: Session, library: Library, teams: dict[str, Team]
) -> None:
    bring_six_weeks_up_to_date(session, library.modules, now=NOW)
    health, police = teams["A"].agency_id, teams["D"].agency_id
    shown = {f"team {teams[name].id}" for name in "ABD"}
    assert kept(session).keys() == {"", f"agency {health}", f"agency {police}"} | shown
    seen = look(session, library)
    assert {id_: counts.due for id_, counts in seen.agencies.shown.items()} == {health: 26, police: 19}
    # Three of C are counted with B, the smaller of the others; nine of E take D with them.
    assert {id_: counts.due for id_, counts in seen.teams[health].shown.items()} == {teams["A"].id: 12}
    assert seen.teams[health].others is not None
    assert (seen.teams[health].others.due, dict(seen.teams[police].shown)) == (14, {})
    assert look(session, library, teams["D"]).total == (10, 0, 0, 0)
    assert look(session, library, teams["E"]).total is None


def test_nobody_is_in_what_is_kept_and_nothing_of_fewer_than_ten(
    session: Session, library: Library, teams: dict[str, Team]
) -> None:
    bring_six_weeks_up_to_date(session, library.modules, now=NOW)
    bodies = json.dumps(session.scalars(select(Gathering.body)).all())
    for person in session.scalars(select(Person)):
        assert person.id not in bodies
        assert person.name not in bodies
    dues = [counts[0] for counts in _counts(json.loads(bodies))]
    assert len(dues) > 20
    assert min(dues) >= 10


def _counts(found: object) -> list[list[int]]:
    if isinstance(found, dict):
        return [row for one in found.values() for row in _counts(one)]
    if isinstance(found, list):
        is_row = bool(found) and all(isinstance(one, int) for one in found)
        return [found] if is_row else [row for one in found for row in _counts(one)]
    return []


def test_people_count_where_they_were_at_the_end_of_the_month(
    session: Session, library: Library, teams: dict[str, Team]
) -> None:
    [mover, leaver] = session.scalars(select(Person).where(Person.team_id == teams["A"].id).limit(2))
    november = datetime(2026, 11, 1, 0, 30, tzinfo=UTC)
    session.add(FormerPlace(person_id=mover.id, team_id=teams["A"].id, role="practitioner", until=november))
    mover.team, leaver.left_at = teams["E"], november - timedelta(hours=1)  # half an hour before November
    session.commit()
    total = look(session, library, teams["A"]).total
    assert total is not None
    assert total.due == 11
    assert look(session, library, teams["E"]).total is None


def test_a_month_is_worked_out_once_and_the_next_takes_its_place(
    session: Session, library: Library, teams: dict[str, Team]
) -> None:
    before = look(session, library, teams["A"])
    assert (before.first.isoformat(), before.last.isoformat()) == ("2025-11-01", "2026-10-31")
    for person in session.scalars(select(Person).where(Person.team_id == teams["A"].id)):
        person.team = teams["B"]
    session.commit()
    settling = datetime(2026, 12, 1, 0, 4, tzinfo=UTC)
    assert look(session, library, teams["A"], now=settling) == before
    december = settling + timedelta(minutes=1)
    assert look(session, library, teams["A"], now=december).total is None
    after = look(session, library, teams["B"], now=december)
    assert (after.last.isoformat(), after.total) == ("2026-11-30", (23, 0, 0, 0))
    assert set(kept(session).values()) == {datetime(2026, 12, 1, tzinfo=UTC)}
    assert f"team {teams['A'].id}" not in kept(session)
    assert look(session, library, teams["B"]) == after, "a clock that is behind changes nothing"


def test_that_there_is_nothing_to_count_is_kept_too(
    session: Session, library: Library, statements_of: Callable[[], AbstractContextManager[list[str]]]
) -> None:
    assert look(session, library).total is None
    with statements_of() as sent:
        seen = look(session, library)
    assert (seen.total, dict(seen.teams), len(sent)) == (None, {}, 1)


@pytest.mark.parametrize("days", [0, 10])
def test_two_may_work_it_out_at_once(
    session: Session,
    other: Session,
    library: Library,
    teams: dict[str, Team],
    monkeypatch: pytest.MonkeyPatch,
    days: int,
) -> None:
    """Also the one a month later than the other, who is the last to finish."""
    slow = six_weeks_kept._worked_out
    later = NOW + timedelta(days=days)

    def meanwhile(*arguments: object, **named: object) -> object:
        monkeypatch.setattr(six_weeks_kept, "_worked_out", slow)
        for person in other.scalars(select(Person).where(Person.team_id == teams["A"].id)):
            person.team_id = teams["B"].id
        other.commit()
        bring_six_weeks_up_to_date(other, library.modules, now=later)
        return found

    found = slow(session, {"module-three"}, last=NOW.date().replace(day=1) - timedelta(days=1))
    session.commit()
    monkeypatch.setattr(six_weeks_kept, "_worked_out", meanwhile)
    bring_six_weeks_up_to_date(session, library.modules, now=NOW)
    assert look(session, library, teams["A"], now=later).total is None
    seen = look(session, library, teams["B"], now=later)
    assert (seen.total, seen.last.month) == ((23, 0, 0, 0), 11 if days else 10)

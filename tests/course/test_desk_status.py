"""Statuses: the rule, day by day, as the records tell it, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import Progress
from course.learning.attempts import record
from course.learning.desk.standing.board import Board
from course.learning.desk.standing.picture import Cell
from course.learning.tables import Agency, Assignment, FormerPlace, Person, Team, VoidInForce

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When everything begins: a Monday in winter."""


@pytest.fixture
def board(library: Library) -> Board:
    return Board(library.modules)


@pytest.fixture
def person(session: Session, team: Team) -> Person:
    person = Person(
        name="Ada Bell",
        email="ada@example.org",
        password_hash="",
        role="practitioner",
        access="partnership-lead",
        team=team,
        session_key="",
        joined_at=START - timedelta(days=400),
    )
    session.add(person)
    session.commit()
    return person


@pytest.fixture
def ask(session: Session, person: Person, module: Module) -> Callable[..., Assignment]:
    def ask(**how: object) -> Assignment:
        made = {"counts_from": START, "made_at": START, "made_by_id": person.id, "module_ids": [module.id]}
        assignment = Assignment(**(made | how))
        session.add(assignment)
        session.commit()
        return assignment

    return ask


@pytest.fixture
def cell(session: Session, board: Board, person: Person) -> Callable[..., Cell]:
    """Ada's cell of the first module, at nine in the morning of a day or as at the end of one."""

    def cell(day: str, *, as_at: str = "", who: Person = person) -> Cell:
        now = datetime.fromisoformat(f"{day}T09:00:00+00:00")
        picture = board.picture(session, now, as_at=date.fromisoformat(as_at) if as_at else None)
        return picture.cell(picture.row_of[who.id], 0)

    return cell


@pytest.fixture
def do(session: Session, module: Module, whole_way: list[Event]) -> Callable[..., None]:
    """Somebody goes through the module at nine in the morning of a day; or only begins it."""

    def do(who: Person, day: str, *, events: int | None = None) -> None:
        now, progress = datetime.fromisoformat(f"{day}T09:00:00+00:00"), Progress(module)
        for event in whole_way[:events]:
            progress = record(session, who.id, progress, event, now)

    return do


def test_nobody_asked_and_nothing_begun(cell: Callable[..., Cell]) -> None:
    assert cell("2026-02-01") == Cell("not-assigned", None, None, None, False)


def test_begun_and_completed_without_being_asked(
    cell: Callable[..., Cell], do: Callable[..., None], person: Person
) -> None:
    do(person, "2026-02-01", events=2)
    assert cell("2026-02-02") == Cell("in-progress", None, date(2026, 2, 1), None, False)


def test_a_completion_counts_for_good_where_no_refresher_is_asked(
    cell: Callable[..., Cell], do: Callable[..., None], person: Person
) -> None:
    do(person, "2026-02-01")
    assert cell("2040-02-02") == Cell("complete", None, None, date(2026, 2, 1), True)


def test_a_due_date_comes_near_and_passes(cell: Callable[..., Cell], ask: Callable[..., Assignment]) -> None:
    ask(due_on=date(2026, 6, 30))
    days = {"2026-05-30": "not-started", "2026-05-31": "due-soon", "2026-06-30": "due-soon", "2026-07-01": "overdue"}
    assert {day: cell(day).status for day in days} == days
    assert cell("2026-07-01").by == date(2026, 6, 30)


def test_what_is_begun_is_overdue_all_the_same(
    cell: Callable[..., Cell], ask: Callable[..., Assignment], do: Callable[..., None], person: Person
) -> None:
    ask(due_on=date(2026, 6, 30))
    do(person, "2026-02-01", events=3)
    assert (cell("2026-03-01").status, cell("2026-07-01").status) == ("in-progress", "overdue")


def test_a_refresher_comes_near_and_passes_and_is_done(
    cell: Callable[..., Cell], ask: Callable[..., Assignment], do: Callable[..., None], person: Person
) -> None:
    ask(refresh_months=12)
    do(person, "2026-02-28")
    days = {"2027-01-28": "complete", "2027-01-29": "due-soon", "2027-02-28": "due-soon", "2027-03-01": "expired"}
    assert {day: cell(day).status for day in days} == days
    assert [cell(day).counts for day in days] == [True, True, True, False]


def test_a_completion_late_in_the_evening_is_of_that_day_in_london(
    session: Session, board: Board, person: Person, module: Module, whole_way: list[Event]
) -> None:
    progress = Progress(module)
    for event in whole_way:
        progress = record(session, person.id, progress, event, datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    picture = board.picture(session, datetime(2026, 7, 2, 9, tzinfo=UTC))
    assert picture.cell(0, 0).completed == date(2026, 7, 1)
    assert (
        board.picture(session, datetime(2026, 7, 2, 9, tzinfo=UTC), as_at=date(2026, 6, 30)).cell(0, 0).counts is False
    )


def test_within_days_counts_from_when_somebody_came_within_reach(
    session: Session, cell: Callable[..., Cell], ask: Callable[..., Assignment], person: Person
) -> None:
    police = Team(name="Front desk", agency=Agency(name="Police"))
    session.add(police)
    session.flush()
    ask(agency_id=police.agency_id, within_days=40)
    assert cell("2026-03-01").status == "not-assigned"
    session.add(FormerPlace(person_id=person.id, team_id=person.team_id, role=person.role, until=_at("2026-03-10")))
    person.team = police
    session.commit()
    assert cell("2026-03-11") == Cell("not-started", date(2026, 4, 19), None, None, False)
    assert cell("2026-03-11", as_at="2026-03-09").status == "not-assigned"


def test_whoever_comes_after_a_date_has_thirty_days(
    session: Session, cell: Callable[..., Cell], ask: Callable[..., Assignment], team: Team
) -> None:
    ask(due_on=date(2026, 3, 1))
    late = Person(
        name="Ben Cole",
        email="ben@example.org",
        password_hash="",
        role="manager",
        access="learner",
        team=team,
        session_key="",
        joined_at=_at("2026-05-01"),
    )
    session.add(late)
    session.commit()
    assert cell("2026-05-02", who=late).by == date(2026, 5, 31)


def test_whoever_comes_on_a_later_day_is_there_from_that_day_on(
    session: Session, board: Board, person: Person, team: Team
) -> None:
    words = {"password_hash": "", "session_key": "", "role": "manager", "access": "learner", "team": team}
    session.add(Person(name="Eve", email="eve@example.org", joined_at=_at("2026-03-09"), **words))
    session.commit()
    names = {
        day: {picture.people[row].name for row in picture.by_name}
        for day in ("2026-03-06", "2026-03-08", "2026-03-09", "2026-03-10")
        for picture in [board.picture(session, _at(day))]
    }
    assert [len(found) for found in names.values()] == [1, 1, 2, 2]


def test_what_a_clock_that_is_ahead_recorded_counts_at_once(
    session: Session, board: Board, person: Person, module: Module, whole_way: list[Event]
) -> None:
    now = _at("2026-02-02")
    board.picture(session, now)
    progress = Progress(module)
    for event in whole_way:
        progress = record(session, person.id, progress, event, now + timedelta(minutes=3))
    assert board.picture(session, now).cell(0, 0).counts


def test_of_two_assignments_the_earlier_day_and_the_shorter_period_hold(
    cell: Callable[..., Cell], ask: Callable[..., Assignment], do: Callable[..., None], person: Person
) -> None:
    ask(due_on=date(2026, 9, 1), refresh_months=12)
    ask(due_on=date(2026, 8, 1), refresh_months=36)
    assert cell("2026-02-01").by == date(2026, 8, 1)
    do(person, "2026-02-02")
    assert cell("2026-02-03").by == date(2027, 2, 2)


def test_an_assignment_for_another_role_asks_nothing(
    cell: Callable[..., Cell], ask: Callable[..., Assignment], team: Team
) -> None:
    ask(role="manager", team_id=team.id, due_on=date(2026, 9, 1))
    assert cell("2026-02-01").status == "not-assigned"


def test_an_ended_assignment_keeps_what_was_asked_on_earlier_days(
    session: Session, cell: Callable[..., Cell], ask: Callable[..., Assignment]
) -> None:
    assignment = ask(due_on=date(2026, 3, 1))
    assert cell("2026-04-01").status == "overdue"
    assignment.ended_at = _at("2026-04-02")
    session.commit()
    assert (cell("2026-04-03").status, cell("2026-04-03", as_at="2026-04-01").status) == ("not-assigned", "overdue")


def test_a_new_version_voids_once_it_is_switched_on_and_not_before(
    session: Session,
    cell: Callable[..., Cell],
    ask: Callable[..., Assignment],
    do: Callable[..., None],
    person: Person,
    module: Module,
    board: Board,
) -> None:
    ask(refresh_months=12)
    do(person, "2026-02-01")
    first = module.about.ledger[0]
    newer = first.model_copy(update={"version": "2.0", "kind": "voids"})
    about = module.about.model_copy(update={"ledger": (first, newer)})
    changed = Board([replace(module, about=about), *board.modules[1:]])
    now = _at("2026-05-02")
    assert changed.picture(session, now).cell(0, 0).status == "complete"
    session.add(VoidInForce(module_id=module.id, version="2.0", at=_at("2026-05-01"), by_id=person.id))
    session.commit()
    assert changed.picture(session, now).cell(0, 0) == Cell("voided", None, None, date(2026, 2, 1), False)
    assert changed.picture(session, now, as_at=date(2026, 4, 30)).cell(0, 0).status == "complete"


def test_whoever_has_left_is_not_there_any_more_and_was_before(session: Session, board: Board, person: Person) -> None:
    person.left_at = _at("2026-03-01")
    session.commit()
    now = _at("2026-03-02")
    assert list(board.picture(session, now).by_name) == []
    assert list(board.picture(session, now, as_at=date(2026, 2, 27)).by_name) == [0]
    assert list(board.picture(session, now, as_at=date(2023, 2, 27)).by_name) == []


def _at(day: str) -> datetime:
    return datetime.fromisoformat(f"{day}T09:00:00+00:00")

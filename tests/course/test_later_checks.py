"""The check after six weeks: kept whole and once, and confirmed by nobody but the manager who is named."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk.figures.six_weeks import Came, came_due
from course.learning.mine.checks import (
    QUESTIONS,
    NotYours,
    confirm_talk,
    keep_check,
    manager_of,
    say_talked_over,
    talks_to_confirm,
)
from course.learning.mine.checks_begun import choose, chosen
from course.learning.mine.follows import follows
from course.learning.tables import Agency, Attempt, Completion, Person, SixWeekCheck, Team

GIVEN = {name: next(iter(answers)) for name, (_, answers) in QUESTIONS.items()}


@pytest.fixture
def add(session: Session, team: Team) -> Callable[..., Person]:
    def add(name: str, **more: object) -> Person:
        values = {"email": f"{name.lower()}@example.org", "password_hash": "x", "role": "manager", "session_key": ""}
        person = Person(**(values | {"access": "learner", "team": team, "name": name} | more))
        session.add(person)
        session.commit()
        return person

    return add


@pytest.fixture
def done(session: Session, person: Person, module: Module, now: datetime) -> Completion:
    """What Ada completed seven weeks ago."""
    at = now - timedelta(days=49)
    attempt = Attempt(person_id=person.id, module_id=module.id, number=0, version="1.0", started_at=at)
    session.add(attempt)
    session.flush()
    completion = Completion(
        person_id=person.id, module_id=module.id, attempt_id=attempt.id, version="1.0", completed_at=at
    )
    session.add(completion)
    session.commit()
    return completion


def test_a_check_is_kept_whole_and_once(
    session: Session, other: Session, person: Person, module: Module, done: Completion, now: datetime
) -> None:
    assert follows(session, person.id, [module]).check_due(now.date())
    with pytest.raises(ValueError, match="in_the_way"):
        keep_check(session, person.id, done.id, choice="a", given=GIVEN | {"in_the_way": "lunch"}, now=now)
    assert session.get(SixWeekCheck, done.id) is None
    keep_check(session, person.id, done.id, choice="a", given=GIVEN, now=now)
    keep_check(other, person.id, done.id, choice="b", given=GIVEN, now=now + timedelta(hours=1))
    found = follows(session, person.id, [module])
    assert found.check_due(now.date()) is None
    assert (found.newest[module.id].check.choice, found.newest[module.id].check.at) == ("a", now)


def test_only_the_named_manager_confirms_and_once(
    session: Session, person: Person, module: Module, done: Completion, now: datetime, add: Callable
) -> None:
    boss, peer = add("Boss"), add("Peer", access="administrator")
    person.manager_id = boss.id
    session.commit()
    keep_check(session, person.id, done.id, choice="a", given=GIVEN, now=now)
    assert talks_to_confirm(session, boss.id) == []
    say_talked_over(session, peer.id, done.id, now=now)  # not theirs to say
    assert talks_to_confirm(session, boss.id) == []
    say_talked_over(session, person.id, done.id, now=now)
    say_talked_over(session, person.id, done.id, now=now + timedelta(days=1))
    assert talks_to_confirm(session, boss.id) == [(done.id, person.name, module.id, now)]
    assert follows(session, boss.id, [module]).talks == 1
    for stranger in (peer, person):
        assert talks_to_confirm(session, stranger.id) == []
        with pytest.raises(NotYours):
            confirm_talk(session, stranger, done.id, took_place=True, now=now)
    confirm_talk(session, boss, done.id, took_place=False, now=now)
    confirm_talk(session, boss, done.id, took_place=True, now=now)  # nothing waits any more
    check = session.get(SixWeekCheck, done.id, populate_existing=True)
    assert (check.discussed_at, check.not_yet_at, check.confirmed_at) == (now, now, None)
    assert talks_to_confirm(session, boss.id) == []
    again = now + timedelta(days=2)
    say_talked_over(session, person.id, done.id, now=again)
    assert talks_to_confirm(session, boss.id) == [(done.id, person.name, module.id, again)]
    confirm_talk(session, boss, done.id, took_place=True, now=again)
    confirm_talk(session, boss, done.id, took_place=False, now=again + timedelta(days=1))
    say_talked_over(session, person.id, done.id, now=again + timedelta(days=1))
    check = session.get(SixWeekCheck, done.id, populate_existing=True)
    assert (check.discussed_at, check.confirmed_at, check.confirmed_by_id) == (again, again, boss.id)
    assert check.not_yet_at is None
    assert follows(session, boss.id, [module]).talks == 0


def test_a_decision_stays_and_is_no_check_until_the_questions_are_answered(
    session: Session, other: Session, person: Person, module: Module, done: Completion, now: datetime
) -> None:
    choose(session, person.id, done.id, choice="a", among=["a", "b"], now=now)
    choose(other, person.id, done.id, choice="b", among=["a", "b"], now=now)
    assert chosen(session, done.id) == "a"
    due = now.date() - timedelta(days=7)
    assert list(came_due(session, due, now.date())) == [Came(person.id, module.id, due, False, False, False)]
    found = follows(session, person.id, [module])
    assert found.check_due(now.date())
    assert found.talk_due(now.date()) is None
    say_talked_over(session, person.id, done.id, now=now)
    assert session.scalars(select(SixWeekCheck)).all() == []
    choose(other, person.id, done.id, choice="c", among=["b", "c"], now=now)  # an edition without what was chosen
    assert chosen(session, done.id) == "c"
    keep_check(session, person.id, done.id, choice="c", given=GIVEN, now=now)
    assert chosen(session, done.id) is None


def test_a_talk_is_put_before_somebody_for_eight_weeks_after_it_was_last_missing(
    session: Session, person: Person, module: Module, done: Completion, now: datetime, add: Callable
) -> None:
    def is_asked(days: int) -> bool:
        return follows(session, person.id, [module]).talk_due(now.date() + timedelta(days=days)) is not None

    boss = add("Boss")
    person.manager_id = boss.id
    keep_check(session, person.id, done.id, choice="a", given=GIVEN, now=now)
    assert [is_asked(days) for days in (0, 55, 56)] == [True, True, False]
    say_talked_over(session, person.id, done.id, now=now)
    session.expire_all()
    assert not is_asked(0)
    confirm_talk(session, boss, done.id, took_place=False, now=now + timedelta(days=10))
    session.expire_all()
    assert [is_asked(days) for days in (10, 65, 66)] == [True, True, False]
    confirm_talk(session, boss, done.id, took_place=True, now=now)
    session.expire_all()
    assert is_asked(10)  # what is put back has to be said again before it is confirmed


def test_what_is_counted_is_as_it_was_at_the_end_of_the_last_day(
    session: Session, person: Person, module: Module, done: Completion, now: datetime
) -> None:
    due, today = now.date() - timedelta(days=7), now.date()
    assert list(came_due(session, due, today)) == [Came(person.id, module.id, due, False, False, False)]
    keep_check(session, person.id, done.id, choice="a", given=GIVEN, now=now)
    say_talked_over(session, person.id, done.id, now=now)
    assert list(came_due(session, due, today)) == [Came(person.id, module.id, due, True, True, False)]
    assert next(came_due(session, due, today - timedelta(days=1)))[3:] == (False, False, False)
    assert list(came_due(session, due + timedelta(days=1), today)) == []


@pytest.mark.parametrize("gone", ["left", "elsewhere", "replaced", "self"])
def test_a_manager_who_is_none_any_more_confirms_nothing(
    session: Session, person: Person, done: Completion, now: datetime, add: Callable, gone: str
) -> None:
    boss = add("Boss")
    person.manager_id = boss.id
    keep_check(session, person.id, done.id, choice="a", given=GIVEN, now=now)
    say_talked_over(session, person.id, done.id, now=now)
    assert manager_of(session, person) == boss
    match gone:
        case "left":
            boss.left_at = now
        case "elsewhere":
            boss.team = Team(name="Unit", agency=Agency(name="Police"))
        case "replaced":
            person.manager_id = add("Other").id
        case "self":
            person.manager_id = person.id
    session.commit()
    assert manager_of(session, person) != boss
    assert talks_to_confirm(session, boss.id) == []
    with pytest.raises(NotYours):
        confirm_talk(session, boss, done.id, took_place=True, now=now)

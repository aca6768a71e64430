"""When decision cards come: spaced, in turns, one at a time; worked out from completions and answers alone."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.learning.mine.cards import Answered, Coming, answers_of, coming_cards, days_of, keep_answer, next_card
from course.learning.mine.follows import Newest, follows
from course.learning.tables import Attempt, Completion, Person

DONE = date(2026, 6, 1)


def days(*numbers: int) -> list[date]:
    return [DONE + timedelta(days=number) for number in numbers]


def newest(module: Module, on: date = DONE, completion_id: int = 1) -> Newest:
    return Newest(completion_id, module, on, None)


def answered(coming: Coming | None, on: date | None = None) -> Answered:
    assert coming
    return Answered(coming.newest.completion_id, coming.card.id, on or coming.on)


def test_cards_come_one_four_and_twelve_weeks_after(module: Module) -> None:
    found = list(coming_cards([newest(module)], [], DONE, DONE + timedelta(days=365)))
    assert [one.on for one in found] == days(7, 28, 84)
    assert [one.card for one in found] == list(module.later.cards)
    assert next_card([newest(module)], [], days(6)[0]).on == days(7)[0]


def test_a_late_answer_moves_the_next_card_as_far(module: Module) -> None:
    first = next_card([newest(module)], [], days(17)[0])
    assert next_card([newest(module)], [answered(first)], days(17)[0]).on == days(38)[0]


def test_whoever_asks_late_gets_one_a_week_and_modules_take_turns(library: Library) -> None:
    three, thirteen = (newest(module, DONE, n) for n, module in enumerate(library.modules))
    today = DONE + timedelta(days=700)
    found = list(coming_cards([three, thirteen], [], today, today + timedelta(days=365)))
    assert [(one.on - today).days for one in found] == [0, 7, 21, 28, 77, 84]
    assert [one.newest.module.number for one in found] == [3, 13, 3, 13, 3, 13]


def test_at_most_one_comes_in_seven_days_whatever_was_done(library: Library) -> None:
    done = [newest(module, DONE - timedelta(days=3 * n), n) for n, module in enumerate(library.modules)]
    on = [one.on for one in coming_cards(done, [], DONE, DONE + timedelta(days=365))]
    assert len(on) == 6
    assert min(after - before for before, after in pairwise(on)) >= timedelta(days=7)


def test_what_was_just_learnt_comes_before_what_has_waited_long(library: Library) -> None:
    three, thirteen = library.modules
    done = [newest(three, DONE - timedelta(days=300), 1), newest(thirteen, DONE, 2)]
    assert next_card(done, [], days(7)[0]).newest.module is thirteen
    assert next_card(done, [], days(6)[0]).newest.module is three


def test_a_refresher_begins_its_cards_anew(module: Module) -> None:
    before = [Answered(1, card.id, DONE) for card in module.later.cards]
    again = newest(module, DONE + timedelta(days=400), 2)
    assert next_card([newest(module)], before, days(90)[0]) is None
    found = next_card([again], before, again.on)
    assert (found.number, found.on) == (0, again.on + timedelta(days=7))


def test_a_module_that_brings_nothing_back_has_no_card() -> None:
    assert next_card([], [], DONE) is None


@pytest.fixture
def complete(session: Session) -> Callable[..., Completion]:
    def complete(person: Person, module: Module, at: datetime, number: int = 0) -> Completion:
        attempt = Attempt(person_id=person.id, module_id=module.id, number=number, version="1.0", started_at=at)
        session.add(attempt)
        session.flush()
        made = {"person_id": person.id, "module_id": module.id, "version": "1.0", "completed_at": at}
        completion = Completion(attempt_id=attempt.id, **made)
        session.add(completion)
        session.commit()
        return completion

    return complete


@pytest.mark.parametrize(
    ("at", "card", "check"),
    [
        (datetime(2026, 3, 28, 23, 30, tzinfo=UTC), date(2026, 4, 4), date(2026, 5, 9)),  # the night before summer time
        (datetime(2026, 6, 1, 23, 30, tzinfo=UTC), date(2026, 6, 9), date(2026, 7, 14)),  # in London it is 2 June
        (datetime(2026, 10, 24, 23, 30, tzinfo=UTC), date(2026, 11, 1), date(2026, 12, 6)),  # the night of 25 October
    ],
)
def test_days_are_those_of_london(
    session: Session, person: Person, module: Module, complete: Callable, at: datetime, card: date, check: date
) -> None:
    complete(person, module, at)
    found = follows(session, person.id, [module]).newest
    assert found[module.id].check_on == check
    assert next_card(found.values(), [], DONE - timedelta(days=100)).on == card


def test_only_the_newest_completion_counts_and_an_answer_stays(
    session: Session, other: Session, person: Person, module: Module, complete: Callable, now: datetime
) -> None:
    complete(person, module, now - timedelta(days=500))
    again = complete(person, module, now - timedelta(days=10), number=1)
    found = follows(session, person.id, [module]).newest
    assert [one.completion_id for one in found.values()] == [again.id]
    coming = next_card(found.values(), [], now.date())
    first, second = (choice.id for choice in coming.card.choices[:2])
    keep_answer(session, person.id, coming, choice=first, now=now)
    keep_answer(other, person.id, coming, choice=second, now=now)
    [kept] = answers_of(session, person.id)
    assert (kept.completion_id, kept.choice) == (again.id, first)
    assert next_card(found.values(), days_of([kept]), now.date()).on == now.date() + timedelta(days=21)

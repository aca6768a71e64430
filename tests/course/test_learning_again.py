"""Beginning a module again: one next attempt, whoever else begins it, and nothing of before touched."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event, select
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import Progress
from course.learning.attempts import (
    AlreadyMoved,
    NotComplete,
    may_start_again,
    progress_in,
    progress_in_all,
    record,
    refreshing,
    start_again,
)
from course.learning.tables import Attempt, Completion, Person
from tests.course.completions import completed


def numbers(session: Session) -> list[int]:
    return list(session.scalars(select(Attempt.number).order_by(Attempt.number)))


def test_only_what_is_complete_is_begun_again(
    session: Session, person: Person, module: Module, whole_way: list[Event], learn: Callable, now: datetime
) -> None:
    with pytest.raises(NotComplete):
        start_again(session, person.id, module, now)
    progress = learn(person, module, whole_way[:-1])
    assert not may_start_again(session, person.id, module)
    with pytest.raises(NotComplete):
        start_again(session, person.id, module, now)
    record(session, person.id, progress, whole_way[-1], now)
    assert may_start_again(session, person.id, module)
    start_again(session, person.id, module, now)
    with pytest.raises(NotComplete):
        start_again(session, person.id, module, now)
    assert numbers(session) == [0, 1]


def test_it_begins_empty_and_ends_with_a_completion_of_its_own(
    session: Session,
    person: Person,
    library: Library,
    module: Module,
    whole_way: list[Event],
    learn: Callable,
    now: datetime,
) -> None:
    learn(person, module, whole_way)
    later = now + timedelta(days=365)
    start_again(session, person.id, module, later)
    assert progress_in_all(session, person.id, library.modules)[module.id] == Progress(module)
    assert refreshing(session, person.id) == {module.id}
    progress = progress_in(session, person.id, module)
    for done in whole_way:
        progress = record(session, person.id, progress, done, later)
    assert refreshing(session, person.id) == set()
    kept = session.execute(select(Completion.completed_at, Attempt.number).join(Attempt).order_by(Completion.id)).all()
    assert [tuple(row) for row in kept] == [(now, 0), (later, 1)]
    assert completed(session, person.id) == {module.id: now}


def test_two_tabs_at_the_same_moment_begin_one_attempt(
    session: Session,
    other: Session,
    person: Person,
    module: Module,
    whole_way: list[Event],
    learn: Callable,
    now: datetime,
) -> None:
    learn(person, module, whole_way)

    @event.listens_for(other, "before_flush", once=True)
    def _meanwhile(*_: object) -> None:
        start_again(session, person.id, module, now)

    with pytest.raises(AlreadyMoved):
        start_again(other, person.id, module, now)
    assert numbers(other) == [0, 1]

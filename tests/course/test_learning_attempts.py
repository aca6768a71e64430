"""Recording and replaying: what was done is kept in order, once, whoever else is at it."""

import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.orm import Session

from course.catalogue.events import Chose, Event, Opened
from course.catalogue.library import Library, load
from course.catalogue.model import Module
from course.catalogue.progress import Progress, go_back, replay
from course.learning.attempts import AlreadyMoved, progress_in, progress_in_all, record
from course.learning.database import new_sessions
from course.learning.tables import Attempt, Completion, Person, StoredEvent
from tests.course.completions import completed
from tests.factories import SCENARIO, write_content


def count(session: Session, table: type) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0


def test_nothing_recorded(session: Session, person: Person, library: Library, module: Module) -> None:
    assert progress_in(session, person.id, module) == Progress(module)
    assert completed(session, person.id) == {}
    assert progress_in_all(session, person.id, []) == {}


def test_every_event_comes_back_as_it_was_recorded(
    session: Session, other: Session, person: Person, module: Module, whole_way: list[Event], now: datetime
) -> None:
    progress = Progress(module)
    for done in whole_way:
        progress = record(session, person.id, progress, done, now)
        assert progress_in(other, person.id, module) == progress
        other.rollback()
    assert progress == replay(module, whole_way)
    kept = session.scalars(select(StoredEvent).order_by(StoredEvent.number)).all()
    assert [(e.number, e.kind) for e in kept] == [(n, e.kind) for n, e in enumerate(whole_way)]
    assert all("kind" not in e.body for e in kept)


def test_all_modules_in_one_query(
    session: Session, person: Person, library: Library, way_through: Callable, learn: Callable, statements_of: Callable
) -> None:
    first, second = library.modules
    learn(person, second, way_through(second)[:5])
    learn(person, first, way_through(first))
    with statements_of() as sent:
        found = progress_in_all(session, person.id, library.modules)
    assert len(sent) == 1
    assert list(found) == [first.id, second.id]
    assert found[first.id].complete
    assert found[second.id] == replay(second, way_through(second)[:5])


def test_progress_is_ones_own(
    session: Session, person: Person, module: Module, whole_way: list[Event], learn: Callable
) -> None:
    learn(person, module, whole_way)
    assert progress_in(session, "somebody-else", module) == Progress(module)
    assert completed(session, "somebody-else") == {}


def test_a_module_completes_exactly_once(
    session: Session, person: Person, module: Module, whole_way: list[Event], learn: Callable, now: datetime
) -> None:
    progress = learn(person, module, whole_way[:-1])
    assert count(session, Completion) == 0
    progress = record(session, person.id, progress, whole_way[-1], now)
    assert progress.complete

    later = now + timedelta(days=1)
    for done in [Opened(part="debrief"), go_back(progress, 0), Chose(choice=progress.choices[0])]:
        progress = record(session, person.id, progress, done, later)  # a second look
    assert progress == progress_in(session, person.id, module)
    assert progress.is_second_look
    kept = session.scalars(select(Completion)).one()
    assert (kept.person_id, kept.module_id, kept.version) == (person.id, module.id, module.version)
    assert completed(session, person.id) == {module.id: now}


def test_an_attempt_knows_the_version_and_time_it_started_on(
    session: Session, person: Person, module: Module, whole_way: list[Event], now: datetime
) -> None:
    progress = record(session, person.id, Progress(module), whole_way[0], now)
    record(session, person.id, progress, whole_way[1], now + timedelta(minutes=1))
    attempt = session.scalars(select(Attempt)).one()
    assert (attempt.version, attempt.started_at, attempt.number) == (module.version, now, 0)


def test_a_refresher_is_an_attempt_of_its_own(
    session: Session, person: Person, module: Module, whole_way: list[Event], learn: Callable, now: datetime
) -> None:
    learn(person, module, whole_way)
    later = now + timedelta(days=365)
    session.add(Attempt(person_id=person.id, module_id=module.id, number=1, version="2.0", started_at=later))
    session.commit()
    assert progress_in(session, person.id, module) == Progress(module)
    with pytest.raises(AlreadyMoved):  # a tab left open on the attempt before
        record(session, person.id, replay(module, whole_way), Opened(part="overview"), later)

    progress = Progress(module)
    for done in whole_way:
        progress = record(session, person.id, progress, done, later)
    assert count(session, Attempt) == 2
    assert count(session, Completion) == 2
    assert completed(session, person.id) == {module.id: now}


def test_an_edition_that_drops_a_choice_does_not_complete_an_attempt_twice(
    session: Session, person: Person, module: Module, whole_way: list[Event], now: datetime, tmp_path: Path
) -> None:
    last = [e for e in whole_way if isinstance(e, Chose)][-1].choice

    def rename(scenario: dict) -> None:
        for moment in scenario["moments"]:
            for choice in moment.get("choices", ()):
                choice["id"] = choice["id"].replace(last, f"{last}-again")

    edition = load(write_content(tmp_path, change={SCENARIO: rename})).modules[0]
    progress = Progress(module)
    for done in whole_way:
        progress = record(session, person.id, progress, done, now)
    reread = progress_in(session, person.id, edition)
    assert progress.complete
    assert not reread.complete

    again = record(session, person.id, reread, Chose(choice=f"{last}-again"), now + timedelta(days=1))
    assert again.complete
    assert completed(session, person.id) == {module.id: now}
    assert count(session, Completion) == 1


def test_the_second_of_two_tabs_is_told(
    session: Session, other: Session, person: Person, module: Module, whole_way: list[Event], now: datetime
) -> None:
    here, there = (progress_in(s, person.id, module) for s in (session, other))
    here = record(session, person.id, here, whole_way[0], now)
    with pytest.raises(AlreadyMoved):
        record(other, person.id, there, Opened(part="overview"), now)
    there = progress_in(other, person.id, module)  # the session can still be used
    assert there == here
    record(other, person.id, there, whole_way[1], now)
    assert count(session, StoredEvent) == 2


@pytest.mark.parametrize("already", [0, 3, -1])
def test_two_tabs_that_pass_the_check_together(
    session: Session,
    other: Session,
    person: Person,
    module: Module,
    whole_way: list[Event],
    learn: Callable,
    now: datetime,
    already: int,
) -> None:
    """The other tab commits after this one has looked and before it writes: first, middle and completing event."""
    done = whole_way[:already] if already else []
    progress, step = learn(person, module, done), whole_way[already]

    @event.listens_for(session, "before_flush", once=True)
    def overtake(*_: object) -> None:
        record(other, person.id, progress, step, now)

    with pytest.raises(AlreadyMoved):
        record(session, person.id, progress, step, now)
    assert count(session, Attempt) == 1
    assert count(session, StoredEvent) == len(done) + 1
    assert count(session, Completion) == (already == -1)
    assert progress_in(session, person.id, module) == replay(module, [*done, step])


def test_of_many_tabs_at_once_one_is_recorded(
    engine: Engine, session: Session, person: Person, module: Module, whole_way: list[Event], now: datetime
) -> None:
    tabs = 4
    together, ends = threading.Barrier(tabs), list[str]()

    def press(done: Event) -> None:
        with new_sessions(engine)() as own:
            progress = progress_in(own, person.id, module)
            together.wait()
            try:
                record(own, person.id, progress, done, now)
                ends.append("recorded")
            except AlreadyMoved:
                ends.append("moved")

    for done in whole_way[:3]:
        threads = [threading.Thread(target=press, args=(done,)) for _ in range(tabs)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(ends) == ["moved"] * 3 * (tabs - 1) + ["recorded"] * 3
    assert count(session, Attempt) == 1
    assert progress_in(session, person.id, module) == replay(module, whole_way[:3])


def test_an_unknown_person_is_an_error_and_not_another_tab(
    session: Session, module: Module, whole_way: list[Event], now: datetime
) -> None:
    with pytest.raises(IntegrityError):
        record(session, "nobody", Progress(module), whole_way[0], now)
    assert count(session, Attempt) == 0


def test_a_time_without_a_zone_is_refused(
    session: Session, person: Person, module: Module, whole_way: list[Event], now: datetime
) -> None:
    with pytest.raises(StatementError, match="without a zone"):
        record(session, person.id, Progress(module), whole_way[0], now.replace(tzinfo=None))
    assert count(session, Attempt) == 0


def test_times_come_back_as_utc(
    session: Session, other: Session, person: Person, module: Module, whole_way: list[Event]
) -> None:
    summer = datetime(2026, 7, 1, 0, 30, 0, 250, tzinfo=timezone(timedelta(hours=1)))
    record(session, person.id, Progress(module), whole_way[0], summer)
    at = other.scalars(select(StoredEvent.at)).one()
    assert at == summer
    assert at.tzinfo is UTC
    assert at.day == 30

"""What goes into the outbox, when, and what an administrator can see and do."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from course.catalogue.events import Event, VignetteRead
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import Progress
from course.learning import outbox as box
from course.learning.attempts import AlreadyMoved, record
from course.learning.tables import Outgoing, Person
from course.statements.tell import Happened, statements_of
from course.statements.xapi import Attempted, Telling
from tests.xapi.conftest import START, Clock

Rows = Callable[[], list[Outgoing]]
Learn = Callable[..., Progress]


def test_the_outbox_gets_what_the_events_tell(
    learn: Learn, outbox: Rows, person: Person, module: Module, telling: Telling, whole_way: list[Event]
) -> None:
    learn(whole_way)
    events = [Happened(n, event, START + timedelta(minutes=n)) for n, event in enumerate(whole_way)]
    who = Attempted(person.id, person.email, 0, module.version)
    told = {t.id: t.body for t in statements_of(telling, who, module, events=events, now=START)}
    assert {row.statement_id: row.body for row in outbox()} == told


def test_an_event_and_what_it_tells_are_kept_together_or_not_at_all(
    session: Session, learn: Learn, outbox: Rows, person: Person, module: Module, telling: Telling
) -> None:
    learn([VignetteRead()])
    before = len(outbox())
    with pytest.raises(AlreadyMoved):
        record(session, person.id, Progress(module), VignetteRead(), START, telling=telling)
    assert len(outbox()) == before == 1


def test_without_an_lrs_nothing_is_kept_for_one(session: Session, outbox: Rows, person: Person, module: Module) -> None:
    record(session, person.id, Progress(module), VignetteRead(), START)
    assert outbox() == []


def test_the_end_of_an_idle_sitting_is_told_once(
    session: Session, learn: Learn, outbox: Rows, library: Library, telling: Telling, whole_way: list[Event]
) -> None:
    progress = learn(whole_way[:3])
    last = START + timedelta(minutes=2)
    still_here = last + timedelta(minutes=30)
    assert box.end_sittings(session, telling, library.modules, still_here) == 0
    assert box.end_sittings(session, telling, library.modules, still_here + timedelta(seconds=1)) == 1
    assert box.end_sittings(session, telling, library.modules, still_here + timedelta(days=1)) == 0
    learn(whole_way[3:4], start=still_here + timedelta(hours=1), after=progress)
    assert sorted(row.verb for row in outbox()).count("terminated") == 1
    assert [row.verb for row in outbox()].count("initialized") == 2


def test_what_somebody_did_before_there_was_an_lrs_is_not_ended_in_it(
    session: Session, library: Library, telling: Telling, person: Person, module: Module
) -> None:
    record(session, person.id, Progress(module), VignetteRead(), START)
    assert box.end_sittings(session, telling, library.modules, START + timedelta(days=1)) == 0


def test_an_administrator_sees_what_was_refused_and_why_and_has_it_sent_again(
    session: Session,
    learn: Learn,
    outbox: Rows,
    push: Callable[..., object],
    clock: Clock,
    lrs: object,
    whole_way: list[Event],
) -> None:
    learn(whole_way)
    lrs.trouble.refuse = lambda s: "no module three" if s["verb"]["id"].endswith("completed") else None
    push()
    total = len(outbox())
    assert box.counts(session) == (0, total - 1, 1)
    [one] = box.parked(session)
    assert (one.module_id, one.verb, one.refused_why) == ("module-three", "completed", "no module three")
    assert box.parked(session, offset=1) == []
    lrs.trouble.refuse = None
    push()
    assert box.counts(session).parked == 1  # nobody has asked for it
    assert box.send_again(session, [one.statement_id, "no such id"], clock()) == 1
    push()
    assert box.counts(session) == (0, total, 0)
    assert box.send_again(session, [one.statement_id], clock()) == 0

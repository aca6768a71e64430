"""Pushing to an LRS that takes, refuses, fails, hangs and vanishes: nothing is lost and nothing arrives twice."""

import socket
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.orm import Session, sessionmaker

from course.catalogue.events import Event
from course.learning import outbox as box
from course.learning.lrs import Lrs as Client
from course.learning.lrs import LrsAddress, fault_in
from course.learning.sending import LEASE, Sent, send_due
from course.learning.tables import Outgoing
from tests.lrs import Lrs, Reply
from tests.xapi.conftest import Clock

Rows = Callable[[], list[Outgoing]]
Push = Callable[..., Sent]
Learn = Callable[..., object]


@pytest.fixture
def many(learn: Learn, outbox: Rows, whole_way: list[Event]) -> list[Outgoing]:
    """Something in the outbox."""
    learn(whole_way)
    return outbox()


def sent_ids(lrs: Lrs) -> Counter[str]:
    """How often each id was POSTed."""
    return Counter(body["id"] for request in lrs.requests for body in request.json)


def test_everything_is_sent_in_one_batch_and_once(many: list[Outgoing], push: Push, lrs: Lrs, session: Session) -> None:
    assert push() == Sent(delivered=len(many))
    assert {id_: lrs.statements[id_]["verb"] for id_ in lrs.statements} == {
        row.statement_id: row.body["verb"] for row in many
    }
    assert push() == Sent()
    assert len(lrs.requests) == 1 and box.counts(session) == (0, len(many), 0)


def test_what_arrived_though_no_answer_came_is_not_kept_twice(
    many: list[Outgoing], push: Push, lrs: Lrs, clock: Clock
) -> None:
    lrs.trouble.drop(after=True)
    sent = push()
    assert (sent.delivered, sent.put_off) == (0, len(many)) and sent.stopped
    assert len(lrs.statements) == len(many)
    clock.forward(minutes=1)
    assert push() == Sent(delivered=len(many))
    assert len(lrs.statements) == len(many)


@pytest.mark.parametrize("nth", [0, 3, -1])
def test_one_that_is_refused_is_parked_and_the_rest_arrive(
    many: list[Outgoing], push: Push, lrs: Lrs, session: Session, nth: int
) -> None:
    bad = many[nth].statement_id
    lrs.trouble.refuse = lambda s: "not\0 that\none" if s["id"] == bad else None
    assert push() == Sent(delivered=len(many) - 1, parked=1)
    [parked] = box.parked(session)
    assert (parked.statement_id, parked.refused_why) == (bad, "not that one")


def test_a_batch_that_is_too_large_is_sent_in_smaller_ones(many: list[Outgoing], push: Push, lrs: Lrs) -> None:
    lrs.trouble.answer(413, times=3)
    assert push() == Sent(delivered=len(many))


@pytest.mark.parametrize("status", [302, 401, 403, 404])
def test_a_wrong_key_or_address_stops_the_push_and_loses_nothing(
    many: list[Outgoing], push: Push, lrs: Lrs, outbox: Rows, status: int
) -> None:
    lrs.trouble.answer(status)
    sent = push()
    assert sent.delivered == sent.parked == 0 and sent.stopped and str(status) in sent.stopped
    assert {row.tries for row in outbox()} == {0}
    assert len(lrs.requests) == 1
    assert push().delivered == len(many)  # at once, when the setting is mended


def test_a_wrong_password_is_told_without_telling_it(many: list[Outgoing], push: Push) -> None:
    sent = push(password="wrong höre")
    assert sent.stopped and "XAPI_PASSWORD" in sent.stopped and "höre" not in sent.stopped


@pytest.mark.parametrize("trouble", ["busy", "broken", "cut"])
def test_an_lrs_in_trouble_is_left_alone_for_longer_each_time(
    many: list[Outgoing], push: Push, lrs: Lrs, clock: Clock, trouble: str
) -> None:
    causes = {
        "busy": lambda: lrs.trouble.answer(429),
        "broken": lambda: lrs.trouble.answer(500),
        "cut": lambda: lrs.trouble.drop(),
    }
    for minutes in (1, 2):
        causes[trouble]()
        assert push().put_off == len(many)
        asked = len(lrs.requests)
        clock.forward(minutes=minutes, seconds=-1)
        assert push() == Sent() and len(lrs.requests) == asked
        clock.forward(seconds=1)
    assert push().delivered == len(many)


def test_the_pause_is_never_longer_than_six_hours(many: list[Outgoing], push: Push, lrs: Lrs, clock: Clock) -> None:
    for _ in range(15):
        lrs.trouble.answer(503)
        push()
        clock.forward(hours=6)
    assert push().delivered == len(many)


@pytest.mark.parametrize("asked", ["7200", "Tue, 24 Nov 2026 11:30:00 GMT"])
def test_nothing_is_sent_before_the_time_that_the_lrs_asked_for(
    many: list[Outgoing], push: Push, lrs: Lrs, clock: Clock, outbox: Rows, asked: str
) -> None:
    lrs.trouble.answer(503, retry_after=asked)
    push()
    assert {row.due_at for row in outbox()} == {clock.now + timedelta(hours=2)}
    clock.forward(hours=1)
    assert push() == Sent() and len(lrs.requests) == 1
    clock.forward(hours=1)
    assert push().delivered == len(many)


def test_a_statement_that_breaks_the_lrs_does_not_hold_back_the_rest(
    many: list[Outgoing], push: Push, lrs: Lrs, clock: Clock
) -> None:
    bad, keep = many[2].statement_id, lrs.routes["statements"]

    def breaks(lrs: Lrs, request: object) -> Reply:
        return Reply(500) if bad in request.body.decode() else keep(lrs, request)

    lrs.routes["statements"] = breaks
    for _ in range(4):
        push()
        clock.forward(hours=1)
    assert set(lrs.statements) == {row.statement_id for row in many} - {bad}


def test_an_lrs_that_never_answers_holds_nobody(many: list[Outgoing], push: Push, lrs: Lrs, clock: Clock) -> None:
    hanging = lrs.trouble.hang()
    sent = push(seconds=0.3)
    assert sent.put_off == len(many) and sent.stopped and "could not be reached" in sent.stopped
    hanging.let_go()
    clock.forward(minutes=1)
    assert push().delivered == len(many)


def test_an_lrs_that_drips_a_byte_at_a_time_holds_nobody() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        done = threading.Event()

        def drip() -> None:
            line, _ = server.accept()
            with line, suppress(OSError):
                line.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
                while not done.wait(0.05):
                    line.sendall(b"x")

        threading.Thread(target=drip, daemon=True).start()
        address = LrsAddress(f"http://127.0.0.1:{server.getsockname()[1]}/", "a", "b")
        assert Client(address, seconds=0.5).send([]).status is None
        done.set()


def test_an_lrs_that_says_it_has_all_of_them_already_is_believed(many: list[Outgoing], push: Push, lrs: Lrs) -> None:
    lrs.trouble.answer(204)
    assert push() == Sent(delivered=len(many))


@pytest.mark.parametrize("body", ["<html>Sign in</html>", "[]", "{}", '["11111111-1111-4111-8111-111111111111"]', "7"])
def test_an_answer_of_200_that_is_not_an_lrss_delivers_nothing(
    many: list[Outgoing], push: Push, lrs: Lrs, body: str
) -> None:
    lrs.trouble.answer(200, body=body)
    assert push().delivered == 0


def test_where_nobody_listens_nothing_is_lost(
    many: list[Outgoing], sessions: sessionmaker[Session], clock: Clock, session: Session
) -> None:
    sent = send_due(sessions, Client(LrsAddress("http://127.0.0.1:9/", "a", "b")), clock)
    assert sent.stopped and box.counts(session).waiting == len(many)


def test_what_is_no_statement_is_parked_and_not_sent(
    many: list[Outgoing], push: Push, lrs: Lrs, session: Session
) -> None:
    naive = {**many[0].body, "timestamp": "2026-11-23T09:30:00"}
    session.execute(update(Outgoing).where(Outgoing.statement_id == many[0].statement_id).values(body=naive))
    session.commit()
    assert push() == Sent(delivered=len(many) - 1, parked=1)
    assert len(lrs.requests) == 1 and box.parked(session)[0].refused_why.startswith("Not sent:")


def test_the_guard_knows_what_tincan_does_not(many: list[Outgoing]) -> None:
    good = many[0].body
    assert fault_in(good) is None
    wrong = ({"actor": {}}, {"id": "1"}, {"verb": {"id": "did"}}, {"timestamp": None}, {"object": None})
    for part in wrong:
        assert fault_in({**good, **part}), part


def test_two_pushes_at_once_never_send_the_same(many: list[Outgoing], push: Push, lrs: Lrs, session: Session) -> None:
    hanging, came = lrs.trouble.hang(), []
    first = threading.Thread(target=lambda: came.append(push()))
    first.start()
    assert hanging.reached.wait(10)
    assert push() == Sent()  # all of it is in the other's hands
    hanging.let_go()
    first.join()
    assert came == [Sent(delivered=len(many))]
    assert set(sent_ids(lrs).values()) == {1}


def test_many_pushes_at_once_share_the_work(
    many: list[Outgoing], push: Push, lrs: Lrs, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.learning.sending.BATCH", 1)
    came: list[Sent] = []
    pushes = [threading.Thread(target=lambda: came.append(push())) for _ in range(4)]
    for one in pushes:
        one.start()
    for one in pushes:
        one.join()
    assert len(came) == 4 and set(sent_ids(lrs).values()) == {1}
    assert push().delivered + sum(sent.delivered for sent in came) == len(many)


def test_a_push_that_slept_past_its_lease_leaves_the_rest_to_others(
    many: list[Outgoing], push: Push, lrs: Lrs, clock: Clock
) -> None:
    hanging, came = lrs.trouble.hang(), []
    first = threading.Thread(target=lambda: came.append(push()))
    first.start()
    assert hanging.reached.wait(10)
    clock.now += LEASE
    assert push().delivered == len(many)
    hanging.let_go()  # and hears 409 for the whole batch
    first.join()
    assert came == [Sent()]
    assert len(lrs.statements) == len(many) and len(lrs.requests) == 2

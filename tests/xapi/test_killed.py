"""A push that is killed, with the signal that nobody can catch, at the moments that hurt most."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.learning import outbox as box
from course.learning.sending import LEASE, Sent
from course.learning.tables import Outgoing
from tests.lrs import Lrs
from tests.xapi.conftest import Clock

ROOT = Path(__file__).resolve().parent.parent.parent
Kill = Callable[..., None]


@pytest.fixture
def killed(engine: Engine, lrs: Lrs, clock: Clock) -> Kill:
    """Runs a push until its request hangs at the LRS, and kills it there."""

    def killed(*, after: bool, mishaps: Callable[[], None] = lambda: None) -> None:
        mishaps()
        hanging = lrs.trouble.hang(after=after)
        address = engine.url.render_as_string(hide_password=False).replace("postgresql+psycopg", "postgresql")
        with _running(address, lrs.address, lrs.user, lrs.password, clock.now.isoformat()) as process:
            assert hanging.reached.wait(60)
            process.kill()
        hanging.let_go()

    return killed


@contextmanager
def _running(*words: str) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, str(Path(__file__).with_name("pusher.py")), *words]
    with subprocess.Popen(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}) as process:
        yield process


@pytest.mark.parametrize("after", [False, True], ids=["before-it-is-kept", "after-it-is-kept"])
def test_nothing_is_lost_and_nothing_is_kept_twice(
    learn: Callable[..., object],
    outbox: Callable[[], list[Outgoing]],
    whole_way: list[Event],
    killed: Kill,
    push: Callable[..., Sent],
    lrs: Lrs,
    clock: Clock,
    session: Session,
    after: bool,
) -> None:
    learn(whole_way)
    ids = {row.statement_id for row in outbox()}
    killed(after=after)
    assert set(lrs.statements) == (ids if after else set())
    assert box.counts(session) == (len(ids), 0, 0)
    assert push() == Sent()  # still in the dead one's hands
    clock.now += LEASE
    assert push() == Sent(delivered=len(ids))
    assert set(lrs.statements) == ids and box.counts(session) == (0, len(ids), 0)


def test_a_push_that_is_killed_between_two_halves_goes_on_where_it_was(
    learn: Callable[..., object],
    outbox: Callable[[], list[Outgoing]],
    whole_way: list[Event],
    killed: Kill,
    push: Callable[..., Sent],
    lrs: Lrs,
    clock: Clock,
    session: Session,
) -> None:
    learn(whole_way)
    bad = outbox()[-1].statement_id
    lrs.trouble.refuse = lambda s: "no" if s["id"] == bad else None

    def refuse_whole_batch() -> None:
        lrs.trouble.answer(413)

    killed(after=True, mishaps=refuse_whole_batch)
    total = len(outbox())
    clock.now += LEASE
    sent = push()
    assert sent.parked == 1 and sent.stopped is None
    assert len(lrs.statements) == total - 1 and box.counts(session) == (0, total - 1, 1)

"""Sending what is due: in batches, with a lease, so that a push that is killed loses nothing and two never collide.

A batch is claimed by moving `due_at` past the longest that a request can take. Whoever holds it sends it and keeps
at once what came of it. A push that dies leaves rows that fall due again by themselves; what had arrived is then
answered with 409, which means delivered.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Update, select, update
from sqlalchemy.orm import Session, sessionmaker

from course.learning.answers import Verdict, pause, reason, verdict
from course.learning.columns import REASON
from course.learning.database import all_or_nothing
from course.learning.lrs import SECONDS, Answer, Lrs, fault_in
from course.learning.tables import Outgoing

BATCH = 50
LEASE = timedelta(seconds=10 * SECONDS)  # a host may have several addresses, and each is tried for so long


@dataclass
class Sent:
    """What a push came to."""

    delivered: int = 0
    parked: int = 0
    put_off: int = 0
    """Left for later, because the LRS was busy, failed or could not be reached."""
    stopped: str | None = None
    """Why no more was sent, where more was due; it is kept."""


class _Row(NamedTuple):
    attempt_id: int
    number: int
    statement_id: str
    tries: int
    body: dict[str, Any]


def send_due(sessions: sessionmaker[Session], lrs: Lrs, clock: Callable[[], datetime]) -> Sent:
    """Send everything that is due, until nothing is or the LRS says stop. Wherever this ends, nothing is lost."""
    push = _Push(sessions, lrs, clock)
    while push.sent.stopped is None and (rows := push.claim()):
        push.send(rows)
    return push.sent


@dataclass
class _Push:
    sessions: sessionmaker[Session]
    lrs: Lrs
    clock: Callable[[], datetime]
    sent: Sent = field(default_factory=Sent)
    lease: datetime | None = None
    """The `due_at` of every row that is ours."""

    def claim(self) -> list[_Row]:
        """The next batch, ours until its lease ends."""
        now = self.clock()
        self.lease = now + LEASE
        due = select(Outgoing.statement_id).where(Outgoing.due_at <= now)
        due = due.order_by(Outgoing.due_at, Outgoing.attempt_id, Outgoing.number, Outgoing.statement_id).limit(BATCH)
        with self.sessions() as session, all_or_nothing(session):
            ids = session.scalars(due.with_for_update(skip_locked=True)).all()
            # Asked once more, since SQLite locks no row: whoever claimed one meanwhile has moved it past `now`.
            ours = update(Outgoing).where(Outgoing.statement_id.in_(ids), Outgoing.due_at <= now)
            ours = ours.values(due_at=self.lease, tries=Outgoing.tries + 1)
            rows = session.execute(ours.returning(*(getattr(Outgoing, name) for name in _Row._fields)))
            return sorted((_Row(*row) for row in rows), key=lambda row: row[:3])

    def send(self, rows: Sequence[_Row]) -> None:
        """Send a batch, in halves where it is refused, and keep what comes of each at once."""
        todo = [self._fit(rows)]
        while todo and self._hold([row for batch in todo for row in batch]):
            batch = todo.pop()
            if not batch:
                continue
            answer = self.lrs.send([row.body for row in batch])
            result = verdict(answer, len(batch), tries=min(row.tries for row in batch))
            if result is Verdict.HALVES:
                middle = len(batch) // 2
                todo += [batch[middle:], batch[:middle]]
                continue
            self._keep(batch, result, answer)
            if self.sent.stopped is not None:
                self._release(row for rest in todo for row in rest)
                return

    def _fit(self, rows: Sequence[_Row]) -> list[_Row]:
        """Those that are statements; what is none is parked, since an LRS refuses a whole batch for it."""
        for row in rows:
            if fault := fault_in(row.body):
                self._park([row], f"Not sent: {fault}.")
        return [row for row in rows if not fault_in(row.body)]

    def _hold(self, rows: Sequence[_Row]) -> bool:
        """Begin the lease anew before a request. False if it had ended and others may have these rows by now."""
        ours, self.lease = self.lease, self.clock() + LEASE
        longer = _these(rows).where(Outgoing.due_at == ours).values(due_at=self.lease)
        with self.sessions() as session, all_or_nothing(session):
            held = session.scalars(longer.returning(Outgoing.statement_id)).all()
        return len(held) == len(rows)

    def _keep(self, batch: Sequence[_Row], result: Verdict, answer: Answer) -> None:
        """What came of sending a batch."""
        now = self.clock()
        match result:
            case Verdict.DELIVERED:
                self._write(_these(batch).values(delivered_at=now, due_at=None, refused_why=None))
                self.sent.delivered += len(batch)
            case Verdict.REFUSED:
                self._park(batch, answer.why)
            case Verdict.STOP:
                self._release(batch)
                self.sent.stopped = reason(answer)
            case Verdict.LATER | Verdict.ONE_LATER:
                for row in batch:
                    until = now + pause(answer, row.tries, now)
                    self._write(_these([row]).where(Outgoing.due_at == self.lease).values(due_at=until))
                self.sent.put_off += len(batch)
                if answer.retry_after:  # said of the LRS, not of these: nothing else is sent before then either
                    until = now + pause(answer, 1, now)
                    self._write(update(Outgoing).where(Outgoing.due_at < until).values(due_at=until))
                if result is Verdict.LATER:
                    self.sent.stopped = reason(answer)

    def _park(self, batch: Sequence[_Row], why: str) -> None:
        words = " ".join("".join(c if c.isprintable() else " " for c in why).split())[:REASON]
        self._write(_these(batch).values(due_at=None, refused_why=words or "The LRS gave no reason."))
        self.sent.parked += len(batch)

    def _release(self, rows: Iterable[_Row]) -> None:
        """Rows that were claimed and not judged are due again at once, and this try does not count."""
        back = _these(list(rows)).where(Outgoing.due_at == self.lease)
        self._write(back.values(due_at=self.clock(), tries=Outgoing.tries - 1))

    def _write(self, change: Update) -> None:
        with self.sessions() as session, all_or_nothing(session):
            session.execute(change.execution_options(synchronize_session=False))


def _these(rows: Sequence[_Row]) -> Update:
    """A change to these rows, but for any that an LRS is known to have."""
    return update(Outgoing).where(
        Outgoing.statement_id.in_([row.statement_id for row in rows]), Outgoing.delivered_at.is_(None)
    )

"""The outbox: XapiStatements kept in the same transaction as their event, until an LRS has them.

Nothing here sends: `course xapi push` does (sending.py), so that no learner ever waits for an LRS.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import Insert, exists, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session, aliased

from course.catalogue.model import Module
from course.catalogue.progress import Progress
from course.learning.database import all_or_nothing
from course.learning.tables import Attempt, Outgoing, Person, StoredEvent
from course.statements.sitting import LONGEST_BREAK, sitting_after
from course.statements.tell import Happened, tell, tell_end
from course.statements.xapi import Attempted, Telling, XapiStatement


class Counts(NamedTuple):
    """How many are where."""

    waiting: int
    delivered: int
    parked: int


class Parked(NamedTuple):
    """One that the LRS refused for good, and why."""

    statement_id: str
    module_id: str
    verb: str
    refused_why: str


def keep(session: Session, telling: Telling, attempt_id: int, *, before: Progress, happened: Happened) -> None:
    """Put what an event tells into the outbox. The caller commits it together with the event."""
    earlier = (StoredEvent.attempt_id == attempt_id, StoredEvent.number < happened.number)
    times = session.scalars(select(StoredEvent.at).where(*earlier).order_by(StoredEvent.number))
    told = tell(telling, _whose(session, attempt_id), happened, before=before, sitting=sitting_after(times))
    _add(session, attempt_id, told)


def end_sittings(session: Session, telling: Telling, modules: Iterable[Module], now: datetime) -> int:
    """Tell the end of every sitting that is over and was not told; gives how many. Commits."""
    by_id = {module.id: module for module in modules}
    found = [
        (attempt_id, tell_end(telling, _whose(session, attempt_id), by_id[module_id], sitting))
        for attempt_id, module_id in _untold_ends(session, now)
        if module_id in by_id and (sitting := sitting_after(_times(session, attempt_id))) and sitting.is_over(now)
    ]
    with all_or_nothing(session):
        for attempt_id, end in found:
            _add(session, attempt_id, [end])
    return len(found)


def counts(session: Session) -> Counts:
    """How many wait, were delivered and are parked."""
    query = select(func.count(Outgoing.due_at), func.count(Outgoing.delivered_at), func.count(Outgoing.refused_why))
    return Counts(*session.execute(query).one())


def parked(session: Session, *, limit: int = 50, offset: int = 0) -> list[Parked]:
    """What an LRS refused for good, the newest attempts first."""
    query = (
        select(Outgoing.statement_id, Attempt.module_id, Outgoing.verb, Outgoing.refused_why)
        .join(Attempt, Attempt.id == Outgoing.attempt_id)
        .where(Outgoing.refused_why.is_not(None))
        .order_by(Outgoing.attempt_id.desc(), Outgoing.number.desc(), Outgoing.statement_id)
        .limit(limit)
        .offset(offset)
    )
    return [Parked(id_, module, verb, why or "") for id_, module, verb, why in session.execute(query)]


def send_again(session: Session, ids: Sequence[str], now: datetime) -> int:
    """Let parked ones be sent once more; gives how many there were. Commits."""
    these = (Outgoing.statement_id.in_(ids), Outgoing.refused_why.is_not(None))
    with all_or_nothing(session):
        again = update(Outgoing).where(*these).values(refused_why=None, due_at=now, tries=0)
        return len(session.scalars(again.returning(Outgoing.statement_id)).all())


def _whose(session: Session, attempt_id: int) -> Attempted:
    """Whose address nobody changes or erases from here to the commit: else an old one would stay in the outbox."""
    query = (
        select(Attempt.person_id, Person.email, Attempt.number, Attempt.version)
        .join(Person, Person.id == Attempt.person_id)
        .where(Attempt.id == attempt_id)
        .with_for_update(read=True, key_share=True, of=Person)
    )
    return Attempted(*session.execute(query).one())


def _times(session: Session, attempt_id: int) -> Iterator[datetime]:
    of_attempt = select(StoredEvent.at).where(StoredEvent.attempt_id == attempt_id)
    return iter(session.scalars(of_attempt.order_by(StoredEvent.number)))


def _untold_ends(session: Session, now: datetime) -> list[tuple[int, str]]:
    """Attempts of which something was told, and whose newest event is old and not known as the end of a sitting."""
    newer, end = aliased(StoredEvent), aliased(Outgoing)
    query = (
        select(Attempt.id, Attempt.module_id)
        .join(StoredEvent, StoredEvent.attempt_id == Attempt.id)
        .where(
            StoredEvent.at < now - LONGEST_BREAK,
            ~exists().where(newer.attempt_id == Attempt.id, newer.number > StoredEvent.number),
            exists().where(Outgoing.attempt_id == Attempt.id),
            ~exists().where(end.attempt_id == Attempt.id, end.number == StoredEvent.number, end.verb == "terminated"),
        )
        .order_by(Attempt.id)
    )
    return [(attempt_id, module_id) for attempt_id, module_id in session.execute(query)]


def _add(session: Session, attempt_id: int, told: Iterable[XapiStatement]) -> None:
    """Add those that are not here yet: an end may be told by the next sitting and by a push at the same moment."""
    for one in told:
        row = {
            "statement_id": one.id,
            "attempt_id": attempt_id,
            "number": one.number,
            "verb": one.verb,
            "body": one.body,
            "due_at": one.at,
            "tries": 0,
        }
        session.execute(_insert_if_new(session).values(row))


def _insert_if_new(session: Session) -> Insert:
    if session.get_bind().dialect.name == "sqlite":
        return sqlite.insert(Outgoing).on_conflict_do_nothing()
    return postgresql.insert(Outgoing).on_conflict_do_nothing()

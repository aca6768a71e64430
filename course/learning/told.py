"""Everything that happened as XapiStatements, made anew from the events: what an export writes."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, exists, select
from sqlalchemy.orm import Session, aliased

from course.catalogue.events import EVENT
from course.catalogue.model import Module
from course.learning.tables import Attempt, Completion, Person, StoredEvent
from course.statements.tell import Happened, statements_of
from course.statements.xapi import Attempted, Telling, XapiStatement

_AT_A_TIME = 1000


def told_since(
    session: Session, telling: Telling, modules: Iterable[Module], *, since: datetime, now: datetime
) -> Iterator[XapiStatement]:
    """What happened at `since` or later, an attempt after the other; a few rows at a time, however many there are.

    The same ids as the outbox has. Attempts at a module that the course no longer has are left out.
    """
    by_id = {module.id: module for module in modules}
    recent = aliased(StoredEvent)
    query = (
        select(Attempt, Person.email, Completion.version, StoredEvent.number, StoredEvent.kind, StoredEvent.body)
        .add_columns(StoredEvent.at)
        .join(Person, Person.id == Attempt.person_id)
        .join(StoredEvent, StoredEvent.attempt_id == Attempt.id)
        .outerjoin(Completion, Completion.attempt_id == Attempt.id)
        .where(Attempt.module_id.in_(by_id), exists().where(recent.attempt_id == Attempt.id, recent.at >= since))
        .order_by(Attempt.id, StoredEvent.number)
        .execution_options(yield_per=_AT_A_TIME)
    )
    for attempt, rows in groupby(session.execute(query), key=lambda row: row[0]):
        first, *more = rows
        who = Attempted(attempt.person_id, first[1], attempt.number, attempt.version, completed_on=first[2])
        events = [_happened(row) for row in (first, *more)]
        told = statements_of(telling, who, by_id[attempt.module_id], events=events, now=now)
        yield from (one for one in told if one.at >= since)


def _happened(row: Row[Any]) -> Happened:
    return Happened(row.number, EVENT.validate_python({"kind": row.kind, **row.body}), row.at)

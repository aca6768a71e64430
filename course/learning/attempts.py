"""What somebody did in a module: replaying their events, and recording the next one."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, exists, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from course.catalogue.events import EVENT, Event
from course.catalogue.model import Module
from course.catalogue.progress import Progress, after, replay
from course.learning import outbox
from course.learning.database import all_or_nothing
from course.learning.tables import Attempt, Completion, StoredEvent
from course.statements.tell import Happened
from course.statements.xapi import Telling


class AlreadyMoved(Exception):
    """Another tab or device has recorded something meanwhile. Read the progress anew and show where they are."""


class NotComplete(Exception):
    """Only a module that was completed is begun again; until then they carry on where they are."""


@dataclass(frozen=True)
class _Newest:
    """The newest attempt at a module; `attempt_id` is None before the first."""

    attempt_id: int | None = None
    number: int = -1
    events: int = 0
    has_completion: bool = False


def progress_in(session: Session, person_id: str, module: Module) -> Progress:
    """Where they are in the newest attempt; empty Progress if there is none."""
    return progress_in_all(session, person_id, [module])[module.id]


def progress_in_all(session: Session, person_id: str, modules: Iterable[Module]) -> dict[str, Progress]:
    """Module id to where they are in their newest attempt, for each of `modules` and in their order, in one query."""
    by_id = {module.id: module for module in modules}
    query = (
        select(Attempt.module_id, StoredEvent.kind, StoredEvent.body)
        .join(StoredEvent, StoredEvent.attempt_id == Attempt.id)
        .where(Attempt.person_id == person_id, Attempt.module_id.in_(by_id), _is_newest())
        .order_by(Attempt.module_id, StoredEvent.number)
    )
    events: dict[str, list[Event]] = {id_: [] for id_ in by_id}
    for module_id, kind, body in session.execute(query):
        events[module_id].append(EVENT.validate_python({"kind": kind, **body}))
    return {id_: replay(module, events[id_]) for id_, module in by_id.items()}


def refreshing(session: Session, person_id: str) -> set[str]:
    """The ids of the modules that they have begun again and not yet completed again."""
    done = exists().where(Completion.attempt_id == Attempt.id)
    query = select(Attempt.module_id).where(Attempt.person_id == person_id, Attempt.number > 0, _is_newest(), ~done)
    return set(session.scalars(query.order_by(Attempt.module_id)))


def may_start_again(session: Session, person_id: str, module: Module) -> bool:
    """Whether their newest attempt at the module is complete, whatever edition it was made on."""
    return _newest(session, person_id, module.id).has_completion


def start_again(session: Session, person_id: str, module: Module, now: datetime) -> None:
    """Begin the next attempt, as a refresher asks; the completion before it stays as it is. Commits.

    Nothing is told to an LRS until something is done in it. Raises NotComplete where the newest attempt is not
    complete, AlreadyMoved where another tab has begun the next one at this moment; with nothing kept either way.
    """
    newest = _newest(session, person_id, module.id)
    if not newest.has_completion:
        session.rollback()
        raise NotComplete
    number = newest.number + 1
    try:
        with all_or_nothing(session):
            session.add(
                Attempt(person_id=person_id, module_id=module.id, number=number, version=module.version, started_at=now)
            )
    except IntegrityError as error:  # two tabs collide on the number
        raise AlreadyMoved from error


def record(
    session: Session,
    person_id: str,
    progress: Progress,
    event: Event,
    now: datetime,
    *,
    telling: Telling | None = None,
) -> Progress:
    """Keep `event` as what follows `progress`, with the completion if it makes one; gives the progress after it.

    With `telling`, what it tells an LRS goes into the outbox at the same moment; nothing is sent here.

    `event` must come from course.catalogue.progress, asked with this `progress`. Starts an attempt if there is
    none. An attempt that is complete goes on taking events, but completes only once. Commits.
    Raises AlreadyMoved, with nothing kept, if `progress` is no longer the newest.
    """
    newest = _newest(session, person_id, progress.module.id)
    if newest.events != progress.events:
        session.rollback()
        raise AlreadyMoved
    moved = after(progress, event)
    try:
        with all_or_nothing(session):
            attempt_id = _insert(session, person_id, newest=newest, moved=moved, event=event, now=now)
            if telling:
                happened = Happened(progress.events, event, now)
                outbox.keep(session, telling, attempt_id, before=progress, happened=happened)
    except IntegrityError as error:
        if _newest(session, person_id, progress.module.id).events == progress.events:
            raise  # nobody else was here: something is wrong, as a person who does not exist
        raise AlreadyMoved from error
    return moved


def stored(event: Event, *, attempt_id: int, number: int, at: datetime) -> StoredEvent:
    """The row that keeps `event`."""
    body = event.model_dump(mode="json", exclude={"kind"})
    return StoredEvent(attempt_id=attempt_id, number=number, kind=event.kind, body=body, at=at)


def _insert(session: Session, person_id: str, *, newest: _Newest, moved: Progress, event: Event, now: datetime) -> int:
    """Gives the id of the attempt that the event is now part of."""
    module, attempt_id = moved.module, newest.attempt_id
    if attempt_id is None:
        attempt = Attempt(person_id=person_id, module_id=module.id, number=0, version=module.version, started_at=now)
        session.add(attempt)
        session.flush()
        attempt_id = attempt.id
    session.add(stored(event, attempt_id=attempt_id, number=moved.events - 1, at=now))
    if moved.complete and not newest.has_completion:
        session.flush()  # the event first: it is what two tabs collide on
        session.add(
            Completion(
                person_id=person_id,
                module_id=module.id,
                attempt_id=attempt_id,
                version=module.version,
                completed_at=now,
            )
        )
    return attempt_id


def _newest(session: Session, person_id: str, module_id: str) -> _Newest:
    events = select(func.count()).where(StoredEvent.attempt_id == Attempt.id).scalar_subquery()
    query = (
        select(Attempt.id, Attempt.number, events, exists().where(Completion.attempt_id == Attempt.id))
        .where(Attempt.person_id == person_id, Attempt.module_id == module_id)
        .order_by(Attempt.number.desc())
        .limit(1)
    )
    row = session.execute(query).one_or_none()
    return _Newest(*row) if row else _Newest()


_OTHER = aliased(Attempt)
"""Made once: to make it anew for each query takes longer than to send the query."""


def _is_newest() -> ColumnElement[bool]:
    same = (_OTHER.person_id == Attempt.person_id, _OTHER.module_id == Attempt.module_id)
    return Attempt.number == select(func.max(_OTHER.number)).where(*same).scalar_subquery()

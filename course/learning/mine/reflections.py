"""What a learner writes for themselves.

Free text lives here only, and nothing else may read this table: no report, export, statement, event or log. It is
given back to the learner who wrote it, replaced when they save again, and gone when they delete it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.tables import Reflection

__all__ = [
    "ChangedMeanwhile",
    "Reflection",
    "Since",
    "dated",
    "delete_reflection",
    "keep_reflection",
    "kept_reflection",
    "kept_reflections",
    "tick",
]
"""Reflection is for naming what these give; tests hold that no other file queries it."""


class ChangedMeanwhile(Exception):
    """Other words were kept, or those kept were deleted, since the form was opened. Show both and ask."""


@dataclass(frozen=True)
class Since:
    """Which words a form was opened on: those kept at this moment; with None, before any were kept."""

    saved_at: datetime | None


def kept_reflection(session: Session, person_id: str, module_id: str) -> Reflection | None:
    """What this person kept for this module, if anything."""
    return session.get(Reflection, (person_id, module_id), populate_existing=True)


def kept_reflections(session: Session, person_id: str) -> Sequence[Reflection]:
    """All that this person kept, what was saved last first. Only for them. One query."""
    mine = select(Reflection).where(Reflection.person_id == person_id)
    return session.scalars(mine.order_by(Reflection.saved_at.desc(), Reflection.module_id)).all()


def keep_reflection(
    session: Session,
    person_id: str,
    module_id: str,
    *,
    answers: Sequence[str],
    commitment: str,
    due_on: date | None,
    who_notices: str,
    now: datetime,
    since: Since | None = None,
) -> Reflection:
    """Keep this in place of what was kept before. Commits.

    The same words again change nothing: what was shared goes on being shown. A commitment in other words is a new
    one, and not done yet. With `since`, raises ChangedMeanwhile, with nothing kept, unless what it names is what is
    kept now: so that an older draft in another tab or on another device replaces nothing.
    """
    values = {"answers": list(answers), "commitment": commitment, "due_on": due_on, "who_notices": who_notices}
    try:
        return _keep(session, person_id, module_id, values=values, now=now, since=since)
    except IntegrityError:  # a button pressed twice: the other request has just made the row, so replace it now
        return _keep(session, person_id, module_id, values=values, now=now, since=since)


def dated(commitment: str, by_when: str) -> tuple[str, date | None]:
    """A commitment and its day. What was written and is no day stays, at the end of the commitment."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"):
        try:
            return commitment, datetime.strptime(by_when.strip(), form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return (f"{commitment} (by {by_when.strip()})".strip() if by_when.strip() else commitment), None


def tick(session: Session, person_id: str, module_id: str, *, done_at: datetime | None) -> bool:
    """Tick their commitment off, or with None open it again; False where they have none. Commits.

    What was ticked off already keeps the day on which it was. It is no new wording: what was shared stays shown.
    """
    mine = (Reflection.person_id == person_id, Reflection.module_id == module_id, Reflection.commitment != "")
    if done_at:
        changes = update(Reflection).where(*mine, Reflection.done_at.is_(None)).values(done_at=done_at)
    else:
        changes = update(Reflection).where(*mine).values(done_at=None)
    with all_or_nothing(session):
        session.execute(changes)
        found = session.scalars(select(Reflection.module_id).where(*mine)).all()
    return bool(found)


def delete_reflection(session: Session, person_id: str, module_id: str) -> None:
    """Delete what this person kept for this module. Commits."""
    with all_or_nothing(session):
        session.execute(delete(Reflection).where(Reflection.person_id == person_id, Reflection.module_id == module_id))


def _keep(
    session: Session, person_id: str, module_id: str, *, values: Mapping[str, Any], now: datetime, since: Since | None
) -> Reflection:
    """One try. Raises IntegrityError where another request has made the row at this moment."""
    kept = kept_reflection(session, person_id, module_id)
    if kept and all(getattr(kept, name) == value for name, value in values.items()):
        session.rollback()
        return kept
    found = kept.saved_at if kept else None
    if since and since.saved_at != found:
        session.rollback()
        raise ChangedMeanwhile
    with all_or_nothing(session):
        if not kept:
            kept = Reflection(person_id=person_id, module_id=module_id, saved_at=now, **values)
            session.add(kept)
            return kept
        saved_at = max(now, kept.saved_at + timedelta(microseconds=1))  # never the same twice
        done_at = kept.done_at if values["commitment"] == kept.commitment else None
        mine = (Reflection.person_id == person_id, Reflection.module_id == module_id, Reflection.saved_at == found)
        changes = (
            update(Reflection).where(*mine if since else mine[:2]).values(**values, saved_at=saved_at, done_at=done_at)
        )
        changed = session.scalars(changes.returning(Reflection.module_id)).all()
        if since and not changed:  # another request was quicker between the two statements
            raise ChangedMeanwhile
    return kept_reflection(session, person_id, module_id) or kept

"""What a learner writes for themselves.

Free text lives here only, and nothing else may read this table: no report, export, statement, event or log. It is
given back to the learner who wrote it, replaced when they save again, and gone when they delete it.
"""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.tables import Reflection


def kept_reflection(session: Session, person_id: str, module_id: str) -> Reflection | None:
    """What this person kept for this module, if anything."""
    return session.get(Reflection, (person_id, module_id), populate_existing=True)


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
) -> Reflection:
    """Keep this in place of what was kept before. Commits."""
    values = {"commitment": commitment, "due_on": due_on, "who_notices": who_notices, "saved_at": now}
    kept = Reflection(person_id=person_id, module_id=module_id, answers=list(answers), **values)
    try:
        return _keep(session, kept)
    except IntegrityError:  # a button pressed twice: the other request has just made the row, so replace it now
        return _keep(session, kept)


def dated(commitment: str, by_when: str) -> tuple[str, date | None]:
    """A commitment and its day. What was written and is no day stays, at the end of the commitment."""
    for form in ("%Y-%m-%d", "%d/%m/%Y", "%d %B %Y"):
        try:
            return commitment, datetime.strptime(by_when.strip(), form).date()  # noqa: DTZ007 (a day has no zone)
        except ValueError:
            continue
    return (f"{commitment} (by {by_when.strip()})".strip() if by_when.strip() else commitment), None


def delete_reflection(session: Session, person_id: str, module_id: str) -> None:
    """Delete what this person kept for this module. Commits."""
    with all_or_nothing(session):
        session.execute(delete(Reflection).where(Reflection.person_id == person_id, Reflection.module_id == module_id))


def _keep(session: Session, reflection: Reflection) -> Reflection:
    with all_or_nothing(session):
        return session.merge(reflection)

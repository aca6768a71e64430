"""The decision of a check whose questions are not answered yet.

It is kept when it is made. Whoever chose has been shown what it turned on, so to ask afresh would ask somebody who
knows. Nothing counts it, and nobody else reads it.
"""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.tables import CheckBegun


def choose(
    session: Session, person_id: str, completion_id: int, *, choice: str, among: Collection[str], now: datetime
) -> None:
    """Keep what somebody chose in a check. Commits. What was chosen first stays, while it is `among` the choices."""
    values = {"choice": choice, "at": now}
    gone = (CheckBegun.completion_id == completion_id, CheckBegun.choice.not_in(among))
    try:
        with all_or_nothing(session):
            if session.get(CheckBegun, completion_id) is None:
                session.add(CheckBegun(completion_id=completion_id, person_id=person_id, **values))
            else:
                session.execute(update(CheckBegun).where(*gone).values(values))
    except IntegrityError:  # a button pressed twice
        if session.get(CheckBegun, completion_id) is None:
            raise


def chosen(session: Session, completion_id: int) -> str | None:
    """The id of what was chosen in a check that is begun. One query."""
    return session.scalar(select(CheckBegun.choice).where(CheckBegun.completion_id == completion_id))

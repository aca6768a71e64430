"""A list of people brought in as its dry run showed it: all of it in one transaction, or nothing."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Literal

from sqlalchemy import text, update
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.lists.import_plan import plan
from course.learning.desk.lists.import_writing import Writing
from course.learning.desk.lists.imports import extent_of, find, sheet_of
from course.learning.desk.people.joining_rules import OutOfScope, Refused
from course.learning.tables import Import, Person


class AlreadyDone(Exception):
    """The list was brought in before, or its rows are not kept any more."""


class PeopleChanged(Exception):
    """The list would do something else now than what whoever decided was shown."""


def apply(
    session: Session,
    by: Person,
    import_id: str,
    *,
    seen: str,
    close: Collection[str] | Literal["all"] = (),
    now: datetime,
) -> dict[str, int]:
    """Bring in what is not refused, and close the accounts of those of Plan.missing whose ids are given or, of “all”,
    of all that may be closed.

    `seen` is the fingerprint of the plan that was shown. Gives what was done, in numbers. Where it raises
    (OutOfScope, AlreadyDone, PeopleChanged, Refused) nothing has changed.
    """
    with all_or_nothing(session):
        _claim(session, import_id, now)
        session.refresh(by, ["access", "team_id", "left_at"])
        if by.left_at:  # of two administrators who close each other's accounts at once, one stays
            raise Refused("Your account was closed a moment ago. Nothing was done.")
        kept = find(session, by, import_id)
        if kept is None:
            raise OutOfScope("There is no such list among those that you uploaded.")
        session.refresh(kept, ["sheet"])
        sheet = sheet_of(kept)
        if sheet is None:
            raise AlreadyDone
        made = plan(session, by, sheet, now=now, of=extent_of(kept))
        if made.fingerprint != seen:
            raise PeopleChanged
        may_close = {person.id for person in made.missing if person.may_close}
        chosen = may_close if close == "all" else set(close)
        if not chosen <= may_close:
            raise Refused("One of these accounts is not for you to close with this list. Nothing was done.")
        done = Writing(session, by, made, now).all(sorted(chosen))
        kept.sheet, kept.counts, kept.done_at = {}, kept.counts | done, now
        audit.keep(session, by, "imported", now=now, what=f"“{kept.file}”: {in_words(done)}")
    session.expire_all()  # what was written for many rows at once is not in the session's objects
    return done


def in_words(counts: Mapping[str, int]) -> str:
    """What a list did, for a sentence."""
    words = {"added": "added", "back": "returned", "changed": "changed", "closed": "closed", "refused": "refused"}
    return (
        ", ".join(f"{counts[name]:,} {word}" for name, word in words.items() if counts.get(name)) or "nothing changed"
    )


def _claim(session: Session, import_id: str, now: datetime) -> None:
    """Whoever presses the button second finds it done; from here to the commit nobody else changes a person.

    On SQLite any write holds the whole database.
    """
    undone = update(Import).where(Import.id == import_id, Import.done_at.is_(None)).values(done_at=now)
    if session.execute(undone, execution_options={"synchronize_session": False}).rowcount != 1:  # type: ignore[attr-defined]
        raise AlreadyDone
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text("LOCK TABLE people IN SHARE ROW EXCLUSIVE MODE"))

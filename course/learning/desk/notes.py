"""What leads write beside an issue: a note, or an action with who does it and by when."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import Session, joinedload

from course.catalogue.model import Module
from course.learning.columns import NAME, TEXT
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.days import day_of, spoken
from course.learning.scope import Scope, scope_of
from course.learning.tables import Note, Person


class WrongNote(Exception):
    """A note that cannot be kept; `errors` has a sentence for each field: text, owner, due."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__(" ".join(errors.values()))
        self.errors = errors


class NoSuchNote(Exception):
    """There is no such note, or it is out of the scope of whoever asked."""


@dataclass(frozen=True)
class Filled:
    """A note as it was filled in. `due` is a day as 2026-11-27, or empty."""

    text: str
    owner: str = ""
    due: str = ""


def notes_in(session: Session, scope: Scope, *, module_id: str | None = None) -> Sequence[Note]:
    """The notes whose writer’s scope lies within `scope`, with who wrote them: by module id, then time. One query."""
    of_module = true() if module_id is None else Note.module_id == module_id
    query = select(Note).where(_covered(scope), of_module).options(joinedload(Note.by, innerjoin=True))
    return session.scalars(query.order_by(Note.module_id, Note.at, Note.id)).all()


def write(session: Session, by: Person, module: Module, *, filled: Filled, now: datetime) -> Note:
    """Keep a note beside a module’s issue, in the scope of whoever writes it. Commits.

    Raises WrongNote with everything that is wrong at once, and NoSuchNote for somebody who leads nothing.
    """
    scope = _scope(by)
    text, owner, due_on = _checked(filled, day_of(now))
    places = {"agency_id": scope.agency_id, "team_id": scope.team_id}
    note = Note(module_id=module.id, **places, by_id=by.id, at=now, text=text, owner=owner, due_on=due_on)
    with all_or_nothing(session):
        session.add(note)
        what = f"Kept {'an action' if due_on else 'a note'} beside issue {module.number}, {module.title}."
        audit.keep(session, by, "noted", now=now, what=what)
    return note


def finish(session: Session, by: Person, module: Module, *, note_id: int, now: datetime) -> None:
    """Mark an action as done; one that is done stays as it is. Commits. Raises NoSuchNote out of scope."""
    is_action = and_(Note.id == note_id, Note.module_id == module.id, Note.due_on.is_not(None))
    note = session.scalar(select(Note).where(is_action, _covered(_scope(by))).with_for_update())
    if note is None:
        raise NoSuchNote("There is no such action beside this issue.")
    if note.done_at is None:
        with all_or_nothing(session):
            note.done_at = now
            what = f"Marked an action beside issue {module.number}, {module.title}, as done."
            audit.keep(session, by, "noted", now=now, what=what)


def _scope(by: Person) -> Scope:
    scope = scope_of(by)
    if scope is None:
        raise NoSuchNote("Notes are for training leads.")
    return scope


def _covered(scope: Scope) -> ColumnElement[bool]:
    """That whoever has this scope may see all of the note’s."""
    conditions = [] if scope.agency_id is None else [Note.agency_id == scope.agency_id]
    conditions += [] if scope.team_id is None else [Note.team_id == scope.team_id]
    return and_(true(), *conditions)


def _checked(filled: Filled, today: date) -> tuple[str, str, date | None]:
    text, owner, due = _clean(filled.text), " ".join(_clean(filled.owner).split()), filled.due.strip()
    day, errors = _day(due), {}
    if not text:
        errors["text"] = "Write the note."
    elif len(text) > TEXT:
        errors["text"] = f"The note has {len(text):,} characters. Shorten it to {TEXT:,} or fewer."
    if len(owner) > NAME:
        errors["owner"] = f"The name of who does it has {len(owner):,} characters. Shorten it to {NAME} or fewer."
    elif due and not owner:
        errors["owner"] = "Say who does it, or leave out by when."
    if due and day is None:
        errors["due"] = "Write the day by when it is done as year, month and day: 2027-03-31."
    elif day and day < today:
        errors["due"] = f"{spoken(day)} is over. Choose today or a later day by when it is done."
    elif owner and not due:
        errors["due"] = "Say by when it is done, or leave out who does it."
    if errors:
        raise WrongNote(errors)
    return text, owner, day


def _clean(text: str) -> str:
    """Without control characters, which databases and documents do not take; a line ends one way."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None

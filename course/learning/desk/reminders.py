"""Reminders: who would get which letter now, and sending them. One letter a person and week, whatever is in it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import numpy as np
from sqlalchemy import func, select, true
from sqlalchemy.orm import Session, aliased

from course.learning.desk.days import day_of
from course.learning.desk.mailbox import Mailbox
from course.learning.desk.picture import Picture
from course.learning.desk.post import Posted, post
from course.learning.desk.reminder_words import Due, Line, Reminder, Terms, draft_of
from course.learning.desk.status import DUE_SOON, EXPIRED, OVERDUE, VOIDED
from course.learning.scope import Scope, in_team, scope_of
from course.learning.tables import Letter, Person


class NotALead(Exception):
    """Only a training lead sends reminders, and only to people in scope."""


@dataclass(frozen=True)
class Plan:
    """Who gets a letter now, and who does not yet; each by name."""

    go: list[Reminder] = field(default_factory=list)
    held: list[Reminder] = field(default_factory=list)
    """Those who had one in the last seven days."""
    without_password: int = 0
    """How many have something due and cannot sign in yet: an invitation is what they need."""


@dataclass(frozen=True)
class _Reader:
    """Somebody who may be written to, as far as letters are concerned."""

    id: str
    name: str
    email: str
    has_password: bool
    wants: bool
    manager_id: str | None
    has_manager: bool
    """Whether the one named there is somebody who signs in, in scope or not."""
    access: str
    team_id: int


def plan(
    session: Session, picture: Picture, *, now: datetime, may_opt_out: bool = False, by: Person | None = None
) -> Plan:
    """Who would get which letter now. Two queries.

    A learner gets what is due soon, overdue, expired or voided among what they are asked to do. So does whoever
    manages them, in one list with all others; where nobody is named, or the one named cannot sign in, the training
    leads of their team do. With `by`, only people in that lead’s scope get one or stand in one: raises NotALead.
    """
    scope = scope_of(by) if by else Scope(None, None)
    if scope is None:
        raise NotALead
    readers = {reader.id: reader for reader in _readers(session, scope)}
    lines = dict(_lines(picture, readers))
    others = _by_manager(readers, lines)
    last, today = _last_letters(session), day_of(now)
    made = Plan(without_password=sum(not readers[id_].has_password for id_ in lines))
    for reader in readers.values():
        own, theirs = lines.get(reader.id, ()), others.get(reader.id, ())
        if not reader.has_password or (may_opt_out and not reader.wants) or not (own or theirs):
            continue
        found = Reminder(reader.id, reader.name, reader.email, own, tuple(theirs), last.get(reader.id))
        (made.held if found.next_on and found.next_on > today else made.go).append(found)
    return made


def remind(
    session: Session,
    picture: Picture,
    *,
    now: datetime,
    mailbox: Mailbox,
    terms: Terms,
    by: Person | None = None,
    seconds: float | None = None,
) -> Posted:
    """Send everybody their letter who gets one now. See plan and post: run twice at once, each goes once."""
    going = plan(session, picture, now=now, may_opt_out=terms.may_opt_out, by=by).go
    drafts = [draft_of(reminder, terms) for reminder in going]
    return post(session, mailbox, drafts, now=now, by=by, seconds=seconds)


def _readers(session: Session, scope: Scope) -> Iterable[_Reader]:
    """Everybody in scope who has not left, by name."""
    everybody = scope.agency_id is None and scope.team_id is None
    in_scope = true() if everybody else Person.team.has(in_team(scope.agency_id, scope.team_id))
    manager = aliased(Person)
    signs_in = manager.left_at.is_(None) & (manager.password_hash != "") & (manager.id != Person.id)
    query = (
        select(Person.id, Person.name, Person.email, Person.password_hash != "", Person.wants_reminders)
        .add_columns(Person.manager_id, manager.id.is_not(None), Person.access, Person.team_id)
        .join(manager, (manager.id == Person.manager_id) & signs_in, isouter=True)
        .where(Person.left_at.is_(None), in_scope)
        .order_by(Person.name, Person.id)
    )
    return (_Reader(*row) for row in session.execute(query))


def _lines(picture: Picture, readers: Mapping[str, _Reader]) -> Iterable[tuple[str, tuple[Line, ...]]]:
    """Person id to what they are asked to do and is due, for those of the readers who have something."""
    due = np.isin(picture.standing.status, (DUE_SOON, OVERDUE, EXPIRED, VOIDED)) & picture.asked.assigned
    for row in np.flatnonzero(due.any(axis=1) & (picture.team > 0)).tolist():
        if (id_ := picture.people[row].id) in readers:
            yield id_, tuple(_line(picture, row, column) for column in np.flatnonzero(due[row]).tolist())


def _line(picture: Picture, row: int, column: int) -> Line:
    module, cell = picture.modules[column], picture.cell(row, column)
    return Line(module.number, module.title, cell.status, cell.by, cell.completed is not None)


def _by_manager(readers: Mapping[str, _Reader], lines: Mapping[str, tuple[Line, ...]]) -> dict[str, list[Due]]:
    """The id of whoever answers for people to those of them who have something due, by name."""
    leads: dict[int, list[str]] = defaultdict(list)
    for reader in readers.values():
        if reader.access == "team-lead" and reader.has_password:
            leads[reader.team_id].append(reader.id)
    found: dict[str, list[Due]] = defaultdict(list)
    for reader in readers.values():
        if reader.id in lines:
            for id_ in _managers(reader, leads):
                found[id_].append(Due(reader.name, lines[reader.id]))
    return found


def _managers(reader: _Reader, leads: Mapping[int, Sequence[str]]) -> Sequence[str]:
    if reader.manager_id and reader.has_manager:
        return [reader.manager_id]
    return [id_ for id_ in leads.get(reader.team_id, ()) if id_ != reader.id]


def _last_letters(session: Session) -> dict[str, datetime]:
    """Person id to when they got, or may have got, the last reminder."""
    query = select(Letter.person_id, func.max(Letter.at)).where(Letter.kind == "reminder", Letter.once.is_not(None))
    return {id_: at for id_, at in session.execute(query.group_by(Letter.person_id))}

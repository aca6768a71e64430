"""Reminders: who would get which letter now, and sending them. One letter a person and week, whatever is in it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache, partial

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.learning.desk.days import day_of
from course.learning.desk.mail.mailbox import Mailbox
from course.learning.desk.mail.post import Posted, post
from course.learning.desk.mail.reminder_readers import by_manager, readers_of
from course.learning.desk.mail.reminder_words import Line, Reminder, Terms, draft_of
from course.learning.desk.standing.picture import Picture
from course.learning.desk.standing.status import DUE_SOON, EXPIRED, OVERDUE, STATUSES, VOIDED, day_of_number
from course.learning.scope import Scope, scope_of
from course.learning.tables import Letter, Person

_STATUS_IDS = tuple(STATUSES)


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


def plan(
    session: Session, picture: Picture, *, now: datetime, may_opt_out: bool = False, by: Person | None = None
) -> Plan:
    """Who would get which letter now. Three queries, and one more for each 10,000 people of whom something is due.

    A learner gets what is due soon, overdue, expired or voided among what they are asked to do. So does whoever
    manages them, in one list with all others; where nobody is named, or the one named cannot sign in, the training
    leads of their team do. With `by`, only people in that lead’s scope get one or stand in one: raises NotALead.
    """
    scope = scope_of(by) if by else Scope(None, None)
    if scope is None:
        raise NotALead
    lines = _lines(picture, scope)
    readers = readers_of(session, scope, list(lines))
    lines = {id_: found for id_, found in lines.items() if id_ in readers}
    others = by_manager(readers, lines)
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


def _lines(picture: Picture, scope: Scope) -> dict[str, tuple[Line, ...]]:
    """Person id to what they are asked to do and is due, for those in scope who have something."""
    due = np.isin(picture.standing.status, (DUE_SOON, OVERDUE, EXPIRED, VOIDED)) & picture.asked.assigned
    here = picture.team > 0 if scope.team_id is None else picture.team == scope.team_id
    here = here if scope.agency_id is None else here & (picture.agency == scope.agency_id)
    rows, columns = np.nonzero(due & here[:, None])
    status, by, _ = (array[rows, columns].tolist() for array in picture.standing)
    is_again = (picture.done.completed[rows, columns] > 0).tolist()
    line = cache(partial(_line, picture))  # many people have the same, and there may be a hundred thousand of them
    found: dict[str, list[Line]] = defaultdict(list)
    for row, cell in zip(rows.tolist(), zip(columns.tolist(), status, by, is_again, strict=True), strict=True):
        found[picture.people[row].id].append(line(*cell))
    return {id_: tuple(lines) for id_, lines in found.items()}


def _line(picture: Picture, column: int, status: int, by: int, is_again: bool) -> Line:
    module = picture.modules[column]
    return Line(module.number, module.title, _STATUS_IDS[status], day_of_number(by), is_again)


def _last_letters(session: Session) -> dict[str, datetime]:
    """Person id to when they got, or may have got, the last reminder."""
    query = select(Letter.person_id, func.max(Letter.at)).where(Letter.kind == "reminder", Letter.once.is_not(None))
    return {id_: at for id_, at in session.execute(query.group_by(Letter.person_id))}

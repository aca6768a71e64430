"""Whom reminders may be written to, and who answers for whom: a manager who works in the same agency now.

Whoever went to another agency hears nothing more of the people there, also where nobody has named a new manager yet.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session, aliased

from course.learning.desk.mail.reminder_words import Due, Line
from course.learning.scope import Scope, in_team
from course.learning.tables import Person, Team

AT_ONCE = 10_000
"""Ids in a query: databases take no more than some tens of thousands."""


class Reader(NamedTuple):
    """Somebody who may be written to, as far as letters are concerned."""

    id: str
    name: str
    email: str
    has_password: bool
    wants: bool
    manager_id: str | None
    has_manager: bool
    """Whether the one named there is somebody else of the same agency and signs in, in scope or not."""
    access: str
    team_id: int


def readers_of(session: Session, scope: Scope, due: Sequence[str]) -> dict[str, Reader]:
    """By id: those of whom something is due, whoever is named as their manager, and all team leads, by name.

    Only those in scope who have not left. Three queries, and two more for each 10,000 people beyond the first.
    """
    found = _read(session, scope, Person.access == "team-lead")
    for start in range(0, len(due), AT_ONCE):
        found |= _read(session, scope, Person.id.in_(due[start : start + AT_ONCE]))
    managers = sorted({reader.manager_id for reader in found.values() if reader.manager_id} - found.keys())
    for start in range(0, len(managers), AT_ONCE):
        found |= _read(session, scope, Person.id.in_(managers[start : start + AT_ONCE]))
    return dict(sorted(found.items(), key=lambda item: (item[1].name, item[0])))


def _read(session: Session, scope: Scope, condition: ColumnElement[bool]) -> dict[str, Reader]:
    everybody = scope.agency_id is None and scope.team_id is None
    in_scope = true() if everybody else Person.team.has(in_team(scope.agency_id, scope.team_id))
    manager, own, theirs = aliased(Person), aliased(Team), aliased(Team)
    signs_in = manager.left_at.is_(None) & (manager.password_hash != "") & (manager.id != Person.id)
    query = (
        select(Person.id, Person.name, Person.email, Person.password_hash != "", Person.wants_reminders)
        .add_columns(Person.manager_id, theirs.id.is_not(None), Person.access, Person.team_id)
        .join(own, own.id == Person.team_id)
        .join(manager, (manager.id == Person.manager_id) & signs_in, isouter=True)
        .join(theirs, (theirs.id == manager.team_id) & (theirs.agency_id == own.agency_id), isouter=True)
        .where(Person.left_at.is_(None), in_scope, condition)
        .order_by(Person.id)
    )
    return {row[0]: Reader(*row) for row in session.execute(query)}


def by_manager(readers: Mapping[str, Reader], lines: Mapping[str, tuple[Line, ...]]) -> dict[str, list[Due]]:
    """The id of whoever answers for people to those of them of whom something is due, by name.

    Where nobody is named, or the one named cannot sign in, that is the training leads of their team. Nobody answers
    for themselves.
    """
    leads: dict[int, list[str]] = defaultdict(list)
    for reader in readers.values():
        if reader.access == "team-lead" and reader.has_password:
            leads[reader.team_id].append(reader.id)
    found: dict[str, list[Due]] = defaultdict(list)
    for reader in readers.values():
        if reader.id in lines:
            for id_ in _answers_for(reader, leads):
                found[id_].append(Due(reader.name, lines[reader.id]))
    return found


def _answers_for(reader: Reader, leads: Mapping[int, Sequence[str]]) -> Sequence[str]:
    if reader.manager_id and reader.has_manager:
        return [reader.manager_id]
    return [id_ for id_ in leads.get(reader.team_id, ()) if id_ != reader.id]

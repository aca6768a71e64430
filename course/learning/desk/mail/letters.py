"""The reminders that were sent to people in scope, and what came of them."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, joinedload

from course.learning.scope import Scope, in_team
from course.learning.tables import Letter, Person


def newest_reminders(session: Session, scope: Scope, *, limit: int, offset: int = 0) -> Sequence[Letter]:
    """The newest first, with whom they went to. One query."""
    return _letters(session, _in_scope(scope), limit=limit, offset=offset)


def lost_reminders(session: Session, scope: Scope, *, since: datetime, limit: int) -> Sequence[Letter]:
    """Those since a moment that failed, came back or may not have gone, the newest first. One query."""
    return _letters(session, _in_scope(scope) & (Letter.at >= since) & (Letter.state != "sent"), limit=limit)


def count_reminders(session: Session, scope: Scope, *, since: datetime) -> dict[str, int]:
    """State to how many reminders since a moment are in it. One query."""
    query = select(Letter.state, func.count()).where(_in_scope(scope), Letter.at >= since).group_by(Letter.state)
    return {state: count for state, count in session.execute(query.order_by(Letter.state))}


def _letters(session: Session, condition: ColumnElement[bool], *, limit: int, offset: int = 0) -> Sequence[Letter]:
    query = select(Letter).where(condition).options(joinedload(Letter.person, innerjoin=True))
    return session.scalars(query.order_by(Letter.at.desc(), Letter.id.desc()).limit(limit).offset(offset)).all()


def _in_scope(scope: Scope) -> ColumnElement[bool]:
    everybody = scope.agency_id is None and scope.team_id is None
    in_scope = Letter.person.has(Person.team.has(in_team(scope.agency_id, scope.team_id)))
    return (Letter.kind == "reminder") & (true() if everybody else in_scope)

"""What people are asked to do: the assignments that touch a lead’s scope, and which of them the lead may change."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, Select, and_, or_, select, true
from sqlalchemy.orm import Session, aliased, joinedload

from course.learning.people import normal_email
from course.learning.scope import Scope, in_team, may_see, scope_of
from course.learning.tables import Assignment, Person, Team


class NotYours(Exception):
    """Outside the scope of whoever asked; the message is a sentence for them."""


def find(session: Session, by: Person, assignment_id: int) -> Assignment:
    """An assignment that `by` may change, ended or not, with whom it asks. One query. Raises NotYours."""
    row = session.scalar(whole(Assignment.id == assignment_id))
    if row is None or not may_change(scope_of(by), row):
        raise NotYours("There is no such assignment that you may change.")
    return row


def find_asked(session: Session, by: Person, email: str) -> Person | None:
    """The person with this address whom `by` may ask: in scope, and has not left. One query."""
    scope = scope_of(by)
    query = select(Person).where(Person.email == normal_email(email), Person.left_at.is_(None))
    found = session.scalar(query.options(joinedload(Person.team, innerjoin=True).joinedload(Team.agency)))
    return found if scope and found and may_see(scope, found) else None


def newest_of(session: Session, row: Assignment) -> Assignment:
    """What an assignment has become: itself, or the newest that was put in its place."""
    while newer := session.scalar(whole(Assignment.replaces_id == row.id)):
        row = newer
    return row


def may_change(scope: Scope | None, row: Assignment) -> bool:
    """Whether all whom it asks are in the scope."""
    if scope is None:
        return False
    if scope == Scope(agency_id=None, team_id=None):
        return True
    if row.person_id is not None:
        return row.person is not None and may_see(scope, row.person)
    if row.team is not None:
        return scope.team_id in (None, row.team.id) and row.team.agency_id == scope.agency_id
    return scope.team_id is None and row.agency_id == scope.agency_id


def assignments_in(session: Session, scope: Scope) -> Sequence[Assignment]:
    """What people in scope are asked now, the newest first, also where it reaches further. One query."""
    query = whole(_touches(scope), Assignment.ended_at.is_(None))
    return session.scalars(query.order_by(Assignment.made_at.desc(), Assignment.id.desc())).all()


def ended_in(session: Session, scope: Scope, *, limit: int, offset: int = 0) -> Sequence[tuple[Assignment, bool]]:
    """What is no longer asked, the newest end first, and whether another wording took its place. One query."""
    newer = aliased(Assignment)
    replaced = select(newer.id).where(newer.replaces_id == Assignment.id).exists()
    query = whole(_touches(scope), Assignment.ended_at.is_not(None)).add_columns(replaced)
    order = (Assignment.ended_at.desc(), Assignment.id.desc())
    return [(row, bool(was)) for row, was in session.execute(query.order_by(*order).limit(limit).offset(offset))]


def _touches(scope: Scope) -> ColumnElement[bool]:
    """It asks somebody in scope, or would if they were there: whatever it names lies in the scope or around it."""
    inside = in_team(scope.agency_id, scope.team_id)
    mine = true() if scope.agency_id is None else Assignment.agency_id == scope.agency_id
    agency = or_(Assignment.agency_id.is_(None), mine)
    team = or_(Assignment.team_id.is_(None), Assignment.team.has(inside))
    person = or_(Assignment.person_id.is_(None), Assignment.person.has(Person.team.has(inside)))
    return and_(agency, team, person)


def whole(*conditions: ColumnElement[bool]) -> Select[Assignment]:
    """Assignments with whom they ask and who made and ended them, as they are in the database at this moment."""
    team = joinedload(Assignment.team).joinedload(Team.agency)
    person = joinedload(Assignment.person).joinedload(Person.team).joinedload(Team.agency)
    people = (joinedload(Assignment.made_by, innerjoin=True), joinedload(Assignment.ended_by))
    query = select(Assignment).where(*conditions).options(joinedload(Assignment.agency), team, person, *people)
    return query.execution_options(populate_existing=True)

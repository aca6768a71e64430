"""An assignment before it is kept: everything that is wrong with it, and the row that would be kept."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk.assigning.asked import NotYours, may_change
from course.learning.desk.assigning.wording import Faults, Wording, faults_of
from course.learning.desk.days import day_of
from course.learning.desk.people.joining_rules import covers
from course.learning.people import find_person
from course.learning.scope import may_see, scope_of
from course.learning.tables import Agency, Assignment, Person, Team


class Wrong(Exception):
    """Terms that cannot be asked. `faults` has the field and what is wrong there, all at once."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(" ".join(sentence for sentences in faults.values() for sentence in sentences))
        self.faults = faults


def draft(
    session: Session,
    by: Person,
    wording: Wording,
    *,
    course: Sequence[Module],
    now: datetime,
    former: Assignment | None = None,
) -> Assignment:
    """The row that would be kept, in place of `former` where it is given; nothing is kept.

    Raises NotYours where it would ask anybody outside the scope of `by`, Wrong where it cannot be asked.
    """
    row = placed(session, by, wording)
    row.made_by_id, row.made_by, row.made_at = by.id, by, now
    row.counts_from = former.counts_from if former else now
    if not may_change(scope_of(by), row):
        raise NotYours("You can ask only people in your own scope. Choose a team, an agency or a person in it.")
    earlier = Wording.of(former) if former else None
    known = [module.id for module in course]
    faults = faults_of(wording, known=known, today=day_of(now), former=earlier)
    for field, sentences in _faults_of_places(row).items():
        faults[field] = [*faults.get(field, []), *sentences]
    if same := _same(session, wording, other_than=former):
        since = day_of(same.made_at).isoformat()
        faults["modules"].append(f"Exactly this is asked already, since {since}. Change that assignment instead.")
    if found := {field: sentences for field, sentences in faults.items() if sentences}:
        raise Wrong(found)
    return row


def placed(session: Session, by: Person, wording: Wording) -> Assignment:
    """The row of a wording, with the agency, team and person that it names where `by` sees such: no name of others."""
    scope, row = scope_of(by), wording.row()
    agency = session.get(Agency, wording.agency_id) if wording.agency_id is not None else None
    team = session.get(Team, wording.team_id) if wording.team_id is not None else None
    person = find_person(session, wording.person_id) if wording.person_id is not None else None
    if scope is not None:
        row.agency = agency if agency and scope.agency_id in (None, agency.id) else None
        row.team = team if team and covers(scope, team.agency_id, team.id) else None
        row.person = person if person and may_see(scope, person) else None
    return row


def _faults_of_places(row: Assignment) -> Faults:
    """Faults of agency, team and person that only the database knows."""
    faults: Faults = {}
    if row.agency_id is not None and row.agency is None:
        faults["agency"] = ["Choose an agency from the list."]
    if row.team_id is not None and row.team is None:
        faults["team"] = ["Choose a team from the list."]
    elif row.team and row.agency and row.team.agency_id != row.agency_id:
        faults["team"] = [f"{row.team.name} is not in {row.agency.name}. Choose one of its teams, or another agency."]
    if row.person_id is not None and row.person is None:
        faults["person"] = ["Nobody has this id."]
    elif row.person and row.person.left_at:
        faults["person"] = [f"{row.person.name} has left. Choose somebody who is here."]
    return faults


def _same(session: Session, wording: Wording, *, other_than: Assignment | None) -> Assignment | None:
    """An assignment with exactly these terms that is in force: most often a form that was sent twice."""
    like = (
        Assignment.agency_id.is_not_distinct_from(wording.agency_id),
        Assignment.team_id.is_not_distinct_from(wording.team_id),
        Assignment.person_id.is_not_distinct_from(wording.person_id),
        Assignment.ended_at.is_(None),
    )
    found = session.scalars(select(Assignment).where(*like).order_by(Assignment.id))
    return next((row for row in found if row is not other_than and Wording.of(row) == wording), None)

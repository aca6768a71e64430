"""What somebody completed, each time, with where they worked then and the certificate that was made of it."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import ScalarSelect, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from course.learning.desk.days import day_of
from course.learning.desk.people.not_said import is_not_said
from course.learning.tables import Agency, Certificate, Completion, FormerPlace, Person, Team


class Worked(NamedTuple):
    """Where somebody worked at a moment. `agency` is empty where the records do not tell, or nobody has said it yet."""

    role: str
    """A key of ROLES."""
    agency: str


@dataclass(frozen=True)
class Completed:
    """One completion; a refresher is one of its own."""

    id: int
    module_id: str
    version: str
    at: datetime
    nth: int
    """1 for the first of its module."""
    worked: Worked
    certificate: Certificate | None
    """None until somebody first looks at it."""

    @property
    def day(self) -> date:
        """The day in London."""
        return day_of(self.at)


def all_completed(session: Session, person: Person) -> list[Completed]:
    """Every completion of this person, the oldest first; `person` with team and agency. One query.

    The role is what it was at that moment: a record of learning says what somebody did as what.
    """
    query = (
        select(Completion, Certificate, _then(FormerPlace.role), _then(Agency.name))
        .outerjoin(Certificate, Certificate.completion_id == Completion.id)
        .where(Completion.person_id == person.id)
        .order_by(Completion.completed_at, Completion.id)
    )
    seen: dict[str, int] = {}
    found = []
    for completion, certificate, role, agency in session.execute(query):
        nth = seen[completion.module_id] = seen.get(completion.module_id, 0) + 1
        found.append(
            Completed(
                id=completion.id,
                module_id=completion.module_id,
                version=completion.version,
                at=completion.completed_at,
                nth=nth,
                worked=_worked(person, role, agency),
                certificate=certificate,
            )
        )
    return found


def _then(column: InstrumentedAttribute[str]) -> ScalarSelect[str | None]:
    """What stands in `column` for the place that they were in at the completion, where they have moved on since."""
    later = (FormerPlace.person_id == Completion.person_id, FormerPlace.until > Completion.completed_at)
    places = select(column).select_from(FormerPlace).join(Team, Team.id == FormerPlace.team_id, isouter=True)
    with_agency = places.join(Agency, Agency.id == Team.agency_id, isouter=True).where(*later)
    return with_agency.order_by(FormerPlace.until, FormerPlace.id).limit(1).scalar_subquery()


def _worked(person: Person, role: str | None, agency: str | None) -> Worked:
    if role is None:
        role, agency = person.role, person.team.agency.name
    return Worked(role, "" if agency is None or is_not_said(agency) else agency)

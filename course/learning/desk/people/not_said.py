"""What a lead leaves open about somebody, who says it at their first sign-in.

Until then they stand in a team called NOT_SAID, of an agency called so where that is open too, and count as
practitioners. None of that was ever true, so nothing of it stays in their history once they have said what is. What
they answered meanwhile is counted for no agency, for good: Person.agency_since (decisions/0009).
"""

from collections.abc import Collection
from typing import NamedTuple, TypeVar

from sqlalchemy import Table, bindparam, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from course.learning.desk.people.written import fold
from course.learning.tables import Agency, FormerPlace, Person, Team

NOT_SAID = "Not said yet"
FIRST_ROLE = "practitioner"
Row = TypeVar("Row", Agency, Team)
OPEN = ("role", "agency")
"""What may stand in Person.to_say, in the order in which it is asked."""


class Spot(NamedTuple):
    """Where somebody stands in their team and role."""

    team_id: int
    role: str


def is_not_said(name: str) -> bool:
    """Whether this is the name of the agency or team of those who have not said theirs."""
    return fold(name) == fold(NOT_SAID)


def is_told_now(agency: str, new_agency: str) -> bool:
    """Whether a move from one agency to another tells the first that somebody is known to be in."""
    return is_not_said(agency) and not is_not_said(new_agency)


def still_open(to_say: Collection[str], *, team: str, role_said: bool) -> list[str]:
    """What is left to say of this, for whoever is in the team of this name now."""
    is_open = {"role": "role" in to_say and not role_said, "agency": is_not_said(team)}
    return [what for what in OPEN if is_open[what]]


def lacks_place(access: str, *, agency: str, team: str) -> bool:
    """Whether this access is to a place that its holder would choose by saying where they work."""
    return is_not_said(team) if access == "team-lead" else access == "agency-lead" and is_not_said(agency)


LACKS_PLACE = "Whoever leads a team or an agency has to have one: they would choose by it whose records they see."


def untrue(to_say: Collection[str], *, agency: str, new_agency: str) -> list[str]:
    """What of where somebody stands in this agency was never true, now that they are in the new one.

    Whoever left a known agency before they said their team was in that agency.
    """
    was_there = not is_not_said(agency) and fold(agency) != fold(new_agency)
    return [what for what in to_say if what == "role" or not was_there]


def spot_before(never_true: Collection[str], before: Spot, after: Spot) -> Spot | None:
    """Where somebody was before a move, for their history: what was never true is taken as it is now.

    None where nothing else has changed.
    """
    team_id = after.team_id if "agency" in never_true else before.team_id
    role = after.role if "role" in never_true else before.role
    return None if (team_id, role) == after else Spot(team_id, role)


def place_not_said(session: Session, agency: Agency | None) -> Team:
    """The team of those who have not said theirs yet: of this agency, or of none that is known.

    Made when it is first needed, for whoever commits it; two who need it at once make one.
    """
    agency_id = agency.id if agency else _made(session, Agency, name=NOT_SAID).id
    return _made(session, Team, agency_id=agency_id, name=NOT_SAID)


def _made(session: Session, table: type[Row], **values: int | str) -> Row:
    wanted = select(table).filter_by(**values)
    if found := session.scalar(wanted):
        return found
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    session.execute(insert(table).values(**values).on_conflict_do_nothing())
    return session.scalars(wanted).one()


class Righted(NamedTuple):
    """Somebody whose history is put right."""

    id: str
    never_true: Collection[str]
    before: Spot
    after: Spot


def put_right(session: Session, people: Collection[Righted]) -> None:
    """Put what was never true in people's histories as it is now: whoever left and came back has it there.

    Two statements for any number of people.
    """
    former = FormerPlace.__table__
    assert isinstance(former, Table)  # noqa: S101 - for the types
    whose = former.c.person_id == bindparam("whose")
    moved = [(x.id, x.before.team_id, x.after.team_id) for x in people if "agency" in x.never_true]
    teams = [{"whose": id_, "old": old, "new": new} for id_, old, new in moved]
    roles = [{"whose": x.id, "new": x.after.role} for x in people if "role" in x.never_true]
    if teams:
        of_team = former.update().where(whose, former.c.team_id == bindparam("old"))
        session.connection().execute(of_team.values(team_id=bindparam("new")), teams)
    if roles:
        session.connection().execute(former.update().where(whose).values(role=bindparam("new")), roles)


def role_is_open(person: Person) -> bool:
    """Whether somebody has yet to say their role."""
    return "role" in person.to_say

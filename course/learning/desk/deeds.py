"""Who did what, for a lead to read: the lines of the audit, as far as they are theirs to see.

Whoever leads a team or an agency sees what its people did while they were in it. Two things could tell them of people
elsewhere, and so are kept from them: what is done by somebody whose access is wider than theirs, or was then, which is
left out, and whom something was about who is not in their scope, which is not named.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from course.learning.desk.days import end_of, start_of
from course.learning.mine.erased import was_erased
from course.learning.scope import Scope, in_team
from course.learning.tables import ACCESS, Agency, Audit, FormerPlace, Person, Team

ROWS_AT_A_TIME = 2000
ELSEWHERE = "Somebody outside your scope"


class Deed(NamedTuple):
    """A line of the audit."""

    at: datetime
    by: str
    """Name and address."""
    agency: str
    team: str
    """Where whoever did it is now."""
    act: str
    """An id of audit.ACTS."""
    about: str
    """Name and address; empty where it is about nobody."""
    what: str


class Sought(NamedTuple):
    """Which lines are sought: all of these together. None and the empty name ask for nothing."""

    act: str | None = None
    """An id of audit.ACTS."""
    name: str = ""
    """A part of the name or address of whoever did it, or of whom it is about, where that may be seen."""
    day: date | None = None


def deeds_in(session: Session, scope: Scope, sought: Sought, *, limit: int, offset: int = 0) -> Sequence[Deed]:
    """What people in scope did, as far as it is sought, the newest first. One query."""
    query = _lines(scope, sought).limit(limit).offset(offset)
    return [_deed(scope, row) for row in session.execute(query)]


def every_deed(session: Session, scope: Scope, sought: Sought) -> Iterator[Deed]:
    """All of it as `deeds_in` has it at this moment, read as it is asked for: what is done meanwhile is not in it."""
    newest = session.scalar(select(func.max(Audit.id))) or 0
    return _read(session, scope, _lines(scope, sought).where(Audit.id <= newest))


def _read(session: Session, scope: Scope, query: Select[Any]) -> Iterator[Deed]:
    """Begun with the first line: whoever asks may have something of their own to commit before."""
    for row in session.execute(query, execution_options={"yield_per": ROWS_AT_A_TIME}):
        yield _deed(scope, row)


_About, _AboutTeam = aliased(Person), aliased(Team)


def _lines(scope: Scope, sought: Sought) -> Select[Any]:
    return (
        select(Audit.at, Person.name, Person.email, Agency.name, Team.name, Audit.act, Audit.what)
        .add_columns(_About.name, _About.email, _AboutTeam.id, _AboutTeam.agency_id)
        .join(Person, Person.id == Audit.by_id)
        .join(Team, Team.id == Person.team_id)
        .join(Agency, Agency.id == Team.agency_id)
        .join(_About, _About.id == Audit.about_id, isouter=True)
        .join(_AboutTeam, _AboutTeam.id == _About.team_id, isouter=True)
        .where(_theirs(scope), *_fitting(scope, sought))
        .order_by(Audit.at.desc(), Audit.id.desc())
    )


def _fitting(scope: Scope, sought: Sought) -> Iterator[ColumnElement[bool]]:
    if sought.act is not None:
        yield Audit.act == sought.act
    if sought.day is not None:
        yield and_(Audit.at >= start_of(sought.day), Audit.at < end_of(sought.day))
    if name := sought.name:
        in_scope = [] if scope.agency_id is None else [_AboutTeam.agency_id == scope.agency_id]
        in_scope += [] if scope.team_id is None else [_AboutTeam.id == scope.team_id]
        # Whoever is not named to this lead cannot be found by their name either.
        yield or_(_is_called(Person, name), and_(_is_called(_About, name), *in_scope))


def _is_called(person: type[Person], name: str) -> ColumnElement[bool]:
    return or_(person.name.icontains(name, autoescape=True), person.email.icontains(name, autoescape=True))


def _theirs(scope: Scope) -> ColumnElement[bool]:
    if scope.agency_id is None:
        return true()
    widths = list(ACCESS)
    widest = widths.index("agency-lead" if scope.team_id is None else "team-lead")
    place = aliased(Team)
    beyond = place.agency_id != scope.agency_id if scope.team_id is None else place.id != scope.team_id
    was_elsewhere = (
        select(FormerPlace.id)
        .join(place, place.id == FormerPlace.team_id)
        .where(FormerPlace.person_id == Audit.by_id, FormerPlace.until > Audit.at, beyond)
        .exists()
    )
    given = aliased(Audit)
    no_wider = widths[: widest + 1]
    from_no_wider = or_(*(given.what.startswith(f"{ACCESS[access]} →", autoescape=True) for access in no_wider))
    had_wider = (  # until that line; one in words that are not known is taken for such
        select(given.id)
        .where(given.about_id == Audit.by_id, given.act == "gave-access", given.at >= Audit.at, ~from_no_wider)
        .exists()
    )
    is_theirs = and_(in_team(scope.agency_id, scope.team_id), Person.access.in_(no_wider))
    return and_(is_theirs, ~was_elsewhere, ~had_wider)


def _deed(scope: Scope, row: Row[Any]) -> Deed:
    at, name, email, agency, team, act, what, about, about_email, team_id, agency_id = tuple(row)
    is_hidden = team_id is not None and not _is_in(scope, agency_id, team_id)
    if is_hidden:
        about, what = ELSEWHERE, ""
    elif about is not None:
        what = "" if was_erased(about_email) else what  # it may hold the name and address that they had
        about = f"{about} ({about_email})"
    return Deed(at, f"{name} ({email})", agency, team, act, about or "", what)


def _is_in(scope: Scope, agency_id: int, team_id: int) -> bool:
    return scope.agency_id in (None, agency_id) and scope.team_id in (None, team_id)

"""Where people worked at a moment, and since when: read from where they are now and where they were before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, select, true
from sqlalchemy.orm import Session

from course.learning.columns import epoch
from course.learning.tables import FormerPlace, Person, Team

Seconds = int
"""Whole seconds since 1970-01-01 UTC."""

ALWAYS = 2**40
"""Later than any moment."""


class Place(NamedTuple):
    """Where somebody is: a team of an agency, in a role. A team of None is none: they have left."""

    agency_id: int | None
    team_id: int | None
    role: str


class Since(NamedTuple):
    """From when on, without a break, somebody has been here at all, and in this agency, team and role."""

    here: Seconds
    agency: Seconds
    team: Seconds
    role: Seconds


@dataclass(frozen=True, slots=True)
class Placed:
    """Somebody at a moment. `place` is where they were; one of no team where they were not (or not any more) here."""

    id: str
    name: str
    email: str
    place: Place
    since: Since


def placed(session: Session, moment: Seconds, *, person_ids: Iterable[str] | None = None) -> list[Placed]:
    """Everybody, or those asked for, as they were just before `moment`, by id. Two queries."""
    who = true() if person_ids is None else Person.id.in_(ids := list(person_ids))
    whose = true() if person_ids is None else FormerPlace.person_id.in_(ids)
    former = _former(session, whose)
    query: Select[Any] = (
        select(Person.id, Person.name, Person.email, Team.agency_id, Person.team_id, Person.role)
        .add_columns(epoch(Person.joined_at), epoch(Person.left_at))
        .join(Team, Team.id == Person.team_id)
        .where(who)
        .order_by(Person.id)
    )
    return [_placed(row, former.get(row[0], ()), moment) for row in session.execute(query)]


def _former(session: Session, whose: ColumnElement[bool]) -> dict[str, list[tuple[Seconds, Place]]]:
    query = (
        select(FormerPlace.person_id, epoch(FormerPlace.until), Team.agency_id, FormerPlace.team_id, FormerPlace.role)
        .join(Team, Team.id == FormerPlace.team_id, isouter=True)
        .where(whose)
        .order_by(FormerPlace.person_id, FormerPlace.until, FormerPlace.id)
    )
    rows = groupby(session.execute(query), key=itemgetter(0))
    return {id_: [(row[1], Place(*row[2:])) for row in some] for id_, some in rows}


def _placed(row: Sequence[Any], former: Iterable[tuple[Seconds, Place]], moment: Seconds) -> Placed:
    id_, name, email, agency_id, team_id, role, joined, left = row
    now, away = Place(agency_id, team_id, role), Place(None, None, role)
    spans = [*former, (ALWAYS, now)] if left is None else [*former, (left, now), (ALWAYS, away)]
    place, since, begins = away, Since(joined, joined, joined, joined), joined
    for until, following in spans:
        if begins >= moment:
            break
        since = _since(since, place, following, at=begins)
        place, begins = following, until
    return Placed(id_, name, email, place, since)


def _since(since: Since, before: Place, after: Place, *, at: Seconds) -> Since:
    """A break starts everything anew; a move starts what is another after it."""
    if before.team_id is None or after.team_id is None:
        return Since(at, at, at, at)
    return Since(
        since.here,
        since.agency if before.agency_id == after.agency_id else at,
        since.team if before.team_id == after.team_id else at,
        since.role if before.role == after.role else at,
    )

"""Where people worked at a moment, and since when: read from where they are now and where they were before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Select, func, select, true
from sqlalchemy.orm import Session

from course.catalogue.model import ROLES
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


class Placed(NamedTuple):
    """Somebody at a moment. `place` is where they were; one of no team where they were not (or not any more) here."""

    id: str
    name: str
    email: str
    place: Place


@dataclass(frozen=True, eq=False)
class People:
    """Everybody, by row: in columns, since there may be a hundred thousand. Never changed once made."""

    ids: list[str]
    names: list[str]
    emails: list[str]
    agency: NDArray[np.int32]
    """0 for whoever was not here; as `team`."""
    team: NDArray[np.int32]
    role: NDArray[np.int8]
    """As an index into ROLES."""
    since: NDArray[np.int64]
    """A column for each field of Since."""

    def __len__(self) -> int:
        return len(self.ids)

    def __getitem__(self, row: int) -> Placed:
        agency, team, role = int(self.agency[row]), int(self.team[row]), _ROLE_IDS[self.role[row]]
        return Placed(self.ids[row], self.names[row], self.emails[row], Place(agency or None, team or None, role))


_ROLE_IDS = tuple(ROLES)


def placed(session: Session, moment: Seconds, *, person_ids: Iterable[str] | None = None) -> People:
    """Everybody, or those asked for, as they were just before `moment`, by id. Two queries."""
    who = true() if person_ids is None else Person.id.in_(ids := list(person_ids))
    whose = true() if person_ids is None else FormerPlace.person_id.in_(ids)
    former = _former(session, whose)
    query: Select[Any] = (
        select(Person.id, Person.name, Person.email, Team.agency_id, Person.team_id, Person.role)
        .add_columns(epoch(Person.joined_at), func.coalesce(epoch(Person.left_at), ALWAYS))
        .join(Team, Team.id == Person.team_id)
        .where(who)
        .order_by(Person.id)
    )
    columns = list(zip(*session.execute(query), strict=True)) or [()] * 8
    people = _settled(columns, moment)
    for row, id_ in enumerate(people.ids):
        if id_ in former:
            _put(people, row, _placed([column[row] for column in columns], former[id_], moment))
    return people


def _settled(columns: Sequence[Sequence[Any]], moment: Seconds) -> People:
    """People as if each had only ever been in one place: they came, and perhaps left."""
    ids, names, emails, agencies, teams, roles, joins, leaves = columns
    joined, left = np.array(joins, np.int64), np.array(leaves, np.int64)
    is_here = (joined < moment) & (left >= moment)
    since = np.where((joined < moment) & (left < moment), left, joined)
    return People(
        list(ids),
        list(names),
        list(emails),
        np.array(agencies, np.int32) * is_here,
        np.array(teams, np.int32) * is_here,
        np.array([_ROLE_IDS.index(role) for role in roles], np.int8),
        np.repeat(since[:, None], len(Since._fields), axis=1),
    )


def _put(people: People, row: int, found: tuple[Place, Since]) -> None:
    """Into a table that is being made."""
    place, since = found
    people.agency[row], people.team[row] = place.agency_id or 0, place.team_id or 0
    people.role[row], people.since[row] = _ROLE_IDS.index(place.role), since


def _former(session: Session, whose: ColumnElement[bool]) -> dict[str, list[tuple[Seconds, Place]]]:
    query = (
        select(FormerPlace.person_id, epoch(FormerPlace.until), Team.agency_id, FormerPlace.team_id, FormerPlace.role)
        .join(Team, Team.id == FormerPlace.team_id, isouter=True)
        .where(whose)
        .order_by(FormerPlace.person_id, FormerPlace.until, FormerPlace.id)
    )
    rows = groupby(session.execute(query), key=itemgetter(0))
    return {id_: [(row[1], Place(*row[2:])) for row in some] for id_, some in rows}


def _placed(row: Sequence[Any], former: Iterable[tuple[Seconds, Place]], moment: Seconds) -> tuple[Place, Since]:
    _, _, _, agency_id, team_id, role, joined, left = row
    now, away = Place(agency_id, team_id, role), Place(None, None, role)
    spans = [*former, (left, now), (ALWAYS, away)]
    place, since, begins = away, Since(joined, joined, joined, joined), joined
    for until, following in spans:
        if begins >= moment:
            break
        since = _since(since, place, following, at=begins)
        place, begins = following, until
    return place, since


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

"""The figures of the checks after six weeks, worked out once for a month that is over, and kept until the next one is.

Each scope has a row of its own among the gatherings, so nobody reads more than they may see. Whoever moves, is erased
or takes something back afterwards changes no figure: it stays as it was first worked out.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.database import all_or_nothing
from course.learning.desk.days import day_of, end_of
from course.learning.desk.figures.gathering import SETTLED, keep
from course.learning.desk.figures.six_weeks import came_due, last_months
from course.learning.desk.figures.six_weeks_by_scope import EVERYBODY, Body, bodies, of_agency, of_team
from course.learning.desk.standing.places import placed
from course.learning.scope import Scope
from course.learning.tables import Gathering

KIND = "six-weeks"


class Counts(NamedTuple):
    """Checks of enough people: how many came due, were answered, talked over and confirmed."""

    due: int
    answered: int
    talked_over: int
    confirmed: int


class Parts(NamedTuple):
    """The counts of groups, by what they are of, and of the others together."""

    shown: Mapping[Any, Counts]
    others: Counts | None


@dataclass(frozen=True)
class SixWeeks:
    """What one scope may see of the checks that came due from `first` to `last`."""

    first: date
    last: date
    total: Counts | None
    """None where they are of too few people; then there is nothing else either."""
    modules: Parts
    months: Parts
    """By the first day of the month."""
    agencies: Parts
    teams: Mapping[int, Parts]
    """By agency id, of each agency that is shown."""


def six_weeks(session: Session, scope: Scope, modules: Iterable[Module], *, now: datetime) -> SixWeeks:
    """What a scope may see of the last month that is over. One query; more, and a commit, at the first look at it."""
    whose, last = _whose(scope), _last_day(now)
    kept = _kept(session, whose)
    if EVERYBODY not in kept or kept[EVERYBODY][0] < end_of(last):
        bring_six_weeks_up_to_date(session, modules, now=now)
        kept = _kept(session, whose)
    up_to, _ = kept[EVERYBODY]
    _, body = kept.get(whose, (up_to, {}))
    return _read(day_of(up_to) - timedelta(days=1), body)


def bring_six_weeks_up_to_date(session: Session, modules: Iterable[Module], *, now: datetime) -> None:
    """Work out the last month that is over, for every scope, unless it or a later one is kept already. Commits.

    It may run twice at once: what is kept first stays, and never beside anything of the other.
    """
    last = _last_day(now)
    end = end_of(last)
    is_there = select(Gathering.up_to).where(Gathering.kind == KIND, Gathering.module_id == EVERYBODY)
    if session.scalar(is_there.where(Gathering.up_to >= end)):
        return
    found = _worked_out(session, {module.id for module in modules}, last=last)
    of_everybody = keep(session, KIND, EVERYBODY, up_to=end, body=found.pop(EVERYBODY)).returning(Gathering.kind)
    rows = [{"kind": KIND, "module_id": whose, "up_to": end, "body": body} for whose, body in found.items()]
    with all_or_nothing(session):
        if session.scalar(of_everybody):  # else somebody has been quicker, and all of it is theirs
            session.execute(delete(Gathering).where(Gathering.kind == KIND, Gathering.up_to < end))
            if rows:
                session.execute(insert(Gathering), rows)


def _last_day(now: datetime) -> date:
    return last_months(day_of(now - SETTLED))[1]


def _whose(scope: Scope) -> str:
    if scope.team_id is not None:
        return of_team(scope.team_id)
    return EVERYBODY if scope.agency_id is None else of_agency(scope.agency_id)


def _kept(session: Session, whose: str) -> dict[str, tuple[datetime, Body]]:
    """What is kept of this scope and of everybody."""
    query = select(Gathering.module_id, Gathering.up_to, Gathering.body).order_by(Gathering.module_id)
    rows = session.execute(query.where(Gathering.kind == KIND, Gathering.module_id.in_([EVERYBODY, whose])))
    return {id_: (up_to, body) for id_, up_to, body in rows}


def _worked_out(session: Session, module_ids: set[str], *, last: date) -> dict[str, Body]:
    """Of these modules, by people who were here on the last day, in the team where they were then. Three queries."""
    people = placed(session, int(end_of(last).timestamp()))
    rows = zip(people.ids, people.agency.tolist(), people.team.tolist(), strict=True)
    places = {id_: (agency_id, team_id) for id_, agency_id, team_id in rows if team_id}
    first, _ = last_months(last + timedelta(days=1))
    came = came_due(session, first, last)
    return bodies([one for one in came if one.person_id in places and one.module_id in module_ids], places)


def _read(last: date, body: Body) -> SixWeeks:
    first, _ = last_months(last + timedelta(days=1))
    return SixWeeks(
        first,
        last,
        Counts(*body["total"]) if body else None,
        _parts(body.get("modules"), str),
        _parts(body.get("months"), date.fromisoformat),
        _parts(body.get("agencies"), int),
        {int(agency_id): _parts(teams, int) for agency_id, teams in body.get("teams", {}).items()},
    )


def _parts(kept: list[Any] | None, key: Callable[[str], Any]) -> Parts:
    shown, others = kept or ({}, None)
    return Parts({key(id_): Counts(*row) for id_, row in shown.items()}, Counts(*others) if others else None)

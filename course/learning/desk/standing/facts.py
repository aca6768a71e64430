"""What the statuses of people follow from, read from the records as they were just before a moment."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from itertools import repeat
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Select, exists, or_, select, true
from sqlalchemy.orm import Session

from course.catalogue.model import ROLES, Module
from course.learning.columns import Base, epoch
from course.learning.desk.days import start_of
from course.learning.desk.standing.places import People
from course.learning.desk.standing.status import SOON, Days, Flags, number_of
from course.learning.tables import Assignment, Attempt, Completion, VoidInForce

_ROLE_IDS = tuple(ROLES)
GRACE = SOON
"""Days that somebody has at least who comes within reach of an assignment after it was made."""


class Done(NamedTuple):
    """What people had begun and completed: arrays as in course.learning.desk.standing.status."""

    started: Days
    completed: Days
    first: Days
    """When they completed a module for the first time."""
    ledger_place: NDArray[np.int16]
    """The place in its module's ledger of the version of the newest completion; -1 for one that is not there."""


class Asked(NamedTuple):
    """What people were asked to do: arrays as in course.learning.desk.standing.status."""

    assigned: Flags
    due: Days
    refresh: NDArray[np.int16]


@dataclass(frozen=True)
class Rules:
    """What was asked, and which completions do not count any more, just before a moment."""

    assignments: Sequence[Assignment]
    void_before: Mapping[str, int]
    """Module id to the place in its ledger of the newest version in force that voids: what is earlier is void."""


def rules_at(session: Session, modules: Sequence[Module], moment: datetime) -> Rules:
    """The rules just before `moment`. Two queries."""
    running = (Assignment.made_at < moment, or_(Assignment.ended_at.is_(None), Assignment.ended_at >= moment))
    assignments = session.scalars(select(Assignment).where(*running).order_by(Assignment.id)).all()
    in_force = select(VoidInForce.module_id, VoidInForce.version).where(VoidInForce.at < moment)
    void_before: dict[str, int] = {}
    places = {module.id: place_in_ledger(module) for module in modules}
    for module_id, version in session.execute(in_force.order_by(VoidInForce.module_id, VoidInForce.version)):
        if place := places.get(module_id, {}).get(version):  # one that is gone from the ledger voids nothing
            void_before[module_id] = max(place, void_before.get(module_id, 0))
    return Rules(assignments, void_before)


def place_in_ledger(module: Module) -> dict[str, int]:
    """Version to its place among the lines of the module's currency ledger."""
    return {change.version: place for place, change in enumerate(module.about.ledger)}


def done(session: Session, people: People, modules: Sequence[Module], *, moment: datetime, whole: bool) -> Done:
    """What these people had begun and completed just before `moment`. Three queries.

    `whole`: these are all the people there are, so that nobody has to be named.
    """
    rows = {id_: row for row, id_ in enumerate(people.ids)}
    shape = (len(people), len(modules))
    started, completed, first = (np.zeros(shape, np.int32) for _ in range(3))
    ledger_place = np.full(shape, -1, np.int16)

    someone = None if whole else list(rows)
    for query in _open_attempts(moment, someone):
        row, column, day, _ = _in_time(session, query, rows, modules)
        started[row, column] = np.maximum(started[row, column], day)
    query = _records(_Completions, _Completions.completed_at, someone).where(_Completions.completed_at < moment)
    row, column, day, place = _in_time(session, query, rows, modules)
    completed[row, column], ledger_place[row, column] = day, place
    first[row[::-1], column[::-1]] = day[::-1]
    return Done(started, completed, first, ledger_place)


# Columns and not the classes: of a million rows the ORM would ask each time what they are.
_Attempts, _Completions = (Base.metadata.tables[table.__tablename__].c for table in (Attempt, Completion))


def _records(table: Any, at: Any, person_ids: Sequence[str] | None) -> Select[Any]:
    who = true() if person_ids is None else table.person_id.in_(person_ids)
    return select(table.person_id, table.module_id, epoch(at), table.version).where(who)


def _open_attempts(moment: datetime, person_ids: Sequence[str] | None) -> tuple[Select[Any], Select[Any]]:
    """Attempts begun before `moment` and not completed by then: those never completed, and those completed later.

    When a completed one began tells nothing about where somebody is. Two queries, for each of which both databases
    have a quick way.
    """
    begun = _records(_Attempts, _Attempts.started_at, person_ids).where(_Attempts.started_at < moment)
    who = true() if person_ids is None else _Completions.person_id.in_(person_ids)
    never = ~exists().where(_Completions.attempt_id == _Attempts.id)
    later = _Attempts.id.in_(select(_Completions.attempt_id).where(_Completions.completed_at >= moment, who))
    return begun.where(never), begun.where(later)


def _in_time(
    session: Session, query: Select[Any], rows: Mapping[str, int], modules: Sequence[Module]
) -> tuple[NDArray[np.int32], ...]:
    """Row, column, day and place in the ledger of each record, the oldest first.

    An assignment to a cell by these leaves the newest there.
    """
    columns = {module.id: n for n, module in enumerate(modules)}
    places = {(module.id, version): n for module in modules for version, n in place_in_ledger(module).items()}
    read = [np.zeros((4, 0), np.int64)]
    for part in session.execute(query).partitions(200):  # few enough to stay near the processor: twice as quick
        whose, what, seconds, versions = zip(*part, strict=True)
        found = (
            map(rows.get, whose, repeat(-1)),
            map(columns.get, what, repeat(-1)),
            seconds,
            map(places.get, zip(what, versions, strict=True), repeat(-1)),
        )
        read.append(np.array([np.fromiter(numbers, np.int64, len(part)) for numbers in found]))
    records = np.concatenate(read, axis=1)
    records = records[:, (records[0] >= 0) & (records[1] >= 0)]
    records = records[:, np.argsort(records[2], kind="stable")]
    records[2] = day_numbers(records[2])
    return tuple(records.astype(np.int32))


def asked(people: People, modules: Sequence[Module], assignments: Sequence[Assignment]) -> Asked:
    """What these people are asked to do, by all that they fit: of two, the earlier day and the shorter period."""
    assigned = np.zeros((len(people), len(modules)), np.bool_)
    due, refresh = np.zeros(assigned.shape, np.int32), np.zeros(assigned.shape, np.int16)
    reach = _Reach(people)
    for assignment in assignments:
        columns = [n for n, module in enumerate(modules) if module.id in assignment.module_ids]
        fits, since = reach.of(assignment)
        cells = np.ix_(np.flatnonzero(fits), np.array(columns, np.int64))
        assigned[cells] = True
        day = _due(assignment, since[fits])
        if day is not None:
            due[cells] = _smaller(due[cells], day[:, None])
        if assignment.refresh_months:
            refresh[cells] = _smaller(refresh[cells], np.int16(assignment.refresh_months))
    return Asked(assigned, due, refresh)


class _Reach:
    """Whom an assignment reaches, and since when, in arrays of people."""

    def __init__(self, people: People) -> None:
        self._ids = people.ids
        self._here = people.team > 0
        self._values = {"agency_id": people.agency, "team_id": people.team, "role": people.role}
        self._since = dict(zip(("here", "agency_id", "team_id", "role"), people.since.T, strict=True))

    def of(self, assignment: Assignment) -> tuple[Flags, NDArray[np.int64]]:
        fits, since = self._here.copy(), self._since["here"].copy()
        for name, values in self._values.items():
            if (wanted := getattr(assignment, name)) is not None:
                fits &= values == (_ROLE_IDS.index(wanted) if name == "role" else wanted)
                since = np.maximum(since, self._since[name])
        if assignment.person_id is not None:
            fits &= np.array([id_ == assignment.person_id for id_ in self._ids], np.bool_)
        return fits, since


def _due(assignment: Assignment, since: NDArray[np.int64]) -> Days | None:
    """By when each of those reached since these moments is to be done; None where the assignment sets no day."""
    made = int(assignment.counts_from.timestamp())
    reached = day_numbers(np.maximum(since, made))
    if assignment.within_days is not None:
        return reached + np.int32(assignment.within_days)
    if assignment.due_on is None:
        return None
    by = np.int32(number_of(assignment.due_on))
    return np.where(since > made, np.maximum(by, reached + np.int32(GRACE)), by).astype(np.int32)


def _smaller(one: NDArray[Any], other: NDArray[Any] | np.int16) -> NDArray[Any]:
    """The smaller of each two, where 0 stands for none."""
    return np.where((one == 0) | ((other != 0) & (other < one)), other, one)


def day_numbers(seconds: NDArray[np.int64]) -> Days:
    """The numbers of the days in London of moments, in seconds since 1970-01-01 UTC."""
    first, midnights = _midnights()
    return (np.searchsorted(midnights, seconds, side="right") - 1 + first).astype(np.int32)


@cache
def _midnights() -> tuple[int, NDArray[np.int64]]:
    days = range(number_of(date(1990, 1, 1)), number_of(date(2120, 1, 1)))
    starts = [int(start_of(date.fromordinal(day + date(1970, 1, 1).toordinal())).timestamp()) for day in days]
    return days.start, np.array(starts, np.int64)

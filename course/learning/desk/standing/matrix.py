"""Whom a lead asked to see of a picture, in which order, and how many of them are where."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

from course.catalogue.model import ROLES
from course.learning.desk.standing.picture import ASKED, CODES, COUNTS, IS_LATE, Picture, Rows
from course.learning.desk.standing.status import STATUSES, number_of
from course.learning.scope import Scope

SORTS: dict[str, str] = {
    "name": "Name",
    "team": "Agency and team",
    "late": "Most overdue or expired first",
    "least": "Fewest up to date first",
}
"""The orders that people can be in, with their names on screen. Within equals, by name."""

_STATUS_IDS, _ROLE_IDS = tuple(STATUSES), tuple(ROLES)
_IS_ASKED = np.arange(CODES) & ASKED > 0
_HOLDS = _IS_ASKED & (np.arange(CODES) & COUNTS > 0)
_FEW_GROUPS = 32
_KEPT = 16
"""Answers that a picture keeps."""


@dataclass(frozen=True)
class Wanted:
    """What a lead asked to see; None asks for nothing. It can only narrow the scope."""

    agency_id: int | None = None
    team_id: int | None = None
    role: str | None = None
    module_id: str | None = None
    status: str | None = None
    """With a module, in that module; else in any."""
    due_from: date | None = None
    """Something is to be done, or done again, on this day or later; as `status`, and in the same module."""
    due_to: date | None = None
    name: str = ""
    """A part of the name or e-mail address, in any case."""
    sort: str = "name"


class Tally(NamedTuple):
    """How many people are where, in one module or summed over some."""

    people: int
    by_status: Mapping[str, int]
    """Every id of STATUSES."""
    asked: int
    """How many are asked to do it."""
    up_to_date: int
    """How many of those hold a completion that counts."""


def rows_of(picture: Picture, scope: Scope, wanted: Wanted) -> Rows:
    """The rows of those asked for and in scope, in the order asked for."""
    key = (scope, wanted)
    rows = cast(Rows | None, picture.found.get(key))
    if rows is None:
        rows = _sorted(picture, _chosen(picture, scope, wanted), wanted)
        if len(picture.found) > _KEPT:
            picture.found.clear()
        picture.found[key] = rows
    return rows


def columns_of(picture: Picture, wanted: Wanted) -> list[int]:
    """The columns of the modules asked for."""
    return [n for n, m in enumerate(picture.modules) if wanted.module_id in (None, m.id)]


def tally(picture: Picture, rows: Rows) -> list[Tally]:
    """How many of these people are where, for each module."""
    if _is_everybody(picture, rows):
        return _tallies(len(rows), picture.counted.sum(axis=0).reshape(-1, CODES))
    counted = np.bincount(picture.codes[rows].ravel(), minlength=len(picture.modules) * CODES)
    return _tallies(len(rows), counted.reshape(-1, CODES))


def tally_groups(picture: Picture, rows: Rows, group: NDArray[Any], groups: int) -> list[list[Tally]]:
    """How many are where, for each group and module. `group` is the number of each row's group, below `groups`."""
    if not groups:
        return []
    counted = _counted(picture, rows, group, groups)
    people = np.bincount(group, minlength=groups).tolist()
    return [_tallies(count, of_group) for count, of_group in zip(people, counted, strict=True)]


def total_groups(picture: Picture, rows: Rows, group: NDArray[Any], groups: int) -> list[Tally]:
    """As `tally_groups`, with all modules of each group summed."""
    if not groups:
        return []
    counted = _counted(picture, rows, group, groups).sum(axis=1)
    people = np.bincount(group, minlength=groups).tolist()
    return [tally._replace(people=count) for tally, count in zip(_tallies(0, counted), people, strict=True)]


class Held(NamedTuple):
    """How many of a group are asked to do each module, and how many of those hold a completion that counts."""

    people: int
    asked: list[int]
    up_to_date: list[int]


def held_by_groups(picture: Picture, rows: Rows, group: NDArray[Any], groups: int) -> list[Held]:
    """What the people of each group hold. `group` as in `tally_groups`, of which this is the quicker half."""
    if not groups:
        return []
    counted = _counted(picture, rows, group, groups)
    of_all = (
        np.bincount(group, minlength=groups),
        counted[..., _IS_ASKED].sum(axis=2),
        counted[..., _HOLDS].sum(axis=2),
    )
    return [Held(*found) for found in zip(*(numbers.tolist() for numbers in of_all), strict=True)]


def _counted(picture: Picture, rows: Rows, group: NDArray[Any], groups: int) -> NDArray[np.int64]:
    """How many have each code, by group and module."""
    codes = len(picture.modules) * CODES
    if _is_everybody(picture, rows) and (of_team := _of_teams(picture, rows, group)) is not None:
        counted = np.array([picture.counted[of_team == number].sum(axis=0) for number in range(groups)])
    else:
        cells = group.astype(np.int32)[:, None] * np.int32(codes) + picture.codes[rows]
        counted = np.bincount(cells.ravel(), minlength=groups * codes)
    return counted.reshape(groups, -1, CODES)


def _is_everybody(picture: Picture, rows: Rows) -> bool:
    """In whatever order: no row is there twice."""
    return len(rows) == len(picture.by_name)


def _of_teams(picture: Picture, rows: Rows, group: NDArray[Any]) -> NDArray[Any] | None:
    """The group of each team; None where it is not the teams that are grouped, or not into few groups."""
    if group.max(initial=0) >= _FEW_GROUPS:
        return None
    found = np.full(len(picture.counted), -1, np.int64)
    teams = picture.team[rows]
    found[teams] = group
    return found if (found[teams] == group).all() else None


def summed(tallies: Sequence[Tally]) -> Tally:
    """Several modules of the same people as one; `people` stays, all else adds up."""
    by_status = {status: sum(tally.by_status[status] for tally in tallies) for status in STATUSES}
    people = max((tally.people for tally in tallies), default=0)
    return Tally(people, by_status, sum(t.asked for t in tallies), sum(t.up_to_date for t in tallies))


def shares(picture: Picture, rows: Rows, columns: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """For each of these people, how many of these modules are asked, and how many of those they hold."""
    asked = picture.asked.assigned[rows][:, columns]
    return asked.sum(axis=1), (asked & picture.standing.counts[rows][:, columns]).sum(axis=1)


def completed_by_month(picture: Picture, rows: Rows) -> list[int]:
    """For each of the picture’s months, how much of what these people are asked today was completed once by its end.

    Then how much they are asked in all.
    """
    never = len(picture.months)
    counted = np.bincount(picture.first_month[rows].ravel(), minlength=never + 2)
    return [*np.cumsum(counted[:never]).tolist(), int(counted[: never + 1].sum())]


def _tallies(people: int, counted: NDArray[np.int64]) -> list[Tally]:
    by_status = counted.reshape(len(counted), -1, len(STATUSES)).sum(axis=1).tolist()
    asked = counted[:, _IS_ASKED].sum(axis=1).tolist()
    good = counted[:, _HOLDS].sum(axis=1).tolist()
    return [
        Tally(people, dict(zip(STATUSES, statuses, strict=True)), *pair)
        for statuses, *pair in zip(by_status, asked, good, strict=True)
    ]


def _chosen(picture: Picture, scope: Scope, wanted: Wanted) -> Rows:
    rows = _named(picture, wanted.name)
    for values, value in (
        (picture.agency, scope.agency_id),
        (picture.team, scope.team_id),
        (picture.agency, wanted.agency_id),
        (picture.team, wanted.team_id),
        (picture.role, None if wanted.role is None else _ROLE_IDS.index(wanted.role)),
    ):
        if value is not None:
            rows = rows[values[rows] == value]
    if wanted.status or wanted.due_from or wanted.due_to:
        rows = rows[_cells(picture, rows, wanted).any(axis=1)]
    return rows


def _cells(picture: Picture, rows: Rows, wanted: Wanted) -> NDArray[np.bool_]:
    """Which of the cells asked for have the status asked for, and are due when it is asked."""
    columns = columns_of(picture, wanted)
    found = np.ones((len(rows), len(columns)), np.bool_)
    if wanted.status:
        found &= picture.standing.status[rows][:, columns] == _STATUS_IDS.index(wanted.status)
    if wanted.due_from or wanted.due_to:
        by = picture.standing.by[rows][:, columns]
        last = number_of(wanted.due_to or date.max)
        found &= (by >= number_of(wanted.due_from or date(1970, 1, 2))) & (by <= last)
    return found


def _named(picture: Picture, name: str) -> Rows:
    part = " ".join(name.split())
    return picture.order.containing(part) if part else picture.order.rows


def _sorted(picture: Picture, rows: Rows, wanted: Wanted) -> Rows:
    module = None if wanted.module_id is None else columns_of(picture, wanted)
    match wanted.sort:
        case "team":
            rows = rows[_order_by(picture.team[rows])]
            return rows[_order_by(picture.agency[rows])]
        case "late":
            late = picture.late if module is None else IS_LATE[picture.standing.status[:, module]].sum(axis=1)
            return rows[_order_by(len(picture.modules) - late[rows])]
        case "least":
            held = picture.held if module is None else shares(picture, np.arange(len(picture.people)), module)[1]
            return rows[_order_by(held[rows])]
        case _:
            return rows


def _order_by(values: NDArray[Any]) -> Rows:
    """The order of these numbers, equals as they are. numpy has a far quicker way for small ones."""
    is_small = int(values.max(initial=0)) < 2**16
    return np.argsort(values.astype(np.uint16) if is_small else values, kind="stable")

"""The rows of the matrix, of people and of teams: the same for the screen and for the files."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from course.catalogue.model import ROLES
from course.learning.desk.standing.matrix import columns_of, held_by_groups
from course.learning.desk.standing.picture import Rows
from course.learning.desk.standing.status import STATUSES, day_of_number
from course.web.lead.asked import Look
from course.web.lead.drawing.pictures import share

ABOUT = ("Name", "E-mail", "Agency", "Team", "Role")
OF_A_MODULE = ("Status", "Due, or due again", "Begun", "Completed")
MARKS = {
    "Not assigned": "–",
    "Not started": "○",
    "In progress": "◐",
    "Complete": "✓",
    "Due soon": "△",
    "Overdue": "!",
    "Expired": "↻",
    "Voided by a new version": "✕",
}
"""A sign for each status, so that fourteen of them fit in a line; its words go with it."""

_WORDS, _ROLES = tuple(STATUSES.values()), tuple(ROLES.values())
_day = lru_cache(maxsize=4096)(day_of_number)

Row = tuple[str | int | date | None, ...]


def people_columns(seen: Look) -> tuple[str, ...]:
    """The headings of the view of people: all of one module, or the status in each of them."""
    return (*ABOUT, *(OF_A_MODULE if seen.asked.module else titles(seen)))


def people_rows(seen: Look, rows: Rows) -> Iterator[Row]:
    """Those people, each as the headings say."""
    status, columns = seen.picture.standing.status, columns_of(seen.picture, seen.asked.wanted)
    for some in _parts(rows):
        if seen.asked.module:
            yield from ((*about, *_cells(seen, row)[columns[0]]) for row, about in _abouts(seen, some))
        else:
            of_each = zip(_abouts(seen, some), status[some].tolist(), strict=True)
            yield from ((*about, *map(_WORDS.__getitem__, codes)) for (_, about), codes in of_each)


def cell_columns() -> tuple[str, ...]:
    """The headings of `every_cell`."""
    return (*ABOUT, "Module", *OF_A_MODULE)


def every_cell(seen: Look) -> Iterator[Row]:
    """A row for each of the people and each of the modules asked for."""
    named = [(column, titles(seen)[column]) for column in columns_of(seen.picture, seen.asked.wanted)]
    for some in _parts(seen.rows):
        for row, about in _abouts(seen, some):
            cells = _cells(seen, row)
            for column, title in named:
                yield (*about, title, *cells[column])


def titles(seen: Look) -> tuple[str, ...]:
    """The modules of a picture, each with its number."""
    return tuple(f"{module.number}. {module.title}" for module in seen.picture.modules)


class TeamRow(NamedTuple):
    """A team, with what its people hold in each module asked for, and in all of them together."""

    team_id: int
    agency: str
    team: str
    people: int
    shares: list[tuple[int, int]]
    """How many hold it of how many asked: all modules together, then each."""

    @property
    def cells(self) -> Row:
        return (self.agency, self.team, self.people, *(share(*pair) for pair in self.shares))


def team_columns(seen: Look) -> tuple[str, ...]:
    """The headings of the view of teams."""
    chosen = columns_of(seen.picture, seen.asked.wanted)
    return ("Agency", "Team", "People", "All together", *(titles(seen)[column] for column in chosen))


def teams_of(seen: Look) -> list[int]:
    """The ids of the teams of the people asked for, in the order of their names."""
    here = set(np.unique(seen.picture.team[seen.rows]).tolist())
    return [team_id for team_id in seen.names.teams if team_id in here]


def team_rows(seen: Look, team_ids: list[int]) -> Iterator[TeamRow]:
    """Those teams, in that order."""
    columns = columns_of(seen.picture, seen.asked.wanted)
    place = np.full(max(seen.names.teams, default=0) + 1, -1, np.int64)
    place[team_ids] = np.arange(len(team_ids))
    rows = seen.rows[place[seen.picture.team[seen.rows]] >= 0]
    held = held_by_groups(seen.picture, rows, place[seen.picture.team[rows]], len(team_ids))
    for team_id, of_team in zip(team_ids, held, strict=True):
        shares = [(of_team.up_to_date[column], of_team.asked[column]) for column in columns]
        together = (sum(up_to_date for up_to_date, _ in shares), sum(asked for _, asked in shares))
        agency, team = seen.names.of(seen.names.teams[team_id].agency_id, team_id)
        yield TeamRow(team_id, agency, team, of_team.people, [together, *shares])


def _parts(rows: Rows) -> Iterator[Rows]:
    """A thousand rows at a time, so that what is made of them at once stays small."""
    return (rows[start : start + 1000] for start in range(0, len(rows), 1000))


def _abouts(seen: Look, rows: Rows) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Each row with what ABOUT says of its person."""
    people = seen.picture.people
    of_rows = (rows, people.agency[rows], people.team[rows], people.role[rows])
    for row, agency_id, team_id, role in zip(*(numbers.tolist() for numbers in of_rows), strict=True):
        agency, team = seen.names.of(agency_id, team_id)
        yield row, (people.names[row], people.emails[row], agency, team, _ROLES[role])


def _cells(seen: Look, row: int) -> list[tuple[str, date | None, date | None, date | None]]:
    standing, done = seen.picture.standing, seen.picture.done
    found = (standing.status[row], standing.by[row], done.started[row], done.completed[row])
    return [
        (_WORDS[status], _day(by), _day(begun), _day(completed))
        for status, by, begun, completed in zip(*(array.tolist() for array in found), strict=True)
    ]

"""The currency ledger as rows: each version of each module, how many completions stand on it, and what it does."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from course.catalogue.model import ROLES, Change, Module
from course.learning.desk.days import day_of
from course.learning.desk.standing.picture import Rows
from course.learning.desk.standing.status import day_of_number
from course.learning.desk.voiding import InForce, affected, counting, voided_by
from course.web.lead.asked import Look
from course.web.lead.drawing.pictures import share

KINDS: dict[str, str] = {
    "first": "First edition",
    "wording": "Wording",
    "substance": "Substance",
    "voids": "Voids earlier completions",
}
"""Every kind of change, in words."""
MEANINGS: dict[str, str] = {
    "first": "The first edition of the module.",
    "wording": "Said better, with the same meaning. What was completed before counts.",
    "substance": "Something is new or different. What was completed before counts.",
    "voids": "What was completed before counts no longer, once a lead for the partnership switches the change on.",
}
COLUMNS = ("Module", "Version", "Date", "Kind", "What changed", "Completions that count", "In force")
OTHER = "Another version"
MOST_TEAMS = 300
"""Teams in a table; where there are more, agencies only."""


@dataclass(frozen=True)
class Line:
    """A line of a module’s ledger. `change` is None for versions that the ledger does not have."""

    module: Module
    change: Change | None
    count: int
    waits: int | None
    """How many people it would ask to do the module again; None for one that does not wait to be switched on."""
    state: str

    @property
    def cells(self) -> tuple[str | int | date | None, ...]:
        title = f"{self.module.number}. {self.module.title}"
        if self.change is None:
            return (title, OTHER, None, "", "", self.count, "")
        change = self.change
        return (title, change.version, change.date, KINDS[change.kind], change.what, self.count, self.state)


def lines_of(seen: Look, in_force: InForce) -> Iterator[Line]:
    """Every line, module by module, the newest first; then other versions on which completions stand."""
    for module in seen.picture.modules:
        counts = counting(seen.picture, module, seen.rows)
        for change in reversed(module.about.ledger):
            yield _line(seen, module, change, in_force, count=counts[change.version])
        if counts[""]:
            yield Line(module, None, counts[""], None, "")


def _line(seen: Look, module: Module, change: Change, in_force: InForce, *, count: int) -> Line:
    if change.kind != "voids":
        return Line(module, change, count, None, "")
    if row := voided_by(in_force, module, change.version):
        itself = row.version == change.version
        state = f"Since {day_of(row.at)}" if itself else f"Not needed: version {row.version} is in force"
        return Line(module, change, count, None, state)
    people = len(affected(seen.picture, module, change.version, seen.rows))
    return Line(
        module, change, count, people, f"Not yet. It affects {people:,} {'person' if people == 1 else 'people'}"
    )


_day = lru_cache(maxsize=4096)(day_of_number)
PEOPLE_COLUMNS = ("Name", "E-mail", "Agency", "Team", "Role", "Completed", "On version")


def people_rows(seen: Look, module: Module, rows: Rows) -> Iterator[tuple[str | date | None, ...]]:
    """Those people with their newest completion of the module."""
    column, versions = seen.picture.modules.index(module), [change.version for change in module.about.ledger]
    completed = seen.picture.done.completed[rows, column].tolist()
    places = seen.picture.done.ledger_place[rows, column].tolist()
    for row, day, place in zip(rows.tolist(), completed, places, strict=True):
        person = seen.picture.people[row]
        agency, team = seen.names.of(person.place.agency_id, person.place.team_id)
        version = versions[place] if place >= 0 else OTHER
        yield person.name, person.email, agency, team, ROLES[person.place.role], _day(day), version


def by_agency(seen: Look, some: Rows, whole: Rows) -> list[tuple[str, str]]:
    """How many of `whole` are of `some`, agency by agency."""
    parts = _parts(seen.picture.agency, some, whole)
    return [(name, share(*parts[id_])) for id_, name in seen.names.agencies.items() if id_ in parts]


def by_team(seen: Look, some: Rows, whole: Rows) -> list[tuple[str, str]]:
    """How many of `whole` are of `some`, team by team."""
    parts, agencies = _parts(seen.picture.team, some, whole), seen.names.agencies
    found = [(id_, team) for id_, team in seen.names.teams.items() if id_ in parts]
    return [(f"{agencies[team.agency_id]}: {team.name}", share(*parts[id_])) for id_, team in found]


def _parts(values: NDArray[np.int32], some: Rows, whole: Rows) -> Mapping[int, tuple[int, int]]:
    """Value to how many of `some` and of `whole` have it; those that nobody of `whole` has are left out."""
    of = np.bincount(values[whole])
    part = np.bincount(values[some], minlength=len(of))
    return {id_: (int(part[id_]), int(of[id_])) for id_ in np.flatnonzero(of).tolist()}

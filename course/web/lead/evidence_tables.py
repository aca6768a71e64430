"""The evidence pack’s figures of completion: by agency, team, role and module, and the refreshers that come."""

from collections.abc import Iterator
from datetime import date
from typing import cast

import numpy as np
from numpy.typing import NDArray

from course.catalogue.model import ROLES
from course.learning.desk.standing.matrix import Tally, summed, tally, tally_groups
from course.learning.desk.standing.picture import Picture, Rows
from course.learning.desk.standing.status import STATUSES, number_of
from course.web.lead.asked import Look
from course.web.lead.drawing.pictures import share
from course.web.lead.matrix_rows import teams_of, titles
from course.web.lead.overview import groups_of
from course.web.printing.pack import Section, Table

OF_GROUPS = ("People", "Up to date, of asked", "Overdue", "Expired", "Voided", "Due soon")
MOST_TEAMS = 300
"""Teams in the pack; where there are more, agencies only: nobody reads so many pages."""
MONTHS = 12
"""Months after that of the day."""
SMALL_GROUPS = (
    "Small groups are shown as they are: these are records of training and hold no answer that anybody gave. But a "
    "team of one is one person. Think of that before you hand the pack on."
)


def completion(seen: Look) -> Iterator[Section]:
    """How many are where, by each way to divide them."""
    total = summed(tally(seen.picture, seen.rows))
    agencies = [(group.name, group.total) for group in groups_of(seen, by_agency=True)]
    yield Section("Completion by agency", (SMALL_GROUPS,), _groups("Agency", agencies, total))
    teams = teams_of(seen)
    if len(teams) > MOST_TEAMS:
        yield Section("Completion by team", (_too_many(len(teams)),))
    else:
        found = groups_of(seen, by_agency=False)
        named = [(": ".join(seen.names.of(seen.names.teams[team.id].agency_id, team.id)), team.total) for team in found]
        yield Section("Completion by team", (), _groups("Team", named, total))
    yield Section("Completion by role", (), _groups("Role", _by_role(seen), total))
    yield Section("Completion by module", ("Each person is counted once in each line.",), _modules(seen))


def _too_many(teams: int) -> str:
    return (
        f"There are {teams:,} teams, too many for a table here. Make a pack of one agency to see its teams, or "
        "download the page of teams from the desk."
    )


def _by_role(seen: Look) -> list[tuple[str, Tally]]:
    tallies = tally_groups(seen.picture, seen.rows, seen.picture.role[seen.rows], len(ROLES))
    named = zip(ROLES.values(), map(summed, tallies), strict=True)
    return [(name, counted) for name, counted in named if counted.people]


def _groups(what: str, named: list[tuple[str, Tally]], total: Tally) -> Table:
    if len(named) > 1:
        named = [*named, ("All together", total)]
    rows = tuple(_group(name, counted) for name, counted in named)
    return Table(f"By {what.lower()}", (what, *OF_GROUPS), rows, frozenset(range(1, 1 + len(OF_GROUPS))))


def _group(name: str, counted: Tally) -> tuple[str, ...]:
    late = (counted.by_status[status] for status in ("overdue", "expired", "voided", "due-soon"))
    return name, f"{counted.people:,}", share(counted.up_to_date, counted.asked), *(f"{number:,}" for number in late)


def _modules(seen: Look) -> Table:
    tallies = tally(seen.picture, seen.rows) if len(seen.rows) else []
    rows = tuple(
        (title, share(counted.up_to_date, counted.asked), *(f"{number:,}" for number in counted.by_status.values()))
        for title, counted in zip(titles(seen), tallies, strict=False)
    )
    columns = ("Module", "Up to date, of asked", *STATUSES.values())
    return Table("By module", columns, rows, frozenset(range(1, len(columns))))


def refreshers(seen: Look) -> Section:
    """How many completions run out in each month from the day on."""
    picture = seen.picture
    counted = refreshers_by_month(picture, seen.rows)
    names = [f"Module {module.number}" for module in picture.modules]
    rows = tuple(
        (f"{_month(picture.day, later):%B %Y}", *(f"{number:,}" for number in numbers), f"{sum(numbers):,}")
        for later, numbers in enumerate(counted.tolist())
    )
    columns = ("Month", *names, "All")
    table = Table("Refreshers due, by month and module", columns, rows, frozenset(range(1, len(columns))))
    about = (
        "A refresher is due on the last day on which a completion counts, where an assignment asks for one. This "
        "month is that of the day of the pack, and is counted from that day on. What is expired or voided already is "
        "not counted here."
    )
    return Section("Refreshers due this month and in the next twelve", (about,), table if counted.any() else None)


def refreshers_by_month(picture: Picture, rows: Rows) -> NDArray[np.int64]:
    """A row for the month of the picture’s day and each of the twelve after it, a column for each module."""
    begins = [number_of(_month(picture.day, later)) for later in range(MONTHS + 2)]
    by = picture.standing.by[rows]
    due = (picture.done.completed[rows] > 0) & (by >= number_of(picture.day)) & (by < begins[-1])
    row, column = np.nonzero(due)
    later = np.searchsorted(begins, by[row, column], side="right") - 1
    modules = len(picture.modules)
    counted = np.bincount(later * modules + column, minlength=(MONTHS + 1) * modules)
    return cast(NDArray[np.int64], counted.reshape(MONTHS + 1, modules))


def _month(day: date, later: int) -> date:
    """The first day of the month so many after that of the day."""
    months = day.year * 12 + day.month - 1 + later
    return date(months // 12, months % 12 + 1, 1)

"""The desk's first page: how far people have come, by module and by agency or team, in figures and in pictures."""

from datetime import date
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from flask import Response
from markupsafe import Markup

from course.learning.desk.standing.matrix import Tally, completed_by_month, summed, tally, total_groups
from course.learning.desk.standing.picture import Rows
from course.learning.desk.standing.status import STATUSES
from course.learning.mine.data_requests import count_waiting
from course.web.database import database
from course.web.lead.asked import Look, look
from course.web.lead.desk import blueprint, desk_page, scope
from course.web.lead.drawing.pictures import STATUS_LOOKS, Bar, Part, Series, lines, share, stacked
from course.web.lead.files.downloads import Kind
from course.web.lead.matrix import file_of
from course.web.lead.matrix_rows import titles
from course.web.security import me

MOST_LINES, MOST_GROUPS = 6, 50
LATE = ("overdue", "expired", "voided")
NUMBERS = ("People", "Modules up to date", "Overdue, expired or voided", "Due soon")


class Group(NamedTuple):
    """An agency, or a team where only one agency is seen: its people and how many of them are where."""

    id: int
    name: str
    rows: Rows
    total: Tally

    @property
    def cells(self) -> tuple[str | int, ...]:
        """Its name and NUMBERS."""
        by, total = self.total.by_status, self.total
        up_to_date = share(total.up_to_date, total.asked)
        return self.name, total.people, up_to_date, sum(by[status] for status in LATE), by["due-soon"]


@blueprint.get("/")
def overview() -> str:
    """Everybody in scope by agency, or one agency by team."""
    seen = look()
    by_module = list(zip(titles(seen), tally(seen.picture, seen.rows), strict=True))
    agency_id = _agency_id(seen)
    by_agency = agency_id is None
    groups = groups_of(seen, by_agency=by_agency)
    days = list(seen.picture.months)
    shown = sorted(groups, key=lambda group: -group.total.people)[:MOST_LINES]
    series = [Series(group.name, _completed_by(seen, group.rows)) for group in shown]
    return desk_page(
        "Overview",
        "lead/overview.html",
        seen=seen,
        requests=count_waiting(database(), me()),
        agency=seen.names.agencies.get(agency_id or 0, "") if len(seen.rows) else "",
        total=summed([counted for _, counted in by_module]),
        by_module=by_module,
        groups=_latest(groups),
        all_groups=len(groups),
        group_word="Agency" if by_agency else "Team",
        numbers=NUMBERS,
        statuses=STATUSES,
        share=share,
        days=days,
        series=series,
        lines=_lines(tuple(series), tuple(days)) if series else "",
        bars=_bars(tuple(_bar(*one) for one in by_module)),
    )


@blueprint.get("/overview.<any(csv, xlsx):kind>")
def overview_file(kind: Kind) -> Response:
    """Every agency, or every team of one, as a file."""
    seen = look()
    by_agency = _agency_id(seen) is None
    name, *numbers = ("Agency" if by_agency else "Team"), *NUMBERS
    rows = (group.cells for group in groups_of(seen, by_agency=by_agency))
    return file_of("overview", seen, kind, (name, *numbers), rows)


def _agency_id(seen: Look) -> int | None:
    return scope().agency_id or seen.asked.wanted.agency_id


def groups_of(seen: Look, *, by_agency: bool) -> list[Group]:
    """The agencies, or the teams, of the people seen, by name. Those of nobody are left out."""
    values = (seen.picture.agency if by_agency else seen.picture.team)[seen.rows]
    here = set(np.unique(values).tolist())
    names = seen.names.agencies if by_agency else {id_: team.name for id_, team in seen.names.teams.items()}
    ids = [id_ for id_ in names if id_ in here]
    place = np.zeros(max(names, default=0) + 1, np.int64)
    place[ids] = np.arange(len(ids))
    group = place[values]
    totals = total_groups(seen.picture, seen.rows, group, len(ids))
    together = np.argsort(group, kind="stable")
    begins = np.searchsorted(group[together], np.arange(1, len(ids)))
    rows = np.split(seen.rows[together], begins) if ids else []
    return [Group(id_, names[id_], *found) for id_, found in zip(ids, zip(rows, totals, strict=True), strict=True)]


def _latest(groups: list[Group]) -> list[Group]:
    """All of them, or where they are too many to read those with most to catch up on; by name."""
    late = sorted(groups, key=lambda group: -sum(group.total.by_status[status] for status in LATE))
    kept = {group.id for group in late[:MOST_GROUPS]}
    return [group for group in groups if group.id in kept]


def _completed_by(seen: Look, rows: Rows) -> tuple[float | None, ...]:
    """Of what these people are asked to do today, the percentage that was completed at least once by each month."""
    *by, asked = completed_by_month(seen.picture, rows)
    return tuple(100 * done / asked if asked else None for done in by)


# The same picture is asked for until somebody has done something.
@lru_cache(maxsize=32)
def _lines(series: tuple[Series, ...], days: tuple[date, ...]) -> Markup:
    return lines("Completed at least once", series, dates=days, prefix="over-time")


@lru_cache(maxsize=32)
def _bars(bars: tuple[Bar, ...]) -> Markup:
    return stacked("Where people are", bars, prefix="bars", looks=STATUS_LOOKS)


def _bar(name: str, counted: Tally) -> Bar:
    return Bar(name, tuple(Part(words, counted.by_status[status]) for status, words in STATUSES.items()))

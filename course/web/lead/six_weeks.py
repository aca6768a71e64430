"""Checks after six weeks: how many came due, were answered, talked over and confirmed. Never whose, never what."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flask import Response

from course.learning.desk.days import spoken
from course.learning.desk.figures.six_weeks import FEWEST
from course.learning.desk.figures.six_weeks_kept import Counts, Parts, SixWeeks
from course.learning.desk.figures.six_weeks_kept import six_weeks as kept_figures
from course.learning.desk.standing.names import Names, read_names
from course.web.chrome import library
from course.web.database import database
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.files.downloads import Kind
from course.web.lead.files.workbook_rows import Cell
from course.web.lead.in_tens import FILE, taken_away

MANY = 30
"""Checks that came due, from which on a share can be told more closely: a step of ten is three of them at least."""
COUNTS = ("Came due", "Answered", "Talked over", "Confirmed")
NOTES = (
    "A check comes due six weeks after somebody completes a module. A refresher before that day has its own check.",
    "People count in the team and agency where they were on the last of these days. Nothing changes until next month.",
    "“Answered”, “Talked over” and “Confirmed” are shares of the checks that came due, in steps of ten; of fewer than "
    f"{MANY} checks only under, about or over half. “Talked over” is what the person says, “Confirmed” their manager.",
    f"A row has at least {FEWEST} people. Smaller groups are counted together, so nobody’s own answering can be seen.",
    "What people answered in a check, chose on a card or wrote is not here and is never read.",
)


Row = tuple[str, int, str, str, str]
"""A group’s name, how many checks came due, and the shares that were answered, talked over and confirmed."""
OTHER_AGENCIES = "Other agencies together"


class Table(NamedTuple):
    """One way to group the checks."""

    id: str
    heading: str
    rows: list[Row]


class Seen(NamedTuple):
    """What may be seen of the checks in scope."""

    days: str
    total: Counts | None
    """None where they are of too few people."""
    tables: list[Table]


@blueprint.get("/after-six-weeks")
def six_weeks() -> str:
    """The checks of the last twelve months that are over, by module, month, agency and team."""
    seen = _look()
    return desk_page(
        "After six weeks",
        "lead/six_weeks.html",
        seen=seen,
        shares=_cells("", seen.total)[2:] if seen.total else (),
        columns=list(COUNTS),
        fewest=FEWEST,
        notes=NOTES,
    )


@blueprint.get(f"/after-six-weeks.{FILE}")
def six_weeks_file(kind: Kind) -> Response:
    """The rows of all its tables."""
    seen = _look()
    rows: Iterable[tuple[Cell, ...]] = ((table.heading, *row) for table in seen.tables for row in table.rows)
    notes = (f"Checks that came due {seen.days}.", *NOTES)
    return taken_away("after-six-weeks", ("Grouped by", "Group", *COUNTS), rows, kind=kind, notes=notes)


def _look() -> Seen:
    figures = kept_figures(database(), scope(), library().modules, now=now())
    days = f"from {spoken(figures.first)} to {spoken(figures.last)}"
    return Seen(days, figures.total, [table for table in _tables(figures) if table.rows])


def _tables(figures: SixWeeks) -> Iterable[Table]:
    titles = {module.id: f"{module.number}. {module.title}" for module in library().modules}
    yield Table("by-module", "Module", _rows(figures.modules, titles, "Other modules together"))
    months = {day: f"{day:%B %Y}" for day in sorted(figures.months.shown)}
    yield Table("by-month", "Month", _rows(figures.months, months, "Other months together"))
    if figures.teams or figures.agencies.others:
        names = read_names(database())
        yield Table("by-agency", "Agency", _rows(figures.agencies, names.agencies, OTHER_AGENCIES))
        yield Table("by-team", "Team", _team_rows(figures, names))


def _team_rows(figures: SixWeeks, names: Names) -> list[Row]:
    """Agency by agency, where there is more than one."""
    found = []
    for agency_id, agency in names.agencies.items():
        if agency_id in figures.teams:
            before = "" if scope().agency_id else f"{agency}: "
            teams = {id_: f"{before}{team.name}" for id_, team in names.teams.items() if team.agency_id == agency_id}
            found += _rows(figures.teams[agency_id], teams, f"{before}other teams together")
    if figures.agencies.others:
        found.append(_cells(OTHER_AGENCIES, figures.agencies.others))
    return found


def _rows(parts: Parts, names: Mapping[Any, str], others: str) -> list[Row]:
    """In the order of `names`."""
    found = [_cells(name, parts.shown[key]) for key, name in names.items() if key in parts.shown]
    return [*found, _cells(others[0].upper() + others[1:], parts.others)] if parts.others else found


def _cells(name: str, counts: Counts) -> Row:
    answered, talked_over, confirmed = (_share(part, counts.due) for part in counts[1:])
    return name, counts.due, answered, talked_over, confirmed


def _share(part: int, whole: int) -> str:
    """In steps of ten, of few checks in three; never all or none, nor one number alone: that would tell of each."""
    percent = 100 * part / whole
    if whole < MANY:
        return "under half" if percent < 40 else "over half" if percent > 60 else "about half"
    if percent < 10:
        return "under 10%"
    return "over 90%" if percent > 90 else f"about {int(percent / 10 + 0.5) * 10}%"

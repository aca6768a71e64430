"""Checks after six weeks: how many came due, were answered, talked over and confirmed. Never whose, never what."""

from collections.abc import Callable, Hashable, Iterable, Mapping
from datetime import date
from typing import Any, NamedTuple

from flask import Response

from course.learning.desk.days import day_of, spoken
from course.learning.desk.figures.six_weeks import (
    FEWEST,
    Came,
    Counted,
    Grouped,
    came_due,
    counted,
    grouped,
    last_months,
)
from course.learning.desk.standing.names import Names
from course.learning.desk.standing.picture import Picture
from course.web.board import board
from course.web.chrome import library
from course.web.database import database
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.files.downloads import Kind
from course.web.lead.files.workbook_rows import Cell
from course.web.lead.in_tens import FILE, taken_away

COUNTS = ("Came due", "Answered", "Talked over", "Confirmed")
NOTES = (
    "A check comes due six weeks after somebody completes a module. A refresher before that day has its own check.",
    "People count in the team and agency where they were on the last of these days. Nothing changes until next month.",
    "“Answered”, “Talked over” and “Confirmed” are shares of the checks that came due, in steps of ten. “Talked over” "
    "is what the person says; “Confirmed” is what their manager says.",
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
    total: Counted | None
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
    first, last = last_months(day_of(now()))
    picture = board().picture(database(), now(), as_at=last)
    checks, names = [*_in_scope(came_due(database(), first, last), picture)], board().names(database(), picture)
    days = f"from {spoken(first)} to {spoken(last)}"
    total = counted(checks)
    if len(total.people) < FEWEST:
        return Seen(days, None, [])
    return Seen(days, total, [table for table in _tables(checks, picture, names) if table.rows])


def _in_scope(checks: Iterable[Came], picture: Picture) -> Iterable[Came]:
    """Of modules that bring a check back, by people who were here, in scope."""
    mine, modules = scope(), {module.id for module in library().modules}
    for one in checks:
        row = picture.row_of.get(one.person_id)
        if row is not None and one.module_id in modules and picture.team[row]:
            in_agency = mine.agency_id in (None, picture.agency[row])
            if in_agency and mine.team_id in (None, picture.team[row]):
                yield one


def _tables(checks: list[Came], picture: Picture, names: Names) -> Iterable[Table]:
    titles = {module.id: f"{module.number}. {module.title}" for module in library().modules}
    yield Table("by-module", "Module", _rows(checks, lambda one: one.module_id, titles, "Other modules together"))
    months = {day: f"{day:%B %Y}" for day in sorted({_month(one) for one in checks})}
    yield Table("by-month", "Month", _rows(checks, _month, months, "Other months together"))
    mine = scope()
    if mine.team_id is None:
        of_people = _teams_of(checks, picture)
        agencies = grouped(checks, lambda one: of_people[one.person_id][0])
        if mine.agency_id is None and agencies:
            yield Table("by-agency", "Agency", _in_words(agencies, names.agencies, OTHER_AGENCIES))
        yield Table("by-team", "Team", _team_rows(checks, of_people, agencies, names))


def _teams_of(checks: Iterable[Came], picture: Picture) -> dict[str, tuple[int, int]]:
    """Person id to the ids of their agency and their team."""
    rows = {one.person_id: picture.row_of[one.person_id] for one in checks}
    return {id_: (int(picture.agency[row]), int(picture.team[row])) for id_, row in rows.items()}


def _team_rows(
    checks: list[Came], of_people: dict[str, tuple[int, int]], agencies: Grouped | None, names: Names
) -> list[Row]:
    """Within each agency that is shown, so that an agency less its teams is no small group either."""
    found = []
    for agency_id, agency in names.agencies.items():
        if agencies and agency_id in agencies.shown:
            of_agency = [one for one in checks if of_people[one.person_id][0] == agency_id]
            before = "" if scope().agency_id else f"{agency}: "
            teams = {id_: f"{before}{team.name}" for id_, team in names.teams.items()}
            found += _rows(of_agency, lambda one: of_people[one.person_id][1], teams, f"{before}other teams together")
    if agencies and agencies.others:
        found.append(_cells(OTHER_AGENCIES, agencies.others))
    return found


def _rows(checks: list[Came], key: Callable[[Came], Hashable], names: Mapping[Any, str], others: str) -> list[Row]:
    groups = grouped(checks, key)
    return _in_words(groups, names, others) if groups else []


def _in_words(groups: Grouped, names: Mapping[Any, str], others: str) -> list[Row]:
    found = [_cells(name, groups.shown[key]) for key, name in names.items() if key in groups.shown]
    return [*found, _cells(others[0].upper() + others[1:], groups.others)] if groups.others else found


def _cells(name: str, group: Counted) -> Row:
    answered, talked_over, confirmed = (
        _share(part, group.due) for part in (group.answered, group.talked_over, group.confirmed)
    )
    return name, group.due, answered, talked_over, confirmed


def _share(part: int, whole: int) -> str:
    """In steps of ten, and never all or none: that would tell of each."""
    percent = 100 * part / whole
    if percent < 10:
        return "under 10%"
    return "over 90%" if percent > 90 else f"about {int(percent / 10 + 0.5) * 10}%"


def _month(one: Came) -> date:
    return one.on.replace(day=1)

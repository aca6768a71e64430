"""The matrix: people or teams by the fourteen modules, on screen and as files that are equal to it."""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from flask import Response, url_for

from course.catalogue.model import ROLES
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.standing.matrix import SORTS, Tally, columns_of, summed, tally
from course.learning.desk.standing.status import MEANINGS, STATUSES
from course.web.chrome import library
from course.web.database import database
from course.web.lead.asked import Look, look
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.drawing.pictures import share
from course.web.lead.files.downloads import Kind, download
from course.web.lead.matrix_rows import (
    MARKS,
    Row,
    cell_columns,
    every_cell,
    people_columns,
    people_rows,
    team_columns,
    team_rows,
    teams_of,
)
from course.web.security import me

ROWS_A_PAGE = 50
MOST_TEAMS_LISTED = 100
"""Teams to choose from; where there are more, those of the agency chosen first."""


class Page(NamedTuple):
    """Which page of how many, and how many rows there are in all."""

    number: int
    of: int
    total: int

    @property
    def part(self) -> slice:
        """Where its rows are among all."""
        return slice((self.number - 1) * ROWS_A_PAGE, self.number * ROWS_A_PAGE)


def page_of(number: int, total: int) -> Page:
    """That page, or the last one where there are not so many."""
    last = max(1, -(-total // ROWS_A_PAGE))
    return Page(min(number, last), last, total)


@blueprint.get("/people")
def people() -> str:
    """People by module, fifty a page."""
    seen = look()
    page = page_of(seen.asked.page, len(seen.rows))
    rows = seen.rows[page.part]
    return _page(
        "People",
        "lead/matrix_people.html",
        seen,
        page=page,
        columns=people_columns(seen),
        rows=[(seen.picture.people[row].id, cells) for row, cells in zip(rows, people_rows(seen, rows), strict=True)],
        total=_total(seen),
        record=_around("lead.person", {"person_id": ""} | seen.asked.query),
    )


@blueprint.get("/teams")
def teams() -> str:
    """Teams by module, fifty a page: how much of what their people are asked to do is up to date."""
    seen = look()
    ids = teams_of(seen)
    page = page_of(seen.asked.page, len(ids))
    return _page(
        "Teams",
        "lead/matrix_teams.html",
        seen,
        page=page,
        columns=team_columns(seen),
        rows=list(team_rows(seen, ids[page.part])),
        total=_total(seen),
        of_team=_around("lead.people", {"team": ""} | seen.asked.query | {"team": ""}),
    )


@blueprint.get("/people.<any(csv, xlsx):kind>")
def people_file(kind: Kind) -> Response:
    """The view of people, whole: the same rows in the same order."""
    seen = look()
    return file_of("people", seen, kind, people_columns(seen), people_rows(seen, seen.rows))


@blueprint.get("/teams.<any(csv, xlsx):kind>")
def teams_file(kind: Kind) -> Response:
    """The view of teams, whole."""
    seen = look()
    return file_of("teams", seen, kind, team_columns(seen), (row.cells for row in team_rows(seen, teams_of(seen))))


@blueprint.get("/everything.<any(csv, xlsx):kind>")
def everything_file(kind: Kind) -> Response:
    """A row for each of the people and each module, with the days: what other reports can be made from."""
    seen = look()
    return file_of("people-by-module", seen, kind, cell_columns(), every_cell(seen))


def _around(endpoint: str, values: dict[str, Any]) -> list[str]:
    """What stands before and behind the first of `values` in an address: made once for all the rows of a page."""
    first = next(iter(values))
    return url_for(endpoint, **(values | {first: "-.-"})).split("-.-", 1)


def _total(seen: Look) -> Tally:
    """The people seen in the modules asked for, all together."""
    counted = tally(seen.picture, seen.rows)
    return summed([counted[column] for column in columns_of(seen.picture, seen.asked.wanted)])


def _page(title: str, template: str, seen: Look, **values: Any) -> str:
    return desk_page(
        title,
        template,
        seen=seen,
        asked=seen.asked,
        agencies=_agencies(seen),
        teams=_teams(seen),
        statuses=STATUSES,
        status_ids={words: status for status, words in STATUSES.items()},
        roles=ROLES,
        modules=[(module.folder, f"{module.number}. {module.title}") for module in library().modules],
        meanings=MEANINGS,
        sorts=SORTS,
        marks=MARKS,
        share=share,
        zip=zip,
        **values,
    )


def _agencies(seen: Look) -> list[tuple[int, str]]:
    mine = scope().agency_id
    return [(id_, name) for id_, name in seen.names.agencies.items() if mine in (None, id_)]


def _teams(seen: Look) -> list[tuple[int, str]]:
    """The teams to choose from, in scope and of the agency chosen; none where they would be too many."""
    mine, chosen = scope(), seen.asked.wanted.agency_id
    found = [
        (id_, team.name if chosen else f"{seen.names.agencies[team.agency_id]}: {team.name}")
        for id_, team in seen.names.teams.items()
        if mine.team_id in (None, id_) and mine.agency_id in (None, team.agency_id) and chosen in (None, team.agency_id)
    ]
    return found if chosen or len(found) <= MOST_TEAMS_LISTED else []


def file_of(name: str, seen: Look, kind: Kind, columns: Sequence[str], rows: Iterable[Row]) -> Response:
    """A view as a file, with what its words mean; that it was taken away is kept in the audit."""
    filters = "; ".join(f"{key} {value}" for key, value in seen.asked.query.items() if key != "as_at") or "none"
    with all_or_nothing(database()):
        audit.keep(database(), me(), "downloaded", now=now(), what=f"{name}.{kind}, filters: {filters}")
    notes = [f"As at the end of {seen.asked.said}. Filters: {filters}."]
    notes += [f"{words}: {MEANINGS[status]}" for status, words in STATUSES.items()]
    return download(name, columns, rows, kind=kind, notes=notes)

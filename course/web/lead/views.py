"""The training lead's first page: people by module, on screen and as CSV."""

import csv
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO
from typing import cast

from flask import Response, request

from course.catalogue.model import ROLES, Module
from course.learning.reports import Row, Scope, agencies_in, count_by_module, people_by_module
from course.web.chrome import library, page
from course.web.database import database
from course.web.lead.desk import blueprint
from course.web.lead.downloads import harmless
from course.web.security import my_scope

ROWS_A_PAGE = 100
COLUMNS = ("Name", "E-mail", "Agency", "Team", "Role", "Module", "Status", "Date")


@dataclass(frozen=True)
class Filter:
    """What a lead asked to see, from the address. A number that is none counts as not asked."""

    module: Module | None
    agency_id: int | None
    team_id: int | None

    @property
    def query(self) -> dict[str, str]:
        """The same as the parameters of an address."""
        chosen = {"module": self.module.folder if self.module else "", "agency": self.agency_id, "team": self.team_id}
        return {name: str(value) for name, value in chosen.items() if value}

    @property
    def module_ids(self) -> list[str]:
        return [self.module.id] if self.module else [m.id for m in library().modules]


def _asked() -> Filter:
    module = next((m for m in library().modules if m.folder == request.args.get("module")), None)
    return Filter(module, request.args.get("agency", type=_number), request.args.get("team", type=_number))


def _number(text: str) -> int:
    """A whole number that a database can hold as an id; ValueError, which counts as not asked, for any other."""
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError(text)
    return number


def _rows(asked: Filter, *, limit: int | None = None, offset: int = 0) -> list[Row]:
    return people_by_module(
        database(),
        cast(Scope, my_scope()),
        module_ids=asked.module_ids,
        agency_id=asked.agency_id,
        team_id=asked.team_id,
        limit=limit,
        offset=offset,
    )


def cells(row: Row) -> tuple[str, ...]:
    """A row as it stands on the screen and in the CSV, a text for each of COLUMNS."""
    numbers = {m.id: str(m.number) for m in library().modules}
    day = row.on.date().isoformat() if row.on else ""
    role = ROLES[row.role]
    return row.name, row.email, row.agency, row.team, role, numbers[row.module_id], row.status.capitalize(), day


@blueprint.get("/people")
def people() -> str:
    """People by module with status and date, filtered by agency, team and module, a hundred rows a page."""
    asked, number = _asked(), request.args.get("page", 1, type=_number)
    found = _rows(asked, limit=ROWS_A_PAGE + 1, offset=(number - 1) * ROWS_A_PAGE)
    scope = cast(Scope, my_scope())
    counts = count_by_module(
        database(), scope, module_ids=asked.module_ids, agency_id=asked.agency_id, team_id=asked.team_id
    )
    return page(
        "People",
        template="lead/people.html",
        columns=COLUMNS,
        rows=[cells(row) for row in found[:ROWS_A_PAGE]],
        counts=[(m, counts[m.id]) for m in library().modules if m.id in counts],
        agencies=agencies_in(database(), scope),
        asked=asked,
        number=number,
        has_more=len(found) > ROWS_A_PAGE,
    )


@blueprint.get("/people.csv")
def people_csv() -> Response:
    """Every row of the same filter, for a spreadsheet."""
    out = StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows([harmless(cell) for cell in cells(row)] for row in _rows(_asked()))
    name = f"people-{datetime.now(UTC).date().isoformat()}.csv"
    # The byte order mark tells Excel that this is UTF-8.
    return Response(
        "\ufeff" + out.getvalue(),
        mimetype="text/csv",
        headers={"Content-Disposition": f"attachment; filename={name}"},
    )

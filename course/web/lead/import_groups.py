"""The lines of a list of people by what comes of them, and who is not in it: as tables, on screen and to take away."""

from collections.abc import Sequence

from flask import Response, abort

from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.lists import imports
from course.learning.desk.lists.import_lines import OUTCOMES, Line, Outcome, Plan
from course.learning.desk.lists.import_people import Missing
from course.learning.desk.lists.import_plan import plan
from course.learning.tables import Import
from course.web.database import database
from course.web.lead.desk import blueprint, now
from course.web.lead.files.downloads import Kind, download
from course.web.security import me

LINES_SHOWN = 200
"""Of each group; all of them are in its download."""
LINE_COLUMNS = ("Line", "Name", "E-mail", "What is done", "To know")
REFUSED_COLUMNS = ("Line", "Name", "E-mail", "Why, and what to do")
MISSING_COLUMNS = ("Name", "E-mail", "Agency", "Team")


class Group:
    """The lines of one outcome, as they stand on the page."""

    def __init__(self, outcome: Outcome, made: Plan) -> None:
        lines = made.group(outcome)
        self.outcome, self.name, self.count = outcome, OUTCOMES[outcome], len(lines)
        self.columns, self.rows = _table(outcome, lines[:LINES_SHOWN])


def find(import_id: str) -> Import:
    """A list that whoever is signed in may see; to anybody else there is none."""
    return imports.find(database(), me(), import_id) or abort(404)


def planned(kept: Import) -> Plan | None:
    """What a list would do now; None where it is done or its rows are not kept any more."""
    sheet = imports.sheet_of(kept)
    return plan(database(), me(), sheet, now=now(), of=imports.extent_of(kept)) if sheet else None


def people_of(missing: Sequence[Missing]) -> list[tuple[str | int, ...]]:
    """Rows of MISSING_COLUMNS."""
    return [(m.name, m.email, m.agency, m.team) for m in missing]


@blueprint.get("/imports/<import_id>/<group>.<any(csv, xlsx):kind>")
def import_group(import_id: str, group: str, kind: Kind) -> Response:
    """All lines of one group of the dry run."""
    kept = find(import_id)
    made = planned(kept)
    if made is None or group not in (*OUTCOMES, "missing"):
        abort(404)
    columns, rows = (MISSING_COLUMNS, people_of(made.missing)) if group == "missing" else _lines(made, group)
    name = "not-in-this-file" if group == "missing" else OUTCOMES[_outcome(group)].lower().replace(" ", "-")
    with all_or_nothing(database()):
        audit.keep(database(), me(), "downloaded", now=now(), what=f"“{kept.file}”, {name}: {len(rows):,} rows")
    return download(f"list-{name}", columns, rows, kind=kind)


def _outcome(group: str) -> Outcome:
    return next(outcome for outcome in OUTCOMES if outcome == group)


def _lines(made: Plan, group: str) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    return _table(_outcome(group), made.group(_outcome(group)))


def _table(outcome: Outcome, lines: Sequence[Line]) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    """Columns and rows, the same on screen and in a download."""
    if outcome == "refused":
        return REFUSED_COLUMNS, [(x.line, x.name, x.email, " ".join(x.notes)) for x in lines]
    return LINE_COLUMNS, [(x.line, x.name, x.email, x.what, " ".join(x.notes)) for x in lines]

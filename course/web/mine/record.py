"""My record of continuing professional development: what I completed, when and as what. Nothing that I wrote."""

from collections.abc import Iterator, Sequence

from flask import Response, url_for
from markupsafe import Markup

from course.learning.desk.days import day_of, spoken
from course.learning.mine.completed import Completed, all_completed
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.lead.files.downloads import download
from course.web.lead.files.workbook_rows import Cell
from course.web.mine.blueprint import blueprint, my_page
from course.web.mine.certificates import ENOUGH, PDFS, has_course
from course.web.printing.record import COLUMNS, Line, Record, pdf, record_of
from course.web.security import counted_me, limiter, me

NAME = "record-of-learning"


@blueprint.get("/record")
def record() -> str:
    """Every completion, the newest first, and the time by year."""
    completed = all_completed(database(), me())
    mine = _record(completed)
    rows = [[line.module, spoken(line.day), line.minutes, line.role, line.version, _link(line)] for line in mine.lines]
    has_whole = has_course(completed)
    return my_page("Record of learning", "record.html", record=mine, columns=COLUMNS, rows=rows, has_course=has_whole)


@blueprint.get("/record.<any(csv, pdf):kind>")
@limiter.limit(PDFS, key_func=counted_me, error_message=ENOUGH)
def record_file(kind: str) -> Response:
    """The same for a spreadsheet, or as a tagged PDF."""
    mine = _record(all_completed(database(), me()))
    if kind == "csv":
        return download(NAME, COLUMNS, _cells(mine), kind="csv")
    response = Response(pdf(mine), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"{NAME}-{mine.as_at.isoformat()}.pdf")
    return response


def _record(completed: Sequence[Completed]) -> Record:
    return record_of(library(), me().name, completed, as_at=day_of(now()))


def _cells(mine: Record) -> Iterator[list[Cell]]:
    for line in mine.lines:
        yield [line.module, line.day, line.minutes, line.role, line.version, line.code]


def _link(line: Line) -> Markup | str:
    if not line.folder:
        return ""
    address = url_for("mine.certificate", name=line.folder, nth=line.nth)
    hidden = Markup('<span class="govuk-visually-hidden"> of {}, {}</span>').format(line.module, spoken(line.day))
    return Markup('<a class="govuk-link" href="{}">Certificate{}</a>').format(address, hidden)

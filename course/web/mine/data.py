"""My data: see all of it, and take it away."""

from collections.abc import Iterator
from typing import Any

from flask import Response, abort, current_app, stream_template, stream_with_context
from markupsafe import Markup

from course.learning.desk.days import LONDON, day_of, spoken
from course.learning.mine.data_requests import open_of
from course.learning.mine.kept_of_people import Kind
from course.learning.mine.my_record import counts, rows
from course.lesson.markdown import line
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.mine.blueprint import blueprint, my_page
from course.web.mine.data_cells import Laid, lay_out
from course.web.mine.data_file import json_pieces
from course.web.mine.data_groups import GROUPS, TITLES, how_long, shown
from course.web.security import me

ROWS_A_PAGE = 200
"""Of each kind: more is in the files."""


@blueprint.get("/data")
def data() -> str:
    """What the course keeps of me in groups, and what I can do about it."""
    found = counts(database(), me())
    requests = open_of(database(), me())
    return my_page(
        "My data",
        "data.html",
        groups=[(group, sum(found[key] for key in group.keys)) for group in shown(found)],
        asked={kind: spoken(day_of(request.at)) for kind, request in requests.items()},
        **_in_words(),
    )


@blueprint.get("/data/kept/<key>")
def data_group(key: str) -> str:
    """One group of it, row by row, as far as a page holds them."""
    group = next((group for group in GROUPS if group.key == key), None) or abort(404)
    found = counts(database(), me())
    tables = [(kind, found[kind.key], _laid(kind, limit=ROWS_A_PAGE)) for kind in group.kinds if found[kind.key]]
    return my_page("My data", "data_group.html", group=group, tables=tables, most=ROWS_A_PAGE, **_in_words())


@blueprint.get("/data.<any(json, html):kind>")
def data_file(kind: str) -> Response:
    """All of it as one file: JSON for programs, or a page that needs nothing else. Read as it is sent."""
    person, at = me(), now()
    groups = shown(counts(database(), person))
    pieces: Iterator[str]
    if kind == "json":
        kept = Markup(line(library().words["records-kept"])).striptags()  # noqa: S704 (cleaned by nh3)
        pieces = json_pieces(database(), person, groups, at=at, records_kept=kept)
        pieces = stream_with_context(pieces)
    else:
        made_at = f"{spoken(day_of(at))}, {at.astimezone(LONDON):%H:%M}"
        pieces = stream_template("mine/data_file.html", groups=groups, laid=_laid, made_at=made_at, **_in_words())
    response = Response(pieces, mimetype="application/json" if kind == "json" else "text/html")
    response.headers.set("Content-Disposition", "attachment", filename=f"my-data-{day_of(at).isoformat()}.{kind}")
    return response


def _laid(kind: Kind, limit: int | None = None) -> Laid:
    return lay_out(library(), kind.key, rows(database(), me(), kind, limit=limit))


def _in_words() -> dict[str, Any]:
    telling = current_app.extensions["telling"]
    return {"titles": TITLES, "how_long": how_long, "is_told": telling is not None}

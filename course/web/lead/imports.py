"""Lists of people are uploaded here, and those that came before are shown."""

from collections.abc import Sequence
from typing import Any

from flask import Response, redirect, request, url_for
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.wrappers import Response as AnyResponse

from course.learning.desk.days import LONDON
from course.learning.desk.lists import imports
from course.learning.desk.lists.import_apply import in_words
from course.learning.desk.lists.import_people import Extent
from course.learning.desk.lists.import_rows import COLUMNS
from course.learning.desk.uploads.sheets import LARGEST_FILE, LARGEST_ROWS, Unreadable
from course.learning.scope import may_give
from course.learning.tables import ACCESS, Import
from course.web.chrome import page
from course.web.database import database
from course.web.errors import WORDS
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.files.downloads import Kind, download
from course.web.packages.views import page_number
from course.web.security import me, my_scope

LARGEST_REQUEST = 9 * 1024 * 1024
"""Bytes: enough over the largest file that somebody who sends a larger one is told what it is."""
LISTS_A_PAGE = 20
TOO_LARGE = (
    "The file is larger than 8 MB, so it was not read and nothing was changed. Delete columns that are not needed, "
    "or split it into files, each with the headings."
)


@blueprint.url_value_preprocessor
def _allow_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before the app's own checks, since the one of the CSRF token reads the whole form."""
    if endpoint == "lead.upload":
        request.max_content_length = LARGEST_REQUEST


@blueprint.errorhandler(RequestEntityTooLarge)
def _too_large(error: RequestEntityTooLarge) -> tuple[str, int]:
    if request.endpoint == "lead.upload" and my_scope():
        return _lists(TOO_LARGE), 413
    heading, advice = WORDS[413]
    return page(heading, template="error.html", heading=heading, advice=advice), 413


@blueprint.get("/imports", endpoint="imports")
def lists() -> str:
    """The form to upload a list, and the lists that came before."""
    return _lists()


def _lists(error: str = "", of: Extent = "some") -> str:
    number = request.args.get("page", 1, type=page_number)
    found = imports.newest(database(), me(), limit=LISTS_A_PAGE + 1, offset=(number - 1) * LISTS_A_PAGE)
    return desk_page(
        "Error: Lists of people" if error else "Lists of people",
        "lead/imports.html",
        error=error,
        lists=[(kept, when(kept), _came_to(kept)) for kept in found[:LISTS_A_PAGE]],
        number=number,
        has_more=len(found) > LISTS_A_PAGE,
        scope=scope(),
        of=of,
        extents=[{"value": of, "text": said} for of, said in _extents().items()],
        places=_places(),
        left_open=left_open_words(),
        accesses=_either([access.replace("-", " ").capitalize() for access in ACCESS if may_give(me(), access)]),
        largest_mb=LARGEST_FILE // 1024**2,
        largest_rows=LARGEST_ROWS,
    )


def _of() -> Extent:
    """Whom the form says that its list is of; only some people, where it does not say."""
    asked = request.form.get("of")
    return next((of for of in _extents() if of == asked), "some")


def _extents() -> dict[Extent, str]:
    if scope().team_id is not None:
        return {"some": "Only some people, such as new starters", "teams": "Everybody in your team"}
    everybody = (
        "Everybody in your agency" if scope().agency_id is not None else "Everybody in the agencies that it names"
    )
    return {
        "some": "Only some people, such as new starters",
        "teams": "Everybody in the teams that it names",
        "agencies": everybody,
    }


def _places() -> str:
    """What agencies and teams a list of somebody with this scope may name."""
    team = me().team
    if scope().team_id is not None:
        return f"Agency is {team.agency.name} and Team is {team.name}: a line with any other is refused."
    made = "that is not there yet is made, and shown to you first."
    if scope().agency_id is not None:
        return f"Agency is {team.agency.name}: a line with any other is refused. A team {made}"
    return f"An agency or team {made}"


def left_open_words() -> str:
    """What a line leaves open about somebody new, and what comes of it, for a list of somebody with this scope."""
    if scope().team_id is not None:
        return "Whoever is new is put in your own team, and asked for their role at their first sign-in."
    if scope().agency_id is not None:
        return "Whoever is new is put in your own agency, and asked at their first sign-in for what is not there."
    return "Whoever is new is asked at their first sign-in for what is not there."


def _either(words: Sequence[str]) -> str:
    *most, last = words
    return f"{', '.join(most)} or {last}" if most else last


def when(kept: Import) -> str:
    """When a list was uploaded, in London."""
    return f"{kept.at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def _came_to(kept: Import) -> str:
    if kept.done_at:
        return in_words(kept.counts)
    return "Not brought in"


@blueprint.post("/imports")
def upload() -> AnyResponse | tuple[str, int]:
    """Keep a list, and go to its dry run."""
    file = request.files.get("file")
    content = file.read(LARGEST_FILE + 1) if file else b""
    if not file or not file.filename:
        return _lists("Choose the file with the list of people.", _of()), 422
    try:
        kept = imports.keep(database(), me(), file=file.filename, content=content, now=now(), of=_of())
    except Unreadable as error:
        return _lists(str(error), _of()), 422
    return redirect(url_for("lead.import_shown", import_id=kept.id))


@blueprint.get("/imports/template.<any(csv, xlsx):kind>")
def import_template(kind: Kind) -> Response:
    """An empty list with the headings."""
    return download("list-of-people", list(COLUMNS.values()), [], kind=kind)

"""Choosing packages, and what was made before. Each view reads: look up, decide, record, go."""

from typing import Any

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning import exports
from course.web.chrome import library, page
from course.web.clock import now
from course.web.database import database
from course.web.packages.forms import FILE, NONE, OPTIONS, OWN, WHEN, Filled, ask, in_words, titles
from course.web.packages.packers import packers
from course.web.security import leads_only, me
from scorm_export.guide import PRESETS, find_preset
from scorm_export.standards import STANDARDS

blueprint = Blueprint("packages", __name__, template_folder="templates", url_prefix="/packages")
blueprint.before_request(leads_only)

LARGEST_REQUEST = 1024 * 1024
"""Bytes: enough over the largest overlay that somebody who sends a larger one is told so on the form."""
EXPORTS_A_PAGE = 20


@blueprint.url_value_preprocessor
def _allow_a_file(endpoint: str | None, values: dict[str, Any] | None) -> None:
    """Before the app's own checks, since the one of the CSRF token reads the whole form."""
    if endpoint == "packages.make":
        request.max_content_length = LARGEST_REQUEST


@blueprint.get("/")
def choose() -> str:
    """The form, filled in as most need it."""
    everything = [m.folder for m in library().modules]
    own = OWN if packers().own_overlay else NONE
    return _form(Filled(everything, standard="scorm12", options=[], preset=PRESETS[0], overlay=own))


def _form(filled: Filled, errors: dict[str, list[str]] | None = None) -> str:
    return page(
        "Packages for an LMS" if not errors else "Error: Packages for an LMS",
        template="packages/choose.html",
        filled=filled,
        errors=errors or {},
        standards=STANDARDS.values(),
        when=WHEN,
        options=OPTIONS,
        presets=[(name, find_preset(name).name) for name in PRESETS],
        has_own=bool(packers().own_overlay),
        file_lost=bool(errors) and "file" not in (errors or {}) and bool(request.files.get("file")),
        FILE=FILE,
        is_administrator=me().access == "administrator",
    )


@blueprint.post("/")
def make() -> AnyResponse | tuple[str, int]:
    """Record what is asked for, and go to where it is made."""
    filled = Filled.from_form(request.form)
    asked = ask(filled, request.files.get("file"), own=library(), own_overlay=packers().own_overlay)
    if asked.errors:
        return _form(filled, asked.errors), 422
    export = exports.record(
        database(),
        me(),
        now=now(),
        standard=filled.standard,
        preset=filled.preset,
        options=asked.options,
        modules={module.id: module.version for module in asked.modules},
        partnership=asked.partnership,
        overlay=asked.overlay,
    )
    return redirect(url_for("packages.show", export_id=export.id))


@blueprint.get("/exports")
def made() -> str:
    """What was made, when, by whom, of which versions, with which hashes; the newest first."""
    number = request.args.get("page", 1, type=page_number)
    found = exports.newest(database(), limit=EXPORTS_A_PAGE + 1, offset=(number - 1) * EXPORTS_A_PAGE)
    return page(
        "Packages made before",
        template="packages/exports.html",
        exports=found[:EXPORTS_A_PAGE],
        standards=STANDARDS,
        in_words=in_words,
        titles=titles,
        number=number,
        has_more=len(found) > EXPORTS_A_PAGE,
    )


def page_number(text: str) -> int:
    """The number of a page that a table may have; ValueError, which counts as the first, for any other."""
    number = int(text)
    if not 0 < number < 2**24:
        raise ValueError(text)
    return number

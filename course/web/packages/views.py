"""Choosing packages, getting them, and what was made before. Each view reads: look up, decide, record, go."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from flask import (
    Blueprint,
    Response,
    abort,
    current_app,
    get_flashed_messages,
    redirect,
    request,
    stream_template,
    url_for,
)
from flask_wtf.csrf import generate_csrf
from werkzeug.wrappers import Response as AnyResponse

from course.learning import exports
from course.learning.exports import Made
from course.learning.tables import Export
from course.web.chrome import library, page
from course.web.database import database
from course.web.packages.forms import FILE, NONE, OPTIONS, OWN, WHEN, Filled, ask, in_words, titles
from course.web.packages.packers import Built, Changed, build, content_of, modules_of, packers
from course.web.security import leads_only, me
from scorm_export.guide import PRESETS, find_preset, guide
from scorm_export.options import Options
from scorm_export.standards import STANDARDS
from scorm_export.zip import zipped

blueprint = Blueprint("packages", __name__, template_folder="templates", url_prefix="/packages")
blueprint.before_request(leads_only)

GUIDE = "import-guide.html"
EVERYTHING = "everything.zip"
LARGEST_REQUEST = 1024 * 1024
"""Bytes: enough over the largest overlay that somebody who sends a larger one is told so on the form."""
EXPORTS_A_PAGE = 20
GUIDE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""The guide is one file, with its style sheet in it. It has no script and no form."""


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
        now=datetime.now(UTC),
        standard=filled.standard,
        preset=filled.preset,
        options=asked.options,
        modules={module.id: module.version for module in asked.modules},
        partnership=asked.partnership,
        overlay=asked.overlay,
    )
    return redirect(url_for("packages.show", export_id=export.id))


def _find(export_id: str) -> Export:
    return exports.find(database(), export_id) or abort(404)


@blueprint.get("/<export_id>")
def show(export_id: str) -> Response:
    """The files of an export with their hashes. What is not built yet is, and the page grows while it is."""
    export = _find(export_id)
    try:
        modules_of(export, library())
        is_current = True
    except Changed:
        is_current = False
    # The page is sent in parts, and cookies go with the first one: nothing may touch the session after that.
    generate_csrf()
    get_flashed_messages()
    to_build = not export.files and is_current
    body = stream_template(
        "packages/export.html",
        title="Packages",
        export=export,
        standard=STANDARDS[export.standard],
        options=in_words(export.options),
        modules=titles(export.modules, library()),
        preset=find_preset(export.preset).name,
        is_current=is_current,
        building=_building(export) if to_build else None,
        GUIDE=GUIDE,
        EVERYTHING=EVERYTHING,
    )
    return Response(body, headers={"X-Accel-Buffering": "no"})  # nginx would keep the page until it is whole


def _building(export: Export) -> Iterator[Built]:
    """Builds while the page that shows it is sent, and records what came of it at the end.

    The status of the answer is sent by then: what goes wrong is said on the page, which shows no files.
    """
    files: dict[str, Made] = {}
    try:
        for built in build(export, packers().packer(export.overlay)):
            if built.made:
                files[built.file] = built.made
            yield built
        exports.record_files(database(), export.id, files)  # in a session of its own: the request's is closed
        export.files = dict(files)
    except Exception:
        current_app.logger.exception("Building packages failed")


@blueprint.get("/<export_id>/<file>")
def download(export_id: str, file: str) -> Response | tuple[str, int]:
    """One file of an export, the whole of it as one zip, or its guide: made again, and the same as ever."""
    export = _find(export_id)
    if not export.files or file not in (*export.files, EVERYTHING, GUIDE):
        abort(404)
    if file == GUIDE:
        return Response(_guide(export), headers={"Content-Security-Policy": GUIDE_POLICY})
    try:
        content = _everything(export) if file == EVERYTHING else content_of(export, file)
    except Changed:
        return page("The content has changed", template="packages/changed.html", export=export), 410
    name = f"packages-{export.standard}-{export.at:%Y-%m-%d}.zip" if file == EVERYTHING else file
    disposition = {"Content-Disposition": f"attachment; filename={name}"}
    return Response(content, mimetype="application/zip", headers=disposition)


def _everything(export: Export) -> bytes:
    return zipped({**{name: content_of(export, name) for name in export.files}, GUIDE: _guide(export).encode()})


def _guide(export: Export) -> str:
    standard = STANDARDS[export.standard]
    return guide(
        library(),
        preset=export.preset,
        standard_name=standard.name,
        standard_title=standard.title,
        files=sorted(export.files),
        today=export.at.date(),
        options=Options(**dict.fromkeys(export.options, True)),
    )


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

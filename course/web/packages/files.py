"""Getting what was asked for: the page that grows while packages are made, and each file."""

from collections.abc import Iterator

from flask import Response, abort, current_app, get_flashed_messages, stream_template
from flask_wtf.csrf import generate_csrf

from course.learning import exports
from course.learning.exports import Made
from course.learning.tables import Export
from course.web.chrome import library, page
from course.web.database import database
from course.web.packages.forms import in_words, titles
from course.web.packages.packers import Built, Changed, build, content_of, modules_of, packers
from course.web.packages.views import blueprint
from scorm_export.guide import find_preset, guide
from scorm_export.options import Options
from scorm_export.standards import STANDARDS
from scorm_export.zip import zipped

GUIDE = "import-guide.html"
EVERYTHING = "everything.zip"
GUIDE_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
"""The guide is one file, with its style sheet in it. It has no script and no form."""


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

"""My data: see it, take it away, have it corrected or erased."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/data")
def data() -> str:
    """…"""
    abort(404)


@blueprint.get("/data.<any(json, html):kind>")
def data_file(kind: str) -> str:
    """…"""
    abort(404)

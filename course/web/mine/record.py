"""My record of continuing professional development."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/record")
def record() -> str:
    """…"""
    abort(404)


@blueprint.get("/record.<any(csv, pdf):kind>")
def record_file(kind: str) -> str:
    """…"""
    abort(404)

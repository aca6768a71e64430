"""Whether a certificate is real, for whoever holds it."""

from flask import abort

from course.web.shown.blueprint import blueprint


@blueprint.get("/certificates/<code>")
def certificate(code: str) -> str:
    """…"""
    abort(404)

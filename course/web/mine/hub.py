"""My learning: the way to everything that is mine."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/")
def hub() -> str:
    """…"""
    abort(404)

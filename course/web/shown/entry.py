"""One entry of a journal, for whoever was given its link."""

from flask import abort

from course.web.shown.blueprint import blueprint


@blueprint.get("/shared/<token>")
def entry(token: str) -> str:
    """…"""
    abort(404)

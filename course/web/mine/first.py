"""What is asked at the first sign-in: role and agency, where a lead has not set them."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/first")
def first() -> str:
    """…"""
    abort(404)

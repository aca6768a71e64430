"""Showing one entry of my journal to somebody, and taking it back."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.post("/journal/<name>/share")
def share(name: str) -> str:
    """…"""
    abort(404)


@blueprint.post("/journal/<name>/take-back")
def take_back(name: str) -> str:
    """…"""
    abort(404)

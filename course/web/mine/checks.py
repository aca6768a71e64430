"""The check six weeks after a module, and what a manager confirms."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/checks/<name>")
def check(name: str) -> str:
    """…"""
    abort(404)


@blueprint.post("/checks/<name>")
def answer_check(name: str) -> str:
    """…"""
    abort(404)


@blueprint.get("/confirm")
def confirmations() -> str:
    """…"""
    abort(404)

"""Certificates of a module and of the course."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/certificates/<name>")
def certificate(name: str) -> str:
    """…"""
    abort(404)


@blueprint.get("/certificates/<name>.pdf")
def certificate_pdf(name: str) -> str:
    """…"""
    abort(404)

"""My journal: what I wrote, across modules."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/journal")
def journal() -> str:
    """…"""
    abort(404)


@blueprint.get("/journal/<name>")
def entry(name: str) -> str:
    """…"""
    abort(404)


@blueprint.post("/journal/<name>/delete")
def delete_entry(name: str) -> str:
    """…"""
    abort(404)


@blueprint.get("/journal.<any(txt, pdf):kind>")
def journal_file(kind: str) -> str:
    """…"""
    abort(404)

"""My action plan: commitments across modules."""

from flask import abort

from course.web.mine.blueprint import blueprint


@blueprint.get("/plan")
def plan() -> str:
    """…"""
    abort(404)


@blueprint.post("/plan/<name>/done")
def tick(name: str) -> str:
    """…"""
    abort(404)


@blueprint.get("/plan.ics")
def plan_calendar() -> str:
    """…"""
    abort(404)

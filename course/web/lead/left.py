"""Closed accounts: people who have left, whose records stay."""

from flask import request

from course.learning.desk.days import day_of
from course.learning.desk.people.histories import left_in
from course.web.database import database
from course.web.lead.asked import number
from course.web.lead.desk import blueprint, desk_page, scope
from course.web.lead.matrix import ROWS_A_PAGE


@blueprint.get("/people/left")
def left() -> str:
    """Those in scope, the latest first."""
    page = request.args.get("page", 1, type=number)
    found = left_in(database(), scope(), limit=ROWS_A_PAGE + 1, offset=(page - 1) * ROWS_A_PAGE)
    rows = [(person, day_of(person.left_at)) for person in found[:ROWS_A_PAGE] if person.left_at]
    return desk_page("Closed accounts", "lead/left.html", rows=rows, number=page, has_more=len(found) > ROWS_A_PAGE)

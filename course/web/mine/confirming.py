"""What a manager confirms: that somebody talked a module over with them. Never what anybody answered."""

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from course.learning.desk.days import day_of, spoken
from course.learning.mine.checks import NotYours, confirm_talk, talks_to_confirm
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.mine.blueprint import blueprint, my_page
from course.web.security import me

LARGEST = 2**31 - 1
"""PostgreSQL fails at a greater number in a whole-number column."""
TOOK_PLACE = "Confirmed. Thank you."
NOT_YET = "They are told: not yet. They can say so again once you have talked."


@blueprint.get("/confirm")
def confirmations() -> str:
    """The talks that wait for me to confirm: names, modules and days."""
    titles = {module.id: f"module {module.number}, {module.title}" for module in library().modules}
    talks = [
        (talk.completion_id, talk.name, titles.get(talk.module_id, "a module"), spoken(day_of(talk.said_at)))
        for talk in talks_to_confirm(database(), me().id)
    ]
    return my_page("Talks to confirm", "confirmations.html", talks=talks)


@blueprint.post(f"/confirm/<int(max={LARGEST}):completion_id>")
def confirm(completion_id: int) -> Response:
    """Say that a talk took place, or did not yet."""
    took_place = request.form.get("took-place")
    if took_place not in ("yes", "not-yet"):
        abort(400)
    try:
        confirm_talk(database(), me(), completion_id, took_place=took_place == "yes", now=now())
    except NotYours:
        abort(404)
    flash(TOOK_PLACE if took_place == "yes" else NOT_YET)
    return redirect(url_for("mine.confirmations"))

"""Which letters I get by e-mail: every switch for them on one page, to which the letters themselves lead."""

from collections.abc import Mapping

from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from course.learning.mine.cards import want_cards
from course.learning.people import want_reminders
from course.web.database import database
from course.web.mine.blueprint import blueprint, my_page
from course.web.mine.cards import KEPT, NO_HOW, ways
from course.web.security import me

TITLE = "Which letters you get"
NO_ANSWER = "Choose whether you want reminders"
REMINDERS = {"on": "You get reminders by e-mail.", "off": "You get no reminders by e-mail."}


@blueprint.get("/letters")
def letters() -> str:
    """Which letters I get, to change."""
    return _page({})


@blueprint.post("/letters")
def choose_letters() -> tuple[str, int] | Response:
    """Keep which letters I want, all together or none of it."""
    how, reminders = request.form.get("cards", ""), request.form.get("reminders", "")
    errors = {}
    if _may_opt_out() and reminders not in REMINDERS:
        errors["reminders"] = NO_ANSWER
    if how not in ways():
        errors["cards"] = NO_HOW
    if errors:
        return _page(errors), 422
    if _may_opt_out():
        want_reminders(database(), me(), reminders == "on")
        flash(REMINDERS[reminders])
    want_cards(database(), me(), how)
    flash(KEPT[how])
    return redirect(url_for("mine.letters"))


def _may_opt_out() -> bool:
    return bool(current_app.config["REMINDERS_OPT_OUT"])


def _page(errors: Mapping[str, str]) -> str:
    return my_page(
        f"Error: {TITLE}" if errors else TITLE,
        "letters.html",
        errors=errors,
        may_opt_out=_may_opt_out(),
        reminders=request.form.get("reminders", "on" if me().wants_reminders else "off"),
        ways=ways(),
        how=request.form.get("cards", me().cards),
    )

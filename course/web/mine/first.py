"""What is asked at the first sign-in: role, agency and team, where a lead has not set them."""

from collections.abc import Mapping

from flask import flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from course.catalogue.model import ROLES
from course.learning.desk.people.joining_rules import Wrong
from course.learning.desk.people.not_said import is_not_said
from course.learning.desk.people.saying import NOT_LISTED, places_to_say, say
from course.web.account.views import is_own
from course.web.clock import now
from course.web.database import database
from course.web.mine.blueprint import blueprint, my_page
from course.web.security import ASKED_LATER, me

TITLE = "Before you begin"
WHOSE: dict[str, str] = {
    "practitioner": "You work with children, young people, adults or families yourself.",
    "manager": "You supervise or manage the people who do.",
    "senior-manager": "You lead a service or an organisation.",
}
"""Who chooses which role."""
KEPT = "Thank you. It is kept."
NOT_FOUND = (
    "Tell your training lead that your agency or team is not in the list. "
    "You can use the course meanwhile, and are asked again when you next sign in."
)


@blueprint.get("/first")
def first() -> str | Response:
    """The questions that are open; whoever has none goes on."""
    return _page({}) if me().to_say else redirect(_back())


@blueprint.post("/first")
def say_first() -> tuple[str, int] | Response:
    """Keep what is said, and go to the page that was asked for."""
    role, team = request.form.get("role", ""), request.form.get("team", "")
    try:
        say(database(), me(), role=role, team=team, now=now())
    except Wrong as wrong:
        return _page(wrong.errors), 422
    if me().to_say:
        session[ASKED_LATER] = True
    flash(NOT_FOUND if me().to_say else KEPT)
    return redirect(_back())


def _back() -> str:
    """The page that they asked for, if it is one of ours, or home."""
    seen = request.values.get("next", "")
    return seen if is_own(seen) else url_for("learn.home")


def _page(errors: Mapping[str, list[str]]) -> str:
    agency = me().team.agency.name
    return my_page(
        f"Error: {TITLE}" if errors else TITLE,
        "first.html",
        heading=TITLE,
        errors=errors,
        to_say=me().to_say,
        roles=[(role, name, WHOSE[role]) for role, name in ROLES.items()],
        role=request.form.get("role", ""),
        agency="" if is_not_said(agency) else agency,
        places=places_to_say(database(), me()) if "agency" in me().to_say else [],
        team=request.form.get("team", ""),
        not_listed=NOT_LISTED,
        back=request.values.get("next", ""),
    )

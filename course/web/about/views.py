"""Help, the accessibility statement and the privacy notice."""

from datetime import date
from typing import Any

from flask import Blueprint, current_app

from course.learning.desk.days import spoken
from course.web.chrome import library, page

blueprint = Blueprint("about", __name__, template_folder="templates")

STATED = date(2026, 11, 27)
"""When the accessibility statement was written and last reviewed: whoever changes what it says changes the day."""
TESTED = date(2026, 11, 27)
"""When the tests were last run that it tells of."""


@blueprint.get("/help")
def get_help() -> str:
    """How to use the course, and where there is help; open to anybody."""
    return _about("Help", "help.html")


@blueprint.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement, in the form of the model that regulation 8 of the Public Sector Bodies (Websites and
    Mobile Applications) (No. 2) Accessibility Regulations 2018 asks for.
    """
    return _about("Accessibility statement", "accessibility.html", stated=spoken(STATED), tested=spoken(TESTED))


@blueprint.get("/privacy")
def privacy() -> str:
    """The privacy notice: what articles 13 and 14 of the UK GDPR ask to be told."""
    return _about("Privacy notice", "privacy.html", telling=current_app.extensions["telling"])


def _about(title: str, template: str, **values: Any) -> str:
    """A page about this installation, with what it sends out."""
    return page(
        title,
        template=f"about/{template}",
        partnership=library().partnership,
        words=library().words,
        sends_mail=current_app.config["MAILBOX"] is not None,
        may_opt_out=current_app.config["REMINDERS_OPT_OUT"],
        **values,
    )

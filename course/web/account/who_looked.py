"""Who looked at one’s record, for everybody; and one’s reminders, where they may be switched off."""

from flask import abort, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.desk import audit
from course.learning.desk.days import LONDON
from course.learning.people import want_reminders
from course.learning.tables import Audit
from course.web.account.views import blueprint
from course.web.addresses import page_number
from course.web.chrome import page
from course.web.database import database
from course.web.security import me, signed_in_only

LINES_A_PAGE = 50
COLUMNS = ("When", "Who", "Agency", "What")


@blueprint.get("/account/who-looked")
def who_looked() -> str | AnyResponse:
    """Every look at one’s record and every change of it, the newest first."""
    if away := signed_in_only():
        return away
    number = page_number()
    lines = audit.about(database(), me().id, limit=LINES_A_PAGE + 1, offset=(number - 1) * LINES_A_PAGE)
    return page(
        "Who looked at my record",
        template="account/who_looked.html",
        columns=COLUMNS,
        rows=[_cells(line) for line in lines[:LINES_A_PAGE]],
        number=number,
        has_more=len(lines) > LINES_A_PAGE,
        may_opt_out=current_app.config["REMINDERS_OPT_OUT"],
        wants_reminders=me().wants_reminders,
    )


def _cells(line: Audit) -> tuple[str, str, str, str]:
    at = line.at.astimezone(LONDON).strftime("%Y-%m-%d %H:%M")
    what = f"{audit.ACTS[line.act]}. {line.what}" if line.what else audit.ACTS[line.act]
    return at, line.by.name, line.by.team.agency.name, what


@blueprint.post("/account/reminders")
def reminders() -> AnyResponse:
    """Switch one’s reminders off or on, where the partnership lets people."""
    if away := signed_in_only():
        return away
    if not current_app.config["REMINDERS_OPT_OUT"]:
        abort(404)
    wants = request.form.get("reminders") == "on"
    want_reminders(database(), me(), wants)
    flash("You get reminders by e-mail again." if wants else "You get no more reminders by e-mail.")
    return redirect(url_for("account.who_looked"))

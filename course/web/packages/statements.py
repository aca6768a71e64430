"""For administrators: what is on its way to the LRS, and what it refused for good and why."""

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from course.learning import outbox
from course.web.chrome import library, page
from course.web.clock import now
from course.web.database import database
from course.web.packages.views import blueprint, page_number
from course.web.security import me

PARKED_A_PAGE = 50


def _administrators_only() -> None:
    """To anybody else, a training lead too, the page does not exist."""
    if me().access != "administrator":
        abort(404)


@blueprint.get("/statements")
def statements() -> str:
    """How many XapiStatements wait, were delivered and are parked, and each that is parked with the LRS's reason."""
    _administrators_only()
    number = request.args.get("page", 1, type=page_number)
    found = outbox.parked(database(), limit=PARKED_A_PAGE + 1, offset=(number - 1) * PARKED_A_PAGE)
    return page(
        "xAPI statements",
        template="packages/statements.html",
        counts=outbox.counts(database()),
        parked=found[:PARKED_A_PAGE],
        modules={m.id: f"{m.number}. {m.title}" for m in library().modules},
        number=number,
        has_more=len(found) > PARKED_A_PAGE,
    )


@blueprint.post("/statements")
def send_again() -> Response:
    """Let those that the page showed be sent once more."""
    _administrators_only()
    count = outbox.send_again(database(), request.form.getlist("id")[:PARKED_A_PAGE], now())
    flash(f"{count} {'statement' if count == 1 else 'statements'} will be sent again with the next push.")
    return redirect(url_for("packages.statements"))

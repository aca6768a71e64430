"""What I ask or do about my data: have it corrected or erased, or delete what I wrote."""

from flask import abort, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.columns import TEXT
from course.learning.mine import data_requests, sharing
from course.learning.mine.data_requests import WrongWords, open_of
from course.learning.mine.erasing import erase_what_i_wrote
from course.learning.mine.my_record import counts
from course.learning.tables import REQUESTS
from course.web.clock import now
from course.web.database import database
from course.web.mine.blueprint import blueprint, my_page
from course.web.security import me

Answer = str | tuple[str, int] | AnyResponse

ASKED = {
    "correct": "You have asked to have your data corrected. The answer will stand on this page.",
    "erase": "You have asked to have your account erased. Until that is decided you can go on as before.",
}
TAKEN_BACK = {
    "correct": "You no longer ask for a correction.",
    "erase": "You no longer ask to have your account erased.",
}


@blueprint.route("/data/<any(correct, erase):kind>", methods=["GET", "POST"])
def data_request(kind: str) -> Answer:
    """Ask to have my data corrected or my account erased; an open request of the kind is shown, and changed."""
    error = ""
    if request.method == "POST":
        try:
            data_requests.ask(database(), me(), kind, text=request.form.get("text", ""), now=now())
        except WrongWords as wrong:
            error = str(wrong)
        else:
            flash(ASKED[kind])
            return redirect(url_for("mine.data"))
    waiting = open_of(database(), me()).get(kind)
    written = request.form.get("text", waiting.text if waiting else "").replace("\0", "")
    title = REQUESTS[kind] if kind == "correct" else "Erase my account"
    title = f"Error: {title}" if error else title
    page = my_page(
        title,
        f"data_{kind}.html",
        text=written,
        error=error,
        is_open=waiting is not None,
        most=TEXT,
        is_told=current_app.extensions["telling"] is not None,
    )
    return (page, 422) if error else page


@blueprint.post("/data/take-back")
def take_back_request() -> AnyResponse:
    """Take an open request back. One that is answered stays; where there is none nothing happens."""
    kind = request.form.get("kind", "")
    if kind not in REQUESTS:
        abort(400)
    data_requests.take_back(database(), me(), kind)
    flash(TAKEN_BACK[kind])
    return redirect(url_for("mine.data"))


@blueprint.route("/data/delete-what-i-wrote", methods=["GET", "POST"])
def delete_words() -> Answer:
    """Delete everything that I wrote, once that is confirmed."""
    if request.method == "POST":
        erase_what_i_wrote(database(), me().id)
        flash("Everything that you wrote is deleted. What you completed stays completed.")
        return redirect(url_for("mine.data"))
    found = counts(database(), me())
    return my_page(
        "Delete what I wrote",
        "data_delete_words.html",
        entries=found["reflections"],
        links=sharing.working(database(), me().id, now=now()),
        is_any=bool(found["reflections"] or found["shares"]),
    )

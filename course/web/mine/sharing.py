"""Showing one entry of my journal to somebody by a link, and taking it back."""

import hmac
from base64 import urlsafe_b64encode

from flask import abort, current_app, flash, redirect, request, url_for
from flask_limiter.util import get_remote_address
from flask_login import current_user
from werkzeug.wrappers import Response

from course.catalogue.model import Module
from course.learning.mine import sharing
from course.web.clock import now
from course.web.database import database
from course.web.mine.blueprint import blueprint, module_called, my_page
from course.web.mine.entry import entry_page, my_entry
from course.web.mine.links import last_day
from course.web.security import limiter, me

TAKEN_BACK = "You have taken the link back. It shows nothing any more."
NO_DAYS = "Choose how long the link works"
ENOUGH = "You have made many links in the last hour. Wait an hour, then make the next one."


def _whose() -> str:
    """Whose links are counted; it is asked before anybody is sent to sign in."""
    return f"links of {me().id}" if current_user.is_authenticated else get_remote_address()


@blueprint.post("/journal/<name>/share")
@limiter.limit("30 per hour", key_func=_whose, error_message=ENOUGH)
def share(name: str) -> str | Response | tuple[str, int]:
    """Make a link to my entry and show it, this once: its token is kept nowhere."""
    module = module_called(name)
    kept = my_entry(module)
    days = request.form.get("days", "")
    if days not in map(str, sharing.DAYS):
        return entry_page(module, kept, error=NO_DAYS), 422
    token = _token(module, request.form.get("nonce", ""))
    made = sharing.share(database(), kept, token, days=int(days), now=now())
    if not sharing.works(made, kept, now=now()):  # the form of a link that has been taken back meanwhile
        return redirect(url_for("mine.entry", name=name))
    public = current_app.config["COURSE_URL"]
    path = url_for("shown.entry", token=token)
    address = f"{public}{path}" if public else url_for("shown.entry", token=token, _external=True)
    return my_page("A link to an entry", "link.html", module=module, address=address, until=last_day(made))


@blueprint.post("/journal/<name>/take-back")
def take_back(name: str) -> Response:
    """Let one of my links show nothing from now on; twice is once."""
    module_called(name)
    if not sharing.take_back(database(), me().id, request.form.get("mark", "").replace("\0", ""), now=now()):
        abort(404)
    flash(TAKEN_BACK)
    return redirect(url_for("mine.entry", name=name, _anchor="links"))


def _token(module: Module, nonce: str) -> str:
    """256 bits that follow from the app’s key, so that nobody can guess them and no form can choose them."""
    about = f"share {me().id} {module.id} {nonce}".encode("utf-8", "surrogatepass")
    digest = hmac.digest(current_app.config["SECRET_KEY"].encode(), about, "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")

"""Showing one entry of my journal to somebody by a link, and taking it back."""

import hmac
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

from flask import abort, current_app, flash, redirect, request, session, url_for
from werkzeug.wrappers import Response

from course.learning.mine import sharing
from course.learning.mine.reflections import Reflection
from course.web.addresses import module_called
from course.web.clock import now
from course.web.database import database
from course.web.learn.remarks import warnings_about
from course.web.mine.blueprint import blueprint, my_page
from course.web.mine.entry import entry_page, my_entry
from course.web.mine.links import last_day
from course.web.security import counted_me, limiter, me

TAKEN_BACK = "You have taken the link back. It shows nothing any more."
NO_DAYS = "Choose how long the link works"
OVER = "The link is not shown any more. If you did not copy it, take it back and make another."
SHOWN_FOR = timedelta(minutes=10)
NEWEST = "newest-link"
"""In the session: the module of my newest link, and the nonce of its form. Whoever reads the cookie on a shared device
cannot open the link: its token follows from them by the app’s key alone, and for me.
"""
NONCE = 43
"""Characters of a nonce, which is the browser’s to choose, that a session takes."""
ENOUGH = "You have made many links in the last hour. Wait an hour, then make the next one."


@blueprint.post("/journal/<name>/share")
@limiter.limit("30 per hour", key_func=counted_me, error_message=ENOUGH)
def share(name: str) -> str | Response | tuple[str, int]:
    """Make a link to my entry, and go to see it; twice is once. Its token is kept nowhere."""
    module = module_called(name)
    kept = my_entry(module)
    days = request.form.get("days", "")
    if days not in map(str, sharing.DAYS):
        return entry_page(module, kept, error=NO_DAYS), 422
    nonce = request.form.get("nonce", "")[:NONCE]
    sharing.share(database(), kept, _token(kept, nonce), days=int(days), now=now())
    session[NEWEST] = [module.id, nonce]
    return redirect(url_for("mine.link", name=name))


@blueprint.get("/journal/<name>/link")
def link(name: str) -> str | Response:
    """The link that I have just made, for SHOWN_FOR and in this session alone; then, or where none is, the entry."""
    module = module_called(name)
    kept = my_entry(module)
    of_module, nonce = session.get(NEWEST, ("", ""))
    token = _token(kept, nonce)
    made = next(
        (s for s in sharing.shares_of(database(), me().id, module.id) if s.mark == sharing.mark_of(token)), None
    )
    if of_module != module.id or made is None or not sharing.works(made, kept, now=now()):
        return redirect(url_for("mine.entry", name=name))  # also for the form of a link that was taken back meanwhile
    if now() >= made.made_at + SHOWN_FOR:
        session.pop(NEWEST)
        flash(OVER)
        return redirect(url_for("mine.entry", name=name))
    public = current_app.config["COURSE_URL"]
    path = url_for("shown.entry", token=token)
    values: dict[str, Any] = {
        "module": module,
        "address": f"{public}{path}" if public else url_for("shown.entry", token=token, _external=True),
        "until": last_day(made),
        "minutes": SHOWN_FOR // timedelta(minutes=1),
        "is_warned": bool(warnings_about(kept)),
    }
    return my_page("A link to an entry", "link.html", **values)


@blueprint.post("/journal/<name>/take-back")
def take_back(name: str) -> Response:
    """Let one of my links show nothing from now on; twice is once."""
    module_called(name)
    if not sharing.take_back(database(), me().id, request.form.get("mark", "").replace("\0", ""), now=now()):
        abort(404)
    flash(TAKEN_BACK)
    return redirect(url_for("mine.entry", name=name, _anchor="links"))


def _token(entry: Reflection, nonce: str) -> str:
    """256 bits that follow from the app’s key, so that nobody can guess them and no form can choose them.

    They change with the entry: an old form that is sent again makes another link than it did.
    """
    about = f"share {entry.person_id} {entry.module_id} {entry.saved_at.isoformat()} {nonce}"
    digest = hmac.digest(current_app.config["SECRET_KEY"].encode(), about.encode("utf-8", "surrogatepass"), "sha256")
    return urlsafe_b64encode(digest).decode().rstrip("=")

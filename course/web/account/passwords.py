"""Setting a password by a link: the first one, or a new one where the old one is forgotten."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from logging import getLogger
from typing import Any

from flask import current_app, flash, make_response, redirect, request, session, url_for
from flask_login import login_user
from sqlalchemy.orm import sessionmaker
from werkzeug.wrappers import Response as AnyResponse

from course.learning.desk.mail.invitations import send_new_password
from course.learning.desk.mail.links import set_first_or_new_password
from course.learning.people import SHORTEST_PASSWORD
from course.learning.tables import Person
from course.web.account.views import asked_email, blueprint, written_email
from course.web.chrome import library, page
from course.web.database import database
from course.web.lead.desk import now
from course.web.letter_box import links, mailbox
from course.web.security import Account, limiter

POSTING = ThreadPoolExecutor(max_workers=1, thread_name_prefix="new-password")
"""Sends after the answer, one at a time, so that the time of the answer does not tell who is here."""
ENOUGH = "Several links have been asked for. Look among unwanted mail too. After fifteen minutes you can ask again."
ASKED = (
    "If somebody here has this e-mail address, a link for a new password is on its way to it. It works for an hour. "
    "Look among unwanted mail too."
)


@blueprint.get("/forgotten-password")
def forgotten() -> str:
    """Where to ask for a new password."""
    return page("Forgotten password", template="account/forgotten.html", has_mail=mailbox() is not None)


@blueprint.post("/forgotten-password")
@limiter.limit("3 per 15 minutes", key_func=asked_email, error_message=ENOUGH)
@limiter.limit("50 per 15 minutes", error_message=ENOUGH)
def forgotten_now() -> AnyResponse:
    """Send a link. The answer and its time are the same whether or not anybody has the address."""
    if box := mailbox():
        words = {"mailbox": box, "links": links(), "now": now(), "partnership": library().partnership}
        POSTING.submit(_send, current_app.extensions["sessions"], written_email(), words)
        flash(ASKED)
    return redirect(url_for("account.forgotten"))


def _send(sessions: sessionmaker[Any], email: str, words: Mapping[str, Any]) -> None:
    """In a thread of its own; what goes wrong is logged, without whom it was for."""
    try:
        with sessions() as own:
            posted = send_new_password(own, email, **words)
    except Exception:
        getLogger("course").exception("A letter for a new password could not be sent.")
        return
    if posted.stopped:
        getLogger("course").error("A letter for a new password could not be sent: %s", posted.stopped)


@blueprint.get("/password/<token>")
def password(token: str) -> AnyResponse:
    """Where a link leads: choose a password. Opening it changes nothing, as a mail scanner may."""
    person = links().whose(database(), token, now=now())
    return _form(person) if person else _gone()


@blueprint.post("/password/<token>")
def password_now(token: str) -> AnyResponse:
    """Set the password, end every older session, and sign in."""
    person = links().whose(database(), token, now=now())
    if not person:
        return _gone()
    chosen = request.form.get("password", "")
    if errors := _errors(chosen, request.form.get("again", "")):
        return _form(person, errors)
    if not set_first_or_new_password(database(), person, chosen):
        return _gone()
    session.clear()
    session.permanent = True
    login_user(Account(person))
    flash("Your password is set, and you are signed in.")
    return redirect(url_for("learn.home"))


def _errors(chosen: str, again: str) -> dict[str, str]:
    if len(chosen) < SHORTEST_PASSWORD:
        return {"password": f"The password must have at least {SHORTEST_PASSWORD} characters. Add a word or two."}
    if chosen != again:
        return {"again": "The two passwords are not the same. Write both once more."}
    return {}


def _form(person: Person, errors: Mapping[str, str] | None = None) -> AnyResponse:
    shown = page(
        "Error: Choose your password" if errors else "Choose your password",
        template="account/password.html",
        person=person,
        errors=errors or {},
        shortest=SHORTEST_PASSWORD,
    )
    return _untold(shown, 422 if errors else 200)


def _gone() -> AnyResponse:
    title, template = "This link does not work any more", "account/password_gone.html"
    return _untold(page(title, template=template, has_mail=mailbox() is not None), 410)


def _untold(shown: str, status: int) -> AnyResponse:
    """A page whose address, which holds the token, is told to nobody that it leads to."""
    response = make_response(shown, status)
    response.headers["Referrer-Policy"] = "no-referrer"
    return response

"""Signing in and out, and the pages that are open to anybody."""

import unicodedata
from urllib.parse import urlsplit

from flask import Blueprint, Response, flash, redirect, request, session, url_for
from flask_login import current_user, login_user, logout_user
from werkzeug.wrappers import Response as AnyResponse

from course.learning import people
from course.learning.columns import EMAIL
from course.web.chrome import page
from course.web.database import database
from course.web.security import Account, counted, limiter, me

blueprint = Blueprint("account", __name__, template_folder="templates")

WRONG = "The e-mail address and password do not belong together. Check both and try again."
TOO_OFTEN = "Signing in has failed too often. Wait fifteen minutes and try again. Your account is not locked."
EVERYWHERE = "You are signed out here and everywhere else."


def asked_email() -> str:
    """The address that a form is about, for counting how often it was tried: however it is written, as it is found."""
    return counted(f"e-mail {written_email()}")


def written_email() -> str:
    """The address in a form as addresses are kept, without NUL, which PostgreSQL would refuse as a text."""
    return people.normal_email(request.form.get("email", "").replace("\0", ""))[:EMAIL]


def _refused(response: Response) -> bool:
    return response.status_code == 422


@blueprint.get("/sign-in")
def sign_in() -> str | AnyResponse:
    """The form; somebody signed in already goes on."""
    if current_user.is_authenticated:
        return redirect(url_for("learn.home"))
    return page("Sign in", template="account/sign_in.html", email="", error="")


@blueprint.post("/sign-in")
@limiter.limit("5 per 15 minutes", key_func=asked_email, deduct_when=_refused, error_message=TOO_OFTEN)
@limiter.limit("50 per 15 minutes", deduct_when=_refused, error_message=TOO_OFTEN)
def sign_in_now() -> tuple[str, int] | AnyResponse:
    """Sign somebody in. Only attempts that fail count towards the limits."""
    person = people.sign_in(database(), written_email(), request.form.get("password", ""))
    if not person:
        email = request.form.get("email", "").replace("\0", "")
        return page("Error: Sign in", template="account/sign_in.html", email=email, error=WRONG), 422
    following = request.args.get("next", "")
    session.clear()
    session.permanent = True
    login_user(Account(person))
    return redirect(following if is_own(following) else url_for("learn.home"))


def is_own(address: str) -> bool:
    """Whether an address is a path of this app: one slash first, no host, and nothing in it that a browser would turn
    into another slash or leave out.
    """
    is_plain = "\\" not in address and not any(unicodedata.category(c) in ("Cc", "Cs") for c in address)
    try:
        parts = urlsplit(address)
    except ValueError:  # such as //[::1
        return False
    return is_plain and address.startswith("/") and not (address.startswith("//") or parts.netloc or parts.scheme)


@blueprint.post("/sign-out")
def sign_out() -> AnyResponse:
    """Sign out, and forget the session, here and in the browser: what was not saved yet is not for who comes next.

    Other devices stay signed in (decisions/0014).
    """
    return _signed_out()


@blueprint.post("/sign-out-everywhere")
def sign_out_everywhere() -> AnyResponse:
    """Sign out here and wherever else this person is signed in, from a copied cookie too."""
    if current_user.is_authenticated:
        people.end_sessions(database(), me())
    response = _signed_out()
    flash(EVERYWHERE)
    return response


def _signed_out() -> AnyResponse:
    logout_user()
    session.clear()
    response = redirect(url_for("account.sign_in"))
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


@blueprint.get("/what-changed")
def what_changed() -> str:
    """Terms and rules of 2016, what to say and use now, and what is announced; open to anybody."""
    return page("What changed since 2016", template="account/what_changed.html")


@blueprint.get("/glossary")
def glossary() -> str:
    """Every word that the modules explain; open to anybody."""
    return page("Words used in this course", template="account/glossary.html")


@blueprint.get("/worried")
def worried() -> str:
    """What to do about a child who may be at risk now; open to anybody."""
    return page("If you are worried about a child now", template="account/worried.html")

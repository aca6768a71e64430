"""What protects a learner: who is signed in, CSRF, rate limits and response headers."""

import hmac
from logging import WARNING, getLogger
from typing import cast

from flask import Flask, Response, abort, current_app, g, redirect, request, session, url_for
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from flask_login import LoginManager, UserMixin, current_user
from flask_wtf.csrf import CSRFError, CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix
from werkzeug.wrappers import Response as AnyResponse

from course.learning.people import find_person
from course.learning.scope import Scope, scope_of
from course.learning.tables import Person
from course.web.database import database

limiter = Limiter(key_func=get_remote_address, headers_enabled=False)
csrf = CSRFProtect()
login = LoginManager()
login.login_view = "account.sign_in"
login.login_message = ""
login.session_protection = None  # "strong" would sign a learner out whenever a phone changes its network

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src 'self' data:; form-action 'self'; "
    "frame-ancestors 'none'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

FIRST = ("mine.first", "mine.say_first")
"""The page that asks what a lead left open."""
ASKED_LATER = "asked-later"
"""In the session of whoever could not say all of it: they are asked again when they next sign in."""

SCRIPT_POLICY = "script-src 'self'; connect-src 'self'"
"""What the few pages with a script of ours add (decisions/0005)."""


class Account(UserMixin):  # type: ignore[misc]  # flask-login has no types
    """Somebody signed in. Their session ends when their session key changes, as it does with the password, and when
    they leave.
    """

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        return f"{self.person.id}.{self.person.session_key}"


@login.user_loader  # type: ignore[untyped-decorator]  # flask-login has no types
def _load(session_id: str) -> Account | None:
    person_id, _, key = session_id.partition(".")
    person = find_person(database(), person_id)
    is_theirs = person is not None and person.session_key == key and person.left_at is None
    return Account(person) if person and is_theirs else None


def counted(whose: str) -> str:
    """A name for a counter of the rate limits. They are logged and may lie in a store that others share, so that no
    address, id or key stands in them.
    """
    return hmac.digest(current_app.config["SECRET_KEY"].encode(), f"counter {whose}".encode(), "sha256").hex()


def counted_me() -> str:
    """The counter of whoever is signed in; it is asked before anybody is sent to sign in."""
    return counted(me().id) if current_user.is_authenticated else get_remote_address()


def me() -> Person:
    """The person signed in; only for views that need one."""
    return cast(Person, current_user.person)


def my_scope() -> Scope | None:
    """Whose learning the person signed in may see, if anybody's."""
    return scope_of(me()) if current_user.is_authenticated else None


def signed_in_only() -> AnyResponse | None:
    """Before every view of a blueprint: whoever is not signed in goes to do so first, and then comes back.

    So does whoever is asked something at their first sign-in; what they send meanwhile is not taken.
    """
    if not current_user.is_authenticated:
        return cast(AnyResponse, login.unauthorized())
    if me().to_say and ASKED_LATER not in session and request.endpoint not in FIRST:
        seen = request.full_path.rstrip("?") if request.method in ("GET", "HEAD") else None
        return redirect(url_for("mine.first", next=seen))
    return None


def leads_only() -> AnyResponse | None:
    """Before every view of a blueprint for training leads. To a learner it does not exist: no hint, no redirect."""
    if "\0" in request.path or any("\0" in value for value in request.args.values()):
        abort(400)  # no text of ours has it, and PostgreSQL fails at it
    if current_user.is_authenticated and my_scope() is None:
        abort(404)
    return signed_in_only()


def protect(app: Flask, *, trusted_proxies: int) -> None:
    """Switch everything on for `app`."""
    if trusted_proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, trusted_proxies, trusted_proxies)  # type: ignore[method-assign]
    app.config["WTF_CSRF_SSL_STRICT"] = False  # asks for a Referer, which pages with a secret address send to nobody
    app.before_request(_refuse_other_sites)
    csrf.init_app(app)
    limiter.init_app(app)
    getLogger("flask-limiter").setLevel(WARNING)  # below it are who tried what and how often
    login.init_app(app)
    app.after_request(_headers)


def _refuse_other_sites() -> None:
    """Besides the token in every form: a browser that says where a form stood must say that it was here.

    Every newer browser says so over https, also where a page keeps its address to itself.
    """
    if request.method == "POST" and request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise CSRFError("The form is not one of ours.")


def _headers(response: Response) -> Response:
    if g.get("may_run_script"):
        response.headers["Content-Security-Policy"] = f"{HEADERS['Content-Security-Policy']}; {SCRIPT_POLICY}"
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        response.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
    if request.endpoint not in ("static", "lesson.static"):
        response.headers.setdefault("Cache-Control", "no-store")  # a learner's page is theirs; devices are shared
    return response

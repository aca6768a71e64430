"""One database session a request, closed when the request ends."""

from typing import cast

from flask import current_app, g
from sqlalchemy.orm import Session


def database() -> Session:
    """This request's session."""
    if "session" not in g:
        g.session = current_app.extensions["sessions"]()
    return cast(Session, g.session)


def close_session(_: BaseException | None = None) -> None:
    """Give the connection back; what was not committed is rolled back."""
    if session := g.pop("session", None):
        session.close()

"""Whether this app sends letters, and what the links in them begin with."""

from typing import cast

from flask import current_app, url_for

from course.learning.desk.mail.links import Links
from course.learning.desk.mail.mailbox import Mailbox


def mailbox() -> Mailbox | None:
    """The mail server that letters are handed to, if there is one."""
    return cast("Mailbox | None", current_app.config["MAILBOX"])


def links() -> Links:
    """Makes and reads the links by which a password is set.

    The address is the one that was set, since a request can claim any; only where none was set is it the request's.
    """
    address = current_app.config["COURSE_URL"]
    if address:
        return Links(current_app.config["SECRET_KEY"], lambda token: f"{address}/password/{token}")
    return Links(current_app.config["SECRET_KEY"], lambda t: url_for("account.password", token=t, _external=True))

"""One entry of a journal, for whoever was given its link.

Opening the link shows no word of it yet, nor whose it is or on what, since scanners of mail open links.
"""

from flask import Response as FlaskResponse
from flask import request

from course.learning.mine import sharing
from course.web.chrome import library, page
from course.web.clock import now
from course.web.database import database
from course.web.learn.entries import entry_of
from course.web.mine.links import last_day
from course.web.security import limiter
from course.web.shown.blueprint import blueprint

OPENINGS = "60 per 15 minutes"
"""From one address. A token has 256 random bits, so trying finds none anyway."""
ENOUGH = "Wait fifteen minutes, then open the link again."
TITLE = "Shared with you"


@blueprint.get("/shared/<token>")
@limiter.limit(OPENINGS, error_message=ENOUGH)
def entry(token: str) -> str | tuple[str, int]:
    """That a colleague shows something until when, and the button that opens it."""
    found = sharing.shown_by(database(), token, now=now())
    return _shown(found, "shown/shared.html") if found else _gone()


@blueprint.post("/shared/<token>")
@limiter.limit(OPENINGS, error_message=ENOUGH)
def read_entry(token: str) -> str | tuple[str, int]:
    """The entry, and one more opening counted."""
    found = sharing.shown_by(database(), token, now=now())
    if not found:
        return _gone()
    sharing.opened(database(), found, now=now())
    return _shown(found, "shown/entry.html")


def _shown(found: sharing.Shown, template: str) -> str:
    entry, until = entry_of(found.entry, library()), last_day(found.share)
    return page(TITLE, template=template, person=found.person, entry=entry, until=until)


def _gone() -> tuple[str, int]:
    """The same whatever the reason: changed, deleted, over, taken back, made up, or of somebody who has left."""
    return page("This link does not work", template="shown/gone.html"), 404


@blueprint.after_request
def _quiet(response: FlaskResponse) -> FlaskResponse:
    """Nobody learns the address of an entry from what is opened next, and no search engine keeps it."""
    if request.endpoint in ("shown.entry", "shown.read_entry"):
        response.headers["Referrer-Policy"] = "no-referrer"
        response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response

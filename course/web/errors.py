"""Error pages: what happened and what to do, in plain words."""

from flask import Flask
from flask_limiter import RateLimitExceeded
from flask_wtf.csrf import CSRFError
from werkzeug.exceptions import HTTPException

from course.web.chrome import page

ENOUGH = "That is enough for now"
"""Over what a limit says to do, in words of its own or in those below."""
WORDS = {
    400: ("That did not arrive whole", "Go back, reload the page and try once more."),
    404: ("There is no such page", "Check the address, or start from the list of modules."),
    405: ("There is no such page", "Start from the list of modules."),
    413: ("That is too long to keep", "Shorten what you wrote and try again. Nothing was saved."),
    429: (ENOUGH, "Wait fifteen minutes and try again."),
    500: (
        "Something went wrong here",
        "Your place is kept. Try again in a minute; if it stays, tell your training lead.",
    ),
}
EXPIRED = (
    "This page was open for too long",
    "Reload it, sign in again if you are asked to, and carry on. Your place is kept.",
)


def explain(app: Flask) -> None:
    """Answer every HTTP error with a page."""

    @app.errorhandler(HTTPException)
    def _explain(error: HTTPException) -> tuple[str, int]:
        code = error.code or 500
        heading, advice = EXPIRED if isinstance(error, CSRFError) else WORDS.get(code, (error.name, ""))
        if isinstance(error, RateLimitExceeded) and error.limit.error_message:
            heading, advice = ENOUGH, str(error.description)
        return page(heading, template="error.html", heading=heading, advice=advice), code

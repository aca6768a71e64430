"""Whether a certificate is real, for whoever holds it: open to anybody, and no more than the paper says."""

from flask import redirect, request, url_for
from werkzeug.wrappers import Response

from course.learning.mine import certificates
from course.learning.mine.voided import voids_since
from course.web.chrome import library, page
from course.web.database import database
from course.web.printing.certificate import paper
from course.web.security import limiter
from course.web.shown.blueprint import blueprint

CHECKS = "60 per minute"
"""From one address: plenty for a pile of paper. A code has 80 random bits, so trying finds none anyway."""
ENOUGH = "Wait a minute, then check the next certificate."
LONGEST = 60
NO_CODE = "Type the code that stands on the certificate."


@blueprint.get("/certificates/")
def check_certificate() -> str | Response | tuple[str, int]:
    """A form for the code on a certificate; with one, on to what it belongs to."""
    if "code" not in request.args:
        return _form()
    written = request.args["code"].strip()
    code = certificates.plain_code(written)
    if code:
        return redirect(url_for("shown.certificate", code=certificates.shown_code(code)))
    return (_form(written, error=_none(written)), 404) if written else (_form(error=NO_CODE), 422)


@blueprint.get("/certificates/<code>")
@limiter.limit(CHECKS, error_message=ENOUGH)
def certificate(code: str) -> str | tuple[str, int]:
    """What the certificate with this code says, and whether that still counts."""
    found = certificates.find(database(), code)
    if found is None:
        return _form(code, error=_none(code)), 404
    shown = paper(found, library(), voids_since(database()), address="")
    return page("A certificate of this course", template="shown/certificate.html", paper=shown)


def _none(written: str) -> str:
    shown = written[:LONGEST]
    return f"There is no certificate with the code “{shown}”. Compare each character with the paper."


def _form(written: str = "", error: str = "") -> str:
    title = "Error: Check a certificate" if error else "Check a certificate"
    return page(title, template="shown/check.html", written=written[:LONGEST].replace("\0", ""), error=error)

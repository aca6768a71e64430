"""Certificates of a module and of the course: made when somebody first looks at one, and kept as made."""

from collections.abc import Sequence
from dataclasses import dataclass

from flask import Response, abort, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.mine import certificates
from course.learning.mine.completed import Completed, all_completed
from course.learning.mine.voided import InForce, voids_since, whole_course
from course.learning.tables import Certificate
from course.web.addresses import module_called
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.mine.blueprint import blueprint, my_page
from course.web.printing.certificate import Paper, paper, pdf
from course.web.security import counted_me, limiter, me

COURSE = "course"
PDFS = "60 per hour"
"""For each person: setting a document keeps a processor busy."""
ENOUGH = "No more than 60 files an hour are made. Wait an hour and try again, or print the page."
ANEW = "Your certificate has been made again, with your name as it is now."


@dataclass(frozen=True)
class Held:
    """A certificate of the person signed in, and the others of the same module."""

    certificate: Certificate
    in_force: InForce
    nth: int | None
    others: tuple[Completed, ...] = ()

    @property
    def paper(self) -> Paper:
        return paper(self.certificate, library(), self.in_force, address=check_address(self.certificate))


@blueprint.get("/certificates/<name>")
@blueprint.get("/certificates/<name>/<int:nth>")
def certificate(name: str, nth: int | None = None) -> str:
    """The newest certificate of a module, an earlier one of it by its number, or that of the whole course."""
    held = _held(name, nth)
    earlier = [(one.nth, one.day) for one in reversed(held.others)]
    shown = held.paper
    is_renamed = shown.name != me().name
    return my_page(
        "Certificate",
        "certificate.html",
        paper=shown,
        name=name,
        nth=held.nth,
        others=earlier,
        my_name=me().name if is_renamed else "",
    )


@blueprint.get("/certificates/<name>.pdf")
@blueprint.get("/certificates/<name>/<int:nth>.pdf")
@limiter.limit(PDFS, key_func=counted_me, error_message=ENOUGH)
def certificate_pdf(name: str, nth: int | None = None) -> Response:
    """The same as a tagged PDF."""
    held = _held(name, nth)
    response = Response(pdf(held.paper, made_at=held.certificate.made_at), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"certificate-{name}.pdf")
    return response


@blueprint.post("/certificates/<name>/anew")
@blueprint.post("/certificates/<name>/<int:nth>/anew")
def make_anew(name: str, nth: int | None = None) -> AnyResponse:
    """Make a certificate again with the name that its holder has now."""
    held = _held(name, nth)
    certificates.make_anew(database(), held.certificate, me(), now=now())
    flash(ANEW)
    return redirect(url_for("mine.certificate", name=name, nth=nth))


def has_course(completed: Sequence[Completed]) -> bool:
    """Whether there is a certificate of the whole course for the person signed in, made already or not. Two queries."""
    whole = whole_course(completed, library().modules, voids_since(database()))
    return whole is not None or certificates.of_course(database(), me().id) is not None


def check_address(kept: Certificate) -> str:
    """Where anybody can check a certificate: a whole address, to be typed from paper."""
    course_url = current_app.config["COURSE_URL"] or request.url_root.rstrip("/")
    return course_url + url_for("shown.certificate", code=certificates.shown_code(kept.code))


def _held(name: str, nth: int | None) -> Held:
    """404 for what the person signed in has not completed."""
    if name == COURSE:
        return _of_course() if nth is None else abort(404)
    module = module_called(name)
    all_mine = [one for one in all_completed(database(), me()) if one.module_id == module.id]
    wanted = all_mine[-1:] if nth is None else [one for one in all_mine if one.nth == nth]
    if not wanted:
        abort(404)
    one = wanted[0]
    kept = one.certificate
    if kept is None:
        said = certificates.said_of(library(), me(), [one])
        kept = certificates.make(database(), me(), one, said=said, now=now())
    others = tuple(other for other in all_mine if other is not one)
    return Held(kept, voids_since(database()), nth, others)


def _of_course() -> Held:
    """The one that was made, as long as all of it counts; else a new one, if they have done again what was voided."""
    kept = certificates.of_course(database(), me().id)
    in_force = voids_since(database())
    if kept and not paper(kept, library(), in_force, address="").no_longer:
        return Held(kept, in_force, None)
    whole = whole_course(all_completed(database(), me()), library().modules, in_force)
    if whole:
        said = certificates.said_of(library(), me(), whole)
        kept = certificates.make_of_course(database(), me(), said, now=now(), instead_of=kept)
    return Held(kept, in_force, None) if kept else abort(404)

"""My journal: what I wrote, across modules. Nobody sees it but me, and whoever I show an entry to."""

from flask import Response as FlaskResponse
from flask import flash, jsonify, redirect, request, url_for
from werkzeug.wrappers import Response

from course.learning.desk.days import LONDON
from course.learning.mine.reflections import ChangedMeanwhile, kept_reflections
from course.web.addresses import module_called
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.learn.entries import Entry, entry_of
from course.web.learn.meanwhile import two_versions
from course.web.learn.remarks import remarks_on, said_of, warnings_about
from course.web.learn.words import Kept, keep_words
from course.web.mine.blueprint import blueprint, my_page
from course.web.printing import journal as printing
from course.web.security import counted_me, limiter, me

KEPT = "Your words are kept, for you alone."
ENOUGH = "No more than 20 files of a journal an hour are made. Wait an hour and try again, or print the page."
SEEN = "What you kept may say who a child is: see beside it."


@blueprint.get("/journal")
def journal() -> str:
    """Everything that I wrote, what I saved last at the top."""
    found = entries()
    return my_page("My journal", "journal.html", entries=[(one, warnings_about(one.kept)) for one in found])


@blueprint.post("/journal/<name>/words")
def keep(name: str) -> Response | tuple[Response | str, int]:
    """Keep what stands in a form: a draft from the reflection, or a change of an entry. No event is recorded.

    Asked for JSON, as words.js does, it answers when the words were saved and what is to be said of them.
    """
    module, is_script = module_called(name), request.accept_mimetypes.best == "application/json"
    then = request.form.get("then", "")
    try:
        kept = keep_words(module, now())
    except ChangedMeanwhile:
        return (jsonify(meanwhile=True), 409) if is_script else two_versions(module, then=then)
    if is_script:
        return _saved(kept)
    flash(" ".join([KEPT, *said_of(kept)]))
    if then == "entry" and kept:
        return redirect(url_for("mine.entry", name=name))
    is_later = then == "later" and not (kept and remarks_on(kept.entry))
    return redirect(url_for("learn.home") if is_later else url_for("learn.show", name=name, place="reflection"))


@blueprint.get("/journal.<any(txt, pdf):kind>")
@limiter.limit("20 per hour", key_func=counted_me, error_message=ENOUGH)
def journal_file(kind: str) -> Response:
    """All of it, to take away."""
    papers = [printing.Paper(one.title, one.saved_on, one.parts) for one in reversed(entries())]
    content = printing.pdf(papers, made_at=now()) if kind == "pdf" else printing.text(papers, made_at=now())
    mimetype = "application/pdf" if kind == "pdf" else "text/plain"
    response = FlaskResponse(content, mimetype=mimetype)
    response.headers.set("Content-Disposition", "attachment", filename=f"my-journal.{kind}")
    return response


def entries() -> list[Entry]:
    """My entries in which something is written, what I saved last first. One query."""
    found = [entry_of(kept, library()) for kept in kept_reflections(database(), me().id)]
    return [one for one in found if one.parts]


def _saved(kept: Kept | None) -> Response:
    at, warnings = now().astimezone(LONDON), warnings_about(kept.entry) if kept else {}
    return jsonify(
        saved=f"{at:%H:%M}",
        began=kept.entry.saved_at.isoformat() if kept else "",
        warnings=remarks_on(kept.entry) if kept else {},
        isWarned=bool(warnings),
        said=([SEEN] if warnings else []) + said_of(kept),
        haveLinksStopped=bool(kept and kept.stopped),
    )

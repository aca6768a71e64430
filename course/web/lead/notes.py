"""Notes and actions beside an issue."""

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.catalogue.model import Module
from course.learning.desk import notes
from course.learning.desk.notes import Filled, NoSuchNote, WrongNote
from course.web.addresses import module_called
from course.web.database import database
from course.web.lead.desk import blueprint, now
from course.web.lead.picture import issue_page
from course.web.security import me


@blueprint.post("/local-picture/<name>/notes")
def note(name: str) -> AnyResponse | tuple[str, int]:
    """Keep what was written; else say on the form what is wrong with it."""
    module = module_called(name)
    filled = Filled(*(request.form.get(field, "") for field in ("text", "owner", "due")))
    try:
        kept = notes.write(database(), me(), module, filled=filled, now=now())
    except WrongNote as wrong:
        return issue_page(module, filled, wrong.errors), 422
    flash("The action is kept." if kept.due_on else "The note is kept.")
    return _back(module)


@blueprint.post("/local-picture/<name>/notes/<int(max=2147483647):note_id>/done")
def note_done(name: str, note_id: int) -> AnyResponse:
    """Mark an action as done."""
    module = module_called(name)
    try:
        notes.finish(database(), me(), module, note_id=note_id, now=now())
    except NoSuchNote:
        abort(404)
    flash("The action is marked as done.")
    return _back(module)


def _back(module: Module) -> AnyResponse:
    return redirect(url_for("lead.issue", name=module.folder, _anchor="notes"))

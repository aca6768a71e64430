"""Asking people for modules, and changing what was asked: a form, a page that says what it will do, then the deed."""

from datetime import timedelta
from typing import Any

from flask import abort, flash, redirect, request, url_for

from course.catalogue.model import ROLES
from course.learning.desk.assigning import asked, assignments
from course.learning.desk.assigning.assignments import ChangedMeanwhile
from course.learning.desk.assigning.draft import Wrong, draft, placed
from course.learning.desk.assigning.reach import have_completed, reach
from course.learning.desk.assigning.wording import Faults, Wording
from course.learning.desk.days import day_of, spoken
from course.learning.scope import agencies_in
from course.learning.tables import Assignment
from course.web.chrome import library
from course.web.database import database
from course.web.lead.assignment_form import Filled, read
from course.web.lead.assignments import ID, Answer, beside, look_up, moved_on, place, said
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.security import me


@blueprint.route("/assignments/new", methods=["GET", "POST"])
def assignment_new() -> Answer:
    """Ask people for modules."""
    return _form(Filled()) if request.method == "GET" else _take(None)


@blueprint.route(f"/assignments/{ID}/edit", methods=["GET", "POST"])
def assignment_edit(assignment_id: int) -> Answer:
    """Change what is asked. Whoever comes with an older wording is shown the newest one beside it."""
    row = look_up(assignment_id)
    if request.method == "POST":
        return _take(row)
    if row.ended_at is None:
        return _form(Filled.of(row, library().modules), row)
    return moved_on(asked.newest_of(database(), row))


def _take(former: Assignment | None) -> Answer:
    filled = Filled.from_form(request.form)
    wording, faults = read(database(), me(), filled, course=library().modules)
    try:
        if former is not None and former.ended_at:
            raise ChangedMeanwhile(asked.newest_of(database(), former))
        if request.form.get("step") == "confirm" and not faults:
            return _keep(wording, former)
        row = draft(database(), me(), wording, course=library().modules, now=now(), former=former)
    except Wrong as wrong:
        return _form(filled, former, faults=wrong.faults | faults), 422
    except ChangedMeanwhile as changed:
        return _conflict(changed, filled, wording)
    except asked.NotYours:
        abort(404)
    if faults:
        return _form(filled, former, faults=faults), 422
    return _form(filled, former) if request.form.get("step") == "back" else _preview(filled, row, former)


def _keep(wording: Wording, former: Assignment | None) -> Answer:
    course = library().modules
    if former is None:
        assignments.assign(database(), me(), wording, course=course, now=now())
        flash("The assignment is made.")
    else:
        assignments.change(database(), me(), former.id, wording, course=course, now=now())
        flash("The assignment is changed.")
    return redirect(url_for("lead.assignments"))


def _conflict(changed: ChangedMeanwhile, filled: Filled, wording: Wording) -> Answer:
    """What somebody else has made of it, beside what was filled in, which stays in the form."""
    if not changed.ended and not asked.may_change(scope(), changed.newest):
        flash(f"{said(changed)} It asks people outside your {place()} now, so nothing of yours was saved.")
        return redirect(url_for("lead.assignments"))
    yours = placed(database(), me(), wording)
    if not asked.may_change(scope(), yours):
        abort(404)
    newer = None if changed.ended else changed.newest
    rows = beside(changed.newest, yours)
    return _form(filled, newer, changed=said(changed), rows=rows, ended=changed.ended), 409


def _form(filled: Filled, former: Assignment | None = None, *, faults: Faults | None = None, **conflict: Any) -> str:
    title = "Change an assignment" if former else "New assignment"
    return desk_page(
        f"Error: {title}" if faults else title,
        "lead/assignment_form.html",
        heading=title,
        filled=filled,
        former=former,
        faults=faults or {},
        conflict=conflict,
        course=library().modules,
        agencies=agencies_in(database(), scope()),
        scope=scope(),
        roles=ROLES,
        action=_address(former),
    )


def _preview(filled: Filled, row: Assignment, former: Assignment | None) -> str:
    return desk_page(
        "Check before you ask",
        "lead/assignment_preview.html",
        filled=filled,
        row=row,
        former=former,
        people=reach(database(), row),
        done=have_completed(database(), row),
        counted=spoken(day_of(row.counts_from)),
        here_by=spoken(day_of(row.counts_from) + timedelta(row.within_days)) if row.within_days else "",
        rows=beside(former, row) if former else beside(row),
        action=_address(former),
    )


def _address(former: Assignment | None) -> str:
    return url_for("lead.assignment_edit", assignment_id=former.id) if former else url_for("lead.assignment_new")

"""Assignments on the desk: who is asked to do what by when, and asking, changing and ending it."""

from collections.abc import Sequence
from datetime import datetime

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.desk.assigning import asked, assignments
from course.learning.desk.assigning.assignments import ChangedMeanwhile
from course.learning.desk.assigning.reach import reaches
from course.learning.desk.assigning.wording import due, numbers_of, refresher, whom
from course.learning.desk.days import LONDON
from course.learning.tables import Assignment
from course.web.addresses import page_number
from course.web.chrome import library
from course.web.database import database
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.security import me

ENDED_A_PAGE = 50
ID = "<int(max=2147483647):assignment_id>"
Answer = str | AnyResponse | tuple[str, int]


@blueprint.get("/assignments", endpoint="assignments")
def current() -> str:
    """What is asked now, with how many people in scope it asks; what was asked before stands folded below it."""
    rows = asked.assignments_in(database(), scope())
    number = page_number()
    before = asked.ended_in(database(), scope(), limit=ENDED_A_PAGE + 1, offset=(number - 1) * ENDED_A_PAGE)
    counts = reaches(database(), scope(), rows)
    return desk_page(
        "Assignments",
        "lead/assignments.html",
        current=[(row, cells(row), counts[row.id], asked.may_change(scope(), row)) for row in rows],
        ended=[(row, cells(row), "Changed" if replaced else "Ended") for row, replaced in before[:ENDED_A_PAGE]],
        number=number,
        has_more=len(before) > ENDED_A_PAGE,
        place=place(),
        stamp=stamp,
    )


def place() -> str:
    """What a lead looks after, for a sentence: team or agency; empty for everybody."""
    return "team" if scope().team_id is not None else "agency" if scope().agency_id is not None else ""


def cells(row: Assignment) -> dict[str, str]:
    """An assignment as its tables say it, by heading."""
    course = library().modules
    titles = [f"{m.number}. {m.title}" for m in course if m.id in row.module_ids]
    numbers = numbers_of(row.module_ids, course)
    return {
        "Modules": "; ".join(titles) if len(titles) == len(row.module_ids) < 3 else _capital(numbers),
        "Who": _capital(whom(row)),
        "Due": _capital(due(row)),
        "How often": _capital(refresher(row)),
    }


@blueprint.route(f"/assignments/{ID}/end", methods=["GET", "POST"])
def assignment_end(assignment_id: int) -> Answer:
    """Ask once more, saying what stays; then end it."""
    row = look_up(assignment_id)
    if request.method == "GET":
        return _end_page(row) if row.ended_at is None else moved_on(asked.newest_of(database(), row))
    try:
        assignments.end(database(), me(), row.id, course=library().modules, now=now())
    except ChangedMeanwhile as changed:
        if changed.ended or not asked.may_change(scope(), changed.newest):
            flash(said(changed))
            return redirect(url_for("lead.assignments"))
        return _end_page(changed.newest, said(changed)), 409
    flash("The assignment has ended. What people have done stays in their records.")
    return redirect(url_for("lead.assignments"))


def _end_page(row: Assignment, notice: str = "") -> str:
    people = reaches(database(), scope(), [row])[row.id]
    title = "End this assignment?"
    return desk_page(title, "lead/assignment_end.html", row=row, cells=cells(row), people=people, notice=notice)


def look_up(assignment_id: int) -> Assignment:
    """The assignment; to whoever may not change it there is none."""
    try:
        return asked.find(database(), me(), assignment_id)
    except asked.NotYours:
        abort(404)


def moved_on(newest: Assignment) -> AnyResponse:
    """From the address of an assignment that is no more to what it has become."""
    flash(said(ChangedMeanwhile(newest)))
    if newest.ended_at or not asked.may_change(scope(), newest):
        return redirect(url_for("lead.assignments"))
    return redirect(url_for("lead.assignment_edit", assignment_id=newest.id))


def said(changed: ChangedMeanwhile) -> str:
    """Who did what, and when."""
    done = "ended" if changed.ended else "changed"
    return f"{changed.by.name} {done} this assignment at {stamp(changed.at)}."


def stamp(at: datetime) -> str:
    """A moment as it is written in records: London time."""
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def beside(*rows: Assignment) -> Sequence[tuple[str, ...]]:
    """Assignments side by side: each heading with what each of them says."""
    said = [cells(row) for row in rows]
    return [(heading, *(one[heading] for one in said)) for heading in said[0]]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

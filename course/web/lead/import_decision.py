"""A list of people before it is brought in: what it would do, and the decision. Nothing is changed before that."""

from collections.abc import Sequence

from flask import Response, abort, current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.database import all_or_nothing
from course.learning.desk import audit, imports
from course.learning.desk.import_apply import AlreadyDone, PeopleChanged, apply, in_words
from course.learning.desk.import_lines import OUTCOMES, Line, Outcome, Plan
from course.learning.desk.import_plan import plan
from course.learning.desk.joining_rules import Refused
from course.learning.tables import Import
from course.web.database import database
from course.web.lead.desk import blueprint, desk_page, now
from course.web.lead.downloads import Kind, download
from course.web.lead.imports import when
from course.web.security import me

LINES_SHOWN = 200
"""Of each group; all of them are in its download."""
LINE_COLUMNS = ("Line", "Name", "E-mail", "What is done", "To know")
REFUSED_COLUMNS = ("Line", "Name", "E-mail", "Why, and what to do")
MISSING_COLUMNS = ("Name", "E-mail", "Agency", "Team")


@blueprint.get("/imports/<import_id>")
def import_shown(import_id: str) -> str:
    """What a list would do, or what it did."""
    return _show(_find(import_id))


def _find(import_id: str) -> Import:
    return imports.find(database(), me(), import_id) or abort(404)


def _plan(kept: Import) -> Plan | None:
    """What a list would do now; None where it is done or its rows are not kept any more."""
    sheet = imports.sheet_of(kept)
    return plan(database(), me(), sheet, now=now()) if sheet else None


def _show(kept: Import, *, notice: str = "", error: str = "", ticked: Sequence[str] = (), close: str = "none") -> str:
    made = _plan(kept)
    title = f"List of people “{kept.file}”"
    if made is None:
        return desk_page(
            title,
            "lead/import_done.html",
            kept=kept,
            when=when(kept),
            title_of=title,
            done=_done(kept),
            invitations="lead.invitations" in current_app.view_functions,
        )
    closable = [person for person in made.missing if person.may_close]
    return desk_page(
        f"Error: {title}" if error else title,
        "lead/import.html",
        kept=kept,
        when=when(kept),
        title_of=title,
        plan=made,
        notice=notice,
        error=error,
        outcomes=OUTCOMES,
        groups=[_Group(outcome, made) for outcome in OUTCOMES if made.counts[outcome]],
        missing=[person for person in made.missing if not person.may_close],
        closable=closable,
        shown=LINES_SHOWN,
        button=_button(made.counts, bool(closable)),
        ticked=ticked,
        close=close,
        MISSING=MISSING_COLUMNS,
    )


class _Group:
    """The lines of one outcome, as they stand on the page."""

    def __init__(self, outcome: Outcome, made: Plan) -> None:
        lines = made.group(outcome)
        self.outcome, self.name, self.count = outcome, OUTCOMES[outcome], len(lines)
        self.columns, self.rows = _table(outcome, lines[:LINES_SHOWN])


def _table(outcome: Outcome, lines: Sequence[Line]) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    """Columns and rows, the same on screen and in a download."""
    if outcome == "refused":
        return REFUSED_COLUMNS, [(x.line, x.name, x.email, " ".join(x.notes)) for x in lines]
    return LINE_COLUMNS, [(x.line, x.name, x.email, x.what, " ".join(x.notes)) for x in lines]


def _button(counts: dict[Outcome, int], may_close: bool) -> str:
    """What the button says; empty where there is nothing to decide."""
    people, refused = counts["added"] + counts["back"] + counts["changed"], counts["refused"]
    if not people:
        return "Close the accounts chosen" if may_close else ""
    bring = f"Bring in {people:,} {'person' if people == 1 else 'people'}"
    return f"{bring}, leave out {refused:,} {'line' if refused == 1 else 'lines'}" if refused else bring


def _done(kept: Import) -> list[tuple[str, int]]:
    """What was done, in numbers."""
    words = {
        "added": "People added",
        "back": "People who came back",
        "changed": "People changed",
        "moved": "Of these, moved to another team or role",
        "alone": "People left alone",
        "refused": "Lines left out",
        "closed": "Accounts closed",
        "agencies": "New agencies",
        "teams": "New teams",
    }
    return [(word, kept.counts.get(name, 0)) for name, word in words.items()] if kept.done_at else []


@blueprint.post("/imports/<import_id>")
def import_applied(import_id: str) -> AnyResponse | tuple[str, int]:
    """Bring a list in, exactly as it was shown."""
    kept = _find(import_id)
    close, ticked = request.form.get("close", "none"), request.form.getlist("person")
    if close == "ticked" and not ticked:
        why = "Tick the accounts that are to be closed, or choose to leave all of them open."
        return _show(kept, error=why, close=close), 422
    chosen = {"ticked": ticked, "all": "all"}.get(close, ())
    try:
        counts = apply(database(), me(), import_id, seen=request.form.get("seen", ""), close=chosen, now=now())
    except AlreadyDone:
        flash("This list was brought in before. Nothing was done a second time.")
    except PeopleChanged:
        notice = "People have changed since this page was shown, so nothing was done yet. Look once more, then decide."
        return _show(kept, notice=notice, ticked=ticked, close=close), 409
    except Refused as error:
        return _show(kept, error=str(error), ticked=ticked, close=close), 422
    else:
        flash(f"Done: {in_words(counts)}.")
    return redirect(url_for("lead.import_shown", import_id=import_id))


@blueprint.get("/imports/<import_id>/<group>.<any(csv, xlsx):kind>")
def import_group(import_id: str, group: str, kind: Kind) -> Response:
    """All lines of one group of the dry run."""
    kept = _find(import_id)
    made = _plan(kept)
    if made is None or group not in (*OUTCOMES, "missing"):
        abort(404)
    columns, rows = _missing(made) if group == "missing" else _lines(made, group)
    name = "not-in-this-file" if group == "missing" else OUTCOMES[_outcome(group)].lower().replace(" ", "-")
    with all_or_nothing(database()):
        audit.keep(database(), me(), "downloaded", now=now(), what=f"“{kept.file}”, {name}: {len(rows):,} rows")
    return download(f"list-{name}", columns, rows, kind=kind)


def _outcome(group: str) -> Outcome:
    return next(outcome for outcome in OUTCOMES if outcome == group)


def _lines(made: Plan, group: str) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    return _table(_outcome(group), made.group(_outcome(group)))


def _missing(made: Plan) -> tuple[tuple[str, ...], list[tuple[str | int, ...]]]:
    return MISSING_COLUMNS, [(m.name, m.email, m.agency, m.team) for m in made.missing]

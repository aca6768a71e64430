"""A list of people before it is brought in: what it would do, and the decision. Nothing is changed before that."""

from collections.abc import Sequence

from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.desk.lists import imports
from course.learning.desk.lists.import_apply import AlreadyDone, PeopleChanged, apply, in_words
from course.learning.desk.lists.import_lines import OUTCOMES, Outcome
from course.learning.desk.people.joining_rules import Refused
from course.learning.tables import Import
from course.web.database import database
from course.web.lead.desk import blueprint, desk_page, now
from course.web.lead.import_groups import LINES_SHOWN, MISSING_COLUMNS, Group, find, people_of, planned
from course.web.lead.imports import left_open_words, when
from course.web.security import me

Answer = str | AnyResponse | tuple[str, int]
CHANGED = "People have changed since this page was shown, so nothing was done yet. Look once more, then decide."


@blueprint.get("/imports/<import_id>")
def import_shown(import_id: str) -> str:
    """What a list would do, or what it did."""
    return _show(find(import_id))


def _show(kept: Import, *, notice: str = "", error: str = "", ticked: Sequence[str] = (), close: str = "none") -> str:
    made = planned(kept)
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
        named_places=[new for new in made.new_places if new.is_named],
        left_open=left_open_words(),
        of=imports.extent_of(kept),
        notice=notice,
        error=error,
        outcomes=OUTCOMES,
        groups=[Group(outcome, made) for outcome in OUTCOMES if made.counts[outcome]],
        me_missing=any(person.id == me().id for person in made.missing),
        wider=people_of([person for person in made.missing if not person.may_close and person.id != me().id]),
        closable=closable,
        shown=LINES_SHOWN,
        button=_button(made.counts, bool(closable)),
        ticked=ticked,
        close=close,
        MISSING=MISSING_COLUMNS,
    )


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
        "back": "People who returned",
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
def import_applied(import_id: str) -> Answer:
    """Bring a list in, exactly as it was shown; before all accounts are closed that is asked once more."""
    kept = find(import_id)
    close, ticked = request.form.get("close", "none"), request.form.getlist("person")
    if close == "ticked" and not ticked:
        why = "Tick the accounts that are to be closed, or choose to leave all of them open."
        return _show(kept, error=why, close=close), 422
    if close == "all" and "sure" not in request.form and imports.extent_of(kept) != "some":
        return _ask_again(kept)
    chosen = {"ticked": ticked, "all": "all"}.get(close, ())
    try:
        counts = apply(database(), me(), import_id, seen=request.form.get("seen", ""), close=chosen, now=now())
    except AlreadyDone:
        flash("This list was brought in before. Nothing was done a second time.")
    except PeopleChanged:
        return _show(kept, notice=CHANGED, ticked=ticked, close=close), 409
    except Refused as error:
        return _show(kept, error=str(error), ticked=ticked, close=close), 422
    else:
        flash(f"Done: {in_words(counts)}.")
    return redirect(url_for("lead.import_shown", import_id=import_id))


def _ask_again(kept: Import) -> Answer:
    """Whose accounts would be closed, and whether they all are to be."""
    made = planned(kept)
    if made is None or made.fingerprint != request.form.get("seen"):
        return _show(kept, notice=CHANGED, close="all"), 409
    people = people_of([person for person in made.missing if person.may_close])
    what = "1 account" if len(people) == 1 else f"{len(people):,} accounts"
    bring_in = _button(made.counts, may_close=False)
    return desk_page(
        f"Close {what}?",
        "lead/import_close.html",
        kept=kept,
        heading=f"Close {what}?",
        seen=made.fingerprint,
        people=people[:LINES_SHOWN],
        count=len(people),
        button=f"{bring_in}, and close {what}" if bring_in else f"Close {what}",
        MISSING=MISSING_COLUMNS,
    )

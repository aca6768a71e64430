"""Reminders: what would go now, to be read before it goes; sending it; and what came of what was sent."""

from datetime import timedelta
from hashlib import sha256

from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.desk.days import LONDON, spoken
from course.learning.desk.letters import count_reminders, lost_reminders, newest_reminders
from course.learning.desk.post import Draft, post, state_in_words
from course.learning.desk.reminder_words import Reminder, Terms, draft_of
from course.learning.desk.reminders import Plan, plan
from course.learning.tables import Letter
from course.web.database import database
from course.web.lead.asked import board, number
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.letters import SECONDS, in_words
from course.web.letter_box import mailbox
from course.web.security import me

LETTERS_A_PAGE = 50
HELD = 100
"""Rows at most of those who had a letter lately."""
LATELY = timedelta(days=30)
LOST = 100
CHANGED = "Something changed since you looked, so nothing was sent. These are the letters as they would go now."


@blueprint.get("/reminders")
def reminders() -> str:
    """The letters that would go now to people in scope, and those of late that did not arrive."""
    page = request.args.get("page", 1, type=number)
    planned = _plan()
    drafts = _drafts(planned)
    first = (page - 1) * LETTERS_A_PAGE
    since = now() - LATELY
    return desk_page(
        "Reminders",
        "lead/reminders.html",
        planned=planned,
        drafts=list(zip(planned.go, drafts, strict=True))[first : first + LETTERS_A_PAGE],
        fingerprint=_fingerprint(drafts),
        addresses="; ".join(draft.email for draft in drafts),
        held=[_held(reminder) for reminder in planned.held[:HELD]],
        counts=count_reminders(database(), scope(), since=since),
        lost=[_cells(letter) for letter in lost_reminders(database(), scope(), since=since, limit=LOST)],
        has_mail=mailbox() is not None,
        may_opt_out=_terms().may_opt_out,
        course_url=_terms().course_url,
        number=page,
        has_more=len(drafts) > first + LETTERS_A_PAGE,
    )


@blueprint.post("/reminders")
def send_reminders() -> AnyResponse:
    """Send what the page showed; nothing, if that is not what would go now."""
    drafts = _drafts(_plan())
    if box := mailbox():
        if request.form.get("fingerprint") != _fingerprint(drafts):
            flash(CHANGED)
        else:
            posted = post(database(), box, drafts, now=now(), by=me(), seconds=SECONDS)
            flash(in_words(posted, "reminder"))
    return redirect(url_for("lead.reminders"))


@blueprint.get("/reminders/sent")
def reminders_sent() -> str:
    """Every reminder to people in scope, the newest first."""
    page = request.args.get("page", 1, type=number)
    offset = (page - 1) * LETTERS_A_PAGE
    found = newest_reminders(database(), scope(), limit=LETTERS_A_PAGE + 1, offset=offset)
    rows = [_cells(letter) for letter in found[:LETTERS_A_PAGE]]
    has_more = len(found) > LETTERS_A_PAGE
    return desk_page("Reminders sent", "lead/reminders_sent.html", rows=rows, number=page, has_more=has_more)


def _terms() -> Terms:
    return Terms(
        current_app.config["COURSE_URL"] or request.url_root.rstrip("/"), current_app.config["REMINDERS_OPT_OUT"]
    )


def _plan() -> Plan:
    picture = board().picture(database(), now())
    return plan(database(), picture, now=now(), may_opt_out=_terms().may_opt_out, by=me())


def _drafts(planned: Plan) -> list[Draft]:
    terms = _terms()
    return [draft_of(reminder, terms) for reminder in planned.go]


def _fingerprint(drafts: list[Draft]) -> str:
    """What changes with any word of any letter, or with whom it goes to."""
    made = sha256()
    for draft in drafts:
        made.update(f"{draft.once}\n{draft.email}\n{draft.subject}\n{draft.text}\n".encode())
    return made.hexdigest()


def _held(reminder: Reminder) -> tuple[str, str, str]:
    last = f"{reminder.last.astimezone(LONDON):%Y-%m-%d %H:%M}" if reminder.last else ""
    return reminder.name, last, f"{spoken(reminder.next_on)}" if reminder.next_on else ""


def _cells(letter: Letter) -> tuple[str, str, str, str]:
    at = f"{letter.at.astimezone(LONDON):%Y-%m-%d %H:%M}"
    return at, letter.person.name, letter.person.email, state_in_words(letter)

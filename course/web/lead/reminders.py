"""Reminders: what would go now, to be read before it goes; sending it; and what came of what was sent."""

from datetime import timedelta
from hashlib import sha256

from flask import current_app, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.desk.days import LONDON, spoken
from course.learning.desk.mail.letters import count_reminders, lost_reminders, newest_reminders
from course.learning.desk.mail.post import post, state_in_words
from course.learning.desk.mail.reminder_words import Reminder, Terms, draft_of
from course.learning.desk.mail.reminders import Plan, plan
from course.learning.tables import Letter
from course.web.board import board
from course.web.chrome import library
from course.web.database import database
from course.web.lead.asked import number
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.letters import SECONDS, in_words
from course.web.letter_box import mailbox
from course.web.security import me

LETTERS_A_PAGE = 50
AT_ONCE = 5000
"""More letters than any mail server takes in SECONDS."""
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
    first = (page - 1) * LETTERS_A_PAGE
    shown = planned.go[first : first + LETTERS_A_PAGE]
    since = now() - LATELY
    return desk_page(
        "Reminders",
        "lead/reminders.html",
        planned=planned,
        drafts=[(reminder, draft_of(reminder, _terms())) for reminder in shown],
        fingerprint=_fingerprint(planned),
        addresses="; ".join(reminder.email for reminder in planned.go),
        held=[_held(reminder) for reminder in planned.held[:HELD]],
        counts=count_reminders(database(), scope(), since=since),
        lost=[_cells(letter) for letter in lost_reminders(database(), scope(), since=since, limit=LOST)],
        has_mail=mailbox() is not None,
        may_opt_out=_terms().may_opt_out,
        course_url=_terms().course_url,
        sender=me().name,
        number=page,
        has_more=len(planned.go) > first + LETTERS_A_PAGE,
    )


@blueprint.post("/reminders")
def send_reminders() -> AnyResponse:
    """Send what the page showed; nothing, if that is not what would go now."""
    planned, box = _plan(), mailbox()
    if box and request.form.get("fingerprint") != _fingerprint(planned):
        flash(CHANGED)
    elif box:
        drafts = [draft_of(reminder, _terms()) for reminder in planned.go[:AT_ONCE]]
        posted = post(database(), box, drafts, now=now(), by=me(), seconds=SECONDS)
        if rest := len(planned.go) - len(drafts):
            posted.left, posted.stopped = posted.left + rest, posted.stopped or "Send again for the others."
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
    course_url = current_app.config["COURSE_URL"] or request.url_root.rstrip("/")
    return Terms(course_url, current_app.config["REMINDERS_OPT_OUT"], library().partnership)


def _plan() -> Plan:
    picture = board().picture(database(), now())
    return plan(database(), picture, now=now(), may_opt_out=_terms().may_opt_out, by=me())


def _fingerprint(planned: Plan) -> str:
    """What changes with anything that a letter says, or with whom it goes to."""
    made = sha256(repr(_terms()).encode())
    for reminder in planned.go:
        made.update(repr(reminder).encode())
    return made.hexdigest()


def _held(reminder: Reminder) -> tuple[str, str, str]:
    last = f"{reminder.last.astimezone(LONDON):%Y-%m-%d %H:%M}" if reminder.last else ""
    return reminder.name, last, f"{spoken(reminder.next_on)}" if reminder.next_on else ""


def _cells(letter: Letter) -> tuple[str, str, str, str]:
    at = f"{letter.at.astimezone(LONDON):%Y-%m-%d %H:%M}"
    return at, letter.person.name, letter.person.email, state_in_words(letter)

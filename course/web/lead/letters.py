"""Inviting those who have no password yet: by e-mail, or by links to hand over where there is none."""

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.learning.desk.days import LONDON
from course.learning.desk.mail.invitations import (
    CannotInvite,
    NotYours,
    Waiting,
    count_waiting,
    find_waiting,
    invite_by_hand,
    invite_by_post,
    never_written_to,
    waiting,
)
from course.learning.desk.mail.mailbox import Mailbox
from course.learning.desk.mail.post import Posted, state_in_words
from course.learning.tables import Letter, Person
from course.web.addresses import page_number
from course.web.chrome import library
from course.web.database import database
from course.web.lead.desk import blueprint, desk_page, now
from course.web.letter_box import links, mailbox
from course.web.security import me

PEOPLE_A_PAGE = 100
LINKS_AT_ONCE = 200
SECONDS = 20
"""How long a press of a button may send letters; what is left then waits for the next press."""
NOBODY = "Tick whom you want to invite, or use the button for all of them."


@blueprint.get("/invitations")
def invitations() -> str:
    """Those who have no password yet, and what came of the last invitation to each."""
    return _list(page_number())


def _list(number: int, error: str = "") -> str:
    found = waiting(database(), me(), limit=PEOPLE_A_PAGE + 1, offset=(number - 1) * PEOPLE_A_PAGE)
    count, new = count_waiting(database(), me())
    return desk_page(
        "Error: Invitations" if error else "Invitations",
        "lead/invitations.html",
        error=error,
        found=[(one.person, last_letter(one)) for one in found[:PEOPLE_A_PAGE]],
        count=count,
        new=new,
        has_mail=mailbox() is not None,
        LINKS_AT_ONCE=LINKS_AT_ONCE,
        number=number,
        has_more=len(found) > PEOPLE_A_PAGE,
    )


def last_letter(one: Waiting) -> str:
    """What a lead reads about the last invitation."""
    if one.link and (one.letter is None or one.link.at > one.letter.at):
        return f"{one.link.at.astimezone(LONDON):%Y-%m-%d %H:%M}. Link made by {one.link.by.name}"
    return told(one.letter) if one.letter else "None yet"


def told(letter: Letter) -> str:
    """What came of a letter, and when it was sent."""
    return f"{letter.at.astimezone(LONDON):%Y-%m-%d %H:%M}. {state_in_words(letter)}"


@blueprint.post("/invitations")
def invite() -> str | tuple[str, int] | AnyResponse:
    """Send invitations, or show links to hand over, to those ticked or to all."""
    box = mailbox()
    try:
        people = _chosen(box)
        if not people:
            return _list(1, NOBODY), 422
        if box is None:
            return _show_links(people)
        posted = invite_by_post(
            database(),
            me(),
            people,
            mailbox=box,
            links=links(),
            now=now(),
            partnership=library().partnership,
            seconds=SECONDS,
        )
    except NotYours:
        abort(404)
    except CannotInvite as reason:
        flash(f"{reason} Nobody was invited; choose again.")
        return redirect(url_for("lead.invitations"))
    flash(in_words(posted, "invitation"))
    return redirect(url_for("lead.invitations"))


def _chosen(box: Mailbox | None) -> list[Person]:
    if request.form.get("who") != "all":
        return find_waiting(database(), me(), request.form.getlist("person"))
    if box is None:
        return [one.person for one in waiting(database(), me(), limit=LINKS_AT_ONCE)]
    return never_written_to(database(), me())


def _show_links(people: list[Person]) -> str:
    """Answered with the page itself, since a link belongs in no session and in no address of ours."""
    made = invite_by_hand(database(), me(), people, links=links(), now=now())
    rows = [
        (person.name, person.email, link.address, f"{link.until.astimezone(LONDON):%Y-%m-%d %H:%M}")
        for person, link in made
    ]
    return desk_page("Links to hand over", "lead/invitation_links.html", rows=rows)


def in_words(posted: Posted, what: str) -> str:
    """What became of letters, for whoever pressed the button; `what` is one of them, as `reminder`."""
    said = [f"{posted.sent:,} {what}{'s'[: posted.sent != 1]} sent."]
    if posted.failed:
        said.append(f"{len(posted.failed):,} did not go, or may not have: the list says why.")
    if posted.skipped:
        said.append(f"{posted.skipped:,} had just been sent by somebody else.")
    if posted.left:
        said.append(f"{posted.left:,} not sent. {posted.stopped}")
    return " ".join(said)

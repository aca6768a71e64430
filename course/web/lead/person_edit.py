"""One person: added, changed, moved, given access; their account closed and opened again."""

import json
from collections.abc import Mapping
from typing import Any

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from course.catalogue.model import ROLES
from course.learning.desk.audit import ACTS
from course.learning.desk.days import LONDON
from course.learning.desk.people import editing, joining
from course.learning.desk.people.editing import ChangedMeanwhile, Filled
from course.learning.desk.people.joining_rules import Refused, Wrong, may_readdress, signs_in_for_themselves
from course.learning.desk.people.not_said import NOT_SAID, is_not_said, role_is_open
from course.learning.desk.people.readdressing import tell_old_address
from course.learning.scope import agencies_in, may_act_on, may_give
from course.learning.tables import ACCESS, Person
from course.web.database import database
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.letter_box import mailbox
from course.web.security import me

Answer = str | AnyResponse | tuple[str, int]
LEFT_OPEN = "open"
"""In place of a role or team: they say it at their first sign-in."""


@blueprint.route("/people/add", methods=["GET", "POST"])
def add_person() -> Answer:
    """Add somebody, who is invited afterwards."""
    if request.method == "GET":
        return _add_form(Filled("", "", None, role="practitioner", access="learner", manager=""))
    filled = _filled()
    try:
        person = editing.add(database(), me(), filled=filled, now=now())
    except Wrong as wrong:
        return _add_form(filled, wrong.errors), 422
    flash(f"{person.name} is added, and cannot sign in before they have chosen a password.")
    return redirect(url_for("lead.person_edit", person_id=person.id))


def _add_form(filled: Filled, errors: Mapping[str, list[str]] | None = None) -> str:
    title = "Add a person"
    left_open = {"role": "They say it at their first sign-in"}
    if scope().team_id is None:
        what = "their team" if scope().agency_id else "their agency and team"
        left_open["agency"] = f"They say {what} at their first sign-in"
    return _form(title, "lead/add_person.html", filled, errors or {}, may_change_access=True, left_open=left_open)


@blueprint.route("/people/<person_id>/edit", methods=["GET", "POST"])
def person_edit(person_id: str) -> Answer:
    """Change somebody's details, place and access."""
    person = _find(person_id)
    if request.method == "GET":
        return _edit_form(person, _as_is(person))
    filled, old = _filled(person), person.email
    try:
        editing.save(database(), me(), person, seen=_seen(), filled=filled, now=now())
    except Wrong as wrong:
        return _edit_form(person, filled, errors=wrong.errors), 422
    except Refused as refused:
        return _edit_form(person, filled, refused=str(refused)), 422
    except ChangedMeanwhile as changed:
        return _edit_form(person, filled, changed=changed), 409
    flash(f"Saved. {_told_of_address(person, old)}".strip())
    return redirect(url_for("lead.person_edit", person_id=person.id))


def _told_of_address(person: Person, old: str) -> str:
    """Tell the old address where it was a way in, and say to the lead what that means."""
    if person.email == old or not signs_in_for_themselves(me(), person):
        return ""
    box = mailbox()
    if box is None:
        return "They sign in with the new address and the password that they have."
    told = tell_old_address(database(), me(), person, old=old, mailbox=box, now=now())
    letter = "A letter tells the old address" if told.sent else "The old address could not be told"
    return (
        f"{letter}. They sign in with the new one and the password that they have; "
        "a link for another password goes to it only after three days."
    )


def _find(person_id: str) -> Person:
    return editing.find(database(), me(), person_id) or abort(404)


def _as_is(person: Person) -> Filled:
    manager = editing.shown(database(), me(), person)["Manager"]
    left_open = ("role",) if role_is_open(person) else ()
    return Filled(person.name, person.email, person.team_id, person.role, person.access, manager, left_open=left_open)


def _filled(person: Person | None = None) -> Filled:
    """The form. Somebody's own access has no field in it."""
    asked = request.form.get
    left_open = tuple(what for field, what in (("role", "role"), ("team", "agency")) if asked(field) == LEFT_OPEN)
    access = person.access if person and person.id == me().id else asked("access", "")
    team_id = request.form.get("team", type=_number)
    manager, joined = asked("manager", "").strip(), asked("joined", "").strip()
    return Filled(asked("name", ""), asked("email", ""), team_id, asked("role", ""), access, manager, joined, left_open)


def _number(text: str) -> int:
    """A whole number that a database can hold as an id; ValueError, which counts as not chosen, for any other."""
    number = int(text)
    if not 0 < number < 2**31:
        raise ValueError(text)
    return number


def _seen() -> dict[str, str]:
    """What the page showed when it was opened; nothing where that is not as the page sent it."""
    try:
        seen = json.loads(request.form.get("seen", ""))
    except (ValueError, RecursionError):
        return {}
    return {str(k): str(v) for k, v in seen.items()} if isinstance(seen, dict) else {}


def _edit_form(
    person: Person,
    filled: Filled,
    *,
    errors: Mapping[str, list[str]] | None = None,
    refused: str = "",
    changed: ChangedMeanwhile | None = None,
) -> str:
    is_me = person.id == me().id
    return _form(
        person.name,
        "lead/person_edit.html",
        filled,
        errors or {},
        person=person,
        left_open={"role": "Not said yet: they say it when they sign in"} if role_is_open(person) else {},
        shown=editing.shown(database(), me(), person),
        seen=request.form["seen"] if errors else json.dumps(editing.shown(database(), me(), person)),
        refused=refused,
        differences=changed.differences if changed else [],
        lines=[(_time(x.at), x.by.name, ACTS[x.act], x.what) for x in changed.lines] if changed else [],
        may_act=may_act_on(me(), person),
        may_change_access=not is_me,
        may_close=not is_me,
        may_readdress=may_readdress(me(), person),
    )


def _time(at: Any) -> str:
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"


def _form(title: str, template: str, filled: Filled, errors: Mapping[str, list[str]], **values: Any) -> str:
    teams = [
        (team.id, NOT_SAID if is_not_said(agency.name) else f"{agency.name}: {team.name}")
        for agency in agencies_in(database(), scope())
        for team in agency.teams
        if not is_not_said(team.name) or team.id == filled.team_id
    ]
    return desk_page(
        f"Error: {title}" if errors else title,
        template,
        heading=title,
        filled=filled,
        errors=errors,
        teams=teams,
        roles=ROLES,
        LEFT_OPEN=LEFT_OPEN,
        accesses=[(id_, name) for id_, name in ACCESS.items() if may_give(me(), id_)],
        **values,
    )


@blueprint.route("/people/<person_id>/close", methods=["GET", "POST"])
def person_close(person_id: str) -> Answer:
    """Close an account, once that is confirmed."""
    return _account(_find(person_id), close=True)


@blueprint.route("/people/<person_id>/open", methods=["GET", "POST"])
def person_open(person_id: str) -> Answer:
    """Open a closed account again, once that is confirmed."""
    return _account(_find(person_id), close=False)


def _account(person: Person, *, close: bool) -> Answer:
    refused = ""
    if request.method == "POST":
        try:
            (joining.leave if close else joining.come_back)(database(), me(), person, now=now())
        except Refused as error:
            refused = str(error)
        else:
            flash(f"The account of {person.name} is {'closed' if close else 'open again'}.")
            return redirect(url_for("lead.person_edit", person_id=person.id))
    title = f"Close the account of {person.name}?" if close else f"Open the account of {person.name} again?"
    done = desk_page(title, "lead/person_account.html", heading=title, person=person, close=close, refused=refused)
    return (done, 422) if refused else done

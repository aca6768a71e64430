"""People join, change, move, leave and come back, one at a time, each with a line in the audit.

Who asks is `by`. All raise OutOfScope where `by` does not look after the person or a place, Refused where it is not
for `by` to do, and Wrong where a value cannot be kept; then nothing has changed.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.people.joining_rules import (
    TAKEN,
    Refused,
    Wrong,
    checked,
    keep_an_administrator,
    lock,
    manager_named,
    must_act_on,
    must_have_place,
    must_manage,
    must_reach,
    place_name,
    role_name,
    role_of_person,
    signs_in_for_themselves,
)
from course.learning.desk.people.not_said import (
    FIRST_ROLE,
    OPEN,
    Righted,
    Spot,
    is_not_said,
    is_told_now,
    put_right,
    role_is_open,
    spot_before,
    still_open,
    untrue,
)
from course.learning.people import new_session_key
from course.learning.tables import ACCESS, FormerPlace, Person, Team


def join(
    session: Session,
    by: Person,
    *,
    name: str,
    email: str,
    team: Team,
    role: str | None,
    access: str = "learner",
    manager: Person | None = None,
    joined_at: datetime | None = None,
    now: datetime,
) -> Person:
    """Add somebody, who cannot sign in until they have set a password.

    A role of None, and a team that place_not_said gives, are for them to say at their first sign-in.
    """
    must_reach(by, team)
    name, email = checked(session, by, None, name=name, email=email, role=role or FIRST_ROLE, access=access)
    must_manage(by, None, manager)
    must_have_place(access, team)
    person = Person(
        name=name,
        email=email,
        password_hash="",
        role=role or FIRST_ROLE,
        to_say=still_open(OPEN, team=team.name, role_said=role is not None),
        access=access,
        team=team,
        session_key=new_session_key(),
        manager_id=manager.id if manager else None,
        joined_at=joined_at or now,
    )
    with kept(session):
        session.add(person)
        session.flush()
        as_role = f"as {role_name(role)}" if role else "in a role that they say themselves"
        what = f"Added to {place_name(team)} {as_role}, with access as {ACCESS[access].lower()}"
        audit.keep(session, by, "joined", now=now, what=what, about_id=person.id)
    return person


def change(
    session: Session, by: Person, person: Person, *, name: str, email: str, manager: Person | None, now: datetime
) -> None:
    """Change who somebody is. Another e-mail address ends their sessions."""
    with kept(session):
        lock(session, person.id)
        session.refresh(person)
        put_details(session, by, person, name=name, email=email, manager=manager, now=now)


def put_details(
    session: Session, by: Person, person: Person, *, name: str, email: str, manager: Person | None, now: datetime
) -> None:
    """As `change`, for whoever commits it together with more."""
    must_act_on(by, person)
    name, email = checked(session, by, person, name=name, email=email, role=person.role, access=person.access)
    must_manage(by, person, manager)
    before = session.get(Person, person.manager_id) if person.manager_id else None
    told = [
        f"{what}: {old} → {new}"
        for what, old, new in (
            ("Name", person.name, name),
            ("Manager", *(manager_named(by, one) if one else "none" for one in (before, manager))),
        )
        if old != new
    ]
    if told:
        audit.keep(session, by, "changed", now=now, what="; ".join(told), about_id=person.id)
    if email != person.email:  # whoever is signed in with the old one, or holds a link sent to it, is not any more
        person.session_key = new_session_key()
        act = "readdressed" if signs_in_for_themselves(by, person) else "changed"
        audit.keep(session, by, act, now=now, what=f"E-mail: {person.email} → {email}", about_id=person.id)
    person.name, person.email, person.manager_id = name, email, manager.id if manager else None


def move(session: Session, by: Person, person: Person, *, team: Team, role: str, now: datetime) -> None:
    """Put somebody into another team or role, or both. Where they were stays in their history."""
    with kept(session):
        put_place(session, by, person, team=team, role=role, now=now)


def put_place(session: Session, by: Person, person: Person, *, team: Team, role: str | None, now: datetime) -> None:
    """As `move`, for whoever commits it together with more. A role of None is left as it is, or as open as it is."""
    must_act_on(by, person)
    must_reach(by, team)
    checked(session, by, person, name=person.name, email=person.email, role=role or person.role, access=person.access)
    if is_not_said(team.name) and team.id != person.team_id:
        raise Wrong({"team": ["Choose a team."]})
    is_news = role is not None and (role != person.role or role_is_open(person))
    if person.team_id == team.id and not is_news:
        return
    if person.left_at:
        raise Refused(f"{person.name}’s account is closed. Open it again first.")
    what = settle(session, person, team=team, role=role, now=now)
    audit.keep(session, by, "moved", now=now, what=what, about_id=person.id)


def settle(session: Session, person: Person, *, team: Team, role: str | None, now: datetime) -> str:
    """Put somebody there with their history, for whoever knows that it may be done; gives what it was, in words.

    Where what changes was only left open, and so never true, nothing of it stays in their history.
    """
    old = f"{place_name(person.team)}, {role_of_person(person).lower()}"
    before, after = Spot(person.team_id, person.role), Spot(team.id, role or person.role)
    never_true = untrue(person.to_say, agency=person.team.agency.name, new_agency=team.agency.name)
    put_right(session, [Righted(person.id, never_true, before, after)])
    if former := spot_before(never_true, before, after):
        session.add(FormerPlace(person_id=person.id, team_id=former.team_id, role=former.role, until=now))
    if is_told_now(person.team.agency.name, team.agency.name):
        person.agency_since = now
    person.team, person.role = team, after.role
    person.to_say = still_open(person.to_say, team=team.name, role_said=role is not None)
    _end_invitations(person)
    return f"{old} → {place_name(team)}, {role_of_person(person).lower()}"


def give_access(session: Session, by: Person, person: Person, *, access: str, now: datetime) -> None:
    """Give an access no wider than one's own, in place of what they had. Never one's own."""
    must_have_place(access, person.team)
    with kept(session):
        put_access(session, by, person, access=access, now=now)


def put_access(session: Session, by: Person, person: Person, *, access: str, now: datetime) -> None:
    """As `give_access`, for whoever commits it together with more."""
    must_act_on(by, person)
    checked(session, by, person, name=person.name, email=person.email, role=person.role, access=access)
    if access == person.access:
        return
    what = f"{ACCESS[person.access]} → {ACCESS[access]}"
    with keep_an_administrator(session, person):
        person.access = access
    _end_invitations(person)
    audit.keep(session, by, "gave-access", now=now, what=what, about_id=person.id)


def _end_invitations(person: Person) -> None:
    """Whoever made a link for somebody in another place or with a narrower access does not hold it for this one."""
    if not person.password_hash:
        person.session_key = new_session_key()


def leave(session: Session, by: Person, person: Person, *, now: datetime) -> None:
    """Close an account: nothing of the record goes, and their session ends."""
    must_act_on(by, person)
    if person.id == by.id:
        raise Refused("You cannot close your own account. Ask somebody with at least the same access.")
    if person.left_at:
        return
    with all_or_nothing(session):
        with keep_an_administrator(session, person):
            person.left_at, person.session_key = now, new_session_key()
        audit.keep(session, by, "left", now=now, what="The account was closed", about_id=person.id)


def come_back(session: Session, by: Person, person: Person, *, now: datetime) -> None:
    """Open a closed account again, in the same place. That they were away meanwhile stays in their history."""
    must_act_on(by, person)
    with all_or_nothing(session):
        lock(session, person.id)
        session.refresh(person)
        if person.left_at is None:  # whoever pressed the button a second time
            return
        must_act_on(by, person)  # as they are by now
        session.add_all(away(person.id, person.team_id, person.role, left_at=person.left_at, now=now))
        person.left_at = None
        audit.keep(session, by, "returned", now=now, what="The account was opened again", about_id=person.id)


def away(person_id: str, team_id: int, role: str, *, left_at: datetime, now: datetime) -> Iterator[FormerPlace]:
    """The history of somebody who left and is back: where they were until they left, and nowhere until now."""
    yield FormerPlace(person_id=person_id, team_id=team_id, role=role, until=left_at)
    yield FormerPlace(person_id=person_id, team_id=None, role=role, until=now)


@contextmanager
def kept(session: Session) -> Iterator[None]:
    """Committed at the end. An address that somebody else took a moment ago is told as any that is taken."""
    try:
        with all_or_nothing(session):
            yield
    except IntegrityError as error:
        raise Wrong({"email": [TAKEN]}) from error

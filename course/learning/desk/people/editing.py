"""One person's details as a lead fills them in, saved together; several leads may have the same page open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.desk import audit
from course.learning.desk.days import day_of, start_of
from course.learning.desk.people.joining import join, kept, put_access, put_details, put_place
from course.learning.desk.people.joining_rules import (
    NO_SUCH_MANAGER,
    OUTSIDE,
    Wrong,
    checked,
    covers,
    lock,
    manager_named,
    must_act_on,
    must_have_place,
    must_manage,
    place_name,
    role_of_person,
)
from course.learning.desk.people.not_said import FIRST_ROLE, place_not_said, role_is_open
from course.learning.desk.people.written import day_of_joining, email_of
from course.learning.scope import Scope, scope_of
from course.learning.tables import ACCESS, Audit, Person, Team


@dataclass(frozen=True)
class Filled:
    """The form as it was filled in, whatever it is."""

    name: str
    email: str
    team_id: int | None
    role: str
    access: str
    manager: str
    """An e-mail address, or nothing."""
    joined: str = ""
    """A day, or nothing for today; only for somebody who is added."""
    left_open: tuple[str, ...] = ()
    """What they say at their first sign-in, as in Person.to_say: of somebody who is there, only what is open still."""


class ChangedMeanwhile(Exception):
    """Somebody else has saved the same person since the page was shown."""

    def __init__(self, before: Mapping[str, str], now: Mapping[str, str], lines: Sequence[Audit]) -> None:
        super().__init__("Somebody else has changed this person meanwhile.")
        self.differences = [
            (what, before.get(what, ""), value) for what, value in now.items() if before.get(what) != value
        ]
        """What it is, as it was shown, and as it is now."""
        self.lines = lines
        """The newest lines of the audit about the person."""


def find(session: Session, by: Person, person_id: str) -> Person | None:
    """Somebody whom `by` looks after, also if they have left."""
    person = session.get(Person, person_id) if person_id.isalnum() else None  # PostgreSQL fails at some signs
    return person if person and covers(scope_of(by), person.team.agency_id, person.team_id) else None


def shown(session: Session, by: Person, person: Person) -> dict[str, str]:
    """What `by` sees of somebody on the page that they edit: what it is, and the text."""
    manager = session.get(Person, person.manager_id) if person.manager_id else None
    return {
        "Name": person.name,
        "E-mail": person.email,
        "Team": place_name(person.team),
        "Role": role_of_person(person),
        "Access": ACCESS[person.access],
        "Manager": manager_named(by, manager) if manager else "",
        "Account": f"Closed since {day_of(person.left_at)}" if person.left_at else "Open",
    }


def save(
    session: Session, by: Person, person: Person, *, seen: Mapping[str, str], filled: Filled, now: datetime
) -> None:
    """Save all that is on the page, or nothing of it.

    `seen` is what `shown` gave when the page was shown. Raises ChangedMeanwhile where that has changed since, and
    what the verbs of course.learning.desk.people.joining raise.
    """
    with kept(session):
        lock(session, person.id)
        session.refresh(person)
        if (current := shown(session, by, person)) != seen:
            raise ChangedMeanwhile(seen, current, audit.about(session, person.id, limit=3))
        must_act_on(by, person)
        team, manager = _check(session, by, person, filled)
        assert team  # noqa: S101 - for the types: only the team of somebody who is added may be open
        put_details(session, by, person, name=filled.name, email=filled.email, manager=manager, now=now)
        put_access(session, by, person, access=filled.access, now=now)
        put_place(session, by, person, team=team, role=_role(person, filled), now=now)


def add(session: Session, by: Person, *, filled: Filled, now: datetime) -> Person:
    """Add somebody. Raises Wrong."""
    team, manager = _check(session, by, None, filled, now=now)
    agency = None if scope_of(by) == Scope(None, None) else by.team.agency
    return join(
        session,
        by,
        name=filled.name,
        email=filled.email,
        team=team or place_not_said(session, agency),
        role=_role(None, filled),
        access=filled.access,
        manager=manager,
        joined_at=start_of(day_of_joining(filled.joined, day_of(now))) if filled.joined else None,
        now=now,
    )


def _role(person: Person | None, filled: Filled) -> str | None:
    """What is chosen; None where it is for them to say."""
    is_open = "role" in filled.left_open and (person is None or role_is_open(person))
    return None if is_open else filled.role


def _check(
    session: Session, by: Person, person: Person | None, filled: Filled, *, now: datetime | None = None
) -> tuple[Team | None, Person | None]:
    """The team and manager. Raises Wrong with all that is wrong at once: part after part would stop at the first."""
    errors: dict[str, list[str]] = {}
    manager = _manager(session, person, filled.manager)
    role = _role(person, filled)
    words = {"name": filled.name, "email": filled.email, "access": filled.access}
    try:
        checked(session, by, person, role=FIRST_ROLE if role is None else role, **words)
    except Wrong as wrong:
        errors |= wrong.errors
    try:
        if filled.manager and manager is None:
            raise Wrong({"manager": [NO_SUCH_MANAGER]})
        must_manage(by, person, manager)
    except Wrong as wrong:
        errors |= wrong.errors
    if now and filled.joined:
        try:
            day_of_joining(filled.joined, day_of(now))
        except ValueError as error:
            errors["joined"] = [str(error)]
    team = None
    try:
        team = _team(session, by, person, filled)
        must_have_place(filled.access, team)
    except Wrong as wrong:
        errors |= wrong.errors
    if errors:
        raise Wrong(errors)
    return team, manager


def _team(session: Session, by: Person, person: Person | None, filled: Filled) -> Team | None:
    """The team that is chosen; None where it is for somebody new to say, which is not for a lead of one team to ask."""
    scope = scope_of(by)
    if person is None and "agency" in filled.left_open and scope and scope.team_id is None:
        return None
    team = session.get(Team, filled.team_id) if filled.team_id else None
    if team is None or not covers(scope, team.agency_id, team.id):
        raise Wrong({"team": ["Choose a team."]})
    return team


def _manager(session: Session, person: Person | None, written: str) -> Person | None:
    """Whoever is written there as manager; whom the page did not name stays."""
    if written == OUTSIDE and person and person.manager_id:
        return session.get(Person, person.manager_id)
    return _by_email(session, written)


def _by_email(session: Session, email: str) -> Person | None:
    try:
        return session.scalar(select(Person).where(Person.email == email_of(email)))
    except ValueError:  # nobody has what is no address
        return None

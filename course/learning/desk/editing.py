"""One person's details saved together, by one of several leads who may have the same page open."""

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from course.catalogue.model import ROLES
from course.learning.desk import audit
from course.learning.desk.joining import kept, put_access, put_details, put_place
from course.learning.desk.joining_rules import Wrong, checked, lock, must_act_on, must_manage, place_name
from course.learning.tables import ACCESS, Audit, Person, Team


class ChangedMeanwhile(Exception):
    """Somebody else has saved the same person since the page was shown."""

    def __init__(self, before: Mapping[str, str], now: Mapping[str, str], lines: list[Audit]) -> None:
        super().__init__("Somebody else has changed this person meanwhile.")
        self.differences = [
            (name, before.get(name, ""), value) for name, value in now.items() if before.get(name) != value
        ]
        """What it is, as it was shown, and as it is now."""
        self.lines = lines
        """The newest lines of the audit about the person."""


def shown(session: Session, person: Person) -> dict[str, str]:
    """What a lead sees of somebody on the page that they edit: what it is, and the text."""
    manager = session.get(Person, person.manager_id) if person.manager_id else None
    return {
        "Name": person.name,
        "E-mail": person.email,
        "Team": place_name(person.team),
        "Role": ROLES[person.role],
        "Access": ACCESS[person.access],
        "Manager": manager.email if manager else "",
        "Account": "Closed" if person.left_at else "Open",
    }


def save(
    session: Session,
    by: Person,
    person: Person,
    *,
    seen: Mapping[str, str],
    name: str,
    email: str,
    team: Team,
    role: str,
    access: str,
    manager: Person | None,
    now: datetime,
) -> None:
    """Save all that is on the page, or nothing of it.

    `seen` is what `shown` gave when the page was shown. Raises ChangedMeanwhile where that has changed since, and
    what the verbs of course.learning.desk.joining raise.
    """
    with kept(session):
        lock(session, person.id)
        session.refresh(person)
        if (current := shown(session, person)) != seen:
            raise ChangedMeanwhile(seen, current, list(audit.about(session, person.id, limit=3)))
        _check(session, by, person, name=name, email=email, role=role, access=access, manager=manager)
        put_details(session, by, person, name=name, email=email, manager=manager, now=now)
        put_access(session, by, person, access=access, now=now)
        put_place(session, by, person, team=team, role=role, now=now)


def _check(
    session: Session,
    by: Person,
    person: Person,
    *,
    name: str,
    email: str,
    role: str,
    access: str,
    manager: Person | None,
) -> None:
    """Raises Wrong with all that is wrong at once, where saving part after part would stop at the first."""
    must_act_on(by, person)
    errors: dict[str, list[str]] = {}
    try:
        checked(session, by, person, name=name, email=email, role=role, access=access)
    except Wrong as wrong:
        errors |= wrong.errors
    try:
        must_manage(by, person, manager)
    except Wrong as wrong:
        errors |= wrong.errors
    if errors:
        raise Wrong(errors)

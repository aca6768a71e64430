"""Inviting those who have no password yet, by e-mail or by a link to hand over; and new passwords, by e-mail only.

Whoever has a password gets a link to set another by e-mail alone, whatever a lead may do: it is a way in.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session, joinedload

from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.mail.closing import closing
from course.learning.desk.mail.invitation_words import invitation, new_password
from course.learning.desk.mail.links import Link, Links
from course.learning.desk.mail.mailbox import Mailbox
from course.learning.desk.mail.post import Posted, newest_letters, post
from course.learning.desk.people.readdressing import held_until, wait_for_it
from course.learning.people import find_by_email
from course.learning.scope import in_team, may_act_on, may_give, scope_of
from course.learning.tables import ACCESS, Audit, Letter, Person, Team

BY_HAND = "By a link to hand over"
"""What the audit says of a link that a lead was shown."""


class CannotInvite(Exception):
    """Why somebody cannot be invited, in a sentence."""


class NotYours(CannotInvite):
    """Somebody whom this lead may not invite; to them they do not exist."""

    def __init__(self) -> None:
        super().__init__("Somebody chosen is not among those whom you may invite.")


@dataclass(frozen=True)
class Waiting:
    """Somebody without a password, the newest invitation to them by e-mail, and the newest link made for them."""

    person: Person
    letter: Letter | None
    link: Audit | None


def waiting(session: Session, by: Person, *, limit: int, offset: int = 0) -> list[Waiting]:
    """Those without a password whom `by` may invite, by name. Three queries."""
    with_team = joinedload(Person.team, innerjoin=True).joinedload(Team.agency, innerjoin=True)
    query = select(Person).where(_may_be_invited(by)).options(with_team).order_by(Person.name, Person.id)
    people = session.scalars(query.limit(limit).offset(offset)).all()
    letters = newest_letters(session, [person.id for person in people], kind="invitation")
    made = _newest_links(session, [person.id for person in people])
    return [Waiting(person, letters.get(person.id), made.get(person.id)) for person in people]


def _newest_links(session: Session, person_ids: list[str]) -> dict[str, Audit]:
    """Person id to the line of the audit that says who made the newest link to hand over to them. One query."""
    query = select(Audit).where(Audit.about_id.in_(person_ids), Audit.act == "invited", Audit.what == BY_HAND)
    query = query.options(joinedload(Audit.by, innerjoin=True)).order_by(Audit.at, Audit.id)
    return {str(line.about_id): line for line in session.scalars(query)}


def count_waiting(session: Session, by: Person) -> tuple[int, int]:
    """How many those are, and how many of them were never sent an invitation. One query."""
    never = func.count().filter(Person.id.not_in(_WRITTEN_TO))
    everybody, new = session.execute(select(func.count(), never).select_from(Person).where(_may_be_invited(by))).one()
    return everybody, new


def never_written_to(session: Session, by: Person) -> list[Person]:
    """Those of them who were never sent an invitation, by name. One query."""
    query = select(Person).where(_may_be_invited(by), Person.id.not_in(_WRITTEN_TO)).order_by(Person.name, Person.id)
    return list(session.scalars(query.options(joinedload(Person.team, innerjoin=True))))


_WRITTEN_TO = select(Letter.person_id).where(Letter.kind == "invitation")


def _may_be_invited(by: Person) -> ColumnElement[bool]:
    scope = scope_of(by)
    if scope is None:
        raise NotYours
    is_mine = Person.team.has(in_team(scope.agency_id, scope.team_id))
    no_wider = Person.access.in_([access for access in ACCESS if may_give(by, access)])
    return (Person.password_hash == "") & Person.left_at.is_(None) & is_mine & no_wider


def find_waiting(session: Session, by: Person, person_ids: Iterable[str]) -> list[Person]:
    """These people, by name. Raises NotYours where there is one whom `by` may not invite."""
    wanted = set(person_ids)
    query = select(Person).where(Person.id.in_(wanted)).options(joinedload(Person.team, innerjoin=True))
    found = [p for p in session.scalars(query.order_by(Person.name, Person.id)) if may_act_on(by, p)]
    if len(found) != len(wanted):
        raise NotYours
    return found


def invite_by_post(
    session: Session,
    by: Person,
    people: Sequence[Person],
    *,
    mailbox: Mailbox,
    links: Links,
    now: datetime,
    partnership: str = "",
    seconds: float | None = None,
) -> Posted:
    """Send everybody an invitation by e-mail; see post. Raises CannotInvite, before any is sent."""
    _check(by, people)
    end = closing(partnership, by)
    before = newest_letters(session, [person.id for person in people], kind="invitation")
    drafts = [
        replace(invitation(person, links.to(person, "invitation", now=now), end), once=_once(person, before))
        for person in people
    ]
    return post(session, mailbox, drafts, now=now, by=by, seconds=seconds)


def _once(person: Person, before: Mapping[str, Letter]) -> str:
    """Of two who press the button at once, each having seen the same newest invitation, one sends the next."""
    newest = before.get(person.id)
    return f"invitation {person.id} after {newest.id if newest else 'none'}"


def invite_by_hand(
    session: Session, by: Person, people: Sequence[Person], *, links: Links, now: datetime
) -> list[tuple[Person, Link]]:
    """Links for a lead to hand over, where there is no e-mail. Raises CannotInvite. Commits the audit."""
    _check(by, people)
    with all_or_nothing(session):
        for person in people:
            audit.keep(session, by, "invited", now=now, about_id=person.id, what=BY_HAND)
    return [(person, links.to(person, "invitation", now=now)) for person in people]


def _check(by: Person, people: Sequence[Person]) -> None:
    for person in people:
        if not may_act_on(by, person):
            raise NotYours
        if person.password_hash or person.left_at is not None:
            why = "has left" if person.left_at else "has a password already"
            raise CannotInvite(f"{person.name} {why}, so there is nothing to invite them to.")


def send_new_password(
    session: Session, email: str, *, mailbox: Mailbox, links: Links, now: datetime, partnership: str = ""
) -> Posted:
    """Send a link for a new password to this address, if somebody here has it. Only they ever see the link.

    An address that somebody else has given them of late gets a letter without a link: see readdressing.
    """
    person = find_by_email(session, email)
    if person is None or person.left_at is not None:
        return Posted()
    if until := held_until(session, person, now=now):
        return post(session, mailbox, [wait_for_it(person, until)], now=now)
    draft = new_password(person, links.to(person, "password", now=now), closing(partnership))
    return post(session, mailbox, [draft], now=now)

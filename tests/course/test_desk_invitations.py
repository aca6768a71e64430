"""Links by which a password is set, and who is waiting for one, on both databases."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.orm import Session

from course.learning.desk.mail.invitations import (
    CannotInvite,
    NotYours,
    count_waiting,
    find_waiting,
    invite_by_hand,
    invite_by_post,
    never_written_to,
    send_new_password,
    waiting,
)
from course.learning.desk.mail.links import Links, set_first_or_new_password
from course.learning.desk.mail.post import Posted
from course.learning.desk.people import joining
from course.learning.desk.people.readdressing import HELD
from course.learning.people import find_person, sign_in
from course.learning.tables import Agency, Letter, Person, Team
from tests.mail import Post, mail

__all__ = ["mail"]

LINKS = Links("a secret", lambda token: f"https://course.example.org/password/{token}")
NEW = "quite another password"


@pytest.fixture
def lead(session: Session, person: Person) -> Person:
    """Ada leads her team."""
    person.access = "team-lead"
    session.commit()
    return person


@pytest.fixture
def add(session: Session, team: Team) -> Callable[..., Person]:
    """Adds somebody without a password."""

    def add(name: str, **more: object) -> Person:
        values = {"email": f"{name.split()[0].lower()}@example.org", "password_hash": "", "role": "practitioner"}
        person = Person(**(values | {"access": "learner", "team": team, "session_key": name, "name": name} | more))
        session.add(person)
        session.commit()
        return person

    return add


def token_to(person: Person, purpose: str, now: datetime) -> str:
    return LINKS.to(person, purpose, now=now).address.rpartition("/")[2]


def test_who_waits_and_what_they_were_sent(
    session: Session, lead: Person, add: Callable, now: datetime, mail: Post
) -> None:
    ben, cem = add("Ben Cole"), add("Cem Demir")
    add("Dee Evans", team=Team(name="Unit", agency=Agency(name="Police")))
    add("Eli Left", left_at=now)
    add("Fay Wide", access="agency-lead")
    assert count_waiting(session, lead) == (2, 2)
    mail.refuses[cem.email] = "550 No such user"
    invite_by_post(session, lead, [ben, cem], mailbox=mail.mailbox, links=LINKS, now=now)
    found = waiting(session, lead, limit=9)
    assert [(one.person.name, one.letter and one.letter.state) for one in found] == [
        ("Ben Cole", "sent"),
        ("Cem Demir", "failed"),
    ]
    assert waiting(session, lead, limit=1, offset=1)[0].person is cem
    assert count_waiting(session, lead) == (2, 0)
    assert never_written_to(session, lead) == []
    mail.refuses.clear()
    invite_by_post(session, lead, [cem], mailbox=mail.mailbox, links=LINKS, now=now + timedelta(days=1))
    assert [one.letter.state for one in waiting(session, lead, limit=9) if one.letter] == ["sent", "sent"]


def test_letters_say_who_sends_them_and_whom_to_ask(
    session: Session, lead: Person, add: Callable, now: datetime, mail: Post
) -> None:
    add("Ben Cole")
    words = {"mailbox": mail.mailbox, "links": LINKS, "now": now, "partnership": "Barset Partnership"}
    invite_by_post(session, lead, never_written_to(session, lead), **words)
    invitation = " ".join(mail.to("ben@example.org").get_content().split())
    assert f"{lead.name} ({lead.email}) sends you this letter for Barset Partnership." in invitation
    send_new_password(session, lead.email, **words)
    password = " ".join(mail.to(lead.email).get_content().split())
    assert "This letter comes from Barset Partnership." in password
    assert "ask your training lead" in password


def test_nobody_is_invited_by_somebody_who_may_not(
    session: Session, add: Callable, person: Person, now: datetime
) -> None:
    ben = add("Ben Cole")
    for ask in (
        lambda: waiting(session, person, limit=9),
        lambda: find_waiting(session, person, [ben.id]),
        lambda: invite_by_hand(session, person, [ben], links=LINKS, now=now),
    ):
        with pytest.raises(NotYours):
            ask()


def test_one_who_cannot_be_invited_leaves_all_others_uninvited(
    session: Session, lead: Person, add: Callable, now: datetime, mail: Post
) -> None:
    people = [add("Ben Cole"), add("Cem Left", left_at=now)]
    with pytest.raises(CannotInvite, match="Cem Left has left"):
        invite_by_post(session, lead, people, mailbox=mail.mailbox, links=LINKS, now=now)
    assert not mail.letters
    assert not session.query(Letter).all()


@pytest.mark.parametrize(("purpose", "valid"), [("invitation", timedelta(days=14)), ("password", timedelta(hours=1))])
def test_a_link_works_for_its_time_and_for_its_person(
    session: Session, add: Callable, now: datetime, purpose: str, valid: timedelta
) -> None:
    ben = add("Ben Cole")
    token = token_to(ben, purpose, now)
    second = timedelta(seconds=1)
    assert LINKS.whose(session, token, now=now + valid - second) is ben
    assert LINKS.whose(session, token, now=now + valid) is None
    assert Links("another secret", str).whose(session, token, now=now) is None
    assert ben.session_key not in token
    assert token[-1].isalnum()  # no mail program takes it for the end of a sentence


def test_no_part_of_a_link_can_be_changed(session: Session, add: Callable, now: datetime) -> None:
    ben, cem = add("Ben Cole"), add("Cem Demir")
    token = token_to(ben, "password", now)
    id_, mark, until, signature = token.split(".")
    for changed in (
        f"{cem.id}.{mark}.{until}.{signature}",
        f"{id_}.{mark}.{int(until) + 9}.{signature}",
        f"{id_}.{'0' * 20}.{until}.{signature}",
        f"{id_}.{mark}.{until}",
        "",
        "é",
    ):
        assert LINKS.whose(session, changed, now=now) is None


def test_a_link_is_used_once_even_by_two_at_a_time(
    session: Session, other: Session, add: Callable, now: datetime
) -> None:
    ben = add("Ben Cole")
    token = token_to(ben, "invitation", now)
    first, second = LINKS.whose(session, token, now=now), LINKS.whose(other, token, now=now)
    assert first and second
    assert set_first_or_new_password(session, first, NEW)
    assert not set_first_or_new_password(other, second, "a third long password")
    assert sign_in(session, ben.email, NEW)
    assert LINKS.whose(other, token, now=now) is None


def test_a_short_password_uses_no_link_up(session: Session, add: Callable, now: datetime) -> None:
    ben = add("Ben Cole")
    token = token_to(ben, "invitation", now)
    with pytest.raises(ValueError, match="12"):
        set_first_or_new_password(session, ben, "short")
    assert LINKS.whose(session, token, now=now) is ben


def test_a_new_password_goes_only_to_whoever_is_here(
    session: Session, add: Callable, person: Person, now: datetime, mail: Post
) -> None:
    add("Eli Left", left_at=now)
    words = {"mailbox": mail.mailbox, "links": LINKS, "now": now}
    assert send_new_password(session, "eli@example.org", **words).sent == 0
    assert send_new_password(session, "nobody@example.org", **words).sent == 0
    assert send_new_password(session, " Ada@Example.org ", **words).sent == 1
    assert mail.recipients == ["ada@example.org"]


def test_two_who_press_the_button_at_once_send_one_invitation(
    session: Session, other: Session, lead: Person, add: Callable, now: datetime, mail: Post
) -> None:
    ben = add("Ben Cole")
    words = {"mailbox": mail.mailbox, "links": LINKS, "now": now}

    @event.listens_for(session, "before_flush")
    def _meanwhile(*flush: object) -> None:
        if not second:
            by, also = other.get_one(Person, lead.id), other.get_one(Person, ben.id)
            second.append(invite_by_post(other, by, [also], **words))

    second: list[Posted] = []
    first = invite_by_post(session, lead, [ben], **words)
    assert [(posted.sent, posted.skipped) for posted in (first, *second)] == [(0, 1), (1, 0)]
    assert len(mail.letters) == 1
    assert invite_by_post(session, lead, [ben], **words).sent == 1


def test_an_address_that_a_lead_has_just_given_is_no_way_in_yet(
    session: Session, person: Person, add: Callable, now: datetime, mail: Post
) -> None:
    lead = add("Zoe Lead", access="administrator", password_hash="x")
    joining.change(session, lead, person, name=person.name, email="alias@example.org", manager=None, now=now)
    words = {"mailbox": mail.mailbox, "links": LINKS}
    send_new_password(session, "alias@example.org", now=now + HELD - timedelta(minutes=1), **words)
    [letter] = mail.letters
    assert "09:30 on 26 November 2026" in letter.get_content().replace("\n", " ")
    assert "/password/" not in letter.get_content()
    send_new_password(session, "alias@example.org", now=now + HELD, **words)
    assert "/password/" in mail.letters[1].get_content()


@pytest.mark.parametrize("password", ["", "x", NEW])
def test_whoever_has_no_password_or_has_left_cannot_sign_in(
    session: Session, add: Callable, person: Person, now: datetime, password: str
) -> None:
    ben = add("Ben Cole")
    assert sign_in(session, ben.email, password) is None
    person.left_at = now
    session.commit()
    assert sign_in(session, person.email, "a long enough password") is None
    assert find_person(session, person.id) is person

"""Letters: what really arrives at a mail server, what is kept of each, and that none goes twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.desk.mail.mailbox import Mailbox
from course.learning.desk.mail.post import Draft, Posted, post, state_in_words
from course.learning.people import add_person
from course.learning.tables import Audit, Letter, Person, Team
from tests.mail import CERTIFICATE, Post, mail

__all__ = ["mail"]

Send = Callable[..., Posted]


def draft(person: Person, *, once: str | None = None, **more: str) -> Draft:
    values = {
        "name": person.name,
        "email": person.email,
        "subject": "A letter",
        "text": "Dear you,\n\nhello.\n",
        **more,
    }
    return Draft(person.id, kind="reminder", once=once, **values)


@pytest.fixture
def people(session: Session, team: Team) -> list[Person]:
    return [
        add_person(
            session,
            name=f"Person {letter}",
            email=f"{letter}@example.org",
            password="a long enough password",
            role="practitioner",
            access="learner",
            team=team,
        )
        for letter in "abcd"
    ]


@pytest.fixture
def send(session: Session, mail: Post, now: datetime) -> Send:
    def send(*drafts: Draft, mailbox: Mailbox | None = None, **more: object) -> Posted:
        return post(session, mailbox or mail.mailbox, drafts, now=now, **more)

    return send


def kept(session: Session) -> dict[str, Letter]:
    """The letters by the first letter of their recipient's address, as another session sees them."""
    session.expire_all()
    query = select(Person.email, Letter).join(Letter.person).order_by(Letter.at)
    return {email[0]: letter for email, letter in session.execute(query)}


def test_a_letter_arrives_as_it_was_written(send: Send, mail: Post, people: list[Person], other: Session) -> None:
    words = {"subject": "Children’s course", "text": "Dear Åsa,\n\nthe “front door” is open.\n", "name": "Åsa O’Neill"}
    posted = send(draft(people[0], unsubscribe="https://course.example.org/off", **words))
    assert (posted.sent, posted.failed, posted.stopped) == (1, [], "")
    arrived = mail.to("a@example.org")
    assert arrived["Subject"] == "Children’s course"
    assert arrived["To"].addresses[0].display_name == "Åsa O’Neill"
    assert arrived["From"].addresses[0].addr_spec == "course@example.org"
    assert arrived["Auto-Submitted"] == "auto-generated"
    assert arrived["List-Unsubscribe"] == "<https://course.example.org/off>"
    assert arrived.get_content_type() == "text/plain"
    assert "the “front door” is open." in arrived.get_content()
    letter = kept(other)["a"]
    assert (letter.state, letter.why) == ("sent", None)
    assert arrived["Message-ID"] == f"<{letter.id}@example.org>"


def test_answers_go_where_the_partnership_wants_them(send: Send, mail: Post, people: list[Person]) -> None:
    mailbox = replace(mail.mailbox, sender="Training here <course@example.org>", reply_to="training@example.org")
    send(draft(people[0]), mailbox=mailbox)
    arrived = mail.to("a@example.org")
    assert arrived["Reply-To"] == "training@example.org"
    assert arrived["From"] == "Training here <course@example.org>"
    assert "List-Unsubscribe" not in arrived


def test_one_refusal_does_not_stop_the_others(send: Send, mail: Post, people: list[Person], other: Session) -> None:
    mail.refuses["b@example.org"] = "550 5.1.1 No such user here"
    posted = send(*(draft(person, once=person.id) for person in people))
    assert (posted.sent, len(posted.failed), posted.left) == (3, 1, 0)
    assert mail.connections == 1
    refused = kept(other)["b"]
    assert (refused.state, refused.why) == ("failed", "550 5.1.1 No such user here")
    assert refused.once  # refused for good: not tried again the next minute
    assert "No such user" in state_in_words(refused)


def test_whoever_is_refused_for_now_may_be_written_to_later(
    send: Send, mail: Post, people: list[Person], other: Session
) -> None:
    mail.refuses["a@example.org"] = "451 4.7.1 Try again later"
    send(draft(people[0], once="week 1"))
    mail.refuses.clear()
    assert send(draft(people[0], once="week 1")).sent == 1
    states = [letter.state for letter in other.scalars(select(Letter).order_by(Letter.state))]
    assert states == ["failed", "sent"]


def test_a_server_that_takes_nothing_from_us_stops_all_and_uses_up_nothing(
    send: Send, mail: Post, people: list[Person], other: Session
) -> None:
    mail.refuses_sender = "550 5.1.8 Sender address rejected"
    drafts = [draft(person, once=person.id) for person in people]
    posted = send(*drafts)
    assert (posted.sent, len(posted.failed), posted.left) == (0, 1, 3)
    assert "Sender address rejected" in posted.stopped
    mail.refuses_sender = ""
    mail.refuses = {person.email: "554 5.7.1 Relay access denied" for person in people}
    assert len(send(*drafts).failed) == 4
    mail.refuses.clear()
    assert send(*drafts).sent == 4


def test_a_lost_connection_leaves_the_rest_for_another_time(
    send: Send, mail: Post, people: list[Person], other: Session
) -> None:
    mail.breaks_off_before = "b@example.org"
    drafts = [draft(person, once=person.id) for person in people]
    posted = send(*drafts)
    assert (posted.sent, len(posted.failed), posted.left) == (1, 1, 2)
    assert "lost" in posted.stopped
    assert {name: letter.state for name, letter in kept(other).items()} == {"a": "sent", "b": "failed"}
    mail.breaks_off_before = ""
    again = send(*drafts)
    assert (again.sent, again.skipped) == (3, 1)
    assert sorted(mail.recipients) == ["a@example.org", "b@example.org", "c@example.org", "d@example.org"]


def test_what_may_have_gone_is_never_sent_again(send: Send, mail: Post, people: list[Person], other: Session) -> None:
    mail.breaks_off_after = "a@example.org"
    posted = send(draft(people[0], once="week 1"))
    assert (posted.sent, len(posted.failed)) == (0, 1)
    assert state_in_words(kept(other)["a"]) == "Not known whether it went"
    mail.breaks_off_after = ""
    assert send(draft(people[0], once="week 1")).skipped == 1
    assert len(mail.letters) == 1


def test_without_a_server_nothing_is_kept_or_said_to_have_gone(
    send: Send, mail: Post, people: list[Person], other: Session
) -> None:
    posted = send(*map(draft, people), mailbox=replace(mail.mailbox, port=1))
    assert (posted.sent, posted.left) == (0, 4)
    assert posted.stopped.startswith("Cannot hand letters to the mail server 127.0.0.1:1")
    assert not kept(other)


def test_a_server_that_cannot_encrypt_gets_no_letter(send: Send, mail: Post, people: list[Person]) -> None:
    posted = send(draft(people[0]), mailbox=replace(mail.mailbox, tls="starttls"))
    assert "STARTTLS" in posted.stopped
    assert not mail.letters


def test_a_server_that_anybody_could_be_gets_no_letter(send: Send, mail: Post, people: list[Person]) -> None:
    mail.encrypts = True
    posted = send(draft(people[0]), mailbox=replace(mail.mailbox, tls="starttls"))
    assert "certificate" in posted.stopped
    assert not mail.letters


def test_a_letter_goes_encrypted_to_a_server_that_is_vouched_for(
    send: Send, mail: Post, people: list[Person], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    mail.encrypts = True
    assert send(draft(people[0]), mailbox=replace(mail.mailbox, tls="starttls")).sent == 1
    assert mail.encrypted == [True]


@pytest.mark.parametrize(
    "odd", ["x\r\nBcc: all@example.org", "x\nBcc: all@example.org", "x\0\x0bBcc: y", "<b>=1+1</b>"]
)
def test_no_name_and_no_subject_adds_a_header(send: Send, mail: Post, people: list[Person], odd: str) -> None:
    assert send(draft(people[0], name=odd, subject=odd)).sent == 1
    arrived = mail.to("a@example.org")
    assert arrived["Bcc"] is None
    assert arrived["Subject"].startswith(odd[0])
    assert mail.recipients == ["a@example.org"]


@pytest.mark.parametrize(
    "address", ["a@example.org\r\nRCPT TO:<x@example.org>", "a b@example.org", "@", "åsa@example.org"]
)
def test_an_address_that_cannot_be_one_is_refused_here(
    send: Send, mail: Post, people: list[Person], other: Session, address: str
) -> None:
    posted = send(draft(people[0], email=address), draft(people[1]))
    assert (posted.sent, len(posted.failed)) == (1, 1)
    assert "Correct it" in str(kept(other)["a"].why)
    assert mail.recipients == ["b@example.org"]


def test_a_lead_who_sends_letters_stands_in_the_audit(send: Send, people: list[Person], other: Session) -> None:
    send(draft(people[1]), by=people[0])
    [line] = other.scalars(select(Audit))
    assert (line.act, line.by_id, line.about_id) == ("reminded", people[0].id, people[1].id)


def test_sending_ends_in_time_and_says_how_many_are_left(send: Send, people: list[Person]) -> None:
    posted = send(*map(draft, people), seconds=-1)
    assert (posted.sent, posted.left) == (0, 4)
    assert "send again" in posted.stopped

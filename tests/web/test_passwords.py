"""Setting a password by a link, and a new one by e-mail; who can tell what from it; who looked at one’s record."""

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from lxml import html
from sqlalchemy.orm import Session

from course.learning.desk import audit
from course.learning.tables import Letter, Person
from course.web.account.passwords import POSTING
from tests.mail import Post, mail
from tests.web.conftest import PASSWORD
from tests.web.visitor import Visitor

__all__ = ["mail"]

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
NEW = "quite another password"


@pytest.fixture
def posting(app: Flask, mail: Post) -> Iterator[Post]:
    """The app with a mail server."""
    app.config.update(MAILBOX=mail.mailbox, COURSE_URL="https://course.example.org")
    yield mail
    sent_by_now()


def sent_by_now() -> None:
    """Waits until every letter that was asked for has gone; they go one after the other."""
    POSTING.submit(lambda: None).result(20)


def ask(visitor: Visitor, email: str) -> Visitor:
    visitor.get("/forgotten-password").send("Send me a link", email=email)
    sent_by_now()
    return visitor


def path_in(letter: object) -> str:
    [path] = re.findall(r"https://course\.example\.org(/password/\S+)", letter.get_content())
    return path


@pytest.fixture
def path(posting: Post, visit: Visit, add_person: AddPerson) -> str:
    """Where a link leads that Ada has just got by e-mail."""
    person = add_person("Ada Bell")
    ask(visit(), person.email)
    return path_in(posting.to(person.email))


def test_a_new_password_by_e_mail_signs_in(path: str, visit: Visit) -> None:
    visitor = visit().get(path)
    assert visitor.heading == "Choose your password"
    assert visitor.response.headers["Referrer-Policy"] == "no-referrer"
    fields = {i.get("name"): i for i in visitor.page.xpath("//form[.//input[@name='again']]//input")}
    assert (fields["email"].get("autocomplete"), fields["email"].get("value")) == ("username", "ada.bell@example.org")
    assert fields["password"].get("autocomplete") == "new-password"
    assert visitor.send("Set the password", password=NEW, again=NEW).heading == "Modules"
    assert visit().sign_in("ada.bell@example.org", NEW).heading == "Modules"
    visit().sign_in("ada.bell@example.org", PASSWORD, status=422)


def test_the_form_needs_no_referer_and_does_need_its_token(path: str, visit: Visit) -> None:
    visitor = visit().get(path)
    [token] = visitor.page.xpath("//form[.//input[@name='again']]//input[@name='csrf_token']/@value")
    words = {"password": NEW, "again": NEW}
    forged = visitor.client.post(path, data={"csrf_token": "forged", **words}, base_url="https://localhost")
    assert forged.status_code == 400
    kept = visitor.client.post(path, data={"csrf_token": token, **words}, base_url="https://localhost")
    assert kept.status_code == 302


def test_a_link_works_once_and_ends_older_sessions(path: str, visit: Visit) -> None:
    older = visit().sign_in("ada.bell@example.org", PASSWORD)
    visit().get(path).send("Set the password", password=NEW, again=NEW)
    assert older.get("/").heading == "Sign in"
    again = visit().get(path, 410)
    assert "used already" in again.words
    assert again.page.xpath("//main//a[@href='/forgotten-password']")


def test_two_who_have_the_form_open_set_one_password(path: str, visit: Visit) -> None:
    first, second = visit().get(path), visit().get(path)
    first.send("Set the password", password=NEW, again=NEW)
    second.send("Set the password", 410, password="a third long password", again="a third long password")
    visit().sign_in("ada.bell@example.org", NEW)


def test_a_link_ends_after_an_hour(path: str, app: Flask, visit: Visit) -> None:
    app.config["CLOCK"] = lambda: datetime.now(UTC) + timedelta(minutes=59)
    visitor = visit().get(path)
    app.config["CLOCK"] = lambda: datetime.now(UTC) + timedelta(minutes=61)
    visitor.send("Set the password", 410, password=NEW, again=NEW)
    visit().get(path, 410)


@pytest.mark.parametrize("change", [lambda p: p[:-1], lambda p: p[:-4] + "AAAA", lambda p: "/password/x", str.upper])
def test_a_link_that_is_made_up_is_none(path: str, visit: Visit, change: Callable[[str], str]) -> None:
    changed = "/password/" + change(path).rpartition("/")[2]
    visit().get(changed, 410)


@pytest.mark.parametrize(
    ("password", "again", "said"), [("too short", "too short", "at least 12"), (NEW, PASSWORD, "not the same")]
)
def test_what_cannot_be_a_password_is_said_at_its_field(
    path: str, visit: Visit, password: str, again: str, said: str
) -> None:
    visitor = visit().get(path).send("Set the password", 422, password=password, again=again)
    [target] = visitor.page.xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert said in visitor.words
    assert visitor.page.xpath("//input[@id=$id]", id=target[1:])
    visit().sign_in("ada.bell@example.org", PASSWORD)


def test_an_answer_does_not_tell_who_is_here(posting: Post, visit: Visit, add_person: AddPerson) -> None:
    add_person("Ada Bell")
    known, unknown = (ask(visit(), email) for email in ("ada.bell@example.org", "nobody@example.org"))
    assert known.words == unknown.words
    assert "on its way" in known.words
    assert posting.recipients == ["ada.bell@example.org"]


def test_asking_is_slowed_for_that_address_alone(posting: Post, visit: Visit, add_person: AddPerson) -> None:
    add_person("Ada Bell")
    visitor = visit()
    for _ in range(3):
        ask(visitor, "ada.bell@example.org")
    junk = " " * 9 + "ada.bell@example.org" + " " * 225 + "junk"
    for email in ("Ada.Bell@example.org", "ada\0.bell@example.org", " \0 ada.bell@example.org"):
        visitor.get("/forgotten-password").send("Send me a link", 429, email=email)
    ask(visitor, junk)
    ask(visitor, "nobody@example.org")
    assert len(posting.letters) == 3


def test_a_link_leads_where_the_course_is_whatever_a_request_claims(
    posting: Post, visit: Visit, add_person: AddPerson
) -> None:
    add_person("Ada Bell")
    client, evil = visit().client, "https://evil.example.org"
    form = html.document_fromstring(client.get("/forgotten-password", base_url=evil).get_data(as_text=True))
    [token] = form.xpath("//form[.//input[@name='email']]//input[@name='csrf_token']/@value")
    words = {"csrf_token": token, "email": "ada.bell@example.org"}
    client.post("/forgotten-password", data=words, base_url=evil, headers={"Referer": f"{evil}/"})
    sent_by_now()
    assert path_in(posting.letters[0])
    assert "evil" not in posting.letters[0].as_string()


def test_without_e_mail_the_page_says_whom_to_ask(visit: Visit) -> None:
    visitor = visit().get("/sign-in")
    [address] = visitor.page.xpath("//a[contains(., 'Forgotten')]/@href")
    visitor.get(address)
    assert "sends no e-mail" in visitor.words
    assert not visitor.page.xpath("//input[@name='email']")


def test_whoever_has_left_cannot_come_in(posting: Post, visit: Visit, add_person: AddPerson, session: Session) -> None:
    person = add_person("Ada Bell")
    ask(visit(), person.email)
    visitor = visit(person)
    person.left_at = datetime.now(UTC)
    session.commit()
    assert visitor.get("/").heading == "Sign in"
    visit().sign_in(person.email, PASSWORD, status=422)
    visit().get(path_in(posting.letters[0]), 410)
    ask(visit(), person.email)
    assert len(posting.letters) == 1


@pytest.mark.parametrize("access", ["team-lead", "agency-lead", "partnership-lead", "administrator"])
def test_no_lead_comes_into_an_account_by_changing_its_address(
    posting: Post, visit: Visit, add_person: AddPerson, access: str
) -> None:
    ada, lead = add_person("Ada Bell"), add_person("Zoe Lead", access=access)
    page = visit(lead).get(f"/lead/people/{ada.id}/edit")
    is_wide = access in ("partnership-lead", "administrator")
    assert ("only a training lead for the partnership can change it" in page.words) is not is_wide
    filled = {"name": ada.name, "team": str(ada.team_id), "role": "practitioner", "access": "learner", "manager": ""}
    page.send("Save", 200 if is_wide else 422, email="alias@example.org", **filled)
    ask(visit(), "alias@example.org")
    assert not any("/password/" in letter.get_content() for letter in posting.letters)
    if not is_wide:
        assert "Ask the training lead for the partnership" in page.words
        assert not posting.letters
        return
    assert "only after three days" in " ".join(page.page.text_content().split())
    assert "alias@example.org" in posting.to("ada.bell@example.org").get_content()
    visit().sign_in("alias@example.org", PASSWORD)


def test_a_letter_for_a_password_keeps_no_link(path: str, session: Session) -> None:
    [letter] = session.query(Letter)
    assert (letter.kind, letter.state, letter.about) == ("password", "sent", {})


def test_people_see_who_looked_at_their_record_and_nobody_else_s(
    visit: Visit, add_person: AddPerson, session: Session, count_queries: Callable[[], list[str]]
) -> None:
    ada, ben, lead = add_person("Ada Bell"), add_person("Ben Cole"), add_person("Zoe <b>Lead</b>", access="team-lead")
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    for day in range(60):
        audit.keep(session, lead, "looked", now=at + timedelta(days=day), about_id=ada.id)
    audit.keep(session, lead, "moved", now=at + timedelta(days=90), about_id=ada.id, what="To School nursing.")
    session.commit()
    visitor = visit(ada).get("/")
    [address] = visitor.page.xpath("//footer//a[contains(., 'Who looked')]/@href")
    queries = count_queries()
    visitor.get(address)
    assert len(queries) <= 3, queries
    first = [cell.text_content() for cell in visitor.page.xpath("//tbody/tr[1]/*")]
    assert first == ["2026-09-29 23:30", "Zoe <b>Lead</b>", "Health", "Moved a person. To School nursing."]
    visitor.get(visitor.page.xpath("//a[@rel='next']/@href")[0])
    assert len(visitor.page.xpath("//tbody/tr")) == 11
    assert "Nobody has looked" in visit(ben).get("/account/who-looked").words
    assert "nobody else who signs in can" in visitor.words, "who can see it at all"
    assert "Lists of many people in which you are one line are not listed." in visitor.words
    assert visit().get("/account/who-looked").heading == "Sign in"


def test_reminders_can_be_switched_off_only_where_the_partnership_lets_people(
    app: Flask, visit: Visit, add_person: AddPerson, session: Session
) -> None:
    person = add_person("Ada Bell")
    visitor = visit(person).get("/account/who-looked")
    assert "Reminders" not in visitor.words
    app.config["REMINDERS_OPT_OUT"] = True
    assert "no more reminders" in visitor.get("/account/who-looked").send("Stop my reminders").words
    session.refresh(person)
    assert not person.wants_reminders
    visitor.send("Send me reminders again")
    session.refresh(person)
    assert person.wants_reminders
    visitor.get("/account/who-looked")
    app.config["REMINDERS_OPT_OUT"] = False
    visitor.send("Stop my reminders", 404)

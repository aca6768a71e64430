"""The page of reminders: what would go, sending it, what came of it, and nobody outside a lead’s scope."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.tables import Agency, Assignment, Audit, Letter, Person, Team
from tests.mail import Post, mail
from tests.web.visitor import Visitor, text

__all__ = ["mail"]

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
PATH = "/lead/reminders"
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)


@pytest.fixture(autouse=True)
def clock(app: Flask) -> None:
    app.config["CLOCK"] = lambda: NOW


@pytest.fixture
def posting(app: Flask, mail: Post) -> Post:
    app.config.update(MAILBOX=mail.mailbox, COURSE_URL="https://course.example.org")
    return mail


@pytest.fixture
def boss(session: Session, teams: dict[str, Team], add_person: AddPerson) -> Person:
    """The partnership’s lead, who is not asked to do anything."""
    teams["Unit"] = Team(name="Unit", agency=Agency(name="Partnership"))
    session.add(teams["Unit"])
    session.commit()
    return add_person("Zoe Boss", access="partnership-lead", team="Unit")


@pytest.fixture
def everybody(session: Session, teams: dict[str, Team], add_person: AddPerson, boss: Person) -> dict[str, Person]:
    """People in three places, all of whom were asked to do module 3 by a day that has passed."""
    places = {"Ada Bell": "Health visiting", "Ben Cole": "School nursing", "Dee Evans": "Neighbourhood"}
    people = {name: add_person(name, team=team) for name, team in places.items()}
    before = NOW - timedelta(days=400)
    for person in people.values():
        person.joined_at = before
    for agency_id in {teams[team].agency_id for team in places.values()}:
        how = {"agency_id": agency_id, "due_on": NOW.date() - timedelta(days=5), "made_by_id": boss.id}
        session.add(Assignment(module_ids=["module-three"], counts_from=before, made_at=before, **how))
    session.commit()
    return people


def recipients(visitor: Visitor) -> list[str]:
    return [text(cell) for cell in visitor.page.xpath("//table[contains(@class, 'letters')]/tbody/tr/th")]


@pytest.mark.usefixtures("posting", "everybody")
def test_a_lead_reads_the_letters_sends_them_and_sees_what_came_of_each(
    visit: Visit, boss: Person, mail: Post, session: Session
) -> None:
    mail.refuses["ben.cole@example.org"] = "550 5.1.1 No such user"
    lead = visit(boss).get(PATH)
    assert recipients(lead) == ["Ada Bell", "Ben Cole", "Dee Evans"]
    shown = lead.page.xpath("//pre")[0].text_content()
    assert "was due by 22 November 2026" in shown
    assert "ask your training lead" in shown
    lead.send("Send these 3 letters now")
    assert "2 reminders sent. 1 did not go" in lead.words
    arrived = mail.to("ada.bell@example.org").get_content()
    assert arrived.replace("\r\n", "\n").strip() == shown.strip()
    [lost] = lead.page.xpath("//table[caption[contains(., 'did not arrive')]]/tbody/tr")
    assert "Ben Cole" in text(lost)
    assert "Failed: 550 5.1.1 No such user" in text(lost)
    assert recipients(lead) == []
    assert "4 December 2026" in text(lead.page.xpath("//table[caption[contains(., 'next one')]]/tbody/tr")[0])
    assert len(lead.get(f"{PATH}/sent").page.xpath("//tbody/tr")) == 3
    acts = session.scalars(select(Audit.about_id).where(Audit.act == "reminded")).all()
    assert len(acts) == 3


@pytest.mark.usefixtures("posting")
def test_nothing_goes_that_was_not_shown(
    visit: Visit, boss: Person, everybody: dict[str, Person], mail: Post, session: Session
) -> None:
    lead = visit(boss).get(PATH)
    everybody["Ada Bell"].name = "Ada Ball"
    session.commit()
    lead.send("Send these 3 letters now")
    assert "nothing was sent" in lead.words
    assert not mail.letters
    lead.send("Send these 3 letters now")
    assert len(mail.letters) == 3


@pytest.mark.usefixtures("posting", "everybody")
def test_a_button_pressed_twice_sends_once(visit: Visit, boss: Person, mail: Post) -> None:
    first, second = visit(boss).get(PATH), visit(boss).get(PATH)
    first.send("Send these 3 letters now")
    second.send("Send these 3 letters now")
    assert len(mail.letters) == 3


@pytest.mark.usefixtures("everybody")
def test_a_letter_of_which_nobody_knows_whether_it_went_is_shown_so(
    visit: Visit, boss: Person, everybody: dict[str, Person], session: Session
) -> None:
    session.add(Letter(person_id=everybody["Ada Bell"].id, kind="reminder", at=NOW, once="x"))
    session.commit()
    lead = visit(boss).get(PATH)
    assert "Not known whether it went" in lead.words
    assert recipients(lead) == ["Ben Cole", "Dee Evans"]


def test_without_e_mail_there_is_a_list_to_copy(visit: Visit, boss: Person, everybody: dict[str, Person]) -> None:
    lead = visit(boss).get(PATH)
    [addresses, words] = lead.page.xpath("//textarea")
    assert addresses.text_content() == "ada.bell@example.org; ben.cole@example.org; dee.evans@example.org"
    assert "see what you are asked to do yourself, and by when: https://localhost" in words.text_content()
    assert words.text_content().endswith("Zoe Boss")
    learner = visit(everybody["Ada Bell"]).get("/")
    assert "Asked: do this now. It was due by 22 November 2026." in learner.words, "as the words promise"
    assert not lead.page.xpath("//main//button")


@pytest.mark.usefixtures("everybody", "posting")
@pytest.mark.parametrize(
    ("access", "seen"),
    [
        ("team-lead", ["Ada Bell"]),
        ("agency-lead", ["Ada Bell", "Ben Cole"]),
        ("partnership-lead", ["Ada Bell", "Ben Cole", "Dee Evans"]),
        ("administrator", ["Ada Bell", "Ben Cole", "Dee Evans"]),
    ],
)
def test_letters_of_a_lead_stay_in_scope(
    visit: Visit, add_person: AddPerson, mail: Post, session: Session, access: str, seen: list[str]
) -> None:
    lead = visit(add_person("Yan Lead", access=access)).get(PATH)
    theirs = [name for name in recipients(lead) if name != "Yan Lead"]
    assert theirs == seen
    everything = lead.response.get_data(as_text=True)
    assert ("Dee Evans" in everything) == ("Dee Evans" in seen)
    lead.send("Send ")
    written_to = set(session.scalars(select(Person.name).join(Letter, Letter.person_id == Person.id)))
    assert written_to - {"Yan Lead"} == set(seen)
    outsider = visit(add_person("Xia Lead", access="team-lead", team="Child abuse investigation"))
    assert "Ada Bell" not in outsider.get(PATH).words
    assert "Ada Bell" not in outsider.get(f"{PATH}/sent").words
    assert "Ada Bell" in lead.get(f"{PATH}/sent").words


def test_the_page_is_for_leads(learner: Visitor, visit: Visit) -> None:
    for path in (PATH, f"{PATH}/sent"):
        learner.get(path, 404)
        assert visit().get(path).heading == "Sign in"
    token = learner.get("/").page.xpath("//input[@name='csrf_token']/@value")[0]
    headers = {"Referer": "https://localhost/"}
    sent = learner.client.post(PATH, data={"csrf_token": token}, base_url="https://localhost", headers=headers)
    assert sent.status_code == 404


def test_where_nothing_is_due_the_page_says_what_would_make_a_letter(visit: Visit, boss: Person) -> None:
    lead = visit(boss).get(PATH)
    assert lead.page.xpath("//main//a[contains(., 'assignment')]")
    assert "None yet" in lead.get(f"{PATH}/sent").words
    for odd in ("page=x", "page=99", f"page={10**30}", "page=-1"):
        lead.get(f"{PATH}?{odd}")
        lead.get(f"{PATH}/sent?{odd}")


def test_whoever_has_no_password_is_counted_and_not_written_to(
    visit: Visit, boss: Person, everybody: dict[str, Person], session: Session
) -> None:
    everybody["Ada Bell"].password_hash = ""
    session.commit()
    lead = visit(boss).get(PATH)
    assert "1 person has something due and no password yet" in lead.words
    assert recipients(lead) == ["Ben Cole", "Dee Evans"]


@pytest.mark.usefixtures("everybody", "posting")
def test_a_page_costs_few_queries(visit: Visit, boss: Person, count_queries: Callable[[], list[str]]) -> None:
    lead = visit(boss).get(PATH)
    queries = count_queries()
    lead.get(PATH)
    assert len(queries) <= 8, queries

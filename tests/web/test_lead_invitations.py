"""Inviting people: whom a lead may invite, what goes out, and that no link is a way into a wider account."""

import re
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.desk.mail.invitations import NotYours, invite_by_hand
from course.learning.desk.mail.links import Links
from course.learning.tables import Audit, Letter, Person
from tests.mail import Post, mail
from tests.web.visitor import Visitor, text

__all__ = ["mail"]

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
PATH = "/lead/invitations"
NEW = "quite a new password"


@pytest.fixture
def add_new(add_person: AddPerson, session: Session) -> AddPerson:
    """Adds somebody as an import does: they have no password."""

    def add_new(name: str, **more: str) -> Person:
        person = add_person(name, **more)
        person.password_hash = ""
        session.commit()
        return person

    return add_new


@pytest.fixture
def posting(app: Flask, mail: Post) -> Post:
    app.config.update(MAILBOX=mail.mailbox, COURSE_URL="https://course.example.org")
    return mail


def names(visitor: Visitor) -> list[str]:
    return [text(cell) for cell in visitor.page.xpath("//tbody/tr/th")]


def row_of(visitor: Visitor, name: str) -> str:
    [row] = visitor.page.xpath("//tbody/tr[contains(th, $name)]", name=name)
    return text(row)


@pytest.mark.usefixtures("posting")
def test_an_invitation_is_a_way_in_that_works_once(
    visit: Visit, add_person: AddPerson, add_new: AddPerson, mail: Post, session: Session
) -> None:
    ada = add_new("Ada Bell")
    add_new("Ben Cole")
    visit().sign_in(ada.email, "", status=422)
    lead = visit(add_person("Zoe Lead", access="team-lead")).get(PATH)
    assert names(lead) == ["Ada Bell", "Ben Cole"]
    lead.send("Send to those ticked", who="ticked", person=[ada.id])
    assert "1 invitation sent." in lead.words
    assert "Sent" in row_of(lead, "Ada Bell")
    assert "None yet" in row_of(lead, "Ben Cole")
    [path] = re.findall(r"https://course\.example\.org(/password/\S+)", mail.to(ada.email).get_content())
    assert visit().get(path).send("Set the password", password=NEW, again=NEW).heading == "Modules"
    visit().get(path, 410)
    assert names(lead.get(PATH)) == ["Ben Cole"]
    [line] = session.scalars(select(Audit))
    assert (line.act, line.about_id) == ("invited", ada.id)


@pytest.mark.usefixtures("posting")
def test_all_means_those_who_never_got_one_and_failures_are_shown(
    visit: Visit, add_person: AddPerson, add_new: AddPerson, mail: Post
) -> None:
    ada, ben = add_new("Ada Bell"), add_new("Ben Cole")
    mail.refuses[ben.email] = "550 5.1.1 No such <b>user</b>"
    lead = visit(add_person("Zoe Lead", access="partnership-lead")).get(PATH)
    lead.send("Send to all 2 who were never sent one", who="all")
    assert "1 invitation sent. 1 did not go" in lead.words
    assert "No such <b>user</b>" in row_of(lead, "Ben Cole")
    assert not lead.page.xpath("//button[@value='all']")
    assert mail.recipients == [ada.email]


def test_without_e_mail_there_are_links_to_hand_over(
    visit: Visit, add_person: AddPerson, add_new: AddPerson, session: Session
) -> None:
    ada = add_new("Ada Bell")
    lead = visit(add_person("Zoe Lead", access="team-lead")).get(PATH)
    lead.send("Show links for those ticked", who="ticked", person=[ada.id])
    assert lead.heading == "Links to hand over"
    [link] = re.findall(r"https://localhost(/password/\S+)", lead.words)
    assert link not in lead.get(PATH).response.get_data(as_text=True)
    assert "Link made by Zoe Lead" in row_of(lead, "Ada Bell")
    visit().get(link).send("Set the password", password=NEW, again=NEW)
    assert "Everybody whom you may invite has a password" in lead.get(PATH).words
    assert [line.act for line in session.scalars(select(Audit))] == ["invited"]
    assert not session.scalars(select(Letter)).all()


def test_nobody_ticked_is_an_error_that_leads_to_the_list(
    visit: Visit, add_person: AddPerson, add_new: AddPerson
) -> None:
    add_new("Ada Bell")
    lead = visit(add_person("Zoe Lead", access="team-lead")).get(PATH)
    lead.send("Show links for those ticked", 422, who="ticked")
    [target] = lead.page.xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert lead.page.xpath("//input[@type='checkbox'][@id=$id]", id=target[1:])


@pytest.mark.parametrize(
    ("access", "seen"),
    [
        ("team-lead", ["Ada Learner", "Tom Team"]),
        ("agency-lead", ["Ada Learner", "Ben School", "Gil Agency", "Tom Team"]),
        ("partnership-lead", ["Ada Learner", "Ben School", "Dee Police", "Gil Agency", "Pam Partner", "Tom Team"]),
        (
            "administrator",
            ["Ada Learner", "Ben School", "Dee Police", "Gil Agency", "Pam Partner", "Tom Team", "Val Admin"],
        ),
    ],
)
def test_a_lead_invites_in_scope_and_nobody_with_wider_access(
    visit: Visit, add_person: AddPerson, add_new: AddPerson, session: Session, access: str, seen: list[str]
) -> None:
    everybody = [
        add_new("Ada Learner"),
        add_new("Ben School", team="School nursing"),
        add_new("Dee Police", team="Neighbourhood"),
        add_new("Gil Agency", access="agency-lead"),
        add_new("Pam Partner", access="partnership-lead"),
        add_new("Tom Team", access="team-lead"),
        add_new("Val Admin", access="administrator"),
    ]
    by = add_person("Zoe Lead", access=access)
    lead = visit(by).get(PATH)
    assert names(lead) == seen
    links = Links("secret", str)
    for person in everybody:
        lead.get(PATH)
        if person.name in seen:
            lead.send("Show links for those ticked", who="ticked", person=[person.id])
            continue
        lead.send("Show links for those ticked", 404, who="ticked", person=[everybody[0].id, person.id])
        with pytest.raises(NotYours):
            invite_by_hand(session, by, [person], links=links, now=person.joined_at)
    assert {line.about_id for line in session.scalars(select(Audit))} == {p.id for p in everybody if p.name in seen}


def test_nobody_with_a_password_is_given_away(
    visit: Visit, add_person: AddPerson, add_new: AddPerson, session: Session
) -> None:
    ada, _ = add_person("Ada Bell"), add_new("Ben Cole")
    lead = visit(add_person("Zoe Lead", access="administrator")).get(PATH)
    lead.send("Show links for those ticked", who="ticked", person=[ada.id])
    assert "Ada Bell has a password already" in lead.words
    assert "/password/" not in lead.response.get_data(as_text=True)
    assert not session.scalars(select(Audit)).all()


def test_the_page_is_for_leads(learner: Visitor, visit: Visit, add_new: AddPerson) -> None:
    ada = add_new("Ada New")
    learner.get(PATH, 404)
    token = learner.get("/account/who-looked").page.xpath("//input[@name='csrf_token']/@value")[0]
    words = {"csrf_token": token, "who": "ticked", "person": ada.id}
    headers = {"Referer": "https://localhost/"}
    assert learner.client.post(PATH, data=words, base_url="https://localhost", headers=headers).status_code == 404
    assert visit().get(PATH).heading == "Sign in"


@pytest.mark.usefixtures("posting")
def test_a_page_costs_few_queries(
    visit: Visit, add_person: AddPerson, add_new: AddPerson, count_queries: Callable[[], list[str]]
) -> None:
    for n in range(110):
        add_new(f"Person {n:03}")
    lead = visit(add_person("Zoe Lead", access="partnership-lead"))
    queries = count_queries()
    lead.get(PATH)
    assert len(queries) <= 5, queries
    assert len(names(lead)) == 100
    lead.get(lead.page.xpath("//a[@rel='next']/@href")[0])
    assert names(lead) == [f"Person {n:03}" for n in range(100, 110)]

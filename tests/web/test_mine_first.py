"""The first sign-in asks only what the lead left open, before any other page, and lets everybody on afterwards."""

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import quote

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning import people
from course.learning.desk.people.not_said import place_not_said
from course.learning.tables import Assignment, FormerPlace, Person, Team
from tests.web.conftest import PASSWORD
from tests.web.test_lead_imports import rows, upload
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]


@pytest.fixture
def new(session: Session, add_person: AddPerson) -> Callable[..., Person]:
    """Adds somebody of whom this is open; their agency is known where it is given."""

    def new(*to_say: str, of: Team | None = None, access: str = "learner") -> Person:
        person = add_person("Nia New", access=access)
        person.to_say = list(to_say)
        if "agency" in to_say:
            person.team = place_not_said(session, of.agency if of else None)
        session.commit()
        return person

    return new


def problems(visitor: Visitor) -> list[str]:
    return [text(item) for item in visitor.page.xpath("//*[contains(@class, 'govuk-error-summary')]//li")]


def fields(visitor: Visitor) -> set[str]:
    return set(visitor.page.xpath("//main//form//*[self::input[@type='radio'] or self::select]/@name"))


def now_of(session: Session, person: Person) -> tuple[str, str, list[str]]:
    session.refresh(person)
    return person.team.name, person.role, person.to_say


def test_what_is_left_open_on_the_form_is_asked_first_and_then_asked_modules_reach_them(
    visit: Visit, add_person: AddPerson, session: Session, teams: dict[str, Team]
) -> None:
    boss = add_person("Zoe Lead", access="partnership-lead", team="Neighbourhood")
    lead = visit(boss).get("/lead/people/add")
    given = {"name": "Nia New", "email": "nia.new@example.org", "access": "learner"}
    lead.send("Add this person", **given, team="open", role="open")
    nia = session.scalars(select(Person).where(Person.email == "nia.new@example.org")).one()
    assert "Not said yet" in text(lead.page.xpath("//select[@name='team']/option[@selected]")[0])
    assert "Not said yet" in text(lead.page.xpath("//select[@name='role']/option[@selected]")[0])
    assert "Not said yet" in lead.get(f"/lead/people/{nia.id}").words
    made = {"counts_from": boss.joined_at - timedelta(days=9), "made_at": boss.joined_at - timedelta(days=9)}
    asks = {"agency_id": teams["School nursing"].agency_id, "role": "manager"}
    session.add(Assignment(module_ids=["module-thirteen"], made_by_id=boss.id, **made, **asks))
    nia.password_hash = people.hash_password(PASSWORD)
    session.commit()

    visitor = visit(nia)
    assert visitor.path == "/mine/first"
    assert fields(visitor) == {"role", "team"}
    assert "Not said yet" not in visitor.words
    visitor.send("Save and go on", role="manager", team=str(teams["School nursing"].id))
    assert visitor.path == "/"
    assert "Asked: do this" in visitor.words
    assert now_of(session, nia) == ("School nursing", "manager", [])
    assert session.scalars(select(FormerPlace)).all() == []
    assert "Said at first sign-in: Not said yet, not said yet →" in visitor.get("/account/who-looked").words
    assert visitor.get("/mine/first").path == "/"


def test_it_comes_before_every_page_but_those_open_to_anybody_and_leads_back(
    visit: Visit, new: Callable[..., Person]
) -> None:
    visitor = visit(new("role", access="partnership-lead"))
    for path in ("/", "/modules/03-module-three/vignette", "/lead/people?page=1", "/packages/", "/account/who-looked"):
        assert visitor.get(path).path == "/mine/first"
        assert visitor.page.xpath("string(//input[@name='next']/@value)") == path
    for path in ("/worried", "/glossary", "/what-changed"):
        assert visitor.get(path).path == path
    visitor.get("/lead/people?page=1")
    assert fields(visitor) == {"role"}
    assert visitor.send("Save and go on", role="manager").path == "/lead/people"


def test_what_is_sent_before_it_is_said_is_not_taken(visit: Visit, new: Callable[..., Person]) -> None:
    visitor = visit(new("role"))
    token = visitor.page.xpath("string(//input[@name='csrf_token']/@value)")
    answer = visitor.client.post(
        "/modules/03-module-three/read",
        data={"csrf_token": token},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/"},
    )
    assert (answer.status_code, answer.location) == (302, "/mine/first")


def test_to_a_learner_the_desk_does_not_exist_before_it_either(visit: Visit, new: Callable[..., Person]) -> None:
    visit(new("role")).get("/lead/", 404)


@pytest.mark.parametrize("elsewhere", ["https://example.org/", "//example.org", "/\\example.org", "javascript:1", ""])
def test_it_leads_back_to_no_other_site(visit: Visit, new: Callable[..., Person], elsewhere: str) -> None:
    visitor = visit(new("role")).get(f"/mine/first?next={quote(elsewhere, safe='')}")
    assert visitor.send("Save and go on", role="manager").path == "/"


def test_errors_are_said_by_field_and_nothing_is_kept_by_half(
    visit: Visit, new: Callable[..., Person], session: Session, teams: dict[str, Team]
) -> None:
    nia = new("role", "agency")
    visitor = visit(nia).send("Save and go on", 422)
    assert problems(visitor) == ["Choose your role.", "Choose your team, or the last line if it is not in the list."]
    assert visitor.page.findtext(".//title").startswith("Error: ")
    for target in visitor.page.xpath("//*[contains(@class, 'govuk-error-summary')]//a/@href"):
        assert visitor.page.xpath("//*[@id=$id][self::input or self::select]", id=target[1:])
    visitor.send("Save and go on", 422, role="manager\0", team=str(teams["Neighbourhood"].id))
    assert text(visitor.page.xpath("//select[@name='team']//option[@selected]")[0]) == "Neighbourhood"
    visitor.send("Save and go on", 422, role="manager", team="9" * 4000)
    assert now_of(session, nia) == ("Not said yet", "practitioner", ["role", "agency"])


def test_whoever_does_not_find_their_team_goes_on_and_is_asked_again_at_the_next_sign_in(
    visit: Visit, new: Callable[..., Person], session: Session, teams: dict[str, Team]
) -> None:
    nia = new("role", "agency", of=teams["Health visiting"])
    visitor = visit(nia)
    assert visitor.page.xpath("//optgroup/@label") == ["Health"]
    visitor.send("Save and go on", role="manager", team="not-listed")
    assert visitor.path == "/"
    assert "Tell your training lead" in visitor.words
    assert visitor.get("/modules/03-module-three/").path != "/mine/first"
    assert now_of(session, nia) == ("Not said yet", "manager", ["agency"])
    assert fields(visit(nia)) == {"team"}


def test_the_button_pressed_twice_and_an_old_page_change_nothing_more(
    visit: Visit, new: Callable[..., Person], session: Session, teams: dict[str, Team]
) -> None:
    nia = new("role", "agency")
    visitor = visit(nia)
    [form] = visitor.page.xpath("//main//form")
    visitor.post(form, role="manager", team=str(teams["Neighbourhood"].id))
    visitor.post(form, role="senior-manager", team=str(teams["School nursing"].id))
    assert visitor.path == "/"
    assert now_of(session, nia) == ("Neighbourhood", "manager", [])


def test_the_page_takes_six_queries_at_most(
    visit: Visit, new: Callable[..., Person], count_queries: Callable[[], list[str]]
) -> None:
    visitor = visit(new("role", "agency"))
    counted = count_queries()
    visitor.get("/mine/first")
    assert 0 < len(counted) <= 6
    counted = count_queries()
    visitor.get("/")
    assert 0 < len(counted) <= 6


def test_a_lead_sees_in_the_dry_run_what_is_asked_and_new_places_are_only_those_named(
    visit: Visit, add_person: AddPerson
) -> None:
    lead = visit(add_person("Zoe Lead", access="partnership-lead"))
    upload(lead, "Name,E-mail,Agency,Team\nA,a@example.org,,\nB,b@example.org,Helath,", of="some")
    assert "No column is headed Role." in lead.words
    assert [row[3] for row in rows(lead, "added")] == [
        "Asked for their agency, team and role at first sign-in",
        "Helath, asked for their team and role at first sign-in",
    ]
    assert [row[0] for row in rows(lead, "new-places")] == ["Helath"]
    assert dict(rows(lead.send("Bring in 2 people"), "done"))["People added"] == "2"
    assert "Not said yet" in lead.get("/lead/people").words

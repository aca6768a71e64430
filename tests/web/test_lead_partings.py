"""Where people part: decisions by agency, the same in the files, version by version, and never a small group."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from flask import Flask
from sqlalchemy import update
from sqlalchemy.orm import Session

from course.catalogue.events import Chose, Opened
from course.catalogue.library import Library
from course.learning.tables import Attempt, Person, Team
from tests.web.answering import answer, path, some
from tests.web.test_lead_picture import cells
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(days=5)
PARTINGS = "/lead/where-people-part"
STORY = f"{PARTINGS}/03-module-three"
ROUTES = [f"{page}{kind}" for page in (PARTINGS, STORY) for kind in ("", ".csv", ".xlsx")]


@pytest.fixture
def library(app: Flask) -> Library:
    app.config["CLOCK"] = lambda: NOW
    found: Library = app.extensions["library"]
    return found


@pytest.fixture
def lead(visit: Visit, add_person: AddPerson, library: Library) -> Visitor:
    return visit(add_person("Zoe Lead", access="partnership-lead"))


@pytest.fixture
def answers(session: Session, teams: dict[str, Team], library: Library) -> None:
    """Of Health seven go one way and three another; ten of Police all go the other."""
    three = library.modules[0]
    nurses, officers = some(session, teams["Health visiting"], 10), some(session, teams["Neighbourhood"], 10)
    answer(session, nurses[:7], three, at=EARLIER, events=path(three, min))
    answer(session, nurses[7:], three, at=EARLIER, events=path(three, max))
    answer(session, officers, three, at=EARLIER, events=path(three, max))


def first_decision(visitor: Visitor) -> dict[str, list[str]]:
    return cells(visitor, "decision-1")


@pytest.mark.usefixtures("answers")
def test_choices_are_counted_by_agency_and_the_strong_one_is_named(lead: Visitor) -> None:
    lead.get(STORY)
    assert "version 1.0. Gathered up to the end of 22 November 2026." in lead.words
    found = first_decision(lead)
    assert found["People"] == ["20", "10", "10"]
    assert list(found.values())[1:] == [
        ["35% 7 of 20", "70% 7 of 10", "0% 0 of 10"],
        ["0% 0 of 20", "0% 0 of 10", "0% 0 of 10"],
        ["65% 13 of 20", "30% 3 of 10", "100% 10 of 10"],
    ]
    [strong] = [name for name in found if "(stronger practice)" in name]
    module = lead.client.application.extensions["library"].modules[0]
    assert strong.startswith(next(c.text for c in module.story.scenario.moments[0].choices if c.strong))
    assert "Withheld throughout: Other agencies together." in lead.words


@pytest.mark.usefixtures("answers")
def test_fewer_than_ten_at_a_decision_are_withheld(lead: Visitor) -> None:
    """Seven of Health went on to the near side, three to the far side, where ten of Police did too."""
    lead.get(STORY)
    headings = [text(h) for h in lead.page.xpath("//h2")]
    assert headings[1:3] == ["Day 2", "Day 2"]
    near, far = lead.page.xpath("//h2[.='Day 2']/following-sibling::*[1]")
    assert text(near) == "Withheld: ten people have not been counted here."
    [columns] = far.xpath(".//thead/tr")
    assert [text(th) for th in columns] == ["Choice", "All together", "Police"]
    assert "Withheld throughout: Health, Other agencies together." in lead.words


@pytest.mark.usefixtures("answers")
def test_the_list_puts_first_what_splits_people_most(lead: Visitor) -> None:
    lead.get(PARTINGS)
    rows = list(cells(lead, "stories").items())
    assert [name[:2] for name, _ in rows] == ["3.", "13"]
    assert rows[0][1][:2] == ["1.0", "20"]
    assert rows[0][1][2].endswith("Health 7 of 10 (70%), Police 0 of 10 (0%)")
    assert rows[1][1] == ["1.0", "withheld", "Not two groups yet"]


@pytest.mark.usefixtures("answers")
def test_the_file_has_the_figures_of_the_screen(lead: Visitor) -> None:
    lead.get(STORY)
    screen = first_decision(lead)
    [address] = lead.page.xpath("//main//a[text()='CSV']/@href")
    response = lead.client.get(address, base_url="https://localhost")
    rows = list(csv.reader(StringIO(response.get_data().decode("utf-8-sig"))))
    rows = rows[1 : rows.index([])]
    first = [row for row in rows if row[0] == "Day 1"]
    assert len(first) == 3 * 4
    for _, choice, strong, agency, chosen, people, percent in first:
        row = screen[f"{choice} (stronger practice)" if strong == "yes" else choice]
        if agency == "Other agencies together":
            assert (chosen, people, percent) == ("withheld", "", "")
        else:
            shown = row[["All together", "Health", "Police"].index(agency)]
            assert shown == f"{percent}% {chosen} of {people}"


@pytest.mark.usefixtures("answers")
def test_emphasis_is_shown_as_such_and_left_out_of_files(lead: Visitor, library: Library) -> None:
    for choice in library.modules[0].story.scenario.moments[0].choices:
        object.__setattr__(choice, "text", "“*Ada spoke* & left.” Say so.")
    for page in (PARTINGS, STORY):
        lead.get(page)
        assert "“Ada spoke & left.” Say so." in lead.words
        assert "Ada spoke" in [text(em) for em in lead.page.xpath("//main//em")]
        [address] = lead.page.xpath("//main//a[text()='CSV']/@href")
        file = lead.client.get(address, base_url="https://localhost").get_data().decode()
        assert "“Ada spoke & left.” Say so." in file
        assert "*" not in lead.words + file


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("access", ["team-lead", "agency-lead"])
def test_a_lead_of_an_agency_sees_it_beside_all_together_and_no_other(
    visit: Visit, add_person: AddPerson, access: str
) -> None:
    police = visit(add_person("Pat Lead", access=access, team="Child abuse investigation"))
    for route in ROUTES:
        assert b"Health" not in police.get(route).response.get_data(), route
    police.get(STORY)
    assert first_decision(police)["People"] == ["20", "10"]
    assert "All together 7 of 20 (35%), Police 0 of 10 (0%)" in police.get(PARTINGS).words


def test_for_a_learner_there_is_no_such_page_and_others_sign_in_first(learner: Visitor, visit: Visit) -> None:
    for route in ROUTES:
        learner.get(route, 404)
        assert visit().get(route).heading == "Sign in"


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("access", ["partnership-lead", "administrator"])
def test_whoever_leads_the_partnership_sees_every_agency(visit: Visit, add_person: AddPerson, access: str) -> None:
    assert first_decision(visit(add_person("Zoe Lead", access=access)).get(STORY))["People"] == ["20", "10", "10"]


def test_an_earlier_version_is_chosen_and_what_is_gone_is_named_by_its_id(
    session: Session, teams: dict[str, Team], library: Library, lead: Visitor
) -> None:
    three = library.modules[0]
    old, new = some(session, teams["Health visiting"], 10), some(session, teams["Health visiting"], 10)
    gone = [Chose(choice="day-1-near-a"), Chose(choice="gone"), Chose(choice="gone-too"), Opened(part="debrief")]
    answer(session, old, three, at=EARLIER, events=gone)
    session.execute(update(Attempt).values(version="0.9"))
    session.commit()
    answer(session, new, three, at=EARLIER, events=path(three, max))
    lead.get(STORY)
    assert [text(o) for o in lead.page.xpath("//select[@id='version']/option")] == ["1.0 (today’s)", "0.9"]
    assert "gone" not in lead.words
    lead.get(f"{STORY}?version=0.9")
    assert "The texts are today’s." in lead.words
    assert cells(lead, "decision-2")["gone (no longer in the module)"] == ["100% 10 of 10"] * 2
    assert text(lead.page.xpath("//h2")[-1]) == "“after gone” (no longer in the module)"
    assert lead.get(f"{STORY}?version=nothing").page.xpath("//option[@selected]/@value") == ["1.0"]


def test_an_empty_page_says_what_to_do(lead: Visitor) -> None:
    assert "Assign modules to people" in lead.get(PARTINGS).words
    assert "Withheld: ten people have not been counted here." in lead.get(STORY).words
    lead.get(f"{PARTINGS}/module-three", 404)


@pytest.mark.usefixtures("answers")
def test_the_pages_cost_few_queries(lead: Visitor, count_queries: Callable[[], list[str]]) -> None:
    lead.get(PARTINGS)
    for route in (PARTINGS, STORY):
        queries = count_queries()
        lead.get(route)
        assert len(queries) <= 5, queries

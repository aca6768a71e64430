"""The training lead's first page: the same rows on screen and in the CSV, and nobody outside the lead's scope."""

import csv
from collections.abc import Callable
from io import StringIO

import pytest

from course.learning.tables import Person, Team
from tests.web.test_learn import to_ending, to_the_end
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]


def rows(visitor: Visitor) -> list[list[str]]:
    """The rows on every page of the table."""
    found = []
    while True:
        body = visitor.page.xpath("//table[contains(@class, 'people')]/tbody/tr")
        found += [[text(cell) for cell in row] for row in body]
        following = visitor.page.xpath("//a[@rel='next']/@href")
        if not following:
            return found
        visitor.get(following[0])


def csv_rows(visitor: Visitor) -> list[list[str]]:
    [address] = visitor.page.xpath("//a[contains(., 'CSV')]/@href")
    response = visitor.client.get(address, base_url="https://localhost")
    assert response.mimetype == "text/csv"
    assert "attachment" in response.headers["Content-Disposition"]
    return list(csv.reader(StringIO(response.get_data().decode("utf-8-sig"))))[1:]


@pytest.fixture
def people(add_person: AddPerson, visit: Visit) -> None:
    """One who has finished module 3, one in the middle of it, one who has not begun, one in another agency."""
    to_the_end(visit(add_person("Ada Bell")))
    to_ending(visit(add_person("Ben Cole", team="School nursing")), (0, 0))
    add_person("Cem Demir")
    add_person("Dee Evans", team="Neighbourhood")


@pytest.mark.usefixtures("people")
def test_a_lead_sees_people_by_module_with_status_and_date(visit: Visit, add_person: AddPerson) -> None:
    lead = visit(add_person("Zoe Lead", access="partnership-lead")).get("/lead/people?module=03-module-three")
    found = {row[0]: row for row in rows(lead)}
    assert [found[n][6] for n in ("Ada Bell", "Ben Cole", "Cem Demir")] == ["Complete", "In progress", "Not started"]
    assert found["Ada Bell"][2:6] == ["Health", "Health visiting", "Practitioner", "3"]
    assert found["Ada Bell"][7].count("-") == 2
    assert found["Cem Demir"][7] == ""
    summary = [text(cell) for cell in lead.page.xpath("(//table)[1]/tbody/tr[1]/td")]
    assert summary == ["5", "3", "1", "1"]


@pytest.mark.usefixtures("people")
def test_the_csv_has_the_rows_of_the_screen_and_no_others(
    visit: Visit, add_person: AddPerson, teams: dict[str, Team]
) -> None:
    lead = visit(add_person("Zoe Lead", access="partnership-lead"))
    health = teams["Health visiting"].agency_id
    for query in ("", f"?agency={health}", f"?team={teams['Neighbourhood'].id}", "?module=13-module-thirteen&agency=1"):
        lead.get(f"/lead/people{query}")
        in_csv = csv_rows(lead)
        assert rows(lead) == in_csv
        assert in_csv


def test_the_csv_holds_every_row_where_the_screen_has_pages(visit: Visit, add_person: AddPerson) -> None:
    for n in range(60):
        add_person(f"Person {n:02}")
    lead = visit(add_person("Zoe Lead", access="administrator")).get("/lead/people")
    in_csv = csv_rows(lead)
    assert len(in_csv) == 61 * 2
    assert rows(lead) == in_csv


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\tTab"])
def test_no_cell_runs_as_a_formula(visit: Visit, add_person: AddPerson, name: str) -> None:
    add_person(name, email="odd@example.org")
    lead = visit(add_person("Zoe Lead", access="partnership-lead")).get("/lead/people")
    names = {row[0] for row in csv_rows(lead)}
    assert f"'{name}" in names
    assert not any(cell[:1] in "=+-@\t" for cell in names)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("access", "seen"),
    [
        ("team-lead", {"Ada Bell", "Cem Demir", "Zoe Lead"}),
        ("agency-lead", {"Ada Bell", "Ben Cole", "Cem Demir", "Zoe Lead"}),
        ("partnership-lead", {"Ada Bell", "Ben Cole", "Cem Demir", "Dee Evans", "Zoe Lead"}),
    ],
)
def test_a_lead_sees_nobody_outside_their_scope_whatever_they_ask_for(
    visit: Visit, add_person: AddPerson, teams: dict[str, Team], access: str, seen: set[str]
) -> None:
    lead = visit(add_person("Zoe Lead", access=access))
    queries = ["", *(f"?team={t.id}" for t in teams.values()), *(f"?agency={t.agency_id}" for t in teams.values())]
    everybody: set[str] = set()
    for query in queries:
        lead.get(f"/lead/people{query}")
        found = {row[0] for row in rows(lead)}
        assert found == {row[0] for row in csv_rows(lead)}
        everybody |= found
    assert everybody == seen
    agencies = {text(option) for option in lead.get("/lead/people").page.xpath("//select[@id='agency']/option")}
    assert ("Police" in agencies) == ("Dee Evans" in seen)


def test_for_a_learner_the_page_does_not_exist(learner: Visitor) -> None:
    missing = learner.get("/lead/nothing", 404).words
    for path in ("/lead/people", "/lead/people.csv"):
        assert learner.get(path, 404).words == missing
    assert not learner.get("/").page.xpath("//a[contains(@href, 'lead')]")


ODD = ("agency=x", "team=99999", "page=-3", "page=99", "module=nothing")
TOO_LARGE = (f"agency={10**30}", f"team=-{10**30}", f"page={2**31 - 1}")


def test_odd_filters_are_not_an_error(visit: Visit, add_person: AddPerson) -> None:
    lead = visit(add_person("Zoe Lead", access="partnership-lead"))
    for query in (*ODD, *TOO_LARGE):
        lead.get(f"/lead/people?{query}")


def test_the_page_costs_few_queries(
    visit: Visit, add_person: AddPerson, count_queries: Callable[[], list[str]]
) -> None:
    for n in range(30):
        add_person(f"Person {n:02}")
    lead = visit(add_person("Zoe Lead", access="partnership-lead"))
    queries = count_queries()
    lead.get("/lead/people")
    assert len(queries) <= 4, queries

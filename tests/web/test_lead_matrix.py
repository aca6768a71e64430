"""The matrix: the same rows on screen and in the files, as at any day, and nobody outside the lead's scope."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import update
from sqlalchemy.orm import Session

from course.learning.tables import Assignment, Audit, Person, Team
from tests.web.test_learn import to_ending, to_the_end
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
MODULE = "03-module-three"


def rows(visitor: Visitor) -> list[list[str]]:
    """The rows on every page of the table: a name and what follows it, a status as its words."""
    found = []
    while True:
        for row in visitor.page.xpath("//table[contains(@class, 'matrix')]/tbody/tr"):
            words = [text(cell) for cell in row.xpath(".//span[@class='matrix__word']")] or [text(c) for c in row[2:]]
            found.append([text(row[0][0]), *words])
        following = visitor.page.xpath("//a[@rel='next']/@href")
        if not following:
            return found
        visitor.get(following[0])


def file_rows(visitor: Visitor, kind: str, nth: int = 0) -> list[list[str]]:
    """The rows of a file that the page offers, without the notes that follow them."""
    address = visitor.page.xpath(f"//a[contains(., '{kind}')]/@href")[nth]
    response = visitor.client.get(address, base_url="https://localhost")
    assert "attachment" in response.headers["Content-Disposition"]
    if kind == "XLSX":
        sheet = CalamineWorkbook.from_filelike(BytesIO(response.get_data())).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()][1:]
    lines = list(csv.reader(StringIO(response.get_data().decode("utf-8-sig"))))[1:]
    return lines[: lines.index([])]


def names(visitor: Visitor) -> set[str]:
    return {row[0] for row in rows(visitor)}


@pytest.fixture
def ask(session: Session, teams: dict[str, Team], add_person: AddPerson) -> Callable[..., None]:
    def ask(**how: object) -> None:
        now = datetime.now(UTC) - timedelta(days=3)
        by = session.query(Person).filter_by(email="asking@example.org").one_or_none()
        by = by or add_person("Asking Lead", access="administrator", team="Neighbourhood", email="asking@example.org")
        made = {"module_ids": ["module-three"], "counts_from": now, "made_at": now, "made_by_id": by.id}
        session.add(Assignment(**(made | how)))
        session.commit()

    return ask


@pytest.fixture
def people(add_person: AddPerson, visit: Visit) -> None:
    """One who has finished module 3, one in the middle of it, one who has not begun, one in another agency."""
    to_the_end(visit(add_person("Ada Bell")))
    to_ending(visit(add_person("Ben Cole", team="School nursing")), (0, 0))
    add_person("Cem Demir")
    add_person("Dee Evans", team="Neighbourhood")


@pytest.fixture
def lead(visit: Visit, add_person: AddPerson) -> Visitor:
    return visit(add_person("Zoe Lead", access="partnership-lead"))


@pytest.mark.usefixtures("people")
def test_a_lead_sees_people_by_module_with_their_status(lead: Visitor, ask: Callable[..., None]) -> None:
    ask(due_on=date.today() + timedelta(days=10))  # noqa: DTZ011
    found = {row[0]: row[1:] for row in rows(lead.get("/lead/people"))}
    assert found["Ada Bell"] == ["Complete", "Not assigned"]
    assert found["Ben Cole"] == found["Cem Demir"] == ["Due soon", "Not assigned"]
    assert "Up to date: 1 of 6 (17%)" in lead.get("/lead/people").words
    one = {row[0]: row[1:] for row in rows(lead.get(f"/lead/people?module={MODULE}"))}
    assert one["Ada Bell"][0] == "Complete"
    assert one["Ada Bell"][3].count("-") == 2


@pytest.mark.usefixtures("people")
def test_the_overview_goes_from_agencies_to_teams_to_people(lead: Visitor, ask: Callable[..., None]) -> None:
    ask()
    numbers = {row[0]: row[1:] for row in overview(lead.get("/lead/"))}
    assert numbers["Health"] == ["4", "1 of 4 (25%)", "0", "0"]
    assert file_rows(lead, "CSV") == overview(lead)
    lead.get(lead.page.xpath("//tbody//a[. = 'Health']/@href")[0])
    assert lead.heading == "Overview: Health"
    assert {row[0]: row[1] for row in overview(lead)} == {"Health visiting": "3", "School nursing": "1"}
    lead.get(lead.page.xpath("//tbody//a[. = 'School nursing']/@href")[0])
    assert names(lead) == {"Ben Cole"}


def overview(visitor: Visitor) -> list[list[str]]:
    return [[text(cell) for cell in row] for row in visitor.page.xpath("//table[caption/@id='groups']/tbody/tr")]


@pytest.mark.usefixtures("people")
def test_who_is_due_between_two_days(
    lead: Visitor, ask: Callable[..., None], teams: dict[str, Team], session: Session
) -> None:
    session.execute(update(Person).values(joined_at=datetime.now(UTC) - timedelta(days=30)))
    today = date.today()  # noqa: DTZ011
    ask(due_on=today + timedelta(days=10), agency_id=teams["Health visiting"].agency_id)
    ask(due_on=today + timedelta(days=50), agency_id=teams["Neighbourhood"].agency_id)
    first, later = today + timedelta(days=10), today + timedelta(days=11)
    assert names(lead.get(f"/lead/people?due_to={first}")) == {"Ben Cole", "Cem Demir", "Zoe Lead"}
    assert names(lead.get(f"/lead/people?due_from={later}")) == {"Asking Lead", "Dee Evans"}
    assert names(lead.get(f"/lead/people?due_from={first}&due_to={first}&status=overdue")) == set()
    soon = lead.get(f"/lead/people?due_from={first}&due_to={first}&status=due-soon")
    assert "3 people with 3 modules due soon" in soon.words
    assert "make an assignment" not in lead.get("/lead/people?status=voided").words


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("kind", ["CSV", "XLSX"])
def test_the_files_have_the_rows_of_the_screen_in_their_order(lead: Visitor, teams: dict[str, Team], kind: str) -> None:
    health = teams["Health visiting"].agency_id
    for query in ("", f"?agency={health}", "?sort=least&role=practitioner", f"?module={MODULE}", "?name=a"):
        lead.get(f"/lead/people{query}")
        in_file = [[row[0], *row[5:]] for row in file_rows(lead, kind)]
        assert rows(lead) == in_file
        assert in_file


def test_the_file_holds_every_row_where_the_screen_has_pages(visit: Visit, add_person: AddPerson) -> None:
    for n in range(60):
        add_person(f"Person {n:02}")
    lead = visit(add_person("Zoe Lead", access="administrator")).get("/lead/people")
    in_file = [row[0] for row in file_rows(lead, "CSV")]
    each = file_rows(lead, "CSV", nth=1)
    assert (len(in_file), len(each)) == (61, 122)
    assert [row[0] for row in rows(lead)] == in_file
    assert [text(p) for p in lead.page.xpath("//nav[@aria-label='Pages']/p")] == ["Page 2 of 2"]


@pytest.mark.usefixtures("people")
def test_teams_add_up_to_their_people(lead: Visitor, ask: Callable[..., None], teams: dict[str, Team]) -> None:
    ask()
    found = {row[0]: row[1:] for row in rows(lead.get("/lead/teams"))}
    assert found["Health visiting"] == ["1 of 3 (33%)", "1 of 3 (33%)", "0 of 0"]
    assert found["Neighbourhood"][0] == "0 of 2 (0%)"
    [address] = lead.page.xpath("//a[. = 'Health visiting']/@href")
    assert names(lead.get(address)) == {"Ada Bell", "Cem Demir", "Zoe Lead"}
    lead.get("/lead/teams")
    assert [[row[1], *row[3:]] for row in file_rows(lead, "CSV")] == rows(lead)


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
    visit: Visit, add_person: AddPerson, session: Session, teams: dict[str, Team], access: str, seen: set[str]
) -> None:
    lead = visit(add_person("Zoe Lead", access=access))
    queries = ["", *(f"?team={t.id}" for t in teams.values()), *(f"?agency={t.agency_id}" for t in teams.values())]
    everybody: set[str] = set()
    for query in queries:
        found = names(lead.get(f"/lead/people{query}"))
        if found:
            lead.get(f"/lead/people{query}")
            assert found == {row[0] for nth in (0, 1) for row in file_rows(lead, "CSV", nth)}
        everybody |= found
    assert everybody == seen
    agencies = {text(option) for option in lead.get("/lead/people").page.xpath("//select[@id='agency']/option")}
    assert ("Police" in agencies) == ("Dee Evans" in seen)
    for person in session.query(Person):
        lead.get(f"/lead/people/{person.id}", 200 if person.name in seen else 404)
    assert ("Neighbourhood" in lead.get("/lead/teams").words) == ("Dee Evans" in seen)
    assert f"{len(seen)} people" in lead.get("/lead/").words


@pytest.mark.parametrize("path", ["", "people", "people.csv", "teams", "teams.xlsx", "everything.csv", "people/x"])
def test_for_a_learner_the_desk_does_not_exist(learner: Visitor, path: str) -> None:
    missing = learner.get("/lead/nothing", 404).words
    assert learner.get(f"/lead/{path}", 404).words == missing
    assert not learner.get("/").page.xpath("//a[contains(@href, 'lead')]")


@pytest.mark.parametrize("path", ["", "people", "people.csv", "teams", "everything.csv"])
def test_whoever_has_not_signed_in_is_asked_to(visit: Visit, path: str) -> None:
    assert visit().get(f"/lead/{path}").heading == "Sign in"


@pytest.mark.usefixtures("people")
def test_a_record_says_what_was_done_and_keeps_that_it_was_seen(
    lead: Visitor, session: Session, visit: Visit, add_person: AddPerson
) -> None:
    [address] = lead.get("/lead/people?name=ada").page.xpath("//a[. = 'Ada Bell']/@href")
    lead.get(address)
    assert lead.heading == "Ada Bell"
    assert "Complete" in lead.words
    [line] = session.query(Audit).filter_by(act="looked").all()
    assert (line.by.name, line.about.name) == ("Zoe Lead", "Ada Bell")
    back = lead.page.xpath("//a[. = 'Back to people']/@href")
    shown = [[text(cell) for cell in row] for row in lead.page.xpath("//table[caption/@id='modules']/tbody/tr")]
    assert file_rows(lead, "CSV") == shown
    assert [line.about.name for line in session.query(Audit).filter_by(act="downloaded")] == ["Ada Bell"]
    assert names(lead.get(back[0])) == {"Ada Bell"}


@pytest.mark.usefixtures("people")
def test_a_past_day_shows_what_was_then(lead: Visitor, session: Session) -> None:
    for person in session.query(Person):
        person.joined_at = datetime.now(UTC) - timedelta(days=30)
    session.commit()
    yesterday = (datetime.now(UTC) - timedelta(days=2)).date()
    found = {row[0]: row[1:] for row in rows(lead.get(f"/lead/people?as_at={yesterday}"))}
    assert found["Ada Bell"] == ["Not assigned", "Not assigned"]
    assert names(lead.get("/lead/people?as_at=2001-01-01")) == set()
    assert "“2027-13-45” is no day" in lead.get("/lead/people?as_at=2027-13-45").words
    assert "31 December 2099 is still to come" in lead.get("/lead/people?as_at=31/12/2099").words
    assert "as at the end of" not in lead.words


ODD = ("agency=x", "team=99999", "page=-3", "page=99", "module=nothing", "status=asleep", "role=boss", "sort=up")
TOO_LARGE = ("as_at=1/1/99999999999", f"agency={10**30}", f"team=-{10**30}", f"page={2**31 - 1}", f"name={'x' * 500}")


@pytest.mark.parametrize("query", [*ODD, *TOO_LARGE])
def test_odd_filters_are_not_an_error(lead: Visitor, query: str) -> None:
    for view in ("people", "teams"):
        lead.get(f"/lead/{view}?{query}")
    lead.get("/lead/people.pdf", 404)


def test_a_search_cannot_ask_who_stands_next_to_somebody(visit: Visit, add_person: AddPerson) -> None:
    add_person("Zz Hidden", team="Neighbourhood")
    lead = visit(add_person("Zoe Lead", access="team-lead"))
    for path in ("/lead/people?name=%00zz", "/lead/people.csv?name=%00", "/lead/people/a%00"):
        lead.get(path, 400)


def test_a_record_says_which_assignments_ask_and_the_day_of_each(
    lead: Visitor,
    add_person: AddPerson,
    ask: Callable[..., None],
    teams: dict[str, Team],
    count_queries: Callable[[], list[str]],
) -> None:
    ada = add_person("Ada Bell")
    lead.get(f"/lead/people/{ada.id}")
    assert "No assignment asks them for anything." in lead.words
    made = datetime(2026, 9, 1, 9, tzinfo=UTC)
    ada.joined_at = made - timedelta(days=300)
    ask(within_days=10, counts_from=made, refresh_months=12)
    ask(role="manager", due_on=date(2026, 12, 1))
    ask(team_id=teams["Health visiting"].id, due_on=date(2026, 12, 1), counts_from=made)
    ask(team_id=teams["School nursing"].id)
    lead.get(f"/lead/people/{ada.id}")
    found = lead.page.xpath("//table[caption/@id='asking']/tbody/tr")
    assert [[text(cell) for cell in row] for row in found] == [
        ["Module 3", "Everybody", "Within 10 days of joining", "Again every 12 months", "2026-09-11"],
        ["Module 3", "Everybody in Health, Health visiting", "By 1 December 2026", "Once", "2026-12-01"],
    ]
    assert "the earlier day" in lead.words
    queries = count_queries()
    lead.get(f"/lead/people/{ada.id}")
    assert len(queries) <= 8, queries


@pytest.mark.parametrize("path", ["", "people", "people?sort=late&status=overdue", "teams", "people?as_at=2026-01-01"])
def test_a_page_costs_few_queries_whoever_is_here(
    lead: Visitor, add_person: AddPerson, count_queries: Callable[[], list[str]], path: str
) -> None:
    for n in range(30):
        add_person(f"Person {n:02}")
    lead.get(f"/lead/{path}")  # reads the board, once
    queries = count_queries()
    lead.get(f"/lead/{path}")
    # who is signed in, and whether anything has changed; on the first page, how many requests about data wait
    assert len(queries) == (2 if path else 3), queries


def test_what_changes_shows_at_the_next_look(
    lead: Visitor, add_person: AddPerson, visit: Visit, session: Session, app: Flask
) -> None:
    assert names(lead.get("/lead/people")) == {"Zoe Lead"}
    ada = add_person("Ada Bell")
    assert names(lead.get("/lead/people")) == {"Ada Bell", "Zoe Lead"}
    to_the_end(visit(ada))
    assert ["Ada Bell", "Complete", "Not assigned"] in rows(lead.get("/lead/people"))
    ada.left_at = datetime.now(UTC)
    session.commit()
    assert names(lead.get("/lead/people")) == {"Zoe Lead"}
    lead.get("/lead/people").get(lead.page.xpath("//a[. = 'closed accounts']/@href")[0])
    assert lead.page.xpath("//tbody//a[. = 'Ada Bell']")

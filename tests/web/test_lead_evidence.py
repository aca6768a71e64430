"""The evidence pack: page and PDF say the same, as at any day, about nobody outside the lead's scope."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.learning.desk.figures.local_figures import IssuePicture, LocalPicture, Ratings
from course.learning.tables import (
    Assignment,
    Attempt,
    Audit,
    Completion,
    FormerPlace,
    Note,
    Person,
    Team,
)
from course.web.lead.evidence_local import local_sections
from tests.web.answering import answer, rated, some
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
NOW = datetime(2027, 3, 10, 12, 0, 0, 5, tzinfo=UTC)
PACK = "/lead/evidence/pack"
SECRET = "Nobody told Tom"


@pytest.fixture(autouse=True)
def clock(app: Flask) -> None:
    app.config["CLOCK"] = lambda: NOW


@pytest.fixture
def add(add_person: AddPerson, session: Session) -> AddPerson:
    """Adds somebody who has been here for two years."""

    def add(name: str, **more: str) -> Person:
        person = add_person(name, **more)
        person.joined_at = NOW - timedelta(days=730)
        session.commit()
        return person

    return add


@pytest.fixture
def complete(session: Session) -> Callable[..., None]:
    def complete(person: Person, day: str) -> None:
        at = datetime.fromisoformat(f"{day}T09:00:00+00:00")
        about = {"person_id": person.id, "module_id": "module-three", "version": "1.0"}
        attempt = Attempt(**about, number=0, started_at=at)
        session.add(attempt)
        session.flush()
        session.add(Completion(**about, attempt_id=attempt.id, completed_at=at))
        session.commit()

    return complete


@pytest.fixture
def people(add: AddPerson, complete: Callable[..., None], session: Session, teams: dict[str, Team]) -> None:
    """Everybody is asked for module 3 by 1 February, again each year: one is up to date, one expired, two are late."""
    ada, ben = add("Ada Bell"), add("Ben Cole", team="School nursing")
    add("Cem Demir")
    dee = add("Dee Evans", team="Neighbourhood")
    complete(ada, "2026-12-05")
    complete(ben, "2026-01-05")
    asks = {"module_ids": ["module-three"], "due_on": date(2027, 2, 1), "refresh_months": 12, "made_by_id": ada.id}
    began = NOW - timedelta(days=700)
    session.add(Assignment(**asks, counts_from=began, made_at=began))
    police = {"agency_id": teams["Neighbourhood"].agency_id, "by_id": dee.id, "at": NOW - timedelta(days=9)}
    session.add(Note(module_id="module-three", text=SECRET, owner="", **police))
    health = {"agency_id": teams["Health visiting"].agency_id, "by_id": ada.id, "at": NOW - timedelta(days=5)}
    health |= {"owner": "Ada Bell", "due_on": date(2027, 3, 8)}
    session.add(Note(module_id="module-thirteen", text="Ask the wards\nand the school.", **health))
    session.commit()


@pytest.fixture
def lead(visit: Visit, add: AddPerson) -> Visitor:
    return visit(add("Zoe Lead", access="partnership-lead", team="Child abuse investigation"))


def table(visitor: Visitor, caption: str) -> list[list[str]]:
    found = visitor.page.xpath("//table[caption = $caption]/tbody/tr", caption=caption)
    return [[text(cell) for cell in row.xpath("th | td")] for row in found]


def pdf_text(visitor: Visitor, query: str = "") -> str:
    response = visitor.client.get(f"{PACK}.pdf{query}", base_url="https://localhost")
    assert response.status_code == 200
    assert response.mimetype == "application/pdf"
    reader = PdfReader(BytesIO(response.get_data()), strict=True)
    pages = " ".join(page.extract_text() for page in reader.pages)
    return " ".join(pages.replace("\u200b", "").split())


@pytest.mark.usefixtures("people")
def test_the_pack_counts_by_agency_team_role_and_module(lead: Visitor) -> None:
    lead.get(PACK)
    assert table(lead, "By agency") == [
        ["Health", "3", "1 of 3 (33%)", "1", "1", "0", "0"],
        ["Police", "2", "0 of 2 (0%)", "2", "0", "0", "0"],
        ["All together", "5", "1 of 5 (20%)", "3", "1", "0", "0"],
    ]
    teams = {row[0]: row[1:3] for row in table(lead, "By team")}
    assert teams["Health: Health visiting"] == ["2", "1 of 2 (50%)"]
    assert teams["All together"] == ["5", "1 of 5 (20%)"]
    assert table(lead, "By role") == [["Practitioner", "5", "1 of 5 (20%)", "3", "1", "0", "0"]]
    modules = table(lead, "By module")
    assert [row[1] for row in modules] == ["1 of 5 (20%)", "0 of 0"]
    assert all(sum(map(int, row[2:])) == 5 for row in modules)


@pytest.mark.usefixtures("people")
def test_refreshers_are_counted_in_the_month_in_which_they_are_due(lead: Visitor) -> None:
    found = table(lead.get(PACK), "Refreshers due, by month and module")
    assert [row[0] for row in found][:2] == ["March 2027", "April 2027"]
    assert len(found) == 13
    assert "Refreshers due this month and in the next twelve" in lead.words
    assert {row[0]: row[1:] for row in found if row[-1] != "0"} == {"December 2027": ["1", "0", "1"]}


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("query", ["", "?as_at=2027-01-20", "?as_at=1/2/2027"])
def test_page_and_pdf_have_the_same_fingerprint_and_figures(lead: Visitor, query: str) -> None:
    lead.get(f"{PACK}{query}")
    fingerprint = text(lead.page.xpath("//p[@class='pack__hash']")[0])
    assert len(fingerprint) == 64
    words = pdf_text(lead, query)
    assert fingerprint in words
    for row in table(lead, "By agency"):
        assert row[2] in words


@pytest.mark.usefixtures("people")
def test_a_past_day_is_shown_as_it_was_with_people_where_they_were(
    lead: Visitor, session: Session, teams: dict[str, Team]
) -> None:
    cem = session.query(Person).filter_by(name="Cem Demir").one()
    session.add(FormerPlace(person_id=cem.id, team_id=cem.team_id, role=cem.role, until=NOW - timedelta(days=3)))
    cem.team = session.merge(teams["Neighbourhood"])
    session.commit()
    before = {row[0]: row[1:] for row in table(lead.get(f"{PACK}?as_at=2027-01-04"), "By team")}
    assert before["Health: Health visiting"] == ["2", "1 of 2 (50%)", "0", "0", "0", "1"]
    assert before["Health: School nursing"] == ["1", "1 of 1 (100%)", "0", "0", "0", "1"]
    assert "Nothing had been written by this day" in lead.words
    assert "kept as it is today" in lead.words
    now = {row[0]: row[1] for row in table(lead.get(PACK), "By team")}
    assert (now["Health: Health visiting"], now["Police: Neighbourhood"]) == ("1", "2")
    nobody = lead.get(f"{PACK}?as_at=2020-01-01").words
    assert "That was 0 people on this day. Nobody was here by then." in nobody
    assert "By agency: nothing to show." in nobody


@pytest.mark.usefixtures("people")
def test_notes_and_versions_and_hashes_are_in_the_pack(lead: Visitor) -> None:
    lead.get(PACK)
    notes = table(lead, "Notes and actions beside issues")
    assert [row[1:5] for row in notes] == [
        [SECRET, "", "", ""],
        ["Ask the wards and the school.", "Ada Bell", "2027-03-08", "Late"],
    ]
    ledger = table(lead, "The currency ledger")
    assert ledger[0][1:] == ["1.0", "2026-11-23", "First edition", "First edition.", "Current", "1"]
    early = table(lead.get(f"{PACK}?as_at=2026-02-01"), "The currency ledger")
    assert [row[5:] for row in early] == [["Later than this day", "1"]]
    lead.get(PACK)
    hashes = [row[2] for row in table(lead, "Content")]
    assert len(set(hashes)) == 3
    assert all(len(one) == 64 for one in hashes)
    assert "no figure that may be shown" in lead.words


def test_a_pack_of_today_gathers_the_local_picture_first(
    lead: Visitor, session: Session, teams: dict[str, Team], app: Flask
) -> None:
    library: Library = app.extensions["library"]
    three, at = library.modules[0], NOW - timedelta(days=5)
    answer(session, some(session, teams["School nursing"], 10), three, at=at, events=[rated(three, "partly")])
    lead.get(PACK)
    assert "Gathered up to the end of 9 March 2027." in lead.words
    assert table(lead, "Not in place or partly, by role")[0][1] == "40 of 40 (100%)"
    fingerprint = text(lead.page.xpath("//p[@class='pack__hash']")[0])
    lead.get("/lead/local-picture").get(PACK)
    assert text(lead.page.xpath("//p[@class='pack__hash']")[0]) == fingerprint


def test_where_not_all_could_be_gathered_the_pack_says_so(
    lead: Visitor, session: Session, teams: dict[str, Team], app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.web.lead.in_tens.SECONDS", 0)
    assert "1 issue has not been gathered yet today: make the pack again." in lead.get(PACK).words
    assert "not been gathered yet today" not in lead.get(PACK).words


def test_the_local_picture_has_only_what_may_be_shown(app: Flask) -> None:
    [three, thirteen] = app.extensions["library"].modules
    rated = Ratings(10, {"practitioner-1": {"not-in-place": 4, "partly": 2, "fully": 3, "dont-know": 1}})
    three_seen = IssuePicture({(7, "practitioner"): rated}, {"practitioner": rated})
    issues = {three.id: three_seen, thirteen.id: IssuePicture({}, {})}
    seen = LocalPicture(2027, (2027,), date(2027, 3, 9), {7: "Health", 8: "Police"}, issues)
    by_role, by_agency = local_sections([three, thirteen], seen)
    assert by_role.table
    assert [row[1:] for row in by_role.table.rows] == [("6 of 10 (60%)", *["withheld"] * 2), ("withheld",) * 3]
    assert by_agency.table
    three_title = f"3. {three.title}"
    assert [row[0] for row in by_agency.table.rows] == ["Health"]
    assert [row[1:] for row in by_agency.table.rows] == [(three_title, "6 of 10 (60%)", "withheld", "withheld")]
    assert "no figure taken from another tells what fewer than ten people answered" in " ".join(by_role.paragraphs)


def test_the_hashes_are_of_the_content_and_of_nothing_else(lead: Visitor, app: Flask) -> None:
    first = table(lead.get(PACK), "Content")
    assert first == table(lead.get(f"{PACK}?as_at=2027-01-04"), "Content")
    assert app.extensions["content_hashes"]["module-three"] == first[0][2]


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(
    ("access", "team", "said", "seen"),
    [
        ("team-lead", "School nursing", "Team: School nursing, Health", ["Health: School nursing"]),
        ("agency-lead", "School nursing", "Agency: Health", ["Health: Health visiting", "Health: School nursing"]),
    ],
)
def test_a_pack_is_about_nobody_outside_the_scope(
    visit: Visit, add: AddPerson, teams: dict[str, Team], access: str, team: str, said: str, seen: list[str]
) -> None:
    lead = visit(add("Tom Lead", access=access, team=team))
    reach = {f"agency-{t.agency_id}" for t in teams.values()} | {f"team-{t.id}" for t in teams.values()}
    offered = {str(value) for value in lead.get("/lead/evidence").page.xpath("//select[@id='whom']/option/@value")}
    health, mine = teams["Health visiting"].agency_id, teams[team].id
    inside = {f"team-{mine}"} if access == "team-lead" else {f"agency-{health}", f"team-{mine}"}
    inside |= set() if access == "team-lead" else {f"team-{teams['Health visiting'].id}"}
    assert offered == (inside if len(inside) > 1 else set())
    for whom in reach:
        for kind in ("", ".pdf"):
            lead.get(f"{PACK}{kind}?whom={whom}", 200 if whom in inside else 404)
    lead.get(PACK)
    assert said in lead.words
    rows = [row[0] for row in table(lead, "By team")]
    assert [row for row in rows if row != "All together"] == seen
    assert "Police" not in lead.words
    assert SECRET not in lead.words
    assert SECRET not in pdf_text(lead)


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize("access", ["partnership-lead", "administrator"])
def test_who_answers_for_the_partnership_can_choose_anybody(
    visit: Visit, add: AddPerson, teams: dict[str, Team], access: str
) -> None:
    lead = visit(add("Pam Lead", access=access)).get("/lead/evidence")
    assert len(lead.page.xpath("//select[@id='whom']/option")) == 1 + 2 + 4
    team = teams["Neighbourhood"]
    assert "Team: Neighbourhood, Police" in lead.get(f"{PACK}?whom=team-{team.id}").words
    lead.get(f"{PACK}?whom=agency-{team.agency_id}")
    assert [row[0] for row in table(lead, "By agency")] == ["Police"]
    assert SECRET in lead.words


@pytest.mark.parametrize(
    ("day", "why"),
    [("2027-13-45", "“2027-13-45” is no day"), ("next week", "“next week” is no day"), ("2027-03-11", "still to come")],
)
def test_a_wrong_day_is_said_on_the_form_and_nothing_is_made(
    lead: Visitor, session: Session, day: str, why: str
) -> None:
    for path in (PACK, f"{PACK}.pdf"):
        lead.get(f"{path}?as_at={day}", 422)
        assert why in lead.words
        assert lead.page.xpath("//input[@id='as_at']/@value") == [day]
        assert lead.page.xpath("//div[contains(@class, 'error-summary')]//a/@href") == ["#as_at"]
    assert not session.query(Audit).count()


@pytest.mark.parametrize("whom", ["nobody", "team-0", "agency-99999", "team-", f"team-{10**30}"])
def test_whom_nobody_knows_is_not_found(lead: Visitor, whom: str) -> None:
    lead.get(f"{PACK}?whom={whom}", 404)


def test_each_pack_is_in_the_audit(lead: Visitor, session: Session) -> None:
    lead.get(f"{PACK}?as_at=2027-01-04")
    pdf_text(lead)
    assert [(line.act, line.what) for line in session.query(Audit).order_by(Audit.id)] == [
        ("downloaded", "Evidence pack as at 2027-01-04, Everybody in the partnership, as a page"),
        ("downloaded", "Evidence pack as at 2027-03-10, Everybody in the partnership, as a PDF"),
    ]


@pytest.mark.parametrize("path", ["/lead/evidence", PACK, f"{PACK}.pdf"])
def test_for_a_learner_it_does_not_exist_and_a_stranger_signs_in(learner: Visitor, visit: Visit, path: str) -> None:
    learner.get(path, 404)
    assert visit().get(path).heading == "Sign in"


def test_pdfs_are_limited_for_each_person_and_pages_are_not(
    lead: Visitor, visit: Visit, add: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("course.web.lead.evidence.pdf", lambda made: b"%PDF")  # it takes long
    for _ in range(20):
        lead.get(f"{PACK}.pdf")
    assert "Wait an hour and try again, or print the page of the pack." in lead.get(f"{PACK}.pdf", 429).words
    lead.get(PACK)
    visit(add("Pam Lead", access="partnership-lead")).get(f"{PACK}.pdf")


def test_a_partnership_without_a_name_is_told_where_to_set_it(lead: Visitor, app: Flask) -> None:
    said = "The name of your partnership is not set: the pack will say “Local safeguarding partnership”."
    assert said in lead.get("/lead/evidence").words
    app.extensions["library"] = replace(app.extensions["library"], partnership="Wexbridge")
    assert said not in lead.get("/lead/evidence").words
    assert "Wexbridge" in lead.get(PACK).words


def test_a_pack_costs_as_many_queries_whoever_is_here(
    lead: Visitor, add: AddPerson, teams: dict[str, Team], count_queries: Callable[[], list[str]]
) -> None:
    lead.get(PACK)
    queries = count_queries()
    lead.get(PACK)
    few = len(queries)
    for n, team in zip(range(20), [*teams] * 5, strict=True):
        add(f"Person {n:02}", team=team)
    lead.get(PACK)
    queries = count_queries()
    lead.get(PACK)
    assert len(queries) == few <= 10, queries


def test_where_there_are_too_many_teams_agencies_stand_alone(
    lead: Visitor, add: AddPerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    add("Ada Bell")
    monkeypatch.setattr("course.web.lead.evidence_tables.MOST_TEAMS", 1)
    lead.get(PACK)
    assert not table(lead, "By team")
    assert "There are 2 teams, too many for a table" in lead.words

"""The local picture and its notes: what is shown, to whom, the same in the files, and never a small group."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO
from typing import Any

import pytest
from flask import Flask
from python_calamine import CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.learning.desk.figures.local_figures import IssuePicture, Ratings
from course.learning.mine.reflections import keep_reflection
from course.learning.tables import Audit, Note, Person, Team
from course.web.lead.picture_rows import by_gap, points
from tests.web.answering import answer, rated, some
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(days=5)
PICTURE = "/lead/local-picture"
ISSUE = f"{PICTURE}/03-module-three"
THIRTEEN = f"{PICTURE}/13-module-thirteen"
ROUTES = [f"{page}{kind}" for page in (PICTURE, ISSUE) for kind in ("", ".csv", ".xlsx")]
PLANTED = "She told me about the belt"


@pytest.fixture
def library(app: Flask) -> Library:
    app.config["CLOCK"] = lambda: NOW
    found: Library = app.extensions["library"]
    return found


@pytest.fixture
def answers(session: Session, teams: dict[str, Team], library: Library) -> None:
    """In module 3 practitioners of Health lack more than managers; nine of Police answered too. In 13 roles agree."""
    three, thirteen = library.modules
    nurses, officers = some(session, teams["Health visiting"], 12), some(session, teams["Neighbourhood"], 9)
    events = [rated(three, "partly"), rated(three, "fully", "manager")]
    answer(session, nurses, three, at=EARLIER, events=[*events])
    answer(session, officers, three, at=EARLIER, events=[rated(three, "not-in-place")])
    events = [rated(thirteen, "fully"), rated(thirteen, "fully", "manager")]
    answer(session, nurses, thirteen, at=EARLIER, events=[*events])
    words = {"answers": [PLANTED], "commitment": PLANTED, "due_on": None, "who_notices": ""}
    keep_reflection(session, nurses[0].id, three.id, **words, now=EARLIER)


@pytest.fixture
def lead(visit: Visit, add_person: AddPerson, library: Library) -> Visitor:
    return visit(add_person("Zoe Lead", access="partnership-lead", team="Child abuse investigation"))


def cells(visitor: Visitor, table: str) -> dict[str, list[str]]:
    """The rows of a table by their header."""
    rows = visitor.page.xpath("//table[caption/@id=$id]/tbody/tr", id=table)
    return {text(row[0]): [text(cell) for cell in row[1:]] for row in rows}


def downloaded(visitor: Visitor, kind: str) -> list[list[Any]]:
    """The rows of the file that the page links to, up to its notes."""
    [address] = visitor.page.xpath("//main//a[text()=$kind]/@href", kind=kind)
    response = visitor.client.get(address, base_url="https://localhost")
    assert response.status_code == 200
    if kind == "CSV":
        found = list(csv.reader(StringIO(response.get_data().decode("utf-8-sig"))))
        return found[: found.index([])]
    sheet = CalamineWorkbook.from_filelike(BytesIO(response.get_data())).get_sheet_by_name("Rows")
    return [[str(int(c)) if isinstance(c, float) else c for c in row] for row in sheet.to_python()]


@pytest.mark.usefixtures("answers")
def test_where_roles_see_things_differently_comes_first_and_in_a_sentence(lead: Visitor) -> None:
    lead.get(PICTURE)
    assert "Gathered up to the end of 22 November 2026." in lead.words
    said = "Practitioners say “Not in place” or “Partly” in 40 of 40 ratings (100%), managers in 0 of 40 (0%)."
    [first] = lead.page.xpath("//ol[contains(@class, 'said')]/li")
    assert said in text(first) and "A difference of 100 points." in text(first)
    assert text(first).startswith("Issue 3: Not making a referral")
    by_role = cells(lead, "by-role")
    assert [name[:2] for name in by_role] == ["3.", "13"]
    everything = "100% 40 of 40 10 people", "0% 0 of 40 10 people", "withheld", "100 points"
    assert by_role["3. Not making a referral after bruising to non-mobile babies"] == list(everything)


def test_the_order_is_of_the_differences_that_are_shown(library: Library) -> None:
    """7.9 points that round to 11% and 18%, and 7.1 that round to 10% and 18%."""

    def issue(one: int, other: int) -> IssuePicture:
        counts = [{"not-in-place": n, "partly": 0, "fully": 1000 - n, "dont-know": 0} for n in (one, other)]
        roles = zip(("practitioner", "manager"), counts, strict=True)
        return IssuePicture({}, {role: Ratings(1000, {"a": of}) for role, of in roles})

    three, thirteen = library.modules
    issues = {three.id: issue(105, 184), thirteen.id: issue(104, 175)}
    assert [points(issues[m.id]) for m in by_gap(library.modules, issues)] == ["8 points", "7 points"]
    issues[thirteen.id] = IssuePicture({}, {})
    assert by_gap(library.modules, issues) == [three, thirteen]


@pytest.mark.usefixtures("answers")
def test_fewer_than_ten_are_withheld_in_every_cell_and_total(lead: Visitor) -> None:
    lead.get(PICTURE)
    assert cells(lead, "by-agency-practitioner") == {
        "3. Not making a referral after bruising to non-mobile babies": ["100% 40 of 40 10 people"] * 2,
        "13. Euphemistic language in reports and written records": ["0% 0 of 40 10 people"] * 2,
    }
    assert "Withheld throughout: Police, Other agencies together." in lead.words
    assert "Senior managers: no agency has ten who have been counted by itself." in lead.words
    lead.get(ISSUE)
    assert cells(lead, "by-agency") == {
        "All together": ["100% 40 of 40 10 people", "0% 0 of 40 10 people", "withheld"],
        "Health": ["100% 40 of 40 10 people", "0% 0 of 40 10 people", "withheld"],
        "Police": ["withheld"] * 3,
        "Other agencies together": ["withheld"] * 3,
    }


@pytest.mark.usefixtures("answers")
def test_those_who_waited_a_month_are_counted_with_others(lead: Visitor, app: Flask) -> None:
    app.config["CLOCK"] = lambda: NOW + timedelta(days=40)
    lead.get(f"{ISSUE}?year=2026")
    assert cells(lead, "by-agency")["Other agencies together"][0].endswith("10 people")
    assert cells(lead, "by-agency")["Police"] == ["withheld"] * 3


@pytest.mark.usefixtures("answers")
def test_statements_are_shown_one_by_one_with_all_four_ratings(lead: Visitor, teams: dict[str, Team]) -> None:
    lead.get(ISSUE)
    [row] = set(map(tuple, cells(lead, "statements-practitioner").values()))
    assert row == ("0 of 10 (0%)", "10 of 10 (100%)", "0 of 10 (0%)", "0 of 10 (0%)")
    assert "Senior managers: withheld" in lead.words
    lead.get(f"{ISSUE}?agency={teams['Neighbourhood'].agency_id}")
    assert "Statement by statement: Police" in lead.words
    assert "Practitioners: withheld" in lead.words
    assert not cells(lead, "statements-practitioner")


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("kind", ["CSV", "XLSX (Excel)"])
def test_the_files_have_the_figures_of_the_screen(lead: Visitor, kind: str, session: Session) -> None:
    heading, *rows = downloaded(lead.get(PICTURE), kind)
    assert heading[:4] == ["Issue", "Agency", "Role", "People"]
    assert len(rows) == 2 * 3 * 4
    title = "3. Not making a referral after bruising to non-mobile babies"
    shown = {tuple(row[1:3]): row[3:] for row in rows if row[0] == title}
    assert shown["Health", "Practitioner"] == shown["All together", "Practitioner"] == ["10", "40", "40", "100"]
    assert shown["Police", "Practitioner"] == ["withheld", "", "", ""]
    heading, *rows = downloaded(lead.get(ISSUE), kind)
    screen = cells(lead, "statements-practitioner")
    assert {row[1] for row in rows if row[0] == "Practitioner"} == set(screen)
    assert rows[0][2:] == ["0", "10", "0", "0", "10"]
    assert rows[-1][:2] == ["Senior manager", "withheld"]
    acts = list(session.scalars(select(Audit).where(Audit.act == "downloaded")))
    assert [act.what.split(":")[0].rsplit(".")[0] for act in acts] == [
        "local-picture-2026",
        "local-picture-03-module-three-2026",
    ]


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("access", ["team-lead", "agency-lead"])
def test_a_lead_of_an_agency_sees_it_beside_all_together_and_no_other(
    visit: Visit, add_person: AddPerson, teams: dict[str, Team], access: str
) -> None:
    police = visit(add_person("Pat Lead", access=access, team="Child abuse investigation"))
    health = f"?agency={teams['Health visiting'].agency_id}"
    for route in ROUTES:
        for query in ("", health, "?agency=0"):
            seen = police.get(route + query).response.get_data()
            assert b"Health" not in seen and b"Other agencies together</" not in seen, route
    police.get(ISSUE)
    assert list(cells(police, "by-agency")) == ["All together", "Police"]
    assert cells(police, "by-agency")["All together"][0] == "100% 40 of 40 10 people"
    assert "Statement by statement: All together" in police.get(ISSUE + health).words
    assert {row[1] for row in downloaded(police.get(PICTURE), "CSV")[1:]} == {"Police", "All together"}


@pytest.mark.usefixtures("answers")
@pytest.mark.parametrize("access", ["partnership-lead", "administrator"])
def test_whoever_leads_the_partnership_sees_every_agency(visit: Visit, add_person: AddPerson, access: str) -> None:
    seen = visit(add_person("Zoe Lead", access=access)).get(ISSUE)
    assert list(cells(seen, "by-agency")) == ["All together", "Health", "Police", "Other agencies together"]


def test_for_a_learner_there_is_no_such_page_and_others_sign_in_first(learner: Visitor, visit: Visit) -> None:
    for route in ROUTES:
        learner.get(route, 404)
        assert visit().get(route).heading == "Sign in"


def test_what_there_is_not_is_not_found_and_odd_filters_are_no_error(lead: Visitor) -> None:
    for name in ("module-three", "3", "nothing", "03-module-three.pdf"):
        lead.get(f"{PICTURE}/{name}", 404)
    lead.get(f"{PICTURE}.pdf", 404)
    for query in ("year=x", "year=1066", f"year={10**30}", "agency=x", "agency=-1", f"agency={10**30}"):
        lead.get(f"{PICTURE}?{query}")
        lead.get(f"{ISSUE}?{query}")


def test_an_empty_picture_says_what_to_do(lead: Visitor) -> None:
    assert "Assign modules to people" in lead.get(PICTURE).words
    assert "Nothing yet. Write below" in lead.get(ISSUE).words


@pytest.mark.usefixtures("answers")
def test_what_learners_write_is_nowhere(lead: Visitor) -> None:
    for route in ROUTES:
        assert PLANTED.encode() not in lead.get(route).response.get_data()


@pytest.mark.usefixtures("answers")
def test_the_pages_cost_few_queries(lead: Visitor, count_queries: Callable[[], list[str]]) -> None:
    lead.get(PICTURE)
    for route in (PICTURE, ISSUE):
        queries = count_queries()
        lead.get(route)
        assert len(queries) <= 6, queries


# Notes and actions.


def test_a_note_and_an_action_are_kept_and_the_action_is_done(lead: Visitor, session: Session) -> None:
    lead.get(ISSUE).send("Keep it", text="Ask the nurses.\nThen the police.", owner="", due="")
    assert "The note is kept." in lead.words and lead.path == ISSUE
    lead.send("Keep it", text="Test the number.", owner="Named nurse", due="2026-12-01")
    assert "Action: Named nurse, by 2026-12-01" in lead.words
    assert "Zoe Lead, 2026-11-23 09:30" in lead.words
    assert "Nothing yet" not in lead.words
    lead.send("Mark as done")
    assert "Done on 2026-11-23: Named nurse" in lead.words
    assert not lead.page.xpath("//button[starts-with(., 'Mark as done')]")
    assert "Nothing yet" in lead.get(THIRTEEN).words
    acts = list(session.scalars(select(Audit.what).where(Audit.act == "noted").order_by(Audit.id)))
    assert [act.split(" beside")[0] for act in acts] == ["Kept a note", "Kept an action", "Marked an action"]
    assert not any("nurses" in act or "Test" in act for act in acts)


WRONG = [
    ({"text": " \r\n "}, {"text": "Write the note."}),
    ({"text": "a" * 2001}, {"text": "The note has 2,001 characters. Shorten it to 2,000 or fewer."}),
    ({"text": "a", "owner": "Me"}, {"due": "Say by when it is done, or leave out who does it."}),
    ({"text": "a", "due": "2026-12-01"}, {"owner": "Say who does it, or leave out by when."}),
    (
        {"text": "a", "owner": "o" * 201, "due": "1.12.26"},
        {
            "owner": "The name of who does it has 201 characters. Shorten it to 200 or fewer.",
            "due": "Write the day by when it is done as year, month and day: 2027-03-31.",
        },
    ),
    (
        {"text": "a", "owner": "Me", "due": "2026-11-22"},
        {"due": "22 November 2026 is over. Choose today or a later day by when it is done."},
    ),
]


def test_what_is_wrong_with_a_note_is_said_and_nothing_is_lost_or_kept(lead: Visitor, session: Session) -> None:
    for some_fields, errors in WRONG:
        filled = {"owner": "", "due": "", **some_fields}
        lead.get(ISSUE).send("Keep it", 422, **filled)
        listed = lead.page.xpath("//div[contains(@class, 'govuk-error-summary')]//a")
        assert {link.get("href")[1:]: text(link) for link in listed} == errors
        assert lead.page.findtext(".//title").startswith("Error: ")
        for name, sentence in errors.items():
            [field] = lead.page.xpath("//*[@id=$id]", id=name)
            assert f"{name}-error" in field.get("aria-describedby").split()
            assert sentence in text(lead.page.xpath("//*[@id=$id]", id=f"{name}-error")[0])
        assert lead.page.xpath("//textarea")[0].text_content().strip() == filled["text"].strip()
        assert lead.page.xpath("//input[@id='owner']/@value") == [filled["owner"]]
    assert not list(session.scalars(select(Note)))


def test_a_note_of_the_longest_length_is_kept_however_lines_end(lead: Visitor, session: Session) -> None:
    written = "line\r\n" * 333 + "\x00é’" + "a" * 333  # 2,000 as a database counts them
    lead.get(ISSUE).send("Keep it", text=written, owner="", due="")
    [note] = session.scalars(select(Note))
    assert note.text == written.replace("\r\n", "\n").replace("\x00", "")
    assert len(note.text) == 2000


def test_a_note_is_seen_by_those_whose_scope_covers_it(visit: Visit, add_person: AddPerson, lead: Visitor) -> None:
    writers = {
        "partnership": lead,
        "agency": visit(add_person("Ada Lead", access="agency-lead", team="Health visiting")),
        "team": visit(add_person("Tia Lead", access="team-lead", team="Health visiting")),
        "other team": visit(add_person("Uma Lead", access="team-lead", team="School nursing")),
        "other agency": visit(add_person("Pat Lead", access="agency-lead", team="Neighbourhood")),
    }
    for name, writer in writers.items():
        writer.get(ISSUE).send("Keep it", text=f"From the {name}", owner="Me", due="2026-12-01")
    seen = {
        name: {text(p).removeprefix("From the ") for p in who.get(ISSUE).page.xpath("//p[@class='notes__text']")}
        for name, who in writers.items()
    }
    assert seen == {
        "partnership": set(writers),
        "agency": {"agency", "team", "other team"},
        "team": {"team"},
        "other team": {"other team"},
        "other agency": {"other agency"},
    }


def test_nobody_finishes_what_they_do_not_see(
    visit: Visit, add_person: AddPerson, learner: Visitor, lead: Visitor, session: Session
) -> None:
    lead.get(ISSUE).send("Keep it", text="A plain note", owner="", due="")
    lead.send("Keep it", text="An action", owner="Me", due="2026-12-01")
    plain, action = session.scalars(select(Note.id).order_by(Note.id))
    agency = visit(add_person("Ada Lead", access="agency-lead")).get(ISSUE)
    learner.get("/")
    assert send(agency, f"{ISSUE}/notes/{action}/done") == 404
    assert send(learner, f"{ISSUE}/notes/{action}/done") == send(learner, f"{ISSUE}/notes") == 404
    form = lead.get(ISSUE).page.xpath("//form[contains(@action, '/done')]")[0]
    for wrong in (f"{ISSUE}/notes/{plain}/done", f"{THIRTEEN}/notes/{action}/done", f"{ISSUE}/notes/99/done"):
        form.set("action", wrong)
        lead.post(form, 404)
    assert session.scalars(select(Note.done_at)).all() == [None, None]


def send(visitor: Visitor, address: str) -> int:
    """What comes of sending a form, with the page’s token, to an address that the page may not offer."""
    token = visitor.page.xpath("//input[@name='csrf_token']/@value")[0]
    headers = {"Referer": f"https://localhost{visitor.path}"}
    form = {"csrf_token": token, "text": "A note", "owner": "", "due": ""}
    response = visitor.client.post(address, data=form, base_url="https://localhost", headers=headers)
    return response.status_code

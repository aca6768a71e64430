"""Who did what: everything for the partnership, and for other leads nothing that tells of people elsewhere."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import BytesIO, StringIO

import pytest
from python_calamine import CalamineWorkbook
from sqlalchemy.orm import Session

from course.learning.tables import Audit, FormerPlace, Person, Team
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
BEGAN = datetime(2026, 11, 2, 9, tzinfo=UTC)
PLACES = {
    "Ada": ("Health visiting", "team-lead"),
    "Ben": ("School nursing", "agency-lead"),
    "Dee": ("Neighbourhood", "team-lead"),
    "Pam": ("Health visiting", "partnership-lead"),
}


@pytest.fixture
def people(add_person: AddPerson) -> dict[str, Person]:
    return {name: add_person(f"{name} X", team=team, access=access) for name, (team, access) in PLACES.items()}


@pytest.fixture
def did(session: Session, people: dict[str, Person]) -> Callable[..., None]:
    """Somebody did something, each time a minute later."""

    def did(who: str, act: str, about: str = "", what: str = "") -> None:
        at = BEGAN + timedelta(minutes=session.query(Audit).count())
        about_id = people[about].id if about else None
        session.add(Audit(at=at, by_id=people[who].id, act=act, about_id=about_id, what=what))
        session.commit()

    return did


def rows(visitor: Visitor) -> list[list[str]]:
    found = visitor.page.xpath("//table/tbody/tr")
    return [[text(cell) for cell in row.xpath("th | td")] for row in found]


def in_file(visitor: Visitor, kind: str) -> list[list[str]]:
    address = visitor.page.xpath(f"//a[contains(., '{kind}')]/@href")[0]
    response = visitor.client.get(address, base_url="https://localhost")
    if kind == "XLSX":
        sheet = CalamineWorkbook.from_filelike(BytesIO(response.get_data())).get_sheet_by_index(0)
        return [[str(cell) for cell in row] for row in sheet.to_python()][1:]
    lines = list(csv.reader(StringIO(response.get_data().decode("utf-8-sig"))))[1:]
    return lines[: lines.index([])]


@pytest.fixture
def year(did: Callable[..., None]) -> None:
    did("Ada", "looked", about="Pam")
    did("Ben", "gave-access", about="Ada", what="Learner → Training lead for a team")
    did("Dee", "looked", about="Dee")
    did("Pam", "moved", about="Dee", what="From Neighbourhood")
    did("Ada", "assigned", about="Dee", what="module 3, for Dee X")


@pytest.mark.usefixtures("year")
def test_a_lead_for_the_partnership_sees_all_newest_first(visit: Visit, people: dict[str, Person]) -> None:
    lead = visit(people["Pam"]).get("/lead/audit")
    who, words = "Ada X (ada.x@example.org)", "module 3, for Dee X"
    assert rows(lead)[0] == [
        "2026-11-02 09:04", who, "Health", "Health visiting", "Assigned", "Dee X (dee.x@example.org)", words,
    ]  # fmt: skip
    assert [row[1][:3] for row in rows(lead)] == ["Ada", "Pam", "Dee", "Ben", "Ada"]
    lead.get("/lead/audit?act=looked")
    assert [row[1][:3] for row in rows(lead)] == ["Dee", "Ada"]


@pytest.mark.usefixtures("year")
@pytest.mark.parametrize(("who", "seen"), [("Ada", ["Ada", "Ada"]), ("Ben", ["Ada", "Ben", "Ada"]), ("Dee", ["Dee"])])
def test_other_leads_see_what_their_people_did_and_nobody_elsewhere(
    visit: Visit, people: dict[str, Person], who: str, seen: list[str]
) -> None:
    lead = visit(people[who]).get("/lead/audit")
    assert [row[1][:3] for row in rows(lead)] == seen
    assert in_file(lead, "CSV") == rows(lead)
    if who != "Dee":
        assert rows(lead)[0][4:] == ["Assigned", "Somebody outside your scope", ""]
        assert "Dee" not in lead.words
        lead.get("/lead/audit?act=moved")
        assert "Nothing here fits what you look for" in lead.words


@pytest.mark.usefixtures("year")
def test_lines_are_found_by_who_did_it_or_whom_it_is_about_and_by_day(visit: Visit, people: dict[str, Person]) -> None:
    lead = visit(people["Pam"]).get("/lead/audit?name=ADA")
    assert [row[4] for row in rows(lead)] == ["Assigned", "Changed access", "Looked at a record"]
    assert in_file(lead, "CSV") == rows(lead)
    assert [row[4] for row in rows(lead.get("/lead/audit?name=ada.x@&act=looked"))] == ["Looked at a record"]
    assert not rows(lead.get("/lead/audit?name=%25"))
    assert len(rows(lead.get("/lead/audit?day=2026-11-02&act=looked"))) == 2
    assert not rows(lead.get("/lead/audit?day=3/11/2026"))
    assert "“soon” is no day" in lead.get("/lead/audit?day=soon").words


@pytest.mark.usefixtures("year")
def test_nobody_is_found_by_name_who_is_not_named(visit: Visit, people: dict[str, Person]) -> None:
    lead = visit(people["Ada"])  # Ada assigned something to Dee, of another agency, and looked at Pam, of her team
    assert not rows(lead.get("/lead/audit?name=dee"))
    assert len(rows(lead.get("/lead/audit?name=pam"))) == 1


def test_what_somebody_did_before_they_came_is_not_shown_where_they_are_now(
    visit: Visit, people: dict[str, Person], did: Callable[..., None], session: Session, teams: dict[str, Team]
) -> None:
    dee = people["Dee"]
    did("Dee", "imported", what="“neighbours.csv”")
    until = BEGAN + timedelta(seconds=30)
    session.add(FormerPlace(person_id=dee.id, team_id=dee.team_id, role=dee.role, until=until))
    dee.team = session.merge(teams["Health visiting"])
    session.commit()
    did("Dee", "imported", what="“visitors.csv”")
    assert [row[6] for row in rows(visit(people["Ada"]).get("/lead/audit"))] == ["“visitors.csv”"]
    assert len(rows(visit(people["Pam"]).get("/lead/audit"))) == 2


@pytest.mark.parametrize("kind", ["CSV", "XLSX"])
def test_a_file_holds_all_pages_as_they_were_and_is_kept_in_the_audit_itself(
    visit: Visit, people: dict[str, Person], did: Callable[..., None], session: Session, kind: str
) -> None:
    for n in range(60):
        did("Ada", "downloaded", what=f"=file-{n:02}.csv")
    lead = visit(people["Pam"]).get("/lead/audit")
    first = rows(lead)
    assert len(first) == 50
    whole = in_file(lead, kind)
    assert [row[6].removeprefix("'") for row in whole] == [f"=file-{n:02}.csv" for n in reversed(range(60))]
    assert [row[:6] for row in whole[:50]] == [row[:6] for row in first]
    newest = session.query(Audit).order_by(Audit.id.desc()).first()
    assert newest
    assert newest.what.startswith(f"who-did-what.{kind.lower()}")
    lead.get("/lead/audit?page=2")
    assert len(rows(lead)) == 11
    assert "nothing on page 9" in lead.get("/lead/audit?page=9").words


def test_before_anything_was_done_the_page_says_what_will_be_here(visit: Visit, people: dict[str, Person]) -> None:
    lead = visit(people["Pam"]).get("/lead/audit")
    assert "A line is kept here when somebody looks at a record" in lead.words


@pytest.mark.parametrize("path", ["/lead/audit", "/lead/audit.csv", "/lead/audit.xlsx?act=looked"])
def test_for_a_learner_it_does_not_exist_and_a_stranger_signs_in(learner: Visitor, visit: Visit, path: str) -> None:
    learner.get(path, 404)
    assert visit().get(path).heading == "Sign in"


@pytest.mark.parametrize(
    "query", ["act=nothing", "day=31/2/2026", "page=x", "page=-1", f"page={2**31 - 1}", f"page={10**20}"]
)
def test_odd_questions_are_not_an_error(visit: Visit, people: dict[str, Person], query: str) -> None:
    visit(people["Pam"]).get(f"/lead/audit?{query}")


def test_a_page_costs_two_queries(
    visit: Visit, people: dict[str, Person], did: Callable[..., None], count_queries: Callable[[], list[str]]
) -> None:
    for who in PLACES:
        did(who, "looked", about="Ada")
    lead = visit(people["Ben"])
    queries = count_queries()
    lead.get("/lead/audit")
    assert len(queries) == 2, queries  # who is signed in, and the lines

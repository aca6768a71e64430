"""Lists of people and one person's page in the desk: what is shown is what is done, and never outside one's scope."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO, RawIOBase, StringIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.datastructures import FileStorage
from werkzeug.test import encode_multipart
from xlsxwriter import Workbook  # type: ignore[import-untyped]

from course.learning.desk.people import joining
from course.learning.tables import Audit, FormerPlace, Import, Person, Team
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HEAD = "Name,E-mail,Agency,Team,Role"
ADA = "Ada Bell,ada.bell@example.org,Health,Health visiting,Practitioner"
BEN = "Ben Cole,ben.cole@example.org,Health,Health visiting,Manager"


@pytest.fixture
def lead(visit: Visit, add_person: AddPerson) -> Visitor:
    return visit(add_person("Zoe Lead", access="partnership-lead", team="Neighbourhood"))


@pytest.fixture
def team_lead(add_person: AddPerson) -> Person:
    return add_person("Tia Lead", access="team-lead")


def upload(
    visitor: Visitor, content: bytes | str, status: int = 200, *, name: str = "people.csv", of: str = "agencies"
) -> Visitor:
    """Send the form with a file. Made here, since the test client leaves the temporary file of a large one open."""
    whole = content.encode() if isinstance(content, str) else content
    token = visitor.get("/lead/imports").page.xpath("string(//input[@name='csrf_token']/@value)")
    boundary, body = encode_multipart({"csrf_token": token, "of": of, "file": FileStorage(BytesIO(whole), name)})
    response = visitor.client.post(
        "/lead/imports",
        data=body,
        content_type=f"multipart/form-data; boundary={boundary}",
        base_url="https://localhost",
        headers={"Referer": "https://localhost/lead/imports"},
        follow_redirects=True,
    )
    return visitor._saw(response, status)


def listing(*lines: str, head: str = HEAD) -> str:
    return "\n".join((head, *lines))


def rows(visitor: Visitor, id_: str) -> list[list[str]]:
    """The rows of the table whose caption has this id."""
    found = visitor.page.xpath("//table[caption/@id=$id]/tbody/tr", id=id_)
    return [[text(cell) for cell in row] for row in found]


def problem(visitor: Visitor) -> str:
    return " ".join(text(item) for item in visitor.page.xpath("//*[contains(@class, 'govuk-error-summary')]//li"))


def people_in(session: Session) -> int:
    session.expire_all()
    return session.scalar(select(func.count(Person.id))) or 0


def find(session: Session, email: str) -> Person:
    session.expire_all()
    return session.scalars(select(Person).where(Person.email == email)).one()


def edit(visitor: Visitor, person: Person, status: int = 200, **fields: object) -> Visitor:
    """Save somebody's page with these fields changed."""
    visitor.get(f"/lead/people/{person.id}/edit")
    return visitor.send("Save", status, **(as_filled(visitor) | fields))


def as_filled(visitor: Visitor) -> dict[str, object]:
    inputs = visitor.page.xpath("//main//form//input[@type='text' or @type='email']")
    selects = visitor.page.xpath("//main//form//select")
    chosen = {s.get("name"): s.xpath("string(option[@selected]/@value)") for s in selects}
    return {i.get("name"): i.get("value", "") for i in inputs} | chosen


def test_a_list_is_shown_before_it_is_brought_in_and_then_what_was_done(
    lead: Visitor, session: Session, add_person: AddPerson
) -> None:
    add_person("Cem Demir", team="School nursing")
    before = people_in(session)
    upload(lead, listing(ADA, BEN, "Dee,dee,Health,Health visiting,Wizard", head=HEAD))
    assert people_in(session) == before
    assert rows(lead, "added")[0] == [
        "2",
        "Ada Bell",
        "ada.bell@example.org",
        "Health: Health visiting, practitioner",
        "",
    ]
    [[line, _, email, reason]] = rows(lead, "refused")
    assert (line, email) == ("4", "dee")
    assert "needs one @" in reason
    assert "“Wizard” is not a role" in reason
    assert rows(lead, "not-in-this-file")[0][0] == "Cem Demir"
    lead.send("Bring in 2 people, leave out 1 line", close="none")
    assert "Done: 2 added" in lead.words
    assert dict(rows(lead, "done"))["People added"] == "2"
    assert people_in(session) == before + 2
    assert find(session, "cem.demir@example.org").left_at is None
    assert lead.page.xpath("//a[@href='/lead/invitations']")
    assert "2 added" in lead.get("/lead/imports").words
    upload(lead, listing(ADA, BEN))
    assert "There is nothing to bring in" in lead.words or "Close" in lead.page.xpath("string(//main//form//button)")
    assert [row[1] for row in rows(lead, "alone")] == ["Ada Bell", "Ben Cole"]


def test_accounts_are_closed_where_they_are_ticked(lead: Visitor, session: Session, add_person: AddPerson) -> None:
    cem, dee = add_person("Cem Demir"), add_person("Dee Evans")
    upload(lead, listing(ADA))
    assert "Tick the accounts" in problem(lead.send("Bring in 1 person", 422, close="ticked"))
    lead.send("Bring in 1 person", close="ticked", person=cem.id)
    assert find(session, "cem.demir@example.org").left_at
    assert find(session, dee.email).left_at is None


def test_all_accounts_are_closed_only_once_that_is_confirmed(
    lead: Visitor, session: Session, add_person: AddPerson
) -> None:
    cem, dee = add_person("Cem Demir"), add_person("Dee Evans")
    upload(lead, listing(ADA)).send("Bring in 1 person", close="all")
    assert lead.heading == "Close 2 accounts?"
    assert [row[0] for row in rows(lead, "closing")] == ["Cem Demir", "Dee Evans"]
    assert not any(find(session, person.email).left_at for person in (cem, dee))
    [sure] = lead.page.xpath("//main//form")
    late = add_person("Una Late")
    lead.post(sure, 409)
    assert "People have changed since this page was shown" in lead.words
    lead.send("Bring in 1 person", close="all").send("Bring in 1 person, and close 3 accounts")
    assert "Done: 1 added, 3 closed." in lead.words
    assert all(find(session, person.email).left_at for person in (cem, dee, late))


def test_a_list_of_new_starters_offers_to_close_nobody(
    lead: Visitor, session: Session, add_person: AddPerson, visit: Visit
) -> None:
    cem = add_person("Cem Demir")
    assert lead.get("/lead/imports").page.xpath("string(//input[@name='of'][@checked]/@value)") == "some"
    upload(lead, listing(ADA), of="some")
    assert "closes nobody’s account" in lead.words
    assert "Cem Demir" not in lead.words
    lead.send("Bring in 1 person", close="all", sure="yes")
    assert find(session, cem.email).left_at is None
    assert lead.page.xpath("//a[@href='/lead/assignments/new']")


def test_whoever_is_left_out_of_their_own_list_is_told_so(visit: Visit, add_person: AddPerson) -> None:
    visitor = visit(add_person("Tia Lead", access="team-lead"))
    add_person("Cem Demir"), add_person("Ana Lead", access="agency-lead")
    upload(visitor, listing(ADA), of="teams")
    assert "3 people of the teams in this file have an account" in visitor.words
    assert "You are one of them; your own account cannot be closed here." in visitor.words
    assert [row[0] for row in rows(visitor, "not-in-this-file")] == ["Cem Demir"]
    assert [row[0] for row in rows(visitor, "not-yours")] == ["Ana Lead"]


@pytest.mark.parametrize(
    ("access", "said"),
    [
        ("team-lead", ["Agency is Health and Team is Health visiting", "Access is Learner or Team lead."]),
        ("agency-lead", ["A team that is not there yet is made", "Access is Learner, Team lead or Agency lead."]),
        ("administrator", ["An agency or team that is not there yet is made", "Partnership lead or Administrator."]),
    ],
)
def test_the_form_says_what_this_lead_may_do(visit: Visit, add_person: AddPerson, access: str, said: list[str]) -> None:
    page = visit(add_person("Tia Lead", access=access)).get("/lead/imports")
    assert [words for words in said if words not in page.words] == []
    everybody = "Everybody in your team" if access == "team-lead" else "Everybody in the teams that it names"
    assert everybody in page.words


def test_a_list_shown_before_people_changed_is_shown_anew(
    lead: Visitor, session: Session, add_person: AddPerson
) -> None:
    upload(lead, listing(ADA))
    add_person("Ada Bell", team="School nursing")
    before = people_in(session)
    lead.send("Bring in 1 person", 409, close="none")
    assert "People have changed since this page was shown" in lead.words
    assert rows(lead, "changed")[0][3] == "Team: Health: School nursing → Health: Health visiting"
    assert people_in(session) == before
    lead.send("Bring in 1 person", close="none")
    assert find(session, "ada.bell@example.org").team.name == "Health visiting"


def test_the_button_pressed_twice_does_it_once(lead: Visitor, session: Session) -> None:
    upload(lead, listing(ADA))
    [form] = lead.page.xpath("//form[.//button[starts-with(., 'Bring in')]]")
    lead.post(form, close="none")
    count = people_in(session)
    lead.post(form, close="none")
    assert "Nothing was done a second time" in lead.words
    assert people_in(session) == count


def test_downloads_have_the_rows_of_the_screen_and_are_kept_in_the_audit(
    lead: Visitor, session: Session, add_person: AddPerson
) -> None:
    add_person("Cem Demir")
    upload(lead, listing('"=1+1",x@example.org,Health,Health visiting,Manager', "bad,bad,Health,A,Manager"))
    for group, id_, name in (("added", "added", "'=1+1"), ("refused", "refused", "bad"), ("missing", "", "Cem Demir")):
        [address] = lead.page.xpath("//a[contains(@href, $end)]/@href", end=f"{group}.csv")
        response = lead.client.get(address, base_url="https://localhost")
        _, *found = csv.reader(StringIO(response.get_data().decode("utf-8-sig")))
        assert name in found[0]
        assert [c.lstrip("'") for c in found[0]] == rows(lead, id_)[0] if id_ else found
    assert session.scalar(select(func.count()).where(Audit.act == "downloaded")) == 3
    lead.get(f"{lead.path}/nonsense.csv", 404)


def test_the_template_has_the_headings_that_are_read(lead: Visitor, session: Session) -> None:
    response = lead.client.get("/lead/imports/template.csv", base_url="https://localhost")
    assert upload(lead, response.get_data() + f"{ADA},,,\r\n".encode()).heading.startswith("List of people")


def xlsx(*lines: str) -> bytes:
    whole = BytesIO()
    with Workbook(whole, {"strings_to_formulas": False}) as book:
        sheet = book.add_worksheet()
        for number, line in enumerate((HEAD, *lines)):
            sheet.write_row(number, 0, line.split(","))
    return whole.getvalue()


@pytest.mark.parametrize(
    "file",
    [
        listing(ADA.replace("Bell", "O’Béll")).encode("cp1252"),
        listing(ADA.replace("Bell", "O’Béll")).encode("utf-8-sig"),
        listing(ADA.replace("Bell", "O’Béll")).replace(",", ";").encode(),
        xlsx(ADA.replace("Bell", "O’Béll")),
    ],
    ids=["windows-1252", "byte order mark", "semicolons", "xlsx"],
)
def test_a_list_is_read_as_spreadsheets_write_it(lead: Visitor, session: Session, file: bytes) -> None:
    upload(lead, file).send("Bring in 1 person", close="none")
    assert find(session, "ada.bell@example.org").name == "Ada O’Béll"


def bomb() -> bytes:
    whole = BytesIO(xlsx(ADA))
    with ZipFile(whole, "a", ZIP_DEFLATED) as packed:
        packed.writestr("xl/worksheets/sheet2.xml", bytes(100 * 1024 * 1024))
    return whole.getvalue()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "empty"),
        (b"Name,Mobile\nAda,1", "No column is headed E-mail"),
        (listing().encode(), "no rows"),
        (xlsx(ADA)[:-200], "Save it again"),
        (b"%PDF-1.7 x", "is a PDF"),
        (bomb(), "unpack"),
        (listing(*[ADA] * 50_001).encode(), "at most 50,000"),
    ],
    ids=["empty", "columns", "headings", "truncated", "pdf", "bomb", "too many lines"],
)
def test_a_file_that_cannot_be_read_is_refused_whole(lead: Visitor, session: Session, file: bytes, said: str) -> None:
    before = people_in(session)
    upload(lead, file, 422)
    assert said.lower() in problem(lead).lower()
    assert people_in(session) == before
    assert session.scalar(select(func.count(Import.id))) == 0


def test_no_file_at_all_is_said_on_the_form(lead: Visitor) -> None:
    assert "Choose the file" in problem(lead.get("/lead/imports").send("Upload", 422))


class Zeros(RawIOBase):
    """A body of as many bytes, none of which is held."""

    def __init__(self, size: int) -> None:
        self.size, self.place, self.taken = size, 0, 0

    def readinto(self, buffer: Any) -> int:
        some = min(self.size - self.place, len(buffer))
        self.place, self.taken = self.place + some, self.taken + some
        return some

    def seek(self, offset: int, whence: int = 0) -> int:
        self.place = offset + (0, self.place, self.size)[whence]
        return self.place

    def tell(self) -> int:
        return self.place

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True


@pytest.mark.parametrize("said", [{}, {"CONTENT_LENGTH": "", "wsgi.input_terminated": True}], ids=["length", "chunks"])
def test_a_file_of_200_mb_is_answered_without_reading_it(
    lead: Visitor, session: Session, said: dict[str, object]
) -> None:
    body = Zeros(200 * 1024 * 1024)
    response = lead.client.post(
        "/lead/imports",
        base_url="https://localhost",
        input_stream=body,
        content_type="multipart/form-data; boundary=x",
        environ_overrides=said,
    )
    lead._saw(response, 413)
    assert "larger than 8 MB" in problem(lead)
    assert "nothing was changed" in problem(lead)
    assert body.taken < 10 * 1024 * 1024
    assert session.scalar(select(func.count(Import.id))) == 0


def test_a_list_of_fifty_thousand_lines_is_shown_and_changes_nothing_by_that(lead: Visitor, session: Session) -> None:
    before = people_in(session)
    upload(lead, listing(*(f"P {n},p{n}@example.org,Health,Health visiting,Manager" for n in range(50_000))))
    assert len(rows(lead, "added")) == 200
    assert "These are the first 200 of 50,000" in lead.words
    assert lead.page.xpath("string(//main//form//button)") == "Bring in 50,000 people"
    assert people_in(session) == before


ROUTES = ("/lead/imports", "/lead/people/add", "/lead/imports/template.csv")


def test_without_signing_in_or_as_a_learner_there_is_nothing_here(
    visit: Visit, learner: Visitor, lead: Visitor, add_person: AddPerson
) -> None:
    ben = add_person("Ben Cole")
    shown = upload(lead, listing(ADA)).path
    person = [f"/lead/people/{ben.id}/{page}" for page in ("edit", "close", "open")]
    for path in (*ROUTES, shown, f"{shown}/added.csv", *person):
        learner.get(path, 404)
        assert visit().get(path).path == "/sign-in"
    for path in ("/lead/imports", "/lead/people/add", shown, *person):
        token = learner.get("/").page.xpath("string(//input[@name='csrf_token']/@value)")
        answer = learner.client.post(
            path,
            data={"csrf_token": token},
            base_url="https://localhost",
            headers={"Referer": "https://localhost/"},
        )
        assert answer.status_code == 404


@pytest.mark.parametrize(
    ("access", "team", "sees"),
    [
        ("team-lead", "Health visiting", ["Ada Bell"]),
        ("agency-lead", "Health visiting", ["Ada Bell", "Ben Cole"]),
        ("agency-lead", "Neighbourhood", ["Dee Evans"]),
        ("partnership-lead", "Neighbourhood", ["Ada Bell", "Ben Cole", "Dee Evans"]),
        ("administrator", "Neighbourhood", ["Ada Bell", "Ben Cole", "Dee Evans"]),
    ],
)
def test_a_lead_reaches_people_and_lists_of_their_scope_alone(
    visit: Visit, add_person: AddPerson, session: Session, access: str, team: str, sees: list[str]
) -> None:
    people = [add_person("Ada Bell"), add_person("Ben Cole", team="School nursing")]
    people.append(add_person("Dee Evans", team="Neighbourhood"))
    uploader = visit(add_person("Tia Lead", access="team-lead", email="other@example.org"))
    shown = upload(uploader, listing(ADA)).path
    visitor = visit(add_person("Zoe Lead", access=access, team=team))
    for person in people:
        for page in ("edit", "close", "open"):
            visitor.get(f"/lead/people/{person.id}/{page}", 200 if person.name in sees else 404)
    everybody = access in ("partnership-lead", "administrator")
    for path in (shown, f"{shown}/alone.csv"):
        visitor.get(path, 200 if everybody else 404)
    assert ("people.csv" in visitor.get("/lead/imports").words) is everybody


def test_a_lead_for_a_team_cannot_put_anybody_elsewhere(
    visit: Visit, add_person: AddPerson, teams: dict[str, Team], team_lead: Person, session: Session
) -> None:
    visitor, ada = visit(team_lead), add_person("Ada Bell")
    elsewhere = str(teams["School nursing"].id)
    assert "Choose a team" in problem(edit(visitor, ada, 422, team=elsewhere))
    assert "wider access" in problem(edit(visitor, ada, 422, access="agency-lead"))
    fields = {"name": "New", "email": "new@example.org", "role": "manager", "access": "learner"}
    visitor.get("/lead/people/add").send("Add this person", 422, **fields, team=elsewhere)
    assert "Choose a team" in problem(visitor)
    assert find(session, ada.email).team.name == "Health visiting"
    assert people_in(session) == 2


def test_a_person_is_added_and_changed_and_the_history_says_where_they_were(
    lead: Visitor, session: Session, teams: dict[str, Team]
) -> None:
    fields = {"name": "New Person", "email": "New@Example.org", "role": "manager", "access": "learner"}
    lead.get("/lead/people/add").send("Add this person", 422, **fields, team="", joined="soon")
    assert "Choose a team" in problem(lead)
    assert "is not a day" in problem(lead)
    assert lead.page.xpath("string(//input[@name='name']/@value)") == "New Person"
    lead.send("Add this person", **fields, team=str(teams["Neighbourhood"].id), joined="01/09/2026")
    new = find(session, "new@example.org")
    assert lead.path == f"/lead/people/{new.id}/edit"
    edit(lead, new, team=str(teams["School nursing"].id), name="Newly Named", manager="zoe.lead@example.org")
    new = find(session, "new@example.org")
    assert (new.name, new.team.name) == ("Newly Named", "School nursing")
    assert [f.team_id for f in session.scalars(select(FormerPlace))] == [teams["Neighbourhood"].id]
    acts = session.scalars(select(Audit.act).where(Audit.about_id == new.id).order_by(Audit.id)).all()
    assert acts == ["joined", "changed", "moved"]
    assert "Somebody has this e-mail address already" in problem(edit(lead, new, 422, email="zoe.lead@example.org"))
    assert "Nobody with this address" in problem(edit(lead, new, 422, manager="nobody@example.org"))


def test_another_address_ends_the_sessions_of_whoever_had_it(
    lead: Visitor, visit: Visit, add_person: AddPerson
) -> None:
    ada = add_person("Ada Bell")
    hers = visit(ada)
    edit(lead, ada, email="ada@example.com")
    assert hers.get("/").path == "/sign-in"
    assert visit(ada.__class__(email="ada@example.com")).get("/").path == "/"


def test_of_two_leads_the_second_is_told_what_the_first_has_changed(
    lead: Visitor, visit: Visit, add_person: AddPerson, session: Session
) -> None:
    ada = add_person("Ada Bell")
    second = visit(add_person("Yan Lead", access="administrator")).get(f"/lead/people/{ada.id}/edit")
    mine = as_filled(second) | {"role": "manager"}
    edit(lead, ada, name="Ada Jones")
    second.send("Save", 409, **mine)
    assert rows(second, "changed") == [["Name", "Ada Bell", "Ada Jones"]]
    assert rows(second, "who")[0][1:] == ["Zoe Lead", "Changed a person", "Name: Ada Bell → Ada Jones"]
    assert find(session, ada.email).role == "practitioner"
    assert as_filled(second)["role"] == "manager"
    second.send("Save", **(as_filled(second) | {"name": "Ada Jones"}))
    ada = find(session, ada.email)
    assert (ada.name, ada.role) == ("Ada Jones", "manager")


def test_a_page_whose_hidden_field_was_tampered_with_saves_nothing(
    lead: Visitor, add_person: AddPerson, session: Session
) -> None:
    ada = add_person("Ada Bell")
    for seen in ("", "[1]", "nonsense", "[" * 5000):
        edit(lead, ada, 409, seen=seen, name="Other")
    assert find(session, ada.email).name == "Ada Bell"


def test_nobody_changes_their_own_access_or_that_of_somebody_with_a_wider_one(
    visit: Visit, add_person: AddPerson, team_lead: Person, session: Session
) -> None:
    visitor = visit(team_lead)
    edit(visitor, team_lead, access="learner")
    assert find(session, team_lead.email).access == "team-lead"
    ana = add_person("Ana Lead", access="agency-lead")
    page = visitor.get(f"/lead/people/{ana.id}/edit")
    assert not page.page.xpath("//main//form")
    assert "wider access than you" in page.words
    visitor.get(f"/lead/people/{ana.id}/close").send("Close the account", 422)
    assert find(session, ana.email).left_at is None


def test_an_account_is_closed_and_opened_again_after_a_question(
    lead: Visitor, visit: Visit, add_person: AddPerson, session: Session
) -> None:
    ada = add_person("Ada Bell")
    hers = visit(ada)
    lead.get(f"/lead/people/{ada.id}/close")
    assert find(session, ada.email).left_at is None
    lead.send("Close the account")
    assert "closed" in lead.words
    assert "Left on " in lead.get(f"/lead/people/{ada.id}").words
    assert lead.page.xpath("//a[.='Open this account again'][@href=$path]", path=f"/lead/people/{ada.id}/open")
    assert hers.get("/").path == "/sign-in"
    lead.get(f"/lead/people/{ada.id}/open").send("Open the account again")
    assert find(session, ada.email).left_at is None


def test_the_last_administrator_stays(visit: Visit, add_person: AddPerson, session: Session) -> None:
    only = add_person("Eve Admin", access="administrator")
    visitor = visit(only).get(f"/lead/people/{only.id}/close").send("Close the account", 422)
    assert "cannot close your own account" in problem(visitor)


def test_the_pages_ask_the_database_a_bounded_number_of_times(
    lead: Visitor, add_person: AddPerson, session: Session, count_queries: Callable[[], list[str]]
) -> None:
    people = [add_person(f"Person {n}") for n in range(12)]
    for n in range(3):
        upload(lead, listing(*(f"P,p{i}@example.org,Health,Health visiting,Manager" for i in range(9 * n + 1))))
    shown = lead.path
    for path, most in (
        ("/lead/imports", 3),
        (shown, 8),
        (f"/lead/people/{people[0].id}/edit", 8),
        ("/lead/people/add", 4),
    ):
        sent = count_queries()
        lead.get(path)
        assert len(sent) <= most, (path, sent)


def test_a_lead_who_has_lost_scope_brings_in_no_more_than_they_have_now(
    visit: Visit, add_person: AddPerson, session: Session, app: Flask
) -> None:
    person = add_person("Pia Lead", access="partnership-lead")
    visitor = visit(person)
    upload(visitor, listing(ADA, "Dee,dee@example.org,Police,Neighbourhood,Manager"))
    admin = add_person("Eve Admin", access="administrator")
    joining.give_access(session, session.get_one(Person, admin.id), person, access="team-lead", now=NOW)
    visitor.send("Bring in 2 people", 409, close="none")
    visitor.send("Bring in 1 person, leave out 1 line", close="none")
    assert find(session, "ada.bell@example.org")
    assert session.scalar(select(func.count()).where(Person.email == "dee@example.org")) == 0

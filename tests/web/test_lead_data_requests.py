"""Requests about data on the desk: only for whoever looks after everybody, answered once, erased on request alone."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.mine import data_requests
from course.learning.mine.erased import NOBODY
from course.learning.tables import Audit, DataRequest, Person
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)


@pytest.fixture
def ada(add_person: AddPerson) -> Person:
    return add_person("Ada Bell")


@pytest.fixture
def lead(visit: Visit, add_person: AddPerson) -> Visitor:
    return visit(add_person("Lena Lead", access="partnership-lead"))


@pytest.mark.parametrize("access", ["learner", "team-lead", "agency-lead"])
def test_for_narrower_leads_there_is_no_such_page(
    visit: Visit, add_person: AddPerson, ada: Person, session: Session, access: str
) -> None:
    request = data_requests.ask(session, ada, "erase", text="", now=NOW)
    visitor = visit(add_person("Nora Narrow", access=access))
    for path in ("/lead/data-requests", f"/lead/data-requests/{request.id}"):
        visitor.get(path, status=404)
    if access != "learner":
        assert "equest" not in visitor.get("/lead/").page.text_content()


def test_a_correction_is_read_answered_and_read_by_whoever_asked(
    visit: Visit, ada: Person, lead: Visitor, session: Session
) -> None:
    data_requests.ask(session, ada, "correct", text="I am <Bell>\nsince May", now=NOW)
    assert "One request about data waits" in lead.get("/lead/").words
    lead.get("/lead/data-requests").get(lead.page.xpath("//table//a/@href")[0])
    assert "I am <Bell> since May" in lead.words
    for answer in ("", "x" * 2001):
        lead.send("Keep the answer", 422, answer=answer)
        assert lead.page.findtext(".//title").startswith("Error: ")
        assert lead.page.xpath("//div[contains(@class, 'error-summary')]//a/@href") == ["#answer"]
    lead.send("Keep the answer", answer="Done: your name is <Bell> now")
    assert "No request is waiting" in lead.words
    assert "Done: your name is <Bell> now" in visit(ada).get("/mine/data/kept/my-requests").words
    told = [text(row) for row in visit(ada).get("/account/who-looked").page.xpath("//tbody/tr")]
    assert any("Answered a request about data" in line and "Lena Lead" in line for line in told)
    assert "<Bell>" not in " ".join(session.scalars(select(Audit.what)))


def test_erasing_wants_a_tick_ends_the_session_and_pressed_twice_does_nothing_more(
    visit: Visit, ada: Person, lead: Visitor, session: Session
) -> None:
    theirs = visit(ada).get("/mine/data")
    data_requests.ask(session, ada, "erase", text="", now=NOW)
    lead.get("/lead/data-requests").get(lead.page.xpath("//table//a/@href")[0])
    lead.send("Erase the account of Ada Bell", 422)
    assert lead.page.xpath("//div[contains(@class, 'error-summary')]//a/@href") == ["#sure"]
    [form] = [b.getparent() for b in lead.page.iter("button") if text(b).startswith("Erase the account")]
    lead.post(form, sure="yes")
    assert "The account is erased" in lead.words
    assert NOBODY in lead.words
    assert "Ada Bell" not in lead.words
    lead.post(form, sure="yes")
    assert "Nothing was done" in lead.words
    assert theirs.get("/mine/data").heading == "Sign in"
    theirs.sign_in("ada.bell@example.org", "a long enough password", status=422)
    lead.get(f"/lead/people/{ada.id}")
    assert NOBODY in lead.words
    lead.get(f"/lead/people/{ada.id}/open").send("Open the account again", 422)
    assert "stays closed" in lead.words


def test_one_may_not_decide_on_oneself_or_on_a_wider_access(
    visit: Visit, add_person: AddPerson, lead: Visitor, session: Session
) -> None:
    own = session.scalars(select(Person).where(Person.name == "Lena Lead")).one()
    alone = data_requests.ask(session, own, "erase", text="", now=NOW)
    form = lead.get(f"/lead/data-requests/{alone.id}").page.xpath("//form[contains(@action, 'data-requests')]")[0]
    chief = add_person("Carla Chief", access="administrator")
    for person, words in ((own, "your own"), (chief, "wider access")):
        request = data_requests.ask(session, person, "erase", text="", now=NOW)
        form.set("action", f"/lead/data-requests/{request.id}/erase")
        lead.post(form, 422, sure="yes")
        assert words in lead.words
    session.expire_all()
    assert {own.name, chief.name} == {"Lena Lead", "Carla Chief"}


@pytest.mark.parametrize("kind", ["correct", "erase"])
def test_ones_own_request_is_answered_by_somebody_else_if_there_is_anybody(
    visit: Visit, add_person: AddPerson, lead: Visitor, session: Session, kind: str
) -> None:
    own = session.scalars(select(Person).where(Person.name == "Lena Lead")).one()
    path = f"/lead/data-requests/{data_requests.ask(session, own, kind, text='planted', now=NOW).id}"
    assert "Nobody else can answer it now" in lead.get(path).words
    [form] = [b.getparent() for b in lead.page.iter("button") if text(b) in ("Keep the answer", "Refuse to erase")]
    other = add_person("Olu Other", access="partnership-lead")
    lead.get(path)
    assert "Somebody else who answers requests" in lead.words
    assert not lead.page.xpath("//main//form")
    lead.post(form, 422, answer="I say so")
    assert session.scalars(select(DataRequest.answered_at)).all() == [None]
    other.left_at = NOW
    session.commit()
    assert "is kept" in lead.post(form, answer="I say so").words


def test_each_look_at_a_request_is_told_to_whom_it_is_about(
    visit: Visit, ada: Person, lead: Visitor, session: Session
) -> None:
    request = data_requests.ask(session, ada, "correct", text="planted", now=NOW)
    lead.get(f"/lead/data-requests/{request.id}").send("Keep the answer", 422, answer="")
    told = [text(row) for row in visit(ada).get("/account/who-looked").page.xpath("//tbody/tr")]
    assert [line for line in told if "Lena Lead" in line and "Read a request about data" in line] == told[:1] == told
    assert "planted" not in str(session.execute(select(Audit.what, Audit.act)).all())


def test_a_refusal_needs_a_reason_which_whoever_asked_reads(
    visit: Visit, ada: Person, lead: Visitor, session: Session
) -> None:
    request = data_requests.ask(session, ada, "erase", text="", now=NOW)
    lead.get(f"/lead/data-requests/{request.id}").send("Refuse to erase", 422, answer=" ")
    lead.send("Refuse to erase", answer="We keep training records for six years.")
    assert "six years" in visit(ada).get("/mine/data/kept/my-requests").words
    session.expire_all()
    assert session.scalars(select(DataRequest)).one().answered_at is not None
    lead.get("/lead/data-requests/2147483647", status=404)

"""Certificates and the record of learning: a learner’s own, and what somebody who checks a certificate is shown."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.learning.tables import Attempt, Certificate, Completion, Person, VoidInForce
from tests.web.test_lead_pack import kinds, read
from tests.web.visitor import Visitor, text

Complete = Callable[..., None]
THREE, THIRTEEN = "03-module-three", "13-module-thirteen"
PAGE = f"/mine/certificates/{THREE}"
WHEN = datetime(2026, 6, 30, 23, 30, tzinfo=UTC)
"""The first of July in London."""


@pytest.fixture
def complete(session: Session) -> Complete:
    """Records that somebody completed a module."""

    def complete(person: Person, module: str = "module-three", *, at: datetime = WHEN, version: str = "1.0") -> None:
        theirs = (Attempt.person_id == person.id, Attempt.module_id == module)
        number = session.scalar(select(func.count()).where(*theirs)) or 0
        kept = {"person_id": person.id, "module_id": module, "version": version}
        attempt = Attempt(**kept, number=number, started_at=at)
        session.add(attempt)
        session.flush()
        session.add(Completion(**kept, attempt_id=attempt.id, completed_at=at))
        session.commit()

    return complete


def code_on(visitor: Visitor) -> str:
    return text(visitor.page.xpath("//main//*[@class='certificate__code']")[0])


def pdf_at(visitor: Visitor, path: str) -> tuple[PdfReader, str]:
    visitor.get(path)
    assert visitor.response.mimetype == "application/pdf"
    return read(visitor.response.data)


def is_for_everybody(reader: PdfReader, title: str) -> bool:
    """Tagged, in a language, with a title, and said to be PDF/UA-1."""
    root = reader.root_object
    described = root["/Metadata"].get_object().get_data().decode()
    assert root["/MarkInfo"]["/Marked"]
    assert kinds(reader)
    assert (root["/Lang"], reader.metadata and reader.metadata.title) == ("en-GB", title)
    return "<pdfuaid:part>1</pdfuaid:part>" in described


@pytest.mark.parametrize("name", ["Siân O’Neill", "李 Wei"])
def test_a_certificate_says_the_same_on_its_page_in_its_document_and_to_whoever_checks_it(
    visit: Callable[..., Visitor], add_person: Callable[..., Person], complete: Complete, name: str
) -> None:
    person = add_person(name, email="a@example.org")
    complete(person)
    learner = visit(person).get(PAGE)
    said = [name, "Module 3: Not making a referral", "1 July 2026", "Practitioner", "Health", "1.0", "no pass mark"]
    assert [part for part in said if part not in learner.words] == []
    code = code_on(learner)
    assert f"https://localhost/certificates/{code}" in learner.words

    reader, written = pdf_at(learner, f"{PAGE}.pdf")
    assert is_for_everybody(reader, "Certificate of completion")
    said[0] = name.replace("李", "[U+674E]")
    assert [part for part in said if part not in written] == []
    assert code in written
    assert learner.get(f"{PAGE}.pdf").response.data == learner.get(f"{PAGE}.pdf").response.data

    anybody = visit().get(f"/certificates/{code.lower().replace('-', '')}")
    assert anybody.heading == "This certificate is real"
    facts = [text(row) for row in anybody.page.xpath("//dl/div")]
    learner.get(PAGE)
    assert facts == [text(row) for row in learner.page.xpath("//dl/div")], "no more than the paper says, and no less"
    assert "example.org" not in anybody.response.text
    assert person.id not in anybody.response.text
    assert "Health visiting" not in anybody.response.text, "a team is not on the paper"


def test_a_certificate_is_nobody_elses_and_only_of_what_is_complete(
    visit: Callable[..., Visitor], add_person: Callable[..., Person], complete: Complete
) -> None:
    ada, bea = add_person("Ada Bell"), add_person("Bea Cole")
    complete(ada)
    visit(ada).get(PAGE)
    other = visit(bea)
    for path in (PAGE, f"{PAGE}.pdf", f"{PAGE}/1", f"{PAGE}/1.pdf", "/mine/certificates/course"):
        other.get(path, 404)
    mine = visit(ada)
    for name in (THIRTEEN, "course", "3", "no-such", "course/1", f"{THREE}/2", f"{THREE}/0"):
        mine.get(f"/mine/certificates/{name}", 404)
    assert visit().get(PAGE).path == "/sign-in"


def test_a_code_is_typed_and_found_and_one_that_is_none_is_told_so(
    visit: Callable[..., Visitor], add_person: Callable[..., Person], complete: Complete
) -> None:
    person = add_person("Ada Bell")
    complete(person)
    code = code_on(visit(person).get(PAGE))
    anybody = visit().get("/certificates/")
    assert anybody.heading == "Check a certificate"
    anybody.get(f"/certificates/?code=%20{code.lower().replace('-', '+')}")
    assert anybody.heading == "This certificate is real"

    other = ("0" if code[-1] != "0" else "1").join((code[:-1], ""))
    for path in (
        f"/certificates/{other}",
        "/certificates/?code=<b>x",
        "/certificates/%00",
        f"/certificates/{'7' * 999}",
    ):
        anybody.get(path, 404)
        assert anybody.page.findtext(".//title").startswith("Error: Check a certificate")
        assert "There is no certificate with the code" in anybody.words
    anybody.get("/certificates/?code=", 422)


def test_checking_is_limited_and_says_what_to_do(visit: Callable[..., Visitor]) -> None:
    anybody = visit()
    for _ in range(60):
        anybody.get("/certificates/0000-0000-0000-0000", 404)
    anybody.get("/certificates/0000-0000-0000-0000", 429)
    assert "Wait a minute" in anybody.words


def test_what_voids_a_completion_is_told_on_paper_and_to_whoever_checks(
    visit: Callable[..., Visitor], add_person: Callable[..., Person], complete: Complete, session: Session, app: Flask
) -> None:
    person = add_person("Ada Bell")
    complete(person, version="0.9")  # the ledger has it no more, so any line in force comes after it
    complete(person, "module-thirteen")
    learner = visit(person).get("/mine/certificates/course")
    first = code_on(learner)
    assert "All 2 modules of the course" in learner.words

    ledger = app.extensions["library"].modules[0].about.ledger
    voiding = ledger[-1].model_copy(update={"version": "2.0", "kind": "voids"})
    object.__setattr__(app.extensions["library"].modules[0].about, "ledger", (*ledger, voiding))
    try:
        session.add(VoidInForce(module_id="module-three", version="2.0", at=WHEN + timedelta(days=9), by_id=person.id))
        session.commit()
        for path in (PAGE, "/mine/certificates/course"):
            assert "No longer counts since 10 July 2026: module 3" in learner.get(path).words
            assert "No longer counts since 10 July 2026: module 3" in pdf_at(learner, f"{path}.pdf")[1]
        anybody = visit().get(f"/certificates/{first}")
        assert anybody.heading == "This certificate is real, and no longer counts"

        complete(person, at=WHEN + timedelta(days=20), version="2.0")
        assert "No longer counts" not in learner.get("/mine/certificates/course").words
        assert code_on(learner) != first
        assert "21 July 2026" in learner.words
    finally:
        object.__setattr__(app.extensions["library"].modules[0].about, "ledger", ledger)


def test_a_refresher_has_a_certificate_of_its_own_and_the_earlier_one_stays(
    visit: Callable[..., Visitor], add_person: Callable[..., Person], complete: Complete
) -> None:
    person = add_person("Ada Bell")
    complete(person)
    learner = visit(person).get(PAGE)
    first = code_on(learner)
    complete(person, at=WHEN + timedelta(days=365))
    learner.get(PAGE)
    assert code_on(learner) != first
    [earlier] = learner.page.xpath("//a[contains(., 'Completed on 1 July 2026')]/@href")
    assert code_on(learner.get(earlier)) == first


def test_a_new_name_is_put_on_a_certificate_only_when_its_holder_asks(
    visit: Callable[..., Visitor], add_person: Callable[..., Person], complete: Complete, session: Session
) -> None:
    person = add_person("Ada Bell")
    complete(person)
    learner = visit(person).get(PAGE)
    first = code_on(learner)
    assert not learner.page.xpath("//button[contains(., 'anew')]")
    person.name = "Ada Stone"
    session.commit()
    assert "Ada Bell" in learner.get(PAGE).words
    form = learner.page.xpath("//form[contains(@action, 'anew')]")[0]
    learner.post(form).post(form)
    assert learner.path == PAGE
    assert "Ada Bell" not in learner.words
    visit().get(f"/certificates/{first}", 404)
    assert "Ada Stone" in visit().get(f"/certificates/{code_on(learner)}").words
    assert session.scalar(select(func.count()).select_from(Certificate)) == 1


def test_the_record_lists_every_completion_with_its_minutes_by_year(
    visit: Callable[..., Visitor], add_person: Callable[..., Person], complete: Complete, session: Session
) -> None:
    person = add_person("=Ada")
    learner = visit(person).get("/mine/record")
    assert "You have not completed a module yet" in learner.words
    complete(person)
    complete(person, at=WHEN + timedelta(days=365))
    complete(person, "module-thirteen", at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    complete(person, "a-module-that-is-gone", at=WHEN - timedelta(days=1))
    learner.get("/mine/record")
    years = [text(item) for item in learner.page.xpath("//main//ul[contains(@class, 'bullet')]/li")]
    assert [year.rpartition(", ")[0] for year in years] == ["2027: 1 completion", "2026: 3 completions"]
    links = learner.page.xpath("//table//a/@href")
    assert [link.removeprefix("/mine/certificates/") for link in links] == [f"{THREE}/2", f"{THIRTEEN}/1", f"{THREE}/1"]
    assert learner.get(links[2]).heading == "Certificate of completion"

    lines = learner.get("/mine/record.csv").response.get_data(as_text=True).splitlines()
    assert lines[0] == "\ufeffModule,Completed on,Minutes,Role,Version,Certificate"
    assert [line.split(",")[1] for line in lines[1:]] == ["2027-07-01", "2026-12-31", "2026-07-01", "2026-06-30"]
    reader, written = pdf_at(learner, "/mine/record.pdf")
    assert is_for_everybody(reader, "Record of learning")
    assert learner.response.data == learner.get("/mine/record.pdf").response.data
    assert "Name: =Ada" in written or "Name =Ada" in written
    assert written.count("Not making a referral after bruising") == 2


def test_a_certificate_and_a_record_cost_at_most_six_queries(
    visit: Callable[..., Visitor],
    add_person: Callable[..., Person],
    complete: Complete,
    count_queries: Callable[[], list[str]],
) -> None:
    person = add_person("Ada Bell")
    complete(person)
    complete(person, "module-thirteen")
    learner = visit(person)
    for path in (PAGE, "/mine/certificates/course", "/mine/record"):
        for _ in ("made", "kept"):
            queries = count_queries()
            learner.get(path)
            assert len(queries) <= 6, (path, queries)
    code = code_on(learner.get(PAGE))
    queries = count_queries()
    visit().get(f"/certificates/{code}")
    assert len(queries) <= 2

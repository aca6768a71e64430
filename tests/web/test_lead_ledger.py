"""The ledger: what changed in each module, and a change that voids says whom it affects before it is switched on."""

import csv
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.orm import Session

from course.learning.tables import Attempt, Audit, Completion, Person, Team, VoidInForce
from tests.factories import MODULE as FILE
from tests.factories import write_content
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
CHANGE = "/lead/currency/03-module-three/2.0"
LEDGER = [
    {"version": "1.0", "date": "2026-11-23", "kind": "first", "what": "First edition."},
    {"version": "1.1", "date": "2027-01-04", "kind": "wording", "what": "Plainer <words>."},
    {"version": "2.0", "date": "2027-02-01", "kind": "voids", "what": "The law has changed."},
]


@pytest.fixture(scope="session")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    change: dict[str, Callable[[Any], object]] = {FILE: lambda module: module.update(ledger=LEDGER)}
    return write_content(tmp_path_factory.mktemp("content"), numbers=(3, 13), change=change)


@pytest.fixture
def complete(session: Session) -> Callable[..., None]:
    """Somebody has completed module 3 on a version."""

    def complete(person: Person, version: str) -> None:
        at = datetime.now(UTC) - timedelta(hours=1)
        about = {"person_id": person.id, "module_id": "module-three", "version": version}
        attempt = Attempt(**about, number=0, started_at=at)
        session.add(attempt)
        session.flush()
        session.add(Completion(**about, attempt_id=attempt.id, completed_at=at))
        session.commit()

    return complete


@pytest.fixture
def people(add_person: AddPerson, complete: Callable[..., None]) -> None:
    """Three on versions before 2.0, in three teams of two agencies; one on 2.0; one who has completed nothing."""
    for name, version, team in (
        ("Ada Bell", "1.0", "Health visiting"),
        ("Ben Cole", "1.1", "School nursing"),
        ("Dee Evans", "1.0", "Neighbourhood"),
        ("Eva Ford", "2.0", "Health visiting"),
    ):
        complete(add_person(name, team=team), version)
    add_person("Fay Gray")


@pytest.fixture
def lead(visit: Visit, add_person: AddPerson) -> Visitor:
    return visit(add_person("Zoe Lead", access="partnership-lead"))


def table(visitor: Visitor, caption: str) -> list[list[str]]:
    return [
        [text(cell) for cell in row.xpath("th | td")]
        for row in visitor.page.xpath("//table[starts-with(caption, $caption)]/tbody/tr", caption=caption)
    ]


def in_file(visitor: Visitor, path: str) -> list[list[str]]:
    response = visitor.client.get(path, base_url="https://localhost")
    assert response.status_code == 200, path
    lines = list(csv.reader(StringIO(response.get_data().decode("utf-8-sig"))))[1:]
    return lines[: lines.index([])]


@pytest.mark.usefixtures("people")
def test_the_ledger_says_what_changed_newest_first_and_what_completions_stand_on(lead: Visitor) -> None:
    rows = table(lead.get("/lead/currency"), "Each module")
    assert [row[1:6] for row in rows][:3] == [
        ["2.0", "2027-02-01", "Voids earlier completions", "The law has changed.", "1"],
        ["1.1", "2027-01-04", "Wording", "Plainer <words>.", "1"],
        ["1.0", "2026-11-23", "First edition", "First edition.", "2"],
    ]
    assert rows[0][6] == "Not yet. It affects 3 people"
    assert "version 2.0: 3 people would be asked to do it again" in lead.words
    assert in_file(lead, "/lead/currency.csv") == rows
    assert [line.what for line in _audit(lead)] == [
        "changes-of-content.csv: Every version of every module, with the completions that count today on each."
    ]


def _audit(visitor: Visitor) -> list[Audit]:
    with visitor.client.application.extensions["sessions"]() as session:
        return list(session.query(Audit).order_by(Audit.id))


@pytest.mark.usefixtures("people")
def test_a_change_says_whom_it_affects_and_does_nothing_until_it_is_switched_on(
    lead: Visitor, session: Session
) -> None:
    lead.get(CHANGE)
    assert "3 people of 4 whose completion counts" in lead.words
    assert table(lead, "By agency") == [["Health", "2 of 3 (67%)"], ["Police", "1 of 1 (100%)"]]
    teams = [["Health: Health visiting", "1 of 2 (50%)"], ["Health: School nursing", "1 of 1 (100%)"]]
    assert table(lead, "By team") == [*teams, ["Police: Neighbourhood", "1 of 1 (100%)"]]
    listed = in_file(lead, f"{CHANGE}/people.csv")
    assert [(row[0], row[6]) for row in listed] == [("Ada Bell", "1.0"), ("Ben Cole", "1.1"), ("Dee Evans", "1.0")]
    assert "Voided by a new version" not in [text(s) for s in lead.get("/lead/people").page.xpath("//td//span")]
    assert not session.query(VoidInForce).count()


@pytest.mark.usefixtures("people")
def test_switched_on_it_voids_those_whom_it_named_and_says_so_in_the_audit(lead: Visitor, session: Session) -> None:
    lead.get(CHANGE).send("Switch on version 2.0")
    assert "Version 2.0 is in force. It affects 3 people." in text(lead.page)
    assert "switched on by Zoe Lead" in lead.words
    assert not lead.page.xpath("//button[starts-with(normalize-space(), 'Switch on')]")
    voided = lead.get("/lead/people?status=voided").page.xpath("//tbody/tr/th/a")
    assert [text(name) for name in voided] == ["Ada Bell", "Ben Cole", "Dee Evans"]
    [row] = session.query(VoidInForce)
    assert (row.module_id, row.version, row.by.name) == ("module-three", "2.0", "Zoe Lead")
    assert [line.act for line in session.query(Audit)] == ["voided"]
    assert table(lead.get("/lead/currency"), "Each module")[0][6].startswith("Since 2")
    assert "Nothing waits" in lead.words


@pytest.mark.usefixtures("people")
def test_if_the_number_has_changed_the_page_is_shown_again_with_the_new_one(
    lead: Visitor, session: Session, add_person: AddPerson, complete: Callable[..., None]
) -> None:
    lead.get(CHANGE)
    complete(add_person("Gil Hart"), "1.0")
    lead.send("Switch on version 2.0", 409)
    assert "has changed since you opened the page: it is 4 people now" in lead.words
    [target] = lead.page.xpath("//div[contains(@class, 'error-summary')]//a/@href")
    assert lead.page.xpath("//*[@id=$id]", id=target[1:])
    assert not session.query(VoidInForce).count()
    lead.send("Switch on version 2.0")
    assert session.query(VoidInForce).count() == 1


def test_whoever_comes_second_is_told_and_nothing_is_done_twice(
    lead: Visitor, session: Session, visit: Visit, add_person: AddPerson
) -> None:
    other = visit(add_person("Yan Lead", access="administrator")).get(CHANGE)
    lead.get(CHANGE).send("Switch on version 2.0")
    other.send("Switch on version 2.0")
    assert "already in force" in text(other.page)
    assert session.query(Audit).count() == 1


@pytest.mark.usefixtures("people")
@pytest.mark.parametrize(("access", "seen"), [("team-lead", ["Ada Bell"]), ("agency-lead", ["Ada Bell", "Ben Cole"])])
def test_a_lead_sees_whom_it_affects_in_their_scope_and_cannot_switch_it_on(
    visit: Visit, add_person: AddPerson, session: Session, access: str, seen: list[str]
) -> None:
    lead = visit(add_person("Tom Lead", access=access)).get(CHANGE)
    assert f"{len(seen)} {'person' if len(seen) == 1 else 'people'}" in lead.words
    assert "Police" not in lead.words
    assert not lead.page.xpath("//form[@method='post'][contains(@action, 'currency')]")
    assert [row[0] for row in in_file(lead, f"{CHANGE}/people.csv")] == seen
    assert sum(int(row[5]) for row in in_file(lead, "/lead/currency.csv")) == len(seen) + 1
    [sign_out] = lead.page.xpath("//form[@method='post']")[:1]
    sign_out.set("action", CHANGE)
    lead.post(sign_out, 404, people=len(seen))
    assert not session.query(VoidInForce).count()


@pytest.mark.parametrize("access", ["partnership-lead", "administrator"])
def test_who_answers_for_the_partnership_may_switch_it_on(visit: Visit, add_person: AddPerson, access: str) -> None:
    lead = visit(add_person("Zoe Lead", access=access)).get(CHANGE)
    assert "In force since" in lead.send("Switch on version 2.0").words


PATHS = ["/lead/currency", "/lead/currency.csv", "/lead/currency.xlsx", CHANGE, f"{CHANGE}/people.csv"]


@pytest.mark.parametrize("path", PATHS)
def test_for_a_learner_it_does_not_exist_and_a_stranger_signs_in(learner: Visitor, visit: Visit, path: str) -> None:
    learner.get(path, 404)
    assert visit().get(path).heading == "Sign in"


@pytest.mark.parametrize("path", ["03-module-three/1.1", "03-module-three/9", "module-three/2.0", "nothing/2.0"])
def test_what_voids_nothing_has_no_page(lead: Visitor, path: str) -> None:
    lead.get(f"/lead/currency/{path}", 404)


@pytest.mark.parametrize("path", ["/lead/currency", CHANGE])
def test_a_page_costs_three_queries_whoever_is_here(
    lead: Visitor,
    add_person: AddPerson,
    complete: Callable[..., None],
    count_queries: Callable[[], list[str]],
    teams: dict[str, Team],
    path: str,
) -> None:
    for n, team in zip(range(20), [*teams] * 5, strict=True):
        complete(add_person(f"Person {n:02}", team=team), "1.0")
    lead.get(path)
    queries = count_queries()
    lead.get(path)
    assert len(queries) == 3, queries  # who is signed in, what is in force, whether anything has changed

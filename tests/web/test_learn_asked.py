"""What learners are asked to do, and by when: on their first page, in the words that their lead reads."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from course.learning.desk.standing.board import Board
from course.learning.tables import Assignment, Attempt, Completion, Person, Team, VoidInForce
from course.web.learn import views
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]
NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1000)


@pytest.fixture(autouse=True)
def clock(app: Flask) -> None:
    app.config["CLOCK"] = lambda: NOW


@pytest.fixture
def lead(add_person: AddPerson) -> Person:
    return add_person("Zoe Lead", access="partnership-lead", team="School nursing")


@pytest.fixture
def ada(add_person: AddPerson, session: Session) -> Person:
    person = add_person("Ada Bell")
    person.joined_at = LONG_AGO
    session.commit()
    return person


@pytest.fixture
def ask(session: Session, teams: dict[str, Team], lead: Person) -> Callable[..., None]:
    """Asks everybody of health visiting to do these modules."""

    def ask(*modules: str, **how: Any) -> None:
        made = {"team_id": teams["Health visiting"].id, "counts_from": LONG_AGO, "made_at": LONG_AGO}
        session.add(Assignment(module_ids=list(modules), made_by_id=lead.id, **(made | how)))
        session.commit()

    return ask


@pytest.fixture
def did(session: Session) -> Callable[..., None]:
    """Keeps that somebody began a module on a day, and completed it then if they did."""

    def did(person: Person, module: str, day: date, *, completes: bool = True) -> None:
        at = datetime(day.year, day.month, day.day, 9, tzinfo=UTC)
        attempt = Attempt(person_id=person.id, module_id=module, number=0, version="1.0", started_at=at)
        session.add(attempt)
        session.flush()
        done = {"person_id": person.id, "module_id": module, "version": "1.0", "completed_at": at}
        session.add_all([Completion(attempt_id=attempt.id, **done)] * completes)
        session.commit()

    return did


def asked_of(visitor: Visitor) -> list[str]:
    return [text(item) for item in visitor.page.xpath("//ol[contains(@class, 'asked')]/li")]


def in_list(visitor: Visitor, number: int) -> tuple[str, str]:
    """The status of a module in the list of every one, and what is said of it."""
    [item] = visitor.page.xpath("//ol[@class='modules']/li[starts-with(@data-key, $key)]", key=f"{number}=")
    status, where = (text(item.xpath(f".//*[contains(@class, 'modules__{part}')]")[0]) for part in ("status", "where"))
    return status, where


@pytest.mark.parametrize(
    ("how", "completed", "status", "asks"),
    [
        ({}, None, "Not started", "Asked: do this. No day is set."),
        ({"due_on": date(2027, 3, 1)}, None, "Not started", "Asked: do this by 1 March 2027."),
        ({"due_on": date(2026, 12, 9)}, None, "Due soon", "Asked: do this by 9 December 2026."),
        ({"due_on": date(2025, 2, 25)}, None, "Overdue", "Asked: do this now. It was due by 25 February 2025."),
        (
            {"refresh_months": 24},
            date(2024, 4, 2),
            "Expired",
            "Do this again: the refresher was due by 2 April 2026.",
        ),
        ({"refresh_months": 12}, date(2025, 12, 9), "Due soon", "Do this again by 9 December 2026."),
    ],
)
def test_what_is_asked_stands_at_the_top_as_the_lead_reads_it(
    visit: Visit,
    ada: Person,
    lead: Person,
    ask: Callable,
    did: Callable,
    how: dict[str, Any],
    completed: date | None,
    status: str,
    asks: str,
) -> None:
    ask("module-three", **how)
    if completed:
        did(ada, "module-three", completed)
    learner = visit(ada).get("/")
    [item] = asked_of(learner)
    assert item.startswith("3. ")
    assert item.endswith(f"{status}. {asks}")
    found, where = in_list(learner, 3)
    assert found == status
    assert where.startswith(asks)
    record = visit(lead).get(f"/lead/people/{ada.id}")
    [row] = record.page.xpath("//table[.//th[contains(., 'Status')]]/tbody/tr[starts-with(th, '3. ')]")
    assert status in text(row)


def test_what_is_due_first_comes_first_and_what_is_done_is_not_asked(
    visit: Visit, ada: Person, ask: Callable, did: Callable
) -> None:
    ask("module-three", due_on=date(2027, 3, 1))
    ask("module-thirteen", due_on=date(2026, 12, 9), refresh_months=24)
    learner = visit(ada).get("/")
    assert [item.partition(".")[0] for item in asked_of(learner)] == ["13", "3"]
    did(ada, "module-thirteen", date(2026, 11, 20))
    assert [item.partition(".")[0] for item in asked_of(learner.get("/"))] == ["3"]
    assert in_list(learner, 13) == ("Complete", "Do this again by 20 November 2028. Completed on 20 November 2026")
    did(ada, "module-three", date(2026, 11, 21))
    assert asked_of(learner.get("/")) == []
    assert "You have done everything that you are asked to do" in learner.words
    assert in_list(learner, 3) == ("Complete", "Completed on 21 November 2026")


def test_a_new_version_that_voids_is_asked_for_before_all_else(
    app: Flask, session: Session, visit: Visit, ada: Person, ask: Callable, did: Callable, lead: Person
) -> None:
    three, thirteen = app.extensions["library"].modules
    newer = {"version": "2.0", "date": date(2026, 2, 1), "kind": "voids", "what": "Another threshold."}
    ledger = [*thirteen.about.ledger, thirteen.about.ledger[0].model_copy(update=newer)]
    thirteen = replace(thirteen, about=thirteen.about.model_copy(update={"ledger": ledger}))
    app.extensions["board"] = Board([three, thirteen])
    ask("module-three", "module-thirteen", due_on=date(2025, 2, 25))
    did(ada, "module-thirteen", date(2025, 2, 1))
    session.add(VoidInForce(module_id=thirteen.id, version="2.0", at=NOW - timedelta(days=1), by_id=lead.id))
    session.commit()
    first, second = asked_of(visit(ada).get("/"))
    assert first.startswith("13. ")
    assert "Voided by a new version. Do this again: a new version has replaced the one that you completed." in first
    assert second.startswith("3. ")


def test_whoever_is_asked_for_nothing_is_told_so(visit: Visit, ada: Person, did: Callable) -> None:
    did(ada, "module-thirteen", date(2026, 11, 1), completes=False)
    learner = visit(ada).get("/")
    assert "What you are asked to do" not in learner.words
    assert in_list(learner, 3)[0] == "Not assigned"
    assert in_list(learner, 13)[0] == "In progress"
    assert "Not assigned means that nobody has asked you to do that module" in learner.words


def test_the_last_page_says_whether_the_module_is_to_be_done_again(
    visit: Visit, ada: Person, ask: Callable, did: Callable, session: Session
) -> None:
    did(ada, "module-three", date(2024, 4, 2))
    path = "/modules/03-module-three/overview"
    learner = visit(ada).get(path)
    assert "Nobody asks you to do it again" in learner.words
    ask("module-three", refresh_months=24)
    assert "Do this again: the refresher was due by 2 April 2026." in learner.get(path).words
    assert "Nobody asks you" not in learner.words


def test_nobody_sees_what_others_are_asked(visit: Visit, add_person: AddPerson, ada: Person, ask: Callable) -> None:
    ask("module-three", due_on=date(2026, 12, 9))
    assert asked_of(visit(ada).get("/"))
    assert not asked_of(visit(add_person("Dee Evans", team="Neighbourhood")).get("/"))


def start_of(visitor: Visitor) -> list[str]:
    return [text(a) for a in visitor.page.xpath("//main//a[starts-with(., 'Start with module')]")]


def test_a_newcomer_begins_with_what_is_due_first_and_else_with_the_first_module(
    visit: Visit, ada: Person, ask: Callable, did: Callable
) -> None:
    learner = visit(ada).get("/")
    assert [start.partition(",")[0] for start in start_of(learner)] == ["Start with module 3"]
    ask("module-three")
    ask("module-thirteen", due_on=date(2027, 3, 1))
    [start] = start_of(learner.get("/"))
    assert re.fullmatch(r"Start with module 13, about \d+ minutes", start)
    assert "2 modules to do, the first by 1 March 2027." in learner.words
    [link] = learner.page.xpath("//main//a[starts-with(., 'Start with module')]/@href")
    assert learner.get(link).path == "/modules/13-module-thirteen/overview"
    did(ada, "module-thirteen", date(2026, 11, 20), completes=False)
    assert not start_of(learner.get("/")), "there is a module to carry on with"


def test_what_is_overdue_is_counted_and_no_day_that_has_passed_is_named_as_to_come(
    visit: Visit, ada: Person, ask: Callable
) -> None:
    ask("module-three", due_on=date(2026, 11, 26))
    learner = visit(ada).get("/")
    assert "1 module to do, overdue." in learner.words
    ask("module-thirteen", due_on=date(2027, 3, 1))
    assert "2 modules to do, 1 of them overdue." in learner.get("/").words
    assert "the first by" not in learner.words


def test_what_is_asked_with_no_day_is_folded_below_what_has_one_where_it_is_much(
    app: Flask, visit: Visit, ada: Person, ask: Callable, monkeypatch: pytest.MonkeyPatch
) -> None:
    ask("module-three")
    ask("module-thirteen", due_on=date(2027, 3, 1))
    learner = visit(ada).get("/")
    folded = "//details[contains(summary, 'with no day set')]//ol/li"
    assert not learner.page.xpath(folded)
    monkeypatch.setattr(views, "MOST_WITHOUT_A_DAY", 0)
    assert [text(item)[:2] for item in learner.get("/").page.xpath(folded)] == ["3."]
    assert [item.partition(".")[0] for item in asked_of(learner)] == ["13", "3"]

"""What helps a learner along: where they are, what they know, a break, the way that they took, and what comes next."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.catalogue.library import load
from course.learning.tables import Completion, SixWeekCheck, StoredEvent
from tests.factories import SCENARIO, write_content
from tests.web.test_learn import MODULE, to_ending, to_the_end
from tests.web.visitor import Visitor, text

TURN = {
    "why": " ".join(["Much of what followed hung on this one decision."] * 3),
    "knew": [{"agency": "School", "what": "Four late days."}, {"agency": "Police", "what": "One call."}],
}


@pytest.fixture
def turning(app: Flask, tmp_path: Path) -> None:
    """The story turns on day 3, on either side; whoever has rung the school is not offered one of the ways."""

    def turn(scenario: dict[str, Any]) -> None:
        for moment in scenario["moments"]:
            moment.pop("turn", None)
            if moment["title"] == "Day 3":
                moment["turn"] = TURN
                moment["choices"][2]["unless"] = ["told"]
                moment["choices"][0]["strong"] = True

    app.extensions["library"] = load(write_content(tmp_path / "turning", numbers=(3, 13), change={SCENARIO: turn}))


def pieces(visitor: Visitor) -> list[str]:
    return [text(piece) for piece in visitor.page.xpath("//nav[@class='parts']/ol/li")]


def known(visitor: Visitor) -> str:
    [found] = visitor.page.xpath("//details[contains(@class, 'known')]")
    return text(found)


def test_the_bar_says_what_is_done_where_i_am_and_what_is_to_come(learner: Visitor) -> None:
    learner.get(f"{MODULE}/overview")
    assert pieces(learner)[:3] == ["Overview: here", "The records: not yet", "The decisions: not yet"]
    to_ending(learner, (0, 0))
    assert pieces(learner)[:4] == [
        "Overview: done",
        "The records: done",
        "The decisions: here",
        "What happened and why: not yet",
    ]
    assert learner.page.xpath("//nav[@class='parts']/p[.='Part 3 of 8: The decisions']")
    assert not learner.page.xpath("//nav[@class='parts']//a[contains(@href, 'debrief')]")


def test_at_the_end_every_part_is_done(learner: Visitor) -> None:
    assert pieces(to_the_end(learner))[-2:] == ["Reflection: done", "Done: here"]
    assert "not yet" not in " ".join(pieces(learner.get(f"{MODULE}/overview")))


def test_what_i_know_is_at_hand_at_every_step_and_at_the_ending(learner: Visitor) -> None:
    to_ending(learner, ())
    assert known(learner).endswith("So far it is what you have just read.")
    learner.choose(0)
    assert "The school knows. From your call." in known(learner)
    for _ in range(4):
        learner.choose(0)
    assert learner.heading.startswith("Ending")
    assert "The school knows. From your call." in known(learner)


@pytest.mark.usefixtures("turning")
def test_before_the_turning_point_and_nowhere_else_a_question_stands(learner: Visitor) -> None:
    to_ending(learner, ())
    asked = []
    for _ in range(5):
        asked.append("what would make me wrong?" in learner.words)
        learner.choose(0)
    assert asked == [False, False, True, False, False]


@pytest.mark.usefixtures("turning")
def test_the_debrief_names_the_turning_point_what_was_held_and_the_ways_that_were_open(learner: Visitor) -> None:
    to_ending(learner).send("See what happened")
    [entry] = learner.page.xpath("//li[contains(@class, 'debrief__choice--turn')]")
    assert "The turning point" in text(entry)
    assert "Much of what followed hung on this one decision." in text(entry)
    assert "Police: One call." in text(entry)
    assert "The school knows. From your call." in text(entry)
    assert len(entry.xpath(".//*[@data-other]")) == 1, "the third way was not offered to whoever rang the school"
    first = learner.page.xpath("//ol[@class='debrief']/li")[0]
    assert "What you knew by then" not in text(first), "nothing was known yet"
    assert len(first.xpath(".//*[@data-other]")) == 2
    drawn = [text(row) for row in learner.page.xpath("//*[local-name()='svg']/*[local-name()='text']")]
    assert drawn == ["Day 1", "Day 2", "Turning point: Day 3", "Day 4", "Day 5", "Ending: Ending 1"]
    assert "Your way ended here: Ending 1." in learner.words
    listed = [text(item) for item in learner.page.xpath("//nav[@class='debrief__places']//li")]
    assert listed == ["Day 1", "Day 2", "Day 3 (the turning point)", "Day 4", "Day 5"]
    assert "New since" not in learner.words


def test_both_ways_are_in_the_drawing_and_in_words_after_a_second_look(learner: Visitor) -> None:
    to_ending(learner).send("See what happened")
    learner.post(learner.page.xpath("//form[@data-act='go-back']")[3])
    learner.choose(2).choose(1).send("See what happened")
    drawn = [text(row) for row in learner.page.xpath("//*[local-name()='svg']/*[local-name()='text']")]
    assert drawn == [
        "Turning point: Day 1",
        "Day 2",
        "Day 3",
        "Day 4",
        "Your first way: Day 5",
        "Ending: Ending 1",
        "Your way now: Day 5",
        "Ending: Ending 4",
    ]
    [new] = learner.page.xpath("//nav[@class='parts']/p[starts-with(., 'New since you looked before')]")
    assert text(new) == "New since you looked before: Day 4, Day 5."
    for link in learner.page.xpath("//nav//a/@href[starts-with(., '#')]"):
        assert learner.page.xpath("//*[@id=$id]", id=link[1:]), f"{link} leads somewhere"
    [left] = learner.page.xpath("//section[@aria-labelledby='your-way']//details")
    assert text(left).startswith("Your first way, which you left")
    assert text(left).endswith("It ended here: Ending 1.")
    assert len(left.xpath(".//li")) == 5
    learner.get(f"{MODULE}/decisions/1")
    assert not learner.page.xpath("//*[local-name()='svg']")


def test_a_break_keeps_the_place_and_records_nothing(learner: Visitor, session: Session) -> None:
    to_ending(learner, (0, 0))
    before = session.scalar(select(func.count()).select_from(StoredEvent))
    link, same = learner.page.xpath("//a[.='Take a break']")
    assert link.get("href") == same.get("href"), "at the top and at the bottom"
    learner.get(link.get("href"))
    assert "Your place is kept: module 3, decision 3 of 5." in learner.words
    assert "your employer’s support for staff" in learner.words
    assert session.scalar(select(func.count()).select_from(StoredEvent)) == before
    [onward] = learner.page.xpath("//main//a[.='Carry on']")
    assert learner.get(onward.get("href")).path == f"{MODULE}/decisions/3"
    assert learner.get(link.get("href")).page.xpath("//main//form[contains(@action, 'sign-out')]")
    learner.get("/modules/99-nothing/break", 404)


def test_the_first_page_says_where_i_was_and_how_long_it_still_takes(learner: Visitor) -> None:
    def left() -> int:
        said = text(learner.get("/").page.xpath("//div[@class='carry-on']")[0])
        return int(said.partition("About ")[2].partition(" ")[0])

    to_ending(learner, (0,))
    assert "module 3, decision 2 of 5." in learner.get("/").words
    early = left()
    for _ in range(4):
        learner.get(f"{MODULE}/").choose(0)
    learner.send("See what happened").send("Go on").send("Go on").rate_all()
    assert left() < early
    assert left() == 5
    learner.get(f"{MODULE}/").send("Finish without writing")
    assert not learner.get("/").page.xpath("//div[@class='carry-on']")


def test_the_course_stands_under_its_stages(learner: Visitor) -> None:
    learner.get("/")
    headings = [text(h) for h in learner.page.xpath("//h3")]
    assert headings
    assert len(learner.page.xpath("//ol[@class='modules']/li")) == 2
    assert "2 modules along the child’s journey" in learner.words


def test_the_last_page_leads_to_what_comes_next(learner: Visitor) -> None:
    to_the_end(learner)
    leads = learner.page.xpath("//section[@aria-labelledby='following']//a/@href")
    for address in ("/mine/certificates/03-module-three", "/mine/plan", "/mine/checks/03-module-three", "/mine/cards"):
        assert address in leads


def test_the_last_page_says_when_the_check_comes_that_it_waits_and_when_it_was_answered(
    app: Flask, learner: Visitor, session: Session
) -> None:
    def said() -> str:
        [link] = learner.get(f"{MODULE}/done").page.xpath("//a[.='Your check after six weeks']")
        return text(link.getparent()).removeprefix("Your check after six weeks: ")

    app.config["CLOCK"] = lambda: datetime(2026, 11, 27, 9, tzinfo=UTC)
    to_the_end(learner)
    assert said() == "one decision and three questions, from 8 January 2027"
    app.config["CLOCK"] = lambda: datetime(2027, 1, 8, 9, tzinfo=UTC)
    assert said() == "one decision and three questions, waits for you now"
    done = session.scalars(select(Completion)).one()
    answers = {"choice": "a", "did": "done", "came_up": "no", "in_the_way": "nothing"}
    at = datetime(2027, 1, 9, 23, 30, tzinfo=UTC)
    session.add(SixWeekCheck(completion_id=done.id, person_id=done.person_id, at=at, **answers))
    session.commit()
    assert said() == "answered on 9 January 2027"


def test_every_page_says_whom_to_ring(visit: Callable[..., Visitor], learner: Visitor) -> None:
    for visitor in (visit(), learner):
        visitor.get("/worried")
        [foot] = visitor.page.xpath("//footer")
        assert "ring 999. Otherwise ring your local front door." in text(foot)
        assert "In the evening and at weekends ring your emergency duty team." in text(foot)


def test_a_number_that_a_partnership_writes_can_be_rung_from_every_page(app: Flask, learner: Visitor) -> None:
    library = app.extensions["library"]
    words = dict(library.words) | {
        "front-door": "the <b>front</b> door on 01632 960100",
        "out-of-hours": "the duty team on 01632 960101",
        "staff-support": "Talk to us, 01632 960102",
    }
    app.extensions["library"] = replace(library, words=words)
    learner.get("/")
    assert learner.page.xpath("//footer//a/@href")[1:4] == ["tel:999", "tel:01632960100", "tel:01632960101"]
    assert not learner.page.xpath("//footer//b"), "what is written is text"
    assert "tel:01632960102" in learner.get("/worried").page.xpath("//main//a/@href")
    assert "tel:01632960102" in learner.get(f"{MODULE}/break").page.xpath("//main//a/@href")

"""How colleagues chose: from whole tens alone, for decisions that I made, and only once the debrief is open."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from course.learning.desk.figures.gathering import bring_up_to_date
from course.learning.tables import Person, Team
from tests.web.answering import answer, path, some
from tests.web.test_learn import MODULE, to_ending
from tests.web.visitor import Visitor, text

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
EARLIER = NOW - timedelta(days=5)


@pytest.fixture
def answers(app: Flask, session: Session, teams: dict[str, Team]) -> None:
    """Ten of Health split seven to three; nine of Police have come to the end, which is one too few."""
    app.config["CLOCK"] = lambda: NOW
    three = app.extensions["library"].modules[0]
    nurses, officers = some(session, teams["Health visiting"], 10), some(session, teams["Neighbourhood"], 9)
    answer(session, nurses[:7], three, at=EARLIER, events=path(three, min))
    answer(session, nurses[7:], three, at=EARLIER, events=path(three, max))
    answer(session, officers, three, at=EARLIER, events=path(three, max))
    bring_up_to_date(session, "choices", [three], now=NOW)


def shares(visitor: Visitor) -> dict[str, list[str]]:
    """What is said of each choice at the first decision, the learner's own being named so."""
    fork = visitor.page.xpath("//section[@aria-labelledby='colleagues']//details")[0]
    found = {}
    for option in fork.xpath(".//ul[@class='colleagues']/li"):
        says = [text(share) for share in option.xpath("./ul/li")]
        found[text(option).removesuffix(" ".join(says)).strip()] = says
    return found


@pytest.mark.usefixtures("answers")
def test_whole_tens_are_shown_by_agency_and_fewer_are_withheld_with_the_reason(learner: Visitor) -> None:
    to_ending(learner).send("See what happened")
    found = shares(learner)
    assert list(found.values()) == [
        ["Health (yours): 7 of 10 colleagues"],
        ["Health (yours): 0 of 10 colleagues"],
        ["Health (yours): 3 of 10 colleagues"],
    ]
    assert [said.startswith("You chose this:") for said in found] == [True, False, False]
    assert "Not shown: Police. Fewer than ten people of this agency have been counted" in learner.words
    assert "9" not in text(learner.page.xpath("//section[@aria-labelledby='colleagues']")[0])
    assert "Counted up to the end of 22 November 2026." in learner.words


@pytest.mark.usefixtures("answers")
def test_nothing_is_shown_before_the_debrief_is_open_nor_of_decisions_that_i_did_not_make(learner: Visitor) -> None:
    to_ending(learner)
    assert "colleagues" not in learner.words
    learner.get(f"{MODULE}/debrief")
    assert "How colleagues chose" not in learner.words, "a look at the address opens nothing"
    learner.get(f"{MODULE}/").send("See what happened")
    forks = learner.page.xpath("//section[@aria-labelledby='colleagues']//details")
    assert len(forks) == 6, "the five decisions of this way, and how it is counted"
    learner.post(learner.page.xpath("//form[@data-act='go-back']")[0])
    assert "colleagues" not in learner.words
    learner.get(f"{MODULE}/overview")
    assert "colleagues" not in learner.words


def test_without_figures_the_page_says_why(learner: Visitor) -> None:
    to_ending(learner).send("See what happened")
    assert "Figures appear once ten people of one agency have come to the end of this story" in learner.words


@pytest.mark.usefixtures("answers")
def test_a_learner_sees_the_figures_that_leads_see_and_gathers_none(
    visit: Callable[..., Visitor],
    add_person: Callable[..., Person],
    session: Session,
    teams: dict[str, Team],
    app: Flask,
    count_queries: Callable[[], list[str]],
) -> None:
    learner = to_ending(visit(add_person("Ada Bell"))).send("See what happened")
    [tenth] = some(session, teams["Neighbourhood"], 1)
    three = app.extensions["library"].modules[0]
    answer(session, [tenth], three, at=EARLIER, events=path(three, max))
    app.config["CLOCK"] = lambda: NOW + timedelta(days=1)
    queries = count_queries()
    learner.get(f"{MODULE}/debrief")
    assert len(queries) <= 6, queries
    assert not any("INSERT" in query for query in queries)
    assert "Not shown: Police." in learner.words
    lead = visit(add_person("Zoe Lead", access="partnership-lead")).get("/lead/where-people-part/03-module-three")
    assert "10 of 10" in lead.words
    assert "Police: 10 of 10 colleagues" in shares(learner.get(f"{MODULE}/debrief")).popitem()[1]

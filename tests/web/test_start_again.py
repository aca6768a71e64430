"""Doing a module again, as a refresher asks: from its first page, with everything of before kept."""

import threading
from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.tables import Attempt, Completion, Outgoing, Person, StoredEvent
from course.statements.profile import Profile
from course.statements.xapi import Telling
from tests.web.test_learn import MODULE, to_ending, to_the_end
from tests.web.visitor import Visitor, text

AGAIN = "Do this module again"


def attempts(session: Session) -> list[int]:
    session.rollback()
    return list(session.scalars(select(Attempt.number).order_by(Attempt.number)))


def test_it_is_offered_on_the_first_and_last_page_once_the_module_is_complete(learner: Visitor) -> None:
    to_ending(learner).get(f"{MODULE}/overview")
    assert AGAIN not in learner.words
    learner.get(f"{MODULE}/").send("See what happened").send("Go on").send("Go on").rate_all()
    learner.send("Finish without writing")
    for place in ("done", "overview"):
        assert AGAIN in learner.get(f"{MODULE}/{place}").words
    for place in ("practice", "team"):
        assert AGAIN not in learner.get(f"{MODULE}/{place}").words


def test_a_refresher_goes_from_the_first_page_to_a_completion_of_its_own(learner: Visitor, session: Session) -> None:
    to_the_end(learner)
    first = session.scalars(select(Completion)).one()
    kept = (first.id, first.completed_at, first.version)
    learner.send(AGAIN)
    assert learner.path == f"{MODULE}/overview"
    assert "Your earlier completion is kept" in learner.words
    assert AGAIN not in [text(button) for button in learner.page.iter("button")]
    assert learner.get(f"{MODULE}/done").path == f"{MODULE}/overview", "the new attempt has come no further"

    to_the_end(learner)
    assert learner.heading == "You have finished this module"
    session.expire_all()
    completions = session.scalars(select(Completion).order_by(Completion.id)).all()
    assert len(completions) == 2
    assert (completions[0].id, completions[0].completed_at, completions[0].version) == kept
    assert attempts(session) == [0, 1]


def test_while_a_refresher_is_under_way_the_list_says_complete_and_leads_back_to_it(learner: Visitor) -> None:
    to_the_end(learner).send(AGAIN).get("/")
    assert "Carry on where you were: module 3, overview, which you are doing again." in learner.words
    [item] = learner.page.xpath("//ol[@class='modules']/li[.//a[contains(@href, '03-module-three')]]")
    assert "Complete" in text(item)
    to_the_end(learner).get("/")
    assert "Carry on where you were" not in learner.words


def test_what_is_not_complete_cannot_be_begun_again(learner: Visitor, session: Session) -> None:
    to_the_end(learner)
    [form] = learner.page.xpath("//form[contains(@action, 'start-again')]")
    learner.post(form)
    learner.send("Start with the records")
    before = session.scalars(select(StoredEvent.attempt_id)).all()
    learner.post(form)  # the page of before, still open in another tab
    assert learner.path == f"{MODULE}/vignette"
    assert "once it is complete" in learner.words
    assert attempts(session) == [0, 1]
    assert session.scalars(select(StoredEvent.attempt_id)).all() == before


def test_a_module_never_begun_or_not_there_cannot_be_begun_again(learner: Visitor, session: Session) -> None:
    to_the_end(learner)
    [form] = learner.page.xpath("//form[contains(@action, 'start-again')]")
    form.set("action", "/modules/13-module-thirteen/start-again")
    assert learner.post(form).path == "/modules/13-module-thirteen/overview"
    form.set("action", "/modules/99-nothing/start-again")
    learner.post(form, 404)
    learner.get(f"{MODULE}/start-again", 404)
    assert attempts(session) == [0]


def test_two_tabs_begin_one_attempt(
    visit: Callable[..., Visitor], add_person: Callable[..., Person], session: Session
) -> None:
    person = add_person("Ada Bell")
    tabs = [to_the_end(visit(person)), visit(person).get(f"{MODULE}/done")]
    forms = [tab.page.xpath("//form[contains(@action, 'start-again')]")[0] for tab in tabs]
    threads = [threading.Thread(target=tab.post, args=(form,)) for tab, form in zip(tabs, forms, strict=True)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert attempts(session) == [0, 1]
    assert [tab.path for tab in tabs] == [f"{MODULE}/overview"] * 2


@pytest.mark.parametrize("choices", [False, True])
def test_an_lrs_is_told_of_a_refresher_as_a_registration_of_its_own(
    app: Flask, learner: Visitor, session: Session, choices: bool
) -> None:
    app.extensions["telling"] = Telling(Profile(), choices=choices)
    to_the_end(to_the_end(learner).send(AGAIN))
    told = session.execute(select(Attempt.number, Outgoing.verb, Outgoing.body).join(Attempt)).all()
    verbs = [sorted(verb for number, verb, _ in told if number == n) for n in (0, 1)]
    assert verbs[0] == verbs[1]
    assert {"initialized", "rated", "completed"} <= set(verbs[1])
    registrations = [{body["context"]["registration"] for number, _, body in told if number == n} for n in (0, 1)]
    assert [len(found) for found in registrations] == [1, 1]
    assert registrations[0] != registrations[1]


def test_starting_again_needs_somebody_signed_in(visit: Callable[..., Visitor], learner: Visitor) -> None:
    to_the_end(learner)
    [form] = learner.page.xpath("//form[contains(@action, 'start-again')]")
    nobody = visit().get("/sign-in")
    [token] = nobody.page.xpath("//input[@name='csrf_token']/@value")
    nobody.post(form, csrf_token=token)
    assert nobody.path == "/sign-in"


def test_its_pages_cost_few_queries(learner: Visitor, count_queries: Callable[[], list[str]]) -> None:
    to_the_end(learner).send(AGAIN)
    to_the_end(learner)
    for path, most in (("/", 6), (f"{MODULE}/overview", 5), (f"{MODULE}/done", 5)):
        queries = count_queries()
        learner.get(path)
        assert len(queries) <= most, queries

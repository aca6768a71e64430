"""What is being written is saved as it is written, and lost neither by a connection that drops nor by a session."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import replay
from course.learning.attempts import record
from course.learning.mine.reflections import kept_reflection
from course.learning.people import add_person
from course.learning.tables import Person
from tests.browser.conftest import PASSWORD, Served
from tests.browser.visitor import Visitor
from tests.packages.learner import way_through

Visit = Callable[..., Visitor]


@pytest.fixture
def module(library: Library) -> Module:
    return library.modules[2]


@pytest.fixture
def writer(served: Served, newcomer: str, module: Module) -> str:
    """Somebody who has come to the reflection of the module."""
    events = way_through(module)[:-1]
    with served.sessions() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == newcomer)).one()
        for number, event in enumerate(events):
            record(session, person_id, replay(module, events[:number]), event, datetime.now(UTC))
    return newcomer


@pytest.fixture
def page(visit: Visit, context: BrowserContext, writer: str, module: Module) -> Page:
    return visit(context, writer).go(f"/modules/{module.folder}/reflection").page


def kept(served: Served, email: str, module: Module) -> str:
    """The first answer as the server has it."""
    with served.sessions() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
        found = kept_reflection(session, person_id, module.id)
        return found.answers[0] if found else ""


def says(page: Page, words: str) -> None:
    expect(page.locator(".words-said")).to_contain_text(words, timeout=15_000)


def held(page: Page) -> str:
    """What this device holds."""
    return str(page.evaluate("JSON.stringify([{...sessionStorage}, {...localStorage}])"))


def test_words_are_saved_as_they_are_written(served: Served, page: Page, writer: str, module: Module) -> None:
    page.locator("#answer-1").press_sequentially("I waited for 943 476 5919")
    assert "I waited" in held(page)
    says(page, "Saved at ")
    assert kept(served, writer, module) == "I waited for 943 476 5919"
    assert held(page) == "[{},{}]"
    expect(page.locator("#answer-1-warning")).to_contain_text("an NHS number")
    assert page.locator("#answer-1").get_attribute("aria-describedby") == "answer-1-warning"
    expect(page.locator("[data-warned]")).to_be_visible()
    page.locator("#answer-1").fill("I waited")
    says(page, "Saved at ")
    expect(page.locator("#answer-1-warning")).to_have_count(0, timeout=15_000)
    expect(page.locator("[data-warned]")).to_be_hidden()
    page.get_by_role("button", name="Keep this and finish").click()
    expect(page.locator("h1")).to_have_text("You have finished this module")


def test_a_lost_connection_loses_no_words(
    served: Served, page: Page, context: BrowserContext, writer: str, module: Module
) -> None:
    context.set_offline(True)
    page.locator("#answer-1").fill("written in a tunnel")
    says(page, "there is no connection")
    expect(page.locator(".words-said")).to_be_in_viewport()
    page.on("dialog", lambda asked: asked.dismiss())
    with page.expect_event("dialog") as asked:
        page.close(run_before_unload=True)
    assert asked.value.type == "beforeunload"
    page.get_by_role("button", name="Keep this and finish").click()
    says(page, "there is no connection")
    assert page.locator("#answer-1").input_value() == "written in a tunnel"
    context.set_offline(False)
    says(page, "Saved at ")
    assert kept(served, writer, module) == "written in a tunnel"
    assert held(page) == "[{},{}]"


def test_words_that_were_not_saved_come_back(served: Served, page: Page, writer: str, module: Module) -> None:
    page.route("**/words", lambda route: route.abort())
    page.locator("#answer-1").fill("not sent yet")
    page.locator("#by-when").fill("2027-03-01")
    says(page, "there is no connection")
    page.unroute("**/words")
    page.reload()
    says(page, "Saved at ")
    assert page.locator("#by-when").input_value() == "2027-03-01"
    assert kept(served, writer, module) == page.locator("#answer-1").input_value() == "not sent yet"
    assert held(page) == "[{},{}]"


def test_signing_out_with_words_that_cannot_be_saved_asks_for_a_second_press(page: Page) -> None:
    page.route("**/words", lambda route: route.abort())
    page.locator("#answer-1").fill("not sent")
    page.get_by_role("button", name="Sign out").click()
    says(page, "Press again to go without the words that are not saved.")
    assert page.locator("#answer-1").input_value() == "not sent"
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert held(page) == "[{},{}]"


def test_after_a_session_ends_words_wait_for_the_same_person(
    served: Served, visit: Visit, page: Page, context: BrowserContext, writer: str, module: Module
) -> None:
    context.clear_cookies()
    page.locator("#answer-1").fill("over lunch")
    says(page, "you are signed out")
    assert held(page) == "[{},{}]", "somebody else may sit here next"
    other = f"other-{writer}"
    with served.sessions() as session:
        team = session.scalars(select(Person).where(Person.email == writer)).one().team
        role = {"role": "practitioner", "access": "learner", "team": team}
        add_person(session, name="Omar Other", email=other, password=PASSWORD, **role)
    second = visit(context, other)
    page.locator("#answer-1").fill("over lunch, and after")
    says(page, "you are signed out")
    assert kept(served, other, module) == kept(served, writer, module) == ""
    second.press("Sign out").sign_in(writer, PASSWORD)
    page.locator("#answer-1").fill("over lunch, and after it")
    says(page, "Saved at ")
    assert kept(served, writer, module) == "over lunch, and after it"


def test_two_tabs_are_shown_both_versions(
    served: Served, page: Page, context: BrowserContext, writer: str, module: Module
) -> None:
    second = context.new_page()
    second.goto(page.url)
    page.locator("#answer-1").fill("newer words")
    says(page, "Saved at ")
    second.locator("#answer-1").fill("older words")
    says(second, "Nothing has been replaced")
    second.get_by_role("button", name="Keep this and finish").click()
    expect(second.locator("h1")).to_have_text("There are two versions of what you wrote")
    expect(second.locator(".words-text").first).to_have_text("newer words")
    assert kept(served, writer, module) == "newer words"
    second.locator("#answer-1").fill("both words")
    second.get_by_role("button", name="Keep this instead").click()
    assert second.locator("#answer-1").input_value() == "both words"


def test_without_javascript_a_button_saves(
    served: Served, visit: Visit, browser: Browser, writer: str, module: Module
) -> None:
    context = browser.new_context(java_script_enabled=False)
    visitor = visit(context, writer, script=False).go(f"/modules/{module.folder}/reflection")
    visitor.page.locator("#answer-1").fill("without a script")
    visitor.press("Save and carry on later")
    assert visitor.heading == "Modules"
    assert kept(served, writer, module) == "without a script"
    context.close()

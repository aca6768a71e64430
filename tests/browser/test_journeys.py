"""Journeys through the web app in Chromium: each page of them must fit its window, and of each kind one is judged."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import Browser, BrowserContext
from sqlalchemy import select

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import replay
from course.learning.attempts import record
from course.learning.tables import Person
from course.story.compile import Step
from course.web.learn.places import PLACES
from tests.browser.conftest import PASSWORD, Served
from tests.browser.visitor import Visitor
from tests.conftest import ROOT
from tests.packages.learner import longest_choices, way_through

Visit = Callable[..., Visitor]

PHONE = {"width": 320, "height": 640}  # also what 1280 pixels leave at 400 % zoom (WCAG 2.2, 1.4.10)
MODULES = sorted(path.name for path in (ROOT / "modules").glob("*/") if path.is_dir())


def strongest(step: Step) -> str:
    return next((c.text for c in step.choices if c.strong), step.choices[0].text)


def weakest(step: Step) -> str:
    return next((c.text for c in reversed(step.choices) if not c.strong), step.choices[0].text)


def plain(text: str) -> str:
    """A line as it is read, without its Markdown."""
    return text.replace("*", "").replace("\\", "")


def to_ending(visitor: Visitor, module: Module, pick: Callable[[Step], str]) -> Visitor:
    visitor.go(f"/modules/{module.folder}/overview").press("Start with the records").press("I have read")
    step = module.story.steps[module.story.start]
    while not step.is_ending:
        assert visitor.heading == plain(step.moment.title)
        text = pick(step)
        choice = next(c for c in step.choices if c.text == text)
        visitor.choose(plain(text))
        step = module.story.steps[step.leads[choice.id]]
    return visitor


def finish(visitor: Visitor) -> Visitor:
    visitor.press("See what happened")
    while visitor.page.get_by_role("button", name="Go on").count():
        visitor.press("Go on")
    return visitor.rate_all()


@pytest.fixture
def bruising(library: Library) -> Module:
    return library.find("3")


def test_module_3_is_finished_in_a_strong_and_in_a_poor_way_and_the_lead_sees_it(
    visit: Visit, newcomer: str, browser: Browser, context: BrowserContext, bruising: Module
) -> None:
    visitor = visit(context, newcomer)
    to_ending(visitor, bruising, strongest)
    good = visitor.heading
    visitor.press("See what happened")
    visitor.page.get_by_role("button", name="Go back and try another way").first.click()
    assert visitor.at.endswith("/decisions/1")
    step = bruising.story.steps[bruising.story.start]
    while not step.is_ending:
        choice = next(c for c in step.choices if c.text == weakest(step))
        visitor.choose(plain(choice.text))
        step = bruising.story.steps[step.leads[choice.id]]
    assert visitor.heading != good
    finish(visitor).press("Finish without writing")
    assert visitor.heading == "You have finished this module"
    visitor.go("/")

    device = browser.new_context()
    lead = visit(device, "health-lead@example.org").go(f"/lead/people?module={bruising.folder}")
    lead.page.get_by_label("Name or e-mail").fill(newcomer)
    lead.press("Show")
    row = lead.page.locator("table.matrix tr", has_text=newcomer)
    assert "Complete" in row.inner_text()
    assert "Police" not in lead.page.locator("table.matrix").inner_text()
    device.close()


@pytest.mark.parametrize("name", MODULES)
def test_every_page_of_every_module_fits_a_phone(
    visit: Visit, served: Served, newcomer: str, browser: Browser, library: Library, name: str
) -> None:
    """The module with the most parts passes axe too: the templates of the others are the same."""
    context, module = browser.new_context(viewport=PHONE), library.find(name)
    visitor = visit(context, newcomer, judging=bool(module.rewrite))
    for place in every_place(served, newcomer, module):
        path = f"/modules/{module.folder}/{place}"
        visitor.go(path)
        assert visitor.at == path
    context.close()


def every_place(served: Served, email: str, module: Module) -> list[str]:
    """Have somebody complete a module on its longest way; gives every place in it that they can then look at."""
    events = way_through(module, longest_choices(module))
    with served.sessions() as session:
        person_id = session.scalars(select(Person.id).where(Person.email == email)).one()
        for number, event in enumerate(events):
            record(session, person_id, replay(module, events[:number]), event, datetime.now(UTC))
    steps = [f"decisions/{n}" for n, _ in enumerate(replay(module, events).path, start=1)]
    return [*steps, *(place for place in PLACES if place != "rewrite" or module.rewrite), "facilitator", "break"]


def test_every_page_of_a_module_passes_axe_at_a_desk_and_so_do_the_pages_around_it(
    visit: Visit, newcomer: str, context: BrowserContext, bruising: Module
) -> None:
    visitor = visit(context, newcomer, judging=True)
    every_page(visitor, bruising)
    visitor.go("/worried").go("/what-changed").go("/glossary").go("/").go("/nothing-here")
    context.clear_cookies()
    visitor.sign_in("partnership-lead@example.org", PASSWORD)


def every_page(visitor: Visitor, module: Module) -> None:
    """Go through every page that one learner can see of a module."""
    to_ending(visitor, module, weakest)
    finish(visitor)
    visitor.page.get_by_label("What I will do").fill("Ring the school")
    visitor.press("Keep this and finish")
    for place in ("briefing", "team", "sources", "decisions/1", "reflection"):
        visitor.go(f"/modules/{module.folder}/{place}")


def test_forced_colours_and_reduced_motion_pass_axe_too(
    visit: Visit, newcomer: str, context: BrowserContext, bruising: Module
) -> None:
    visitor = visit(context, judging=True)
    visitor.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    visitor.sign_in(newcomer, PASSWORD)
    to_ending(visitor, bruising, strongest)


def test_errors_of_a_form_are_announced_and_pass_axe(
    visit: Visit, newcomer: str, context: BrowserContext, bruising: Module
) -> None:
    visitor = visit(context)
    visitor.sign_in(newcomer, "wrong").judge()
    assert visitor.page.get_by_role("alert").count()
    visitor.sign_in(newcomer, PASSWORD)
    to_ending(visitor, bruising, weakest).press("See what happened").press("Go on").press("Go on")
    visitor.press("Save my ratings").judge()
    alert = visitor.page.get_by_role("alert")
    alert.get_by_role("link").first.click()
    assert visitor.page.evaluate("document.activeElement.type") == "radio"


def test_the_whole_way_without_javascript(visit: Visit, newcomer: str, browser: Browser, bruising: Module) -> None:
    context = browser.new_context(java_script_enabled=False)
    visitor = visit(context, newcomer, script=False)
    finish(to_ending(visitor, bruising, strongest)).press("Finish without writing")
    assert visitor.heading == "You have finished this module"
    context.close()


def test_the_whole_way_by_keyboard(visit: Visit, newcomer: str, context: BrowserContext, bruising: Module) -> None:
    visitor = visit(context)
    page = visitor.page
    visitor.go("/sign-in")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(newcomer)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: "/sign-in" not in url)
    visitor.go(f"/modules/{bruising.folder}/overview")
    for _ in range(40):
        _press_by_keyboard(visitor)
        if visitor.at.endswith("/done"):
            break
    assert visitor.heading == "You have finished this module"


def _press_by_keyboard(visitor: Visitor) -> None:
    """Reach the last button of the page with Tab alone, rate with the arrow keys where that is asked, and press it."""
    page, before = visitor.page, visitor.page.url
    rating = page.locator("input[type=radio]").count() > 0
    name = "Save my ratings" if rating else page.locator("main button").last.inner_text()
    for _ in range(200):
        page.keyboard.press("Tab")
        seen = "e.type === 'date' ? ':focus-within' : ':focus-visible'"  # a day field has fields within it
        here = page.evaluate(f"(e => [e.type, e.innerText, e.matches({seen})])(document.activeElement)")
        assert here[2], "focus can be seen"
        if here[0] == "radio":
            page.keyboard.press("Space")
        if here[1] == name and page.evaluate("document.activeElement.closest('main') !== null"):
            break
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: url != before)


def test_leaving_at_any_step_and_coming_back_on_another_device(
    visit: Visit, newcomer: str, browser: Browser, context: BrowserContext, bruising: Module
) -> None:
    first = visit(context, newcomer)
    other = browser.new_context(viewport=PHONE)
    second = visit(other, newcomer)
    first.go(f"/modules/{bruising.folder}/")
    for _ in range(20):
        second.go(f"/modules/{bruising.folder}/")
        assert (second.at, second.heading) == (first.at, first.heading)
        if first.at.endswith("/done"):
            break
        if first.page.locator("input[type=radio]").count():
            first.rate_all()
        else:
            buttons = first.page.locator("main form button")
            buttons.last.click()
            first.look()
    assert first.heading == "You have finished this module"
    other.close()

"""The desk in Chromium: every page at two widths, by keyboard alone, without script, in forced colours."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from sqlalchemy import select

from course.learning.tables import Assignment, Person
from tests.browser.conftest import Served
from tests.browser.test_journeys import PHONE
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]

LEAD = "partnership-lead@example.org"
DESK = {"width": 1280, "height": 900}
ISSUE = "03-bruising-in-babies"
PAGES = (
    "",
    "people?sort=late&name=adam",
    f"people?module={ISSUE}&status=overdue&name=an",
    "people?as_at=2026-13-45",
    "people?name=nobody-of-this-name",
    "teams?name=adam",
    "assignments",
    "assignments/new",
    "reminders",
    "reminders/sent",
    "local-picture",
    f"local-picture/{ISSUE}",
    "where-people-part",
    f"where-people-part/{ISSUE}",
    "currency",
    "evidence",
    "evidence/pack",
    "imports",
    "invitations",
    "audit",
    "after-six-weeks",
    "data-requests",
    "people/add",
)


def test_every_page_of_the_desk_fits_and_passes_axe(visit: Visit, browser: Browser, served: Served) -> None:
    """On a phone with axe, what is folded open; then at a desk, where the same page only has to fit."""
    context = browser.new_context(viewport=PHONE)
    lead = visit(context, LEAD, judging=True)
    for path in PAGES:
        lead.page.goto(f"{served.address}/lead/{path}")
        lead.page.evaluate("[...document.querySelectorAll('main details')].slice(0, 3).forEach(one => one.open = true)")
        lead.look()
        lead.page.set_viewport_size(DESK)
        lead.fits()
        lead.page.set_viewport_size(PHONE)
    with served.sessions() as session:
        person = session.scalars(select(Person.id).where(Person.email == "learner@example.org")).one()
        assignment = session.scalars(select(Assignment.id).where(Assignment.ended_at.is_(None)).limit(1)).one()
    for path in (f"people/{person}", f"people/{person}/edit", f"people/{person}/close"):
        lead.go(f"/lead/{path}")
    for path in (f"assignments/{assignment}/edit", f"assignments/{assignment}/end"):
        lead.go(f"/lead/{path}")
    lead.go("/lead/assignments/new").press("Go on")  # with nothing filled in: the errors are a page too
    expect(lead.page.get_by_role("heading", name="There is a problem")).to_be_visible()
    lead.go("/account/who-looked")
    context.close()


def test_a_lead_finds_a_record_and_comes_back_by_keyboard_alone(visit: Visit, context: BrowserContext) -> None:
    lead = visit(context, LEAD)
    lead.page.goto(f"{lead.address}/lead/people")
    page = lead.page
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to main content")).to_be_focused()
    page.keyboard.press("Enter")
    tab_to(page, "Agency")
    page.keyboard.type("Health")
    tab_to(page, "Name or e-mail")
    page.keyboard.type("amara")
    follow(lead)
    assert "name=amara" in page.url
    tab_to(page, "Amara Okafor")
    follow(lead)
    assert lead.heading == "Amara Okafor"
    tab_to(page, "Back to people")
    follow(lead)
    assert "name=amara" in page.url


def test_the_matrix_scrolls_by_keyboard(visit: Visit, context: BrowserContext) -> None:
    page = visit(context, LEAD).go("/lead/teams").page
    page.set_viewport_size({"width": 700, "height": 900})
    region = page.get_by_role("region", name="Up to date, of those asked")
    region.focus()
    for _ in range(5):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.scroll').scrollLeft > 0")


def test_a_lead_without_script_brings_in_people_and_asks_them(visit: Visit, browser: Browser) -> None:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    lead = visit(context, LEAD, script=False).go("/lead/imports")
    listed = "Name,E-mail,Agency,Team,Role\nUna Úbeda,una@example.org,Probation,Court,Practitioner\n"
    lead.page.locator("input[type=file]").set_input_files(
        {"name": "court.csv", "mimeType": "text/csv", "buffer": listed.encode()}
    )
    lead.press("Upload").press("Bring in")
    assert lead.page.get_by_text("What was done").count()
    lead.go("/lead/people?name=una").page.get_by_role("link", name="Una Úbeda").click()
    assert lead.heading == "Una Úbeda"
    lead.go("/lead/assignments/new").page.get_by_label("3. Not making a referral").check()
    lead.page.get_by_label("Only some").check()
    lead.page.get_by_label("A group").check()
    lead.page.get_by_label("Team", exact=True).select_option(label="Probation: Court")
    lead.page.get_by_label("No date").check()
    lead.press("Go on")
    assert lead.heading == "Check before you ask"
    lead.press("Confirm and ask")
    assert "Court" in lead.page.locator("table").first.inner_text()
    context.close()


@pytest.mark.parametrize("path", ["people?name=adam", "local-picture"])
def test_in_forced_colours_pages_pass_axe_and_withheld_is_a_word(
    visit: Visit, context: BrowserContext, path: str
) -> None:
    lead = visit(context, LEAD, judging=True)
    lead.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    lead.go(f"/lead/{path}")
    for cell in lead.page.locator(".heat__cell--withheld").all()[:3]:
        assert cell.inner_text() == "withheld"


def follow(lead: Visitor) -> None:
    """Press Enter, and look at the page that comes."""
    with lead.page.expect_navigation():
        lead.page.keyboard.press("Enter")
    lead.look()


def tab_to(page: Page, name: str) -> None:
    """Press Tab until what is called so has the focus."""
    named = "e => e.labels?.length ? e.labels[0].textContent.trim() : e.textContent.trim()"
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate(f"({named})(document.activeElement)") == name:
            return
    raise AssertionError(f"Nothing called {name!r} can be reached with Tab")

"""A learner’s own pages and those open to anybody: judged by axe on a phone, fitting a desk, and in forced colours."""

from collections.abc import Callable

from playwright.sync_api import Browser, BrowserContext

from tests.browser.test_journeys import PHONE
from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]

LEARNER = "learner@example.org"
ISSUE = "13-euphemistic-language"
PAGES = (
    "/",
    "/mine/",
    "/mine/journal",
    f"/mine/journal/{ISSUE}",
    "/mine/plan",
    "/mine/cards",
    f"/mine/checks/{ISSUE}",
    "/mine/confirm",
    "/mine/record",
    f"/mine/certificates/{ISSUE}",
    "/mine/data",
    "/mine/data/kept/did",
    "/mine/data/correct",
    "/certificates/",
    f"/modules/{ISSUE}/break",
    f"/modules/{ISSUE}/debrief",
    f"/modules/{ISSUE}/facilitator",
    "/account/who-looked",
    "/help",
    "/accessibility",
    "/privacy",
)
DESK = {"width": 1280, "height": 900}


def test_every_page_of_ones_own_fits_and_passes_axe(visit: Visit, browser: Browser) -> None:
    """On a phone with axe, what is folded open; then at a desk, where the same page only has to fit."""
    context = browser.new_context(viewport=PHONE)
    learner = visit(context, LEARNER)
    for path in PAGES:
        learner.page.goto(learner.address + path)
        assert learner.at == path
        learner.page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
        learner.look().judge()
        learner.page.set_viewport_size(DESK)
        learner.fits()
        learner.page.set_viewport_size(PHONE)
    context.close()


def test_in_forced_colours_too(visit: Visit, context: BrowserContext) -> None:
    learner = visit(context, LEARNER)
    learner.page.emulate_media(forced_colors="active", reduced_motion="reduce")
    for path in ("/", f"/modules/{ISSUE}/debrief", "/mine/data"):
        learner.go(path).judge()

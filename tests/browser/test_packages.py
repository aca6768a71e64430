"""Packages for an LMS in a real browser: judged by axe at each page, on a phone and a desk, and by keyboard alone."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, BrowserContext, expect

from tests.browser.visitor import Visitor

Visit = Callable[..., Visitor]
LEAD, ADMINISTRATOR = "partnership-lead@example.org", "administrator@example.org"


@pytest.mark.parametrize("width", [320, 1280])
def test_making_packages_from_the_form_to_the_files(visit: Visit, browser: Browser, width: int) -> None:
    context = browser.new_context(viewport={"width": width, "height": 700}, accept_downloads=True)
    context.set_default_timeout(60_000)  # the first visit renders every module
    visitor = visit(context, ADMINISTRATOR, judging=True).go("/packages/")
    page = visitor.page
    page.get_by_label("3rd edition in place of the 4th").check()
    page.get_by_label("Those in a file").check()
    broken = {"name": "local.yaml", "mimeType": "text/yaml", "buffer": b"values:\n  <b>x</b>: y\n"}
    page.locator("#file").set_input_files(broken)  # type: ignore[arg-type]
    visitor.press("Make the packages")
    page.get_by_role("link", name="Line 2").click()
    expect(page.locator("#file")).to_be_focused()
    page.get_by_label("3rd edition in place of the 4th").uncheck()
    page.get_by_label("None", exact=True).check()
    visitor.press("Make the packages")
    assert page.locator(".files__file").count() == 14
    with page.expect_download() as download:
        page.locator(".files__file a").first.click()
    assert download.value.suggested_filename.endswith("-scorm12.zip")
    for path in ("/packages/exports", "/packages/statements"):
        visitor.go(path)
    context.close()


def test_by_keyboard_alone(visit: Visit, context: BrowserContext) -> None:
    context.set_default_timeout(60_000)
    visitor = visit(context, LEAD, judging=True).go("/packages/")
    page = visitor.page
    for _ in range(60):
        page.keyboard.press("Tab")
        kind, value, seen = page.evaluate(
            "(e => [e.type || e.tagName, e.value, e.matches(':focus-visible')])(document.activeElement)"
        )
        assert seen, "focus can be seen"
        if kind == "checkbox" and page.locator(":focus").is_checked() and value != "03-bruising-in-babies":
            page.keyboard.press("Space")
        if kind == "submit" and page.locator(":focus").inner_text() == "Make the packages":
            break
    page.keyboard.press("Enter")
    page.wait_for_url(lambda url: not url.endswith("/packages/"))
    visitor.look()
    assert page.locator(".files__file a").all_inner_texts() == ["03-bruising-in-babies-scorm12.zip"]

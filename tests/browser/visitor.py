"""A visitor in a real browser, whose every page must fit its window and, where a test asks for it, is judged by axe."""

from playwright.sync_api import Page

from tests.axe import barriers


class Visitor:
    """Goes through the course as a learner or a lead does."""

    def __init__(self, page: Page, address: str, *, has_script: bool, is_judging: bool) -> None:
        self.page = page
        self.address = address
        self.has_script = has_script
        self.is_judging = is_judging
        """Whether axe looks at every page, which takes most of a journey's time."""

    def go(self, path: str) -> "Visitor":
        self.page.goto(self.address + path)
        return self.look()

    def sign_in(self, email: str, password: str) -> "Visitor":
        self.go("/sign-in")
        self.page.get_by_label("E-mail address").fill(email)
        self.page.get_by_label("Password").fill(password)
        return self.press("Sign in")

    def press(self, name: str) -> "Visitor":
        """Press the button of that name, and wait for the page that comes: a script may save words before it goes."""
        with self.page.expect_navigation():
            self.page.get_by_role("button", name=name).first.click()
        return self.look()

    def choose(self, choice: str) -> "Visitor":
        """Make a choice by its text."""
        self.page.locator(".choice__button", has_text=choice).click()
        return self.look()

    def rate_all(self, rating: str = "Partly") -> "Visitor":
        for group in self.page.locator("fieldset").all():
            group.get_by_label(rating, exact=True).check()
        return self.press("Save my ratings")

    @property
    def heading(self) -> str:
        return self.page.locator("h1").inner_text()

    @property
    def at(self) -> str:
        """The address, without the host."""
        return self.page.url.removeprefix(self.address)

    def look(self) -> "Visitor":
        """See that nothing lies beyond the window's edge, and judge the page where that is asked for."""
        self.page.wait_for_load_state()
        if self.has_script:
            self.fits()
        return self.judge() if self.is_judging else self

    def judge(self) -> "Visitor":
        """Nothing is on the page that WCAG 2.2 AA forbids."""
        assert barriers(self.page) == [], self.at
        return self

    def fits(self) -> "Visitor":
        """Nothing lies beyond the window's edge."""
        wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert self.page.evaluate(wide) <= 0, f"{self.at} is wider than its window"
        return self

"""A visitor without JavaScript: follows links, sends forms as they stand on the page, looks every page over."""

from collections import Counter
from itertools import pairwise
from typing import Any

from flask import Flask
from lxml import html
from werkzeug.test import TestResponse


class Visitor:
    """What somebody sees: `page` is the newest page, `path` its address."""

    def __init__(self, app: Flask) -> None:
        # As behind the proxy that production has: the cookies are Secure.
        self.client = app.test_client()
        self.page: Any = None
        self.path = ""
        self.is_told = True  # whether the page lets a browser say from where its forms come
        self.response: TestResponse

    def get(self, path: str, status: int = 200) -> "Visitor":
        return self._saw(self.client.get(path, base_url="https://localhost", follow_redirects=True), status)

    def sign_in(self, email: str, password: str, status: int = 200) -> "Visitor":
        return self.get("/sign-in").send("Sign in", status, email=email, password=password)

    def send(self, button: str, status: int = 200, **fields: object) -> "Visitor":
        """Press the button whose text begins so, with its form's hidden fields and these."""
        [pressed] = [b for b in self.page.iter("button") if text(b).startswith(button)]
        form = next(pressed.iterancestors("form"))
        if pressed.get("formaction"):
            form.set("action", pressed.get("formaction"))
        named = {pressed.get("name"): pressed.get("value", "")} if pressed.get("name") else {}
        return self.post(form, status, **{**named, **fields})

    def choose(self, nth: int) -> "Visitor":
        """Make the nth choice on the page."""
        return self.post(self.page.xpath("//form[@data-act='choose']")[nth])

    def post(self, form: Any, status: int = 200, **fields: object) -> "Visitor":
        values: dict[str, list[str]] = {}
        for i in form.xpath(".//input[@type='hidden']"):
            values.setdefault(i.get("name"), []).append(i.get("value", ""))
        response = self.client.post(
            form.get("action") or self.path,
            data={**values, **fields},
            base_url="https://localhost",
            headers={"Sec-Fetch-Site": "same-origin", **self._from_here()},
            follow_redirects=True,
        )
        return self._saw(response, status)

    def rate_all(self, rating: str = "partly") -> "Visitor":
        names = {i.get("name") for i in self.page.iter("input") if i.get("type") == "radio"}
        return self.send("Save my ratings", **dict.fromkeys(names, rating))

    @property
    def heading(self) -> str:
        return text(self.page.xpath("//h1")[0])

    @property
    def words(self) -> str:
        return text(self.page.xpath("//main")[0])

    def _from_here(self) -> dict[str, str]:
        return {"Referer": f"https://localhost{self.path}"} if self.is_told else {"Origin": "null"}

    def _saw(self, response: TestResponse, status: int) -> "Visitor":
        assert response.status_code == status, (response.request.path, response.status_code, status)
        self.response, self.path = response, response.request.path
        self.is_told = response.headers.get("Referrer-Policy") != "no-referrer"
        if response.mimetype == "text/html":
            self.page = html.document_fromstring(response.get_data(as_text=True))
            look_over(self.page)
        return self


def text(element: Any) -> str:
    """What a reader reads in an element, on one line."""
    return " ".join(element.text_content().split())


def look_over(page: Any) -> None:
    """What must hold on every page, whatever it is for."""
    assert page.get("lang") == "en-GB"
    assert page.findtext(".//title"), "the page has no title"
    assert len(page.xpath("//h1")) == 1, "a page has one h1"
    assert not page.xpath("//script[not(@src) or node()]"), "a script is a file"
    assert not page.xpath("//style | //*[@style] | //@*[starts-with(name(), 'on')]"), "nothing inline"
    assert not page.xpath("//main//nav[following::h1]"), "who skips to the main content has skipped the ways elsewhere"
    assert page.xpath("//a[contains(., 'worried about a child now')]"), "the way to help is on every page"
    ids = Counter(page.xpath("//@id"))
    assert all(count == 1 for count in ids.values()), ids
    for field in page.xpath("//input[not(@type='hidden')] | //select | //textarea"):
        assert page.xpath("//label[@for=$id]", id=field.get("id")), f"{field.get('name')} has no label"
    for form in page.xpath("//form[@method='post']"):
        assert form.xpath(".//input[@name='csrf_token']"), f"{form.get('action')} has no CSRF token"
    levels = [int(h.tag[1]) for h in page.xpath("//h1 | //h2 | //h3 | //h4")]
    assert all(after <= before + 1 for before, after in pairwise(levels)), levels

"""Three people go the whole way, from the first sign-in to changed practice six weeks later.

A health visitor on a phone, a police sergeant who uses no pointer, and a head teacher who runs no script and hears
what is in the accessibility tree. The clock of the app is the test's own, so that six weeks can pass.
"""

import io
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import NamedTuple

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session
from waitress.server import create_server

from course.catalogue.library import Library
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.desk.mail.links import Links
from course.learning.tables import Agency, Completion, Person, SixWeekCheck, Team
from course.web.app import create_app
from course.web.config import Config
from tests.browser.visitor import Visitor

PASSWORD = "a password of their own"
SECRET = "for tests"
PLANTED = "The heron stood by the weir and I said nothing"
PROMISE = "Ring the nurse before I write"


class Course(NamedTuple):
    """The course served, and the clock that it goes by."""

    app: Flask
    address: str
    clock: list[datetime]

    def session(self) -> Session:
        session: Session = self.app.extensions["sessions"]()
        return session

    def invite(self, name: str) -> str:
        """The path by which somebody sets their first password."""
        with self.session() as session:
            person = session.scalars(select(Person).where(Person.name == name)).one()
            links = Links(SECRET, lambda token: f"/password/{token}")
            return links.to(person, "invitation", now=self.clock[0]).address


@pytest.fixture(scope="module")
def course(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Course]:
    folder = tmp_path_factory.mktemp("three")
    url = f"sqlite:///{folder / 'course.sqlite'}"
    engine = open_engine(url)
    upgrade(engine)
    clock = [datetime(2026, 11, 27, 9, 0, tzinfo=UTC)]
    with new_sessions(engine)() as session:
        add_people(session)
    engine.dispose()
    app = create_app(Config(instance=folder, database_url=url, secret_key=SECRET, secure_cookies=False))
    app.config["CLOCK"] = lambda: clock[0]
    server = create_server(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    yield Course(app, f"http://127.0.0.1:{server.effective_port}", clock)
    server.close()
    thread.join(timeout=5)
    app.extensions["sessions"].kw["bind"].dispose()


def add_people(session: Session) -> None:
    """The three, the manager of each, and what is open for each: role and team, role alone, nothing."""
    open_ones = {"Hana Visser": ["role", "agency"], "Samir Gant": ["role"], "Helen Teague": []}
    places = {"Hana Visser": "Health", "Samir Gant": "Police", "Helen Teague": "Schools"}
    for name, agency_name in places.items():
        agency = Agency(name=agency_name)
        at = {"password_hash": "", "session_key": name, "role": "practitioner", "access": "learner"}
        manager = Person(
            name=f"Manager of {name}",
            email=f"manager.{name[0:2].lower()}@example.org",
            **at,
            team=Team(name="Duty", agency=agency),
        )
        session.add(manager)
        session.flush()
        opened = open_ones[name]
        team = Team(name="Not said yet", agency=agency) if "agency" in opened else manager.team
        session.add(
            Person(
                name=name,
                email=f"{name.split()[0].lower()}@example.org",
                **at,
                team=team,
                manager_id=manager.id,
                to_say=opened,
            )
        )
    session.commit()


@pytest.fixture
def visit(course: Course) -> Callable[..., Visitor]:
    course.clock[0] = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)

    def visit(context: BrowserContext, *, script: bool = True) -> Visitor:
        return Visitor(context.new_page(), course.address, has_script=script, is_judging=False)

    return visit


def first_sign_in(course: Course, visitor: Visitor, name: str) -> None:
    """Set a password by the link of the invitation, and sign in."""
    visitor.go(course.invite(name))
    for field in visitor.page.locator("input[type=password]").all():
        field.fill(PASSWORD)
    visitor.press("Set the password")


def through_the_module(visitor: Visitor, folder: str) -> None:
    """To its reflection: the last choice each time, everything rated."""
    visitor.go(f"/modules/{folder}/")
    if visitor.at.endswith("/overview"):
        visitor.press("Start with the records")
    visitor.press("I have read")
    while visitor.page.locator(".choice__button").count():
        visitor.page.locator(".choice__button").last.click()
        visitor.look()
    visitor.press("See what happened")
    while visitor.page.get_by_role("button", name="Go on").count():
        visitor.press("Go on")
    visitor.rate_all()


def six_weeks_later(course: Course) -> None:
    course.clock[0] += timedelta(days=43)


def answer_the_check(visitor: Visitor) -> None:
    visitor.page.locator(".choice__button").first.click()
    visitor.look()
    for answer in ("Partly", "Yes, and I did something differently", "Time and workload"):
        visitor.page.get_by_label(answer, exact=True).check()
    visitor.press("Keep my check")
    expect(visitor.page.get_by_text("Your answers")).to_be_visible()


def downloaded(page: Page, link: str) -> bytes:
    with page.expect_download() as download:
        page.get_by_role("link", name=link).first.click()
    return Path(download.value.path()).read_bytes()


def tap(visitor: Visitor, name: str) -> Visitor:
    """Touch a link, also one that looks like a button, and look at the page that comes."""
    with visitor.page.expect_navigation():
        visitor.page.locator("a:visible", has_text=name).first.tap()
    return visitor.look()


def test_a_health_visitor_on_a_phone(course: Course, visit: Callable[..., Visitor], browser: Browser) -> None:
    phone = browser.new_context(
        viewport={"width": 320, "height": 640}, has_touch=True, is_mobile=True, accept_downloads=True
    )
    visitor = visit(phone)
    page = visitor.page
    first_sign_in(course, visitor, "Hana Visser")
    assert visitor.heading == "Before you begin"
    page.get_by_label("Practitioner").check()
    page.get_by_label("team").select_option(label="Duty")
    visitor.press("Save and go on").judge()
    assert visitor.at == "/"

    visitor.go("/modules/03-bruising-in-babies/").press("Start with the records")
    tap(visitor, "Take a break").judge()
    phone.clear_cookies()  # the phone is put away, and taken out on the bus home
    visitor.sign_in("hana@example.org", PASSWORD)
    tap(visitor, "Carry on")
    assert visitor.at.endswith("/vignette")
    through_the_module(visitor, "03-bruising-in-babies")
    page.get_by_label("What I will do").fill(PROMISE)
    page.get_by_label("By when").fill("2026-12-11")
    page.locator("textarea").first.fill(PLANTED)
    visitor.press("Keep this and finish").judge()
    assert visitor.heading == "You have finished this module"

    tap(visitor, "certificate").judge()
    assert "Hana Visser" in page.locator("main").inner_text()
    paper = PdfReader(io.BytesIO(downloaded(page, "PDF")))
    assert "Hana Visser" in paper.pages[0].extract_text()
    visitor.go("/mine/plan")
    assert PROMISE in page.locator("main").inner_text()
    assert PROMISE.encode() not in downloaded(page, "calendar file")
    visitor.press("I have done it").judge()

    six_weeks_later(course)
    if "/sign-in" in visitor.go("/").at:
        visitor.sign_in("hana@example.org", PASSWORD)
    tap(visitor, "Check after six weeks").judge()
    answer_the_check(visitor)
    visitor.press("I have talked it over").judge()
    visitor.go("/mine/journal")
    assert PLANTED in downloaded(page, "plain text").decode()
    pages = PdfReader(io.BytesIO(downloaded(page, "PDF"))).pages
    assert PLANTED in " ".join(" ".join(one.extract_text() for one in pages).split())
    with course.session() as session:
        person = session.scalars(select(Person).where(Person.name == "Hana Visser")).one()
        assert person.team.name == "Duty"
        check = session.scalars(select(SixWeekCheck).where(SixWeekCheck.person_id == person.id)).one()
        assert check.discussed_at == course.clock[0]
        assert check.confirmed_at is None
    phone.close()


def by_keyboard(visitor: Visitor, name: str, *, kinds: tuple[str, ...] = ("BUTTON", "A", "SUMMARY")) -> None:
    """Press Tab until what begins so has the focus, which can be seen and is in view, and press Enter."""
    page = visitor.page
    for _ in range(250):
        page.keyboard.press("Tab")
        kind, text, is_seen, is_in_view = page.evaluate(
            """() => {
                const e = document.activeElement, box = e.getBoundingClientRect();
                // A day field has fields within it, of which one has the focus.
                const seen = e.type === "date" ? ":focus-within" : ":focus-visible";
                return [e.tagName, e.innerText.trim() || e.id, e.matches(seen),
                        box.bottom > 0 && box.top < innerHeight];
            }"""
        )
        assert is_seen and is_in_view, f"{visitor.at}: {kind} {text!r} has the focus; {is_seen=}, {is_in_view=}"
        if kind in kinds and text.startswith(name):
            with page.expect_navigation():
                page.keyboard.press("Enter")
            visitor.look()
            return
    raise AssertionError(f"{visitor.at}: nothing that begins with {name!r} can be reached with Tab")


def fill_by_keyboard(visitor: Visitor, label: str, text: str) -> None:
    page = visitor.page
    for _ in range(250):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.labels?.[0]?.textContent.trim()") == label:
            page.keyboard.type(text)
            return
    raise AssertionError(f"{visitor.at}: no field {label!r} can be reached with Tab")


def choose_by_keyboard(visitor: Visitor) -> int:
    """Set each group of radios by Tab and the arrow keys, and stop at the button; how many there were."""
    page, found = visitor.page, set[str]()
    page.locator("h1").focus()
    for _ in range(250):
        page.keyboard.press("Tab")
        kind, name = page.evaluate("(e => [e.type || '', e.name || ''])(document.activeElement)")
        if kind == "radio" and name not in found:
            page.keyboard.press("Space")
            page.keyboard.press("ArrowDown")
            found.add(name)
        if kind == "submit" and found and page.evaluate("document.activeElement.closest('main') !== null"):
            return len(found)
    raise AssertionError(f"{visitor.at}: no button follows the radios")


def test_a_police_sergeant_by_keyboard(course: Course, visit: Callable[..., Visitor], browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 800}, accept_downloads=True)
    visitor = visit(context)
    page = visitor.page
    visitor.go(course.invite("Samir Gant"))
    fill_by_keyboard(visitor, "Password", PASSWORD)
    fill_by_keyboard(visitor, "The same password again", PASSWORD)
    by_keyboard(visitor, "Set the password")
    assert visitor.heading == "Before you begin"
    assert choose_by_keyboard(visitor) == 1
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert visitor.at == "/"
    with course.session() as session:
        assert session.scalars(select(Person.role).where(Person.name == "Samir Gant")).one() == "manager"

    visitor.go("/modules/09-police-decisions/")
    by_keyboard(visitor, "Start with the records")
    by_keyboard(visitor, "I have read")
    while page.locator(".choice__button").count():
        by_keyboard(visitor, page.locator(".choice__button").first.inner_text())
    by_keyboard(visitor, "See what happened")
    by_keyboard(visitor, "Go back and try another way")
    assert "/decisions/" in visitor.at
    while page.locator(".choice__button").count():
        by_keyboard(visitor, page.locator(".choice__button").last.inner_text())
    by_keyboard(visitor, "See what happened")
    while page.get_by_role("button", name="Go on").count():
        by_keyboard(visitor, "Go on")
    assert choose_by_keyboard(visitor) >= 4
    with page.expect_navigation():
        page.keyboard.press("Enter")
    fill_by_keyboard(visitor, "What I will do", PROMISE)
    by_keyboard(visitor, "Keep this and finish")
    assert visitor.heading == "You have finished this module"
    by_keyboard(visitor, "Your certificate")
    assert "Samir Gant" in page.locator("main").inner_text()

    six_weeks_later(course)
    if "/sign-in" in visitor.go("/").at:
        fill_by_keyboard(visitor, "E-mail address", "samir@example.org")
        fill_by_keyboard(visitor, "Password", PASSWORD)
        by_keyboard(visitor, "Sign in")
    by_keyboard(visitor, "Check after six weeks")
    by_keyboard(visitor, page.locator(".choice__button").nth(1).inner_text())
    assert choose_by_keyboard(visitor) == 3
    with page.expect_navigation():
        page.keyboard.press("Enter")
    expect(page.get_by_text("Your answers")).to_be_visible()
    by_keyboard(visitor, "My learning")
    by_keyboard(visitor, "My journal")
    assert PROMISE in downloaded(page, "plain text").decode()
    context.close()


def hear(visitor: Visitor) -> str:
    """What a screen reader is given of the page, with what must be in it on every page."""
    tree = visitor.page.locator("body").aria_snapshot()
    assert tree.count("[level=1]") == 1, f"{visitor.at}: one heading says what the page is"
    for landmark in ("- banner", "- main", "- contentinfo"):
        assert landmark in tree, f"{visitor.at}: no {landmark}"
    for line in tree.splitlines():
        name = line.strip().removeprefix("- ").rstrip(":")
        assert name not in ("button", "link", "textbox", "radio", "checkbox", "combobox"), (
            f"{visitor.at}: {name} unnamed"
        )
    return tree


def test_a_head_teacher_without_script_hears_every_page(
    course: Course, visit: Callable[..., Visitor], browser: Browser, library: Library
) -> None:
    context = browser.new_context(java_script_enabled=False, accept_downloads=True)
    visitor = visit(context, script=False)
    page, module = visitor.page, library.find("8")
    first_sign_in(course, visitor, "Helen Teague")
    assert visitor.at == "/", "nothing is open, so nothing is asked"
    assert "Modules" in hear(visitor)
    visitor.go(f"/modules/{module.folder}/")
    hear(visitor.press("Start with the records"))
    assert page.get_by_role("article").count() == len(module.vignette.records)
    for record in module.vignette.records:
        assert page.get_by_role("article", name=record.title.replace("*", "")).count()
    hear(visitor.press("I have read"))
    number = 0
    while page.locator(".choice__button").count():
        tree = hear(visitor)
        number += "Decision" in tree
        page.locator(".choice__button").first.click()
        visitor.look()
    assert number >= 4, "each decision says its number"
    debrief = hear(visitor.press("See what happened"))
    assert "What each agency" in debrief
    while page.get_by_role("button", name="Go on").count():
        hear(visitor.press("Go on"))
    hear(visitor.rate_all())
    page.locator("textarea").first.fill(PLANTED)
    page.get_by_label("What I will do").fill(PROMISE)
    hear(visitor.press("Save and carry on later"))
    visitor.go(f"/modules/{module.folder}/")
    assert page.locator("textarea").first.input_value() == PLANTED, "kept without script"
    assert hear(visitor.press("Keep this and finish"))
    page.get_by_role("link", name="certificate").first.click()
    assert "Helen Teague" in hear(visitor)
    with course.session() as session:
        completion = session.scalars(
            select(Completion).join(Person, Person.id == Completion.person_id).where(Person.name == "Helen Teague")
        ).one()
        assert completion.completed_at == course.clock[0]

    six_weeks_later(course)
    if "/sign-in" in visitor.go("/").at:
        visitor.sign_in("helen@example.org", PASSWORD)
    hear(visitor)
    page.get_by_role("link", name="Check after six weeks").click()
    hear(visitor)
    answer_the_check(visitor)
    hear(visitor)
    for path in (
        "/mine/",
        "/mine/journal",
        "/mine/plan",
        "/mine/cards",
        "/mine/record",
        "/mine/data",
        "/help",
        "/accessibility",
        "/privacy",
        f"/modules/{module.folder}/facilitator",
    ):
        hear(visitor.go(path))
    visitor.go("/mine/journal")
    assert PLANTED in downloaded(page, "plain text").decode()
    context.close()

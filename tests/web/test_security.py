"""What protects a learner: sign-in, sessions, headers, and pages that do not exist for those they are not for."""

import re
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from course.learning.desk.mail.links import set_first_or_new_password
from course.learning.mine import sharing
from course.learning.mine.reflections import keep_reflection
from course.learning.tables import Person
from course.web.config import from_environment
from course.web.letter_box import links
from course.web.security import limiter
from tests.web.conftest import PASSWORD
from tests.web.visitor import Visitor

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]


def test_somebody_not_signed_in_goes_to_sign_in_and_then_on(visit: Visit, add_person: AddPerson) -> None:
    add_person("Ada Bell")
    visitor = visit().get("/modules/03-module-three/overview")
    assert visitor.heading == "Sign in"
    [form] = visitor.page.xpath("//form[.//input[@name='password']]")
    form.set("action", visitor.response.request.full_path)
    visitor.post(form, email="ada.bell@example.org", password=PASSWORD)
    assert visitor.path == "/modules/03-module-three/overview"


@pytest.mark.parametrize(
    "address",
    [
        *("https://evil.example.org/", "//evil.example.org", "/\\evil.example.org", "evil", "//[::1", "/mine/\\x"),
        *("/\t/evil.example.org", "/\r\nSet-Cookie: a=b", "/\nx", "/a\0b", "/\x85", "/mine/\x7f"),
    ],
)
def test_signing_in_never_leads_to_another_site(visit: Visit, add_person: AddPerson, address: str) -> None:
    add_person("Ada Bell")
    visitor = visit().get("/sign-in")
    [form] = visitor.page.xpath("//form[.//input[@name='password']]")
    form.set("action", f"/sign-in?{urlencode({'next': address})}")
    assert visitor.post(form, email="ada.bell@example.org", password=PASSWORD).path == "/"
    assert visitor.get(f"/mine/first?{urlencode({'next': address})}").path == "/"


def test_a_wrong_password_and_an_unknown_address_read_the_same(visit: Visit, add_person: AddPerson) -> None:
    add_person("Ada Bell")
    wrong = visit().get("/sign-in").send("Sign in", 422, email="ada.bell@example.org", password="wrong")
    unknown = visit().get("/sign-in").send("Sign in", 422, email="nobody@example.org", password="wrong")
    assert wrong.words == unknown.words
    assert "do not belong together" in wrong.words


def test_sign_in_is_slowed_after_five_failures_for_that_address_alone(visit: Visit, add_person: AddPerson) -> None:
    add_person("Ada Bell")
    add_person("Ben Cole")
    visitor = visit().get("/sign-in")
    for _ in range(5):
        visitor.send("Sign in", 422, email="Ada.Bell@example.org ", password="wrong")
    visitor.send("Sign in", 429, email="ada.bell@example.org", password=PASSWORD)
    for email in ("ada\0.bell@example.org", " \0 Ada.Bell@example.org"):
        visitor.get("/sign-in").send("Sign in", 429, email=email, password=PASSWORD)
    assert "Signing in has failed too often. Wait fifteen minutes" in visitor.words
    assert visit().sign_in("ben.cole@example.org", PASSWORD).heading == "Modules"


def test_a_new_password_ends_every_session(visit: Visit, add_person: AddPerson, session: Session) -> None:
    person = add_person("Ada Bell")
    visitor = visit(person)
    assert visitor.get("/").heading == "Modules"
    set_first_or_new_password(session, person, "another long password")
    session.commit()
    assert visitor.get("/").heading == "Sign in"


def test_signing_out_forgets(learner: Visitor) -> None:
    assert learner.get("/").send("Sign out").heading == "Sign in"
    assert learner.get("/").heading == "Sign in"


def test_signing_out_everywhere_ends_every_session_and_pressed_twice_nothing_more(
    visit: Visit, add_person: AddPerson
) -> None:
    ada, others = add_person("Ada Bell"), visit(add_person("Ben Cole"))
    phone, desk = visit(ada), visit(ada)
    cookie = phone.client.get_cookie("course", domain="localhost").value
    assert phone.get("/").send("Sign out").heading == "Sign in"
    assert desk.get("/mine/data").heading == "My data"
    [form] = desk.page.xpath("//form[@action='/sign-out-everywhere']")
    again = desk.client.get_cookie("course", domain="localhost").value
    for _ in range(2):
        desk.client.set_cookie("course", again, domain="localhost", secure=True)
        assert desk.post(form).heading == "Sign in"
        assert "signed out here and everywhere else" in desk.words
    phone.client.set_cookie("course", cookie, domain="localhost", secure=True)
    assert phone.get("/mine/journal").heading == "Sign in"
    assert others.get("/mine/journal").heading != "Sign in"
    assert visit(ada).get("/mine/data").heading == "My data"


@pytest.mark.parametrize("way", ["/shared/", "/password/"])
def test_one_can_sign_out_from_every_page_that_says_to_nobody_where_it_is(
    visit: Visit, add_person: AddPerson, session: Session, app: Flask, way: str
) -> None:
    at, ada = datetime.now(UTC), add_person("Ada Bell")
    kept = keep_reflection(
        session, ada.id, "module-three", answers=["-"], commitment="", due_on=None, who_notices="", now=at
    )
    sharing.share(session, kept, "tok", days=7, now=at)
    with app.test_request_context():
        set_by = links().to(ada, "password", now=at).address.rpartition("/")[2]
    path, gone = {"/shared/": ("/shared/tok", 404), "/password/": (f"/password/{set_by}", 410)}[way]
    for nth, (shown, status) in enumerate(((path, 200), (path, 200), (f"{way}x", gone))):
        visitor = visit(add_person("Sue Visor", email=f"sue{nth}@example.org")).get(shown, status)
        if nth == 1:
            visitor.send("Read it") if way == "/shared/" else visitor.send("Set the", 422, password="1", again="1")
        assert visitor.response.headers["Referrer-Policy"] == "no-referrer"
        assert visitor.send("Sign out").heading == "Sign in"
        assert visitor.get("/mine/journal").heading == "Sign in"


def test_a_form_that_a_browser_says_stood_on_another_site_is_refused(visit: Visit, add_person: AddPerson) -> None:
    visitor = visit(add_person("Ada Bell")).get("/")
    token = visitor.page.xpath("string(//input[@name='csrf_token']/@value)")
    for site, status in (("cross-site", 400), ("same-site", 400), ("same-origin", 302)):
        answer = visitor.client.post(
            "/sign-out", data={"csrf_token": token}, base_url="https://localhost", headers={"Sec-Fetch-Site": site}
        )
        assert answer.status_code == status


def test_what_is_counted_for_limits_names_nobody_and_holds_no_key(
    visit: Visit, add_person: AddPerson, caplog: pytest.LogCaptureFixture, session: Session
) -> None:
    caplog.set_level("INFO")
    ada = add_person("Ada Bell")
    learner = visit(ada)
    for _ in range(61):
        statuses = learner.client.get("/mine/record.csv", base_url="https://localhost").status_code
    assert statuses == 429
    visitor = visit().get("/sign-in")
    for number in range(6):
        visitor.send("Sign in", 429 if number == 5 else 422, email=ada.email, password="wrong")
    kept = f"{caplog.text} {vars(limiter.storage)}"
    for secret in (ada.session_key, ada.id, ada.email):
        assert secret not in kept
    assert "account.sign_in_now" in kept, "the counters are looked at where they are kept"


def test_a_form_without_its_token_changes_nothing(learner: Visitor) -> None:
    learner.get("/modules/03-module-three/overview")
    [form] = learner.page.xpath("//form[@data-act='open']")
    learner.post(form, 400, csrf_token="forged")
    assert learner.get("/modules/03-module-three/").path.endswith("/overview")


def test_every_response_is_guarded(learner: Visitor) -> None:
    for path in ("/", "/modules/03-module-three/overview", "/worried"):
        headers = learner.get(path).response.headers
        policy = headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert "script-src" not in policy
        assert headers["Cache-Control"] == "no-store"
        assert headers["Strict-Transport-Security"]
        assert headers["X-Content-Type-Options"] == "nosniff"


def test_the_session_cookie_is_secure(visit: Visit) -> None:
    cookie = visit().get("/sign-in").response.headers["Set-Cookie"]
    assert {"Secure", "HttpOnly", "SameSite=Lax"} <= set(cookie.split("; "))


def test_style_sheets_may_be_kept_by_the_browser(learner: Visitor) -> None:
    learner.get("/")
    for address in learner.page.xpath("//link[@rel='stylesheet']/@href"):
        response = learner.client.get(address, base_url="https://localhost", buffered=True)
        assert response.status_code == 200
        assert "max-age=31536000" in response.headers["Cache-Control"]
        assert "?v=" in address


def test_titles_say_nothing_about_what_is_read(learner: Visitor) -> None:
    for part in ("overview", "vignette", "briefing"):
        title = learner.get(f"/modules/03-module-three/{part}").page.findtext(".//title")
        assert re.match(r"Module 3: .* – Learning into Practice", title)
        assert "bruis" not in title


def test_a_made_key_is_kept_and_only_its_owner_can_read_it(tmp_path: Path) -> None:
    first = from_environment(tmp_path / "instance", environ={})
    assert from_environment(tmp_path / "instance", environ={}).secret_key == first.secret_key
    assert len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "instance/secret_key").stat().st_mode) == 0o600


def test_help_is_there_for_anybody(visit: Visit) -> None:
    words = visit().get("/worried").words
    assert "999" in words
    assert "your local front door" in words


def test_an_error_says_what_to_do(app: Flask, learner: Visitor) -> None:
    assert "list of modules" in learner.get("/nothing-here", 404).words
    app.config["PROPAGATE_EXCEPTIONS"] = False
    app.extensions["library"] = None
    assert learner.client.get("/", base_url="https://localhost").status_code == 500


def test_old_terms_and_words_are_explained_to_anybody(visit: Visit) -> None:
    visitor = visit().get("/what-changed")
    assert "Partners." in visitor.words
    assert "Not yet in force." in visitor.words
    assert "front doorWhere worries about a child arrive." in visitor.get("/glossary").words

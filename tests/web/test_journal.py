"""My journal and my plan: mine alone, and what I show to somebody by a link."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from flask import Flask
from icalendar import Calendar
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.mine.reflections import keep_reflection
from course.learning.tables import Person, Reflection, Share
from tests.web.test_words import ENTRY, autosave, in_fields, to_reflection
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

NOW = datetime(2026, 11, 27, 12, 0, tzinfo=UTC)
THREE, THIRTEEN = "module-three", "module-thirteen"


@pytest.fixture
def ada(app: Flask, add_person: AddPerson) -> Person:
    app.config["CLOCK"] = lambda: NOW
    return add_person("Ada Bell")


@pytest.fixture
def write(session: Session) -> Callable[..., Reflection]:
    def write(person: Person, module_id: str = THREE, *, hours: int = 0, **words: object) -> Reflection:
        some = {"answers": ["I waited.\nThen I rang."], "commitment": "Ring first.", "due_on": None, "who_notices": ""}
        now = NOW - timedelta(days=1) + timedelta(hours=hours)
        return keep_reflection(session, person.id, module_id, **some | words, now=now)  # type: ignore[arg-type]

    return write


def test_the_journal_has_what_was_saved_last_at_the_top(
    visit: Visit, ada: Person, write: Callable[..., object]
) -> None:
    write(ada, THIRTEEN, hours=1, answers=["thirteen"], commitment="")
    write(ada, THREE, hours=2, due_on=(NOW + timedelta(days=3)).date(), who_notices="Sam")
    write(ada, "module-gone", answers=["of a module no longer here"])
    words = visit(ada).get("/mine/journal").words
    places = [words.index(part) for part in ("Module 3:", "I waited.", "30 November 2026", "Sam", "Module 13:", "here")]
    assert places == sorted(places)
    assert "Module 13: Euphemistic" in words


def test_an_entry_can_be_changed_and_deleted(visit: Visit, ada: Person, write: Callable[..., object]) -> None:
    write(ada, answers=["one", "two", "to a question that is no longer asked"])
    visitor = visit(ada).get(ENTRY)
    visitor.send("Save", **in_fields(visitor) | {"answer-1": "uno"})
    assert (visitor.path, in_fields(visitor)["answer-1"]) == (ENTRY, "uno")
    words = visitor.get("/mine/journal").words
    assert "uno" in words
    assert "to a question that is no longer asked" in words
    visitor.get(f"{ENTRY}/delete").send("Delete what I wrote")
    assert visitor.path == "/mine/journal"
    assert "uno" not in visitor.words
    visitor.get(ENTRY, 404)
    visitor.get(f"{ENTRY}/delete", 404)


def test_a_deleted_entry_is_not_made_again_by_a_form_still_open(
    visit: Visit, ada: Person, write: Callable[..., object], session: Session
) -> None:
    write(ada)
    visitor = visit(ada).get(ENTRY)
    visit(ada).get(f"{ENTRY}/delete").send("Delete what I wrote")
    visitor.send("Save", 409, **{"answer-1": "still here"})
    assert "was deleted meanwhile" in visitor.words
    assert session.scalars(select(Reflection)).all() == []
    visitor.send("Keep this", **in_fields(visitor))
    assert in_fields(visitor)["answer-1"] == "still here"


def test_all_of_it_can_be_taken_away(visit: Visit, ada: Person, write: Callable[..., object]) -> None:
    write(ada, answers=["I waited.\n\nThen I rang. #set 李"], due_on=NOW.date(), who_notices="*Sam*")
    visitor = visit(ada).get("/mine/journal.txt")
    told = visitor.response.get_data(as_text=True)
    assert "I waited.\n\nThen I rang. #set 李\n" in told
    content = visitor.get("/mine/journal.pdf").response.get_data()
    assert visitor.response.headers["Content-Disposition"] == "attachment; filename=my-journal.pdf"
    pdf = PdfReader(BytesIO(content))
    read = " ".join(page.extract_text() for page in pdf.pages)
    for words in ("My journal", "Then I rang. #set", "*Sam*", "27 November 2026", "[U+674E]"):
        assert words in read
    assert pdf.trailer["/Root"]["/MarkInfo"]["/Marked"]
    assert pdf.metadata is not None
    assert pdf.metadata.title == "My journal"


def test_what_is_somebody_elses_is_not_there(visit: Visit, ada: Person, add_person: AddPerson, write: Callable) -> None:
    write(ada)
    other = visit(add_person("Ben Cole", access="administrator"))
    for path in (ENTRY, f"{ENTRY}/delete"):
        other.get(path, 404)
    assert "I waited" not in other.get("/mine/journal").words + other.get("/mine/plan").words
    assert other.get("/mine/nothing", 404)
    visit().get("/mine/journal")


def link(visitor: Visitor, days: str = "14") -> str:
    """Make a link to the entry; its path."""
    visitor.get(ENTRY).send("Make a link", days=days)
    address = text(visitor.page.xpath("//*[@id='link']")[0])
    assert address.startswith("https://localhost/shared/")
    return address.removeprefix("https://localhost")


def test_an_entry_is_shown_by_a_link_once_its_button_is_pressed(
    visit: Visit, ada: Person, write: Callable[..., object], session: Session
) -> None:
    write(ada, due_on=NOW.date())
    visitor = visit(ada)
    path = link(visitor)
    reader = visit().get(path)
    assert reader.heading == "A colleague shows you what they wrote"
    for told in ("Ada Bell", "odule three"):  # not before the button is pressed, as scanners open links
        assert told not in reader.page.text_content()
    assert "until the end of 11 December 2026" in reader.words
    assert "I waited" not in reader.response.get_data(as_text=True)
    assert "Nobody has opened it" in visitor.get(ENTRY).words
    reader.send("Read it")
    assert reader.heading == "What Ada Bell wrote"
    assert "Then I rang." in reader.words
    assert "Ring first." in reader.words
    for name, value in (("Referrer-Policy", "no-referrer"), ("Cache-Control", "no-store")):
        assert reader.response.headers[name] == value
    assert "noindex" in reader.response.headers["X-Robots-Tag"]
    assert not reader.page.xpath("//main//form")
    assert "Opened once, last on 27 November 2026" in visitor.get(ENTRY).words
    assert path.removeprefix("/shared/") not in str([vars(s) for s in session.scalars(select(Share))])
    assert path.removeprefix("/shared/") not in visitor.response.get_data(as_text=True)


def test_a_button_pressed_twice_makes_one_link(visit: Visit, ada: Person, write: Callable, session: Session) -> None:
    write(ada)
    visitor = visit(ada).get(ENTRY)
    [form] = [b.iterancestors("form").__next__() for b in visitor.page.iter("button") if text(b) == "Make a link"]
    addresses = {text(visitor.post(form, days="7").page.xpath("//*[@id='link']")[0]) for _ in range(2)}
    assert len(addresses) == len(session.scalars(select(Share)).all()) == 1
    visitor.get(ENTRY).send("Take back")
    assert visitor.post(form, days="7").path == ENTRY, "nor does it bring back what was taken back"


def test_a_link_can_be_seen_again_for_ten_minutes_in_its_session_alone(
    app: Flask, visit: Visit, ada: Person, write: Callable[..., object], session: Session
) -> None:
    write(ada, answers=["her number is 943 476 5919"])
    visitor = visit(ada)
    path, page = link(visitor), f"{ENTRY}/link"
    assert visitor.path == page
    assert "may say who a child is" in visitor.words
    assert path.removeprefix("/shared/") in visitor.get(page).response.get_data(as_text=True)
    assert visit(ada).get(page).path == ENTRY, "another session"
    app.config["CLOCK"] = lambda: NOW + timedelta(minutes=10)
    assert visitor.get(page).path == ENTRY
    assert "If you did not copy it, take it back" in visitor.words
    assert visit().get(path).response.status_code == 200, "it goes on working"
    other = link(visitor)
    visitor.get(ENTRY).send("Save", **in_fields(visitor) | {"answer-1": "I rang."})
    assert "You changed the entry, so each of the 2 links to it shows nothing any more." in visitor.words
    assert visitor.words.count("It shows nothing any more: you have changed the entry since.") == 2
    assert visitor.get(page).path == ENTRY
    visit().get(other, 404)
    app.config["CLOCK"] = lambda: NOW + timedelta(days=40)
    assert visitor.get(ENTRY).words.count("you have changed the entry since") == 2, "and not that their time is over"


def test_the_script_is_told_once_that_links_stop(visit: Visit, ada: Person, write: Callable[..., object]) -> None:
    write(ada)
    visitor = visit(ada)
    link(visitor)
    visitor.get(ENTRY)
    answer = autosave(visitor, **{"answer-1": "other words"}).json
    assert answer is not None
    assert answer["haveLinksStopped"]
    assert answer["said"] == ["You changed the entry, so the link to it shows nothing any more."]
    answer = autosave(visitor.get(ENTRY), **{"answer-1": "more of them"}).json
    assert answer is not None
    assert not answer["haveLinksStopped"]


def test_no_link_without_days_that_are_offered(visit: Visit, ada: Person, write: Callable, session: Session) -> None:
    write(ada)
    visitor = visit(ada)
    for days in ("", "365", "7\0", "-1"):
        visitor.get(ENTRY).send("Make a link", 422, days=days)
        assert visitor.page.findtext(".//title").startswith("Error: ")
        [error] = visitor.page.xpath("//*[contains(@class, 'govuk-error-summary')]//a/@href")
        assert visitor.page.xpath("//input[@id=$id]", id=error[1:])
    assert session.scalars(select(Share)).all() == []


def test_every_link_that_shows_nothing_reads_the_same(
    app: Flask, visit: Visit, ada: Person, write: Callable[..., object], session: Session
) -> None:
    write(ada)
    visitor, reader = visit(ada), visit()
    made_up, seen = "/shared/" + "x" * 43, set()

    def is_gone(path: str) -> None:
        for method in ("GET", "POST"):
            answer = reader.client.open(path, method=method, base_url="https://localhost", data=token)
            assert answer.status_code == 404
            assert "I waited" not in answer.get_data(as_text=True)
            seen.add(answer.get_data(as_text=True).split("<main")[1].split("</main>")[0])

    taken_back = link(visitor)
    reader.get(taken_back)
    token = {"csrf_token": reader.page.xpath("//input[@name='csrf_token']/@value")[0]}
    visitor.get(ENTRY).send("Take back")
    assert "You took it back on 27 November 2026." in visitor.words
    visitor.get(ENTRY)
    is_gone(taken_back)
    is_gone(made_up)
    is_gone("/shared/%00")
    changed, ended = link(visitor), link(visitor, "7")
    app.config["CLOCK"] = lambda: NOW + timedelta(days=8)
    is_gone(ended)
    reader.get(changed)
    visitor.get(ENTRY).send("Save", **{"answer-1": "other words"})
    assert "you have changed the entry since" in visitor.words
    is_gone(changed)
    of_a_leaver = link(visitor)
    session.get_one(Person, ada.id).left_at = NOW
    session.commit()
    is_gone(of_a_leaver)
    assert len(seen) == 1


def test_reading_needs_the_forms_token(visit: Visit, ada: Person, write: Callable[..., object]) -> None:
    write(ada)
    path = link(visit(ada))
    answer = visit().client.post(path, base_url="https://localhost")
    assert answer.status_code == 400
    assert "I waited" not in answer.get_data(as_text=True)


def test_opening_links_is_slowed(visit: Visit) -> None:
    reader = visit()
    statuses = [reader.client.get(f"/shared/{n}", base_url="https://localhost").status_code for n in range(61)]
    assert statuses == [404] * 60 + [429]


def test_only_ones_own_link_is_taken_back(visit: Visit, ada: Person, add_person: AddPerson, write: Callable) -> None:
    other = add_person("Ben Cole")
    write(ada)
    write(other)
    path = link(visit(ada))
    theirs = visit(ada).get(ENTRY).page.xpath("//input[@name='mark']/@value")[0]
    visitor = visit(other)
    link(visitor)
    visitor.get(ENTRY).send("Take back", 404, mark=theirs)
    visitor.get(ENTRY).send("Take back", 404, mark="\0")
    assert "I waited." in visit().get(path).send("Read it").words


def test_the_plan_is_by_day_and_can_be_ticked_off(visit: Visit, ada: Person, write: Callable[..., object]) -> None:
    write(ada, THREE, due_on=(NOW - timedelta(days=2)).date(), who_notices="Sam", commitment="Ring first.")
    write(ada, THIRTEEN, due_on=(NOW - timedelta(days=3)).date(), commitment="Write plainly.")
    visitor = visit(ada).get("/mine/plan")
    assert visitor.words.index("Write plainly.") < visitor.words.index("Ring first.")
    assert "The day that you set has passed: 25 November 2026. You can still do it" in visitor.words
    assert "Who will notice: Sam" in visitor.words
    visitor.send("I have done it: module 13")
    assert "Done on 27 November 2026." in visitor.words
    assert visitor.words.index("Ring first.") < visitor.words.index("Write plainly.")
    visitor.send("Open it again: module 13")
    assert "Done on" not in visitor.words
    [change, *_] = visitor.page.xpath("//a[starts-with(., 'Change the words')]/@href")
    assert visitor.get(change).page.xpath("//*[@id='commitment']")


def test_only_a_commitment_can_be_ticked_off(visit: Visit, ada: Person, write: Callable[..., object]) -> None:
    write(ada)
    visitor = visit(ada).get("/mine/plan")
    form = next(visitor.page.xpath("//input[@name='done']")[0].iterancestors("form"))
    for name in ("13-module-thirteen", "99-nothing"):
        form.set("action", f"/mine/plan/{name}/done")
        visitor.post(form, 404)


def test_the_calendar_file_has_days_and_no_words(visit: Visit, ada: Person, write: Callable[..., object]) -> None:
    write(ada, THREE, due_on=date.max, commitment="the heron", who_notices="the heron")
    visitor = to_reflection(visit(ada))
    visitor.send("Finish without writing")
    content = visitor.get("/mine/plan.ics").response.get_data()
    assert b"heron" not in content
    assert b"VALARM" not in content
    events = {str(e["summary"]): e for e in Calendar.from_ical(content).walk("VEVENT")}
    assert events["My commitment, module 3"].decoded("dtstart") == date.max
    assert events["My six-week check, module 3"].decoded("dtstart") == (NOW + timedelta(days=42)).date()
    again = Calendar.from_ical(visitor.get("/mine/plan.ics").response.get_data()).walk("VEVENT")
    assert [e["uid"] for e in again] == [e["uid"] for e in events.values()]
    assert len({e["uid"] for e in again}) == 2
    visitor.get("/mine/plan").send("I have done it")
    assert visitor.page.xpath("//a[@href='/mine/plan.ics']"), "the check is still to come"
    [event] = Calendar.from_ical(visitor.get("/mine/plan.ics").response.get_data()).walk("VEVENT")
    assert event["summary"] == "My six-week check, module 3"
    assert ada.id not in str([e["uid"] for e in again])


def test_my_learning_leads_to_all_that_is_mine(visit: Visit, ada: Person) -> None:
    visitor = visit(ada).get("/mine/")
    for name in ("My journal", "My action plan", "Decision cards", "My record", "My data", "People who told", "Help"):
        assert visitor.page.xpath("//main//a[starts-with(., $name)]", name=name), name

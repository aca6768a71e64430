"""What comes back after a module, as a learner and their manager meet it: the check after six weeks and the cards."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask, render_template
from flask_login import login_user
from icalendar import Calendar
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.mine.reflections import keep_reflection
from course.learning.tables import CardAnswer, CheckBegun, Person, SixWeekCheck
from course.web.mine.waiting import Waiting, waiting
from course.web.security import Account
from tests.mail import Post, mail
from tests.web.test_learn import to_the_end
from tests.web.visitor import Visitor, text

__all__ = ["mail"]

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

DONE = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
CHECK, CARDS = "/mine/checks/03-module-three", "/mine/cards"
PLANTED = "I will ring the weir keeper’s heron"
CHOICE = "module-three-six-weeks-b"
ANSWERS = {"did": "partly", "came_up": "no", "in_the_way": "time"}


class Day:
    """Today, in days since the module was completed."""

    def __init__(self, app: Flask) -> None:
        self.app = app
        self(0)

    def __call__(self, number: int) -> None:
        self.app.config["CLOCK"] = lambda: DONE + timedelta(days=number)


@pytest.fixture
def day(app: Flask) -> Day:
    return Day(app)


@pytest.fixture
def ada(add_person: AddPerson) -> Person:
    return add_person("Ada Bell")


@pytest.fixture
def learner(day: Day, visit: Visit, ada: Person) -> Visitor:
    """Ada, who has just completed module 3."""
    return to_the_end(visit(ada))


def choose(visitor: Visitor, nth: int, status: int = 200) -> Visitor:
    return visitor.post(visitor.page.xpath("//ul[@class='choices']//form")[nth], status)


def want(visitor: Visitor, how: str = "home") -> Visitor:
    return visitor.get(CARDS).send("Save", cards=how)


def waits_for(app: Flask, person: Person, count_queries: Callable[[], list[str]]) -> tuple[Waiting, str, int]:
    """What waits for somebody, as the home page shows it, and how many queries it took."""
    with app.test_request_context():
        login_user(Account(person))
        sent = count_queries()
        found = waiting()
        return found, render_template("mine/_waiting.html", waiting=found), len(sent)


def test_before_it_is_due_the_check_says_when_it_comes(learner: Visitor, day: Day, session: Session) -> None:
    day(41)
    learner.get(CHECK)
    assert "13 July 2026" in learner.words
    form = {"choice": CHOICE, "asked": "yes", **ANSWERS}
    token = learner.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = learner.client.post(
        CHECK, data=form | {"csrf_token": token}, base_url="https://localhost", headers={"Referer": "https://localhost"}
    )
    assert answer.status_code == 302
    assert session.scalars(select(SixWeekCheck)).all() == []
    assert "six weeks after you have completed" in learner.get("/mine/checks/13-module-thirteen").words
    learner.get("/mine/checks/3", status=404)
    learner.get("/mine/checks/%00", status=404)


def test_a_check_is_answered_step_by_step_and_kept_whole(
    learner: Visitor, day: Day, session: Session, ada: Person
) -> None:
    words = {"answers": ["A"], "commitment": PLANTED, "due_on": None, "who_notices": ""}
    keep_reflection(session, ada.id, "module-three", **words, now=DONE)
    day(42)
    choose(learner.get(CHECK), 1)
    assert learner.path == CHECK
    learner.get(CHECK)  # she leaves and comes back: what she chose stands, since she knows now what it turned on
    assert "What do you do?" not in learner.words
    assert PLANTED in learner.words
    assert "Ask her father" in learner.words
    assert "You chose: Write a note" in learner.words
    assert session.scalars(select(SixWeekCheck)).all() == []
    learner.send("Keep my check", status=422, did="done", came_up="\0", in_the_way="x" * 5000)
    assert learner.page.findtext(".//title").startswith("Error: ")
    assert [text(link) for link in learner.page.xpath("//div[@role='alert']//a")] == [
        "Answer: Has something like it come up at work since?",
        "Answer: What stood in the way most?",
    ]
    assert learner.page.xpath("//input[@name='did'][@value='done'][@checked]")
    twice = learner.page
    learner.send("Keep my check", **ANSWERS)
    assert "You answered this on 13 July 2026" in learner.words
    assert "Partly" in learner.words
    [form] = twice.xpath("//form[.//input[@name='asked']]")
    learner.post(form, did="done", came_up="not-sure", in_the_way="nothing")
    [kept] = session.scalars(select(SixWeekCheck)).all()
    assert (kept.choice, kept.did, kept.came_up, kept.in_the_way) == (CHOICE, *ANSWERS.values())


def test_a_choice_that_is_none_is_asked_for_again(learner: Visitor, day: Day) -> None:
    day(42)
    form = learner.get(CHECK).page.xpath("//ul[@class='choices']//form")[0]
    learner.post(form, 422, choice="\0")
    assert [text(link) for link in learner.page.xpath("//div[@role='alert']//a")] == ["Choose what you would do"]


def test_what_was_chosen_first_stays_and_is_no_answer_without_a_choice(
    learner: Visitor, day: Day, session: Session
) -> None:
    day(42)
    decision = learner.get(CHECK).page.xpath("//ul[@class='choices']//form")
    learner.post(decision[1], asked="yes", **ANSWERS)
    assert "Choose what you would do first" in learner.words
    assert session.scalars(select(SixWeekCheck)).all() == []
    learner.post(decision[1])
    learner.post(decision[0])
    assert "You chose: Write a note" in learner.words
    learner.post(decision[0], asked="yes", **ANSWERS)
    assert [kept.choice for kept in session.scalars(select(SixWeekCheck))] == [CHOICE]
    assert session.scalars(select(CheckBegun)).all() == []


def test_a_refresher_asks_again_after_six_weeks(learner: Visitor, day: Day) -> None:
    day(42)
    choose(learner.get(CHECK), 0).send("Keep my check", **ANSWERS)
    day(50)
    to_the_end(learner.get("/modules/03-module-three/done").send("Do this module again"))
    assert "1 September 2026" in learner.get(CHECK).words
    day(92)
    assert "What do you do?" in learner.get(CHECK).words


def test_a_manager_confirms_a_talk_and_sees_nothing_else(
    learner: Visitor,
    day: Day,
    visit: Visit,
    add_person: AddPerson,
    session: Session,
    ada: Person,
    app: Flask,
    count_queries: Callable[[], list[str]],
) -> None:
    boss, peer = add_person("Bea Boss"), add_person("Pia Peer", access="administrator")
    day(43)
    choose(learner.get(CHECK), 1).send("Keep my check", **ANSWERS)
    assert "you have no manager of your own agency named here" in learner.words
    session.get(Person, ada.id).manager_id = boss.id
    session.commit()
    assert "Bea Boss" in learner.get(CHECK).send("I have talked it over").words
    [check] = session.scalars(select(SixWeekCheck)).all()
    address = f"/mine/confirm/{check.completion_id}"
    manager, other = visit(boss).get("/mine/confirm"), visit(peer).get("/mine/confirm")
    assert "Nothing waits for you" in other.words
    assert "Ada Bell" not in other.words
    for found in ("Ada Bell", "Module 3, Not making a referral", "14 July 2026"):
        assert found in manager.words
    seen = manager.response.get_data(as_text=True)
    assert not [secret for secret in (CHOICE, "Partly", "Time and workload", "Write a note") if secret in seen]
    [form] = [b.getparent() for b in manager.page.iter("button") if text(b).startswith("Yes, we talked")]
    for stranger in (other, learner):
        stranger.post(form, 404, csrf_token=stranger.page.xpath("//input[@name='csrf_token']/@value")[0])
    assert waits_for(app, boss, count_queries)[0].talks == 1
    manager.send("Yes, we talked")
    assert "Nothing waits for you" in manager.words
    assert "your manager confirmed it on 14 July 2026" in learner.get(CHECK).words
    form.set("action", address.replace(str(check.completion_id), "99999999999999999999"))
    manager.post(form, 404)


def test_a_talk_is_asked_for_at_home_and_in_the_plan_until_it_is_said_and_again_after_not_yet(
    learner: Visitor, day: Day, visit: Visit, add_person: AddPerson, session: Session, ada: Person
) -> None:
    boss = add_person("Bea Boss")
    session.get(Person, ada.id).manager_id = boss.id
    words = {"answers": ["A"], "commitment": PLANTED, "due_on": None, "who_notices": ""}
    keep_reflection(session, ada.id, "module-three", **words, now=DONE)
    day(43)
    talk, not_yet = "Talk over module 3 with your manager", "Your manager says: not yet."
    assert talk not in learner.get("/").words
    choose(learner.get(CHECK), 1).send("Keep my check", **ANSWERS)
    assert talk in learner.get("/").words
    assert "talk it over with your manager" in learner.get("/mine/plan").words
    assert learner.page.xpath(f"//main//a[@href='{CHECK}']")
    twice = learner.get(CHECK).page
    learner.send("I have talked it over")
    assert talk not in learner.get("/").words
    assert "Nothing waits" in visit(boss).get("/mine/confirm").send("Not yet").words
    for path in ("/", CHECK):
        assert not_yet in learner.get(path).words
    assert "You said on 14 July 2026 that you talked it over" in learner.words
    assert "your manager says, not yet" in learner.get("/mine/plan").words
    day(50)
    learner.get(CHECK).send("I have talked it over")
    assert "You said on 21 July 2026" in learner.words
    [form] = [b.getparent() for b in twice.iter("button") if text(b).startswith("I have talked")]
    assert "kept already" in learner.post(form).words
    for path in ("/", CHECK):
        assert not_yet not in learner.get(path).words


def test_cards_come_only_to_whoever_asks_for_them(learner: Visitor, day: Day, session: Session) -> None:
    day(10)
    learner.get(CARDS)
    assert "Open the card" not in learner.words
    assert "By e-mail" not in learner.words  # this course sends none
    assert learner.get(f"{CARDS}.ics").path == CARDS
    assert learner.get(f"{CARDS}/module-three-card-1").path == CARDS
    learner.send("Save", 422, cards="email")
    learner.send("Save", 422, cards="\0")
    assert "Open the card" in want(learner).words


def test_a_card_is_answered_once_and_the_next_one_waits_for_its_day(
    learner: Visitor, day: Day, session: Session
) -> None:
    want(learner)
    day(6)
    assert "8 June 2026" in learner.get(CARDS).words
    assert learner.get(f"{CARDS}/module-three-card-1").path == CARDS
    day(7)
    learner.get(f"{CARDS}/module-three-card-1")
    assert learner.page.findtext(".//title").startswith("Decision card –")
    forms = learner.page.xpath("//ul[@class='choices']//form")
    learner.post(forms[0], 422, choice="nothing")
    learner.post(forms[2])
    learner.post(forms[0])
    for part in (
        "You chose: Ask her father",
        "What follows",
        "What it turned on",
        "If you had chosen: Ring the school",
    ):
        assert part in learner.words
    assert learner.page.xpath("//p[@class='cite']/a/@href") == ["/modules/03-module-three/sources"]
    [kept] = session.scalars(select(CardAnswer)).all()
    assert (kept.card_id, kept.choice) == ("module-three-card-1", "module-three-card-1-c")
    assert "29 June 2026" in learner.get(CARDS).words
    assert learner.get(f"{CARDS}/module-three-card-2").path == CARDS
    day(28)
    assert "What do you do?" in learner.get(f"{CARDS}/module-three-card-2").words


@pytest.mark.parametrize("card_id", ["module-thirteen-card-1", "module-three-six-weeks", "none", "%00", "a" * 3000])
def test_a_card_that_is_not_mine_is_not_there(learner: Visitor, day: Day, card_id: str) -> None:
    want(learner)
    day(100)
    learner.get(f"{CARDS}/module-three-card-1")
    form = learner.page.xpath("//ul[@class='choices']//form")[0]
    learner.get(f"{CARDS}/{card_id}", status=404)
    form.set("action", f"{CARDS}/{card_id}")
    learner.post(form, 404)


def test_the_calendar_names_no_module(learner: Visitor, day: Day) -> None:
    want(learner)
    learner.get(f"{CARDS}.ics")
    content = learner.response.get_data(as_text=True)
    events = Calendar.from_ical(content).walk("VEVENT")
    assert [f"{event.decoded('dtstart'):%d %m}" for event in events] == ["08 06", "29 06", "24 08"]
    assert {str(event["summary"]) for event in events} == {"Two-minute decision"}
    assert {str(event["url"]) for event in events} == {"https://localhost/mine/cards"}
    assert "three" not in content
    assert "Module" not in content


def test_what_waits_is_told_in_two_queries(
    learner: Visitor, day: Day, app: Flask, ada: Person, session: Session, count_queries: Callable[[], list[str]]
) -> None:
    found, shown, queries = waits_for(app, ada, count_queries)
    assert (bool(found), shown.strip(), queries) == (False, "", 1)
    want(learner)
    session.refresh(ada)
    day(42)
    found, shown, queries = waits_for(app, ada, count_queries)
    assert (found.check_address, found.card_address) == (CHECK, f"{CARDS}/module-three-card-1")
    assert CHECK in shown
    assert queries == 2


@pytest.mark.parametrize("path", [CHECK, CARDS, f"{CARDS}/module-three-card-1", "/mine/confirm", f"{CARDS}.ics"])
def test_a_page_takes_six_queries_at_most(
    learner: Visitor, day: Day, path: str, count_queries: Callable[[], list[str]]
) -> None:
    want(learner)
    day(42)
    sent = count_queries()
    learner.get(path)
    assert 1 < len(sent) <= 6


def test_cards_by_e_mail_are_offered_where_the_course_sends_any(
    learner: Visitor, day: Day, app: Flask, mail: Post, session: Session, ada: Person
) -> None:
    app.config["MAILBOX"] = mail.mailbox
    assert "you get an e-mail" in want(learner, "email").words
    session.refresh(ada)
    assert ada.cards == "email"
    assert "You get no cards" in want(learner, "no").words


def test_a_letter_about_a_card_leads_to_whichever_waits(learner: Visitor, day: Day) -> None:
    address = f"{CARDS}/next"
    assert learner.get(address).path == CARDS
    want(learner)
    day(6)
    assert learner.get(address).path == CARDS
    day(7)
    assert learner.get(address).path == f"{CARDS}/module-three-card-1"


def test_all_letters_are_chosen_on_one_page(
    learner: Visitor, day: Day, app: Flask, mail: Post, session: Session, ada: Person
) -> None:
    letters = "/mine/letters"
    assert "Your partnership has not made it possible" in learner.get(letters).words
    learner.send("Save", cards="home")
    app.config |= {"MAILBOX": mail.mailbox, "REMINDERS_OPT_OUT": True}
    learner.get(letters).send("Save", 422, reminders="off", cards="\0")
    learner.send("Save", 422, reminders="\0", cards="\0")
    assert [link.get("href") for link in learner.page.xpath("//div[@role='alert']//a")] == ["#reminders", "#cards"]
    session.refresh(ada)
    assert (ada.cards, ada.wants_reminders) == ("home", True)
    words = learner.send("Save", reminders="off", cards="email").words
    assert "You get no reminders by e-mail." in words
    assert "you get an e-mail when one does" in words
    session.refresh(ada)
    assert (ada.cards, ada.wants_reminders) == ("email", False)
    assert learner.page.xpath("//input[@name='reminders'][@value='off'][@checked]")

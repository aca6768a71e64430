"""Reminders: who gets which, once a week at most, as a mail server really receives them, on both databases."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.catalogue.library import Library
from course.catalogue.progress import Progress
from course.learning.attempts import record
from course.learning.database import new_sessions
from course.learning.desk.mail.post import Posted, post
from course.learning.desk.mail.reminder_words import Reminder, Terms, draft_of, text_of
from course.learning.desk.mail.reminders import NotALead, Plan, plan, remind
from course.learning.desk.standing.board import Board
from course.learning.tables import Agency, Assignment, Letter, Person, Team, VoidInForce
from tests.mail import Post, mail

__all__ = ["mail"]

START = datetime(2026, 1, 5, 9, tzinfo=UTC)
TERMS = Terms("https://course.example.org")
DUE = date(2026, 3, 1)


def at(day: str, hour: int = 9) -> datetime:
    return datetime.fromisoformat(f"{day}T{hour:02}:00:00+00:00")


@pytest.fixture
def board(library: Library) -> Board:
    return Board(library.modules)


@pytest.fixture
def add(session: Session, team: Team) -> Callable[..., Person]:
    """Adds somebody who signs in, by a first name."""

    def add(name: str, **more: object) -> Person:
        values = {"email": f"{name.split()[0].lower()}@example.org", "password_hash": "x", "role": "practitioner"}
        values |= {"access": "learner", "team": team, "session_key": "", "joined_at": START - timedelta(days=400)}
        person = Person(**(values | {"name": name} | more))
        session.add(person)
        session.commit()
        return person

    return add


@pytest.fixture
def boss(add: Callable[..., Person], session: Session) -> Person:
    """Who makes the assignments; of another agency, so that nothing is asked of them."""
    return add("Zoe Boss", access="administrator", team=Team(name="Unit", agency=Agency(name="Partnership")))


@pytest.fixture
def ask(session: Session, library: Library, boss: Person, team: Team) -> Callable[..., None]:
    """Asks everybody of Health to do module 3, or these modules, by DUE, or otherwise."""

    def ask(*modules: int, **how: object) -> None:
        ids = [module.id for module in library.modules if module.number in (modules or (3,))]
        made = {"agency_id": team.agency_id, "due_on": DUE, "counts_from": START, "made_at": START}
        session.add(Assignment(module_ids=ids, made_by_id=boss.id, **(made | how)))
        session.commit()

    return ask


@pytest.fixture
def planned(session: Session, board: Board) -> Callable[..., Plan]:
    def planned(day: str, **more: object) -> Plan:
        now = at(day)
        return plan(session, board.picture(session, now), now=now, **more)

    return planned


@pytest.fixture
def run(session: Session, board: Board, mail: Post) -> Callable[..., Posted]:
    def run(day: str, *, hour: int = 9, terms: Terms = TERMS, **more: object) -> Posted:
        now = at(day, hour)
        return remind(session, board.picture(session, now), now=now, mailbox=mail.mailbox, terms=terms, **more)

    return run


def names(reminders: list[Reminder]) -> list[str]:
    return [reminder.name for reminder in reminders]


def words(letters: list[Reminder], name: str) -> str:
    [found] = [letter for letter in letters if letter.name == name]
    return text_of(found, TERMS)


def test_nobody_gets_a_letter_with_nothing_in_it(
    add: Callable, ask: Callable, planned: Callable, run: Callable
) -> None:
    add("Ada Bell")
    assert planned("2026-01-06") == Plan()
    ask()
    assert planned("2026-01-06") == Plan()  # more than thirty days before
    assert run("2026-01-06") == Posted()


def test_before_and_after_the_day_the_letter_says_so(add: Callable, ask: Callable, planned: Callable) -> None:
    add("Ada Bell")
    ask(3, 13)
    before, after = (words(planned(day).go, "Ada Bell") for day in ("2026-02-27", "2026-03-02"))
    assert "Module 3, Not making a referral after bruising to non-mobile babies: due by 1 March 2026" in before
    assert "Module 13, Euphemistic language in reports and written records: was due by 1 March 2026" in after
    assert "https://course.example.org" in after
    assert "stop" not in after


def test_a_letter_says_who_sends_it_and_whom_to_ask(add: Callable, ask: Callable, planned: Callable) -> None:
    add("Ada Bell")
    ask()
    [reminder] = planned("2026-03-02").go
    named = text_of(reminder, Terms("", partnership="Barset Safeguarding Partnership"))
    assert "This letter comes from Barset Safeguarding Partnership." in named
    assert "ask your training lead" in named
    assert "This letter comes from your safeguarding partnership." in text_of(reminder, TERMS)


def test_a_refresher_is_asked_for_again(
    session: Session,
    add: Callable,
    ask: Callable,
    boss: Person,
    library: Library,
    planned: Callable,
    whole_way: list[Event],
) -> None:
    ada = add("Ada Bell")
    ask(refresh_months=3)
    progress = Progress(library.modules[0])
    for event in whole_way:
        progress = record(session, ada.id, progress, event, at("2026-01-20"))
    assert planned("2026-03-02").go == []
    assert "to be done again by 20 April 2026" in words(planned("2026-04-01").go, "Ada Bell")
    assert "the refresher was due by 20 April 2026" in words(planned("2026-04-21").go, "Ada Bell")


def test_a_new_version_that_voids_is_asked_for_again(
    session: Session, add: Callable, ask: Callable, boss: Person, library: Library, whole_way: list[Event]
) -> None:
    ada, module = add("Ada Bell"), library.modules[0]
    ask()
    progress = Progress(module)
    for event in whole_way:
        progress = record(session, ada.id, progress, event, at("2026-01-20"))
    newer = {"version": "2.0", "date": date(2026, 2, 1), "kind": "voids", "what": "Another threshold."}
    ledger = [*module.about.ledger, module.about.ledger[0].model_copy(update=newer)]
    board = Board([replace(module, about=module.about.model_copy(update={"ledger": ledger}))])
    now = at("2026-02-10")
    assert plan(session, board.picture(session, now), now=now) == Plan()
    session.add(VoidInForce(module_id=module.id, version="2.0", at=at("2026-02-05"), by_id=boss.id))
    session.commit()
    letters = plan(session, board.picture(session, now), now=now).go
    assert "a new version has replaced the one completed" in words(letters, "Ada Bell")


def test_what_somebody_did_without_being_asked_reminds_of_nothing(
    session: Session, add: Callable, ask: Callable, library: Library, planned: Callable, whole_way: list[Event]
) -> None:
    progress = Progress(library.modules[0])
    ada = add("Ada Bell")
    for event in whole_way[:2]:
        progress = record(session, ada.id, progress, event, at("2026-01-20"))
    assert planned("2026-05-01") == Plan()


def test_whoever_cannot_sign_in_or_has_left_gets_none(
    session: Session, add: Callable, ask: Callable, planned: Callable
) -> None:
    add("Ada New", password_hash="")
    add("Ben Left", left_at=at("2026-02-01"))
    add("Cem Here")
    ask()
    found = planned("2026-03-02")
    assert (names(found.go), found.without_password) == (["Cem Here"], 1)


def test_an_opt_out_holds_where_the_partnership_lets_people(
    add: Callable, ask: Callable, planned: Callable, run: Callable, mail: Post
) -> None:
    add("Ada Off", wants_reminders=False)
    add("Ben On")
    ask()
    assert names(planned("2026-03-02").go) == ["Ada Off", "Ben On"]
    assert names(planned("2026-03-02", may_opt_out=True).go) == ["Ben On"]
    run("2026-03-02", terms=Terms("https://course.example.org", may_opt_out=True))
    letter = mail.to("ben@example.org")
    assert letter["List-Unsubscribe"] == "<https://course.example.org/mine/letters>"
    assert "To stop these letters" in letter.get_content()


def test_a_manager_gets_one_digest_and_their_own_modules_in_the_same_letter(
    add: Callable, ask: Callable, planned: Callable
) -> None:
    mia = add("Mia Chief")
    add("Ada Bell", manager_id=mia.id)
    add("Ben Cole", manager_id=mia.id, wants_reminders=False)
    ask(3, 13)
    found = planned("2026-03-02", may_opt_out=True)
    assert names(found.go) == ["Ada Bell", "Mia Chief"]
    text = words(found.go, "Mia Chief")
    assert (
        text.index("you are asked")
        < text.index("for whom you answer")
        < text.index("Ada Bell")
        < text.index("Ben Cole")
    )
    assert text.count("was due by 1 March 2026") == 6
    assert "Mia" not in words(found.go, "Ada Bell")


@pytest.mark.parametrize("why", ["none named", "left", "cannot sign in", "themself", "of another agency now"])
def test_where_no_manager_can_be_written_to_the_teams_leads_are(
    session: Session, add: Callable, ask: Callable, planned: Callable, team: Team, why: str
) -> None:
    add("Lea Lead", access="team-lead")
    add("Max Other", access="team-lead", team=Team(name="School nursing", agency_id=team.agency_id))
    old = add(
        "Old Chief", left_at=START if why == "left" else None, password_hash="" if why == "cannot sign in" else "x"
    )
    if why == "of another agency now":
        old.team = Team(name="Neighbourhood", agency=Agency(name="Police"))
    ada = add("Ada Bell")
    ada.manager_id = {"none named": None, "themself": ada.id}.get(why, old.id)
    session.commit()
    ask(agency_id=None, person_id=ada.id)
    found = planned("2026-03-02")
    assert names(found.go) == ["Ada Bell", "Lea Lead"]
    assert "Ada Bell" in words(found.go, "Lea Lead")


def test_a_lead_is_not_told_of_themselves_as_of_somebody_else(add: Callable, ask: Callable, planned: Callable) -> None:
    add("Lea Lead", access="team-lead")
    ask()
    [letter] = planned("2026-03-02").go
    assert len(letter.own) == 1
    assert letter.others == ()


def test_a_second_run_at_once_sends_nothing_and_a_week_later_the_next_goes(
    add: Callable, ask: Callable, planned: Callable, run: Callable, mail: Post
) -> None:
    add("Ada Bell")
    ask()
    assert run("2026-02-10", hour=18).sent == 1
    assert run("2026-02-10", hour=18) == Posted()
    assert run("2026-02-16", hour=23) == Posted()
    [held] = planned("2026-02-16").held
    assert held.next_on == date(2026, 2, 17)
    assert run("2026-02-17", hour=6).sent == 1  # cron may come earlier in the day than a lead pressed the button
    assert mail.recipients == ["ada@example.org"] * 2


def test_the_week_is_one_of_days_in_london(add: Callable, ask: Callable, run: Callable) -> None:
    add("Ada Bell")
    ask(due_on=date(2026, 7, 1))
    assert run("2026-07-01", hour=23).sent == 1  # past midnight there: the second of July
    assert run("2026-07-08", hour=22).sent == 0
    assert run("2026-07-08", hour=23).sent == 1


def test_a_manager_of_many_gets_one_letter_a_week_too(
    session: Session, add: Callable, ask: Callable, run: Callable, mail: Post
) -> None:
    mia = add("Mia Chief")
    ada = add("Ada Bell", manager_id=mia.id)
    ask(agency_id=None, person_id=ada.id)
    run("2026-02-10")
    ben = add("Ben Cole", manager_id=mia.id)
    ask(agency_id=None, person_id=ben.id)
    assert run("2026-02-11").sent == 1
    assert sorted(mail.recipients) == ["ada@example.org", "ben@example.org", "mia@example.org"]


def test_two_runs_at_the_same_time_send_each_letter_once(
    engine: Engine, add: Callable, ask: Callable, board: Board, mail: Post
) -> None:
    for n in range(12):
        add(f"P{n:02} Bell")
    ask()
    now = at("2026-03-02")

    def run(_: int) -> Posted:
        with new_sessions(engine)() as session:
            return remind(session, board.picture(session, now), now=now, mailbox=mail.mailbox, terms=TERMS)

    with ThreadPoolExecutor(4) as threads:
        posted = list(threads.map(run, range(4)))
    assert sum(one.sent for one in posted) == 12
    assert sorted(mail.recipients) == [f"p{n:02}@example.org" for n in range(12)]
    assert not any(one.failed for one in posted)


def test_whoever_was_planned_before_midnight_is_not_written_to_again_after_it(
    session: Session, other: Session, add: Callable, ask: Callable, board: Board, mail: Post
) -> None:
    """Two runs that both planned before either sent, on two days: the second finds the first one's letter."""
    add("Ada Bell")
    ask()
    first, second = at("2026-03-02", 23), at("2026-03-03", 0)
    picture = board.picture(session, first)
    late = plan(other, picture, now=second)
    assert remind(session, picture, now=first, mailbox=mail.mailbox, terms=TERMS).sent == 1
    drafts = [draft_of(reminder, TERMS) for reminder in late.go]
    assert post(other, mail.mailbox, drafts, now=second).skipped == 1
    assert len(mail.letters) == 1


def test_what_failed_for_now_goes_the_next_day_and_what_failed_for_good_a_week_later(
    session: Session, add: Callable, ask: Callable, run: Callable, mail: Post
) -> None:
    for name in ("Ada Busy", "Ben Gone", "Cem Fine"):
        add(name)
    ask()
    mail.refuses = {"ada@example.org": "451 4.7.1 Try later", "ben@example.org": "550 5.1.1 No such user"}
    posted = run("2026-03-02")
    assert (posted.sent, len(posted.failed)) == (1, 2)
    mail.refuses.clear()
    assert run("2026-03-03").sent == 1
    assert run("2026-03-09").sent == 2
    states = session.execute(select(Letter.state).order_by(Letter.at, Letter.state)).scalars().all()
    assert states == ["failed", "failed", "sent", "sent", "sent", "sent"]


def test_a_run_that_was_cut_off_is_carried_on(add: Callable, ask: Callable, run: Callable, mail: Post) -> None:
    for name in ("Ada Bell", "Ben Cole", "Cem Demir"):
        add(name)
    ask()
    mail.breaks_off_before = "ben@example.org"
    posted = run("2026-03-02")
    assert (posted.sent, posted.left) == (1, 1)
    mail.breaks_off_before = ""
    assert run("2026-03-02").sent == 2
    assert sorted(mail.recipients) == ["ada@example.org", "ben@example.org", "cem@example.org"]


def test_odd_names_are_words_and_nothing_else(add: Callable, ask: Callable, run: Callable, mail: Post) -> None:
    mia = add("Mia\r\nBcc: all@example.org")
    add('=HYPERLINK("http://x") <b>Ada</b>', email="ada@example.org", manager_id=mia.id)
    ask()
    assert run("2026-03-02").sent == 2
    letter = mail.to("mia@example.org")
    assert letter["Bcc"] is None
    assert letter.get_content().startswith("Dear Mia Bcc: all@example.org,")
    assert letter.get_content_type() == "text/plain"
    assert sorted(mail.recipients) == ["ada@example.org", "mia@example.org"]


def test_a_leads_letters_stay_in_scope(
    session: Session, add: Callable, ask: Callable, planned: Callable, team: Team
) -> None:
    elsewhere = Team(name="School nursing", agency_id=team.agency_id)
    lea, mia = add("Lea Lead", access="team-lead"), add("Mia Chief")
    out = add("Out Chief", team=elsewhere)
    add("Ada Bell", manager_id=mia.id)
    add("Ben Cole", manager_id=mia.id, team=elsewhere)
    add("Cem Demir", manager_id=out.id)
    ask()
    mine = planned("2026-03-02", by=lea)
    assert names(mine.go) == ["Ada Bell", "Cem Demir", "Lea Lead", "Mia Chief"]
    assert "Ben Cole" not in words(mine.go, "Mia Chief")
    assert "Cem Demir" not in words(mine.go, "Lea Lead")  # somebody else answers for them
    assert "Ben Cole" in words(planned("2026-03-02").go, "Mia Chief")
    with pytest.raises(NotALead):
        planned("2026-03-02", by=mia)


def test_planning_takes_few_queries(
    session: Session, add: Callable, ask: Callable, board: Board, statements_of: Callable
) -> None:
    for n in range(20):
        add(f"P{n:02} Bell")
    ask()
    now = at("2026-03-02")
    picture = board.picture(session, now)
    with statements_of() as sent:
        assert len(plan(session, picture, now=now).go) == 20
    assert len(sent) == 3

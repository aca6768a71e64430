"""Letters about checks and cards that wait, as a mail server receives them, on both databases."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.learning.desk.mail.follow_ups import follow_ups
from course.learning.desk.mail.post import Posted, post
from course.learning.desk.mail.reminder_words import Terms
from course.learning.mine.cards import keep_answer, next_card
from course.learning.mine.checks import QUESTIONS, confirm_talk, keep_check, say_talked_over
from course.learning.mine.follows import follows
from course.learning.tables import Attempt, Completion, Letter, Person, Team
from tests.mail import Post, mail

__all__ = ["mail"]

NOW = datetime(2026, 7, 13, 6, tzinfo=UTC)
TERMS = Terms("https://course.example.org", partnership="Barset Safeguarding Partnership")
GIVEN = {name: next(iter(answers)) for name, (_, answers) in QUESTIONS.items()}


@pytest.fixture
def add(session: Session, team: Team, library: Library) -> Callable[..., Person]:
    """Adds somebody who completed modules so many days ago: module 3, then module 13."""

    def add(name: str, *ago: int, number: int = 0, **more: object) -> Person:
        values = {"email": f"{name.lower()}@example.org", "password_hash": "x", "role": "manager", "session_key": ""}
        person = Person(**(values | {"access": "learner", "team": team, "name": name} | more))
        session.add(person)
        session.flush()
        for module, days in zip(library.modules, ago, strict=False):
            complete(session, person, module.id, NOW - timedelta(days=days))
        session.commit()
        return person

    return add


def complete(session: Session, person: Person, module_id: str, at: datetime, number: int = 0) -> Completion:
    what = {"person_id": person.id, "module_id": module_id, "version": "1.0"}
    attempt = Attempt(**what, number=number, started_at=at)
    session.add(attempt)
    session.flush()
    completion = Completion(**what, attempt_id=attempt.id, completed_at=at)
    session.add(completion)
    session.commit()
    return completion


@pytest.fixture
def run(session: Session, library: Library, mail: Post) -> Callable[..., Posted]:
    """Sends what goes so many days after NOW."""

    def run(after: int = 0, terms: Terms = TERMS) -> Posted:
        now = NOW + timedelta(days=after)
        drafts = follow_ups(session, library.modules, now=now, terms=terms)
        return post(session, mail.mailbox, drafts, now=now)

    return run


def test_a_check_that_comes_due_is_written_about_once(add: Callable, run: Callable, mail: Post) -> None:
    add("Ada", 42)
    add("Ben", 41)
    assert (run().sent, run().sent, mail.recipients) == (1, 0, ["ada@example.org"])
    letter = mail.to("ada@example.org")
    assert letter["Subject"] == "Five minutes, six weeks on – Learning into Practice"
    words = letter.get_content()
    assert "module 3 of Learning into Practice on 1 June 2026" in " ".join(words.split())
    assert "https://course.example.org/mine/checks/03-module-three" in words
    assert "Barset Safeguarding Partnership" in words
    assert "bruising" not in letter.as_string()
    assert "stop" not in words
    assert run(1).sent == 1
    assert mail.recipients[1] == "ben@example.org"
    assert run(30).sent == 0


def test_nobody_is_written_to_who_answered_left_cannot_sign_in_or_began_anew(
    session: Session, add: Callable, run: Callable, library: Library
) -> None:
    module = library.modules[0]
    answered = add("Answered", 42)
    newest = follows(session, answered.id, [module]).newest[module.id]
    keep_check(session, answered.id, newest.completion_id, choice="a", given=GIVEN, now=NOW)
    add("Left", 42, left_at=NOW, cards="email")
    add("New", 42, password_hash="", cards="email")
    add("Earlier", 42 + 29)
    complete(session, add("Again", 42), module.id, NOW - timedelta(days=3), number=1)
    assert run() == Posted()


def test_two_checks_at_once_are_two_letters_a_week_apart(add: Callable, run: Callable, mail: Post) -> None:
    add("Ada", 42, 42)
    assert [run(after).sent for after in (0, 1, 6, 7, 8, 14)] == [1, 0, 0, 1, 0, 0]
    assert ["module 3 " in letter.get_content() for letter in mail.letters] == [True, False]


def test_an_opt_out_holds_where_the_partnership_lets_people(add: Callable, run: Callable, mail: Post) -> None:
    add("Ada", 42, wants_reminders=False)
    add("Ben", 42)
    terms = Terms("https://course.example.org", may_opt_out=True)
    assert run(terms=terms).sent == 1
    address = "https://course.example.org/mine/letters"
    assert mail.to("ben@example.org")["List-Unsubscribe"] == f"<{address}>"
    assert f"To stop such letters: {address}" in mail.to("ben@example.org").get_content()
    assert run().sent == 1  # where nobody may opt out


def test_cards_are_written_about_only_to_whoever_asked_and_once_a_card(
    session: Session, add: Callable, run: Callable, mail: Post, library: Library
) -> None:
    ada = add("Ada", 7, 7, cards="email")
    for how in ("no", "home"):
        add(f"Not-{how}", 7, 7, cards=how)
    add("Late", 6, cards="email")
    assert (run().sent, mail.recipients) == (1, ["ada@example.org"])
    letter = mail.to("ada@example.org")
    assert letter["Subject"] == "A two-minute decision – Learning into Practice"
    assert letter["List-Unsubscribe"] == "<https://course.example.org/mine/letters>"
    assert "https://course.example.org/mine/cards/next" in letter.get_content()
    for secret in ("module-three", "odule 3", "bruising"):
        assert secret not in letter.as_string()
    assert sum(run(after).sent for after in (0, 2, 3, 20)) == 1  # Late’s; Ada’s waits, and is not written about again
    found = follows(session, ada.id, library.modules).newest.values()
    keep_answer(session, ada.id, next_card(found, [], NOW.date()), choice="a", now=NOW + timedelta(days=20))
    assert [run(after).sent for after in (26, 27)] == [0, 1]
    ada.cards = "no"
    session.commit()
    assert run(100).sent == 0


def test_a_manager_is_told_how_many_talks_wait_at_most_weekly_and_only_of_new_ones(
    session: Session, add: Callable, run: Callable, mail: Post, library: Library
) -> None:
    def talk(person: Person, after: int) -> int:
        [found] = follows(session, person.id, library.modules).newest.values()
        at = NOW + timedelta(days=after)
        keep_check(session, person.id, found.completion_id, choice="a", given=GIVEN, now=at)
        say_talked_over(session, person.id, found.completion_id, now=at)
        return found.completion_id

    boss, off = add("Boss"), add("Off", wants_reminders=False)
    ada, ben, cem, dee = (add(name, 90, manager_id=boss.id) for name in ("Ada", "Ben", "Cem", "Dee"))
    talk(add("Eve", 90, manager_id=off.id), -1)
    talk(add("Fay", 90, manager_id=add("Late").id), -29)
    first, terms = talk(ada, -2), Terms("https://course.example.org", may_opt_out=True)
    talk(ben, -1)
    assert (run(terms=terms).sent, mail.recipients) == (1, ["boss@example.org"])
    letter = mail.to("boss@example.org")
    assert letter["Subject"] == "2 talks to confirm – Learning into Practice"
    assert "https://course.example.org/mine/confirm" in letter.get_content()
    assert letter["List-Unsubscribe"] == "<https://course.example.org/mine/letters>"
    for secret in ("Ada", "Ben", "three", "odule 3", "bruising"):
        assert secret not in letter.as_string()
    assert run(8, terms).sent == 0  # nothing new
    talk(cem, 9)
    assert run(9, terms).sent == 1
    talk(dee, 10)
    confirm_talk(session, boss, first, took_place=False, now=NOW)
    assert [run(after, terms).sent for after in (10, 15, 16, 17)] == [0, 0, 1, 0]
    assert mail.letters[-1]["Subject"].startswith("3 talks")


def test_a_letter_that_did_not_go_goes_later(add: Callable, run: Callable, mail: Post, session: Session) -> None:
    add("Ada", 42, cards="email")
    mail.refuses["ada@example.org"] = "451 4.3.0 Try again later"
    assert len(run().failed) == 2
    mail.refuses.clear()
    assert run(1).sent == 2
    assert {letter.kind for letter in session.query(Letter)} == {"check", "card"}


def test_seven_queries_for_any_number_of_people(
    session: Session, add: Callable, library: Library, statements_of: Callable
) -> None:
    for n in range(12):
        add(f"P{n}", 42, 7, cards="email")
    with statements_of() as sent:
        assert len(follow_ups(session, library.modules, now=NOW, terms=TERMS)) == 24
    assert len(sent) == 7

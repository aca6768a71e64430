"""`course remind` as cron runs it, and `course password-link`: over a real database, settings and mail server."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.learning import people
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.desk.mail.links import Links
from course.learning.tables import Agency, Assignment, Attempt, Completion, Team
from course.web.config import from_environment
from tests.factories import write_content
from tests.mail import Post, mail

__all__ = ["mail"]

NAMES = ("ada@example.org", "ben@example.org")


@pytest.fixture
def course(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    """Runs a command in a course where two people had something to do by last week."""
    monkeypatch.setenv("COURSE_CONTENT", str(write_content(tmp_path / "content")))
    monkeypatch.chdir(tmp_path)
    engine = open_engine(from_environment(tmp_path / "instance", {}).database_url)
    upgrade(engine)
    now = datetime.now(UTC)
    with new_sessions(engine)() as session:
        team = Team(name="Health visiting", agency=Agency(name="Health"))
        words = {"password": "a long enough password", "role": "practitioner", "access": "learner", "team": team}
        added = [people.add_person(session, name=f"Person {n[0]}", email=n, **words) for n in NAMES]
        long_ago = now - timedelta(days=400)
        for person in added:
            person.joined_at = long_ago
        how = {"counts_from": long_ago, "made_at": long_ago, "made_by_id": added[0].id}
        session.add(Assignment(module_ids=["module-three"], due_on=(now - timedelta(days=7)).date(), **how))
        session.commit()
    engine.dispose()

    def course(*words: str, mail: Post | None = None, **environ: str) -> Result:
        box = {"MAIL_SERVER": f"127.0.0.1:{mail.port}", "MAIL_FROM": "course@example.org"} if mail else {}
        where = {"COURSE_URL": "https://course.example.org"}
        return CliRunner().invoke(main, ["remind", *words, "--instance", "instance"], env={**box, **where, **environ})

    return course


def test_a_dry_run_prints_what_would_go_and_sends_nothing(course: Callable[..., Result], mail: Post) -> None:
    short, whole = course("--due", "--dry-run", mail=mail), course("--due", "--dry-run", "-v", mail=mail)
    assert (short.exit_code, whole.exit_code) == (0, 0)
    for address in NAMES:
        assert f"{address}  Person {address[0]}: 1 module to do" in short.output
    assert "2 to send, 0 held back for a week, 0 without a password yet." in short.output
    assert "was due by" not in short.output
    assert whole.output.count("was due by") == 2
    assert not mail.letters


def test_a_run_sends_once_and_the_next_one_nothing(course: Callable[..., Result], mail: Post) -> None:
    first, second = course("--due", mail=mail), course("--due", mail=mail)
    assert (first.exit_code, first.stdout) == (0, "2 sent, 0 not sent or not known to be.\n")
    assert (second.exit_code, second.stdout) == (0, "0 sent, 0 not sent or not known to be.\n")
    assert sorted(mail.recipients) == list(NAMES)
    assert "https://course.example.org" in mail.letters[0].get_content()
    assert "0 to send, 2 held back" in course("--due", "--dry-run", mail=mail).output


def test_the_same_run_writes_about_checks_and_cards_that_wait(course: Callable[..., Result], mail: Post) -> None:
    engine = open_engine(from_environment(Path("instance"), {}).database_url)
    with new_sessions(engine)() as session:
        ada, then = people.find_by_email(session, NAMES[0]), datetime.now(UTC) - timedelta(days=45)
        ada.cards = "email"
        what = {"person_id": ada.id, "module_id": "module-three", "version": "1.0"}
        attempt = Attempt(**what, number=0, started_at=then)
        session.add(attempt)
        session.flush()
        session.add(Completion(**what, attempt_id=attempt.id, completed_at=then))
        session.commit()
    engine.dispose()
    planned = course("--due", "--dry-run", mail=mail)
    for subject in ("A two-minute decision", "Five minutes, six weeks on"):
        assert f"ada@example.org  Person a: {subject} – Learning into Practice" in planned.output
    assert not mail.letters
    first, second = course("--due", mail=mail), course("--due", mail=mail)
    assert first.stdout.startswith("3 sent, ")
    assert second.stdout.startswith("0 sent, ")
    assert sorted(mail.recipients) == [NAMES[0], NAMES[0], NAMES[1]]


def test_failures_are_printed_and_end_with_1(course: Callable[..., Result], mail: Post) -> None:
    mail.refuses["ben@example.org"] = "550 5.1.1 No such user"
    result = course("--due", mail=mail)
    assert (result.exit_code, result.stdout) == (1, "1 sent, 1 not sent or not known to be.\n")
    assert "ben@example.org: 550 5.1.1 No such user" in result.stderr


def test_a_server_that_is_not_there_ends_with_1_and_loses_nothing(course: Callable[..., Result], mail: Post) -> None:
    result = course("--due", MAIL_SERVER="127.0.0.1:1", MAIL_FROM="course@example.org")
    assert result.exit_code == 1
    assert "2 not tried" in result.stdout
    assert "Cannot hand letters" in result.stderr
    assert course("--due", mail=mail).stdout.startswith("2 sent")


def test_without_e_mail_there_is_the_list_and_why(course: Callable[..., Result]) -> None:
    result = course("--due")
    assert result.exit_code == 0
    assert all(address in result.stdout for address in NAMES)
    assert "No e-mail was sent" in result.stderr


def test_a_wrong_setting_or_call_ends_with_2(course: Callable[..., Result]) -> None:
    assert course("--due", MAIL_SERVER="mail.example.org").exit_code == 2
    assert course().exit_code == 2


def test_whoever_runs_the_course_can_make_a_link_for_somebody_here(course: Callable[..., Result]) -> None:
    def link(email: str) -> Result:
        return CliRunner().invoke(main, ["password-link", email, "--instance", "instance"])

    made = link("Ada@example.org")
    config = from_environment(Path("instance"), {})
    with new_sessions(open_engine(config.database_url))() as session:
        token = made.stdout.strip().removeprefix("/password/")
        person = Links(config.secret_key, str).whose(session, token, now=datetime.now(UTC))
        assert person is not None
        assert person.email == "ada@example.org"
        session.get_bind().dispose()
    nobody = link("nobody@example.org")
    assert (nobody.exit_code, nobody.stdout) == (2, "")
    assert "Nobody here" in nobody.stderr


def test_a_new_course_begins_with_an_administrator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    who = ["Zoe Bell", "Zoe@Example.org", "--agency", "Health", "--team", "Training", "--instance", "instance"]
    assert CliRunner().invoke(main, ["add-administrator", *who]).exit_code != 0  # no tables yet
    assert CliRunner().invoke(main, ["db", "upgrade", "--instance", "instance"]).exit_code == 0
    made = CliRunner().invoke(main, ["add-administrator", *who], env={"COURSE_URL": "https://course.example.org"})
    assert made.exit_code == 0, made.output
    config = from_environment(Path("instance"))
    engine = open_engine(config.database_url)
    with new_sessions(engine)() as session:
        token = made.stdout.strip().removeprefix("https://course.example.org/password/")
        zoe = Links(config.secret_key, str).whose(session, token, now=datetime.now(UTC))
        assert zoe
        assert (zoe.email, zoe.access, zoe.team.agency.name) == ("zoe@example.org", "administrator", "Health")
    engine.dispose()
    again = CliRunner().invoke(main, ["add-administrator", *who])
    assert again.exit_code == 2
    assert "has an account already" in again.output

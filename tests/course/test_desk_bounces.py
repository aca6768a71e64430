"""Letters that came back, as mail servers say so, piped into `course bounce`."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from course.cli import main
from course.learning.desk.mail.bounces import keep_returned, read_returned
from course.learning.desk.mail.post import state_in_words
from course.learning.tables import Letter, Person

ID = "0123456789abcdef0123456789abcdef"
HEADERS = f"From: course@example.org\nTo: ada@example.org\nMessage-ID: <{ID}@example.org>\nSubject: Modules due\n"
DIAGNOSTIC = "Diagnostic-Code: smtp; 550 5.1.1 <ada@example.org>: Recipient address\n rejected: unknown user"


def report(returned: str, *, kind: str = "message/rfc822", action: str = "failed", why: str = DIAGNOSTIC) -> bytes:
    """A report as a mail server writes it, around what it gives back of the letter."""
    lines = [
        "From: MAILER-DAEMON@mx.example.net",
        "To: course@example.org",
        "Subject: Undelivered Mail Returned to Sender",
        "Message-ID: <fedcba9876543210fedcba9876543210@mx.example.net>",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="=_x"',
        "",
        "--=_x",
        "Content-Type: text/plain",
        "",
        "Your message could not be delivered.",
        "--=_x",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.net",
        "",
        "Final-Recipient: rfc822; ada@example.org",
        f"Action: {action}",
        "Status: 5.1.1",
        *([why] if why else []),
        "",
        "--=_x",
        f"Content-Type: {kind}",
        "",
        returned,
        "--=_x--",
    ]
    return "\n".join(lines).encode()


@pytest.fixture
def letter(session: Session, person: Person, now: datetime) -> Letter:
    letter = Letter(id=ID, person_id=person.id, kind="reminder", at=now, state="sent", about={})
    session.add(letter)
    session.commit()
    return letter


@pytest.mark.parametrize(
    "raw",
    [
        report(HEADERS + "\nDear Ada,\n"),
        report(HEADERS, kind="text/rfc822-headers"),
        report(HEADERS.replace("Message-ID: ", "Message-Id:\n "), kind="text/rfc822-headers"),
        report(HEADERS + "\nDear Ada,\n").replace(b"\n", b"\r\n"),
    ],
)
def test_a_letter_that_came_back_is_shown_with_the_servers_words(
    session: Session, other: Session, letter: Letter, raw: bytes
) -> None:
    returned = read_returned(raw)
    assert returned is not None
    found = keep_returned(other, returned)
    assert found is not None
    session.refresh(letter)
    assert letter.state == "bounced"
    assert state_in_words(letter) == ("Bounced: 550 5.1.1 <ada@example.org>: Recipient address rejected: unknown user")


def test_without_a_diagnostic_there_is_the_status() -> None:
    returned = read_returned(report(HEADERS, why=""))
    assert returned is not None
    assert returned.why == "5.1.1"


@pytest.mark.parametrize(
    "raw",
    [
        report(HEADERS, action="delayed"),
        report(HEADERS, action="delivered"),
        b"From: ada@example.org\nSubject: I am away\nAuto-Submitted: auto-replied\n\nBack on Monday.\n",
        b"",
        b"\0\xff" * 1000,
    ],
)
def test_what_is_no_failure_changes_nothing(raw: bytes) -> None:
    assert read_returned(raw) is None


@pytest.mark.parametrize("headers", [HEADERS.replace(ID, "f" * 32), "Subject: none\n", HEADERS.replace(ID, "' OR 1")])
def test_a_report_about_another_letter_is_none_of_ours(session: Session, letter: Letter, headers: str) -> None:
    returned = read_returned(report(headers))
    assert returned is not None
    assert keep_returned(session, returned) is None


@pytest.fixture
def piped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes], Result]:
    monkeypatch.chdir(tmp_path)
    instance = str(tmp_path / "instance")

    def piped(raw: bytes, **environ: str) -> Result:
        return CliRunner().invoke(main, ["bounce", "--instance", instance], input=raw, env=environ)

    assert CliRunner().invoke(main, ["db", "upgrade", "--instance", instance]).exit_code == 0
    return piped


def test_a_mail_server_is_never_made_to_send_on_what_it_piped(piped: Callable[..., Result]) -> None:
    for raw in (report(HEADERS), b"anything", b"\xff\xfe"):
        result = piped(raw)
        assert (result.exit_code, result.stdout) == (0, "")
        assert "nothing was changed" in result.stderr


def test_a_mail_server_tries_again_where_the_database_cannot_be_used(
    piped: Callable[..., Result], tmp_path: Path
) -> None:
    assert piped(report(HEADERS), DATABASE_URL=f"sqlite:///{tmp_path}/no/such.db").exit_code == 75
    assert piped(report(HEADERS), DATABASE_URL=f"sqlite:///{tmp_path}/empty.db").exit_code == 75
    assert piped(report(HEADERS), MAIL_FROM="x@example.org").exit_code == 75

"""`course run` and `course db upgrade` as an administrator meets them, each in a process of its own."""

import os
import re
import signal
import socket
import sqlite3
import stat
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.factories import MODULE, write_content

Course = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_content(tmp_path)


def command(*words: str) -> list[str]:
    return [sys.executable, "-c", "from course.cli import main; main()", *words]


def environment(root: Path) -> dict[str, str]:
    return {**os.environ, "COURSE_CONTENT": str(root), "PYTHONUNBUFFERED": "1"}


@pytest.fixture
def course(root: Path) -> Course:
    def course(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            command(*words), cwd=root, env=environment(root), capture_output=True, text=True, timeout=60, check=False
        )

    return course


@pytest.fixture
def demo(root: Path) -> Iterator[tuple[str, str]]:
    """A served demo: what it printed, and its address."""
    words = command("run", "--demo", "--port", "0")
    process = subprocess.Popen(
        words,
        cwd=root,
        env=environment(root),
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),  # what runs in the background ignores it
    )
    assert process.stdout
    printed = ""
    for line in process.stdout:
        printed += line
        if "The course is at" in line:
            break
    yield printed, re.findall(r"http://[\d.:]+", printed)[-1]
    process.send_signal(signal.SIGINT)
    process.wait(timeout=20)
    process.stdout.close()


def test_the_demo_prints_its_sign_ins_and_serves_them(demo: tuple[str, str], root: Path) -> None:
    printed, address = demo
    with urllib.request.urlopen(f"{address}/sign-in") as page:  # noqa: S310 (the address that was printed)
        assert b"<h1" in page.read()
    assert "learner@example.org" in printed
    assert "partnership-lead@example.org" in printed
    password = (root / "instance/demo/password").read_text()
    assert f"the password {password} " in printed
    for name in ("password", "secret_key"):
        assert stat.S_IMODE((root / "instance/demo" / name).stat().st_mode) == 0o600


def test_a_new_database_must_be_made_first_and_the_message_says_how(course: Course) -> None:
    refused = course("run")
    assert refused.returncode == 2
    assert refused.stderr.strip().endswith("Run: course db upgrade")
    assert course("db", "upgrade").returncode == 0
    assert course("db", "upgrade").returncode == 0


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(course: Course, root: Path) -> None:
    course("db", "upgrade")
    database = sqlite3.connect(root / "instance/course.sqlite")
    with database:
        database.execute("UPDATE alembic_version SET version_num = '9999'")
    for words in (("run",), ("db", "upgrade")):
        refused = course(*words)
        assert refused.returncode == 2
        assert "newer version" in refused.stderr
        assert len(refused.stderr.strip().splitlines()) == 1
    assert database.execute("SELECT version_num FROM alembic_version").fetchall() == [("9999",)]
    database.close()


def test_the_demo_is_for_this_machine_only(course: Course) -> None:
    refused = course("run", "--demo", "--host", "0.0.0.0")  # noqa: S104 (what must be refused)
    assert refused.returncode == 2
    assert "this machine only" in refused.stderr


def test_a_port_in_use_is_said_in_one_line(course: Course) -> None:
    course("db", "upgrade")
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        refused = course("run", "--port", port)
    assert refused.returncode == 2
    assert f"Cannot listen on 127.0.0.1:{port}" in refused.stderr
    assert "--port" in refused.stderr


def test_a_course_with_broken_content_does_not_start(course: Course, root: Path) -> None:
    course("db", "upgrade")
    write_content(root, change={MODULE: lambda d: d.pop("overview")})
    refused = course("run")
    assert refused.returncode == 1
    assert f"{MODULE}:" in refused.stderr
    assert "overview is missing" in refused.stderr

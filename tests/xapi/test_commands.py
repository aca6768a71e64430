"""`course xapi` and its settings, as an administrator meets them."""

import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.catalogue.events import Event
from course.catalogue.library import load
from course.catalogue.progress import Progress
from course.cli import main
from course.learning import people
from course.learning.attempts import record
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.tables import Agency, Team
from course.statements.profile import Profile
from course.statements.xapi import Telling
from course.web.config import WrongSetting, from_environment
from tests.factories import write_content
from tests.lrs import Lrs
from tests.lrs.rules import faults

Course = Callable[..., Result]
KEY = {"XAPI_ENDPOINT": "https://lrs.example.org/xapi/", "XAPI_USER": "a", "XAPI_PASSWORD": "b"}


@pytest.fixture
def instance(tmp_path: Path, way_through: Callable[..., list[Event]], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A course in which somebody completed a module in 2026."""
    monkeypatch.setenv("COURSE_CONTENT", str(write_content(tmp_path / "content")))
    monkeypatch.chdir(tmp_path)
    for name in ("ENDPOINT", "USER", "PASSWORD", "ACTOR", "CHOICES"):
        monkeypatch.delenv(f"XAPI_{name}", raising=False)
    folder = tmp_path / "instance"
    engine = open_engine(from_environment(folder, {}).database_url)
    upgrade(engine)
    [module] = load().modules
    with new_sessions(engine)() as session:
        team = Team(name="Health visiting", agency=Agency(name="Health"))
        somebody = people.add_person(
            session,
            name="Ada Bell",
            email="ada@example.org",
            password="a long enough password",
            role="practitioner",
            access="learner",
            team=team,
        )
        progress = Progress(module)
        for minute, event in enumerate(way_through(module)):
            at = datetime(2026, 11, 23, 9, minute, tzinfo=UTC)
            progress = record(session, somebody.id, progress, event, at, telling=Telling(Profile()))
    engine.dispose()
    return folder


@pytest.fixture
def course(instance: Path) -> Course:
    def course(*words: str, lrs: Lrs | None = None, **environ: str) -> Result:
        key = {"XAPI_ENDPOINT": lrs.address, "XAPI_USER": lrs.user, "XAPI_PASSWORD": lrs.password} if lrs else {}
        command = ["xapi", *words, "--instance", str(instance)]
        return CliRunner().invoke(main, command, env={**key, **environ})

    return course


def test_a_push_says_what_became_of_everything(course: Course, lrs: Lrs) -> None:
    first = course("push", lrs=lrs)
    assert (first.exit_code, first.output) == (0, "4 sent, 0 waiting, 0 parked.\n")  # began, rated, completed, left
    assert course("push", lrs=lrs).output == "0 sent, 0 waiting, 0 parked.\n"
    assert {s["verb"]["display"]["en-GB"] for s in lrs.statements.values()} >= {"completed", "left"}


def test_a_push_that_was_stopped_says_why_and_that_nothing_is_lost(course: Course, lrs: Lrs) -> None:
    lrs.keys.clear()
    stopped = course("push", lrs=lrs)
    assert stopped.exit_code == 1
    assert "0 sent, 4 waiting, 0 parked." in stopped.output and "check XAPI_USER" in stopped.output


def test_without_an_lrs_a_push_says_what_to_set(course: Course) -> None:
    said = course("push")
    assert said.exit_code == 2 and "XAPI_ENDPOINT" in said.output


def test_what_was_parked_is_listed_with_its_reason(course: Course, lrs: Lrs) -> None:
    lrs.trouble.refuse = lambda s: "this LRS takes no ratings" if "rated" in s["verb"]["id"] else None
    assert "3 sent, 0 waiting, 1 parked." in course("push", lrs=lrs).output
    assert "module-three  rated: this LRS takes no ratings" in course("parked").output


def test_an_export_is_what_an_lrs_would_have_a_line_each(course: Course, lrs: Lrs, tmp_path: Path) -> None:
    course("push", lrs=lrs)
    target = tmp_path / "out.jsonl"
    assert course("export", "--since", "2026-11-23", "--to", str(target)).output == "4 written.\n"
    lines = [json.loads(line) for line in target.read_text(encoding="utf-8").splitlines()]
    assert {line["id"] for line in lines} == set(lrs.statements)
    assert not any(faults(line) for line in lines)
    assert course("export", "--since", "2026-11-23", "--to", "-").stdout.count("\n") == 4
    assert course("export", "--since", "2026-11-24", "--to", str(target)).output == "0 written.\n"
    assert target.read_text() == ""
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".out")]


def test_an_export_tells_choices_and_addresses_only_as_it_is_set(course: Course) -> None:
    def out(**environ: str) -> str:
        return str(course("export", "--since", "2026-11-01", "--to", "-", **environ).stdout)

    assert "ada@example.org" not in out() and "answered" not in out()
    assert "mailto:ada@example.org" in out(XAPI_ACTOR="email")
    assert "/decisions/" in out(XAPI_CHOICES="yes")


def test_a_place_that_cannot_be_written_is_told(course: Course) -> None:
    said = course("export", "--since", "2026-11-23", "--to", "/nowhere/out.jsonl")
    assert said.exit_code == 2 and "Cannot write /nowhere/out.jsonl" in said.output


@pytest.mark.parametrize(
    ("environ", "said"),
    [
        ({"XAPI_USER": "a"}, "XAPI_ENDPOINT"),
        ({**KEY, "XAPI_PASSWORD": ""}, "XAPI_USER and XAPI_PASSWORD"),
        ({**KEY, "XAPI_ENDPOINT": "lrs.example.org"}, "https://lrs.example.org/xapi/"),
        ({**KEY, "XAPI_ENDPOINT": "https://lrs.example.org/xapi?x=1"}, "XAPI_ENDPOINT"),
        ({"XAPI_ACTOR": "name"}, "pseudonym"),
        ({"XAPI_CHOICES": "on"}, "yes"),
    ],
)
def test_a_setting_that_cannot_be_used_is_told_in_one_line(course: Course, environ: dict[str, str], said: str) -> None:
    result = course("push", **environ)
    assert result.exit_code == 2 and said in result.output and result.output.count("\n") == 1


def test_a_password_is_never_shown(tmp_path: Path) -> None:
    assert "hush" not in repr(from_environment(tmp_path, {**KEY, "XAPI_PASSWORD": "hush"}))
    with pytest.raises(WrongSetting) as wrong:
        from_environment(tmp_path, {**KEY, "XAPI_USER": "", "XAPI_PASSWORD": "hush"})
    assert "hush" not in str(wrong.value)

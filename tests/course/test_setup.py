"""What a fresh machine meets first: the locks, the messages of `make` and the build of the style sheets."""

import json
import os
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from course import build

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
GROUPS = PROJECT["dependency-groups"]
LOCKS = {"requirements.lock": GROUPS["build"], "requirements-test.lock": GROUPS["test"]}


def make(*words: str) -> subprocess.CompletedProcess[str]:
    """Run make as if by hand: without what the make that runs these tests hands down."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    return subprocess.run(["make", *words], cwd=ROOT, env=outside, capture_output=True, text=True, check=False)


def locked_versions(lock: str) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / lock).read_text(), re.MULTILINE))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_what_the_project_asks_for(lock: str) -> None:
    locked = locked_versions(lock)
    for line in [*PROJECT["project"]["dependencies"], *LOCKS[lock]]:
        wanted = Requirement(line)
        version = locked.get(wanted.name.lower(), "not there")
        assert version != "not there" and version in wanted.specifier, f"{lock}: {line} is {version}: `make lock`"


def test_both_locks_hold_the_same_versions() -> None:
    run, test = map(locked_versions, LOCKS)
    assert {name: test[name] for name in run.keys() & test.keys()} == {
        name: run[name] for name in run.keys() & test.keys()
    }


@pytest.mark.parametrize("lock", [*LOCKS, "package-lock.json", ".npmrc"])
def test_no_lock_names_a_registry(lock: str) -> None:
    assert not re.search(r"registry\.|pypi\.|pythonhosted|\"resolved\"|--index|--find-links", (ROOT / lock).read_text())


def test_every_package_is_locked_by_its_hash() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    for lock in LOCKS:
        pins = re.findall(r"^\S+==.*", (ROOT / lock).read_text(), re.MULTILINE)
        assert [pin for pin in pins if not pin.endswith("\\")] == []


def test_front_end_and_its_macros_are_of_one_version() -> None:
    """govuk-frontend-jinja 4.1 writes the HTML that the styles of govuk-frontend 6.3 expect."""
    packages = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert packages["node_modules/govuk-frontend"]["version"] == "6.3.0"
    assert locked_versions("requirements.lock")["govuk-frontend-jinja"].startswith("4.1.")


def test_old_python_is_told_in_one_line_what_to_do(tmp_path: Path) -> None:
    done = make("run", "PYTHON=false", f"VENV={tmp_path}/venv")
    assert done.returncode != 0
    assert done.stderr.splitlines()[0] == (
        "Python 3.11 or newer is needed: install it, or name the one to use: make PYTHON=python3.12"
    )


def test_port_and_arguments_reach_the_course() -> None:
    assert (
        "course run --demo --port 8001 --host 0.0.0.0" in make("-n", "run", "PORT=8001", "ARGS=--host 0.0.0.0").stdout
    )


def test_cleaning_keeps_what_people_made() -> None:
    assert not re.search(r"\b(instance|dist|local\.yaml)\b", make("-n", "clean").stdout)


def test_build_without_node_modules_says_what_to_do(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert build.main(tmp_path) == 1
    said = capsys.readouterr().err
    assert said.count("\n") == 1 and "sass.js is missing: run `make run`" in said


def test_build_without_a_style_sheet_names_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    sass = tmp_path / "node_modules/sass/sass.js"
    sass.parent.mkdir(parents=True)
    sass.touch()
    assert build.main(tmp_path) == 1
    assert "course/web/styles/app.scss" in capsys.readouterr().err

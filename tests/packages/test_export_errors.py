"""`course export` when something is wrong: one clear error, the right exit code, and nothing half-written."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from course.cli_export import GUIDE
from tests.factories import MODULE, VIGNETTE, write_content

Course = Callable[..., Result]
WRONG_CONTENT, WRONG_CALL = 1, 2


@pytest.fixture(scope="module")
def content(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_content(tmp_path_factory.mktemp("content"), numbers=(3, 13))


@pytest.fixture
def course(content: Path) -> Course:
    """Runs the command on a small course."""

    def run(*words: str | Path, of: Path = content) -> Result:
        return CliRunner().invoke(main, [str(word) for word in words], env={"COURSE_CONTENT": str(of)})

    return run


@contextmanager
def full_disk(room: int = 4096) -> Iterator[None]:
    """No file may grow beyond `room` bytes."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (room, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def complaint(ran: Result, *, code: int) -> str:
    """What the command said on the error stream; it said nothing else, and stopped of its own accord."""
    assert isinstance(ran.exception, SystemExit), ran.exception
    assert (ran.exit_code, ran.stdout) == (code, ""), ran.stderr
    return ran.stderr


def test_modules_that_are_named_are_exported_and_no_others(course: Course, tmp_path: Path) -> None:
    for name in ("3", "03", "module-three", "03-module-three"):
        ran = course("export", "scorm12", name, "--to", tmp_path / name)
        assert ran.exit_code == 0, ran.stderr
        (made,) = (tmp_path / name).glob("*.zip")
        assert made.name == "03-module-three-scorm12.zip"
        assert f"{made}  {made.stat().st_size:,} bytes" in ran.stdout


def test_without_names_every_module_is_exported(course: Course, tmp_path: Path) -> None:
    assert course("export", "scorm12", "--to", tmp_path / "a" / "new" / "folder").exit_code == 0
    made = sorted(path.name for path in (tmp_path / "a/new/folder").iterdir())
    assert made == ["03-module-three-scorm12.zip", "13-module-thirteen-scorm12.zip", GUIDE]


def test_an_unknown_standard_is_one_line_with_the_nearest_names(course: Course, tmp_path: Path) -> None:
    said = complaint(course("export", "scrom12", "--to", tmp_path / "out"), code=WRONG_CALL)
    assert said.count("\n") == 1
    assert "scrom12" in said
    assert "scorm12" in said
    assert not (tmp_path / "out").exists()


def test_an_unknown_module_is_one_line_with_the_nearest_names(course: Course, tmp_path: Path) -> None:
    said = complaint(course("export", "scorm12", "3", "module-thre", "--to", tmp_path / "out"), code=WRONG_CALL)
    assert said.count("\n") == 1
    assert "module-thre'" in said
    assert "module-three" in said
    assert not (tmp_path / "out").exists()


def test_broken_content_writes_nothing_and_tells_every_problem(course: Course, tmp_path: Path) -> None:
    change = {MODULE: lambda d: d.update(outcomes=[]), VIGNETTE: lambda d: d.update(family=7)}
    broken = write_content(tmp_path / "broken", change=change)
    said = complaint(course("export", "scorm12", "--to", tmp_path / "out", of=broken), code=WRONG_CONTENT)
    assert ["module.yaml:" in said, "vignette.yaml:" in said] == [True, True]
    assert "Nothing was written" in said
    assert not (tmp_path / "out").exists()


def test_a_file_where_the_folder_should_be(course: Course, tmp_path: Path) -> None:
    (tmp_path / "out").write_text("in the way")
    said = complaint(course("export", "scorm12", "--to", tmp_path / "out" / "packages"), code=WRONG_CALL)
    assert "out" in said
    assert (tmp_path / "out").read_text() == "in the way"


def test_a_folder_that_nobody_may_write_to(course: Course) -> None:
    said = complaint(course("export", "scorm12", "--to", "/proc/nowhere"), code=WRONG_CALL)
    assert said.count("\n") == 1
    assert "/proc/nowhere" in said


def test_a_folder_where_the_zip_should_be(course: Course, tmp_path: Path) -> None:
    (tmp_path / "03-module-three-scorm12.zip").mkdir()
    said = complaint(course("export", "scorm12", "3", "--to", tmp_path), code=WRONG_CALL)
    assert said.count("\n") == 1
    assert "03-module-three-scorm12.zip" in said
    assert [path.name for path in tmp_path.iterdir()] == ["03-module-three-scorm12.zip"]


def test_a_full_disk_leaves_no_half_written_zip_and_the_old_one_whole(course: Course, tmp_path: Path) -> None:
    assert course("export", "scorm12", "3", "--to", tmp_path).exit_code == 0
    (whole,) = tmp_path.glob("*.zip")
    before = whole.read_bytes()
    with full_disk():
        said = complaint(course("export", "scorm12", "3", "--to", tmp_path), code=WRONG_CALL)
    assert said.count("\n") == 1
    assert "Make room or choose another --to" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == [whole.name, GUIDE]
    assert whole.read_bytes() == before


def test_one_that_cannot_be_written_does_not_leave_others_half_written(course: Course, tmp_path: Path) -> None:
    with full_disk():
        said = complaint(course("export", "scorm12", "--to", tmp_path), code=WRONG_CALL)
    assert said.count("\n") == 1
    assert list(tmp_path.iterdir()) == []

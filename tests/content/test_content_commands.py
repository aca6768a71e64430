"""`course check` and `course draw` as an author meets them."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from course.cli import main
from tests.factories import MODULE, SCENARIO, VIGNETTE, words, write_content


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COURSE_CONTENT", str(tmp_path / "content"))
    return write_content(tmp_path / "content")


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


def test_sound_content_is_said_to_be_so(root: Path) -> None:
    result = run("check")
    assert (result.exit_code, result.output) == (0, "1 modules, 2 references: no problem found.\n")


def test_check_prints_every_problem_exits_1_and_writes_nothing(root: Path) -> None:
    write_content(
        root,
        change={
            MODULE: lambda d: d.update(title="Bruises"),
            VIGNETTE: lambda d: d["records"][0].update(body=words(12)),
            SCENARIO: lambda d: d["moments"][0]["choices"][0].update(leads="nowhere"),
        },
    )
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    result = run("check")
    assert result.exit_code == 1
    assert result.stdout == ""
    *problems, count = result.stderr.splitlines()
    assert [line.split(":")[0] for line in problems] == [MODULE, VIGNETTE, SCENARIO]
    assert count == "3 problems. Nothing was written."
    assert {path: path.read_bytes() for path in root.rglob("*") if path.is_file()} == before


def test_draw_writes_one_file(root: Path, tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    result = run("draw", 3, "--to", tmp_path / "out" / "story.svg")
    assert result.exit_code == 0
    assert [p.name for p in (tmp_path / "out").iterdir()] == ["story.svg"]
    assert (tmp_path / "out" / "story.svg").read_text(encoding="utf-8").startswith("<svg ")


def test_draw_of_an_unknown_module_gives_one_line_and_exit_code_2(root: Path, tmp_path: Path) -> None:
    result = run("draw", "module-tree", "--to", tmp_path / "story.svg")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == "There is no module 'module-tree'. The nearest: module-three, 03-module-three.\n"


@pytest.mark.parametrize("target", ["missing/story.svg", "file/story.svg"])
def test_draw_to_a_place_that_cannot_be_written_says_so(root: Path, tmp_path: Path, target: str) -> None:
    (tmp_path / "file").write_text("in the way")
    result = run("draw", 3, "--to", tmp_path / target)
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"Cannot write {tmp_path / target}: " in result.stderr


def test_a_full_disk_leaves_the_old_drawing_and_no_half_of_a_new_one(
    root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = tmp_path / "out" / "story.svg"
    target.parent.mkdir()
    target.write_text("the old drawing")

    def full(path: Path, text: str, encoding: str) -> None:
        path.write_bytes(text[:100].encode(encoding))
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_text", full)
    result = run("draw", 3, "--to", target)
    assert result.exit_code == 2
    assert "No space left on device" in result.stderr
    assert {p.name: p.read_bytes() for p in target.parent.iterdir()} == {"story.svg": b"the old drawing"}

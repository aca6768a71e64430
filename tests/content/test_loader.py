"""What an author is told when content files are wrong: every problem at once, each at its own line."""

from pathlib import Path
from typing import Any

import pytest

from course.catalogue.files import read
from course.catalogue.library import BrokenContent, NoSuchModule, load
from tests.factories import (
    BRIEFING,
    MODULE,
    PLACEHOLDERS,
    REFERENCES,
    SCENARIO,
    SELF_ASSESSMENT,
    VIGNETTE,
    Change,
    words,
    write_content,
)


def problems_in(root: Path) -> list[str]:
    """What `course check` prints, a line each."""
    try:
        load(root)
    except BrokenContent as broken:
        return [str(p) for p in broken.problems]
    return []


def edit(root: Path, name: str, old: str, new: str) -> None:
    """Change the text of a file, as an author with a slip of the finger would."""
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def line_of(root: Path, name: str, text: str) -> int:
    """The line on which `text` first stands."""
    return (root / name).read_text(encoding="utf-8").split(text)[0].count("\n") + 1


def test_valid_content_loads_in_order_of_number(tmp_path: Path) -> None:
    library = load(write_content(tmp_path, numbers=(13, 3)))
    assert [m.folder for m in library.modules] == ["03-module-three", "13-module-thirteen"]


def test_faults_in_every_file_are_told_at_once_with_their_lines(tmp_path: Path) -> None:
    root = write_content(
        tmp_path,
        numbers=(3, 13),
        change={
            MODULE: lambda d: d.update(colour="red", title="Bruises"),
            VIGNETTE: lambda d: d["records"][1].update(agency="", body=words(132)),
            SCENARIO: lambda d: d["moments"][0]["choices"][1].update(leads="day-2-fra"),
            BRIEFING: lambda d: d["boxes"][2].update(sources=["guide-2052"]),
            "modules/13-module-thirteen/module.yaml": lambda d: d.update(title="Vague records"),
        },
    )
    edit(root, SELF_ASSESSMENT, "practitioner-2", "Practitioner 2")
    edit(root, REFERENCES, "  year: 2025\n", "  year: 2025\n  year: 2026\n")
    assert problems_in(root) == [
        f"modules/03-module-three/briefing.yaml:{line_of(root, BRIEFING, '- guide-2052')}: "
        "there is no reference 'guide-2052'. Did you mean guide-2025?",
        f"modules/03-module-three/module.yaml:{line_of(root, MODULE, 'colour:')}: colour is not a key of this file. "
        "Check its spelling against modules/README.md.",
        f"modules/03-module-three/self_assessment.yaml:{line_of(root, SELF_ASSESSMENT, 'Practitioner 2')}: "
        "practitioner.1.id is not an id. Use lower case words joined by hyphens.",
        f"modules/03-module-three/vignette.yaml:{line_of(root, VIGNETTE, 'agency: ' + chr(39))}: "
        "records.1.agency is empty. Write it.",
        "modules/13-module-thirteen/module.yaml:3: the title is not the issue’s own name. "
        "Write: Euphemistic language in reports and written records.",
        f"modules/references.yaml:{line_of(root, REFERENCES, 'year: 2026')}: "
        f"'year' stands twice here (first on line {line_of(root, REFERENCES, 'year: 2025')}). Keep one of the two.",
        f"scenarios/03-module-three.yaml:{line_of(root, SCENARIO, 'leads: day-2-fra')}: "
        "there is no moment 'day-2-fra'. Did you mean day-2-far or day-5-far or day-4-far?",
    ]


@pytest.mark.parametrize(
    ("written", "line", "told"),
    [
        ("a: 1\nb: Say: hello\n", 2, "mapping values are not allowed"),
        ("a: 1\nb: “Hello”\nc: *stars*\n", 3, "expected alphabetic or numeric character"),
        ("a: 1\nb: &here text\nc: *here\n", 2, "begins with &, * or !"),
        ("a: &a [*a]\n", 1, "begins with &, * or !"),
        ("a: !!python/name:os.system x\n", 1, "begins with &, * or !"),
        ("a: 1\n\tb: 2\n", 2, "found"),
        ("a: 1\n---\nb: 2\n", 2, "but found another document"),
        ("a: bell\a\n", 1, " characters are not allowed"),
    ],
)
def test_a_slip_in_yaml_is_told_with_its_line(tmp_path: Path, written: str, line: int, told: str) -> None:
    (tmp_path / "a.yaml").write_text(written, encoding="utf-8")
    (problem,) = read(tmp_path / "a.yaml", "a.yaml").problems
    assert (problem.line, told in problem.what) == (line, True), problem


def test_words_that_yaml_1_1_takes_for_something_else_stay_text(tmp_path: Path) -> None:
    written = "a: no\nb: 12:30\nc: 2026-11-23\nd: Yes\ne: 0o17\nf: 1_000\ng: true\nh: 7\ni: null\n"
    (tmp_path / "a.yaml").write_text(written, encoding="utf-8")
    document = read(tmp_path / "a.yaml", "a.yaml")
    assert list(document.value.values()) == ["no", "12:30", "2026-11-23", "Yes", "0o17", "1_000", True, 7, None]


def test_files_that_are_missing_empty_or_badly_saved_are_told_together(tmp_path: Path) -> None:
    root = write_content(tmp_path)
    (root / SCENARIO).unlink()
    (root / BRIEFING).write_text("")
    (root / VIGNETTE).write_bytes("family: Zoë".encode("latin-1"))
    assert problems_in(root) == [
        f"{BRIEFING}:1: the file is not a set of keys. Write it as lines of key: value.",
        f"{VIGNETTE}:1: the file is not UTF-8. Save it as UTF-8.",
        f"{SCENARIO}:1: the file is missing. Write it (see modules/README.md).",
    ]


def test_a_folder_without_modules_says_which_files_are_missing(tmp_path: Path) -> None:
    told = problems_in(tmp_path)
    assert len(told) == 5
    assert all("the file is missing" in line for line in told)


def test_a_broken_shared_file_does_not_make_every_module_look_wrong(tmp_path: Path) -> None:
    root = write_content(tmp_path, numbers=(3, 13))
    for name in (REFERENCES, PLACEHOLDERS, "modules/map.yaml"):
        (root / name).write_text("- [")
    assert [line.split(":")[0] for line in problems_in(root)] == [
        "modules/map.yaml",
        "modules/placeholders.yaml",
        "modules/references.yaml",
    ]


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (MODULE, lambda d: d.update(number=5), "modules/map.yaml has no issue 5"),
        (MODULE, lambda d: d.update(overview=words(36)), "words in the overview, outcomes and content note: "),
        (MODULE, lambda d: d["ledger"][0].update(kind="wording"), "does not begin with the first edition"),
        (MODULE, lambda d: d["ledger"].append(dict(d["ledger"][0])), "'1.0' does not follow '1.0'"),
        (MODULE, lambda d: d["ledger"][0].update(version=1.0), "ledger.0.version is not text"),
        (MODULE, lambda d: d["good"].pop(), "good: Tuple should have at least 5 items"),
        (VIGNETTE, lambda d: d["records"][2].update(agency="Police"), "the records come from 2 agencies"),
        (VIGNETTE, lambda d: d["records"][2].update(body=words(12)), "words in the vignette: "),
        (BRIEFING, lambda d: d["boxes"][6].update(text=words(180)), "words in the briefing: "),
        (SELF_ASSESSMENT, lambda d: d["manager"][0].update(evidence=False), "no statement asks for evidence"),
        (SELF_ASSESSMENT, lambda d: d["manager"][1].update(id="manager-1"), "'manager-1' is used twice"),
        (REFERENCES, lambda d: d["references"][1].update(id="act-1989"), "'act-1989' is used twice"),
        (MODULE, lambda d: d.update(missing="Ask {{ front-dor }}."), "there is no placeholder 'front-dor'"),
    ],
)
def test_a_module_against_the_content_standard(tmp_path: Path, name: str, change: Change, told: str) -> None:
    found = problems_in(write_content(tmp_path, change={name: change}))
    assert any(line.startswith(f"{name}:") and told in line for line in found), found


def test_two_modules_with_one_id_are_told(tmp_path: Path) -> None:
    other = "modules/13-module-thirteen/module.yaml"
    found = problems_in(write_content(tmp_path, numbers=(3, 13), change={other: lambda d: d.update(id="module-three")}))
    assert found == [f"{other}:1: 'module-three' is also used by modules/03-module-three. Give each module its own."]


@pytest.mark.parametrize("name", ["3", "03", "module-three", "03-module-three"])
def test_a_module_is_found_by_number_id_or_folder(tmp_path: Path, name: str) -> None:
    assert load(write_content(tmp_path)).find(name).number == 3


def test_an_unknown_module_gives_one_line_with_the_nearest_names(tmp_path: Path) -> None:
    library = load(write_content(tmp_path, numbers=(3, 13)))
    with pytest.raises(NoSuchModule, match=r"^There is no module 'module-tree'\. The nearest: module-three, .+$"):
        library.find("module-tree")
    with pytest.raises(NoSuchModule, match="03-module-three, 13-module-thirteen"):
        library.find("99")


def test_a_choice_is_strong_only_if_it_says_true(tmp_path: Path) -> None:
    def yes(scenario: dict[str, Any]) -> None:
        scenario["moments"][0]["choices"][0]["strong"] = "yes"

    with pytest.raises(BrokenContent, match=r"scenarios/03-module-three.yaml:\d+: .*strong"):
        load(write_content(tmp_path, change={SCENARIO: yes}))

"""What a partnership sets stands in its course as plain text, and can break nothing."""

from json import dumps
from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from course.catalogue.checks import PLACEHOLDERS_OF_HELP
from course.catalogue.library import BrokenContent, load
from course.catalogue.local import NOBODYS_ADDRESS
from tests.factories import MODULE, words, write_content


def commitment(root: Path, local: str) -> str:
    """What a learner reads where the text says {{ front-door }}."""
    (root / "local.yaml").write_text(local, encoding="utf-8")
    return load(root, root / "local.yaml").find("3").about.reflection.commitment


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_content(tmp_path, change={MODULE: lambda d: d["reflection"].update(commitment="{{ front-door }}")})


def test_a_value_is_put_in_place_with_the_apostrophes_of_the_text_around_it(root: Path) -> None:
    assert commitment(root, "values:\n  front-door: Mallow's front door\n") == "Mallow’s front door"


@pytest.mark.parametrize("empty", ["values: {}", "values:\n  front-door:", 'values:\n  front-door: "  "'])
def test_an_empty_value_gives_the_safe_wording(root: Path, empty: str) -> None:
    assert commitment(root, empty + "\n") == "your local front door"


@pytest.mark.parametrize(
    "value",
    [
        "<b>Ring</b> &amp; wait",
        "*Ring* __now__ `x`",
        "[here](https://example.org)",
        "- 0118 496 0000",
        "# Ring",
        "1 > 2",
        "{{ staff-support }}",
        "a \\ b ~~c~~ !x",
    ],
)
def test_markdown_and_html_in_a_value_are_shown_and_never_obeyed(root: Path, value: str) -> None:
    shown = MarkdownIt("commonmark").render(commitment(root, f"values:\n  front-door: {dumps(value)}\n"))
    escaped = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    assert shown.strip() == f"<p>{escaped}</p>"


def test_a_value_of_many_words_breaks_no_size_of_the_content(tmp_path: Path) -> None:
    text = words(84) + " Ask {{ front-door }}." * 10
    root = write_content(tmp_path, change={MODULE: lambda d: d.update(overview=text, content_note=words(24))})
    (root / "local.yaml").write_text(
        "values:\n  front-door: the children's front door of the Mallow Vale partnership\n"
    )
    assert "Mallow Vale" in load(root, root / "local.yaml").modules[0].about.overview


def test_a_faulty_overlay_is_told_with_its_lines(root: Path) -> None:
    local = root / "local.yaml"
    local.write_text("partnership: Mallow Vale\nreview: soon\nvalues:\n  front-dor: x\n")
    with pytest.raises(BrokenContent, match=r"^local\.yaml:2: review: .*soon"):
        load(root, local)
    local.write_text("values:\n  front-dor: x\n")
    with pytest.raises(BrokenContent, match=r"^local\.yaml:2: there is no placeholder 'front-dor'"):
        load(root, local)


def gaps(root: Path, text: str) -> list[str]:
    (root / "local.yaml").write_text(text, encoding="utf-8")
    return [str(w) for w in load(root, root / "local.yaml").warnings]


def test_what_is_left_empty_is_named_with_what_learners_read_meanwhile(root: Path) -> None:
    found = gaps(
        root, "review: 2999-01-01\naddress: https://a.example\nvalues:\n  front-door: Ring 1\n  staff-support:\n"
    )
    assert len(found) == len(PLACEHOLDERS_OF_HELP) - 1  # every other placeholder of the small course
    assert any(w.startswith("local.yaml:5:") and "your employer’s support for staff" in w for w in found)


def test_a_review_date_that_has_passed_is_named(root: Path) -> None:
    assert any(w.startswith("local.yaml:1: the review date 2020-01-01 has passed") for w in gaps(root, PASSED))
    assert any("there is no review date" in w for w in gaps(root, "values: {}\n"))


PASSED = "review: 2020-01-01\nvalues: {}\n"


def test_the_address_begins_ids_without_its_slash_and_nobodys_stands_in_for_none(root: Path) -> None:
    (root / "local.yaml").write_text("address: https://learn.example.org/course/\n")
    assert load(root, root / "local.yaml").address == "https://learn.example.org/course"
    (root / "local.yaml").write_text("address:\n")
    assert load(root, root / "local.yaml").address == load(root).address == NOBODYS_ADDRESS
    assert any("there is no address" in w for w in gaps(root, "values: {}\n"))


@pytest.mark.parametrize(
    "address",
    [
        "learn.example.org",
        "ftp://learn.example.org",
        "https://",
        "https://[learn",
        "https://a.example/?b=1",
        "https://a.example/#b",
        "https://me:secret@a.example",
        "https://a.example/b c",
        "https://a.example:x",
        'https://a.example/<b">',
    ],
)
def test_what_cannot_begin_an_id_is_refused_with_its_line(root: Path, address: str) -> None:
    (root / "local.yaml").write_text(f"partnership: Mallow Vale\naddress: {dumps(address)}\n")
    with pytest.raises(BrokenContent, match=r"^local\.yaml:2: the address '.*Write it as https://learn\.example\.org"):
        load(root, root / "local.yaml")


@pytest.mark.parametrize(
    ("local", "said"),
    [
        ('partnership: "a\\0b"\n', r"local.yaml:1: partnership has a control character"),
        ('values:\n  front-door: "a\\x07b"\n', r"local.yaml:2: values.front-door has a control character"),
        ("values: " + "[" * 900 + "]" * 900, "local.yaml:1: .*nested too deeply"),
    ],
)
def test_what_no_page_can_show_and_nesting_that_costs_minutes_are_refused(root: Path, local: str, said: str) -> None:
    with pytest.raises(BrokenContent, match=said):
        commitment(root, local)

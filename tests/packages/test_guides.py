"""The import guides: an administrator can trust each line of them, since each says where it is known from."""

from collections.abc import Iterator
from dataclasses import fields
from datetime import date
from itertools import product
from pathlib import Path
from shutil import copytree
from typing import get_args

import pytest
from lxml import html
from playwright.sync_api import Page

from course.catalogue.library import BrokenContent, Library
from scorm_export import guide as guides
from scorm_export.guide import GUIDES, PRESETS, NoSuchPreset, find_preset, guide, read_guides
from scorm_export.guide_model import OptionName, StandardName
from scorm_export.options import Options
from scorm_export.standards import STANDARDS
from tests.axe import barriers
from tests.conftest import ROOT

EACH = pytest.mark.parametrize(("preset", "standard"), list(product(PRESETS, STANDARDS)))
TODAY = date(2026, 11, 27)


def made(library: Library, preset: str, standard: str, options: Options = guides.PLAIN) -> str:
    title = STANDARDS[standard].title
    files = [f"03-module-three-{standard}.zip"]
    return guide(
        library,
        preset=preset,
        standard_name=standard,
        standard_title=title,
        files=files,
        today=TODAY,
        options=options,
    )


def read(text: str) -> str:
    return " ".join(html.document_fromstring(text).find(".//main").text_content().split())


@EACH
def test_a_guide_is_one_whole_page(small: Library, preset: str, standard: str) -> None:
    page = html.document_fromstring(made(small, preset, standard))
    assert page.get("lang") == "en-GB"
    [h1] = page.xpath("//h1")
    assert STANDARDS[standard].title in h1.text_content()
    assert find_preset(preset).name in h1.text_content()
    assert find_preset(preset).name in page.findtext(".//title")
    ids = page.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert page.xpath("//script | //*[@src] | //link[@rel='stylesheet']") == []
    assert f"03-module-three-{standard}.zip" in page.text_content()
    assert "27 November 2026" in page.text_content()


@EACH
def test_every_line_leads_to_its_sources(small: Library, preset: str, standard: str) -> None:
    page = html.document_fromstring(made(small, preset, standard))
    sources = page.xpath("//ol[preceding-sibling::h2[@id='sources']]/li/@id")
    numbers = {f"#{id_}": f"Source [{i}]" for i, id_ in enumerate(sources, start=1)}
    links = [(a.get("href"), a.text_content()) for a in page.xpath("//a[starts-with(@href, '#')]")]
    assert {address for address, _ in links} == set(numbers)
    assert all(numbers[address] == text for address, text in links)
    lines = page.xpath("//h2[@id!='sources' and @id!='unknown']/following-sibling::*[1][self::ul or self::ol]/li")
    rows = page.xpath("//tbody/tr")
    assert [line.text_content() for line in [*lines, *rows] if not line.xpath(".//a")] == []


def pages(library: Library) -> Iterator[tuple[str, str]]:
    """Each preset with each of its pages: plain, and with every option at once."""
    every = Options(**{f.name: True for f in fields(Options)})
    for preset, standard, options in product(PRESETS, STANDARDS, (guides.PLAIN, every)):
        yield preset, made(library, preset, standard, options)


def test_no_source_is_left_unshown(small: Library) -> None:
    shown = {preset: "" for preset in PRESETS}
    for preset, text in pages(small):
        shown[preset] += text
    for preset in PRESETS:
        for source in find_preset(preset).sources:
            assert source.address, f"{preset}: {source.id} has no address"
            assert f'id="source-{source.id}"' in shown[preset]


@pytest.mark.parametrize("standard", ["cmi5", "xapi"])
def test_what_moodle_does_not_take_is_said_first_and_nothing_else_is(small: Library, standard: str) -> None:
    text = read(made(small, "moodle", standard))
    assert text.index("takes SCORM and AICC packages only") < text.index("Use SCORM 1.2 in place of it") < 400
    for heading in ("Import it", "Set this", "Check it before learners come", "What will be seen"):
        assert heading not in text
        assert heading in read(made(small, "moodle", "scorm12"))


def test_a_standard_that_moodle_does_not_support_is_a_warning_before_the_steps(small: Library) -> None:
    text = read(made(small, "moodle", "scorm2004"))
    assert text.index("does not support") < text.index("Use SCORM 1.2 in place of it") < text.index("Import it")
    assert "Use SCORM" not in read(made(small, "moodle", "scorm12"))


def test_the_guide_tells_of_the_package_that_was_made(small: Library) -> None:
    plain = read(made(small, "moodle", "scorm12"))
    assert "No score, no pass and no fail" in plain
    assert "Tick “Completed” The package" in plain
    assert "one module in it" in plain
    other = read(made(small, "moodle", "scorm12", Options(one_package=True, passed=True, score=True)))
    assert "No score" not in other
    assert "100 of 100" in other
    assert "Tick “Completed” and “Passed”" in other
    assert "Require minimum score" not in other
    assert "complete when each of them is" in other


def test_what_the_guide_quotes_is_what_the_package_says(small: Library) -> None:
    said = "".join(
        (ROOT / file).read_text(encoding="utf-8")
        for file in (
            "scorm_export/templates/package.html",
            "scorm_export/launch/check.js",
            "course/lesson/templates/lesson/done.html",
        )
    )
    text = read(made(small, "generic", "scorm12"))
    for words in (
        "Check this package (for administrators)",
        "Connection found",
        "Write, exit and commit taken",
        "Read back the same",
        "You have finished this module",
    ):
        assert f"“{words}”" in text
        assert words in said


def test_an_unknown_preset_is_told_the_nearest() -> None:
    with pytest.raises(NoSuchPreset, match=r"no preset 'Moodel'.*moodle"):
        find_preset("Moodel")
    with pytest.raises(NoSuchPreset, match="generic, moodle, totara, cornerstone"):
        find_preset("blackboard")


def test_guides_know_every_preset_standard_and_option() -> None:
    assert sorted(path.stem for path in GUIDES.glob("*.yaml")) == sorted([*PRESETS, "package"])
    assert set(get_args(StandardName)) == set(STANDARDS)
    assert set(get_args(OptionName)) == {f.name for f in fields(Options)}


@pytest.mark.parametrize(
    ("was", "is_", "what"),
    [
        ("    why: The package", "    reason: The package", "settings.8.reason is not a key"),
        ("sources: [faq]", "sources: [fack]", "there is no source 'fack'"),
        ("sources: [faq]", "sources: []", "takes.0.sources"),
        ("checked: 2026-11-27", "checked: lately", "sources.0.checked"),
        ("    instead: scorm12", "    instead: scorm13", "takes.1.instead"),
        ("    only: passed", "    only: pass", "settings.11.only"),
    ],
)
def test_a_broken_guide_is_named_by_file_and_line(tmp_path: Path, was: str, is_: str, what: str) -> None:
    copytree(GUIDES, tmp_path / "guides")
    file = tmp_path / "guides/moodle.yaml"
    lines = file.read_text(encoding="utf-8").splitlines()
    [number, *_] = [i for i, line in enumerate(lines) if was in line]
    lines[number] = lines[number].replace(was, is_)
    file.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(BrokenContent) as broken:
        read_guides(tmp_path / "guides")
    said = [str(p) for p in broken.value.problems]
    assert [line for line in said if line.startswith(f"guides/moodle.yaml:{number + 1}: ") and what in line], said
    assert "modules/README.md" not in str(broken.value)


def test_a_guide_that_forgets_a_standard_is_found(tmp_path: Path) -> None:
    copytree(GUIDES, tmp_path / "guides")
    file = tmp_path / "guides/moodle.yaml"
    text = file.read_text(encoding="utf-8").replace("- standard: cmi5", "- standard: scorm12")
    file.write_text(text, encoding="utf-8")
    line = text[: text.index("\ntakes:")].count("\n") + 2
    with pytest.raises(BrokenContent, match=rf"guides/moodle.yaml:{line}: .*each of the four standards once"):
        read_guides(tmp_path / "guides")


def test_a_source_that_nothing_rests_on_is_found_on_its_line(tmp_path: Path) -> None:
    copytree(GUIDES, tmp_path / "guides")
    file = tmp_path / "guides/totara.yaml"
    text = file.read_text(encoding="utf-8")
    more = "sources:\n  - id: idle\n    title: Idle\n    address: https://example.org/\n    checked: 2026-11-27\n"
    file.write_text(text.replace("sources:\n", more, 1), encoding="utf-8")
    line = text[: text.index("sources:\n")].count("\n") + 2
    with pytest.raises(BrokenContent, match=f"guides/totara.yaml:{line}: nothing rests on the source 'idle'"):
        read_guides(tmp_path / "guides")


@pytest.mark.parametrize(("preset", "standard"), [("moodle", "scorm12"), ("moodle", "cmi5"), ("cornerstone", "xapi")])
def test_it_opens_from_disk_without_a_network_and_has_no_barrier_that_axe_can_see(
    library: Library, page: Page, tmp_path: Path, preset: str, standard: str
) -> None:
    file = tmp_path / "import-guide.html"
    file.write_text(made(library, preset, standard), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(file.as_uri())
    assert [address for address in asked if not address.startswith("data:")] == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    for width in (320, 1280):
        page.set_viewport_size({"width": width, "height": 640})
        assert barriers(page) == []

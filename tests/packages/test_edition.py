"""The whole-text edition: every word of a module on one page that can be printed, and nothing that needs a network."""

from datetime import date
from pathlib import Path

from lxml import html
from playwright.sync_api import Page

from course.catalogue.library import Library
from scorm_export.edition import content_hash, edition
from tests.axe import barriers


def words(text: str) -> str:
    return " ".join(text.split())


def test_every_branch_ending_and_debrief_is_there(library: Library) -> None:
    for module in library.modules:
        page = html.document_fromstring(edition(library, module, today=date(2026, 11, 23)))
        read = words(page.find(".//main").text_content())
        for moment in module.story.scenario.moments:
            assert page.xpath("//*[@id=$id]", id=f"moment-{moment.id}")
            for choice in moment.choices:
                assert words(choice.text.replace("*", "").replace("\\", "")) in read, choice.id
        assert read.count("Stronger practice.") == sum(c.debrief is not None for c in module.story.choices.values())
        ids = page.xpath("//@id")
        assert len(ids) == len(set(ids))
        assert all(a.get("href")[1:] in ids for a in page.xpath("//a[starts-with(@href, '#')]"))
        assert content_hash(module) in read
        assert "23 November 2026" in read


def test_the_hash_stands_for_the_content_and_not_for_the_day(library: Library) -> None:
    hashes = [content_hash(module) for module in library.modules]
    assert len(set(hashes)) == len(hashes)
    first = edition(library, library.modules[0], today=date(2026, 1, 1))
    later = edition(library, library.modules[0], today=date(2027, 1, 1))
    assert first != later
    assert all(hashes[0] in text for text in (first, later))


def test_it_opens_from_disk_without_a_network_and_has_no_barrier_that_axe_can_see(
    library: Library, page: Page, tmp_path: Path
) -> None:
    file = tmp_path / "edition.html"
    file.write_text(edition(library, library.find("13"), today=date(2026, 11, 23)), encoding="utf-8")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(file.as_uri())
    assert asked == [file.as_uri()]
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0
    assert barriers(page) == []

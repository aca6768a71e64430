"""Help, the accessibility statement and the privacy notice: open to anybody, and true of this installation."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from course.learning.people import Person
from course.lesson.contacts import linked
from course.statements.profile import Profile
from course.statements.xapi import Telling
from tests.web.visitor import Visitor

Visit = Callable[..., Visitor]
PAGES = ("/help", "/accessibility", "/privacy")


@pytest.mark.parametrize("path", PAGES)
def test_a_page_is_open_to_anybody_and_its_own_links_lead_somewhere(
    visit: Visit, count_queries: Callable[[], list[str]], path: str
) -> None:
    visitor = visit()
    seen = count_queries()
    visitor.get(path)
    assert not seen
    ids = set(visitor.page.xpath("//@id"))
    assert all(link[1:] in ids for link in visitor.page.xpath("//a/@href[starts-with(., '#')]"))
    assert "{{" not in visitor.words


def test_the_accessibility_statement_has_the_parts_that_the_model_asks_for(visit: Visit) -> None:
    visitor = visit().get("/accessibility")
    headings = " ".join(h.text_content() for h in visitor.page.xpath("//main//h2 | //main//h3"))
    for part in (
        "Compliance status",
        "Non-accessible content",
        "Non-compliance with the accessibility regulations",
        "Disproportionate burden",
        "not within the scope of the accessibility regulations",
        "Preparation of this accessibility statement",
        "Feedback and contact information",
        "Enforcement procedure",
    ):
        assert part in headings, part
    assert "partially compliant" in visitor.words
    assert re.search(r"prepared on \d{1,2} \w+ 20\d\d", visitor.words)
    assert "your own accessibility-contact" in visitor.words


def test_the_privacy_notice_tells_of_an_lrs_and_letters_only_where_there_are_some(
    app: Flask, visit: Visit, add_person: Callable[..., Person]
) -> None:
    visitor = visit()
    assert "learning record store" not in visitor.get("/privacy").words
    assert "mail server" not in visitor.words
    telling = Telling(Profile("https://learn.example.org"), choices=False, by_email=False)
    app.extensions["telling"] = telling
    app.config["MAILBOX"] = object()
    assert "under a random number in place of your name" in visitor.get("/privacy").words
    assert "Your choices are not sent" in visitor.words
    assert "mail server" in visitor.words
    app.extensions["telling"] = replace(telling, choices=True, by_email=True)
    assert "under your e-mail address" in visitor.get("/privacy").words
    assert "each choice that you made" in visitor.words


def test_it_says_what_articles_13_and_14_ask_for(visit: Visit) -> None:
    words = visit().get("/privacy").words
    for own in ("data-controller", "data-protection-officer", "lawful-basis", "records-kept", "data-processors"):
        assert f"your own {own}" in words, own
    for told in (
        "(the controller)",
        "lawful basis",
        "complain",
        "ico.org.uk",
        "Your rights",
        "computer alone",
        "cookie",
    ):
        assert told in words, told


def test_addresses_and_numbers_that_a_partnership_writes_are_links() -> None:
    said = linked("the team, learning@wexbridge.example, https://wexbridge.example/a-form. Ring 01632 960 120")
    assert re.findall(r'href="([^"]+)"', said) == [
        "mailto:learning@wexbridge.example",
        "https://wexbridge.example/a-form",
        "tel:01632960120",
    ]
    for number in ("(01632) 960120", "01632-960-120", "+44 1632 960120", "+44 (0)1632 960120"):
        assert linked(number) in {
            f'<a class="govuk-link" href="tel:{t}">{number}</a>' for t in ("01632960120", "+441632960120")
        }
    assert (
        re.findall(r'href="([^"]+)"', linked("999, or 101. At 999 High Street, £999.50, 1999, 999 000"))
        == ["tel:999"] * 2
    )
    assert linked("a <script> & in 2026-11-27, module 13") == "a &lt;script&gt; &amp; in 2026-11-27, module 13"
    assert 'href="https://x.example/"' in linked('https://x.example/"onclick=1')


def test_the_example_overlay_fills_every_page(tmp_path: Path) -> None:
    from course.catalogue.library import load

    library = load(local_file=Path(__file__).parents[2] / "local.example.yaml")
    assert "learning@wexbridge.example" in library.words["course-support"]
    assert library.words["records-kept"].startswith("while you work for one of our agencies")

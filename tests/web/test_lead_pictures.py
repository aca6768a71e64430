"""The pictures of the training lead's desk, as they are drawn and as a reader without sight or colour takes them."""

from collections.abc import Callable
from datetime import date
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, render_template_string
from lxml import etree
from playwright.sync_api import BrowserContext, Page
from pypdf import PdfReader

from course.web.lead.drawing.pictures import STATUS_LOOKS, Bar, Part, Series, heat, lines, share, stacked
from tests.axe import barriers

SVG = {"s": "http://www.w3.org/2000/svg"}
DATES = [date(2025, 1, 1), date(2025, 2, 1), date(2025, 4, 1)]
HOSTILE = '<b onclick="x()">&amp;"\'</b>'
ROOT = Path(__file__).parents[2]


def drawn(markup: str) -> Any:
    """The picture, read strictly as XML."""
    return etree.fromstring(markup)


def texts(picture: Any) -> list[str]:
    return ["".join(text.itertext()) for text in picture.iterfind(".//s:text", SVG)]


def bar(name: str, *counts: int, note: str = "") -> Bar:
    return Bar(name, tuple(Part(status, n) for status, n in zip(STATUS_LOOKS, counts, strict=False)), note)


@pytest.mark.parametrize(
    ("part", "whole", "said"),
    [
        (42, 61, "42 of 61 (69%)"),
        (0, 0, "0 of 0"),
        (0, 7, "0 of 7 (0%)"),
        (1, 1200, "1 of 1,200 (1%)"),
        (1199, 1200, "1,199 of 1,200 (99%)"),
        (1200, 1200, "1,200 of 1,200 (100%)"),
        (1, 8, "1 of 8 (13%)"),
    ],
)
def test_a_share_is_never_without_its_numerator(part: int, whole: int, said: str) -> None:
    assert share(part, whole) == said


def test_a_line_breaks_where_there_is_no_figure_and_says_so() -> None:
    picture = drawn(lines("By agency", [Series("Health", (10.0, None, 30.0))], dates=DATES, prefix="a"))

    pieces = [line.get("points") for line in picture.iterfind(".//s:polyline", SVG)]
    assert pieces == ["0.00,90.00", "100.00,70.00"]
    said = picture.findtext(".//s:desc", namespaces=SVG)
    assert said == "Health: 10% on 1 January 2025, 30% on 1 April 2025, without a figure on 1 of 3 dates."


def test_dates_lie_as_far_apart_as_they_are() -> None:
    picture = drawn(lines("By agency", [Series("Health", (0.0, 50.0, 100.0))], dates=DATES, prefix="a"))

    points = picture.find(".//s:polyline", SVG).get("points")
    assert points == "0.00,100.00 34.44,50.00 100.00,0.00"


def test_lines_that_end_together_keep_their_names_apart_and_inside() -> None:
    series = [Series(f"Agency {n}", (0.0, 50.0, 1.0)) for n in range(6)]
    picture = drawn(lines("By agency", series, dates=DATES, prefix="a"))

    names = [t for t in picture.iterfind(".//s:text", SVG) if t.get("x") == "27"]
    heights = [float(t.get("y")) for t in names]
    assert len(names) >= 6
    assert all(later - earlier >= 19 for earlier, later in pairwise(heights))
    assert heights[0] > 0 and heights[-1] < float(picture[0].get("height"))


def test_a_line_that_has_no_figure_by_now_claims_none() -> None:
    series = [Series("Health", (10.0, 20.0, None)), Series("Police", (None, None, None))]
    picture = drawn(lines("By agency", series, dates=DATES, prefix="a"))

    assert "20%" not in " ".join(texts(picture))
    assert " ".join(texts(picture)).count("no figure") == 2


@pytest.mark.parametrize("dates", [[], DATES[:1]])
def test_a_picture_of_the_first_day_or_of_none_can_be_drawn(dates: list[date]) -> None:
    series = [Series("Health", (40.0,) * len(dates))]
    picture = drawn(lines("By agency", series, dates=dates, prefix="a"))

    assert ("Health, 40%" in texts(picture)) == bool(dates)


@pytest.mark.parametrize(
    ("series", "dates", "wrong"),
    [
        ([Series(str(n), (1.0,)) for n in range(7)], DATES[:1], "At most 6 lines"),
        ([Series("Health", (1.0,))], DATES, "“Health” has 1 values for 3 dates"),
        ([Series("Health", (101.0,))], DATES[:1], "“Health” has a value that is no share"),
        ([Series("Health", (1.0, 2.0))], DATES[1::-1], "must rise"),
    ],
)
def test_lines_that_would_mislead_are_not_drawn(series: list[Series], dates: list[date], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        lines("By agency", series, dates=dates, prefix="a")


def test_every_count_stands_in_its_part_or_under_it() -> None:
    picture = drawn(stacked("By team", [bar("Health", 420, 101, 60, 3, 1)], prefix="a", looks=STATUS_LOOKS))

    said = " ".join(texts(picture)).replace("\u00a0", " ")
    for expected in ("420", "101", "60", "Also: Due soon 3, Overdue 1"):
        assert expected in said


def test_the_parts_of_a_bar_fill_it_in_proportion() -> None:
    picture = drawn(stacked("By team", [bar("Health", 1, 0, 3)], prefix="a"))

    parts = [(r.get("x"), r.get("width")) for r in picture.iterfind(".//s:rect", SVG) if "%" in r.get("width")]
    assert parts == [("0%", "25%"), ("25%", "75%")]


def test_a_status_looks_the_same_whoever_has_it_and_unlike_every_other() -> None:
    everybody = drawn(stacked("All", [bar("All", *range(1, 9))], prefix="a", looks=STATUS_LOOKS))
    few = drawn(stacked("Few", [Bar("Few", (Part("Overdue", 2),))], prefix="a", looks=STATUS_LOOKS))

    key = dict(zip(STATUS_LOOKS, samples(everybody), strict=True))
    assert len(set(key.values())) == len(STATUS_LOOKS)
    assert samples(few) == [key["Overdue"]]


def samples(picture: Any) -> list[str]:
    """The fills in the key."""
    return [r.get("fill") for r in picture.iterfind(".//s:rect", SVG) if r.get("width") == "18"]


def test_a_bar_that_is_withheld_and_one_of_nobody_say_so() -> None:
    picture = drawn(stacked("By team", [Bar("Probation", None), Bar("Police", ()), bar("Health", 0)], prefix="a"))

    assert texts(picture) == ["Complete", "Probation", "withheld", "Police", "nobody", "Health", "nobody"]
    assert "Probation: withheld. Police: nobody." in picture.findtext(".//s:desc", namespaces=SVG)


def test_more_parts_than_can_be_told_apart_are_not_drawn() -> None:
    with pytest.raises(ValueError, match="At most 8 kinds"):
        stacked("By choice", [Bar("All", tuple(Part(str(n), 1) for n in range(9)))], prefix="a")


def test_names_are_text_and_ids_do_not_meet() -> None:
    series, bars = [Series(HOSTILE, (1.0, 2.0, 3.0))], [bar(HOSTILE, 1, 2, 3, note=HOSTILE)]
    first = lines(HOSTILE, series, dates=DATES, prefix="a")
    second = stacked(HOSTILE, bars, prefix="b")

    both = drawn(f"<div>{first}{second}</div>")
    assert not both.xpath("//s:b | //@onclick", namespaces=SVG)
    assert [t.text for t in both.iterfind(".//s:title", SVG)] == [HOSTILE, HOSTILE]
    ids = both.xpath("//@id")
    assert len(set(ids)) == len(ids)
    for svg in both.iterfind(".//s:svg[@role='img']", SVG):
        assert set(svg.get("aria-labelledby").split()) <= set(ids)


@pytest.mark.parametrize(
    ("value", "shade", "text"),
    [(0, 1, "0%"), (24.9, 1, "25%"), (25, 2, "25%"), (99, 4, "99%"), (100, 4, "100%"), (None, None, "withheld")],
)
def test_a_heat_cell_says_what_its_shade_shows(value: float | None, shade: int | None, text: str) -> None:
    assert (heat(value).shade, heat(value).text) == (shade, text)


def test_a_heat_cell_has_bounds_and_words_of_its_own() -> None:
    assert heat(2.0, "2.0", lowest=1, highest=3).shade == 3
    assert heat(9.0, "9.0", lowest=1, highest=3).shade == 4


PAGE = """{% extends "base.html" %}
{% from "lead/_pictures.html" import picture, heat_table %}
{% block width %} page--wide{% endblock %}
{% block main %}<h1 class="govuk-heading-l">Pictures</h1>
<div class="pictures">
{{ picture(first, "Completion over time", ["Agency", "January"], [["Health", "0%"]], "over-time", [1]) }}
{{ picture(second, "Status by team", ["Team", "Complete"], [["Health", 3]], "by-team", [1]) }}
</div>
{{ heat_table("Seen by agency and role", ["Agency", "Practitioners", "Managers"], rows, "seen") }}
{% endblock %}"""


@pytest.fixture
def shown(app: Flask, context: BrowserContext) -> Callable[[int], Page]:
    """A page of pictures with the course's own styles, in a window of that width."""
    series = [Series(f"Children’s social care {n}", (0.0, 40.0 + n, 60.0 + n)) for n in range(6)]
    bars = [bar("Health visiting and school nursing, north of the river", 900, 40, 40, 9, 9, 1, 1), Bar("Police", None)]
    with app.test_request_context():
        markup = render_template_string(
            PAGE,
            title="Pictures",
            first=lines("Completion over time", series, dates=DATES, prefix="over-time"),
            second=stacked("Status by team", bars, prefix="by-team", looks=STATUS_LOOKS),
            rows=[("Health", [heat(10), heat(90)]), ("Police", [heat(None), heat(40)])],
        )
    styles = [f"course/lesson/static/{name}.css" for name in ("lesson", "steps", "course")] + [
        "course/web/static/app.css"
    ]

    def show(width: int) -> Page:
        page = context.new_page()
        page.set_viewport_size({"width": width, "height": 900})
        page.set_content(markup)
        page.add_style_tag(content="".join((ROOT / style).read_text(encoding="utf-8") for style in styles))
        return page

    return show


@pytest.mark.parametrize("width", [320, 1280])
def test_a_page_of_pictures_can_be_read_by_anybody(shown: Callable[[int], Page], width: int) -> None:
    page = shown(width)

    assert page.evaluate("document.documentElement.scrollWidth") <= width
    smallest = (
        "Math.min(...[...document.querySelectorAll('svg text')].map(t => parseFloat(getComputedStyle(t).fontSize)))"
    )
    assert page.evaluate(smallest) >= 12
    beyond = """[...document.querySelectorAll('svg text')].filter(t => {
        const box = t.getBoundingClientRect();
        return box.left < 0 || box.right > innerWidth;
    }).map(t => t.textContent)"""
    assert page.evaluate(beyond) == []
    assert page.get_by_role("img", name="Completion over time").count() == 1
    for summary in page.locator("summary").all():
        summary.click()
    assert barriers(page) == []


def test_a_picture_names_itself_and_its_table_to_a_screen_reader(shown: Callable[[int], Page]) -> None:
    page = shown(1280)

    page.get_by_text("The figures as a table: Status by team").click()
    assert page.get_by_role("table", name="Status by team").get_by_role("rowheader").all_inner_texts() == ["Health"]
    cells = page.get_by_role("table", name="Seen by agency and role").get_by_role("cell").all_inner_texts()
    assert cells == ["10%", "90%", "withheld", "40%"]


def test_paper_has_the_folded_figures_and_none_of_the_ways_around(shown: Callable[[int], Page]) -> None:
    printed = PdfReader(BytesIO(shown(1280).pdf(format="A4")))
    said = " ".join(" ".join(page.extract_text() for page in printed.pages).split())

    assert said.count("Status by team") == 2, "the caption of the picture and that of its table"
    assert "withheld" in said
    assert "Skip to main content" not in said
    assert "Words used in this course" not in said

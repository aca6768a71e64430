"""The drawing of a story: whole, legible and true, as SVG and as words."""

import xml.etree.ElementTree as ET
from itertools import combinations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from course.story.compile import build
from course.story.draw import draw
from course.story.model import Scenario
from tests.factories import scenario, scenario_of

SVG = "{http://www.w3.org/2000/svg}"
Rectangle = tuple[float, float, float, float]


def drawing(value: dict[str, Any] | Scenario) -> ET.Element:
    return ET.fromstring(draw(build(Scenario.model_validate(value))))  # noqa: S314 (our own)


def boxes(svg: ET.Element) -> list[Rectangle]:
    """The boxes of moments, as left, top, right and bottom."""
    found = [
        tuple(float(r.attrib[key]) for key in ("x", "y", "width", "height"))
        for r in svg.iter(f"{SVG}rect")
        if r.get("class") in ("box", "ending")
    ]
    return [(x, y, x + width, y + height) for x, y, width, height in found]


@st.composite
def drawn(draw_: st.DrawFn) -> Scenario:
    """Stories of up to 20 moments with up to four choices each, some leading back."""
    count = draw_(st.integers(2, 20))
    moves: dict[str, dict[str, Any]] = {}
    for m in range(count - 1):
        ahead = st.one_of(st.integers(m + 1, min(m + 3, count - 1)), st.integers(0, count - 1))
        moves[f"m{m}"] = {f"c{m}-{c}": f"m{draw_(ahead)}" for c in range(draw_(st.integers(1, 4)))}
    return scenario_of(moves | {f"m{count - 1}": {}})


@settings(max_examples=12)
@given(drawn())
def test_no_two_boxes_overlap_and_all_are_on_the_paper(scenario: Scenario) -> None:
    svg = drawing(scenario)
    found = boxes(svg)
    assert len(found) == len(scenario.moments)
    for one, other in combinations(found, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    for left, top, right, bottom in found:
        assert 0 <= left < right <= float(svg.attrib["width"])
        assert 0 <= top < bottom <= float(svg.attrib["height"])


@settings(max_examples=12)
@given(drawn())
def test_no_line_passes_behind_a_box(scenario: Scenario) -> None:
    svg = drawing(scenario)
    lanes = [p.attrib["d"] for p in svg.iter(f"{SVG}path") if "H" in p.attrib["d"] and p.get("class") == "line"]
    for lane in lanes:
        left, level = map(float, lane[1 : lane.index("H")].split(","))
        assert not any(x0 <= left < x1 and y0 <= level <= y1 for x0, y0, x1, y1 in boxes(svg))


def test_it_is_an_image_with_a_name_and_a_full_description() -> None:
    svg = drawing(scenario())
    name, words = svg.find(f"{SVG}title"), svg.find(f"{SVG}desc")
    assert svg.get("role") == "img"
    assert name is not None and words is not None
    assert svg.get("aria-labelledby") == f"{name.get('id')} {words.get('id')}"
    assert name.text == "The story of Priya Nair, nurse"
    told = (words.text or "").splitlines()
    assert told[0] == "1. Day 1 (day-1-near)."
    assert told[1] == "   - Write a note for the file and read it at the team meeting. (+ told) Leads to: Day 2."
    assert told[3] == "   - Ring the school and ask what they saw of the girl this week. (strong) Leads to: Day 2."
    assert told[-1] == "14. Ending 5 (ending-5). Ending. She sleeps well."


def test_strong_choices_and_facts_are_told_in_words_on_their_rows() -> None:
    value = scenario()
    value["moments"][8]["choices"][0]["unless"] = ["told"]
    printed = [t.text for t in drawing(value).iter(f"{SVG}text")]
    assert printed.count("★ strong") == 9
    assert printed.count("ENDING") == 5
    assert "+ told" in printed
    assert "unless told" in printed


def test_a_line_leaves_every_choice_and_strong_ones_are_heavier() -> None:
    lines = [p for p in drawing(scenario()).iter(f"{SVG}path") if "line" in (p.get("class") or "").split()]
    from_rows = [p for p in lines if "H" not in p.attrib["d"]]
    assert len(from_rows) == 27
    assert sum(p.get("class") == "line strong" for p in from_rows) == 9


def test_a_choice_that_leads_back_says_so_on_its_row() -> None:
    moves = {
        "hall": {"ask": {"leads": "desk", "unless": ["asked"]}, "go": "end"},
        "desk": {"back": {"leads": "hall", "gain": ["asked"]}},
        "end": {},
    }
    assert "↩ back to hall" in draw(build(scenario_of(moves)))


def test_marks_of_xml_in_the_text_are_text() -> None:
    value = scenario()
    value["moments"][0]["title"] = "</svg> & <script>"
    assert "</svg> & <script>" in [t.text for t in drawing(value).iter(f"{SVG}text")]

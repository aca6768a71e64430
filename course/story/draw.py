"""A story drawn for its author, as one SVG: moments as boxes from left to right, a row for each choice.

Every line leads to exactly one moment: choices that lead to the same moment share one lane past the boxes between.
"""

import xml.etree.ElementTree as ET
from dataclasses import dataclass
from textwrap import wrap
from typing import NamedTuple

from course.story.compile import Story
from course.story.layout import Link, Port, Shape, Spot, depths, heights, leaves, links_of
from course.story.model import Choice, Moment

WIDTH, ACROSS, MARGIN, HEADING, LINE = 312, 116, 40, 90, 16
LETTERS = 44
"""How many letters of 13 px type fit on a row in any common sans serif."""
COLOURS = ("#1d4f91", "#a8330b", "#00694f", "#6b2c91", "#6b5500", "#a01d62", "#333f48")
"""4.5:1 or more on white. They help the eye along a line; nothing is told by colour alone."""
ENTRANCE = 20
"""How far below a box's top lines reach it."""
KEY = "★ and a thick line: a strong choice. Grey box with round corners: an ending. + : facts that a choice gains."
STYLE = """
svg { font: 13px Arial, Helvetica, sans-serif; fill: #111 }
.heading { font-size: 22px; font-weight: bold } .title { font-size: 15px; font-weight: bold }
.note { font-size: 12px; font-style: italic } .label { font-size: 12px; font-weight: bold }
.paper { fill: #fff } .box { fill: #fff; stroke: #111; stroke-width: 1.5 } .rule { stroke: #999 }
.ending { fill: #e8e8e8; stroke: #111; stroke-width: 4; rx: 18px }
.halo { fill: none; stroke: #fff; stroke-width: 7 } .line { fill: none; stroke-width: 1.6 } .strong { stroke-width: 4 }
"""

Printed = list[tuple[str, str]]
"""Lines of type, as (class, text)."""


class Row(NamedTuple):
    """A choice in a box: how far down it starts, and its lines."""

    choice: Choice
    top: int
    lines: Printed


@dataclass(frozen=True)
class Box(Shape):
    """A moment in the drawing."""

    moment: Moment
    head: Printed
    rows: list[Row]


Boxes = dict[str, Box]


def draw(story: Story) -> str:
    """The SVG of a story. Its `desc` says in words all that it shows."""
    moments = story.scenario.moments
    depth = depths({m.id: [c.leads for c in m.choices] for m in moments})
    boxes = {m.id: _box(m, depth) for m in moments}
    links = links_of(boxes)
    y = {spot: round(down) + HEADING for spot, down in heights(boxes, links).items()}
    right = MARGIN + max(_x(box.layer) + WIDTH for box in boxes.values())
    bottom = MARGIN + max(y[id_, box.layer] + box.height for id_, box in boxes.items())
    svg = ET.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", "role": "img", "aria-labelledby": "name words"})
    svg.attrib |= {"viewBox": f"0 0 {right} {bottom:.0f}", "width": f"{right}", "height": f"{bottom:.0f}"}
    who = f"{story.scenario.you.name}, {story.scenario.you.profession}"
    _add(svg, "title", f"The story of {who}", id="name")
    _add(svg, "desc", _in_words(boxes), id="words")
    _add(svg, "style", STYLE)
    _add(svg, "rect", width="100%", height="100%", class_="paper")
    _print(svg, [("heading", who)], MARGIN, 22)
    _print(svg, [("", KEY)], MARGIN, 46)
    colours = {id_: COLOURS[n % len(COLOURS)] for n, id_ in enumerate(sorted(boxes, key=depth.__getitem__))}
    for id_ in boxes:
        _paint_links(svg, boxes, [x for x in links if x.end[0] == id_], y, colours[id_])
    for id_, box in boxes.items():
        _paint_box(svg, box, y[id_, box.layer], colours[id_])
    return ET.tostring(svg, encoding="unicode")


def _x(layer: int) -> int:
    return MARGIN + layer * (WIDTH + ACROSS)


def _box(moment: Moment, depth: dict[str, int]) -> Box:
    layer = depth[moment.id]
    label = "ENDING" if moment.ending else "" if layer else "START"
    head = [("label", label)] if label else []
    head += [*(("title", line) for line in wrap(moment.title, 36)), ("note", moment.id)]
    if moment.ending:
        head += _short(moment.ending.child)
    rows: list[Row] = []
    ports: list[Port] = []
    top = len(head) * LINE + 14
    for choice in moment.choices:
        back = [f"↩ back to {choice.leads}"] if depth[choice.leads] <= layer else []
        lines = [*([("label", "★ strong")] if choice.strong else []), *_short(choice.text)]
        lines += [("note", line) for note in [*_facts(choice), *back] for line in wrap(note, LETTERS)]
        height = len(lines) * LINE + 12
        rows.append(Row(choice, top, lines))
        ports.append(Port(top + height / 2, choice.leads))
        top += height
    return Box(layer, top, tuple(ports), moment, head, rows)


def _short(text: str) -> Printed:
    return [("", line) for line in wrap(" ".join(text.split()), LETTERS, max_lines=3, placeholder=" …")]


def _facts(choice: Choice) -> list[str]:
    parts = (("if", choice.needs), ("unless", choice.lacks), ("+", choice.gain))
    return [f"{word} {', '.join(facts)}" for word, facts in parts if facts]


def _add(parent: ET.Element, tag: str, text: str | None = None, **attributes: object) -> None:
    element = ET.SubElement(parent, tag, {key.rstrip("_"): str(value) for key, value in attributes.items()})
    element.text = text


def _print(svg: ET.Element, lines: Printed, x: int, y: int) -> None:
    for n, (css, text) in enumerate(lines, start=1):
        _add(svg, "text", text, x=x, y=y + 2 + n * LINE, class_=css)


def _paint_links(svg: ET.Element, boxes: Boxes, links: list[Link], y: dict[Spot, int], colour: str) -> None:
    """All lines to one moment, above a white edge that parts them from the lines that they cross."""
    paths = {link: _path(boxes, link, y) for link in links}
    for path in paths.values():
        _add(svg, "path", d=path, class_="halo")
    for link, path in paths.items():
        strong = link.port >= 0 and boxes[link.start[0]].rows[link.port].choice.strong
        _add(svg, "path", d=path, class_="line strong" if strong else "line", stroke=colour)


def _path(boxes: Boxes, link: Link, y: dict[Spot, int]) -> str:
    left, down = _x(link.start[1]), y[link.start] + leaves(boxes, link)
    start, middle, end = left + WIDTH, left + WIDTH + ACROSS / 2, left + WIDTH + ACROSS
    to = y[link.end] + (ENTRANCE if boxes[link.end[0]].layer == link.end[1] else 0)
    lane = f"M{left},{down:g}H{start}" if link.port < 0 else f"M{start},{down:g}"
    return f"{lane}C{middle:g},{down:g} {middle:g},{to:g} {end},{to:g}"


def _paint_box(svg: ET.Element, box: Box, y: int, colour: str) -> None:
    x = _x(box.layer)
    kind = "ending" if box.moment.ending else "box"
    _add(svg, "rect", x=x, y=y, width=WIDTH, height=box.height, class_=kind)
    if box.layer:
        _add(svg, "path", d=f"M{x},{y + ENTRANCE}l-14,-7v14z", fill=colour)
    _print(svg, box.head, x + 14, y)
    for row in box.rows:
        _add(svg, "path", d=f"M{x},{y + row.top}h{WIDTH}", class_="rule")
        _print(svg, row.lines, x + 14, y + row.top)


def _in_words(boxes: Boxes) -> str:
    """The drawing as a list: each moment, its choices and where each leads."""
    lines: list[str] = []
    for n, box in enumerate(sorted(boxes.values(), key=lambda b: b.layer), start=1):
        ending = f" Ending. {box.moment.ending.child}" if box.moment.ending else ""
        lines.append(f"{n}. {box.moment.title} ({box.moment.id}).{ending}")
        for choice in box.moment.choices:
            notes = "; ".join([*(["strong"] if choice.strong else []), *_facts(choice)])
            noted = f" ({notes})" if notes else ""
            lines.append(f"   - {choice.text}{noted} Leads to: {boxes[choice.leads].moment.title}.")
    return "\n".join(lines)

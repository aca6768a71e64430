"""The ends of lines: what sets one line apart from another, and its name beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from course.web.lead.drawing.svg import (
    BLUE,
    BROWN,
    GREEN,
    LINE,
    PURPLE,
    QUIET,
    RED,
    element,
    lines_of,
    whole_percent,
    words,
)

TOP = 10
"""Pixels: the space over the plot."""
LABEL = 88
"""Pixels: what the names on the right may take of the room that _desk.scss leaves there."""
STYLES = (
    (GREEN, None, "M-5 0A5 5 0 1 0 5 0A5 5 0 1 0 -5 0Z"),
    (BLUE, "7 3", "M-5 -5H5V5H-5Z"),
    (RED, "2 3", "M0 -6L6 5H-6Z"),
    (PURPLE, "10 3 2 3", "M0 -6L6 0L0 6L-6 0Z"),
    (BROWN, "14 4", "M0 6L-6 -5H6Z"),
    (QUIET, "5 5", "M-6 -2H-2V-6H2V-2H6V2H2V6H-2V2H-6Z"),
)
"""Colour, dashes and sign of each line: no two share any of them."""


@dataclass(frozen=True)
class End:
    """A line's end: its last value, whether that is at the picture's edge, and its name in lines of text."""

    value: float
    is_at_edge: bool
    texts: Sequence[str]

    @property
    def height(self) -> int:
        return len(self.texts) * LINE + 4


def draw_sign(style: int, **attributes: str) -> Markup:
    """The sign of the line of that number, about the origin."""
    colour, _, shape = STYLES[style]
    return element("path", d=shape, fill=colour, stroke="#fff", stroke_width=1.5, paint_order="stroke", **attributes)


def end_of(name: str, values: Sequence[float | None]) -> End:
    """Where a line ends and what is said there: its last figure, or that it has none by now."""
    known = [value for value in values if value is not None]
    is_at_edge = bool(known) and values[-1] is not None
    figure = f"{whole_percent(known[-1])}%" if is_at_edge else "no figure"
    return End(known[-1] if known else 0, is_at_edge, lines_of(f"{name}, {figure}", LABEL))


def name_ends(ends: Sequence[End], height: float) -> Markup:
    """The names beside the lines' ends, moved apart where they would overlap, each with its line's sign."""
    drawn = []
    for n, y in _apart(ends, height):
        middle, at = y + LINE / 2, TOP + height * (1 - ends[n].value / 100)
        if ends[n].is_at_edge:
            drawn.append(element("path", d=f"M7 {at:g}L12 {middle:g}", stroke=STYLES[n][0], fill="none"))
        drawn.append(draw_sign(n, transform=f"translate(17 {middle:g})"))
        drawn += [words(text, x=27, y=y + 14 + k * LINE) for k, text in enumerate(ends[n].texts)]
    return element("svg", *drawn, x="100%", overflow="visible")


def _apart(ends: Sequence[End], height: float) -> list[tuple[int, float]]:
    """The line's number and the top of its name, from the highest line to the lowest."""
    order = sorted(range(len(ends)), key=lambda n: -ends[n].value)
    tops: list[float] = []
    free = float(TOP - LINE / 2)
    for n in order:
        tops.append(max(free, TOP + height * (1 - ends[n].value / 100) - LINE / 2))
        free = tops[-1] + ends[n].height
    floor = TOP + height + LINE / 2
    for k in range(len(order) - 1, -1, -1):
        tops[k] = min(tops[k], floor - ends[order[k]].height)
        floor = tops[k]
    return list(zip(order, tops, strict=True))

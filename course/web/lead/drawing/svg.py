"""SVG as escaped text, and what sets the parts of a picture apart where colours cannot.

A picture has no viewBox: along it everything is placed by percentages, so that its text is the same size, 14 px, in a
window of 320 px and in one of 1280 px. What is laid out by the width of text is laid out for the narrow one.
"""

from collections.abc import Sequence
from functools import cache, lru_cache
from textwrap import wrap

from markupsafe import Markup, escape

TEXT, LINE, LETTER = 14, 19, 8
"""Pixels: the size of text, the height of its line, and the width of a letter in the widest of the usual fonts."""
NARROW = 286
"""Pixels: how wide a picture is in a window of 320 px."""

Attributes = dict[str, str | float | None]

INK, QUIET, RULE = "#1b1b1b", "#4a4a4a", "#cfc8b8"
GREEN, BLUE, RED, PURPLE, BROWN = "#1d5c3a", "#14508c", "#b10e1e", "#54319f", "#8a7f68"
"""Those of the style sheets. Each has a contrast of at least 3:1 with white, but RULE, which only lies under others."""


# Typed, since an escaped text and one that is not are equal and are not written alike.
@lru_cache(maxsize=4096, typed=True)
def element(name: str, *inside: str, **attributes: str | float | None) -> Markup:
    """An element of SVG. `inside` is escaped unless it is Markup; an attribute that is None is left out.

    In the names of attributes an underscore stands for a hyphen, and one at the end for nothing (`class_`).
    """
    written = "".join(
        [f' {_hyphened(key)}="{_attribute(value)}"' for key, value in attributes.items() if value is not None]
    )
    # Put together as text, since Markup's own way of filling in takes half of the time of a whole page.
    return Markup(f"<{name}{written}>{join(inside)}</{name}>")  # noqa: S704 (all in it is escaped)


@cache
def _hyphened(key: str) -> str:
    return str(escape(key.rstrip("_").replace("_", "-")))


def _attribute(value: str | float) -> str:
    return escape(value) if isinstance(value, str) else _number(value)


def join(parts: Sequence[str]) -> Markup:
    """Pieces behind one another, escaped where they are not Markup."""
    return Markup("").join(parts)


def percent(value: float) -> str:
    """A length along the picture, as a share of its width from 0 to 100."""
    return f"{_number(round(value, 3))}%"


def whole_percent(value: float) -> int:
    """A share from 0 to 100, rounded; but only all is 100 and only none is 0."""
    return int(value + 0.5) if value in (0, 100) else min(max(int(value + 0.5), 1), 99)


def _number(value: str | float) -> str:
    return value if isinstance(value, str) else f"{value:g}"


def lines_of(text: str, pixels: float) -> list[str]:
    """`text` in lines that fit into so many pixels; only a word far too long is broken."""
    letters = int(pixels / LETTER)
    whole = wrap(text, letters, break_on_hyphens=False, break_long_words=False)
    is_beyond = any(len(line) > letters + 5 for line in whole)
    return wrap(text, letters, break_on_hyphens=False) if is_beyond else whole


def picture(title: str, description: str, *inside: str, prefix: str, height: float, kind: str) -> Markup:
    """A whole picture that assistive technology takes as one image with a name and a description.

    `prefix` begins every id in it, so that several fit on a page.
    """
    drawing = element(
        "svg",
        element("title", title, id=f"{prefix}-title"),
        element("desc", description, id=f"{prefix}-desc"),
        *inside,
        xmlns="http://www.w3.org/2000/svg",
        class_="picture__drawing",
        role="img",
        aria_labelledby=f"{prefix}-title {prefix}-desc",
        width="100%",
        height=height,
        overflow="visible",
        font_size=TEXT,
        fill="currentColor",
    )
    return element("div", drawing, class_=f"picture__sheet picture__sheet--{kind}")


def words(text: str, *, x: str | float, y: float, **attributes: str | float | None) -> Markup:
    """One line of text, its base line at y."""
    return element("text", text, x=x, y=y, **attributes)


_PATTERNS = {
    "stripes": (GREEN, "#e3efe7", "M-2 10L10 -2M-2 2L2 -2M6 10L10 6", 1.4),
    "dots": (BLUE, "#ffffff", "M2 2h.01M6 6h.01", 2.6),
    "crossed": (RED, "#ffffff", "M-2 10L10 -2M-2 -2L10 10", 1.4),
    "level": (BROWN, "#ffffff", "M0 2H8M0 6H8", 1.4),
    "upright": (PURPLE, "#ffffff", "M2 0V8M6 0V8", 1.4),
    "plus": (QUIET, "#ffffff", "M4 1.5V6.5M1.5 4H6.5", 1.6),
    "hatched": (QUIET, "#ffffff", "M-2 -2L10 10", 1.4),
}
"""Colour, ground, drawing and thickness of each pattern, on a tile of 8 by 8 px."""
LOOKS = ("solid", "stripes", "empty", "dots", "crossed", "level", "upright", "plus")
"""How parts of a bar may look: all different without colour."""
_PLAIN = {"solid": GREEN, "empty": "#ffffff"}
DARK = {"solid"}
"""The looks on which text is white."""


def patterns(prefix: str, looks: Sequence[str]) -> Markup:
    """The definitions that `fill_of` points to, for the looks that are used."""
    made = []
    for look in (name for name in _PATTERNS if name in looks):
        colour, ground, shape, thickness = _PATTERNS[look]
        under = element("rect", width=8, height=8, fill=ground)
        over = element("path", d=shape, stroke=colour, stroke_width=thickness, stroke_linecap="round", fill="none")
        units: Attributes = {"id": f"{prefix}-{look}", "width": 8, "height": 8, "patternUnits": "userSpaceOnUse"}
        made.append(element("pattern", under, over, **units))
    return element("defs", *made)


def fill_of(prefix: str, look: str) -> str:
    """The value of `fill` for a look."""
    return _PLAIN.get(look) or f"url(#{prefix}-{look})"

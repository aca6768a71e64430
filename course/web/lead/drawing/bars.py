"""Bars that lie: how each whole is made up, part by part."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from course.web.lead.drawing.svg import (
    DARK,
    INK,
    LETTER,
    LINE,
    LOOKS,
    NARROW,
    QUIET,
    Attributes,
    element,
    fill_of,
    join,
    lines_of,
    patterns,
    percent,
    picture,
    words,
)

NO_BREAK = "\u00a0"
THICK, SPACE, SWATCH = 26, 16, 18
"""Pixels: a bar's thickness, the space after it, and the side of a sample in the key."""


@dataclass(frozen=True)
class Part:
    """One kind of what a bar counts: its name, as in the key, and how many."""

    name: str
    count: int

    def __post_init__(self) -> None:
        if self.count < 0:
            raise ValueError(f"“{self.name}” has a count of {self.count}: a count cannot be below 0")


@dataclass(frozen=True)
class Bar:
    """A team, agency or module and its parts; None for parts that are withheld. `note` stands under the name."""

    name: str
    parts: tuple[Part, ...] | None
    note: str = ""

    @property
    def whole(self) -> int:
        return sum(part.count for part in self.parts or ())


def stacked(title: str, bars: Sequence[Bar], *, prefix: str, looks: Mapping[str, str] | None = None) -> Markup:
    """Bars of equal length, each the whole of its row, with the count in each part or, where it does not fit, under it.

    `prefix` begins every id, so that several pictures fit on a page. `looks` gives parts their look by name (one of
    svg.LOOKS), so that a status looks the same in every picture; a part that it does not name takes the next free one.
    Raises ValueError for more kinds of parts than there are looks, since two would look the same.
    """
    look_of = _give_looks(bars, looks or {})
    key, y = _key(prefix, look_of)
    drawn: list[Markup] = []
    for bar in bars:
        piece, y = _bar(prefix, bar, look_of, y=y)
        drawn.append(piece)
    used = [*look_of.values(), "hatched"]
    description = "Each bar is the whole of its row. " + " ".join(_say(bar) for bar in bars)
    return picture(
        title, description, patterns(prefix, used), key, *drawn, prefix=prefix, height=max(y - SPACE, LINE), kind="bars"
    )


def _give_looks(bars: Sequence[Bar], wanted: Mapping[str, str]) -> dict[str, str]:
    names = list(dict.fromkeys(part.name for bar in bars for part in bar.parts or ()))
    free = [look for look in LOOKS if look not in {wanted.get(name) for name in names}]
    if len([name for name in names if name not in wanted]) > len(free):
        raise ValueError(f"At most {len(LOOKS)} kinds of parts can be told apart in a picture, not {len(names)}")
    return {name: wanted.get(name) or free.pop(0) for name in names}


def _key(prefix: str, look_of: Mapping[str, str]) -> tuple[Markup, float]:
    """The samples with their names, flowing from line to line, and where the first bar begins."""
    x, y, drawn = 0.0, 0, []
    for name, look in look_of.items():
        width = SWATCH + 8 + len(name) * LETTER
        if x and x + width > NARROW:
            x, y = 0, y + LINE + 6
        fill = fill_of(prefix, look)
        drawn.append(element("rect", x=x + 0.5, y=y + 0.5, width=SWATCH, height=SWATCH, fill=fill, stroke=INK))
        drawn.append(words(name, x=x + SWATCH + 8, y=y + 14))
        x += width + 16
    return element("g", *drawn), y + LINE + 6 + SPACE if look_of else 0


def _bar(prefix: str, bar: Bar, look_of: Mapping[str, str], *, y: float) -> tuple[Markup, float]:
    """A bar with its texts from y on, and where the next begins."""
    drawn: list[Markup] = []
    for line in lines_of(bar.name, NARROW):
        drawn.append(words(line, x=0, y=y + 14, font_weight=700))
        y += LINE
    for line in lines_of(bar.note, NARROW) if bar.note else []:
        drawn.append(words(line, x=0, y=y + 14))
        y += LINE
    y += 3
    if bar.whole:
        drawn.append(_parts(prefix, bar, look_of, y=y))
    else:
        drawn.append(_no_parts(prefix, bar, y=y))
    y += THICK
    for line in lines_of("Also: " + ", ".join(small), NARROW) if (small := _small(bar)) else []:
        drawn.append(words(line, x=0, y=y + 16))
        y += LINE
    return element("g", *drawn), y + SPACE


def _no_parts(prefix: str, bar: Bar, *, y: float) -> Markup:
    """A frame in place of a bar that is withheld, or that counts nobody."""
    fill = fill_of(prefix, "hatched") if bar.parts is None else "none"
    frame = element("rect", x=0, y=y, width="100%", height=THICK, fill=fill, stroke=QUIET, stroke_dasharray="4 3")
    text = "withheld" if bar.parts is None else "nobody"
    return join([frame, _label(text, x=percent(50), y=y)])


def _parts(prefix: str, bar: Bar, look_of: Mapping[str, str], *, y: float) -> Markup:
    drawn, before = [], 0.0
    for part in (part for part in bar.parts or () if part.count):
        share = 100 * part.count / bar.whole
        look = look_of[part.name]
        place = {"x": percent(before), "width": percent(share)}
        drawn.append(element("rect", **place, y=y, height=THICK, fill=fill_of(prefix, look), stroke=INK))
        if _fits(part, bar.whole):
            text = f"{part.count:,}"
            middle = percent(before + share / 2)
            drawn.append(_label(text, x=middle, y=y) if look not in DARK else _label(text, x=middle, y=y, fill="#fff"))
        before += share
    return join(drawn)


def _label(text: str, *, x: str, y: float, fill: str | None = None) -> Markup:
    """Text in the middle of a bar; dark text has a white edge, so that it can be read on a pattern."""
    edge: Attributes = {"stroke": "#fff", "stroke_width": 5, "stroke_linejoin": "round", "paint_order": "stroke"}
    look: Attributes = {"fill": fill} if fill else {"fill": INK, **edge}
    return words(text, x=x, y=y + 18, text_anchor="middle", font_weight=700, **look)


def _fits(part: Part, whole: int) -> bool:
    return NARROW * part.count / whole >= len(f"{part.count:,}") * (LETTER + 1) + 6


def _small(bar: Bar) -> list[str]:
    return [
        f"{p.name} {p.count:,}".replace(" ", NO_BREAK) for p in bar.parts or () if p.count and not _fits(p, bar.whole)
    ]


def _say(bar: Bar) -> str:
    """A bar in words."""
    if bar.parts is None:
        return f"{bar.name}: withheld."
    counts = ", ".join(f"{part.name} {part.count:,}" for part in bar.parts if part.count) or "nobody"
    note = f" ({bar.note})" if bar.note else ""
    return f"{bar.name}{note}: {counts}."

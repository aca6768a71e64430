"""Pictures made by the server: SVG without script for those who would rather look, each beside the table it is made of.

Nothing of Flask: plain values go in, and Markup for the macros in lead/_pictures.html comes out.
"""

from dataclasses import dataclass
from functools import lru_cache

from course.web.lead.drawing.bars import Bar, Part, stacked
from course.web.lead.drawing.lines import Series, lines
from course.web.lead.drawing.svg import whole_percent

__all__ = ["STATUS_LOOKS", "Bar", "Cell", "Part", "Series", "heat", "lines", "share", "stacked"]

STATUS_LOOKS = {
    "Complete": "solid",
    "In progress": "stripes",
    "Not started": "empty",
    "Due soon": "dots",
    "Overdue": "crossed",
    "Expired": "level",
    "Voided by a new version": "upright",
    "Not assigned": "plus",
}
"""How each status looks in every picture: `looks` of `stacked`, by the words on the screen."""


@dataclass(frozen=True)
class Cell:
    """A cell of a heat table: what it says, and its shade from 1 (light) to 4 (dark), or None where it is withheld."""

    text: str
    shade: int | None


def heat(value: float | None, text: str = "", *, lowest: float = 0, highest: float = 100) -> Cell:
    """The cell for a value, shaded by the quarter of lowest … highest it lies in; withheld for None.

    `text` is what the cell says; without one it is the value as a whole percentage. A value beyond the bounds takes the
    shade at that end.
    """
    if value is None:
        return Cell("withheld", None)
    quarter = int(4 * (value - lowest) / (highest - lowest))
    return Cell(text or f"{whole_percent(value)}%", min(max(quarter, 0), 3) + 1)


@lru_cache(maxsize=4096)
def share(part: int, whole: int) -> str:
    """A percentage with its numerator: “42 of 61 (69%)”, and “0 of 0” where there is nobody.

    It is rounded, but only all is 100% and only none is 0%.
    """
    if not whole:
        return "0 of 0"
    return f"{part:,} of {whole:,} ({whole_percent(100 * part / whole)}%)"

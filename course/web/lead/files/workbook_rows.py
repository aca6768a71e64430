"""Rows as the XML of a sheet, as XlsxWriter would write them (a test holds the two equal)."""

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import repeat
from xml.sax.saxutils import escape

from xlsxwriter.utility import xl_col_to_name  # type: ignore[import-untyped]

Cell = str | int | date | None

LONGEST_TEXT = 32_767
"""Characters that Excel holds in a cell."""
_TEXT = ' t="inlineStr"><is><t%s>%s</t></is></c>'
_DAY_ZERO = date(1899, 12, 30).toordinal()
_UNSAFE = re.compile("_x[0-9a-fA-F]{4}_|[\x00-\x08\x0b-\x1f\ufffe\uffff]")
"""What XML cannot hold, and what would be read as the sign for such."""


def rows_xml(rows: Sequence[Sequence[Cell]], first: int, *, width: int, day: int) -> str:
    """Rows, at least one, the first of which has the number `first`. `day` is the number of the look of a date.

    Column by column, since most repeat few values. Raises ValueError where a row has not `width` cells.
    """
    columns = list(zip(*rows, strict=True))
    if len(columns) != width:
        raise ValueError(f"Rows of {len(columns)} cells under {width} headings")
    template = "".join(f'<c r="{xl_col_to_name(place)}%d"%s' for place in range(width))
    numbers = range(first, first + len(rows))
    parts = [part for column in columns for part in (numbers, _written(column, day))]
    return "".join(map(f'<row r="%d">{template}</row>'.__mod__, zip(numbers, *parts, strict=True)))


def _written(cells: Sequence[Cell], day: int) -> Iterable[str]:
    """The cells of a column, each from behind its name on."""
    written = dict(zip(values := set(cells), map(_cell, values, repeat(day)), strict=True))
    return map(written.__getitem__, cells)


def _cell(cell: Cell, day: int) -> str:
    if isinstance(cell, str):
        return _text(cell) if cell else "/>"
    if isinstance(cell, date):
        return f' s="{day}"><v>{cell.toordinal() - _DAY_ZERO}</v></c>'
    return "/>" if cell is None else f"><v>{cell}</v></c>"


def _text(text: str) -> str:
    safe = escape(_UNSAFE.sub(_named, text[:LONGEST_TEXT]))
    return _TEXT % (' xml:space="preserve"' if safe[0].isspace() or safe[-1].isspace() else "", safe)


def _named(found: re.Match[str]) -> str:
    """Excel’s own way to write a sign by its number."""
    return f"_x005F{found[0]}" if len(found[0]) > 1 else f"_x{ord(found[0]):04X}_"

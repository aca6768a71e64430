"""A table that somebody uploads, CSV or XLSX, read into rows. What the columns mean is for whoever asks for it.

What a file is, its content decides and not its name. Nothing is read halfway: a file is refused as a whole
(Unreadable), or each of its rows is either in `rows` or, with a reason, in `faulty`.
"""

import unicodedata
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from course.learning.desk.uploads.sheet_csv import csv_lines
from course.learning.desk.uploads.sheet_limits import LARGEST_FILE, LARGEST_ROWS, LONGEST_CELL, MOST_COLUMNS, Unreadable
from course.learning.desk.uploads.sheet_xlsx import xlsx_lines

__all__ = ["LARGEST_FILE", "LARGEST_ROWS", "LONGEST_CELL", "Fault", "Sheet", "SheetRow", "Unreadable", "plain", "read"]

_SIGNS = {
    b"\xd0\xcf\x11\xe0": "is an Excel file of the old kind (.xls)",
    b"%PDF": "is a PDF",
    b"{\\rtf": "is a text document (RTF)",
    b"<": "is a web page or XML",
    b"\x1f\x8b": "is a compressed file (gzip)",
}
"""What a file begins with that is neither CSV nor XLSX."""
_LOCKED = "EncryptedPackage".encode("utf-16-le")
"""Stands in a workbook with a password, which is kept in a file of the old kind."""
_MARKS = (*range(0x200E, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A), 0x200B, 0xAD, 0xFEFF)
"""Signs without a width, which make two texts that look the same differ. Not the two joiners (U+200C, U+200D):
names in Persian and in the scripts of India need them."""
_CONTROLS = (code for code in range(0xA0) if unicodedata.category(chr(code)) == "Cc" and not chr(code).isspace())
_DROPPED = dict.fromkeys((*_CONTROLS, *_MARKS))


class SheetRow(NamedTuple):
    line: int
    """The line of a CSV or the row of a workbook that it starts on, as a person sees it: the first is 1."""
    cells: tuple[str, ...]
    """As many as there are headings, each tidy: see `_tidy`."""


class Fault(NamedTuple):
    line: int
    reason: str
    """A sentence."""


class Sheet(NamedTuple):
    headings: tuple[str, ...]
    rows: list[SheetRow]
    faulty: list[Fault]
    """Rows that were not read."""


def read(content: bytes, *, name: str) -> Sheet:
    """The table in an uploaded file. The first row that is not blank holds the headings; blank rows are left out.

    CSV in UTF-8, in UTF-16 with its mark or in Windows-1252, with commas, semicolons or tabs; or XLSX, its first
    sheet. `name` is the file’s own, and used in words alone.
    Raises Unreadable, whose message says what is wrong, where, and what to do.
    """
    label = f"“{_tidy(name)[:80]}”"
    if len(content) > LARGEST_FILE:
        size, most = len(content) / 1024**2, LARGEST_FILE // 1024**2
        raise Unreadable(f"{label} is {size:.1f} MB; at most {most} MB can be read. Split it into files.")
    rows = ((line, tidy) for line, cells in _lines(content, label) if any(tidy := tuple(map(_tidy, cells))))
    first = next(rows, None)
    if not first:
        raise Unreadable(f"{label} is empty. Upload a file with headings in its first row and people below them.")
    headings = _headings(*first, label=label)
    sheet = Sheet(headings, [], [])
    for line, tidy in islice(rows, LARGEST_ROWS):
        if reason := _fault(headings, tidy):
            sheet.faulty.append(Fault(line, reason))
        else:
            sheet.rows.append(SheetRow(line, (*tidy, *("",) * (len(headings) - len(tidy)))[: len(headings)]))
    _check_rows(len(sheet.rows) + len(sheet.faulty), sum(1 for _ in rows), label=label)
    return sheet


def plain(heading: str) -> str:
    """A heading by its letters and digits, in small letters: “E-mail address” and “email_address” are the same."""
    return "".join(filter(str.isalnum, heading.casefold())) or heading.casefold()


def _lines(content: bytes, label: str) -> Iterator[tuple[int, list[str]]]:
    begins = content.lstrip()[:8]
    if begins.startswith(b"PK\x03\x04"):
        return xlsx_lines(content, label)
    if what := next((what for sign, what in _SIGNS.items() if begins.startswith(sign)), None):
        what = "is protected by a password" if _LOCKED in content else what
        raise Unreadable(
            f"{label} {what}. Open it in a spreadsheet, save it as .xlsx or CSV without a password, and upload that."
        )
    return csv_lines(content, label)


def _headings(line: int, cells: tuple[str, ...], *, label: str) -> tuple[str, ...]:
    width = max(number for number, heading in enumerate(cells, start=1) if heading)
    if width > MOST_COLUMNS:
        raise Unreadable(f"{label} has {width:,} columns; at most {MOST_COLUMNS} are read. Delete the others.")
    seen: dict[str, str] = {}
    for number, heading in enumerate(cells[:width], start=1):
        if not heading or len(heading) > LONGEST_CELL:
            what = f"a heading over {LONGEST_CELL:,} characters" if heading else "no heading"
            raise Unreadable(f"In {label}, row {line}, column {number} has {what}. Put it right or delete the column.")
        if twin := seen.get(plain(heading)):
            raise Unreadable(
                f"In {label}, row {line}, two columns have the same heading: “{twin}” and, in column {number}, "
                f"“{heading}”. Rename one or delete it."
            )
        seen[plain(heading)] = heading
    return cells[:width]


def _check_rows(count: int, more: int, *, label: str) -> None:
    if not count:
        raise Unreadable(f"{label} has headings and no rows below them. Add a row for each person.")
    if more:
        raise Unreadable(
            f"{label} has {count + more:,} rows; at most {LARGEST_ROWS:,} are read at a time. "
            "Split it into files, each with the headings."
        )


def _tidy(cell: str) -> str:
    """A cell’s text: spaces and line ends as one space each, none around it; accents joined to their letters (NFC).

    Control characters are dropped, and so are the signs without a width in _MARKS.
    """
    if not cell.isascii():
        cell = unicodedata.normalize("NFC", cell.translate(_DROPPED))
    elif not cell.isprintable():
        cell = cell.translate(_DROPPED)
    return " ".join(cell.split())


def _fault(headings: tuple[str, ...], cells: tuple[str, ...]) -> str:
    """Why a row cannot be read, or nothing."""
    if any(cells[len(headings) :]):
        return (
            f"It has more cells than the {len(headings)} headings. Put a text that holds the sign between cells into "
            "quotation marks, or add the missing heading."
        )
    longest = max(map(len, cells), default=0)
    if longest <= LONGEST_CELL:
        return ""
    place = list(map(len, cells)).index(longest)
    return f"The text under “{headings[place]}” has {longest:,} characters. Shorten it to {LONGEST_CELL:,} or fewer."

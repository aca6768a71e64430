"""The lines of a CSV file, whatever program and country it was saved in."""

import csv
import re
from collections.abc import Iterator
from io import StringIO

from course.learning.desk.uploads.sheet_limits import LARGEST_ROWS, LONGEST_CELL, Unreadable

MOST_LINES = 10 * LARGEST_ROWS
"""Blank ones count: eight megabytes of them would take a while to look through."""
_DELIMITERS = "\t;,"
"""Where a heading line has as many of two of them, the one that is rarer within a heading."""
_SAID = re.compile(r'"?sep=([,;\t])"?[ ]*(\r\n|\r|\n)', re.IGNORECASE)
"""Excel’s own first line that says which delimiter follows."""
_QUOTED = re.compile(r'"[^"]*"')
_LOOKED_AT = 64 * 1024


def csv_lines(content: bytes, label: str) -> Iterator[tuple[int, list[str]]]:
    """Each row with the number of the line that it starts on, blank ones too. `label` is the file in words.

    Raises Unreadable where the bytes are no text or the quotation marks do not close, so that no row can swallow
    those below it.
    """
    text = _decoded(content, label)
    said = _SAID.match(text)
    skipped = 1 if said else 0
    text = text[said.end() :] if said else text
    reader = csv.reader(StringIO(text, newline=""), delimiter=said[1] if said else _delimiter(text), strict=True)
    start = skipped + 1
    try:
        for row in reader:
            if start > MOST_LINES:
                raise Unreadable(
                    f"{label} has over {MOST_LINES:,} lines; at most {LARGEST_ROWS:,} rows are read at a time. Delete "
                    "the blank lines, or split it into files, each with the headings."
                )
            yield start, row
            start = skipped + reader.line_num + 1
    except csv.Error as error:
        if "field larger" in str(error):
            raise Unreadable(
                f"In {label}, the row that starts on line {start} has a cell of over {csv.field_size_limit():,} "
                f"characters, and at most {LONGEST_CELL:,} are read. Shorten it; or, where it holds the rows below "
                "too, put its quotation marks right."
            ) from error
        raise Unreadable(
            f"In {label}, the quotation marks of the row that starts on line {start} do not match. "
            "Put that row right, or save the file again from a spreadsheet."
        ) from error


def _decoded(content: bytes, label: str) -> str:
    try:
        text = _text(content)
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise Unreadable(
            f"{label} is not plain text: line {line} has a character that cannot be read. "
            "Open it in a spreadsheet and save it as “CSV UTF-8” or as .xlsx."
        ) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise Unreadable(
            f"{label} is not plain text: line {line} has an empty (NUL) character. "
            "Open it in a spreadsheet and save it as “CSV UTF-8” or as .xlsx."
        )
    return text


def _text(content: bytes) -> str:
    """UTF-8 or UTF-16 where a byte order mark says so, else UTF-8, else Windows-1252; UnicodeDecodeError if none."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        # Letters that are whole in UTF-8, and then one that is not: a damaged file, which would come out as “Ã©”.
        if not content[: error.start].isascii():
            raise
    return content.decode("cp1252")


def _delimiter(text: str) -> str:
    """The sign that the first line with anything on it has most of outside quotation marks."""
    lines = re.split(r"[\r\n]+", _QUOTED.sub("", text[:_LOOKED_AT]).lstrip("\r\n"), maxsplit=1)
    most = max(_DELIMITERS, key=lines[0].count)
    return most if most in lines[0] else ","

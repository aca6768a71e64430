"""Rows as an Excel workbook, sent while it is made. Knows nothing of Flask.

XlsxWriter makes the workbook without its rows: looks, widths, filter, names. The rows are put in here as they come,
since XlsxWriter takes two minutes over everybody’s and keeps its reader waiting till the last one.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from io import BytesIO
from itertools import count, islice
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from xlsxwriter import Workbook  # type: ignore[import-untyped]

from course.web.lead.files.workbook_rows import Cell, rows_xml

ROWS_A_SHEET = 1_048_575
"""What Excel holds below a heading; more go on to further sheets."""
ROWS_A_PIECE = 500
NARROWEST, WIDEST = 8, 60
"""Characters of a column. The first rows decide."""
OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
MADE = datetime(2000, 1, 1)  # noqa: DTZ001 - a workbook's own dates have no zone; the same rows make the same file
_LONG_AGO = (1980, 1, 1, 0, 0, 0)


class _Outlet:
    """Where the archive is written to: what was written since it was last asked for."""

    def __init__(self) -> None:
        self._pieces: list[bytes] = []

    def write(self, piece: bytes) -> int:
        self._pieces.append(bytes(piece))
        return len(piece)

    def flush(self) -> None:
        """There is nothing behind it."""

    def take(self) -> Iterator[bytes]:
        """One piece, or none."""
        piece, self._pieces = b"".join(self._pieces), []
        if piece:
            yield piece


def workbook_pieces(
    columns: Sequence[str], rows: Iterable[Sequence[Cell]], notes: Sequence[str] = ()
) -> Iterator[bytes]:
    """The bytes of a workbook: the rows on a sheet “Rows” and as many more as they need, notes on a last one.

    Raises ValueError where a row has more or fewer cells than there are columns. Whatever is raised on the way, what
    was sent by then has no end and opens as no workbook.
    """
    outlet, rest = _Outlet(), iter(rows)
    shell = _Shell(columns, notes)
    with ZipFile(outlet, "w", ZIP_DEFLATED) as archive:  # type: ignore[call-overload]  # which only writes
        for number in count(1):
            some = list(islice(rest, ROWS_A_PIECE))
            if number == 1:
                shell.fit(some)
            elif not some:
                break
            last = 1
            with archive.open(_part(shell.path(number)), "w") as sheet:
                head, day = shell.head(number)
                sheet.write(head)
                while some:
                    sheet.write(rows_xml(some, last + 1, width=len(columns), day=day).encode())
                    yield from outlet.take()
                    last += len(some)
                    some = list(islice(rest, min(ROWS_A_PIECE, ROWS_A_SHEET + 1 - last)))
                shell.lasts.append(last)
                sheet.write(shell.tail(number))
            if last <= ROWS_A_SHEET:
                break
        for path, content in shell.others():
            archive.writestr(_part(path), content)
    yield from outlet.take()


def _part(path: str) -> ZipInfo:
    part = ZipInfo(path, _LONG_AGO)
    part.compress_type = ZIP_DEFLATED
    return part


class _Shell:
    """The workbook without its rows, made anew as it becomes known how many sheets and rows there are."""

    def __init__(self, columns: Sequence[str], notes: Sequence[str]) -> None:
        self._columns, self._notes = columns, notes
        self._widths = [len(heading) for heading in columns]
        self.lasts: list[int] = []
        """The last row of each sheet that is complete."""

    def fit(self, rows: Iterable[Sequence[Cell]]) -> None:
        """Make the columns as wide as these rows need."""
        for row in rows:
            self._widths = [max(width, len(str(cell or ""))) for width, cell in zip(self._widths, row, strict=True)]

    def path(self, number: int) -> str:
        return f"xl/worksheets/sheet{number}.xml"

    def head(self, number: int) -> tuple[bytes, int]:
        """A sheet up to its second row, and the number of the look of a day."""
        text = self._parts([*self.lasts, 2])[self.path(number)].decode()
        head, _, below = text.partition('<row r="2"')
        look = re.search(r' s="([0-9]+)"', below)
        if not look:
            raise ValueError("XlsxWriter no longer writes sheets as it did")
        # What it says of the sheet's size is of this shell; without it a reader looks for itself.
        return re.sub(r"<dimension [^>]*>", "", head).encode(), int(look[1])

    def tail(self, number: int) -> bytes:
        """A sheet from the end of its rows."""
        _, end, tail = self._parts(self.lasts)[self.path(number)].partition(b"</sheetData>")
        return end + tail

    def others(self) -> Iterator[tuple[str, bytes]]:
        """Everything but the sheets of rows."""
        written = {self.path(number) for number in range(1, len(self.lasts) + 1)}
        return ((path, content) for path, content in self._parts(self.lasts).items() if path not in written)

    def _parts(self, lasts: Sequence[int]) -> dict[str, bytes]:
        out = BytesIO()
        with Workbook(out, OPTIONS) as book:
            book.set_properties({"created": MADE})
            bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
            for number, last in enumerate(lasts, start=1):
                sheet = book.add_worksheet("Rows" if number == 1 else f"Rows {number}")
                self._write_sheet(sheet, last, bold=bold)
                sheet.write_datetime(1, 0, MADE, day)
            if self._notes:
                _write_notes(book, self._notes)
        with ZipFile(out) as archive:
            return {path: archive.read(path) for path in archive.namelist()}

    def _write_sheet(self, sheet: Any, last: int, *, bold: Any) -> None:
        for place, (heading, width) in enumerate(zip(self._columns, self._widths, strict=True)):
            sheet.write_string(0, place, heading, bold)
            sheet.set_column(place, place, min(max(width + 2, NARROWEST), WIDEST))
        sheet.freeze_panes(1, 0)
        sheet.autofilter(0, 0, last - 1, len(self._columns) - 1)


def _write_notes(book: Any, notes: Sequence[str]) -> None:
    sheet = book.add_worksheet("Notes")
    sheet.set_column(0, 0, 100, book.add_format({"text_wrap": True}))
    for row, note in enumerate(notes):
        sheet.write_string(row, 0, note)

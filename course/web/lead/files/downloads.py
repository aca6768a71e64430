"""The one way a lead’s view is taken away: the rows of the screen as CSV or XLSX, whatever the view."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime
from itertools import islice
from operator import itemgetter
from typing import Literal

from flask import Response, stream_with_context

from course.web.lead.files.workbook import workbook_pieces
from course.web.lead.files.workbook_rows import Cell

Kind = Literal["csv", "xlsx"]

MIMETYPES = {"csv": "text/csv", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}
ROWS_A_PIECE = 500
"""About 64 KB of eight short cells: what is held of a CSV at any time, however long it is."""
FORMULA_SIGNS = frozenset("=+-@\t\r\n")
_FIRST_SIGN = itemgetter(slice(1))


def download(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, kind: Kind, notes: Sequence[str] = ()
) -> Response:
    """A file `{name}-{today}.{kind}` of the columns, the rows and, set apart below them or on a second sheet, notes.

    A cell is a text, a whole number, a day or nothing. It is streamed within this request’s context, so rows may
    come from its database session as they are read. They are read once and, where they can be closed, closed, also
    when the reader goes away.
    What the rows raise, and ValueError where one has more or fewer cells than there are columns, is let through while
    streaming: the connection breaks, and a part is not taken for the whole. Nothing is sent before the first rows, so
    that a failure before them is still answered with an error page.
    """
    pieces = csv_pieces(columns, rows, notes) if kind == "csv" else workbook_pieces(columns, rows, notes)
    response = Response(stream_with_context(_then_close(pieces, rows)), mimetype=MIMETYPES[kind])
    # A generator that was never begun, as for a HEAD request, does not come to its own end.
    response.call_on_close(_closing(rows))
    filename = f"{name}-{datetime.now(UTC).date().isoformat()}.{kind}"
    response.headers.set("Content-Disposition", "attachment", filename=filename)
    return response


def _then_close(pieces: Iterator[bytes], rows: Iterable[Sequence[Cell]]) -> Iterator[bytes]:
    """Within the request’s context, before its database session is given back."""
    try:
        yield from pieces
    finally:
        _closing(rows)()


def _closing(rows: Iterable[Sequence[Cell]]) -> Callable[[], object]:
    """What closes the rows where they can be closed; a second time does nothing."""
    close: Callable[[], object] = getattr(rows, "close", lambda: None)
    return close


def harmless(cell: str) -> str:
    """A cell that no spreadsheet runs as a formula (OWASP, CSV injection): an apostrophe goes before its first sign."""
    return f"'{cell}" if cell[:1] in FORMULA_SIGNS else cell


def csv_pieces(columns: Sequence[str], rows: Iterable[Sequence[Cell]], notes: Sequence[str] = ()) -> Iterator[bytes]:
    """The bytes of a CSV, some rows at a time."""
    rest = iter(rows)
    # The byte order mark tells Excel that this is UTF-8.
    text = "\ufeff" + csv_lines([columns])
    while some := list(islice(rest, ROWS_A_PIECE)):
        yield (text + csv_lines(some, width=len(columns))).encode()
        text = ""
    if notes:
        text += "\r\n" + csv_lines([note] for note in notes)
    if text:
        yield text.encode()


def csv_lines(rows: Iterable[Sequence[Cell]], *, width: int | None = None) -> str:
    """Rows, at least one, as lines of CSV, each with its end; texts are `harmless`.

    Column by column, since most columns need nothing done or repeat few texts: twice as fast as csv.writer, which is
    what keeps an export of everybody short. Raises ValueError where a row is not of the same width as the others.
    """
    columns = list(zip(*rows, strict=True))
    if width not in (None, len(columns)):
        raise ValueError(f"Rows of {len(columns)} cells under {width} headings")
    return "".join(map("%s\r\n".__mod__, map(",".join, zip(*map(_written, columns), strict=True))))


def _written(cells: tuple[Cell, ...]) -> Iterable[str]:
    """A column’s cells as they stand in a CSV."""
    if set(map(type, cells)) == {str} and _is_plain(cells):  # type: ignore[arg-type]
        return cells  # type: ignore[return-value]
    written = {cell: _quoted(cell) for cell in set(cells)}
    return map(written.__getitem__, cells)


def _is_plain(texts: tuple[str, ...]) -> bool:
    together = "".join(texts)
    return not any(sign in together for sign in '",\r\n') and FORMULA_SIGNS.isdisjoint(map(_FIRST_SIGN, texts))


def _quoted(cell: Cell) -> str:
    if not isinstance(cell, str):
        return "" if cell is None else cell.isoformat() if isinstance(cell, date) else str(cell)
    safe = harmless(cell)
    return '"' + safe.replace('"', '""') + '"' if any(sign in safe for sign in '",\r\n') else safe

"""What a lead takes away: the rows given, as a spreadsheet reads them back, sent as they come."""

import csv
import http.client
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from io import BytesIO, StringIO
from itertools import count
from zipfile import ZipFile

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st
from python_calamine import CalamineWorkbook
from sqlalchemy import text
from waitress.server import create_server
from xlsxwriter import Workbook

from course.learning.desk.uploads.sheets import read
from course.web.database import database
from course.web.lead.files import workbook
from course.web.lead.files.downloads import Kind, csv_lines, csv_pieces, download
from course.web.lead.files.workbook_rows import Cell, rows_xml

COLUMNS = ("Name", "Number", "Due")
DAY = date(2026, 1, 31)
ROWS: list[Sequence[Cell]] = [("Zoë “O’Brien”, RN", 3, DAY), ("", None, None), ("Two\nlines", -1, date(2025, 12, 1))]
FORMULAS = ["=1+1", "+44 20", "-1", "@SUM(A1)", "\tTab", '=HYPERLINK("http://x", "y")']
Rows = Callable[[], Iterator[Sequence[Cell]]]


def as_csv(rows: Sequence[Sequence[Cell]], notes: Sequence[str] = ()) -> str:
    return b"".join(csv_pieces(COLUMNS, rows, notes)).decode()


def as_workbook(rows: Sequence[Sequence[Cell]], notes: Sequence[str] = ()) -> CalamineWorkbook:
    content = b"".join(workbook.workbook_pieces(COLUMNS, rows, notes))
    return CalamineWorkbook.from_filelike(BytesIO(content))


def serve(app: Flask, rows: Rows, kind: Kind) -> str:
    """The address of a download of these rows."""
    app.add_url_rule("/taken", view_func=lambda: download("people", COLUMNS, rows(), kind=kind))
    return "/taken"


def test_a_csv_holds_the_rows_for_a_spreadsheet() -> None:
    written = as_csv(ROWS, ["As at 31 January 2026", "Two withheld"])
    assert written.startswith("\ufeffName,Number,Due\r\n")
    found = list(csv.reader(StringIO(written[1:], newline="")))
    assert found == [
        ["Name", "Number", "Due"],
        ["Zoë “O’Brien”, RN", "3", "2026-01-31"],
        ["", "", ""],
        ["Two\nlines", "-1", "2025-12-01"],
        [],
        ["As at 31 January 2026"],
        ["Two withheld"],
    ]


@pytest.mark.parametrize("name", FORMULAS)
def test_only_a_text_can_be_a_formula_and_none_is(name: str) -> None:
    written = as_csv([("Ada", -1, DAY), (name, -2, DAY)], [name])
    found = list(csv.reader(StringIO(written[1:], newline="")))
    assert [row[:2] for row in found[2:]] == [["'" + name, "-2"], [], ["'" + name]]
    sheet, notes = (list(as_workbook([(name, -2, DAY)], [name]).get_sheet_by_index(n).iter_rows()) for n in (0, 1))
    assert sheet[1] == [name, -2, DAY]
    assert notes == [[name]]


CELLS = st.one_of(st.text(st.characters(codec="utf-8"), max_size=8), st.integers(), st.dates(), st.none())


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4))
def test_any_text_comes_back_from_a_csv(rows: list[tuple[Cell, ...]]) -> None:
    found = list(csv.reader(StringIO(csv_lines(rows), newline="")))
    for row, given_ in zip(found, rows, strict=True):
        for cell, was in zip(row, given_, strict=True):
            formula = isinstance(was, str) and was[:1] in {"=", "+", "-", "@", "\t", "\r", "\n"}
            assert cell == ("'" if formula else "") + ("" if was is None else str(was))


def by_xlsxwriter(rows: Sequence[Sequence[Cell]]) -> str:
    """The rows as XlsxWriter itself writes them into a sheet."""
    out = BytesIO()
    with Workbook(out, {"constant_memory": True}) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        sheet = book.add_worksheet()
        sheet.write_string(0, 0, "Name", bold)
        for number, row in enumerate(rows, start=1):
            for place, cell in enumerate(row):
                if isinstance(cell, str):
                    sheet.write_string(number, place, cell)
                elif isinstance(cell, int):
                    sheet.write_number(number, place, cell)
                else:
                    sheet.write_datetime(number, place, cell, day)
    with ZipFile(out) as archive:
        found = re.search(r'<row r="2".*</row>', archive.read("xl/worksheets/sheet1.xml").decode(), re.DOTALL)
    assert found
    return re.sub(r' spans="[^"]*"', "", found[0])


ODD = [
    "a & b < c > d",
    " spaced ",
    "_x0041_",
    "\x01\x1f",
    "tab\there",
    "a\nb",
    "\ufffe",
    "Zoë",
    '"',
    "=1",
    "x" * 40_000,
]


def test_a_workbooks_rows_are_written_as_xlsxwriter_writes_them() -> None:
    rows = [(odd, 7 - place, date(1900 + place * 12, 3, 1)) for place, odd in enumerate(ODD)]
    assert rows_xml(rows, 2, width=3, day=2) == by_xlsxwriter(rows)


def test_a_workbook_holds_the_rows_with_days_as_days() -> None:
    book = as_workbook(ROWS, ["As at 31 January 2026", "Two withheld"])
    assert book.sheet_names == ["Rows", "Notes"]
    assert list(book.get_sheet_by_index(0).iter_rows()) == [
        ["Name", "Number", "Due"],
        ["Zoë “O’Brien”, RN", 3, DAY],
        ["", "", ""],
        ["Two\nlines", -1, date(2025, 12, 1)],
    ]
    assert list(book.get_sheet_by_index(1).iter_rows()) == [["As at 31 January 2026"], ["Two withheld"]]


def test_a_workbook_opens_with_its_heading_fixed_bold_and_filtered() -> None:
    with ZipFile(BytesIO(b"".join(workbook.workbook_pieces(COLUMNS, ROWS)))) as archive:
        assert archive.testzip() is None
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
        names = archive.read("xl/workbook.xml").decode()
    assert 'state="frozen"' in sheet
    assert '<autoFilter ref="A1:C4"/>' in sheet
    assert "Rows!$A$1:$C$4" in names
    widths = [float(width) for width in re.findall(r'<col [^>]*width="([0-9.]+)"', sheet)]
    assert widths[0] > widths[1]
    assert '<c r="A1" s="1"' in sheet


def test_more_rows_than_a_sheet_holds_go_on_to_further_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "ROWS_A_SHEET", 600)
    for rows, sheets in ((600, ["Rows"]), (601, ["Rows", "Rows 2"]), (1300, ["Rows", "Rows 2", "Rows 3"])):
        book = as_workbook([(f"Person {n}", n, DAY) for n in range(rows)], ["A note"])
        assert book.sheet_names == [*sheets, "Notes"]
        read_back = [list(book.get_sheet_by_name(name).iter_rows()) for name in sheets]
        assert all(sheet[0] == list(COLUMNS) for sheet in read_back)
        assert [row[1] for sheet in read_back for row in sheet[1:]] == list(range(rows))


@pytest.mark.parametrize("rows", [[], ROWS])
def test_the_same_rows_make_the_same_workbook(rows: list[Sequence[Cell]]) -> None:
    first, second = (b"".join(workbook.workbook_pieces(COLUMNS, rows, ["A note"])) for _ in range(2))
    assert first == second
    assert CalamineWorkbook.from_filelike(BytesIO(first)).sheet_names == ["Rows", "Notes"]


def test_what_was_taken_away_can_be_uploaded_again() -> None:
    rows: list[Sequence[Cell]] = [("Zoë O’Brien", 3, DAY), ("Ada", 4, None)]
    for content in (as_csv(rows).encode(), b"".join(workbook.workbook_pieces(COLUMNS, rows, ["A note"]))):
        sheet = read(content, name="people")
        assert (sheet.headings, sheet.faulty) == (COLUMNS, [])
        assert [row.cells for row in sheet.rows] == [("Zoë O’Brien", "3", "2026-01-31"), ("Ada", "4", "")]


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_row_of_another_width_is_an_error_and_not_a_shift(app: Flask, kind: Kind) -> None:
    for rows in ([("Ada", 1)], [("Ada", 1, DAY), ("Ben", 1)]):
        with app.test_request_context(), pytest.raises(ValueError, match=r"cells under|shorter"):
            download("people", COLUMNS, rows, kind=kind).get_data()


@pytest.mark.parametrize(("kind", "mimetype"), [("csv", "text/csv"), ("xlsx", "application/vnd.openxml")])
def test_a_download_is_named_by_day_and_read_within_the_request(app: Flask, kind: Kind, mimetype: str) -> None:
    def rows() -> Iterator[Sequence[Cell]]:
        for n in range(1200):
            yield "Ada", database().scalar(text(f"SELECT {n}")), DAY
        assert database().in_transaction()  # the session is one and the same, from the first row to the last

    client = app.test_client()
    response = client.get(serve(app, rows, kind), base_url="https://localhost")
    today = datetime.now(UTC).date()
    assert response.headers["Content-Disposition"] == f"attachment; filename=people-{today}.{kind}"
    assert response.mimetype.startswith(mimetype)
    assert response.headers["Cache-Control"] == "no-store"
    assert [row.cells[1] for row in read(response.get_data(), name="x").rows] == [str(n) for n in range(1200)]
    assert app.extensions["sessions"].kw["bind"].pool.checkedout() == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_come_as_they_are_sent_and_end_when_the_reader_goes(app: Flask, kind: Kind) -> None:
    read_rows: list[int] = []

    def rows() -> Iterator[Sequence[Cell]]:
        try:
            for n in count():
                read_rows.append(n)
                yield f"Person {n * 7919 % 10_007}", database().scalar(text(f"SELECT {n}")), DAY
        finally:
            read_rows.append(-1)

    response = app.test_client().get(serve(app, rows, kind), base_url="https://localhost", buffered=False)
    assert next(iter(response.response))
    assert 0 < len(read_rows) < 10_000
    response.close()
    assert read_rows[-1] == -1
    assert app.extensions["sessions"].kw["bind"].pool.checkedout() == 0


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_rows_that_nobody_reads_are_closed(app: Flask, kind: Kind) -> None:
    class Opened:
        closed = False

        def __iter__(self) -> Iterator[Sequence[Cell]]:
            raise AssertionError("HEAD asks for no rows")

        def close(self) -> None:
            self.closed = True

    rows = Opened()
    app.add_url_rule("/taken", view_func=lambda: download("people", COLUMNS, rows, kind=kind))
    response = app.test_client().head("/taken", base_url="https://localhost")
    assert response.status_code == 200
    response.close()
    assert rows.closed


@pytest.fixture
def served(app: Flask) -> Iterator[tuple[Flask, int]]:
    """The app behind the server that it has in production, and its port."""
    server = create_server(app, host="127.0.0.1", port=0, threads=1, clear_untrusted_proxy_headers=True)
    thread = threading.Thread(target=server.run)
    thread.start()
    yield app, server.effective_port
    server.task_dispatcher.shutdown(timeout=10)
    server.close()
    thread.join(timeout=10)


@pytest.mark.parametrize(("kind", "before"), [("csv", 1500), ("xlsx", 30_000)])
def test_a_failure_halfway_does_not_look_like_a_whole_file(served: tuple[Flask, int], kind: Kind, before: int) -> None:
    app, port = served

    def rows() -> Iterator[Sequence[Cell]]:
        yield from ((f"Person {n * 7919 % 100_003}", n, DAY) for n in range(before))
        raise OSError("The database went away")

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", serve(app, rows, kind))
    response = connection.getresponse()
    assert response.status == 200
    with pytest.raises(http.client.IncompleteRead) as broken:
        response.read()
    assert len(broken.value.partial) > 10_000
    connection.close()


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_failure_before_the_first_rows_is_an_error_page(served: tuple[Flask, int], kind: Kind) -> None:
    app, port = served

    def rows() -> Iterator[Sequence[Cell]]:
        raise OSError("The database went away")
        yield ()

    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    connection.request("GET", serve(app, rows, kind))
    assert connection.getresponse().status == 500
    connection.close()

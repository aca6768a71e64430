"""What a training lead uploads: read as it was meant or refused with a reason, in no more memory than it needs."""

import csv
import struct
import tracemalloc
import zipfile
from collections.abc import Callable
from datetime import date, datetime
from io import BytesIO, StringIO
from zlib import crc32

import pytest
from xlsxwriter import Workbook

from course.learning.desk.uploads.sheets import LARGEST_FILE, LARGEST_ROWS, Sheet, Unreadable, plain, read

Cell = str | int | float | bool | date | datetime
PEOPLE = [["Name", "E-mail", "Agency"], ["Zoë O’Brien", "zoe@example.org", "Children’s social care"]]


def as_csv(rows: list[list[str]], *, delimiter: str = ",", encoding: str = "utf-8") -> bytes:
    out = StringIO()
    csv.writer(out, delimiter=delimiter).writerows(rows)
    return out.getvalue().encode(encoding)


def as_xlsx(rows: list[list[Cell]], *, sheet: str = "People", before: Callable[[Workbook], object] = id) -> bytes:
    out = BytesIO()
    with Workbook(out, {"in_memory": True}) as book:
        before(book)
        page, day = book.add_worksheet(sheet), book.add_format({"num_format": "dd/mm/yyyy"})
        page.activate()
        for number, row in enumerate(rows):
            for column, cell in enumerate(row):
                page.write(number, column, cell, *[day] * isinstance(cell, date))
    return out.getvalue()


def zipped(parts: dict[str, bytes]) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return out.getvalue()


def replaced(content: bytes, name: str, text: bytes) -> bytes:
    with zipfile.ZipFile(BytesIO(content)) as archive:
        return zipped({part: archive.read(part) for part in archive.namelist()} | {name: text})


def refusal(content: bytes, name: str = "people.csv") -> str:
    with pytest.raises(Unreadable) as refused:
        read(content, name=name)
    message = str(refused.value)
    assert message.endswith(".")
    assert len(message) < 400
    return message


def cells(sheet: Sheet) -> list[tuple[str, ...]]:
    assert not sheet.faulty
    return [row.cells for row in sheet.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_a_csv_is_read_whatever_saved_it(encoding: str, delimiter: str) -> None:
    sheet = read(as_csv(PEOPLE, delimiter=delimiter, encoding=encoding), name="people.csv")
    assert sheet.headings == ("Name", "E-mail", "Agency")
    assert cells(sheet) == [("Zoë O’Brien", "zoe@example.org", "Children’s social care")]


def test_excel_says_the_delimiter_on_a_line_of_its_own() -> None:
    sheet = read(b"sep=;\r\nName, in full;E-mail, at work;Team, if any\r\nAda;ada@example.org;\r\n", name="people.csv")
    assert sheet.headings == ("Name, in full", "E-mail, at work", "Team, if any")
    assert [(row.line, row.cells) for row in sheet.rows] == [(3, ("Ada", "ada@example.org", ""))]


def test_commas_within_headings_are_no_delimiter() -> None:
    assert read(b'"Name, full, legal";E-mail\nAda;a@example.org\n', name="x").headings == (
        "Name, full, legal",
        "E-mail",
    )
    assert read(b"E-mail\nada@example.org\n", name="x").rows[0].cells == ("ada@example.org",)


def test_lines_are_counted_as_a_person_sees_them() -> None:
    content = b'\n"Na\nme",Team\n\nAda,"One\r\nTwo"\n,\n  ,\t\nBen,Three\n'
    sheet = read(content, name="people.csv")
    assert sheet.headings == ("Na me", "Team")
    assert [(row.line, row.cells) for row in sheet.rows] == [(5, ("Ada", "One Two")), (9, ("Ben", "Three"))]


def test_text_is_tidied_and_nothing_a_name_needs_is_lost() -> None:
    joined = "علی\u200cرضا"  # noqa: RUF001 - a name in Persian, whose joiner is part of it
    content = f"Name,Team\n  Ada \t Bell\u00a0,\u202aHealth\u202c\x07\ufeff\nJose\u0301,{joined}\n".encode()
    assert cells(read(content, name="x")) == [("Ada Bell", "Health"), ("Jos\u00e9", joined)]


@pytest.mark.parametrize("name", ['=HYPERLINK("http://x")', "+44 1", "-1", "@SUM(A1)"])
def test_a_formula_in_a_name_stays_text(name: str) -> None:
    assert cells(read(as_csv([["Name", "Team"], [name, "A"]]), name="x")) == [(name, "A")]

    def text(book: Workbook) -> None:
        page = book.add_worksheet()
        page.write_string(0, 0, "Name")
        page.write_string(1, 0, name)

    assert cells(read(as_xlsx([], before=text), name="x")) == [(name,)]


def test_short_rows_are_filled_and_empty_columns_dropped() -> None:
    sheet = read(b"Name,Team,,\nAda\nBen,Health,,\n", name="x")
    assert sheet.headings == ("Name", "Team")
    assert cells(sheet) == [("Ada", ""), ("Ben", "Health")]


def test_a_faulty_row_is_listed_beside_the_good_ones() -> None:
    sheet = read(f"Name,Team\nBell, Ada,Health\nBen,{'x' * 1001}\nCem,{'x' * 1000}\n".encode(), name="x")
    assert [row.cells[0] for row in sheet.rows] == ["Cem"]
    assert [fault.line for fault in sheet.faulty] == [2, 3]
    assert "more cells than the 2 headings" in sheet.faulty[0].reason
    assert "“Team”" in sheet.faulty[1].reason
    assert "1,001" in sheet.faulty[1].reason


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is empty"),
        (b" \r\n,,\r\n", "is empty"),
        ("\ufeff".encode(), "is empty"),
        (b"Name,Team\r\n\r\n", "no rows below"),
        (b"Name,E-mail,email\nAda,a,b\n", "“E-mail” and, in column 3, “email”"),
        (b"Name,,Team\nAda,,b\n", "column 2 has no heading"),
        (b"Name,Team\nAda,A\nBe\0n,B\n", "line 3"),
        ("Name,Team\nZoë,A\nZo".encode() + b"\xeb,B\n", "line 3"),
        (b"Name\nAda\x81\n", "line 2"),
        (b'Name,Team\nAda,"Health\nBen,Police\n', "line 2"),
        (b'Name,Team\nAda,A\nBen,"Health\nCem,"Police"\n', "line 3"),
        (",".join(f"h{n}" for n in range(101)).encode() + b"\nx\n", "101 columns"),
        (b"%PDF-1.7 ...", "is a PDF"),
        (b"<html><table><tr><td>Name</td></tr></table></html>", "web page"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "old kind (.xls)"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), "protected by a password"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_place(content: bytes, said: str) -> None:
    message = refusal(content)
    assert said in message
    assert "“people.csv”" in message


def test_a_cell_that_is_far_too_long_is_called_that() -> None:
    said = refusal(b"Name,E-mail\nAda,a\n" + b"x" * 140_000 + b",b\n")
    assert "line 3 has a cell of over 131,072 characters" in said


def test_blank_lines_are_not_looked_through_for_ever() -> None:
    said = refusal(b"Name,E-mail\n" + b"\n" * 500_000 + b"Ada,a\n")
    assert "over 500,000 lines" in said


def test_a_file_too_large_is_not_even_begun() -> None:
    assert f"at most {LARGEST_FILE // 1024**2} MB" in refusal(b"Name\n" + b"a\n" * (LARGEST_FILE // 2))


def test_fifty_thousand_rows_pass_and_one_more_does_not() -> None:
    most = b"Name,Team\n" + b"Ada,A\n\n" * (LARGEST_ROWS - 1) + b"Too,many,cells\n"
    assert len(read(most, name="x").rows) == LARGEST_ROWS - 1
    assert "50,001 rows" in refusal(most + b"Ben,B\n")


def test_a_workbook_is_read_as_its_cells_show() -> None:
    rows: list[list[Cell]] = [
        [],
        ["Name", "Number", "Share", "Works", "Started", "At"],
        [],
        ["Zoë O’Brien", 3.0, 3.25, True, date(2026, 1, 31), datetime(2026, 1, 31, 9, 30)],  # noqa: DTZ001
    ]
    sheet = read(as_xlsx(rows), name="people.xlsx")
    assert sheet.headings == ("Name", "Number", "Share", "Works", "Started", "At")
    assert [row.line for row in sheet.rows] == [4]
    assert cells(sheet)[0] == ("Zoë O’Brien", "3", "3.25", "TRUE", "2026-01-31", "2026-01-31 09:30:00")


def test_the_first_sheet_that_is_not_hidden_is_read() -> None:
    def hidden(book: Workbook) -> None:
        book.add_worksheet("Lists").hide()

    content = as_xlsx([["Name"], ["Ada"]], before=hidden)
    assert cells(read(content, name="x")) == [("Ada",)]


def test_a_locked_or_cut_or_foreign_archive_is_told_apart() -> None:
    whole = as_xlsx([["Name"], ["Ada"]])
    for length in (30, len(whole) // 2, len(whole) - 1):
        assert "damaged or was cut short" in refusal(whole[:length], "people.xlsx")
    assert "neither a CSV file nor an Excel workbook" in refusal(zipped({"content.xml": b"<x/>"}))
    locked = bytearray(whole)
    for sign, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(sign) + place] |= 1
    assert "password" in refusal(bytes(locked))
    assert "damaged" in refusal(replaced(whole, "xl/worksheets/sheet1.xml", b"<worksheet><sheetData>"))
    assert "no sheet with a table" in refusal(replaced(whole, "xl/workbook.xml", b"<workbook/>"))


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/media/image1.png"])
def test_a_zip_bomb_is_given_up_on_without_being_held(part: str) -> None:
    bomb = replaced(as_xlsx([["Name"], ["Ada"]]), part, b"\0" * 100 * 1024**2)
    assert len(bomb) < 1024**2
    tracemalloc.start()
    try:
        assert "unpacks into more than 64 MB" in refusal(bomb)
        assert tracemalloc.get_traced_memory()[1] < 80 * 1024**2
    finally:
        tracemalloc.stop()


def test_an_archive_of_very_many_parts_is_refused() -> None:
    assert "more than 1,000 parts" in refusal(zipped({f"xl/{n}.xml": b"<x/>" for n in range(1_001)}))


def sheet_xml(cells: str) -> bytes:
    space = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    return f"<worksheet {space}><sheetData>{cells}</sheetData></worksheet>".encode()


def test_a_size_that_a_file_gives_for_itself_is_not_believed() -> None:
    """A sheet says that it ends where it does; seventy megabytes of spaces follow. The checksum is of all, or of it."""
    sheet = sheet_xml('<row><c t="inlineStr"><is><t>Name</t></is></c></row><row><c><v>3</v></c></row>')
    whole = sheet + b" " * 70 * 1024**2
    content = replaced(as_xlsx([["Name"], ["Ada"]]), "xl/worksheets/sheet1.xml", whole)
    lying = content.replace(struct.pack("<I", len(whole)), struct.pack("<I", len(sheet)))
    assert lying != content
    assert "damaged" in refusal(lying)
    consistent = lying.replace(struct.pack("<I", crc32(whole)), struct.pack("<I", crc32(sheet)))
    assert consistent != lying
    tracemalloc.start()
    try:
        assert cells(read(consistent, name="x")) == [("3",)]
        assert tracemalloc.get_traced_memory()[1] < 8 * 1024**2
    finally:
        tracemalloc.stop()


FAR = {
    "named": '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "counted": '<row r="1"><c r="CVZ1"><v>1</v></c></row>' + "<row><c><v>1</v></c></row>" * 3000,
    "of a row": '<row r="1048575"><c r="XFD1"><v>1</v></c><c><v>1</v></c></row>',
}


@pytest.mark.parametrize("kind", FAR)
def test_a_cell_far_out_does_not_make_room_for_all_before_it(kind: str) -> None:
    content = replaced(as_xlsx([["Name"], ["Ada"]]), "xl/worksheets/sheet1.xml", sheet_xml(FAR[kind]))
    assert "far outside the table, in row" in refusal(content)


def shared(cells: str, text: str = "x" * 30_000) -> bytes:
    """A workbook whose cells show shared text 1, which is short, and 0, which is not."""
    strings = '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">{}</sst>'
    items = f"<si><t>{text}</t></si><si><t>short</t></si>"
    content = replaced(as_xlsx([["Name"], ["Ada"]]), "xl/worksheets/sheet1.xml", sheet_xml(cells))
    return replaced(content, "xl/sharedStrings.xml", strings.format(items).encode())


def test_a_long_text_is_not_copied_into_very_many_cells() -> None:
    assert "repeats long texts" in refusal(shared('<row><c t="s"><v>0</v></c></row>' * 3000))
    assert len(read(shared('<row><c t="s"><v>1</v></c></row>' * 3000), name="x").rows) == 2999


@pytest.mark.parametrize("number", ["<v><x/>0</v>", "<v>0<!-- -->1</v>", "<v>0<?x y?>1</v>", "<v><![CDATA[0]]>1</v>"])
def test_a_number_that_can_be_read_in_two_ways_is_not_read(number: str) -> None:
    assert "damaged" in refusal(shared(f'<row><c t="s">{number}</c></row>' * 3000))


def test_what_a_part_says_of_its_encoding_does_not_hide_its_cells() -> None:
    whole = as_xlsx([["Name"], ["Ada"]])
    far = b"<?xml version='1.0' encoding='cp037'?>" + sheet_xml(FAR["named"])
    assert "far outside" in refusal(replaced(whole, "xl/worksheets/sheet1.xml", far))
    assert "damaged" in refusal(replaced(whole, "xl/worksheets/sheet1.xml", far.decode().encode("cp037")))


def test_an_entity_is_not_expanded() -> None:
    start = sheet_xml('<row><c t="inlineStr"><is><t>&a;</t></is></c></row>')
    content = b'<!DOCTYPE worksheet [<!ENTITY a "aaaaaaaaaaaaaa">]>' + start
    assert "damaged" in refusal(replaced(as_xlsx([["Name"], ["Ada"]]), "xl/worksheets/sheet1.xml", content))


def test_whatever_byte_is_damaged_there_is_an_answer() -> None:
    """No other exception, however a workbook is broken."""
    whole = as_xlsx([["Name"], ["Ada"]])
    refused = 0
    for place in range(0, len(whole), 7):
        try:
            read(whole[:place] + bytes([whole[place] ^ 0x5A]) + whole[place + 1 :], name="x")
        except Unreadable:
            refused += 1
    assert refused > 300


def test_headings_are_compared_by_letters_and_digits() -> None:
    assert plain("E-mail Address") == plain("email_address") == "emailaddress"
    assert plain("Agency 2") != plain("Agency 1")
    assert plain("—") == "—"

"""The evidence pack: what its PDF holds for assistive technology, and that page and PDF say the same."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from io import BytesIO
from typing import Any

import pytest
from flask import Flask, render_template_string
from lxml import html
from pypdf import PdfReader

from course.web.printing.pack import Pack, Section, Table, closing, fingerprint, pdf
from tests.web.visitor import look_over

HOSTILE = ('#panic("x") *a* $x$ @b <c> \\ ', "= heading", "#import sys", "- /* */ ` // ~ --- 'q'")


def table(rows: int = 2, columns: int = 3) -> Table:
    return Table(
        caption="By team",
        columns=("Team", *(f"Module {n}" for n in range(1, columns))),
        rows=tuple((f"Team-{r}", *(f"{r}.{c}" for c in range(1, columns))) for r in range(rows)),
        numeric=frozenset(range(1, columns)),
    )


def pack(*sections: Section, **changed: Any) -> Pack:
    made = Pack(
        title="Evidence pack",
        partnership="Northshire Safeguarding Children Partnership",
        as_at=date(2025, 5, 3),
        made_at=datetime(2025, 5, 4, 9, 30, tzinfo=UTC),
        made_by="Lena Ford",
        scope="Agency: Health",
        sections=sections
        or (Section("Completion", ("Of those assigned.",), table()), Section("Definitions", ("Due: …",))),
    )
    return replace(made, **changed)


def read(made: bytes) -> tuple[PdfReader, str]:
    """The document, and its text on one line."""
    reader = PdfReader(BytesIO(made), strict=True)
    return reader, " ".join(" ".join(page.extract_text() for page in reader.pages).replace("\u200b", "").split())


def kinds(reader: PdfReader) -> list[str]:
    """The kinds of the structure elements, in reading order."""
    return [str(element["/S"]) for element in _elements(reader.root_object["/StructTreeRoot"])]


def _elements(element: Any) -> Iterator[Any]:
    element = element.get_object()
    if isinstance(element, list):
        for inner in element:
            yield from _elements(inner)
    elif isinstance(element, dict):
        if "/S" in element:
            yield element
        if "/K" in element:
            yield from _elements(element["/K"])


def test_the_document_says_what_pdf_ua_asks_for() -> None:
    reader, _ = read(pdf(pack()))
    root = reader.root_object

    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert reader.metadata is not None
    assert reader.metadata.title == "Evidence pack"
    assert reader.metadata.creation_date == datetime(2025, 5, 4, 9, 30, tzinfo=UTC)
    described = root["/Metadata"].get_object().get_data().decode()
    assert "<pdfuaid:part>1</pdfuaid:part>" in described


def test_a_table_is_one_for_a_screen_reader_too() -> None:
    reader, _ = read(pdf(pack()))
    found = kinds(reader)

    assert [kind for kind in found if kind in ("/Title", "/H1", "/Table", "/Caption")] == [
        *("/Title", "/H1", "/Table", "/Caption"),
        *("/H1", "/H1"),
    ]
    assert (found.count("/TH"), found.count("/TR"), found.count("/TD")) == (3, 3, 6)
    headers = [e for e in _elements(reader.root_object["/StructTreeRoot"]) if e["/S"] == "/TH"]
    assert all({"/O": "/Table", "/Scope": "/Column", "/Headers": []} in e["/A"] for e in headers)


def test_every_cell_of_a_long_and_wide_table_is_in_the_document() -> None:
    long = table(rows=80, columns=16)
    reader, text = read(pdf(pack(Section("Completion", (), long))))

    words = set(text.split())
    missing = [cell for row in long.rows for cell in row if cell not in words]
    assert not missing
    wide = [page for page in reader.pages if page.mediabox.width > page.mediabox.height]
    assert len(wide) > 1
    assert all("Module 15" in " ".join(page.extract_text().split()) for page in wide), "the header is on every page"


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_never_markup(text: str) -> None:
    hostile = Section(text, (text,), Table(text, (text,), ((text,),)))
    made = pack(hostile, title=text, partnership=text, made_by=text, scope=text)
    reader, said = read(pdf(made))

    assert reader.metadata is not None
    assert reader.metadata.title == text
    assert said.count(" ".join(text.split())) >= 8
    assert kinds(reader).count("/H1") == 2


def test_a_character_that_no_font_has_is_written_by_its_number() -> None:
    rows = (("李 Wei",), ("Łukasz Żółć",), ("Ольга",), ("a\x07b",), ("ne\u0301e\u0592",))
    _, said = read(pdf(pack(Section("People", ("First\nSecond",), Table("People", ("Name",), rows)))))

    for expected in (
        "[U+674E] Wei",
        "Łukasz Żółć",
        "Ольга",
        "a[U+0007]b",
        "First Second",
        "stand as their Unicode number",
    ):
        assert expected in said
    assert "Unicode number" not in read(pdf(pack()))[1]


def test_an_equal_pack_is_the_same_to_the_byte() -> None:
    assert pdf(pack()) == pdf(pack())
    assert pdf(pack(made_at=datetime(2025, 5, 4, 10, 30, 0, 7, timezone(timedelta(hours=1))))) == pdf(pack())


def test_the_fingerprint_is_of_the_figures_and_not_of_who_asked_when() -> None:
    later = pack(made_at=datetime(2025, 6, 1, tzinfo=UTC), made_by="Omar Said")
    other_figure = Table("By team", table().columns, (("Team-0", "0.1", "0.2"), ("Team-1", "1.1", "1.3")))

    assert fingerprint(later) == fingerprint(pack())
    assert fingerprint(pack(Section("Completion", (), other_figure))) != fingerprint(pack())
    assert fingerprint(pack(as_at=date(2025, 5, 2))) != fingerprint(pack())
    assert fingerprint(pack(scope="Everybody")) != fingerprint(pack())


def test_the_page_and_the_document_hold_the_same(app: Flask) -> None:
    made = pack(
        Section("People", ("One & all.",), table(rows=3)), Section("Refreshers", (), Table("Due", ("Name",), ()))
    )
    source = (
        '{% extends "base.html" %}{% from "lead/_pack.html" import document %}'
        "{% block main %}{{ document(pack, closing) }}{% endblock %}"
    )
    with app.test_request_context():
        page = html.document_fromstring(
            render_template_string(source, title=made.title, pack=made, closing=closing(made))
        )
    look_over(page)
    _, said = read(pdf(made))

    article = page.find(".//article")
    wanted = [*(e.text_content() for e in article.xpath(".//h1 | .//h2 | .//dd | .//p | .//caption | .//th | .//td"))]
    assert fingerprint(made) in wanted
    assert "Due: nothing to show." in wanted
    assert [text for text in wanted if text not in said] == []


@pytest.mark.parametrize(
    ("columns", "rows", "numeric", "wrong"),
    [
        (("A", "B"), (("1", "2"), ("3",)), frozenset(), "“T”, row 2: 1 cells for 2 columns"),
        ((), (), frozenset(), "“T” has 0 columns"),
        (tuple("ABCDEFGHIJKLMNOPQ"), (), frozenset(), "“T” has 17 columns: it must have 1 to 16"),
        (("A",), (("1",),), frozenset({1}), "beyond the columns"),
    ],
)
def test_a_table_that_does_not_fit_its_head_is_refused(
    columns: tuple[str, ...], rows: tuple[tuple[str, ...], ...], numeric: frozenset[int], wrong: str
) -> None:
    with pytest.raises(ValueError, match=wrong):
        Table("T", columns, rows, numeric)


def test_a_pack_says_when_it_was_made_in_one_time_zone() -> None:
    summer = datetime(2025, 5, 4, 0, 30, tzinfo=timezone(timedelta(hours=1)))
    assert ("Made", "4 May 2025, 00:30 London time, by Lena Ford") in pack(made_at=summer).facts
    with pytest.raises(ValueError, match="time zone"):
        pack(made_at=datetime(2025, 5, 4, 9, 30))  # noqa: DTZ001

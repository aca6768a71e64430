"""The evidence pack: what a partnership shows to others, as a tagged PDF (PDF/UA-1) and, from the same Pack, as a page.

Nothing of Flask, and no figure is worked out here: a Pack holds every text as it will be read.
"""

import json
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path

import typst

from course.learning.desk.days import LONDON, spoken
from course.web.lead.printing.lettering import FONTS, fonts, forget, spell_lacking, spell_unusual

TEMPLATE = Path(__file__).with_name("pack.typ")
WIDEST = 16
"""Columns: more cannot be read on paper."""


@dataclass(frozen=True)
class Table:
    """A table of texts; the first cell of a row says what the row is about. `numeric` are positions of columns.

    Raises ValueError for a table that has no columns or too many, and for a row with more or fewer cells than columns.
    """

    caption: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    numeric: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not 1 <= len(self.columns) <= WIDEST:
            raise ValueError(f"“{self.caption}” has {len(self.columns)} columns: it must have 1 to {WIDEST}")
        for n, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ValueError(f"“{self.caption}”, row {n}: {len(row)} cells for {len(self.columns)} columns")
        if not self.numeric <= set(range(len(self.columns))):
            raise ValueError(f"“{self.caption}”: a position in `numeric` is beyond the columns")


@dataclass(frozen=True)
class Section:
    """A part of the pack under its own heading."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    table: Table | None = None


@dataclass(frozen=True)
class Pack:
    """A whole pack. `as_at` is the day that the figures are of; `made_at` is aware, and when somebody asked for them.

    Raises ValueError for a `made_at` without a time zone.
    """

    title: str
    partnership: str
    as_at: date
    made_at: datetime
    made_by: str
    scope: str
    sections: tuple[Section, ...]

    def __post_init__(self) -> None:
        if self.made_at.tzinfo is None:
            raise ValueError("made_at needs a time zone")

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What stands at the head of the pack: names and values."""
        made_at = self.made_at.astimezone(LONDON)
        return (
            ("Partnership", self.partnership),
            ("Figures as at", spoken(self.as_at)),
            ("About", self.scope),
            ("Made", f"{spoken(made_at.date())}, {made_at:%H:%M} London time, by {self.made_by}"),
        )


def fingerprint(pack: Pack) -> str:
    """SHA-256, in hexadecimal, of the pack's figures and words as canonical JSON: keys sorted, no space, UTF-8.

    When it was made and by whom is left out, so that a pack that is made again has the same as long as its figures do.
    """
    content = asdict(pack) | {"as_at": pack.as_at.isoformat()}
    del content["made_at"], content["made_by"]
    written = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"), default=sorted)
    return sha256(written.encode("utf-8", "surrogatepass")).hexdigest()


def closing(pack: Pack) -> Section:
    """The last section of each rendering; its last paragraph is the fingerprint."""
    note = "The page and the PDF of the same figures and words have the same SHA-256, whoever made them and when."
    return Section("SHA-256 of the figures", (note, fingerprint(pack)))


def pdf(pack: Pack) -> bytes:
    """The pack as a PDF for assistive technology and print, to the byte the same for an equal pack.

    Texts reach Typst as values and are never read as its markup. Characters that its fonts lack are written by number
    (“[U+674E]”), since PDF/UA asks that every one is shown, and the document then says so.
    """
    try:
        return _set(pack)
    finally:
        forget()


def _set(pack: Pack) -> bytes:
    content = asdict(pack) | {"facts": pack.facts, "closing": asdict(closing(pack)), "fonts": FONTS}
    del content["as_at"], content["made_at"], content["made_by"]
    as_it_is = _written(content, _fold)
    for spell in (_fold, lambda text: spell_lacking(_fold(text))):
        written = _written(content, spell)
        try:
            return _compile(pack, written, is_spelled=written != as_it_is)
        except typst.TypstError:
            continue
    return _compile(pack, _written(content, lambda text: spell_unusual(_fold(text))), is_spelled=True)


def _compile(pack: Pack, written: str, *, is_spelled: bool) -> bytes:
    return typst.compile(
        TEMPLATE,
        font_paths=fonts(),
        sys_inputs={"pack": written, "spelled": "yes" if is_spelled else ""},
        pdf_standards="ua-1",
        timestamp=pack.made_at.astimezone(UTC).replace(microsecond=0),  # a PDF has none
    )


def _fold(text: str) -> str:
    """`text` on one line, as HTML would show it."""
    return re.sub(r"[\t-\r ]+", " ", text)


def _written(value: object, spell: Callable[[str], str]) -> str:
    """JSON in which every text is spelled so."""
    return json.dumps(_spelled(value, spell))


def _spelled(value: object, spell: Callable[[str], str]) -> object:
    match value:
        case str():
            return spell(value)
        case dict():
            return {key: _spelled(inner, spell) for key, inner in value.items()}
        case list() | tuple():
            return [_spelled(inner, spell) for inner in value]
        case frozenset():
            return sorted(value)
        case _:
            return value

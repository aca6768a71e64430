"""The evidence pack: what a partnership shows to others, as a tagged PDF (PDF/UA-1) and, from the same Pack, as a page.

Nothing of Flask, and no figure is worked out here: a Pack holds every text as it will be read.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from course.learning.desk.days import LONDON, spoken
from course.web.printing import document

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
    """The pack as a PDF: see document.pdf."""
    values = asdict(pack) | {"facts": pack.facts, "closing": asdict(closing(pack))}
    del values["as_at"], values["made_at"], values["made_by"]
    return document.pdf(TEMPLATE, values, made_at=pack.made_at)

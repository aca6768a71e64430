"""A record of learning as it is read: its page, its CSV and its PDF from the same rows. Nothing of Flask."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path

from course.catalogue.library import Library
from course.catalogue.model import ROLES
from course.catalogue.stats import minutes
from course.learning.desk.days import spoken, start_of
from course.learning.mine import certificates
from course.learning.mine.completed import Completed
from course.web.printing import document
from course.web.printing.certificate import in_hours

TEMPLATE = Path(__file__).with_name("record.typ")
GONE = "A module that the course no longer has"


@dataclass(frozen=True)
class Line:
    """A completion in somebody's record."""

    module: str
    folder: str
    """Empty where the course no longer has the module."""
    nth: int
    day: date
    minutes: int
    role: str
    version: str
    code: str
    """Of its certificate, in groups; empty until that was looked at."""


@dataclass(frozen=True)
class Record:
    """All that somebody completed, the newest first, as at a day."""

    name: str
    partnership: str
    as_at: date
    lines: tuple[Line, ...]

    @property
    def years(self) -> tuple[str, ...]:
        """How many completions and how much time, a sentence for each year, the newest first."""
        by_year: dict[int, list[int]] = {}
        for line in self.lines:
            by_year.setdefault(line.day.year, []).append(line.minutes)
        return tuple(_year(year, counted) for year, counted in by_year.items())


def _year(year: int, counted: Sequence[int]) -> str:
    times = "1 completion" if len(counted) == 1 else f"{len(counted)} completions"
    total = sum(counted)
    said = f"{total} minutes" if total < 60 else f"{total} minutes ({in_hours(total)})"
    return f"{year}: {times}, {said}"


def record_of(library: Library, name: str, completed: Sequence[Completed], *, as_at: date) -> Record:
    """The record of these completions, the oldest of which come first.

    A module counts with the minutes that its certificate gives, so that both say the same; without one, with those that
    it takes now.
    """
    modules = {module.id: module for module in library.modules}
    takes = {id_: minutes(module) for id_, module in modules.items()}
    lines = []
    for one in reversed(completed):
        said = certificates.read(one.certificate).modules[0] if one.certificate else None
        module = modules.get(one.module_id)
        named = module or said
        lines.append(
            Line(
                module=f"{named.number}. {named.title}" if named else GONE,
                folder=module.folder if module else "",
                nth=one.nth,
                day=one.day,
                minutes=said.minutes if said else takes.get(one.module_id, 0),
                role=ROLES.get(one.worked.role, one.worked.role),
                version=one.version,
                code=certificates.shown_code(one.certificate.code) if one.certificate else "",
            )
        )
    return Record(name, library.partnership, as_at, tuple(lines))


COLUMNS = ("Module", "Completed on", "Minutes", "Role", "Version", "Certificate")


def pdf(record: Record) -> bytes:
    """The record as a PDF, the same bytes for the same record on the same day: see document.pdf."""
    values: Mapping[str, object] = {
        **{name: value for name, value in asdict(record).items() if name in ("name", "partnership")},
        "as_at": spoken(record.as_at),
        "years": record.years,
        "columns": COLUMNS,
        "rows": [
            (line.module, spoken(line.day), str(line.minutes), line.role, line.version, line.code)
            for line in record.lines
        ],
    }
    return document.pdf(TEMPLATE, values, made_at=start_of(record.as_at))

"""What the local picture and where people part have in common: how they are kept, dated and taken away."""

from collections.abc import Iterable, Sequence
from datetime import date

from flask import Response

from course.catalogue.model import Module
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.days import spoken
from course.learning.desk.figures.gathering import Kind, bring_up_to_date
from course.learning.desk.figures.tens import PATIENCE
from course.web.database import database
from course.web.lead.desk import now
from course.web.lead.files.downloads import Kind as FileKind
from course.web.lead.files.downloads import download
from course.web.lead.files.workbook_rows import Cell
from course.web.security import me

SECONDS = 2.0
"""How long a page may gather. What is left is gathered by the next page, or at night by `course gather`."""
FILE = "<any(csv, xlsx):kind>"
WITHHELD = "withheld"

RULE = (
    "People are counted in tens. A figure appears when ten people of an agency have answered and grows by ten at a "
    "time, in the order in which they answered. Between two tens it stays as it is.",
    f"An answer that has waited {PATIENCE.days} days for nine more of its own agency is counted with others that have "
    "waited as long, as “Other agencies together”, and stays there.",
    "A total is the sum of the figures that are shown. Answers that still wait are in none of them, so no figure taken "
    "from another tells what fewer than ten people answered.",
    "“Withheld” stands where fewer than ten have been counted, and also where nobody has answered.",
    "No person is shown, and no team: whoever leads a team sees the figures of its agency. What people write in a "
    "reflection is not here and is never read.",
)
"""Why small groups cannot be seen, in plain words: a page adds what is its own."""


def fresh(kind: Kind, modules: Sequence[Module]) -> int:
    """Gather what is not yet gathered today; gives how many issues have to wait for the next page."""
    return bring_up_to_date(database(), kind, modules, now=now(), seconds=SECONDS)


def until(day: date | None) -> str:
    """Up to when figures go."""
    return f"Gathered up to the end of {spoken(day)}." if day else "Nothing has been gathered yet."


def taken_away(
    name: str, columns: Sequence[str], rows: Iterable[Sequence[Cell]], *, kind: FileKind, notes: Sequence[str]
) -> Response:
    """A file of what is on the screen, noted in the audit."""
    with all_or_nothing(database()):
        audit.keep(database(), me(), "downloaded", now=now(), what=f"{name}.{kind}: {notes[0]}")
    return download(name, columns, rows, kind=kind, notes=notes)

"""Lists of people as they were uploaded: kept between the dry run and the decision, and what came of them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, undefer

from course.learning.columns import NAME
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.lists.import_people import Extent
from course.learning.desk.lists.import_rows import columns_of
from course.learning.desk.uploads.sheets import Fault, Sheet, SheetRow, read
from course.learning.scope import Scope, scope_of
from course.learning.tables import Import, Person

KEPT = timedelta(days=30)
"""How long the rows of a list wait for a decision; then only that it was uploaded is known."""


def keep(session: Session, by: Person, *, file: str, content: bytes, now: datetime, of: Extent = "some") -> Import:
    """Keep the rows of an uploaded list for its dry run. Raises Unreadable, in words for whoever uploaded it.

    Rows that have waited too long for a decision go at the same time.
    """
    sheet = read(content, name=file)
    columns_of(sheet.headings)
    kept = Import(
        by_id=by.id,
        at=now,
        file="".join(filter(str.isprintable, " ".join(file.split())))[:NAME],
        sha256=sha256(content).hexdigest(),
        sheet={"headings": sheet.headings, "rows": sheet.rows, "faulty": sheet.faulty, "of": of},
        counts={"lines": len(sheet.rows) + len(sheet.faulty)},
    )
    with all_or_nothing(session):
        session.execute(
            update(Import).where(Import.done_at.is_(None), Import.at < now - KEPT).values(sheet={}),
            execution_options={"synchronize_session": False},
        )
        session.add(kept)
        lines = kept.counts["lines"]
        what = f"Uploaded a list of {lines:,} {'line' if lines == 1 else 'lines'}, for its dry run: “{kept.file}”"
        audit.keep(session, by, "imported", now=now, what=what)
    return kept


def sheet_of(kept: Import) -> Sheet | None:
    """The rows as they were read; None once they are not kept any more."""
    if not kept.sheet:
        return None
    rows = [SheetRow(line, tuple(cells)) for line, cells in kept.sheet["rows"]]
    return Sheet(tuple(kept.sheet["headings"]), rows, [Fault(*fault) for fault in kept.sheet["faulty"]])


def extent_of(kept: Import) -> Extent:
    """Whom whoever uploaded a list said that it is of, as long as its rows are kept."""
    of: Extent = kept.sheet.get("of", "some")
    return of


def find(session: Session, by: Person, import_id: str) -> Import | None:
    """A list with its rows, if `by` uploaded it or looks after everybody. One query."""
    if not import_id.isalnum():  # PostgreSQL fails at some signs where it is asked for them
        return None
    options = (joinedload(Import.by, innerjoin=True), undefer(Import.sheet))
    kept = session.scalar(select(Import).where(Import.id == import_id).options(*options))
    return kept if kept and _may_see(by, kept) else None


def _may_see(by: Person, kept: Import) -> bool:
    scope = scope_of(by)
    return scope is not None and (kept.by_id == by.id or scope == Scope(None, None))


def newest(session: Session, by: Person, *, limit: int, offset: int = 0) -> Sequence[Import]:
    """The lists that `by` may see with who uploaded them, the newest first, without their rows. One query."""
    query = select(Import).options(joinedload(Import.by, innerjoin=True)).order_by(Import.at.desc(), Import.id)
    if scope_of(by) != Scope(None, None):
        query = query.where(Import.by_id == by.id)
    return session.scalars(query.limit(limit).offset(offset)).all()

"""Which packages were made in the web app: when, by whom, of what, with which hashes.

The files themselves are not kept. Packages are reproducible to the byte, so the record is enough to make them again.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from hashlib import sha256
from typing import TypedDict

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, undefer

from course.learning.database import all_or_nothing
from course.learning.tables import Export, Person


class Made(TypedDict):
    """One file that came of an export."""

    size: int
    """Bytes."""
    sha256: str
    modules: list[str]
    """The ids of the modules in it."""


def record(
    session: Session,
    person: Person,
    *,
    now: datetime,
    standard: str,
    preset: str,
    options: Sequence[str],
    modules: Mapping[str, str],
    partnership: str,
    overlay: str,
) -> Export:
    """Keep what somebody asked for, before any of it is built. `modules` is module id to content version."""
    export = Export(
        person_id=person.id,
        at=now,
        standard=standard,
        preset=preset,
        options=list(options),
        modules=dict(modules),
        partnership=partnership,
        overlay=overlay,
        overlay_sha256=sha256(overlay.encode()).hexdigest(),
    )
    with all_or_nothing(session):
        session.add(export)
    return export


def record_files(session: Session, export_id: str, files: Mapping[str, Made]) -> None:
    """Keep what came of an export. Whoever builds it too finds the same, so it does not matter who is first."""
    with all_or_nothing(session):
        session.execute(update(Export).where(Export.id == export_id).values(files=dict(files)))


def find(session: Session, export_id: str) -> Export | None:
    """The export with this id, with who made it and the overlay's text, in one query."""
    everything = (joinedload(Export.person, innerjoin=True), undefer(Export.overlay))
    return session.scalar(select(Export).where(Export.id == export_id).options(*everything))


def newest(session: Session, *, limit: int, offset: int = 0) -> Sequence[Export]:
    """Exports with who made them, the newest first, without the overlays' text. One query."""
    query = select(Export).options(joinedload(Export.person, innerjoin=True)).order_by(Export.at.desc(), Export.id)
    return session.scalars(query.limit(limit).offset(offset)).all()

"""What is kept of somebody as JSON, for another program: a document that explains itself, made as it is read."""

import json
from collections.abc import Iterator, Sequence
from datetime import date, datetime

from sqlalchemy.orm import Session

from course.learning.mine.my_record import rows
from course.learning.tables import Person
from course.web.mine.data_groups import TITLES, Group, how_long

ABOUT = (
    "What this course keeps of you. `explained` says of each group why it is kept, who can see it, how long, and which "
    "keys of `kept` belong to it. `kept` holds the rows of each kind, the newest first. A time is UTC as ISO 8601, a "
    "day as 2026-11-23. A key that ends in `_id` names something of the course or another row here."
)


def json_pieces(
    session: Session, person: Person, groups: Sequence[Group], *, at: datetime, records_kept: str
) -> Iterator[str]:
    """The document, some rows at a time, however many there are."""
    explained = {
        group.title: {
            "why": group.why,
            "who_can_see_it": group.who,
            "how_long": how_long(group, records_kept),
            "keys": {key: TITLES[key] for key in group.keys},
        }
        for group in groups
    }
    head = {"about": ABOUT, "made_at": at.isoformat(), "explained": explained}
    yield _written(head)[:-1] + ', "kept": {'
    comma = ""
    for group in groups:
        for kind in group.kinds:
            yield f"{comma}\n{json.dumps(kind.key)}: ["
            before = "\n"
            for row in rows(session, person, kind):
                yield before + _written(row)
                before = ",\n"
            yield "]"
            comma = ","
    yield "}}\n"


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=_said)


def _said(value: object) -> str:
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    raise TypeError(f"{type(value).__name__} cannot stand in JSON")

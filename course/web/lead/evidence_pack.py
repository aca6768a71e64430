"""The evidence pack put together: its sections in order, from figures that others count."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.learning.desk.days import day_of, spoken
from course.learning.desk.figures.local_figures import local_picture
from course.learning.desk.notes import notes_in
from course.learning.desk.standing.status import MEANINGS, STATUSES
from course.learning.desk.voiding import voids_in_force
from course.learning.scope import Scope
from course.web.lead.asked import Look
from course.web.lead.evidence_content import hashes, notes, versions
from course.web.lead.evidence_local import local_sections, not_kept
from course.web.lead.evidence_tables import completion, refreshers
from course.web.printing.pack import Pack, Section, Table

UNNAMED = "Local safeguarding partnership"
COUNTED = {
    "People": "Those who were here on the day: joined, and not left. Each is counted where they worked on that day.",
    "Asked": "What assignments ask of people, once for each person and module: 10 people asked for 14 modules are 140.",
    "Up to date": "Of what is asked, where there is a completion that counts: neither expired nor voided.",
}


@dataclass(frozen=True)
class Whose:
    """Whom a pack is about, and how that is said."""

    scope: Scope
    said: str


def make(
    session: Session,
    seen: Look,
    whose: Whose,
    *,
    library: Library,
    hashed: Mapping[str, str],
    by: str,
    now: datetime,
    waiting: int,
) -> Pack:
    """The pack of what is seen. Four queries at most.

    `waiting`: how many issues of the local picture are not yet brought up to date today.
    """
    modules, day = seen.picture.modules, seen.picture.day
    found = notes_in(session, whose.scope)
    if day == day_of(now):
        picture = local_picture(session, whose.scope, modules, year=day.year, today=day)
        local = list(local_sections(modules, picture, waiting=waiting))
    else:
        local = [not_kept()]
    return Pack(
        title="Evidence pack",
        partnership=library.partnership or UNNAMED,
        as_at=day,
        made_at=now,
        made_by=by,
        scope=whose.said,
        sections=(
            _about(seen, whose),
            _words(),
            *completion(seen),
            refreshers(seen),
            versions(seen, voids_in_force(session)),
            notes(modules, found, day=day),
            *local,
            _how(),
            hashes(modules, hashed),
        ),
    )


def _about(seen: Look, whose: Whose) -> Section:
    people = len(seen.rows)
    paragraphs = [
        f"This pack shows what had been done in “Learning into Practice”, the course of {len(seen.picture.modules)} "
        f"modules for everybody who safeguards children, by the end of {spoken(seen.picture.day)}.",
        f"It is about: {whose.said}. That was {people:,} {'person' if people == 1 else 'people'} on this day.",
    ]
    if not people:
        paragraphs.append("Nobody was here by then. Choose a later day, or others.")
    return Section("What this is", tuple(paragraphs))


def _words() -> Section:
    rows = tuple((words, MEANINGS[status]) for status, words in STATUSES.items())
    return Section("What the words mean", (), Table("Words", ("Word", "Meaning"), (*rows, *COUNTED.items())))


def _how() -> Section:
    return Section(
        "How the figures were made",
        (
            "Every figure but those of the local picture is counted anew from the records: assignments as they were on "
            "the day, when people began and completed modules, where they worked, and which changes of content were in "
            "force. No list kept by hand is in it, and the same records give the same figures.",
            "The figures of the local picture are gathered once a day and reach to the end of the day before.",
            "A day goes from midnight to midnight in London. A past day is shown as it was at its end; today is shown "
            "as it was when the pack was made.",
            "A module is complete once its story was read to an end, its debrief opened, the statements rated, and the "
            "reflection done or declined. There is no score. The server checks it by the choices that were recorded.",
            "A percentage is rounded to a whole one; only all is 100% and only none is 0%.",
            "What people write in a reflection is theirs. It is not in this pack and in no report.",
        ),
    )

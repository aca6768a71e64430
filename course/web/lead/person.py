"""One person's record: where they are in every module, what they were asked and did, where they worked."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import abort

from course.catalogue.model import ROLES
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.assigning.asking import Asking, asking
from course.learning.desk.assigning.wording import due, numbers_of, refresher, whom
from course.learning.desk.days import LONDON, day_of, spoken
from course.learning.desk.people.histories import completions_of, find_in, places_of
from course.learning.desk.standing.picture import Cell
from course.learning.desk.standing.status import STATUSES
from course.learning.scope import may_act_on
from course.web.board import board
from course.web.chrome import library
from course.web.database import database
from course.web.lead.asked import asked
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.security import me


@dataclass(frozen=True)
class Line:
    """A module of a record."""

    module: str
    cell: Cell
    status: str


@blueprint.get("/people/<person_id>")
def person(person_id: str) -> str:
    """The record of somebody in scope. Each look is kept in the audit, and they can see it."""
    found = find_in(database(), scope(), person_id)
    if found is None:
        abort(404)
    wants = asked()
    with all_or_nothing(database()):
        audit.keep(database(), me(), "looked", now=now(), about_id=found.id)
    picture = board().picture(database(), now(), as_at=wants.as_at)
    row = picture.row_of[found.id]
    cells = [picture.cell(row, column) for column in range(len(picture.modules))]
    titles = {module.id: f"{module.number}. {module.title}" for module in library().modules}
    return desk_page(
        found.name,
        "lead/person.html",
        person=found,
        asked=wants,
        role=ROLES[found.role],
        can_edit=may_act_on(me(), found),
        lines=[
            Line(titles[module.id], cell, STATUSES[cell.status])
            for module, cell in zip(picture.modules, cells, strict=True)
        ],
        asking=[_terms(one) for one in asking(database(), picture, row)],
        left=spoken(day_of(found.left_at)) if found.left_at else "",
        completions=[
            (titles.get(done.module_id, done.module_id), done.version, at(done.completed_at))
            for done in completions_of(database(), found.id)
        ],
        places=[
            (place.team, ROLES[place.role], day(place.since), day(place.until) or "now")
            for place in places_of(database(), found)
        ],
    )


def _terms(one: Asking) -> tuple[str, ...]:
    row, day = one
    said = (numbers_of(row.module_ids, library().modules), whom(row), due(row), refresher(row))
    return *(text[:1].upper() + text[1:] for text in said), str(day or "")


def at(moment: datetime) -> str:
    """A moment as records show it: London time, to the minute."""
    return f"{moment.astimezone(LONDON):%Y-%m-%d %H:%M}"


def day(moment: datetime | None) -> date | None:
    """The day in London of a moment."""
    return moment.astimezone(LONDON).date() if moment else None

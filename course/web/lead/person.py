"""One person's record: where they are in every module, what they were asked and did, where they worked."""

from datetime import date, datetime

from flask import Response, abort

from course.catalogue.model import ROLES
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.assigning.asking import Asking, asking
from course.learning.desk.assigning.wording import due, numbers_of, refresher, whom
from course.learning.desk.days import LONDON, day_of, spoken
from course.learning.desk.people.histories import completions_of, find_in, places_of
from course.learning.desk.people.joining_rules import place_name, role_of_person
from course.learning.desk.standing.picture import Picture
from course.learning.desk.standing.status import STATUSES
from course.learning.scope import may_act_on
from course.learning.tables import Person
from course.web.board import board
from course.web.chrome import library
from course.web.database import database
from course.web.lead.asked import asked
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.files.downloads import Kind, download
from course.web.lead.matrix_rows import OF_A_MODULE
from course.web.security import me

COLUMNS = ("Module", *OF_A_MODULE)


@blueprint.get("/people/<person_id>")
def person(person_id: str) -> str:
    """The record of somebody in scope. Each look is kept in the audit, and they can see it."""
    found, wants = _in_scope(person_id), asked()
    with all_or_nothing(database()):
        audit.keep(database(), me(), "looked", now=now(), about_id=found.id)
    picture = board().picture(database(), now(), as_at=wants.as_at)
    row = picture.row_of[found.id]
    titles = {module.id: f"{module.number}. {module.title}" for module in library().modules}
    return desk_page(
        found.name,
        "lead/person.html",
        person=found,
        asked=wants,
        place=place_name(found.team),
        role=role_of_person(found),
        waits=bool(found.to_say),
        can_edit=may_act_on(me(), found),
        columns=COLUMNS,
        lines=[["" if cell is None else cell for cell in line] for line in _lines(picture, row)],
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


@blueprint.get("/people/<person_id>/record.<any(csv, xlsx):kind>")
def person_file(person_id: str, kind: Kind) -> Response:
    """The modules of a record as a file. That it was taken away is kept, and they can see it."""
    found, wants = _in_scope(person_id), asked()
    with all_or_nothing(database()):
        what = f"This record, as at the end of {wants.said}"
        audit.keep(database(), me(), "downloaded", now=now(), what=what, about_id=found.id)
    picture = board().picture(database(), now(), as_at=wants.as_at)
    notes = [f"{found.name}, as at the end of {wants.said}."]
    return download("record", COLUMNS, _lines(picture, picture.row_of[found.id]), kind=kind, notes=notes)


def _in_scope(person_id: str) -> Person:
    found = find_in(database(), scope(), person_id)
    if found is None:
        abort(404)
    return found


def _lines(picture: Picture, row: int) -> list[tuple[str | date | None, ...]]:
    """Somebody's modules, as COLUMNS say."""
    cells = (picture.cell(row, column) for column in range(len(picture.modules)))
    return [
        (f"{module.number}. {module.title}", STATUSES[cell.status], cell.by, cell.started, cell.completed)
        for module, cell in zip(picture.modules, cells, strict=True)
    ]


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

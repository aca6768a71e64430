"""Which assignments ask somebody for something, and the day that each sets for them."""

from collections.abc import Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy.orm import Session

from course.learning.desk.assigning.asked import whole
from course.learning.desk.standing.facts import asked
from course.learning.desk.standing.picture import Picture
from course.learning.desk.standing.places import People
from course.learning.desk.standing.status import day_of_number
from course.learning.tables import Assignment


class Asking(NamedTuple):
    """An assignment that asks somebody."""

    assignment: Assignment
    day: date | None
    """By when it asks them for the first completion; None where it sets no day."""


def asking(session: Session, picture: Picture, row: int) -> list[Asking]:
    """The assignments that ask the person of this row on the day of the picture, the oldest first. One query, or none.

    Of several that ask for the same module the earlier day holds.
    """
    alone = _alone(picture.people, row)
    days: dict[int, date | None] = {}
    for assignment in picture.rules.assignments:
        assigned, due, _ = asked(alone, picture.modules, [assignment])
        if assigned.any():
            days[assignment.id] = day_of_number(int(due.max()))
    return [Asking(assignment, days[assignment.id]) for assignment in _with_places(session, list(days))]


def _with_places(session: Session, ids: Sequence[int]) -> Sequence[Assignment]:
    return session.scalars(whole(Assignment.id.in_(ids)).order_by(Assignment.id)).all() if ids else []


def _alone(people: People, row: int) -> People:
    """The same person in arrays of one row."""
    this = slice(row, row + 1)
    names = (people.ids[this], people.names[this], people.emails[this])
    return People(*names, people.agency[this], people.team[this], people.role[this], people.since[this])

"""The board: where everybody is in every module, kept in memory and brought up to date at each look.

Nothing here is the truth; the records are. A look asks the database whom changes have touched since the last one
(one query), reads those people's records anew, and leaves everybody else as they were. Any number of processes may
have a board of their own. Pictures are never changed once they are made, so requests can share them.
"""

from collections import OrderedDict
from collections.abc import Sequence
from datetime import date, datetime
from functools import partial
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk.days import day_of, end_of
from course.learning.desk.standing.facts import rules_at
from course.learning.desk.standing.names import Names, read_names
from course.learning.desk.standing.picture import Picture, read_picture
from course.learning.tables import Changed, Person

EVERYBODY = ""
KEPT = 4
"""Pictures of past days that stay in memory beside today's."""
MOST_CHANGES = 2000
"""People touched, from which on reading everybody anew is quicker."""


class Board:
    """The pictures of one process."""

    def __init__(self, modules: Sequence[Module]) -> None:
        self.modules = tuple(modules)
        self._pictures: OrderedDict[date | None, tuple[int, Picture]] = OrderedDict()
        self._turns: dict[date | None, Lock] = {}
        self._lock = Lock()
        """For the two above; held for a moment only."""
        self._names = Names({}, {})

    def picture(self, session: Session, now: datetime, *, as_at: date | None = None) -> Picture:
        """Where everybody is now, or was at the end of a past day. One query, and some more where there is news.

        A day to come is taken as today.
        """
        past = as_at if as_at and as_at < day_of(now) else None
        day = past or day_of(now)
        with self._turn_for(past):  # a past day that has to be read does not hold up today
            seen, kept = self._pictures.get(past, (0, None))
            newest = session.scalar(select(func.coalesce(func.max(Changed.number), 0))) or 0
            if kept is None or kept.day != day or newest != seen:
                kept = self._brought_up(session, kept, day=day, seen=seen)
            self._keep(past, newest, kept)
            return kept

    def warm(self, session: Session, now: datetime) -> None:
        """Have at hand all that a look at today needs, before anybody looks."""
        picture = self.picture(session, now)
        picture.order, picture.codes, picture.row_of  # noqa: B018 - each is worked out once, when it is first asked for
        self.names(session, picture)

    def names(self, session: Session, picture: Picture) -> Names:
        """Those of the agencies and teams of a picture. No query unless one is new."""
        if int(picture.team.max(initial=0)) > max(self._names.teams, default=0):
            self._names = read_names(session)
        return self._names

    def _brought_up(self, session: Session, kept: Picture | None, *, day: date, seen: int) -> Picture:
        # The end of the day, for today too: another machine's clock may be a little ahead of this one's.
        moment = end_of(day)
        touched = _touched(session, kept, day=day, seen=seen) if kept else []
        rules = rules_at(session, self.modules, moment) if kept is None or EVERYBODY in touched else kept.rules
        read = partial(read_picture, session, self.modules, rules, day=day, moment=moment)
        if kept is None or len(touched) > MOST_CHANGES:
            return read()
        if rules is not kept.rules or kept.day != day:
            kept = kept.under(rules, day)
        ids = [id_ for id_ in touched if id_ != EVERYBODY]
        return kept.with_people(read(person_ids=ids)) if ids else kept

    def _turn_for(self, past: date | None) -> Lock:
        with self._lock:
            return self._turns.setdefault(past, Lock())

    def _keep(self, past: date | None, newest: int, picture: Picture) -> None:
        with self._lock:
            self._pictures[past] = newest, picture
            self._pictures.move_to_end(past)
            while len(self._pictures) > KEPT + 1:
                oldest = next(day for day in self._pictures if day is not None)
                del self._pictures[oldest], self._turns[oldest]


def _touched(session: Session, kept: Picture, *, day: date, seen: int) -> Sequence[str]:
    """Whom changes have touched, and who has come since the day of the picture, as was known before."""
    query = select(Changed.person_id).where(Changed.number > seen).order_by(Changed.number)
    touched = session.scalars(query.limit(MOST_CHANGES + 1)).all()
    if kept.day == day:
        return touched
    come = (Person.joined_at >= end_of(kept.day), Person.joined_at < end_of(day))
    return [*touched, *session.scalars(select(Person.id).where(*come, Person.id.not_in(touched)).order_by(Person.id))]

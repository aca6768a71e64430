"""What people answered in a module, read from the events in the order of time and handed on without who they are."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.columns import epoch
from course.learning.desk.days import day_of
from course.learning.desk.figures.tens import OTHERS, Answers, Step
from course.learning.desk.people.not_said import is_not_said
from course.learning.tables import Agency, Attempt, FormerPlace, Person, StoredEvent, Team

Seconds = int
"""Whole seconds since 1970-01-01 UTC: of a million times, far quicker to read than datetimes."""

Shape = dict[str, Any]
"""How a version’s story hangs together, as JSON: `start`, the `decisions` by id, and for each choice its `moment`
and where it `leads`."""

ROWS_AT_A_TIME = 5000


class Whereabouts:
    """In which agency people were at any moment. Four queries, at the beginning.

    As long as nobody has said their agency they answer for OTHERS, and what they answered then never goes elsewhere.
    """

    def __init__(self, session: Session) -> None:
        names = session.execute(select(Agency.id, Agency.name).order_by(Agency.id))
        self._of_nobody = {id_ for id_, name in names if is_not_said(name)}
        since = select(Person.id, epoch(Person.agency_since)).where(Person.agency_since.is_not(None))
        self._since: dict[str, Seconds] = {id_: at for id_, at in session.execute(since.order_by(Person.id))}
        now = select(Person.id, Team.agency_id).join(Team, Team.id == Person.team_id).order_by(Person.id)
        self._now: dict[str, int] = {id_: agency_id for id_, agency_id in session.execute(now)}
        before = (
            select(FormerPlace.person_id, epoch(FormerPlace.until), Team.agency_id)
            .join(Team, Team.id == FormerPlace.team_id)
            .order_by(FormerPlace.person_id, FormerPlace.until, FormerPlace.id)
        )
        rows = groupby(session.execute(before), key=itemgetter(0))
        self._before = {id_: [(until, agency_id) for _, until, agency_id in some] for id_, some in rows}

    def agency_of(self, person_id: str, at: Seconds) -> int:
        """The agency that they answered for at this moment, or OTHERS."""
        if at < self._since.get(person_id, at):
            return OTHERS
        before = self._before.get(person_id, ())
        found = next((agency_id for until, agency_id in before if at < until), self._now[person_id])
        return OTHERS if found in self._of_nobody else found


def ratings_in(session: Session, module_id: str, where: Whereabouts, *, up_to: datetime) -> Iterator[Answers]:
    """The first ratings of each person for each role in each year in London, before `up_to`.

    The place is the year, the role and which statements were rated: those who rate together have rated the same.
    A mark is a statement’s id and its rating.
    """
    query = (
        select(Attempt.person_id, epoch(StoredEvent.at), StoredEvent.body)
        .join(StoredEvent, StoredEvent.attempt_id == Attempt.id)
        .where(Attempt.module_id == module_id, StoredEvent.kind == "rated", StoredEvent.at < up_to)
        .order_by(StoredEvent.at, StoredEvent.attempt_id, StoredEvent.number)
    )
    seen: set[tuple[str, str, int]] = set()
    for person_id, at, body in _rows(session, query):
        day = _day(at)
        turn = (person_id, body["role"], day.year)
        if turn not in seen:
            seen.add(turn)
            yield Answers(day, where.agency_of(person_id, at), (_rated(day.year, body),))


def choices_in(
    session: Session, module_id: str, where: Whereabouts, *, shape_of: Callable[[str], Shape], up_to: datetime
) -> Iterator[Answers]:
    """The first path of each person’s first attempt, once an ending and its debrief were reached, before `up_to`.

    A path that is not at its end is no answer yet, since it would grow day by day. The place is the content version
    that the attempt started on and the moment; the mark is the choice. `shape_of` gives the shape of a version.
    """
    steps_of: dict[tuple[str, tuple[str, ...]], tuple[Step, ...]] = {}  # many people take the same path
    for at, _, person_id, version, path in sorted(_ended(session, module_id, up_to=up_to)):
        if (version, path) not in steps_of:
            steps_of[version, path] = steps(version, path, shape_of(version))
        yield Answers(_day(at), where.agency_of(person_id, at), steps_of[version, path])


def shape(module: Module) -> Shape:
    """How today’s story hangs together. A moment with one way on is no decision."""
    moments = module.story.scenario.moments
    return {
        "start": moments[0].id,
        "decisions": [m.id for m in moments if len(m.choices) > 1],
        "choices": {c.id: [m.id, c.leads] for m in moments for c in m.choices},
    }


def steps(version: str, path: Iterable[str], shape: Shape) -> tuple[Step, ...]:
    """The decisions of a path. A choice that the shape does not know was made where the choice before it led."""
    found: dict[str, Step] = {}
    leads = shape["start"]
    for choice in path:
        moment, following = shape["choices"].get(choice, (leads, f"after {choice}"))
        if moment in shape["decisions"] or choice not in shape["choices"]:
            found.setdefault(moment, Step((version, moment), (choice,)))
        leads = following
    return tuple(found.values())


def _rated(year: int, body: dict[str, Any]) -> Step:
    ratings = sorted(body["ratings"].items())
    place = (str(year), body["role"], " ".join(id_ for id_, _ in ratings))
    return Step(place, tuple(f"{id_} {rating}" for id_, rating in ratings))


def _ended(
    session: Session, module_id: str, *, up_to: datetime
) -> Iterator[tuple[Seconds, int, str, str, tuple[str, ...]]]:
    """When each first path was at its end, with its attempt, whose it is, the version and the choices."""
    first = select(Attempt.id, Attempt.person_id, Attempt.version).order_by(Attempt.id)
    attempts = {id_: rest for id_, *rest in session.execute(first.where(Attempt.module_id == module_id, _IS_FIRST))}
    is_debrief = and_(StoredEvent.kind == "opened", StoredEvent.body["part"].as_string() == "debrief")
    query = (
        select(Attempt.id, epoch(StoredEvent.at), StoredEvent.body["choice"].as_string())
        .join(StoredEvent, StoredEvent.attempt_id == Attempt.id)
        .where(Attempt.module_id == module_id, _IS_FIRST, StoredEvent.at < up_to)
        .where(or_(StoredEvent.kind == "chose", is_debrief))
        .order_by(Attempt.person_id, Attempt.id, StoredEvent.number)  # as the indexes have them: nothing is sorted
    )
    for attempt_id, events in groupby(_rows(session, query), key=itemgetter(0)):
        path: list[str] = []
        for _, at, choice in events:
            if choice is None:  # the debrief: whatever was chosen after it is a second look
                person_id, version = attempts[attempt_id]
                yield at, attempt_id, person_id, version, tuple(path)
                break
            path.append(choice)


_IS_FIRST = Attempt.number == 0


def _rows(session: Session, query: Select[Any]) -> Iterator[Any]:
    return chain.from_iterable(session.execute(query, execution_options={"yield_per": ROWS_AT_A_TIME}).partitions())


def _day(at: Seconds) -> date:
    return day_of(datetime.fromtimestamp(at, UTC))

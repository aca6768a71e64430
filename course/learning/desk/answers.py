"""What people answered in a module, read from the events in the order of time and handed on without who they are."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import chain, groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Select, and_, or_, select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk.days import day_of
from course.learning.desk.tens import Answers, Step
from course.learning.tables import Attempt, FormerPlace, Person, StoredEvent, Team

Former = Mapping[str, Sequence[tuple[datetime, int]]]
"""Person id to the agencies where they were before, each with until when, the earliest first."""
Shape = dict[str, Any]
"""How a version’s story hangs together, as JSON: `start`, the `decisions` by id, and for each choice its `moment`
and where it `leads`."""

ROWS_AT_A_TIME = 5000


def former_agencies(session: Session) -> Former:
    """Where people were before they moved. One query."""
    query = (
        select(FormerPlace.person_id, FormerPlace.until, Team.agency_id)
        .join(Team, Team.id == FormerPlace.team_id)
        .order_by(FormerPlace.person_id, FormerPlace.until, FormerPlace.id)
    )
    rows = groupby(session.execute(query), key=itemgetter(0))
    return {person_id: [(until, agency_id) for _, until, agency_id in some] for person_id, some in rows}


def ratings_in(session: Session, module_id: str, former: Former, *, up_to: datetime) -> Iterator[Answers]:
    """The first ratings of each person for each role in each year in London, before `up_to`.

    The place is the year, the role and which statements were rated: those who rate together have rated the same.
    A mark is a statement’s id and its rating.
    """
    query = (
        select(Attempt.person_id, Team.agency_id, StoredEvent.at, StoredEvent.body)
        .join(StoredEvent, StoredEvent.attempt_id == Attempt.id)
        .where(StoredEvent.kind == "rated")
        .order_by(StoredEvent.at, StoredEvent.attempt_id, StoredEvent.number)
    )
    seen: set[tuple[str, str, int]] = set()
    for person_id, agency_id, at, body in _rows(session, query, module_id, up_to=up_to):
        day = day_of(at)
        turn = (person_id, body["role"], day.year)
        if turn in seen:
            continue
        seen.add(turn)
        ratings = sorted(body["ratings"].items())
        place = (str(day.year), body["role"], " ".join(id_ for id_, _ in ratings))
        step = Step(place, tuple(f"{id_} {rating}" for id_, rating in ratings))
        yield Answers(day, _agency_at(at, former.get(person_id, ()), agency_id), (step,))


def choices_in(
    session: Session, module_id: str, former: Former, *, shape_of: Callable[[str], Shape], up_to: datetime
) -> Iterator[Answers]:
    """The first path of each person’s first attempt, once an ending and its debrief were reached, before `up_to`.

    A path that is not at its end is no answer yet, since it would grow day by day. The place is the content version
    that the attempt started on and the moment; the mark is the choice. `shape_of` gives the shape of a version.
    """
    is_debrief = and_(StoredEvent.kind == "opened", StoredEvent.body["part"].as_string() == "debrief")
    query = (
        select(Attempt.id, Attempt.person_id, Team.agency_id, Attempt.version, StoredEvent.at)
        .add_columns(StoredEvent.body["choice"].as_string())
        .join(StoredEvent, StoredEvent.attempt_id == Attempt.id)
        .where(Attempt.number == 0, or_(StoredEvent.kind == "chose", is_debrief))
        .order_by(Attempt.id, StoredEvent.number)
    )
    ended = []
    for attempt_id, events in groupby(_rows(session, query, module_id, up_to=up_to), key=itemgetter(0)):
        choices: list[str] = []
        for _, person_id, agency_id, version, at, choice in events:
            if choice is None:
                agency = _agency_at(at, former.get(person_id, ()), agency_id)
                ended.append((at, attempt_id, agency, version, tuple(choices)))
                break
            choices.append(choice)
    steps_of: dict[tuple[str, tuple[str, ...]], tuple[Step, ...]] = {}  # many people take the same path
    for at, _, agency, version, path in sorted(ended):
        if (version, path) not in steps_of:
            steps_of[version, path] = steps(version, path, shape_of(version))
        yield Answers(day_of(at), agency, steps_of[version, path])


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


def _rows(session: Session, query: Select[Any], module_id: str, *, up_to: datetime) -> Iterator[Any]:
    """The rows of a query about a module, some at a time, with where each person is now."""
    whole = (
        query.join(Person, Person.id == Attempt.person_id)
        .join(Team, Team.id == Person.team_id)
        .where(Attempt.module_id == module_id, StoredEvent.at < up_to)
    )
    parts = session.execute(whole, execution_options={"yield_per": ROWS_AT_A_TIME}).partitions()
    return chain.from_iterable(parts)


def _agency_at(at: datetime, former: Sequence[tuple[datetime, int]], now: int) -> int:
    return next((agency_id for until, agency_id in former if at < until), now)

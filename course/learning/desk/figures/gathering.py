"""Figures about many people, gathered once a day: reading every event while somebody waits for a page is too slow.

What is kept holds whole tens of people and nothing of those who wait to be counted (see tens.py).
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from time import monotonic
from typing import Any, Literal

from sqlalchemy import Insert, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.database import all_or_nothing
from course.learning.desk.days import day_of, start_of
from course.learning.desk.figures.answers import Shape, Whereabouts, choices_in, ratings_in, shape
from course.learning.desk.figures.tens import Group, Groups, count_in_tens
from course.learning.tables import Gathering

Kind = Literal["ratings", "choices"]
KINDS: tuple[Kind, ...] = ("ratings", "choices")

SETTLED = timedelta(minutes=5)
"""After midnight: what was recorded in the day’s last moment is in the database by then, whatever machine it was on.

An answer that came to light after it was passed over would change which ten were counted together.
"""


@dataclass(frozen=True)
class Gathered:
    """The figures of a module, of the days up to and including `day`."""

    day: date
    groups: Groups


def bring_up_to_date(
    session: Session, kind: Kind, modules: Iterable[Module], *, now: datetime, seconds: float | None = None
) -> int:
    """Gather what was answered before last midnight in London, for each module that lacks it; gives how many remain.

    After `seconds` no further module is begun, so that a page is not waited for: the next call goes on, and an
    older figure stays until then. It may run twice at once, and again: the outcome is the same. Commits.
    """
    modules, up_to = list(modules), start_of(day_of(now - SETTLED))
    query = select(Gathering.module_id).where(Gathering.kind == kind, Gathering.up_to >= up_to)
    ready = set(session.scalars(query.order_by(Gathering.module_id)))
    stale = [module for module in modules if module.id not in ready]
    if not stale:
        return 0
    where, begun = Whereabouts(session), monotonic()
    for done, module in enumerate(stale):
        if done and seconds is not None and monotonic() - begun > seconds:
            return len(stale) - done
        body = _GATHER[kind](session, module, where, up_to)
        with all_or_nothing(session):
            session.execute(keep(session, kind, module.id, up_to=up_to, body=body))
    return 0


def gathered(session: Session, kind: Kind, modules: Sequence[Module]) -> dict[str, Gathered]:
    """Module id to its figures, in the order of `modules`; those never gathered are left out. One query."""
    ids = [module.id for module in modules]
    query = select(Gathering.module_id, Gathering.up_to, Gathering.body)
    rows = session.execute(query.where(Gathering.kind == kind, Gathering.module_id.in_(ids)).order_by("module_id"))
    found = {id_: Gathered(day_of(up_to) - timedelta(days=1), _groups(body)) for id_, up_to, body in rows}
    return {id_: found[id_] for id_ in ids if id_ in found}


def _ratings(session: Session, module: Module, where: Whereabouts, up_to: datetime) -> dict[str, Any]:
    answers = ratings_in(session, module.id, where, up_to=up_to)
    return {"groups": _as_json(count_in_tens(answers, until=day_of(up_to)))}


def _choices(session: Session, module: Module, where: Whereabouts, up_to: datetime) -> dict[str, Any]:
    """With the shape of each version’s story as it was first gathered: a later edition must not sort them anew."""
    old = session.get(Gathering, ("choices", module.id), populate_existing=True)
    shapes: dict[str, Shape] = dict(old.body["shapes"]) if old else {}

    def shape_of(version: str) -> Shape:
        return shapes.setdefault(version, today)

    today = shape(module)
    answers = choices_in(session, module.id, where, shape_of=shape_of, up_to=up_to)
    return {"groups": _as_json(count_in_tens(answers, until=day_of(up_to))), "shapes": shapes}


_GATHER: Mapping[Kind, Callable[[Session, Module, Whereabouts, datetime], dict[str, Any]]] = {
    "ratings": _ratings,
    "choices": _choices,
}


def _as_json(groups: Groups) -> list[Any]:
    keys = sorted(groups)
    return [[list(place), agency, groups[place, agency].people, groups[place, agency].marks] for place, agency in keys]


def _groups(body: Mapping[str, Any]) -> Groups:
    return {(tuple(place), agency): Group(people, Counter(marks)) for place, agency, people, marks in body["groups"]}


def keep(session: Session, kind: str, module_id: str, *, up_to: datetime, body: dict[str, Any]) -> Insert:
    """The statement that puts figures in place of older ones, and does nothing where they are not older.

    Two that gather at once have gathered the same.
    """
    row: sqlite.Insert | postgresql.Insert = sqlite.insert(Gathering)
    if session.get_bind().dialect.name != "sqlite":
        row = postgresql.insert(Gathering)
    row = row.values(kind=kind, module_id=module_id, up_to=up_to, body=body)
    new = {"up_to": row.excluded.up_to, "body": row.excluded.body}
    older = Gathering.up_to < row.excluded.up_to
    return row.on_conflict_do_update(index_elements=["kind", "module_id"], set_=new, where=older)

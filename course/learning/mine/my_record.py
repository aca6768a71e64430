"""Everything that the course keeps of one person, for them alone: to see and to take away (UK GDPR, article 15).

A test holds that each column that refers to people is in one of KINDS or in LEFT_OUT. Nobody else is in it but by name,
where they looked, made, asked or confirmed something.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from course.learning.mine.kept_of_people import LEFT_OUT, Kind
from course.learning.mine.kept_of_work import KINDS_DONE_FOR_OTHERS
from course.learning.tables import (
    Agency,
    Assignment,
    Attempt,
    Audit,
    CardAnswer,
    Certificate,
    CheckBegun,
    Completion,
    DataRequest,
    FormerPlace,
    Letter,
    Outgoing,
    Person,
    Reflection,
    Share,
    SixWeekCheck,
    StoredEvent,
    Team,
)

__all__ = ["KINDS", "LEFT_OUT", "counts", "kinds", "rows"]

AT_A_TIME = 500
"""Rows read at once: what is held of a record at any moment, however long it is."""


_Other, _Ender, _OtherTeam = aliased(Person), aliased(Person), aliased(Team)


def _asks(person: Person) -> ColumnElement[bool]:
    """An assignment that names them, or everybody in a place or role that is theirs now."""
    return and_(
        or_(Assignment.person_id.is_(None), Assignment.person_id == person.id),
        or_(Assignment.agency_id.is_(None), Assignment.agency_id == person.team.agency_id),
        or_(Assignment.team_id.is_(None), Assignment.team_id == person.team_id),
        or_(Assignment.role.is_(None), Assignment.role == person.role),
    )


def _by(column: InstrumentedAttribute[Any]) -> Callable[[Select[Any]], Select[Any]]:
    return lambda query: query.outerjoin(_Other, _Other.id == column)


def _with_place(query: Select[Any]) -> Select[Any]:
    query = query.join(Team, Team.id == Person.team_id).join(Agency, Agency.id == Team.agency_id)
    return query.outerjoin(_Other, _Other.id == Person.manager_id)


def _of_attempt(column: InstrumentedAttribute[Any]) -> Callable[[Select[Any]], Select[Any]]:
    return lambda query: query.join(Attempt, Attempt.id == column)


def _where_they_were(query: Select[Any]) -> Select[Any]:
    return query.outerjoin(Team, Team.id == FormerPlace.team_id).outerjoin(Agency, Agency.id == Team.agency_id)


def _with_doer(query: Select[Any]) -> Select[Any]:
    query = query.join(_Other, _Other.id == Audit.by_id).join(_OtherTeam, _OtherTeam.id == _Other.team_id)
    return query.join(Agency, Agency.id == _OtherTeam.agency_id)


def _asker(query: Select[Any]) -> Select[Any]:
    query = query.outerjoin(_Other, _Other.id == Assignment.made_by_id)
    return query.outerjoin(_Ender, _Ender.id == Assignment.ended_by_id)


def _with_completion(query: Select[Any]) -> Select[Any]:
    query = query.join(Completion, Completion.id == SixWeekCheck.completion_id)
    return query.outerjoin(_Other, _Other.id == SixWeekCheck.confirmed_by_id)


_WHOM = case((Assignment.person_id.is_not(None), "you"), else_="everybody in a place or role")
_PLACE: dict[str, SQLColumnExpression[Any]] = {"agency": Agency.name, "team": Team.name}
_OF_ATTEMPT: dict[str, SQLColumnExpression[Any]] = {"module_id": Attempt.module_id, "attempt_number": Attempt.number}

KINDS: tuple[Kind, ...] = (
    Kind("person", Person, (Person.id,), (Person.id,), also={**_PLACE, "manager": _Other.name}, joins=_with_place),
    Kind(
        "former_places",
        FormerPlace,
        (FormerPlace.person_id,),
        (FormerPlace.until, FormerPlace.id),
        also=_PLACE,
        joins=_where_they_were,
    ),
    Kind(
        "assignments",
        Assignment,
        (Assignment.person_id,),
        (Assignment.made_at, Assignment.id),
        also={"asks": _WHOM, "made_by": _Other.name, "ended_by": _Ender.name},
        joins=_asker,
        fits=_asks,
    ),
    Kind("letters", Letter, (Letter.person_id,), (Letter.at, Letter.id)),
    Kind("attempts", Attempt, (Attempt.person_id,), (Attempt.started_at, Attempt.id)),
    Kind(
        "events",
        StoredEvent,
        (Attempt.person_id,),
        (StoredEvent.at, StoredEvent.attempt_id, StoredEvent.number),
        also=_OF_ATTEMPT,
        joins=_of_attempt(StoredEvent.attempt_id),
    ),
    Kind("completions", Completion, (Completion.person_id,), (Completion.completed_at, Completion.id)),
    Kind(
        "statements",
        Outgoing,
        (Attempt.person_id,),
        (Outgoing.attempt_id, Outgoing.number, Outgoing.statement_id),
        also=_OF_ATTEMPT,
        joins=_of_attempt(Outgoing.attempt_id),
    ),
    Kind("reflections", Reflection, (Reflection.person_id,), (Reflection.saved_at, Reflection.module_id)),
    Kind("shares", Share, (Share.person_id,), (Share.made_at, Share.mark)),
    Kind(
        "six_week_checks",
        SixWeekCheck,
        (SixWeekCheck.person_id,),
        (SixWeekCheck.at, SixWeekCheck.completion_id),
        also={"module_id": Completion.module_id, "confirmed_by": _Other.name},
        joins=_with_completion,
    ),
    Kind(
        "checks_begun",
        CheckBegun,
        (CheckBegun.person_id,),
        (CheckBegun.at, CheckBegun.completion_id),
        also={"module_id": Completion.module_id},
        joins=lambda query: query.join(Completion, Completion.id == CheckBegun.completion_id),
    ),
    Kind(
        "card_answers",
        CardAnswer,
        (CardAnswer.person_id,),
        (CardAnswer.at, CardAnswer.card_id),
        also={"module_id": Completion.module_id},
        joins=lambda query: query.join(Completion, Completion.id == CardAnswer.completion_id),
    ),
    Kind("certificates", Certificate, (Certificate.person_id,), (Certificate.made_at, Certificate.code)),
    Kind(
        "requests",
        DataRequest,
        (DataRequest.person_id,),
        (DataRequest.at, DataRequest.id),
        also={"answered_by": _Other.name},
        joins=_by(DataRequest.answered_by_id),
    ),
    Kind(
        "who_looked",
        Audit,
        (Audit.about_id,),
        (Audit.at, Audit.id),
        also={"by": _Other.name, "agency": Agency.name},
        joins=_with_doer,
    ),
    *KINDS_DONE_FOR_OTHERS,
)
"""In the order in which they are shown."""


def counts(session: Session, person: Person) -> dict[str, int]:
    """Key of a kind to how many rows are kept of this person. One query."""
    row = session.execute(select(*(kind.count(person).label(kind.key) for kind in KINDS))).one()
    return dict(zip((kind.key for kind in KINDS), row, strict=True))


def rows(session: Session, person: Person, kind: Kind, *, limit: int | None = None) -> Iterator[dict[str, Any]]:
    """What is kept of this person, column to value, the newest first; some rows at a time. One query."""
    query = kind.query(person).limit(limit).execution_options(yield_per=AT_A_TIME)
    yield from (dict(row._mapping) for row in session.execute(query))


def kinds(keys: Iterable[str]) -> Sequence[Kind]:
    """The kinds with these keys, in their order."""
    wanted = set(keys)
    return [kind for kind in KINDS if kind.key in wanted]

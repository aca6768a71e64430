"""Requests about one’s own data, and what leads answer (UK GDPR, articles 16 and 17).

Somebody has at most one open request of each kind: asking anew takes its place. What they write is read by the leads
who answer; it is in no audit line, letter or log.
"""

import unicodedata
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Delete, Select, delete, func, select
from sqlalchemy.orm import Session, joinedload

from course.learning.columns import TEXT
from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.people.joining_rules import Refused, lock
from course.learning.scope import Scope, scope_of
from course.learning.tables import DataRequest, Person, Team

ANSWERING = ("partnership-lead", "administrator")
"""The accesses of `may_answer`, for queries."""


class NotForYou(Exception):
    """For whoever asked, there is no such request."""


class WrongWords(Exception):
    """What was written cannot be kept; the message is a sentence for whoever wrote it."""


class AlreadyAnswered(Exception):
    """Somebody else has answered it meanwhile, or whoever asked has taken it back."""


def may_answer(person: Person) -> bool:
    """Whether somebody answers requests: whoever looks after everybody."""
    return scope_of(person) == Scope(agency_id=None, team_id=None)


def ask(session: Session, person: Person, kind: str, *, text: str, now: datetime) -> DataRequest:
    """Keep a request in place of an open one of the same kind. Commits. Raises WrongWords.

    A request to correct needs words; one to erase does not.
    """
    words = _checked(text, missing="Say what is wrong and what is right." if kind == "correct" else "")
    with all_or_nothing(session):
        lock(session, person.id)  # of a button that is pressed twice one request comes
        session.execute(_open_of(person, kind))
        request = DataRequest(person_id=person.id, kind=kind, text=words, at=now)
        session.add(request)
    return request


def take_back(session: Session, person: Person, kind: str) -> None:
    """Delete an open request of one’s own; where there is none nothing happens. Commits."""
    with all_or_nothing(session):
        session.execute(_open_of(person, kind))


def open_of(session: Session, person: Person) -> dict[str, DataRequest]:
    """Kind to the open request of this person. One query."""
    query = select(DataRequest).where(DataRequest.person_id == person.id, DataRequest.answered_at.is_(None))
    return {request.kind: request for request in session.scalars(query.order_by(DataRequest.id))}


def waiting(session: Session) -> Sequence[DataRequest]:
    """Every open request with who asks, the oldest first. One query."""
    query = _whole().where(DataRequest.answered_at.is_(None))
    return session.scalars(query.order_by(DataRequest.at, DataRequest.id)).all()


def count_waiting(session: Session, by: Person) -> int:
    """How many open requests `by` may answer. One query, or none for whoever answers none."""
    if not may_answer(by):
        return 0
    return session.scalar(select(func.count()).where(DataRequest.answered_at.is_(None))) or 0


def answered(session: Session, *, limit: int, offset: int = 0) -> Sequence[DataRequest]:
    """Answered requests, the newest answer first. One query."""
    query = _whole().where(DataRequest.answered_at.is_not(None))
    newest = query.order_by(DataRequest.answered_at.desc(), DataRequest.id.desc())
    return session.scalars(newest.limit(limit).offset(offset)).all()


def find(session: Session, by: Person, request_id: int) -> DataRequest:
    """A request with who asks, for whoever may answer it. One query. Raises NotForYou."""
    request = session.scalar(_whole().where(DataRequest.id == request_id)) if may_answer(by) else None
    if request is None:
        raise NotForYou
    return request


def read(session: Session, by: Person, request: DataRequest, *, now: datetime) -> None:
    """Keep in the audit that `by` opened this request, which whom it is about can see. Commits."""
    with all_or_nothing(session):
        audit.keep(session, by, "read-request", now=now, about_id=request.person_id)


def is_for_somebody_else(session: Session, by: Person, request: DataRequest) -> bool:
    """Whether this is `by`’s own request and somebody else can sign in who may answer it. One query, or none."""
    if request.person_id != by.id:
        return False
    others = (Person.id != by.id, Person.left_at.is_(None), Person.password_hash != "")
    query = select(func.count()).where(Person.access.in_(ANSWERING), *others)
    return bool(session.scalar(query))


def answer(session: Session, by: Person, request: DataRequest, *, text: str, now: datetime) -> None:
    """Keep an answer in words; of a request to erase, that it is refused and why. Commits.

    Raises Refused for one’s own request, unless nobody else may answer it; WrongWords; and AlreadyAnswered. Then
    nothing is kept.
    """
    if is_for_somebody_else(session, by, request):
        raise Refused("This is your own request. Somebody else who answers requests has to decide on it.")
    words = _checked(text, missing="Write your answer. Whoever asked reads it.")
    with all_or_nothing(session):
        hold_open(session, request)
        put_answer(session, by, request, text=words, now=now)
        audit.keep(session, by, "answered", now=now, about_id=request.person_id)


def hold_open(session: Session, request: DataRequest) -> None:
    """From here to the commit nobody else answers this request. Raises AlreadyAnswered where it is not open."""
    lock(session, request.person_id)
    still_open = (DataRequest.id == request.id, DataRequest.answered_at.is_(None))
    if session.scalar(select(DataRequest.id).where(*still_open)) is None:
        raise AlreadyAnswered


def put_answer(session: Session, by: Person, request: DataRequest, *, text: str, now: datetime) -> None:
    """As `answer`, for whoever commits it together with more."""
    request.answered_at, request.answered_by_id, request.answer = now, by.id, text


def _whole() -> Select[DataRequest]:
    asker = joinedload(DataRequest.person, innerjoin=True).joinedload(Person.team, innerjoin=True)
    options = (asker.joinedload(Team.agency, innerjoin=True), joinedload(DataRequest.answered_by))
    return select(DataRequest).options(*options).execution_options(populate_existing=True)


def _open_of(person: Person, kind: str) -> Delete:
    mine = (DataRequest.person_id == person.id, DataRequest.kind == kind, DataRequest.answered_at.is_(None))
    return delete(DataRequest).where(*mine)


def _checked(text: str, *, missing: str) -> str:
    """Without control characters, which databases do not take; a line ends one way."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    words = "".join(c for c in lines if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cs")).strip()
    if not words and missing:
        raise WrongWords(missing)
    if len(words) > TEXT:
        raise WrongWords(f"This has {len(words):,} characters. Shorten it to {TEXT:,} or fewer.")
    return words

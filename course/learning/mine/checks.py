"""The check six weeks after a module: what somebody answers, and that they talked it over with their manager.

What they choose is kept when they choose it, since they are then shown what it turned on. It is a check only once the
questions are answered too: a row of SixWeekCheck is a whole one, and what is begun is apart (checks_begun.py).

What they answer is theirs alone. Their manager learns that there was something to talk over and when; training leads
learn counts of many people. Nobody else learns anything, so no query here gives answers but to whoever gave them.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from sqlalchemy import ColumnElement, Subquery, delete, exists, func, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased, joinedload

from course.learning.columns import UtcTime
from course.learning.database import all_or_nothing
from course.learning.tables import CheckBegun, Person, SixWeekCheck, Team

CHECK_AFTER = timedelta(days=42)
"""In days of London."""

QUESTIONS: dict[str, tuple[str, dict[str, str]]] = {
    "did": (
        "Have you done what you said you would?",
        {"done": "Yes, done", "partly": "Partly", "not-yet": "Not yet", "none": "I had not said anything"},
    ),
    "came_up": (
        "Has something like it come up at work since?",
        {
            "differently": "Yes, and I did something differently",
            "as-before": "Yes, and I did as before",
            "no": "No",
            "not-sure": "I am not sure",
        },
    ),
    "in_the_way": (
        "What stood in the way most?",
        {
            "nothing": "Nothing did",
            "time": "Time and workload",
            "not-sure-how": "I was not sure how",
            "other-agency": "I could not reach the other agency",
            "not-supported": "It was not supported here",
        },
    ),
}
"""Column of SixWeekCheck to a question and its fixed answers. There is no free text anywhere in a check."""


class NotYours(Exception):
    """No such talk is theirs to confirm: it does not exist for them."""


class Talk(NamedTuple):
    """What a manager sees: who says that they talked something over with them, and when. Never what."""

    completion_id: int
    name: str
    module_id: str
    said_at: datetime


def unanswered(given: Mapping[str, str]) -> list[str]:
    """The questions that have none of their own answers yet, in their order."""
    return [name for name, (_, answers) in QUESTIONS.items() if given.get(name) not in answers]


def keep_check(
    session: Session, person_id: str, completion_id: int, *, choice: str, given: Mapping[str, str], now: datetime
) -> None:
    """Keep a whole check. Commits. What was answered first stays: a second time, and a second tab, change nothing.

    Raises ValueError unless every question has one of its own answers.
    """
    if missing := unanswered(given):
        raise ValueError(f"Not answered: {', '.join(missing)}")
    answers = {name: given[name] for name in QUESTIONS}
    check = SixWeekCheck(completion_id=completion_id, person_id=person_id, choice=choice, at=now, **answers)
    try:
        with all_or_nothing(session):
            session.add(check)
            session.execute(delete(CheckBegun).where(CheckBegun.completion_id == completion_id))
    except IntegrityError:
        if session.get(SixWeekCheck, completion_id) is None:
            raise


def say_talked_over(session: Session, person_id: str, completion_id: int, *, now: datetime) -> None:
    """Keep that they talked their check over with their manager. Commits.

    Said before, it changes nothing, unless the manager has answered since that they have not talked yet.
    """
    theirs = (SixWeekCheck.completion_id == completion_id, SixWeekCheck.person_id == person_id)
    is_new = SixWeekCheck.discussed_at.is_(None) | SixWeekCheck.not_yet_at.is_not(None)
    said = update(SixWeekCheck).where(*theirs, is_new, SixWeekCheck.confirmed_at.is_(None))
    with all_or_nothing(session):
        session.execute(said.values(discussed_at=now, not_yet_at=None))


def is_to_talk_over(check: SixWeekCheck) -> bool:
    """Whether they have not said yet that they talked it over, or their manager says: not yet."""
    return check.confirmed_at is None and (check.discussed_at is None or check.not_yet_at is not None)


def manager_of(session: Session, person: Person) -> Person | None:
    """Who may confirm a talk with this person: who is named as their manager, works in the same agency and is here.

    The rule for letters to managers is the same (reminder_readers.py). One query, none where nobody is named.
    """
    if person.manager_id is None or person.manager_id == person.id:
        return None
    query = select(Person).join(Team, Team.id == Person.team_id)
    here = (Person.left_at.is_(None), Team.agency_id == person.team.agency_id)
    return session.scalar(query.where(Person.id == person.manager_id, *here))


def talks_waiting() -> Subquery:
    """How many talks wait for each manager who has any to confirm, and when it was last said that there was one."""
    manager, person = aliased(Person), aliased(Person)
    query = (
        select(manager.id.label("manager_id"), func.count().label("talks"))
        .add_columns(func.max(SixWeekCheck.discussed_at, type_=UtcTime).label("last"))
        .join(person, person.id == SixWeekCheck.person_id)
        .join(manager, manager.id == person.manager_id)
        .where(talks_with(manager.id))
    )
    return query.group_by(manager.id).subquery()


def talks_with(manager_id: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """The SQL condition that a check waits for this manager to confirm that it was talked over."""
    is_open = SixWeekCheck.not_yet_at.is_(None) & SixWeekCheck.confirmed_at.is_(None)
    return SixWeekCheck.discussed_at.is_not(None) & is_open & _manages(manager_id)


def talks_to_confirm(session: Session, manager_id: str) -> list[Talk]:
    """What waits for this manager to confirm, the oldest first. One query."""
    both = (joinedload(SixWeekCheck.person, innerjoin=True), joinedload(SixWeekCheck.completion, innerjoin=True))
    query = select(SixWeekCheck).where(talks_with(manager_id)).options(*both)
    found = session.scalars(query.order_by(SixWeekCheck.discussed_at, SixWeekCheck.completion_id))
    return [
        Talk(one.completion_id, one.person.name, one.completion.module_id, one.discussed_at)
        for one in found
        if one.discussed_at
    ]


def confirm_talk(session: Session, manager: Person, completion_id: int, *, took_place: bool, now: datetime) -> None:
    """Keep that a talk took place, or did not yet. Commits.

    That it was said to stays as it was said: it is the learner's word, beside the manager's. Only the named manager
    may confirm (see manager_of): raises NotYours for anybody else and anything else. Pressed twice it changes nothing
    more, and what is confirmed stays so.
    """
    here = (SixWeekCheck.completion_id == completion_id, _manages(manager.id))
    if session.scalar(select(SixWeekCheck.completion_id).where(*here)) is None:
        raise NotYours
    values = {"confirmed_at": now, "confirmed_by_id": manager.id} if took_place else {"not_yet_at": now}
    with all_or_nothing(session):
        waits = (SixWeekCheck.completion_id == completion_id, talks_with(manager.id))
        session.execute(update(SixWeekCheck).where(*waits).values(values).execution_options(synchronize_session=False))


_ALIASES = (aliased(Person), aliased(Person), aliased(Team), aliased(Team))
"""Made once: every look at the first page asks, and to make them anew takes longer than the query itself."""


def _manages(manager_id: str | InstrumentedAttribute[str]) -> ColumnElement[bool]:
    """That the person of a check has this manager now: both here, and in the same agency."""
    person, manager, own, theirs = _ALIASES
    return exists().where(
        person.id == SixWeekCheck.person_id,
        person.manager_id == manager_id,
        person.left_at.is_(None),
        own.id == person.team_id,
        manager.id == manager_id,
        manager.id != person.id,
        manager.left_at.is_(None),
        theirs.id == manager.team_id,
        theirs.agency_id == own.agency_id,
    )

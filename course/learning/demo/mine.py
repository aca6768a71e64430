"""What the named learners of the demonstration keep for themselves, by the course's own verbs, at times long past."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.demo.journals import ENTRIES, REQUESTS, DemoEntry
from course.learning.demo.learning import working_hour
from course.learning.demo.people import NAMED
from course.learning.desk.days import day_of
from course.learning.mine import data_requests, reflections, sharing
from course.learning.mine.follows import follows
from course.learning.tables import Completion, Person

_LEAD = next(member.email for member in NAMED if member.access == "partnership-lead")


def keep_theirs(session: Session, modules: Sequence[Module], *, now: datetime, chance: Random) -> None:
    """Keep journals, shares and requests about data. Commits nothing: it is kept together with the people."""
    verbs_commit = Session(session.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False)
    by_number = {module.number: module for module in modules}
    with verbs_commit as inner:
        emails = [member.email for member in NAMED]
        people = {person.email: person for person in inner.scalars(select(Person).where(Person.email.in_(emails)))}
        for entry in ENTRIES:
            if module := by_number.get(entry.number):
                _write(inner, people[entry.email], module, entry=entry, now=now, chance=chance)
        _ask(inner, people, now=now, chance=chance)
        inner.commit()


def _write(
    session: Session, person: Person, module: Module, *, entry: DemoEntry, now: datetime, chance: Random
) -> None:
    """An entry, ticked off and shared as it says."""
    done = follows(session, person.id, [module]).newest[module.id]
    kept = reflections.keep_reflection(
        session,
        person.id,
        module.id,
        answers=entry.answers,
        commitment=entry.commitment,
        due_on=day_of(now + timedelta(days=entry.due_in)),
        who_notices=entry.who_notices,
        now=session.scalars(select(Completion.completed_at).where(Completion.id == done.completion_id)).one(),
    )
    if entry.done:
        reflections.tick(session, person.id, module.id, done_at=_ago(now, entry.done, chance))
    if entry.shared:
        token = f"{chance.getrandbits(256):064x}"  # thrown away: nobody can open what it shows
        share = sharing.share(session, kept, token, days=sharing.DAYS[1], now=_ago(now, entry.shared, chance))
        if entry.taken_back:
            sharing.take_back(session, person.id, share.mark, now=_ago(now, entry.taken_back, chance))


def _ask(session: Session, people: Mapping[str, Person], *, now: datetime, chance: Random) -> None:
    """One request that is open, and one that was answered."""
    for request in REQUESTS:
        at = _ago(now, request.days, chance)
        asked = data_requests.ask(session, people[request.email], "correct", text=request.text, now=at)
        if request.answered:
            answered_at = _ago(now, request.answered, chance)
            data_requests.answer(session, people[_LEAD], asked, text=request.answer, now=answered_at)


def _ago(now: datetime, days: int, chance: Random) -> datetime:
    return working_hour(now - timedelta(days=days), chance)

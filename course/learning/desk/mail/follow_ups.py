"""Letters about what comes back after a module: who would get which now. Each goes once, and at most one a week.

Checks, cards and talks never stand in one letter, nor in a reminder, which may name people to whoever manages them.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk.days import day_of, end_of, start_of
from course.learning.desk.mail.follow_up_words import Reader, card_draft, check_draft, talks_draft
from course.learning.desk.mail.post import Draft
from course.learning.desk.mail.reminder_words import WEEK, Terms
from course.learning.mine.cards import Answered, next_card
from course.learning.mine.checks import CHECK_AFTER, talks_waiting
from course.learning.mine.follows import Newest, is_newest
from course.learning.tables import CardAnswer, Completion, Letter, Person, SixWeekCheck

STILL_WRITTEN = timedelta(days=28)
"""For so long after a check comes due, or a talk is said, its letter may go: what is years old gets none."""

_SIGNS_IN = (Person.left_at.is_(None), Person.password_hash != "")
_READER = (Person.id, Person.name, Person.email)


class _Sent:
    """The letters of a kind that went, or may have gone."""

    def __init__(self, session: Session, kind: str, *, since: datetime | None = None) -> None:
        query = select(Letter.person_id, Letter.once, Letter.at).where(Letter.kind == kind, Letter.once.is_not(None))
        query = query if since is None else query.where(Letter.at >= since)
        found = session.execute(query.order_by(Letter.at)).all()
        self.once = {once for _, once, _ in found}
        self.last = {person_id: day_of(at) for person_id, _, at in found}

    def may_go(self, person_id: str, once: str, now: datetime) -> bool:
        last = self.last.get(person_id)
        return once not in self.once and (last is None or last + WEEK <= day_of(now))


def follow_ups(session: Session, modules: Iterable[Module], *, now: datetime, terms: Terms) -> list[Draft]:
    """Every letter about a check, a card or talks that goes now, by address. Seven queries."""
    by_id = {module.id: module for module in modules}
    drafts = [*_checks(session, by_id, now=now, terms=terms), *_cards(session, by_id, now=now, terms=terms)]
    drafts += _talks(session, now=now, terms=terms)
    return sorted(drafts, key=lambda draft: (draft.email, draft.kind))


def _checks(session: Session, modules: Mapping[str, Module], *, now: datetime, terms: Terms) -> Iterator[Draft]:
    """One for each person whose check came due and is not answered: the one that came due first, if it had none yet."""
    newest_day = day_of(now) - CHECK_AFTER
    first = start_of(newest_day - STILL_WRITTEN)
    answered = exists().where(SixWeekCheck.completion_id == Completion.id)
    wants = (Person.wants_reminders.is_(True),) if terms.may_opt_out else ()
    query = (
        select(*_READER, Completion.id, Completion.module_id, Completion.completed_at)
        .join(Person, Person.id == Completion.person_id)
        .where(Completion.completed_at >= first, Completion.completed_at < end_of(newest_day))
        .where(is_newest(), ~answered, *_SIGNS_IN, *wants)
        .order_by(Person.id, Completion.completed_at, Completion.id)
    )
    sent = _Sent(session, "check", since=first)
    for _, rows in groupby(session.execute(query), key=itemgetter(0)):
        for *reader, completion_id, module_id, at in rows:
            once, module = f"check:{completion_id}", modules.get(module_id)
            if module and sent.may_go(reader[0], once, now):
                yield check_draft(Reader(*reader), terms, module, on=day_of(at), once=once)
                break


def _talks(session: Session, *, now: datetime, terms: Terms) -> Iterator[Draft]:
    """One for each manager for whom a talk waits that was said since their last letter, and not long ago."""
    waiting = talks_waiting()
    wants = (Person.wants_reminders.is_(True),) if terms.may_opt_out else ()
    query = (
        select(*_READER, waiting.c.talks, waiting.c.last)
        .join(waiting, waiting.c.manager_id == Person.id)
        .where(waiting.c.last >= now - STILL_WRITTEN, *_SIGNS_IN, *wants)
        .order_by(Person.id)
    )
    sent = _Sent(session, "talks")
    for *reader, talks, last in session.execute(query):
        once = f"talks:{reader[0]}:{last:%Y-%m-%dT%H:%M:%S.%f}"
        if sent.may_go(reader[0], once, now):
            yield talks_draft(Reader(*reader), terms, talks, once=once)


def _cards(session: Session, modules: Mapping[str, Module], *, now: datetime, terms: Terms) -> Iterator[Draft]:
    """One for each person who asked for cards by e-mail and for whom one waits that had no letter yet."""
    wants = (Person.cards == "email", *_SIGNS_IN)
    completions = (
        select(*_READER, Completion.id, Completion.module_id, Completion.completed_at)
        .join(Person, Person.id == Completion.person_id)
        .where(*wants)
        .order_by(Person.id, Completion.completed_at, Completion.id)
    )
    answers = (
        select(CardAnswer.person_id, CardAnswer.completion_id, CardAnswer.card_id, CardAnswer.at)
        .join(Person, Person.id == CardAnswer.person_id)
        .where(*wants)
        .order_by(CardAnswer.person_id, CardAnswer.at)
    )
    answered: dict[str, list[Answered]] = defaultdict(list)
    for person_id, completion_id, card_id, at in session.execute(answers):
        answered[person_id].append(Answered(completion_id, card_id, day_of(at)))
    sent = _Sent(session, "card")
    for reader, rows in groupby(session.execute(completions), key=itemgetter(0, 1, 2)):
        newest = {
            module_id: Newest(completion_id, modules[module_id], day_of(at), None)
            for *_, completion_id, module_id, at in rows
            if module_id in modules
        }
        card = next_card(newest.values(), answered[reader[0]], day_of(now))
        if card and card.on <= day_of(now):
            once = f"card:{card.newest.completion_id}:{card.card.id}"
            if sent.may_go(reader[0], once, now):
                yield card_draft(Reader(*reader), terms, once=once)

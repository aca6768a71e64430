"""Decision cards: which comes next and when, worked out when it is looked at, and what was chosen.

A card comes about one, four and twelve weeks after a module was completed last. At most one waits at a time and at
most one comes in any seven days, so that whoever asks for cards late, with many modules behind them, gets them one
by one. What is chosen is theirs alone and counts for nothing.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.catalogue.later import Card
from course.learning.database import all_or_nothing
from course.learning.desk.days import day_of
from course.learning.mine.follows import Newest
from course.learning.tables import CARDS, CardAnswer, Person

COMES_AFTER = (timedelta(days=7), timedelta(days=28), timedelta(days=84))
"""Days of London from a completion to each of its cards."""
BETWEEN = timedelta(days=7)
"""From one answer to the next card, of whatever module."""


class Answered(NamedTuple):
    """That a card was answered, and on which day."""

    completion_id: int
    card_id: str
    on: date


class Coming(NamedTuple):
    """A card and the first day on which it can be answered."""

    newest: Newest
    number: int
    """0 for the first of its module."""
    card: Card
    on: date


def next_card(newest: Iterable[Newest], answered: Collection[Answered], today: date) -> Coming | None:
    """The card that waits today, else the one that comes next; None where none is left.

    Modules take turns: first those that have had no card yet, then those whose last card lies furthest back; among
    these, the one that came due last, since what was just learnt gains most by coming back in time.
    """
    each = [found for one in newest if (found := _next_of(one, answered))]
    if not each:
        return None
    free = max((one.on + BETWEEN for one in answered), default=date.min)
    day = max(today, free, min(one.on for one in each))
    ready = [one for one in each if one.on <= day]

    def turn(one: Coming) -> tuple[date, int, int]:
        return _last_card(one.newest, answered), -one.on.toordinal(), one.newest.module.number

    return min(ready, key=turn)._replace(on=day)


def coming_cards(
    newest: Collection[Newest], answered: Collection[Answered], today: date, until: date
) -> Iterator[Coming]:
    """The cards up to a day, if each is answered on the day on which it comes."""
    done, day = list(answered), today
    while (card := next_card(newest, done, day)) and card.on <= until:
        yield card
        day = card.on
        done.append(Answered(card.newest.completion_id, card.card.id, day))


def _next_of(newest: Newest, answered: Collection[Answered]) -> Coming | None:
    """The first card of a module that has no answer: as long after the one before it as they lie apart."""
    done = {one.card_id: one.on for one in answered if one.completion_id == newest.completion_id}
    day, before = newest.on, timedelta()
    for number, (card, after) in enumerate(zip(newest.module.later.cards, COMES_AFTER, strict=False)):
        day = max(newest.on + after, day + after - before)
        if card.id not in done:
            return Coming(newest, number, card, day)
        day, before = done[card.id], after
    return None


def _last_card(newest: Newest, answered: Collection[Answered]) -> date:
    """When a card of the module was answered last."""
    ids = {card.id for card in newest.module.later.cards}
    return max((one.on for one in answered if one.card_id in ids), default=date.min)


def answers_of(session: Session, person_id: str) -> list[CardAnswer]:
    """Every card that somebody answered, the newest first. One query."""
    query = select(CardAnswer).where(CardAnswer.person_id == person_id)
    return list(session.scalars(query.order_by(CardAnswer.at.desc(), CardAnswer.completion_id, CardAnswer.card_id)))


def days_of(answers: Iterable[CardAnswer]) -> list[Answered]:
    """The same, as far as it decides what comes next."""
    return [Answered(one.completion_id, one.card_id, day_of(one.at)) for one in answers]


def keep_answer(session: Session, person_id: str, coming: Coming, *, choice: str, now: datetime) -> None:
    """Keep what somebody chose on a card. Commits. What was chosen first stays."""
    key = (coming.newest.completion_id, coming.card.id)
    answer = CardAnswer(completion_id=key[0], card_id=key[1], person_id=person_id, choice=choice, at=now)
    try:
        with all_or_nothing(session):
            session.add(answer)
    except IntegrityError:
        if session.get(CardAnswer, key) is None:
            raise


def want_cards(session: Session, person: Person, how: str) -> None:
    """Keep how somebody wants cards, one of CARDS. Commits. Raises ValueError for anything else."""
    if how not in CARDS:
        raise ValueError(how)
    with all_or_nothing(session):
        person.cards = how

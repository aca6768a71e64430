"""Decision cards of the demonstration: who wants them, and what they chose."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from course.catalogue.later import Card
from course.learning.demo.journals import LEARNER, MANAGER
from course.learning.demo.learning import insert_rows
from course.learning.mine.cards import Answered, next_card
from course.learning.mine.follows import Newest
from course.learning.tables import CardAnswer, Person

_WANT_CARDS = 0.2


def answer_cards(session: Session, done: Mapping[Person, Iterable[Newest]], *, today: date, chance: Random) -> None:
    """Let the two who keep a journal, and some others, have wanted cards for a while. Commits nothing.

    `done`: what each completed, the oldest of a module first. The last card that came to each still waits.
    """
    rows = []
    for person, completed in done.items():
        has_journal = person.email in (LEARNER, MANAGER)
        if not has_journal and chance.random() >= _WANT_CARDS:
            continue
        newest = {one.module.id: one for one in completed}.values()
        since = today - timedelta(days=60 if has_journal else chance.randint(20, 80))
        answers = list(_answers(newest, since, today, chance=chance))
        rows += [{"person_id": person.id, **answer} for answer in answers[:-1]]
    insert_rows(session, CardAnswer, rows)
    wanted = {row["person_id"] for row in rows}
    session.execute(update(Person).where(Person.id.in_(wanted)).values(cards="home"))


def choose_on(fork: Card, chance: Random) -> str:
    """The id of what somebody chose."""
    [choice] = chance.choices(fork.choices, weights=[3 if choice.strong else 1 for choice in fork.choices])
    return choice.id


def _answers(newest: Collection[Newest], since: date, today: date, *, chance: Random) -> Iterator[dict[str, Any]]:
    """Each card that came, answered within days: on a phone, at any hour from morning to evening."""
    answered, day = list[Answered](), since
    while (card := next_card(newest, answered, day)) and card.on <= today:
        day = card.on + timedelta(days=chance.randint(0, 3))
        key = (card.newest.completion_id, card.card.id)
        answered.append(Answered(*key, day))
        at = datetime.combine(day, time(chance.randint(7, 20), chance.randint(0, 59)), UTC)
        yield {"completion_id": key[0], "card_id": key[1], "choice": choose_on(card.card, chance), "at": at}

"""What waits for me after a module: a check, a card, and talks that I am asked to confirm."""

from datetime import date
from typing import NamedTuple

from flask import url_for

from course.catalogue.model import Module
from course.learning.desk.days import day_of, spoken
from course.learning.mine.cards import Coming, answers_of, days_of, next_card
from course.learning.mine.follows import Follows, Newest, follows
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.security import me


class Waiting(NamedTuple):
    """What waits for somebody; the template mine/_waiting.html shows it, and nothing where nothing does."""

    check: Module | None
    """The module whose check at six weeks is due."""
    check_address: str
    talk: Module | None
    """The module whose check is answered and not talked over yet."""
    talk_address: str
    is_not_yet: bool
    """Whether my manager says of that talk: not yet."""
    card_address: str
    """Empty where no card is due, or none is wanted."""
    talks: int
    """How many people say that they talked something over with me, which I have not confirmed."""
    talks_address: str

    def __bool__(self) -> bool:
        return bool(self.check or self.talk or self.card_address or self.talks)


def waiting() -> Waiting:
    """What waits for whoever is signed in. Two queries at most; one for whoever wants no cards."""
    found, today = follows(database(), me().id, library().modules), day_of(now())
    check, talk, card = found.check_due(today), found.talk_due(today), coming_card(found)
    return Waiting(
        check.module if check else None,
        _address(check),
        talk.module if talk else None,
        _address(talk),
        bool(talk and talk.check and talk.check.not_yet_at),
        url_for("mine.card", card_id=card.card.id) if card and card.on <= today else "",
        found.talks,
        url_for("mine.confirmations"),
    )


def check_words(newest: Newest | None, today: date) -> str:
    """What a link to a check says: when it comes, that it is ready, or what is left of it. Empty where none comes."""
    if newest is None:
        return ""
    if newest.check is None:
        is_ready = newest.check_on <= today
        return (
            "Your six-week check is ready." if is_ready else f"Your six-week check is from {spoken(newest.check_on)}."
        )
    if newest.check.not_yet_at:
        return "Your six-week check: your manager says, not yet. Talk when you can, then say so again."
    if newest.talk_since:
        return "Your six-week check: talk it over with your manager, then say so."
    return "Your six-week check"


def _address(newest: Newest | None) -> str:
    return url_for("mine.check", name=newest.module.folder) if newest else ""


def coming_card(found: Follows) -> Coming | None:
    """The card that waits for me or comes next, if I want cards. One query, none for whoever wants none."""
    if me().cards == "no" or not found.newest:
        return None
    return next_card(found.newest.values(), days_of(answers_of(database(), me().id)), day_of(now()))

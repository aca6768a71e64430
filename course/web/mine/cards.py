"""Decision cards: whether and how I want them, and the one that waits."""

from typing import NamedTuple

from flask import abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from course.catalogue.later import Card, CardChoice
from course.catalogue.model import Module
from course.learning.desk.days import day_of, spoken
from course.learning.mine.cards import Coming, answers_of, days_of, keep_answer, next_card, want_cards
from course.learning.mine.follows import follows
from course.learning.tables import CARDS, CardAnswer
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.delivery import WebDelivery
from course.web.letter_box import mailbox
from course.web.mine.blueprint import blueprint, my_page
from course.web.security import me

TITLE, ONE = "Decision cards", "Decision card"
NO_HOW = "Choose whether you want cards"
NO_CHOICE = "Choose what you would do"
WAIT = "That card does not wait for you now. Here you see when the next one comes."
KEPT = {
    "no": "You get no cards.",
    "home": "Cards will wait on your home page.",
    "email": "Cards will wait on your home page, and you get an e-mail when one does.",
}


class Found(NamedTuple):
    """My cards."""

    cards: dict[str, tuple[Module, Card]]
    """By id: those of the modules that I have completed."""
    answers: dict[str, CardAnswer]
    """By card id: my newest answers, the newest first."""
    coming: Coming | None
    """The one that waits or comes next, if I want cards."""

    def waits(self, card_id: str) -> bool:
        """Whether this is the card that can be answered today."""
        return self.is_waiting and self.coming is not None and self.coming.card.id == card_id

    @property
    def is_waiting(self) -> bool:
        """Whether any can."""
        return self.coming is not None and self.coming.on <= day_of(now())


def _look_up() -> Found:
    """Two queries."""
    newest = follows(database(), me().id, library().modules).newest
    answers = answers_of(database(), me().id)
    cards = {card.id: (one.module, card) for one in newest.values() for card in one.module.later.cards}
    coming = next_card(newest.values(), days_of(answers), day_of(now())) if me().cards != "no" else None
    newest_answers = dict[str, CardAnswer]()
    for one in answers:
        newest_answers.setdefault(one.card_id, one)
    return Found(cards, newest_answers, coming)


@blueprint.get("/cards")
def cards() -> str:
    """What cards are, how I want them, the one that comes next, and those I have answered."""
    return _page()


@blueprint.post("/cards")
def choose_cards() -> tuple[str, int] | Response:
    """Keep how I want cards."""
    how = request.form.get("cards", "")
    if how not in ways():
        return _page(error=NO_HOW), 422
    want_cards(database(), me(), how)
    flash(KEPT[how])
    return redirect(url_for("mine.cards"))


@blueprint.get("/cards/next")
def next_one() -> Response:
    """The card that waits, whichever it is: where letters lead. Else when the next one comes."""
    found = _look_up()
    if found.coming and found.is_waiting:
        return redirect(url_for("mine.card", card_id=found.coming.card.id))
    return redirect(url_for("mine.cards"))


@blueprint.get("/cards/<card_id>")
def card(card_id: str) -> str | Response:
    """The card that waits, or one that I have answered with what follows; 404 unless I completed its module."""
    found = _look_up()
    if card_id not in found.cards:
        abort(404)
    if found.waits(card_id):
        return _card_page(found, card_id)
    if answer := found.answers.get(card_id):
        return _card_page(found, card_id, answer=answer)
    flash(WAIT)
    return redirect(url_for("mine.cards"))


@blueprint.post("/cards/<card_id>")
def answer_card(card_id: str) -> tuple[str, int] | Response:
    """Choose on the card that waits; any other stays as it is."""
    found = _look_up()
    if card_id not in found.cards:
        abort(404)
    if found.coming and found.waits(card_id):
        choice = found.coming.card.choice(request.form.get("choice", ""))
        if choice is None:
            return _card_page(found, card_id, error=NO_CHOICE), 422
        keep_answer(database(), me().id, found.coming, choice=choice.id, now=now())
    return redirect(url_for("mine.card", card_id=card_id))


def ways() -> dict[str, str]:
    """How I may want cards, with its words; by e-mail only where this course sends any."""
    sends = mailbox() is not None or me().cards == "email"
    return {how: words for how, words in CARDS.items() if how != "email" or sends}


def _page(*, error: str = "") -> str:
    found = _look_up()
    done = [
        (card_id, found.cards[card_id][0].number, spoken(day_of(answer.at)))
        for card_id, answer in found.answers.items()
        if card_id in found.cards
    ]
    return my_page(
        f"Error: {TITLE}" if error else TITLE,
        "cards.html",
        error=error,
        ways=ways(),
        how=me().cards,
        coming=found.coming,
        is_waiting=found.is_waiting,
        done=done,
        spoken=spoken,
    )


def _card_page(found: Found, card_id: str, *, answer: CardAnswer | None = None, error: str = "") -> str:
    module, fork = found.cards[card_id]
    chosen: CardChoice | None = fork.choice(answer.choice) if answer else None
    return my_page(
        f"Error: {ONE}" if error else ONE,
        "card_answered.html" if answer else "card.html",
        error=error,
        module=module,
        fork=fork,
        chosen=chosen,
        delivery=WebDelivery(module),
    )

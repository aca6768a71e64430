"""What comes back after a module: spaced decision cards and the six-week check (later.yaml), and what is wrong with it.

A card is one decision on the module’s issue, with changed facts, that takes two minutes. It stands alone: whoever
meets it may have forgotten the module’s own stories.
"""

from collections.abc import Iterable, Iterator

from pydantic import Field, StrictBool

from course.catalogue.files import Document, Problem
from course.catalogue.text import words_in
from course.story.checks import Place
from course.story.model import Content, Id, Line, Prose

SITUATION_WORDS = (50, 110)
CHOICE_WORDS = (8, 35)
FOLLOWS_WORDS = (20, 60)
WHY_WORDS = (30, 80)
MOST_LONGEST = 2
"""Among a module's forks, how many may have the strong choice as the longest one."""


class CardChoice(Content):
    """One thing to do, and what follows when it is done: never whether it was right."""

    id: Id
    text: Line
    strong: StrictBool = False
    follows: Prose


class Card(Content):
    """One decision with changed facts."""

    id: Id
    you: Line = Field(description='Whom the learner is here, after “You are”: "a school nurse".')
    situation: Prose = Field(description="Second person, present tense: what is happening and what you know.")
    choices: tuple[CardChoice, ...] = Field(min_length=2, max_length=3)
    why: Prose = Field(description="What the decision turned on, and what stronger practice does here.")
    sources: tuple[Id, ...] = Field(min_length=1)

    def choice(self, choice_id: str) -> CardChoice | None:
        """The choice with this id, if it is one of the card's."""
        return next((c for c in self.choices if c.id == choice_id), None)


class LaterFile(Content):
    """later.yaml"""

    cards: tuple[Card, ...] = Field(min_length=3, description="In the order that they come: the first after a week.")
    six_weeks: Card

    @property
    def forks(self) -> tuple[Card, ...]:
        """The cards and the fork of the six-week check."""
        return (*self.cards, self.six_weeks)

    @property
    def cited(self) -> tuple[str, ...]:
        """The ids of every reference that a fork rests on, once each."""
        return tuple(dict.fromkeys(id_ for fork in self.forks for id_ in fork.sources))


def forks_at(later: LaterFile) -> Iterator[tuple[Place, Card]]:
    """Each fork with its place in the file."""
    yield from ((("cards", n), card) for n, card in enumerate(later.cards))
    yield ("six_weeks",), later.six_weeks


def check_later(later: LaterFile, document: Document) -> list[Problem]:
    """Every fault of one module's later.yaml beyond its form and what it cites."""
    return [
        *(problem for place, fork in forks_at(later) for problem in _check(fork, place, document)),
        *_tell_tales(later, document),
    ]


def repeated_forks(found: Iterable[tuple[LaterFile, Document]]) -> Iterator[Problem]:
    """Forks of any modules that share an id: answers hang on them."""
    seen: dict[str, str] = {}
    for later, document in found:
        for place, fork in forks_at(later):
            other = seen.setdefault(fork.id, document.name)
            if other != document.name or sum(f.id == fork.id for f in later.forks) > 1:
                what = f"the card id {fork.id!r} is used twice, also in {other}"
                yield document.problem((*place, "id"), what, "give each its own")


def _check(fork: Card, place: Place, document: Document) -> Iterator[Problem]:
    yield from _size(fork.situation, SITUATION_WORDS, (*place, "situation"), document)
    yield from _size(fork.why, WHY_WORDS, (*place, "why"), document)
    for n, choice in enumerate(fork.choices):
        yield from _size(choice.text, CHOICE_WORDS, (*place, "choices", n, "text"), document)
        yield from _size(choice.follows, FOLLOWS_WORDS, (*place, "choices", n, "follows"), document)
    if len({choice.id for choice in fork.choices}) < len(fork.choices):
        yield document.problem((*place, "choices"), "two choices of a card share an id", "give each its own")
    if (strong := sum(choice.strong for choice in fork.choices)) != 1:
        what = f"{strong} of the choices are marked strong"
        yield document.problem((*place, "choices"), what, "mark one: strong: true")


def _size(text: str, limits: tuple[int, int], place: Place, document: Document) -> Iterator[Problem]:
    words = words_in(text)
    if not limits[0] <= words <= limits[1]:
        yield document.problem(place, f"words in it: {words}", f"write {limits[0]} to {limits[1]}")


def _tell_tales(later: LaterFile, document: Document) -> Iterator[Problem]:
    """Strong choices that a reader could pick by their place or length alone."""
    places = [next((n for n, c in enumerate(fork.choices) if c.strong), 0) for fork in later.forks]
    if len(set(places)) == 1:
        what = "the strong choice stands in the same place on every card"
        yield document.problem(("cards",), what, "vary its place")
    longest = sum(max(fork.choices, key=lambda c: len(c.text)).strong for fork in later.forks)
    if longest > MOST_LONGEST:
        what = f"the strong choice is the longest on {longest} of {len(later.forks)} cards"
        yield document.problem(("cards",), what, f"let it be so on at most {MOST_LONGEST}")

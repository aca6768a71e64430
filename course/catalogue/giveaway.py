"""Whether the strong choices of a story can be picked out by their form alone.

The standard (scenarios/README.md, 6) asks that over a module the strong choice is not the longest, not in the same
place, not the only one without an absolute word and not the only one that names the child. Each of these is a way to
guess; a guess that finds the strong choice more often than chance allows is a giveaway.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import NamedTuple

from course.story.checks import Finding
from course.story.compile import Story
from course.story.model import Choice

UNLIKELY = 0.05
"""A way to guess that does this well by chance in fewer than one module in twenty is told to the author."""
FEWEST_GUESSES = 4
"""A guess that can be made less often than this gives nothing away."""
ABSOLUTE = re.compile(
    r"\b(always|never|immediately|just|only|every|everything|everybody|nothing|nobody|must|at once|straight ?away)\b",
    re.IGNORECASE,
)

Guess = Callable[[Sequence[Choice]], Choice | None]
"""From the choices as they stand on the page, the one that somebody who goes by form would pick, if any."""


class Giveaway(NamedTuple):
    """A way to guess, what it would show and what to do about it."""

    guess: Guess
    what: str
    do: str


def giveaways(story: Story) -> Iterator[Finding]:
    """Each way of guessing the strong choices of a story that works more often than chance allows."""
    decisions = _decisions(story)
    place_of = {
        c.id: ("moments", m, "choices", n)
        for m, moment in enumerate(story.scenario.moments)
        for n, c in enumerate(moment.choices)
    }
    for way in (*_BY_FORM, *_by_place(decisions), *_by_child(story.scenario.child)):
        guessed = [(choices, pick) for choices in decisions if (pick := way.guess(choices))]
        found = [pick.id for _, pick in guessed if pick.strong]
        chances = [sum(c.strong for c in choices) / len(choices) for choices, _ in guessed]
        if len(guessed) >= FEWEST_GUESSES and at_least(len(found), chances) < UNLIKELY:
            what = f"the strong choice is {way.what} in {len(found)} of {len(guessed)} decisions"
            what += f" (chance gives about {sum(chances):.0f}): {', '.join(found)}"
            yield Finding(place_of[found[0]], what, way.do)


def at_least(hits: int, chances: Iterable[float]) -> float:
    """How likely that many hits or more are, when each try hits by its own chance (Poisson-binomial, exact)."""
    likely = [1.0]  # of 0, 1, 2 … hits so far
    for chance in chances:
        likely = [a * (1 - chance) + b * chance for a, b in zip([*likely, 0.0], [0.0, *likely], strict=True)]
    return sum(likely[hits:])


def _decisions(story: Story) -> list[tuple[Choice, ...]]:
    """The choices of each decision, as those see them who come to it first; variants for others count once."""
    first: dict[str, tuple[Choice, ...]] = {}
    for step in story.steps.values():
        if step.is_decision and step.moment.id not in first:
            first[step.moment.id] = step.choices
    return list(first.values())


def _outstanding(measure: Callable[[Choice], int]) -> Guess:
    """Picks the choice that measures most, unless two do."""

    def guess(choices: Sequence[Choice]) -> Choice | None:
        *_, second, first = sorted(choices, key=measure)
        return first if measure(first) > measure(second) else None

    return guess


def _odd_one(stands_out: Callable[[Choice], bool]) -> Guess:
    """Picks the only choice that stands out."""

    def guess(choices: Sequence[Choice]) -> Choice | None:
        odd = [c for c in choices if stands_out(c)]
        return odd[0] if len(odd) == 1 else None

    return guess


_BY_FORM = (
    Giveaway(_outstanding(lambda c: len(c.text)), "the longest", "cut some of these, or say more in their rivals"),
    Giveaway(_outstanding(lambda c: -len(c.text)), "the shortest", "say more in some of these, or cut their rivals"),
    Giveaway(
        _odd_one(lambda c: not ABSOLUTE.search(c.text)),
        "the only one without an absolute word",
        "take words such as always, just or only out of some rivals, or let a strong choice have one",
    ),
)


def _by_place(decisions: Sequence[Sequence[Choice]]) -> Iterator[Giveaway]:
    for place in range(max(map(len, decisions), default=0)):

        def guess(choices: Sequence[Choice], place: int = place) -> Choice | None:
            return choices[place] if place < len(choices) else None

        yield Giveaway(guess, f"number {place + 1}", "put some of these in another place")


def _by_child(child: str | None) -> Iterator[Giveaway]:
    if child:
        names = "|".join(re.escape(name.strip()) for name in child.split(" and "))
        named = re.compile(rf"\b(?:{names})\b")
        do = "name the child in some rivals, or leave the name out of some of these"
        yield Giveaway(_odd_one(lambda c: bool(named.search(c.text))), "the only one that names the child", do)

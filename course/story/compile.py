"""From a scenario to its distinct steps: every (moment, facts) pair that a learner can reach.

The only state of a story is what the character knows, so each step's choices are plain links or forms.
Story checks run on the result and are exhaustive.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from hashlib import sha256

from course.story.model import Choice, Moment, Passage, Scenario

MOST_STEPS = 150
"""A story with more distinct steps than this is too tangled to check by reading, and too heavy to send."""

_CODE_LETTERS = "abcdefghijklmnopqrstuvwxyz234567"


def code_of(choice_id: str) -> str:
    """Three letters that stand for a choice in a package's small memory; they outlive a new edition.

    Derived from the permanent id alone, so adding or moving choices never changes one.
    """
    number = int.from_bytes(sha256(choice_id.encode()).digest()[:2], "big")
    return "".join(_CODE_LETTERS[(number >> shift) & 31] for shift in (10, 5, 0))


@dataclass(frozen=True)
class Step:
    """A moment as seen by somebody who knows exactly `facts`."""

    key: str
    moment: Moment
    facts: frozenset[str]
    leads: dict[str, str] = field(hash=False)
    """Choice id to the key of the step that it leads to, for the choices that can be seen here."""

    @property
    def choices(self) -> tuple[Choice, ...]:
        return tuple(c for c in self.moment.choices if c.id in self.leads)

    @property
    def passages(self) -> tuple[Passage, ...]:
        return tuple(p for p in self.moment.text if p.holds(self.facts))

    @property
    def is_decision(self) -> bool:
        """More than one way on. A single choice only turns the page."""
        return len(self.leads) > 1

    @property
    def is_ending(self) -> bool:
        return self.moment.ending is not None


@dataclass(frozen=True)
class Story:
    """A compiled scenario."""

    scenario: Scenario
    steps: dict[str, Step]
    start: str

    @cached_property
    def choices(self) -> dict[str, Choice]:
        return {c.id: c for m in self.scenario.moments for c in m.choices}

    @cached_property
    def decisions_to_go(self) -> dict[str, tuple[int, int]]:
        """For each step, the fewest and the most decisions from here to an ending, this one included."""
        found: dict[str, tuple[int, int]] = {}
        for step in self.backwards():
            onward = [found[key] for key in step.leads.values()] or [(0, 0)]
            here = int(step.is_decision)
            found[step.key] = (here + min(low for low, _ in onward), here + max(high for _, high in onward))
        return found

    @cached_property
    def decisions_before(self) -> dict[str, int]:
        """For each step, the fewest decisions a learner can have made on the way here."""
        found = {self.start: 0}
        for step in reversed(self.backwards()):
            after = found[step.key] + int(step.is_decision)
            for key in step.leads.values():
                found[key] = min(after, found.get(key, after))
        return found

    def backwards(self) -> list[Step]:
        """Every step after those that it leads to. Stories with a loop have no such order (see checks)."""
        order: list[Step] = []
        seen: set[str] = set()
        todo: list[tuple[str, Iterator[str]]] = [(self.start, iter(self.steps[self.start].leads.values()))]
        seen.add(self.start)
        while todo:
            key, onward = todo[-1]
            following = next((k for k in onward if k not in seen), None)
            if following is None:
                order.append(self.steps[key])
                todo.pop()
            else:
                seen.add(following)
                todo.append((following, iter(self.steps[following].leads.values())))
        return order


def build(scenario: Scenario) -> Story:
    """Walk every reachable (moment, facts) pair. The scenario must have passed `checks.check_shape`."""
    moments = {m.id: m for m in scenario.moments}
    first = (scenario.moments[0].id, frozenset[str]())
    keys: dict[tuple[str, frozenset[str]], str] = {}
    seen_at: dict[str, int] = {}

    def key_of(place: tuple[str, frozenset[str]]) -> str:
        if place not in keys:
            seen_at[place[0]] = nth = seen_at.get(place[0], 0) + 1
            keys[place] = place[0] if nth == 1 else f"{place[0]}.{nth}"
        return keys[place]

    steps: dict[str, Step] = {}
    todo = [first]
    while todo and len(steps) <= MOST_STEPS:  # one too many is enough for the check that refuses it
        place = todo.pop(0)
        key = key_of(place)
        if key in steps:
            continue
        moment, facts = moments[place[0]], place[1]
        onward = {c.id: (c.leads, facts.union(c.gain)) for c in moment.choices if c.holds(facts)}
        steps[key] = Step(key, moment, facts, {c: key_of(next_place) for c, next_place in onward.items()})
        todo.extend(onward.values())
    return Story(scenario, steps, key_of(first))

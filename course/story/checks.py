"""What is wrong with a story, all at once and in its author's words.

`check_shape` reads the scenario as written; `check_moves` walks the compiled story, so it is exhaustive.
Limits come from the content standard (modules/README.md).
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from course.story.compile import MOST_STEPS, Story, code_of
from course.story.model import Choice, Conditional, Moment, Scenario

MOMENTS = (14, 26)
ENDINGS = (3, 5)
FEWEST_DECISIONS = 4
"""At least this many on the shortest path."""
MOST_DECISIONS = (5, 7)
"""Between these on the fullest path."""
DEBRIEF_WORDS = (40, 90)
TURN_WORDS = (20, 60)

Place = tuple[str | int, ...]
"""Where in a content file: keys and positions, as ("moments", 3, "choices", 0, "leads")."""


@dataclass(frozen=True)
class Finding:
    """One thing to mend: where, what is wrong and what to do."""

    place: Place
    what: str
    do: str


def check_shape(scenario: Scenario) -> list[Finding]:
    """Faults that would stop the story from being compiled."""
    return [
        *_repeated(scenario),
        *_dangling(scenario),
        *_unfinished(scenario),
    ]


def _each_choice(scenario: Scenario) -> Iterator[tuple[Place, Moment, Choice]]:
    for m, moment in enumerate(scenario.moments):
        for c, choice in enumerate(moment.choices):
            yield ("moments", m, "choices", c), moment, choice


def _repeated(scenario: Scenario) -> Iterator[Finding]:
    moments = [(("moments", m, "id"), x.id) for m, x in enumerate(scenario.moments)]
    facts = [(("facts", f, "id"), x.id) for f, x in enumerate(scenario.facts)]
    choices = [((*place, "id"), choice.id) for place, _, choice in _each_choice(scenario)]
    for kind, ids in (("moment", moments), ("fact", facts), ("choice", choices)):
        seen: set[str] = set()
        for place, id_ in ids:
            if id_ in seen:
                yield Finding(place, f"the {kind} id {id_!r} is used twice", "give each its own id")
            seen.add(id_)
    codes: dict[str, str] = {}
    for place, id_ in choices:
        other = codes.setdefault(code_of(id_), id_)
        if other != id_:
            yield Finding(
                place,
                f"the choice ids {id_!r} and {other!r} share the short code that packages store",
                "rename the newer of the two",
            )


def _dangling(scenario: Scenario) -> Iterator[Finding]:
    moments = {m.id for m in scenario.moments}
    facts = {f.id for f in scenario.facts}
    for place, _, choice in _each_choice(scenario):
        if choice.leads not in moments:
            yield Finding((*place, "leads"), f"there is no moment {choice.leads!r}", _nearest(choice.leads, moments))
        yield from _unknown_facts(place, choice, facts)
        for fact in choice.gain:
            if fact not in facts:
                yield Finding((*place, "gain"), f"there is no fact {fact!r}", _nearest(fact, facts))
    for m, moment in enumerate(scenario.moments):
        for p, passage in enumerate(moment.text):
            yield from _unknown_facts(("moments", m, "text", p), passage, facts)


def _unknown_facts(place: Place, item: Conditional, facts: set[str]) -> Iterator[Finding]:
    for key, wanted in (("if", item.needs), ("unless", item.lacks)):
        for fact in wanted:
            if fact not in facts:
                yield Finding((*place, key), f"there is no fact {fact!r}", _nearest(fact, facts))


def _nearest(wrong: str, known: Iterable[str]) -> str:
    near = get_close_matches(wrong, sorted(known), n=3)
    return f"did you mean {' or '.join(near)}?" if near else "add it, or name one that exists"


def _unfinished(scenario: Scenario) -> Iterator[Finding]:
    for m, moment in enumerate(scenario.moments):
        place: Place = ("moments", m)
        if moment.ending and moment.choices:
            yield Finding(place, f"{moment.id!r} is an ending and has choices", "keep one of the two")
        if not moment.ending and not moment.choices:
            yield Finding(place, f"{moment.id!r} stops the story without an ending", "add choices or an ending")
        if len(moment.choices) > 1 and not any(c.strong for c in moment.choices):
            yield Finding(place, f"no choice at {moment.id!r} is marked strong", "mark the strongest: strong: true")
        if len(moment.choices) > 1 and all(c.strong for c in moment.choices):
            yield Finding(place, f"every choice at {moment.id!r} is marked strong", "mark only the strongest")
    for place, moment, choice in _each_choice(scenario):
        if len(moment.choices) > 1 and choice.debrief is None:
            yield Finding(place, f"the choice {choice.id!r} has no debrief", "add one of 40 to 90 words")


def check_moves(story: Story) -> list[Finding]:
    """Faults that only show when every path is walked."""
    if len(story.steps) > MOST_STEPS:
        what = f"the story has more than {MOST_STEPS} distinct steps"
        return [Finding(("facts",), what, "drop facts that change little, or let paths rejoin sooner")]
    if looping := _on_a_loop(story):
        names = ", ".join(sorted(looping))
        return [Finding(("moments",), f"a learner can go round and round at: {names}", "let each choice lead onward")]
    return [*_unreachable(story), *_stuck(story), *_sizes(story), *_debriefs(story), *_turns(story)]


def _on_a_loop(story: Story) -> set[str]:
    """Moments on a loop: what is left after taking away, again and again, steps that lead only to ended ones."""
    open_steps = dict(story.steps)
    while ended := [k for k, s in open_steps.items() if not any(t in open_steps for t in s.leads.values())]:
        for key in ended:
            del open_steps[key]
    return {s.moment.id for s in open_steps.values()}


def _unreachable(story: Story) -> Iterator[Finding]:
    moments = {s.moment.id for s in story.steps.values()}
    for m, moment in enumerate(story.scenario.moments):
        if moment.id not in moments:
            yield Finding(("moments", m), f"nobody can reach the moment {moment.id!r}", "lead to it or remove it")
    choices = {c for s in story.steps.values() for c in s.leads}
    for place, moment, choice in _each_choice(story.scenario):
        if moment.id in moments and choice.id not in choices:
            yield Finding(place, f"nobody is ever offered the choice {choice.id!r}", "mend its if and unless")
    shown = {id(p) for s in story.steps.values() for p in s.passages}
    for m, moment in enumerate(story.scenario.moments):
        for p, passage in enumerate(moment.text):
            if moment.id in moments and id(passage) not in shown:
                yield Finding(("moments", m, "text", p), "nobody ever sees this passage", "mend its if and unless")
    gained = {f for s in story.steps.values() for f in s.facts}
    for f, fact in enumerate(story.scenario.facts):
        if fact.id not in gained:
            yield Finding(("facts", f), f"nobody can gain the fact {fact.id!r}", "let a choice gain it or remove it")


def _stuck(story: Story) -> Iterator[Finding]:
    places = {m.id: i for i, m in enumerate(story.scenario.moments)}
    for step in story.steps.values():
        place: Place = ("moments", places[step.moment.id])
        known = ", ".join(sorted(step.facts)) or "nothing"
        if not step.is_ending and not step.leads:
            yield Finding(place, f"who knows {known} has no choice left here", "offer one without a condition")
        if step.is_decision and not any(c.strong for c in step.choices):
            yield Finding(place, f"who knows {known} sees no strong choice here", "let one be open to everybody")
        if not step.passages:
            yield Finding(place, f"who knows {known} finds no text here", "add a passage without a condition")


def _sizes(story: Story) -> Iterator[Finding]:
    scenario = story.scenario
    moments, endings = len(scenario.moments), sum(m.ending is not None for m in scenario.moments)
    if not MOMENTS[0] <= moments <= MOMENTS[1]:
        yield Finding(("moments",), f"the scenario has {moments} moments", f"write {MOMENTS[0]} to {MOMENTS[1]}")
    if not ENDINGS[0] <= endings <= ENDINGS[1]:
        yield Finding(("moments",), f"the scenario has {endings} endings", f"write {ENDINGS[0]} to {ENDINGS[1]}")
    fewest, most = story.decisions_to_go[story.start]
    if fewest < FEWEST_DECISIONS:
        yield Finding(
            ("moments",),
            f"the shortest path has {fewest} decisions",
            f"let every path meet {FEWEST_DECISIONS}",
        )
    if not MOST_DECISIONS[0] <= most <= MOST_DECISIONS[1]:
        low, high = MOST_DECISIONS
        yield Finding(("moments",), f"the fullest path has {most} decisions", f"let it have {low} to {high}")


def _debriefs(story: Story) -> Iterator[Finding]:
    low, high = DEBRIEF_WORDS
    for place, _, choice in _each_choice(story.scenario):
        if choice.debrief:
            parts = (choice.debrief.tempting, choice.debrief.child, choice.debrief.stronger)
            words = sum(len(p.split()) for p in parts)
            if not low <= words <= high:
                what = f"the debrief of {choice.id!r} has {words} words"
                yield Finding((*place, "debrief"), what, f"write {low} to {high} words in all")
            if not choice.debrief.sources:
                what = f"the debrief of {choice.id!r} names no source"
                yield Finding((*place, "debrief"), what, "cite at least one id of modules/references.yaml")


def _turns(story: Story) -> Iterator[Finding]:
    """Every path meets one moment where the story turns, so that each debrief can name it."""
    places: dict[str, Place] = {m.id: ("moments", n) for n, m in enumerate(story.scenario.moments)}
    for moment in story.scenario.moments:
        if moment.turn and len(moment.choices) < 2:
            yield Finding((*places[moment.id], "turn"), f"{moment.id!r} is no decision", "mark one with choices")
        if moment.turn and not TURN_WORDS[0] <= len(moment.turn.why.split()) <= TURN_WORDS[1]:
            what = f"words in why the story turns: {len(moment.turn.why.split())}"
            yield Finding((*places[moment.id], "turn", "why"), what, f"write {TURN_WORDS[0]} to {TURN_WORDS[1]}")
    fewest, most = _turns_to_go(story)[story.start]
    if (fewest, most) != (1, 1):
        met = fewest if fewest == most else f"{fewest} to {most}"
        do = "mark moments with turn so that every path meets exactly one: course draw shows the paths"
        yield Finding(("moments",), f"a path meets {met} moments where the story turns", do)


def _turns_to_go(story: Story) -> dict[str, tuple[int, int]]:
    found: dict[str, tuple[int, int]] = {}
    for step in story.backwards():
        onward = [found[key] for key in step.leads.values()] or [(0, 0)]
        here = int(step.moment.turn is not None)
        found[step.key] = (here + min(low for low, _ in onward), here + max(high for _, high in onward))
    return found

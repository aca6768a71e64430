"""How large a module is, for its authors and for the minutes that learners are told."""

from functools import lru_cache
from math import ceil
from typing import NamedTuple

from course.catalogue.model import Module
from course.catalogue.text import words_in
from course.story.compile import Step

WORDS_A_MINUTE = 200
"""A steady pace for reading on a screen with attention."""
MINUTES_A_DECISION = 0.5
MINUTES_A_STATEMENT = 0.25
MINUTES_TO_REFLECT = 5


class Stats(NamedTuple):
    """A row of `course stats`. Shortest and longest path are counted in decisions."""

    words: int
    minutes: int
    moments: int
    choices: int
    steps: int
    shortest: int
    longest: int
    endings: int
    references: int


def stats_of(module: Module) -> Stats:
    """Count one module."""
    scenario = module.story.scenario
    shortest, longest = module.story.decisions_to_go[module.story.start]
    return Stats(
        words=_fixed_words(module) + sum(_step_words(s) for s in _one_step_a_moment(module)),
        minutes=minutes(module),
        moments=len(scenario.moments),
        choices=len(module.story.choices),
        steps=len(module.story.steps),
        shortest=shortest,
        longest=longest,
        endings=sum(m.ending is not None for m in scenario.moments),
        references=len(module.cited),
    )


@lru_cache(maxsize=64)
def minutes(module: Module) -> int:
    """Minutes that a learner needs on the fullest path, rounded up to five; derived, so never out of date."""
    words = _fixed_words(module) + words_to_go(module)[module.story.start]
    statements = max(len(module.self_assessment.statements(r)) for r in ("practitioner", "manager", "senior_manager"))
    decisions = module.story.decisions_to_go[module.story.start][1]
    time = words / WORDS_A_MINUTE + decisions * MINUTES_A_DECISION
    time += statements * MINUTES_A_STATEMENT + MINUTES_TO_REFLECT
    return ceil(time / 5) * 5


def _fixed_words(module: Module) -> int:
    about = module.about
    return words_in(
        about.overview,
        about.content_note,
        *about.outcomes,
        *(h.hears for h in about.two_readings.heard),
        *(f.what for k in about.knew for f in k.facts),
        *(g.text for g in about.good),
        *(r.body for r in module.vignette.records),
        *(b.text for b in module.briefing.boxes),
    )


def _one_step_a_moment(module: Module) -> list[Step]:
    return list({s.moment.id: s for s in module.story.steps.values()}.values())


def _step_words(step: Step) -> int:
    texts = [p.text for p in step.passages] + [c.text for c in step.choices]
    for choice in step.choices:
        texts.append(choice.consequence)
        if choice.debrief:
            texts += [choice.debrief.tempting, choice.debrief.child, choice.debrief.stronger]
    if step.moment.ending:
        texts += [step.moment.ending.child, step.moment.ending.uncertain]
    return words_in(*texts)


@lru_cache(maxsize=64)
def words_to_go(module: Module) -> dict[str, int]:
    """By the key of a step, the words met along the wordiest path from it: its texts and choices, and consequence and
    debrief of those taken.
    """
    most: dict[str, int] = {}
    choices = module.story.choices
    for step in module.story.backwards():
        here = words_in(*(p.text for p in step.passages), *(c.text for c in step.choices))
        if step.moment.ending:
            here += words_in(step.moment.ending.child, step.moment.ending.uncertain)
        onward = 0
        for choice_id, key in step.leads.items():
            choice = choices[choice_id]
            d = choice.debrief
            taken = words_in(choice.consequence, *((d.tempting, d.child, d.stronger) if d else ()))
            onward = max(onward, taken + most[key])
        most[step.key] = here + onward
    return most

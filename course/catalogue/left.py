"""About how many minutes of a module are left for a learner, from where they are."""

from collections.abc import Iterator
from math import ceil

from course.catalogue.model import ROLES
from course.catalogue.progress import Progress
from course.catalogue.stats import (
    MINUTES_A_DECISION,
    MINUTES_A_STATEMENT,
    MINUTES_TO_REFLECT,
    WORDS_A_MINUTE,
    words_to_go,
)
from course.catalogue.text import words_in

PAST_PRACTICE = ("self-assessment", "reflection", "done")


def minutes_left(progress: Progress) -> int:
    """Rounded up to five: as many as `stats.minutes` at the beginning, and none once the module is complete."""
    return 0 if progress.complete else max(5, ceil(sum(_to_do(progress)) / 5) * 5)


def _to_do(progress: Progress) -> Iterator[float]:
    """The minutes of each thing that is still to be done."""
    module, marks = progress.module, progress.marks
    about, assessment = module.about, module.self_assessment
    if progress.place == "overview" and not progress.choices:
        yield _reading(
            about.overview, about.content_note, *about.outcomes, *(h.hears for h in about.two_readings.heard)
        )
    if marks.isdisjoint({"vignette-read", "vignette-skipped"}):
        yield _reading(*(record.body for record in module.vignette.records))
    if progress.place not in PAST_PRACTICE:
        yield words_to_go(module)[progress.step.key] / WORDS_A_MINUTE
        yield module.story.decisions_to_go[progress.step.key][1] * MINUTES_A_DECISION
        yield _reading(*_debriefs(progress))
        yield _reading(*(fact.what for known in about.knew for fact in known.facts), *(g.text for g in about.good))
        yield _reading(*(box.text for box in module.briefing.boxes))
    if "self-assessment-rated" not in marks:
        yield max(len(assessment.statements(role)) for role in ROLES) * MINUTES_A_STATEMENT
    if marks.isdisjoint({"reflected", "reflection-declined"}):
        yield MINUTES_TO_REFLECT


def _debriefs(progress: Progress) -> Iterator[str]:
    """What is read later of the choices made so far."""
    for choice in (progress.module.story.choices[id_] for id_ in progress.choices):
        if choice.debrief:
            yield from (choice.debrief.tempting, choice.debrief.child, choice.debrief.stronger)


def _reading(*texts: str) -> float:
    return words_in(*texts) / WORDS_A_MINUTE

"""A session of 45 minutes for a team, from a module's content: the same for its page and its document."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.web.printing.team_decision import TeamDecision, team_decision

MOST_PROMPTS = 4


class SessionStep(NamedTuple):
    """A part of the session and its minutes."""

    what: str
    minutes: int


STEPS = (
    SessionStep("Before you start: what it is about, and how we talk", 4),
    SessionStep("The opener, read aloud", 2),
    SessionStep("One decision: read it, choose in pairs, then see what followed", 14),
    SessionStep("Who knew what", 8),
    SessionStep("Questions", 10),
    SessionStep("What good looks like, and one thing that each of us will do", 5),
    SessionStep("Close: where support is, and what to do about a real child", 2),
)


@dataclass(frozen=True)
class Session:
    """What whoever leads it reads; texts are prose of the course's Markdown, with the partnership's words in them."""

    decision: TeamDecision
    rules: tuple[str, ...]
    prompts: tuple[str, ...]
    """For when the talk runs dry: statements of the self-assessment that ask for evidence."""
    real_child: tuple[str, ...]
    sources: tuple[str, ...]
    """Ids of what the statements of good practice rest on, in the order that they are first met."""
    steps: tuple[SessionStep, ...] = STEPS

    @property
    def minutes(self) -> int:
        return sum(step.minutes for step in self.steps)

    def numbers_of(self, ids: Iterable[str]) -> str:
        """Sources by their numbers in the list."""
        return ", ".join(str(self.sources.index(id_) + 1) for id_ in ids)


def session_of(library: Library, module: Module) -> Session:
    """The session for this module, in the words of this library's partnership."""
    statements = (*module.self_assessment.practitioner, *module.self_assessment.manager)
    return Session(
        decision=team_decision(module),
        rules=_rules(library.words),
        prompts=tuple(statement.text for statement in statements if statement.evidence)[:MOST_PROMPTS],
        real_child=_real_child(library.words),
        sources=tuple(dict.fromkeys(id_ for good in module.about.good for id_ in good.sources)),
    )


def _rules(words: dict[str, str]) -> tuple[str, ...]:
    return (
        "We bring no real case: no name, no place and no detail by which a child, a family or a colleague could be "
        "known.",
        "Some of us have lived through things like this, as a child, as a parent or at work. Nobody has to say so. "
        "Anybody may leave out a part, or leave the room, and need not say why.",
        "Nobody is marked. We ask what made sense at the time, before we ask what would have been better.",
        f"Support is there today and afterwards: {words['staff-support']}.",
    )


def _real_child(words: dict[str, str]) -> tuple[str, ...]:
    """As account/worried says it; here for whoever leads a session."""
    return (
        "Stop, and thank them. Do not ask for more in front of the others. Speak with them alone as soon as you can, "
        "today.",
        "If a child is in danger now, ring the police on 999 at once. The session can wait.",
        f"Otherwise whoever saw or heard it rings {words['front-door']} today. They say who they are, what they saw "
        f"and heard, and what they ask for. In the evening and at weekends they ring {words['out-of-hours']}. They do "
        "not need to be sure, and they do not need anybody’s permission.",
        f"To think it through first, speak to {words['named-professional']}, as long as it causes no delay.",
        "If it is about what a colleague did, it is not for the group either. Follow your agency’s procedure for "
        "concerns about staff, today.",
        "Write down what was said and what you did, where your agency keeps such records.",
    )

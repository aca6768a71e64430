"""What the debrief says of each decision: what was chosen, what else was open, and what was known by then. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from course.story.compile import Step, Story
from course.story.model import Choice, Fact, Moment


@dataclass(frozen=True)
class Entry:
    """A decision on the way taken. `known` is None where the path, and so what was known, is not known yet."""

    moment: Moment
    choice: Choice
    others: Sequence[Choice]
    known: Sequence[Fact] | None


def known_at(story: Story, step: Step) -> list[Fact]:
    """What the character knows at a step and whom they have told, in the author's order."""
    return [fact for fact in story.scenario.facts if fact.id in step.facts]


def entries_of(story: Story, taken: Iterable[tuple[Step, Choice]], *, is_path_known: bool) -> list[Entry]:
    """An entry for each decision. Without a path, with every choice of its moment: some may not have been offered."""
    return [
        Entry(
            step.moment,
            choice,
            _others(step.choices if is_path_known else step.moment.choices, choice),
            known_at(story, step) if is_path_known else None,
        )
        for step, choice in taken
    ]


def _others(offered: Iterable[Choice], chosen: Choice) -> list[Choice]:
    return [choice for choice in offered if choice.id != chosen.id and choice.debrief]

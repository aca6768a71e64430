"""The one decision of a story that a team talks about: where it turns, with enough before it to be understood."""

from dataclasses import dataclass
from itertools import pairwise

from course.catalogue.model import Module
from course.story.compile import Step, Story
from course.story.model import Choice, Fact


@dataclass(frozen=True)
class TeamDecision:
    """A decision, and the way that led to it in this telling."""

    step: Step
    so_far: tuple[Choice, ...]
    """What the character has decided before, the first first."""
    just_now: str
    """Prose: what the last thing that they did led to. Empty at the start."""
    known: tuple[Fact, ...]

    @property
    def choices(self) -> tuple[Choice, ...]:
        return self.step.choices


def team_decision(module: Module) -> TeamDecision:
    """The first moment where the story turns on the way that stronger practice takes, else on any; else the first
    decision of all.
    """
    story = module.story
    way = _strong_way(story)
    turning = [step for step in story.steps.values() if step.is_decision and step.moment.turn]
    on_way = next((way[:n] for n, step in enumerate(way) if step in turning), None)
    if on_way is None and turning:
        return _told(story, _way_to(story, min(turning, key=lambda step: story.decisions_before[step.key])))
    until = next(n for n, step in enumerate(way) if step.is_decision) if on_way is None else len(on_way)
    return _told(story, way[: until + 1])


def _told(story: Story, way: list[Step]) -> TeamDecision:
    taken = [(step, _choice_between(step, after)) for step, after in pairwise(way)]
    last = way[-1]
    return TeamDecision(
        step=last,
        so_far=tuple(choice for step, choice in taken if step.is_decision),
        just_now=taken[-1][1].consequence if taken else "",
        known=tuple(fact for fact in story.scenario.facts if fact.id in last.facts),
    )


def _choice_between(step: Step, after: Step) -> Choice:
    leading = [choice for choice in step.choices if step.leads[choice.id] == after.key]
    return next((choice for choice in leading if choice.strong), leading[0])


def _strong_way(story: Story) -> list[Step]:
    """From the start to an ending, by the strong choice wherever there is one."""
    way = [story.steps[story.start]]
    while way[-1].leads:
        choices = way[-1].choices
        taken = next((choice for choice in choices if choice.strong), choices[0])
        way.append(story.steps[way[-1].leads[taken.id]])
    return way


def _way_to(story: Story, wanted: Step) -> list[Step]:
    """The shortest way from the start to a step."""
    came_from: dict[str, str] = {story.start: ""}
    todo = [story.start]
    for key in todo:  # it grows while it is walked
        for following in story.steps[key].leads.values():
            if following not in came_from:
                came_from[following] = key
                todo.append(following)
    way = [wanted]
    while came_from[way[-1].key]:
        way.append(story.steps[came_from[way[-1].key]])
    return way[::-1]

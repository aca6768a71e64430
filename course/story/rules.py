"""How a learner moves through a story: by replaying the choices recorded, never by trusting a position."""

from collections.abc import Sequence

from course.story.compile import Step, Story


class DoesNotFollow(Exception):
    """A choice that cannot be made where the learner is."""

    def __init__(self, choice: str, path: list[Step]) -> None:
        super().__init__(f"the choice {choice!r} cannot be made at {path[-1].key!r}")
        self.choice = choice
        self.path = path
        """The steps up to where the choice was tried."""


def follow(story: Story, choices: Sequence[str]) -> list[Step]:
    """The steps visited by making `choices` in order: one more step than choices.

    Raises DoesNotFollow at the first choice that the step reached does not offer.
    """
    path = [story.steps[story.start]]
    for choice in choices:
        if choice not in path[-1].leads:
            raise DoesNotFollow(choice, path)
        path.append(story.steps[path[-1].leads[choice]])
    return path

"""What the web app has around a part of a module and a package has not: it needs a server, or the learner’s record."""

from collections.abc import Sequence
from typing import NamedTuple

from markupsafe import Markup

from course.catalogue.progress import Progress
from course.learning.desk.days import day_of, spoken
from course.learning.mine.follows import Newest, follows
from course.lesson.markdown import line
from course.lesson.path import Drawing, Way, choices_read, draw_path, ways_of
from course.story.compile import code_of
from course.web.clock import now
from course.web.database import database
from course.web.learn.asked import Mine, to_do
from course.web.learn.colleagues import Colleagues, how_colleagues_chose
from course.web.security import me

MOST_DRAWN = 4
"""Ways that were left, the newest, in the drawing; the text has them all."""


class LookingBack(NamedTuple):
    """Beside the debrief: the way as a drawing, ways that were left, and how colleagues chose."""

    drawing: Drawing
    left: list[tuple[Way, list[tuple[Markup, Markup]]]]
    """Each way that was left, with the title and the choice of its decisions."""
    new: list[tuple[Markup, str]]
    """After a second look, the title of each choice that is on no way that was left, and its code in the debrief."""
    colleagues: Colleagues | None
    counted_until: str


class Following(NamedTuple):
    """After the last page: when the check comes, whether cards do, and what is asked next."""

    is_completed: bool
    check_said: str
    """When the check after six weeks comes, that it waits, or when it was answered; empty before a completion."""
    has_cards: bool
    next: Mine | None


def looking_back(progress: Progress) -> LookingBack:
    """For the debrief of the way that the learner is on."""
    ways = ways_of(progress.module.story, progress.choices, progress.earlier_paths)
    left = [(way, list(choices_read(way))) for way in ways[:-1]]
    colleagues = how_colleagues_chose(progress)
    until = spoken(colleagues.seen.day) if colleagues and colleagues.seen.day else ""
    drawing = draw_path([*ways[:-1][-MOST_DRAWN:], ways[-1]])
    return LookingBack(drawing, left, _new(ways), colleagues, until)


def _new(ways: Sequence[Way]) -> list[tuple[Markup, str]]:
    before = {choice for way in ways[:-1] for choice in way.choices}
    now = ways[-1].decisions if before else []
    return [(line(step.moment.title), code_of(choice)) for step, choice in now if choice not in before]


def following(progress: Progress, found: dict[str, Mine]) -> Following:
    """For the last page of a module; `found` is where the learner is in every one."""
    module = progress.module
    asked = [one for one in to_do(found) if one.module.id != module.id]
    return Following(
        found[module.id].cell.completed is not None,
        _said_of_check(follows(database(), me().id, [module]).newest.get(module.id)),
        me().cards != "no",
        asked[0] if asked else None,
    )


def _said_of_check(newest: Newest | None) -> str:
    if newest is None:
        return ""
    if newest.check:
        return f"answered on {spoken(day_of(newest.check.at))}"
    what, is_there = "one decision and three questions", newest.check_on <= day_of(now())
    return f"{what}, waits for you now" if is_there else f"{what}, from {spoken(newest.check_on)}"

"""What the web app has around a part of a module and a package has not: it needs a server, or the learner’s record."""

from datetime import timedelta
from typing import NamedTuple

from markupsafe import Markup

from course.catalogue.progress import Progress
from course.learning.desk.days import spoken
from course.lesson.path import Drawing, Way, choices_read, draw_path, ways_of
from course.web.learn.asked import Mine, to_do
from course.web.learn.colleagues import Colleagues, how_colleagues_chose
from course.web.security import me

UNTIL_CHECK = timedelta(days=42)
MOST_DRAWN = 4
"""Ways that were left, the newest, in the drawing; the text has them all."""


class LookingBack(NamedTuple):
    """Beside the debrief: the way as a drawing, ways that were left, and how colleagues chose."""

    drawing: Drawing
    left: list[tuple[Way, list[tuple[Markup, Markup]]]]
    """Each way that was left, with the title and the choice of its decisions."""
    colleagues: Colleagues | None
    counted_until: str


class Following(NamedTuple):
    """After the last page: when the check comes, whether cards do, and what is asked next."""

    is_completed: bool
    check_day: str
    """From when on the check after six weeks is there, in words; empty before the first completion."""
    has_cards: bool
    next: Mine | None


def looking_back(progress: Progress) -> LookingBack:
    """For the debrief of the way that the learner is on."""
    ways = ways_of(progress.module.story, progress.choices, progress.earlier_paths)
    left = [(way, list(choices_read(way))) for way in ways[:-1]]
    colleagues = how_colleagues_chose(progress)
    until = spoken(colleagues.seen.day) if colleagues and colleagues.seen.day else ""
    return LookingBack(draw_path([*ways[:-1][-MOST_DRAWN:], ways[-1]]), left, colleagues, until)


def following(progress: Progress, found: dict[str, Mine]) -> Following:
    """For the last page of a module; `found` is where the learner is in every one."""
    module = progress.module
    completed = found[module.id].cell.completed
    asked = [one for one in to_do(found) if one.module.id != module.id]
    return Following(
        completed is not None,
        spoken(completed + UNTIL_CHECK) if completed else "",
        me().cards != "no",
        asked[0] if asked else None,
    )

"""A learner's way through a story, laid out for an SVG that goes down the page. Only positions and words. Pure.

The way that they are on is one line. A way that was left for a second look leaves it at the decision where the two
part, as a line of its own beside it, and stands above what came after. Ways not taken are short stubs.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from textwrap import wrap

from markupsafe import Markup

from course.lesson.markdown import line
from course.story.compile import Step, Story
from course.story.rules import follow

WIDTH = 288
"""Units, which are pixels in a window of 320 px: no text is smaller there than it is drawn here."""
MAIN, BESIDE = 18, 46
"""Where the two lines are."""
STUB = 14
TEXT, LETTERS = 74, 20
"""Where the words begin, and how many of the widest usual font fit on a line of 15 px."""
LINE, GAP, TOP = 20, 20, 18
ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True)
class Way:
    """The decisions and the ending of one path, for drawing and for reading."""

    name: str
    steps: Sequence[Step]
    choices: Sequence[str]

    @property
    def decisions(self) -> list[tuple[Step, str]]:
        """Each decision with the id of the choice made."""
        return [(step, choice) for step, choice in zip(self.steps, self.choices, strict=False) if step.is_decision]

    @property
    def ending(self) -> Step | None:
        """Where it ended, if it did."""
        return self.steps[-1] if self.steps[-1].is_ending else None


@dataclass(frozen=True)
class Row:
    """A decision or an ending on a line."""

    x: int
    y: int
    kind: str
    """“decision”, “turn” or “ending”: each has a shape of its own."""
    lines: Sequence[str]
    stubs: Sequence[int]
    """How far down from the row each way not taken begins."""


@dataclass(frozen=True)
class Stretch:
    """A piece of a line; a way that was left is dashed."""

    points: Sequence[tuple[int, int]]
    was_left: bool

    @property
    def d(self) -> str:
        """As the `d` of an SVG path."""
        return "M" + " L".join(f"{x},{y}" for x, y in self.points)


@dataclass(frozen=True)
class Drawing:
    """Everything that the SVG needs."""

    height: int
    rows: Sequence[Row]
    stretches: Sequence[Stretch]


def ways_of(story: Story, choices: Sequence[str], earlier: Sequence[Sequence[str]]) -> list[Way]:
    """Every way of a learner, the one that they are on last."""
    many = len(earlier)
    names = [f"Your {ORDINALS[n]} way" if n < len(ORDINALS) else f"Your way number {n + 1}" for n in range(many)]
    names.append("Your way now" if many else "Your way")
    return [Way(name, follow(story, path), path) for name, path in zip(names, (*earlier, choices), strict=True)]


def draw_path(ways: Sequence[Way]) -> Drawing:
    """Lay out the last of `ways` as the main line, and the others beside it from where they part."""
    return _Pen(ways).drawing()


class _Pen:
    def __init__(self, ways: Sequence[Way]) -> None:
        self.now = ways[-1]
        self.left = [way for way in ways[:-1] if tuple(way.choices) != tuple(self.now.choices)]
        self.rows: list[Row] = []
        self.stretches: list[Stretch] = []
        self.y = TOP

    def drawing(self) -> Drawing:
        parted = {id(way): _common(way.choices, self.now.choices) for way in self.left}
        spine: list[tuple[int, int]] = []
        has_parted = False
        for index, step in enumerate(self.now.steps):
            beside = [way for way in self.left if parted[id(way)] == index]
            if not (step.is_decision or step.is_ending):
                continue
            drawn = {self.now.choices[index]} if index < len(self.now.choices) else set()
            drawn |= {way.choices[index] for way in beside if index < len(way.choices)}
            spine.append((MAIN, self.y))
            self._row(MAIN, step, ways_not_taken=len(step.leads) - len(drawn), name=self.now.name if has_parted else "")
            has_parted = bool(beside)
            for way in beside:
                self._beside(way, index)
        self.stretches.insert(0, Stretch(spine, was_left=False))
        return Drawing(self.y, self.rows, self.stretches)

    def _beside(self, way: Way, index: int) -> None:
        """It leaves the main line just above its first row, which is where the row of the fork ends."""
        points, first = [(MAIN, self.y - LINE - GAP)], True
        for at, step in enumerate(way.steps[index + 1 :], start=index + 1):
            if not (step.is_decision or step.is_ending):
                continue
            points.append((BESIDE, self.y))
            taken = 1 if at < len(way.choices) else 0
            self._row(BESIDE, step, ways_not_taken=len(step.leads) - taken, name=way.name if first else "")
            first = False
        self.stretches.append(Stretch(points, was_left=True))

    def _row(self, x: int, step: Step, *, ways_not_taken: int, name: str = "") -> None:
        kind = "ending" if step.is_ending else "turn" if step.moment.turn else "decision"
        said = {"ending": "Ending: ", "turn": "Turning point: ", "decision": ""}[kind]
        whose = f"{name}: " if name else ""
        lines = wrap(f"{whose}{said}{line(step.moment.title).striptags()}", LETTERS)
        stubs = [] if step.is_ending else [8 * n for n in range(ways_not_taken)]
        self.rows.append(Row(x, self.y, kind, lines, stubs))
        self.y += len(lines) * LINE + GAP


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    """How many choices two ways share from the start."""
    return next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), min(len(one), len(other)))


def choices_read(way: Way) -> Iterator[tuple[Markup, Markup]]:
    """For each decision of a way, its title and what was chosen, to be read."""
    for step, choice in way.decisions:
        text = next(c.text for c in step.choices if c.id == choice)
        yield line(step.moment.title), line(text)

"""The overview map: the issues on the child's journey, laid out for an SVG that the home page draws.

Only positions and words are made here. Two issues are no moments but currents, and run as bands under the whole.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from textwrap import wrap

from course.catalogue.model import Module

STAGES = {
    "universal-services": "Universal services",
    "early-help": "Early help and family help",
    "referral": "Referral at the front door",
    "strategy": "Strategy discussion and section 47",
    "assessment": "Assessment",
    "conference": "Child protection conference",
    "ongoing-work": "Ongoing work",
}
"""The journey of 2016's overview map in the words used now; child in need meetings have gone into family help."""

COLUMN, GAP, LINE = 176, 12, 19
"""Units of the drawing: a column's width, the space between boxes, the height of a line of text."""
HEAD = 72
LETTERS_A_LINE = 16
"""Fits a box in the widest of the usual system fonts."""


@dataclass(frozen=True)
class Box:
    """An issue on the map."""

    module: Module
    status: str
    x: int
    y: int
    width: int
    height: int
    lines: Sequence[str]


@dataclass(frozen=True)
class Stage:
    """A column's heading."""

    x: int
    lines: Sequence[str]


@dataclass(frozen=True)
class Map:
    """Everything that the drawing needs."""

    width: int
    height: int
    stages: Sequence[Stage]
    boxes: Sequence[Box]


def draw_map(modules: Sequence[Module], status: Mapping[str, str]) -> Map:
    """Lay out `modules` by their stage; `status` says in a word where the learner is in each, by module id."""
    boxes: list[Box] = []
    deepest = HEAD
    for n, stage in enumerate(STAGES):
        y = HEAD
        for module in (m for m in modules if m.about.journey.stage == stage):
            lines = _lines(f"{module.number}. {module.title}")
            height = (len(lines) + 1) * LINE + 20
            boxes.append(Box(module, status[module.id], n * COLUMN, y, COLUMN - GAP, height, lines))
            y += height + GAP
        deepest = max(deepest, y)
    width = len(STAGES) * COLUMN - GAP
    for module in (m for m in modules if m.about.journey.stage == "every-stage"):
        boxes.append(
            Box(module, status[module.id], 0, deepest, width, 2 * LINE + 20, [f"{module.number}. {module.title}"])
        )
        deepest += 2 * LINE + 20 + GAP
    stages = [Stage(n * COLUMN, wrap(name, LETTERS_A_LINE - 2)) for n, name in enumerate(STAGES.values())]
    return Map(width, deepest, stages, boxes)


@cache
def _lines(text: str) -> tuple[str, ...]:
    return tuple(wrap(text, LETTERS_A_LINE, break_on_hyphens=False))


def by_stage(modules: Sequence[Module]) -> list[tuple[str, list[Module]]]:
    """The modules under each stage’s heading, in the order of the journey; what runs under every stage comes last."""
    headings = {**STAGES, "every-stage": "At every stage"}
    found = [(name, [m for m in modules if m.about.journey.stage == stage]) for stage, name in headings.items()]
    return [(name, some) for name, some in found if some]

"""What I am asked to do, and by when: from the board that leads look at, in the same words."""

from datetime import date
from typing import NamedTuple, cast

from flask import g

from course.catalogue.model import Module
from course.catalogue.stats import minutes
from course.learning.desk.days import spoken
from course.learning.desk.standing.picture import Cell
from course.learning.desk.standing.status import STATUSES
from course.web.board import board
from course.web.clock import now
from course.web.database import database
from course.web.security import me


class Mine(NamedTuple):
    """A module, and where the person signed in is in it."""

    module: Module
    cell: Cell
    is_asked: bool

    @property
    def status(self) -> str:
        """The words of STATUSES."""
        return STATUSES[self.cell.status]

    @property
    def is_begun(self) -> bool:
        """Whether they are on the way through it for the first time."""
        return self.cell.started is not None and self.cell.completed is None

    @property
    def is_to_do(self) -> bool:
        """Whether they are asked to do it, for the first time or again, and it does not wait for a later year."""
        return self.is_asked and self.cell.status != "complete"

    @property
    def is_late(self) -> bool:
        """Whether the day by which it is asked for has passed."""
        return self.is_to_do and self.cell.status in ("overdue", "expired")

    @property
    def has_no_day(self) -> bool:
        """Whether no day is set. What a new version voids has none either, but is to be done now."""
        return self.cell.by is None and self.cell.status != "voided"

    @property
    def asks(self) -> str:
        """What is asked and by when, in a sentence; empty where nothing is."""
        if not self.is_asked:
            return ""
        return _again(self.cell) if self.cell.completed else _first(self.cell)

    @property
    def where(self) -> str:
        """What is asked, then when it was completed or how long it takes."""
        done = self.cell.completed
        about = f"Completed on {spoken(done)}" if done else f"About {minutes(self.module)} minutes"
        return f"{self.asks} {about}".strip()


def mine() -> dict[str, Mine]:
    """Module id to where I am, for every module in their order: the same all through a request.

    One query at the first call, and some more where there is news.
    """
    if "mine" not in g:
        picture = board().picture(database(), now())
        row = picture.row_of[me().id]
        g.mine = {
            module.id: Mine(module, picture.cell(row, column), bool(picture.asked.assigned[row, column]))
            for column, module in enumerate(picture.modules)
        }
    return cast(dict[str, Mine], g.mine)


def to_do(found: dict[str, Mine]) -> list[Mine]:
    """What of these is to be done, what is due first at the top; what has no day comes last."""
    return sorted((one for one in found.values() if one.is_to_do), key=_due)


def summed_up(asked: list[Mine]) -> str:
    """How many of these are late, else by when the first is due, as it ends “3 modules to do”."""
    if late := sum(one.is_late for one in asked):
        return f", {late} of them overdue" if len(asked) > 1 else ", overdue"
    days = [one.cell.by for one in asked if one.cell.by and one.cell.status != "voided"]
    return f", the first by {spoken(min(days))}" if days else ""


def first_to_do(asked: list[Mine], found: dict[str, Mine]) -> Module | None:
    """Where somebody begins who is in no module: with what is due first of what they never did, else, if they did
    nothing yet, with the first module.
    """
    never_done = [one.module for one in asked if one.cell.completed is None]
    if never_done or any(one.cell.completed for one in found.values()):
        return next(iter(never_done), None)
    return next(iter(found.values())).module


def _due(one: Mine) -> date:
    # A version that voids an earlier one sets no day: it is to be done now.
    return date.min if one.cell.status == "voided" else one.cell.by or date.max


def _first(cell: Cell) -> str:
    if cell.by is None:
        return "Asked: do this. No day is set."
    day = spoken(cell.by)
    return f"Asked: do this now. It was due by {day}." if cell.status == "overdue" else f"Asked: do this by {day}."


def _again(cell: Cell) -> str:
    if cell.status == "voided":
        return "Do this again: a new version has replaced the one that you completed."
    if cell.by is None:
        return ""
    day = spoken(cell.by)
    return f"Do this again: the refresher was due by {day}." if cell.status == "expired" else f"Do this again by {day}."

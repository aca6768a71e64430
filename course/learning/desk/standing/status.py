"""Where somebody is in a module on a day: one vocabulary and one rule, for one person or for a hundred thousand.

Arrays have a row for each person and a column for each module. Days are numbers, as numpy's datetime64[D] counts them
(from 1970-01-01); 0 stands for none.
"""

from datetime import date
from typing import NamedTuple, cast

import numpy as np
from numpy.typing import NDArray

Days = NDArray[np.int32]
Flags = NDArray[np.bool_]

STATUSES: dict[str, str] = {
    "not-assigned": "Not assigned",
    "not-started": "Not started",
    "in-progress": "In progress",
    "complete": "Complete",
    "due-soon": "Due soon",
    "overdue": "Overdue",
    "expired": "Expired",
    "voided": "Voided by a new version",
}
"""Every status, by its id, in the order of their numbers in an array."""

NOT_ASSIGNED, NOT_STARTED, IN_PROGRESS, COMPLETE, DUE_SOON, OVERDUE, EXPIRED, VOIDED = range(len(STATUSES))

SOON = 30
"""Days before a date from which on something is due soon."""

MEANINGS: dict[str, str] = {
    "not-assigned": "Nobody has asked them to do this module, and they have not begun it.",
    "not-started": "Asked to do it, not begun, and not due within 30 days.",
    "in-progress": "Begun, not completed, and not due within 30 days.",
    "complete": "Completed, and the completion still counts for more than 30 days.",
    "due-soon": "To be done, or done again as a refresher, within the next 30 days.",
    "overdue": "Asked to do it by a day that has passed, and never completed.",
    "expired": "Completed, but the day by which a refresher was due has passed.",
    "voided": "Completed on a version that a later one has voided: to be done again.",
}
"""What each status means, in a sentence for whoever reads a report."""


class Facts(NamedTuple):
    """What the statuses follow from."""

    assigned: Flags
    due: Days
    """By when the first completion is asked for."""
    refresh: NDArray[np.int16]
    """Months that a completion lasts; 0: for good."""
    started: Days
    """When the newest attempt began."""
    completed: Days
    """When the newest completion was made."""
    voided: Flags
    """Whether a later version voids the newest completion."""


class Standing(NamedTuple):
    """Where people are on a day."""

    status: NDArray[np.uint8]
    """As an index into STATUSES."""
    by: Days
    """By when the module is to be done next: the first time, or again as a refresher."""
    counts: Flags
    """Whether there is a completion that counts: neither voided nor expired."""


def standing(facts: Facts, day: int) -> Standing:
    """Where people are on `day`. See MEANINGS."""
    done = facts.completed > 0
    until = np.where(done & facts.assigned & (facts.refresh > 0), add_months(facts.completed, facts.refresh), 0)
    by = np.where(facts.voided, 0, np.where(done, until, np.where(facts.assigned, facts.due, 0))).astype(np.int32)
    late, soon = (by > 0) & (by < day), (by > 0) & (by <= day + SOON)
    status = np.where(facts.assigned, NOT_STARTED, NOT_ASSIGNED).astype(np.uint8)
    status[facts.started > 0] = IN_PROGRESS
    status[done] = COMPLETE
    status[soon] = DUE_SOON
    status[late] = np.where(done, EXPIRED, OVERDUE)[late]
    status[facts.voided] = VOIDED
    return Standing(status, by, done & ~facts.voided & ~late)


def add_months(days: Days, months: NDArray[np.int16]) -> Days:
    """The same day of the month so many months later, or that month's last day."""
    day = days.astype("datetime64[D]")
    month = day.astype("datetime64[M]")
    target = month + months.astype(np.int64)
    last = (target + 1).astype("datetime64[D]") - np.timedelta64(1, "D")
    moved = target.astype("datetime64[D]") + (day - month.astype("datetime64[D]"))
    return cast(Days, np.minimum(moved, last).astype(np.int32))


def number_of(day: date) -> int:
    """The number of a day."""
    return day.toordinal() - _EPOCH


def day_of_number(number: int) -> date | None:
    """The day of a number; None for 0."""
    return date.fromordinal(int(number) + _EPOCH) if number else None


_EPOCH = date(1970, 1, 1).toordinal()

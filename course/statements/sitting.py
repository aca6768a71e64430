"""A sitting: what somebody did in a module without a break of more than half an hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

LONGEST_BREAK = timedelta(minutes=30)


@dataclass(frozen=True)
class Sitting:
    """One sitting as far as it has gone."""

    began: datetime
    last: datetime
    last_number: int
    """The number of its newest event in the attempt."""
    earlier: timedelta = timedelta()
    """How long the attempt's earlier sittings took together."""

    @property
    def length(self) -> timedelta:
        """To a whole second, and never less than nothing though a clock was set back."""
        return timedelta(seconds=max(0, round((self.last - self.began).total_seconds())))

    @property
    def spent(self) -> timedelta:
        """Time spent on the attempt, breaks left out."""
        return self.earlier + self.length

    def is_over(self, now: datetime) -> bool:
        """Whether whatever happens at `now` belongs to another sitting."""
        return now - self.last > LONGEST_BREAK


def then(sitting: Sitting | None, number: int, at: datetime) -> Sitting:
    """The sitting that an event belongs to, given the one before it: the same one carried on, or a new one."""
    if sitting is None:
        return Sitting(began=at, last=at, last_number=number)
    if sitting.is_over(at):
        return Sitting(began=at, last=at, last_number=number, earlier=sitting.spent)
    return Sitting(sitting.began, max(at, sitting.last), number, sitting.earlier)


def sitting_after(times: Iterable[datetime]) -> Sitting | None:
    """The newest sitting of an attempt, from the times of its events in order; None before the first."""
    sitting = None
    for number, at in enumerate(times):
        sitting = then(sitting, number, at)
    return sitting

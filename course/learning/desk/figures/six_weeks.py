"""How many checks after six weeks came due, were answered, talked over and confirmed: of many people, never of one.

What is counted are the twelve months before this one, as they were at the end of the last of them, with people in the
team where they were then. A figure is worked out once and stays the same all month (six_weeks_kept.py), so no two days
can be subtracted. What was answered is not read.
"""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from itertools import zip_longest
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.columns import epoch
from course.learning.desk.days import day_of, end_of, start_of
from course.learning.mine.checks import CHECK_AFTER
from course.learning.tables import Completion, SixWeekCheck

FEWEST = 10
"""People whose check came due: fewer are never a row of their own."""


class Came(NamedTuple):
    """A check that came due."""

    person_id: str
    module_id: str
    on: date
    answered: bool
    talked_over: bool
    confirmed: bool


@dataclass(frozen=True)
class Counted:
    """Checks that came due, counted together."""

    people: frozenset[str]
    due: int
    answered: int
    talked_over: int
    confirmed: int


class Grouped(NamedTuple):
    """Groups of at least FEWEST people, and the others together; those are none, or at least as many too."""

    shown: dict[Hashable, Counted]
    others: Counted | None


def last_months(today: date) -> tuple[date, date]:
    """The first and the last day of the twelve months before this one."""
    first = today.replace(day=1)
    return first.replace(year=first.year - 1), first - timedelta(days=1)


def came_due(session: Session, first: date, last: date) -> Iterator[Came]:
    """Every check that came due on these days, as at the end of the last of them. One query.

    A refresher before the day has its own check in its place.
    """
    end = end_of(last)
    query = (
        select(Completion.person_id, Completion.module_id, epoch(Completion.completed_at))
        .add_columns(SixWeekCheck.at < end, SixWeekCheck.discussed_at < end, SixWeekCheck.confirmed_at < end)
        .join(SixWeekCheck, SixWeekCheck.completion_id == Completion.id, isouter=True)
        .where(Completion.completed_at >= start_of(first - CHECK_AFTER), Completion.completed_at < end)
        .order_by(Completion.person_id, Completion.module_id, Completion.completed_at, Completion.id)
    )
    rows = session.execute(query).all()
    for row, following in zip_longest(rows, rows[1:]):
        person_id, module_id, done, *was = row
        on = _day_of(done // _QUARTER) + CHECK_AFTER
        is_again = following is not None and following[:2] == row[:2]
        is_replaced = is_again and not was[0] and _day_of(following[2] // _QUARTER) <= on
        if on <= last and not is_replaced:
            yield Came(person_id, module_id, on, *map(bool, was))


_QUARTER = 15 * 60


@lru_cache(maxsize=100_000)
def _day_of(quarter: int) -> date:
    """The day in London of a quarter of an hour since 1970: many completions share one, and none crosses midnight."""
    return day_of(datetime.fromtimestamp(quarter * _QUARTER, UTC))


def counted(checks: Sequence[Came]) -> Counted:
    """Some checks, counted."""
    person_ids, _, _, *happened = zip(*checks, strict=True) if checks else [()] * len(Came._fields)
    return Counted(frozenset(person_ids), len(person_ids), *map(sum, happened))


def grouped(checks: Iterable[Came], key: Callable[[Came], Hashable]) -> Grouped | None:
    """Checks in groups of at least FEWEST people; None where there are too few in all.

    Smaller groups are put together, with the smallest of the larger ones if they are still too few. So nothing that
    is shown, nor what is left of a sum once others are taken away, is of fewer than FEWEST people.
    """
    groups: dict[Hashable, list[Came]] = defaultdict(list)
    for one in checks:
        groups[key(one)].append(one)
    all_of = {key: counted(some) for key, some in groups.items()}
    shown = {key: found for key, found in all_of.items() if are_enough(found)}
    left = [found for found in all_of.values() if not are_enough(found)]
    while left and not are_enough(others := _together(left)):
        if not shown:
            return None
        smallest = min(shown, key=lambda key: len(shown[key].people))
        left = [others, shown.pop(smallest)]
    return Grouped(shown, others if left else None)


def _together(groups: Sequence[Counted]) -> Counted:
    people = frozenset[str]().union(*(group.people for group in groups))
    counts = ((one.due, one.answered, one.talked_over, one.confirmed) for one in groups)
    return Counted(people, *map(sum, zip(*counts, strict=True)))


def are_enough(group: Counted) -> bool:
    """Whether this may be shown."""
    return len(group.people) >= FEWEST

"""Where everybody is in every module on a day: the rows are people, the columns modules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Any, NamedTuple, TypeVar, cast

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.desk.standing.facts import Asked, Done, Rules, asked, done
from course.learning.desk.standing.order import Order, in_order, put_anew
from course.learning.desk.standing.places import People, placed
from course.learning.desk.standing.status import (
    EXPIRED,
    OVERDUE,
    STATUSES,
    VOIDED,
    Days,
    Facts,
    Flags,
    Standing,
    day_of_number,
    number_of,
    standing,
)

Rows = NDArray[np.int64]
"""Row numbers of people, in the order in which they are shown."""

ASKED, COUNTS, CODES = 8, 16, 32
"""In a code: added where the module is asked for; where a completion counts; and how many codes a module has."""

IS_LATE = np.isin(np.arange(len(STATUSES)), (OVERDUE, EXPIRED, VOIDED))
"""Which of STATUSES say that something is late."""
MONTHS_BACK = 12

_STATUS_IDS = tuple(STATUSES)
_Arrays = TypeVar("_Arrays", bound=tuple[Any, ...])


class Cell(NamedTuple):
    """One person in one module."""

    status: str
    """An id of STATUSES."""
    by: date | None
    """By when it is to be done, or done again."""
    started: date | None
    completed: date | None
    counts: bool
    """Whether there is a completion that counts."""


@dataclass(frozen=True, eq=False)
class Picture:
    """Never changed once made. Everybody who was ever here has a row; those of a team were here on the day."""

    day: date
    modules: tuple[Module, ...]
    rules: Rules
    people: People
    done: Done
    asked: Asked
    found: dict[Any, Any] = field(default_factory=dict)
    """What was worked out about this picture, for whoever asks the same again."""

    @cached_property
    def row_of(self) -> dict[str, int]:
        return {id_: row for row, id_ in enumerate(self.people.ids)}

    @property
    def agency(self) -> NDArray[np.int32]:
        return self.people.agency

    @property
    def team(self) -> NDArray[np.int32]:
        """0 for whoever was not here."""
        return self.people.team

    @property
    def role(self) -> NDArray[np.int8]:
        """As an index into ROLES."""
        return self.people.role

    @cached_property
    def order(self) -> Order:
        """Everybody who was here, by name."""
        return in_order(self.people)

    @property
    def by_name(self) -> Rows:
        """The rows of everybody who was here, by name."""
        return self.order.rows

    @cached_property
    def facts(self) -> Facts:
        return Facts(*self.asked, self.done.started, self.done.completed, self.voided(self.rules))

    @cached_property
    def standing(self) -> Standing:
        return standing(self.facts, number_of(self.day))

    @cached_property
    def months(self) -> tuple[date, ...]:
        """The last days of the twelve months before this one, and the day itself."""
        days, last = [self.day], self.day
        for _ in range(MONTHS_BACK):
            last = last.replace(day=1) - timedelta(days=1)
            days.append(last)
        return tuple(days[::-1])

    @cached_property
    def first_month(self) -> NDArray[np.uint8]:
        """By which of `months` what is asked was completed for the first time; their number where it was not."""
        return first_months(self.done.first, self.asked.assigned, self.months)

    @cached_property
    def codes(self) -> NDArray[np.uint16]:
        """All that is counted of each cell as one number: its status, whether it is asked and counts, its module."""
        status, _, counts = self.standing
        flags = self.asked.assigned * np.uint16(ASKED) + counts * np.uint16(COUNTS)
        of_module = np.arange(len(self.modules), dtype=np.uint16) * np.uint16(CODES)
        return cast(NDArray[np.uint16], (status + flags + of_module).astype(np.uint16))

    @cached_property
    def late(self) -> NDArray[np.uint8]:
        """In how many modules each of the people is late."""
        return cast(NDArray[np.uint8], IS_LATE[self.standing.status].sum(axis=1, dtype=np.uint8))

    @cached_property
    def held(self) -> NDArray[np.uint8]:
        """How many of the modules that each of the people is asked to do they hold."""
        return cast(NDArray[np.uint8], (self.asked.assigned & self.standing.counts).sum(axis=1, dtype=np.uint8))

    @cached_property
    def counted(self) -> NDArray[np.int32]:
        """How many people have each of the codes, by team: figures about everybody are sums of these."""
        teams, codes = int(self.team.max(initial=0)) + 1, len(self.modules) * CODES
        cells = self.team[:, None] * np.int32(codes) + self.codes
        of_teams = np.bincount(cells.ravel(), minlength=teams * codes).reshape(teams, codes).astype(np.int32)
        of_teams[0] = 0  # of nobody who was here
        return of_teams

    def voided(self, rules: Rules) -> NDArray[np.bool_]:
        """Which newest completions these rules void."""
        least = np.array([rules.void_before.get(module.id, -1) for module in self.modules], np.int16)
        return (self.done.completed > 0) & (self.done.ledger_place < least)

    def cell(self, row: int, column: int) -> Cell:
        """One person in one module."""
        status, by, counts = (array[row, column] for array in self.standing)
        started, completed = self.done.started[row, column], self.done.completed[row, column]
        by, started, completed = (day_of_number(number) for number in (by, started, completed))
        return Cell(_STATUS_IDS[status], by, started, completed, bool(counts))

    def under(self, rules: Rules, day: date) -> "Picture":
        """The same people and what they did, on another day or under other rules."""
        return replace(self, day=day, rules=rules, asked=asked(self.people, self.modules, rules.assignments), found={})

    def with_people(self, news: "Picture") -> "Picture":
        """A picture in which those of `news` are as they are there, whether they were in this one or not."""
        row_of, length = self.row_of, len(self.people)
        new = [id_ for id_ in news.people.ids if id_ not in row_of]
        if new:
            row_of = row_of | {id_: length + n for n, id_ in enumerate(new)}
        which = np.array([row_of[id_] for id_ in news.people.ids], np.int64)
        people = self.people if _is_same(self.people, which, news.people) else _joined(self.people, which, news.people)
        did, was_asked = _patched(self.done, which, news.done), _patched(self.asked, which, news.asked)
        made = replace(self, people=people, done=did, asked=was_asked, found={})
        # What is as it was need not be worked out again: mostly somebody has begun or completed something.
        made.__dict__["row_of"] = row_of
        made.__dict__["standing"] = _patched(self.standing, which, news.standing)
        made.__dict__["codes"] = _patched((self.codes,), which, (news.codes,))[0]
        if "counted" in self.__dict__ and not new:
            made.__dict__["counted"] = _recounted(self, made, which)
        for name in ("late", "held", "first_month"):
            if name in self.__dict__:
                made.__dict__[name] = _patched((getattr(self, name),), which, (getattr(news, name),))[0]
        made.__dict__["order"] = self.order if people is self.people else put_anew(self.order, people, which)
        return made


def _is_same(people: People, which: Rows, news: People) -> bool:
    return int(which.max(initial=-1)) < len(people) and all(
        people[row] == news[n] and (people.since[row] == news.since[n]).all() for n, row in enumerate(which.tolist())
    )


def _recounted(before: Picture, now: Picture, which: Rows) -> NDArray[np.int32]:
    """Picture.counted of `now`, which differs from `before` in the rows `which` alone."""
    counted = before.counted.copy()
    if int(now.team.max(initial=0)) >= len(counted):
        return now.counted
    for picture, sign in ((before, -1), (now, 1)):
        rows = which[picture.team[which] > 0]
        np.add.at(counted, (picture.team[rows][:, None], picture.codes[rows]), sign)
    return counted


def _joined(people: People, which: Rows, news: People) -> People:
    """Copies of the columns of `people` with the rows `which` as in `news`."""
    ids, names, emails = people.ids.copy(), people.names.copy(), people.emails.copy()
    for n, row in enumerate(which.tolist()):
        ids[row : row + 1], names[row : row + 1], emails[row : row + 1] = (
            [news.ids[n]],
            [news.names[n]],
            [news.emails[n]],
        )
    before, now = ((one.agency, one.team, one.role, one.since) for one in (people, news))
    return People(ids, names, emails, *_patched(before, which, now))


def first_months(first: Days, assigned: Flags, months: Sequence[date]) -> NDArray[np.uint8]:
    """See Picture.first_month. What is not asked has the number after that."""
    never = len(months)
    by = np.searchsorted([number_of(month) for month in months], first).astype(np.uint8)
    by[first == 0] = never
    by[~assigned] = never + 1
    return by


def read_picture(
    session: Session,
    modules: tuple[Module, ...],
    rules: Rules,
    *,
    day: date,
    moment: datetime,
    person_ids: Iterable[str] | None = None,
) -> Picture:
    """Everybody, or those asked for, as the records have them just before `moment`. Five queries."""
    people = placed(session, int(moment.timestamp()), person_ids=person_ids)
    did = done(session, people, modules, moment=moment, whole=person_ids is None)
    return Picture(day, modules, rules, people, did, asked(people, modules, rules.assignments))


def _patched(old: _Arrays, which: Rows, new: _Arrays) -> _Arrays:
    """Copies of `old` with the rows `which` as in `new`, longer where `which` says so."""
    length = max(len(old[0]), int(which.max(initial=-1)) + 1)
    patched = []
    for before, after in zip(old, new, strict=True):
        array = np.zeros((length, *before.shape[1:]), before.dtype)
        array[: len(before)] = before
        array[which] = after
        patched.append(array)
    return cast(_Arrays, old._make(patched) if hasattr(old, "_make") else tuple(patched))

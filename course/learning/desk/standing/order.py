"""Everybody by name: in order, and as one text to search. A name that changes moves one row, not all of them."""

import re
from bisect import bisect_left
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from course.learning.desk.standing.places import People

FEW = 100
"""People up to whom each is put in its place; from there on sorting all anew is quicker."""
_END = "\0"


class Order(NamedTuple):
    """Never changed once made."""

    rows: NDArray[np.int64]
    """Those who were here, by name."""
    text: str
    """Their names and addresses in that order, each with its end."""
    starts: NDArray[np.int64]
    """Where each begins in it."""

    def containing(self, part: str) -> NDArray[np.int64]:
        """The rows, in order, of those whose name or address has this in it, in any case."""
        if _END in part:
            return self.rows[:0]  # it would find where one ends and the next begins, whoever may see both
        at = [found.start() for found in re.finditer(re.escape(part.casefold()), self.text)]
        return self.rows[np.unique(np.searchsorted(self.starts, at, side="right") - 1)]


def in_order(people: People) -> Order:
    """Everybody who was here."""
    keys = list(zip(map(str.casefold, people.names), people.ids, strict=True))
    rows = np.array(sorted(np.flatnonzero(people.team > 0).tolist(), key=keys.__getitem__), np.int64)
    texts = [_text(people, row) for row in rows.tolist()]
    return Order(rows, "".join(texts), _starts(texts))


def put_anew(order: Order, people: People, which: NDArray[np.int64]) -> Order:
    """The same with the rows `which` as they are in `people`."""
    if len(which) > FEW:
        return in_order(people)
    for row in which.tolist():  # all of them first: places are sought among rows that are in order
        order = _without(order, row)
    for row in which.tolist():
        if people.team[row] > 0:
            order = _with(order, people, row)
    return order


def _without(order: Order, row: int) -> Order:
    found = np.flatnonzero(order.rows == row)
    if not found.size:
        return order
    rows, text, starts = order
    place = int(found[0])
    begin = int(starts[place])
    end = int(starts[place + 1]) if place + 1 < len(starts) else len(text)
    rest = starts[place + 1 :] - (end - begin)
    return Order(np.delete(rows, place), text[:begin] + text[end:], np.concatenate([starts[:place], rest]))


def _with(order: Order, people: People, row: int) -> Order:
    def key(other: int) -> tuple[str, str]:
        return people.names[other].casefold(), people.ids[other]

    rows, text, starts = order
    place = bisect_left(rows, key(row), key=key)
    begin = int(starts[place]) if place < len(starts) else len(text)
    own = _text(people, row)
    shifted = np.concatenate([starts[:place], [begin], starts[place:] + len(own)])
    return Order(np.insert(rows, place, row), text[:begin] + own + text[begin:], shifted)


def _text(people: People, row: int) -> str:
    return f"{people.names[row]}\n{people.emails[row]}{_END}".casefold()


def _starts(texts: list[str]) -> NDArray[np.int64]:
    return np.cumsum([0, *map(len, texts)])[:-1].astype(np.int64)

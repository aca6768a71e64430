"""Counting answers so that what is shown never tells what fewer than ten people answered. Pure.

People wait at each place where they gave an answer, by agency. When ten of an agency wait there, the ten are counted
together and go on to the place of their next answer. Whoever has waited for long is counted with nine others who have,
whatever their agencies: from then on they belong to “other agencies”.

So every figure is a sum of whole tens that never change, and no two tens at a place share a person: a difference of
figures, of one day or of two, is about ten people or about nobody. And an answer that waits decides nothing that is
counted, not even where somebody is counted next: it can be any answer, and all that is shown stays the same.
"""

from collections import Counter, deque
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import groupby
from operator import attrgetter
from typing import NamedTuple

TEN = 10
PATIENCE = timedelta(days=30)
"""How long an answer waits for nine more of its own agency."""
OTHERS = 0
"""In place of an agency’s id: other agencies together."""

Place = tuple[str, ...]
"""What an answer is about. Everybody who answers at a place answers the same."""


class Step(NamedTuple):
    """One answer: where, and the words that are counted."""

    place: Place
    marks: tuple[str, ...]


class Answers(NamedTuple):
    """What one person answered, in the order in which one answer led to the next. Nothing says who it was."""

    day: date
    agency_id: int
    steps: tuple[Step, ...]


@dataclass
class Group:
    """Whole tens of people at a place, and how often each mark was made."""

    people: int = 0
    marks: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Group") -> None:
        """Take the people of another group in too."""
        self.people += other.people
        self.marks.update(other.marks)


Groups = dict[tuple[Place, int], Group]
"""By place and agency, or OTHERS."""


@dataclass(slots=True, eq=False)
class _Walker:
    """Somebody on the way through their answers."""

    steps: tuple[Step, ...]
    agency: int
    since: date
    position: int = 0


def count_in_tens(answers: Iterable[Answers], *, until: date) -> Groups:
    """The groups at the beginning of the day `until`, from every answer before it in the order of time.

    The groups of a later day are these with more tens in them: what was counted stays counted.
    """
    queues, day = _Queues(), until
    for following, on_day in groupby(answers, key=attrgetter("day")):
        queues.end_days(day, following)
        day = following
        for one in on_day:
            if one.steps:
                queues.enter(_Walker(one.steps, one.agency_id, day), day)
    queues.end_days(day, until)
    return queues.groups


class _Queues:
    """Who waits where, and what has been counted."""

    def __init__(self) -> None:
        self.groups: Groups = {}
        self._waiting: dict[Place, dict[int, list[_Walker]]] = {}

    def enter(self, walker: _Walker, day: date) -> None:
        """Somebody comes to the place of their next answer, and whoever goes on because of them to theirs."""
        coming = deque([walker])
        while coming:
            walker = coming.popleft()
            walker.since = day
            here = self._waiting.setdefault(walker.steps[walker.position].place, {})
            queue = here.setdefault(walker.agency, [])
            queue.append(walker)
            if len(queue) == TEN:
                here[walker.agency] = []
                coming.extend(self._count(queue, walker.agency))

    def end_days(self, first: date, until: date) -> None:
        """At the end of each day from `first`, those who have waited for long are counted together."""
        for number in range(max(0, (until - first).days)):
            day = first + timedelta(days=number)
            while any([self._pool(queues, day) for queues in list(self._waiting.values())]):
                pass  # those counted have gone on to other places, where there may be ten now

    def _pool(self, queues: dict[int, list[_Walker]], day: date) -> bool:
        """Count the ten who have waited the longest; False where there are not ten who have waited for long.

        They come from two queues at least, since none has more than nine waiting.
        """
        if sum(map(len, queues.values())) < TEN:
            return False
        latest = day - PATIENCE
        waited = [w for queue in queues.values() for w in queue if w.since <= latest or w.agency == OTHERS]
        if len(waited) < TEN:
            return False
        ten = sorted(waited, key=attrgetter("since"))[:TEN]
        for agency in {walker.agency for walker in ten}:
            queues[agency] = [walker for walker in queues[agency] if walker not in ten]
        for walker in ten:
            walker.agency = OTHERS
        for walker in self._count(ten, OTHERS):
            self.enter(walker, day)
        return True

    def _count(self, ten: list[_Walker], agency: int) -> list[_Walker]:
        """Add a ten to its group; gives those who have a next answer, at its place."""
        group = self.groups.setdefault((ten[0].steps[ten[0].position].place, agency), Group())
        group.people += TEN
        for walker in ten:
            group.marks.update(walker.steps[walker.position].marks)
            walker.position += 1
        return [walker for walker in ten if walker.position < len(walker.steps)]

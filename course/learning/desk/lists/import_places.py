"""The agencies and teams that a list of people names: which there are, which are new, and what they may be slips of."""

from collections import Counter
from collections.abc import Iterable, Iterator
from difflib import get_close_matches
from itertools import islice
from typing import NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.desk.people.joining_rules import covers
from course.learning.desk.people.not_said import NOT_SAID, is_not_said
from course.learning.desk.people.written import fold
from course.learning.scope import Scope
from course.learning.tables import Agency, Team

MOST_COMPARED, LONGEST_COMPARED = 10_000, 60
"""Comparing names is slow, and slower the longer they are: so many pairs a list, of so many characters each."""


class Place(NamedTuple):
    """A team of an agency; an id of None is of one that is made when the list is brought in."""

    agency_id: int | None
    team_id: int | None
    agency: str
    team: str

    def __str__(self) -> str:
        return NOT_SAID if is_not_said(self.agency) else f"{self.agency}: {self.team}"


class NewPlace(NamedTuple):
    """An agency, or a team of one, that the list names and that is not there yet."""

    place: Place
    is_agency: bool
    lines: int
    nearest: str
    """The name most like it, which it may be a slip of; empty where none is like it."""

    @property
    def is_named(self) -> bool:
        """Whether the list names it; not where it is for those who have not said theirs."""
        return not is_not_said(self.place.agency if self.is_agency else self.place.team)


class Places:
    """Finds places by their names, however these are written. Two queries."""

    def __init__(self, session: Session) -> None:
        self._agencies: dict[str, tuple[int | None, str]] = {}
        self._teams: dict[tuple[str, str], Place] = {}
        self.by_team: dict[int, Place] = {}
        for id_, name in session.execute(select(Agency.id, Agency.name).order_by(Agency.id)):
            self._agencies.setdefault(fold(name), (id_, name))
        teams = select(Agency.id, Team.id, Agency.name, Team.name).join(Team, Team.agency_id == Agency.id)
        for row in session.execute(teams.order_by(Team.id)):
            place = Place(*row)
            self.by_team[row[1]] = place
            self._teams.setdefault((fold(place.agency), fold(place.team)), place)
        self._found: dict[tuple[str, str], Place] = {}
        self._uses: Counter[Place] = Counter()
        self._like: dict[Place, str] = {}
        self._guesses = _Guesses()

    def find(self, agency: str, team: str) -> Place:
        """The place of these names; of a new one, in the first spelling that was asked for."""
        if place := self._found.get((agency, team)):
            return place
        key = fold(agency), fold(team)
        if key not in self._teams:
            agency_id, name = self._agencies.setdefault(key[0], (None, agency))
            self._teams[key] = Place(agency_id, None, name, team)
        self._found[agency, team] = self._teams[key]
        return self._teams[key]

    def use(self, place: Place) -> None:
        """Count a line that is brought in for this place."""
        self._uses[place] += 1

    def new(self) -> list[NewPlace]:
        """The agencies and teams that have to be made for the lines counted, by name."""
        used = sorted((place for place in self._uses if place.team_id is None), key=lambda p: (p.agency, p.team))
        agencies = dict.fromkeys(place.agency for place in used if place.agency_id is None)
        lines: Counter[str] = Counter()
        for place, count in self._uses.items():
            lines[place.agency] += count
        guesses = _Guesses()
        there = [name for _, name in self._agencies.values()]
        found = [
            NewPlace(Place(None, None, name, ""), True, lines[name], guesses.nearest(name, there)) for name in agencies
        ]
        for place in used:
            near = guesses.nearest(place.team, self._teams_of(place.agency))
            found.append(NewPlace(place, False, self._uses[place], near))
        return found

    def agency_ids(self) -> list[int]:
        """The agencies that any line named and that are there."""
        named = (place for place in self._found.values() if not is_not_said(place.agency))
        return sorted({place.agency_id for place in named if place.agency_id is not None})

    def team_ids(self) -> list[int]:
        """The teams that any line named and that are there."""
        named = (place for place in self._found.values() if not is_not_said(place.team))
        return sorted({place.team_id for place in named if place.team_id is not None})

    def in_scope_like(self, place: Place, scope: Scope) -> str:
        """The place in scope that is most like this one; empty where none is."""
        if place not in self._like:
            in_scope = (str(p) for p in self.by_team.values() if covers(scope, p.agency_id, p.team_id))
            self._like[place] = self._guesses.nearest(str(place), in_scope)
        return self._like[place]

    def _teams_of(self, agency: str) -> Iterator[str]:
        return (place.team for place in self._teams.values() if place.agency == agency)


class _Guesses:
    """What a name may be a slip of, as long as that is not asked too often."""

    def __init__(self) -> None:
        self._left = MOST_COMPARED

    def nearest(self, name: str, others: Iterable[str]) -> str:
        own = fold(name)
        if not self._left or len(own) > LONGEST_COMPARED:
            return ""
        short = islice((other for other in others if len(other) <= LONGEST_COMPARED), self._left)
        by_fold = {folded: other for other in short if (folded := fold(other)) != own}
        self._left -= len(by_fold)
        return next((by_fold[found] for found in get_close_matches(own, by_fold, n=1, cutoff=0.8)), "")

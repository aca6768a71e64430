"""The local picture as somebody may see it: from whole tens of people, by agency.

Whoever leads an agency, or a team in it, sees their own agency beside all together: a team is never shown by itself.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.events import RATINGS
from course.catalogue.model import ROLES, Module
from course.learning.desk.figures.gathering import Gathered, gathered
from course.learning.desk.figures.tens import OTHERS, Group, Groups
from course.learning.desk.people.not_said import is_not_said
from course.learning.scope import Scope
from course.learning.tables import Agency

LACKING = ("not-in-place", "partly")
"""The ratings by which somebody says that something lacks."""


@dataclass(frozen=True)
class Ratings:
    """What a group of at least ten people rated."""

    people: int
    by_statement: Mapping[str, Mapping[str, int]]
    """Statement id to how often each of RATINGS was given."""

    @cached_property
    def given(self) -> int:
        return sum(sum(counts.values()) for counts in self.by_statement.values())

    @cached_property
    def lacking(self) -> int:
        return sum(counts[rating] for counts in self.by_statement.values() for rating in LACKING)

    @property
    def share(self) -> float:
        """In percent: how many of the ratings say that something lacks."""
        return 100 * self.lacking / self.given


@dataclass(frozen=True)
class IssuePicture:
    """One issue in one year. Where a group is missing it is withheld."""

    cells: Mapping[tuple[int, str], Ratings]
    """By agency (or OTHERS) and role: only those that may be seen."""
    together: Mapping[str, Ratings]
    """By role: the sum of the groups of all agencies."""

    @property
    def gap(self) -> float | None:
        """Percentage points between the role that says most often that something lacks and the one that least does."""
        shares = [ratings.share for ratings in self.together.values()]
        return max(shares) - min(shares) if len(shares) > 1 else None


@dataclass(frozen=True)
class LocalPicture:
    """Everything that one may see of a year."""

    year: int
    years: tuple[int, ...]
    """Those with figures, the newest first."""
    day: date | None
    """The last day that is in it, whatever the issue; None before anything was gathered."""
    agencies: Mapping[int, str]
    """Those that have a place of their own here, by name; with OTHERS where all may be seen."""
    issues: Mapping[str, IssuePicture]
    """By module id, in order."""


def local_picture(
    session: Session, scope: Scope, modules: Sequence[Module], *, year: int | None, today: date
) -> LocalPicture:
    """The picture of a year; without one, or for one without figures, the newest with figures. Two queries."""
    found = gathered(session, "ratings", modules)
    agencies = agencies_shown(session, scope)
    years = sorted({int(place[0]) for one in found.values() for place, _ in one.groups}, reverse=True)
    year = year if year in years else (years or [today.year])[0]
    issues = {m.id: issue_picture(found[m.id].groups if m.id in found else {}, year, agencies) for m in modules}
    return LocalPicture(year, tuple(years), last_day(found), agencies, issues)


def agencies_shown(session: Session, scope: Scope) -> dict[int, str]:
    """Whom somebody may see by themselves, by name: their own agency; or all, and others together. One query.

    Those who have not said their agency are none: they are counted among the others.
    """
    query = select(Agency.id, Agency.name).order_by(Agency.name, Agency.id)
    if scope.agency_id is not None:
        query = query.where(Agency.id == scope.agency_id)
    found = {id_: name for id_, name in session.execute(query) if not is_not_said(name)}
    return found if scope.agency_id is not None else {**found, OTHERS: "Other agencies together"}


def last_day(found: Mapping[str, Gathered]) -> date | None:
    """The last day that is in all of the figures."""
    return min((one.day for one in found.values()), default=None)


def issue_picture(groups: Groups, year: int, agencies: Container[int]) -> IssuePicture:
    """What somebody sees of an issue who may see these agencies by themselves: sums of whole groups, and no more."""
    cells: dict[tuple[int, str], Group] = {}
    together: dict[str, Group] = {}
    for (place, agency), group in groups.items():
        if place[0] != str(year):
            continue
        together.setdefault(place[1], Group()).add(group)
        if agency in agencies:
            cells.setdefault((agency, place[1]), Group()).add(group)
    roles = {role: _ratings(together[role]) for role in ROLES if role in together}
    return IssuePicture({key: _ratings(group) for key, group in cells.items()}, roles)


def _ratings(group: Group) -> Ratings:
    by_statement: dict[str, dict[str, int]] = {}
    for mark, count in sorted(group.marks.items()):
        statement, rating = mark.split()
        by_statement.setdefault(statement, dict.fromkeys(RATINGS, 0))[rating] = count
    return Ratings(group.people, by_statement)

"""What comes of the lines of a list of people: the words in which a plan of it is written. Pure."""

from collections import Counter
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Literal, NamedTuple

from course.catalogue.model import ROLES
from course.learning.desk.days import spoken
from course.learning.desk.lists.import_people import Known, Missing
from course.learning.desk.lists.import_places import NewPlace, Place
from course.learning.desk.lists.import_rows import Columns, Wanted
from course.learning.desk.people.not_said import FIRST_ROLE, OPEN, is_not_said, still_open
from course.learning.tables import ACCESS

Outcome = Literal["refused", "added", "back", "changed", "alone"]
OUTCOMES: dict[Outcome, str] = {
    "refused": "Refused",
    "added": "Added",
    "back": "Returned",
    "changed": "Changed",
    "alone": "Left alone",
}
"""What may come of a line, with its name on screen, in the order in which a lead wants to know."""


class Change(NamedTuple):
    """A field of somebody who is there, as it is and as it would be."""

    field: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.field}: {self.old} → {self.new}"


class Line(NamedTuple):
    """What comes of one line of the file."""

    line: int
    outcome: Outcome
    name: str
    email: str
    wanted: Wanted | None = None
    place: Place | None = None
    known: Known | None = None
    """Who has this address now."""
    there: Place | None = None
    """Where they are now."""
    manager: str | None = None
    """The address of a manager who is there or in the list; None where nothing is to change."""
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    """Sentences: why it is refused and what to do, or what else is to be known."""

    @property
    def what(self) -> str:
        """What is done, in words; empty where nothing is."""
        if self.outcome != "added" or self.wanted is None:
            return "; ".join(map(str, self.changes))
        wanted, place = self.wanted, self.place
        said = [
            str(place) if place and not is_not_said(place.team) else "",
            place.agency if place and is_not_said(place.team) and not is_not_said(place.agency) else "",
            ROLES[wanted.role].lower() if wanted.role else "",
            ACCESS[wanted.access].lower() if wanted.access not in (None, "learner") else "",
            f"joined {spoken(wanted.joined)}" if wanted.joined else "",
            f"asked for their {self.asked} at first sign-in" if self.asked else "",
        ]
        whole = ", ".join(filter(None, said))
        return whole[:1].upper() + whole[1:]

    @property
    def asked(self) -> str:
        """What somebody who is added says at their first sign-in, in words; empty where that is nothing."""
        if self.outcome != "added" or self.wanted is None or self.place is None:
            return ""
        agency, team, role = is_not_said(self.place.agency), is_not_said(self.place.team), self.wanted.role is None
        *most, last = [w for w, is_open in (("agency", agency), ("team", team), ("role", role)) if is_open] or [""]
        return f"{', '.join(most)} and {last}" if most else last

    @property
    def role(self) -> str:
        """The role that they then have: what the line says, what they had, or the one until they have said theirs."""
        said = self.wanted.role if self.wanted else None
        return said or (self.known.role if self.known else FIRST_ROLE)

    @property
    def to_say(self) -> list[str]:
        """What is open once the line is brought in."""
        before = self.known.to_say if self.known else OPEN
        role_said = self.wanted is not None and self.wanted.role is not None
        return still_open(before, team=self.place.team if self.place else "", role_said=role_said)


@dataclass(frozen=True)
class Plan:
    """What the whole list would do."""

    columns: Columns
    lines: list[Line]
    """In the order of the file."""
    new_places: list[NewPlace]
    missing: list[Missing]
    """Nothing happens to them unless that is asked for."""

    @cached_property
    def counts(self) -> dict[Outcome, int]:
        """How many lines come to what; all of OUTCOMES."""
        counted = Counter(line.outcome for line in self.lines)
        return {outcome: counted[outcome] for outcome in OUTCOMES}

    def group(self, outcome: Outcome) -> list[Line]:
        """The lines of one outcome."""
        return [line for line in self.lines if line.outcome == outcome]

    @cached_property
    def fingerprint(self) -> str:
        """The same as long as the list would do the same: whoever decides has seen exactly this."""
        whole = sha256()
        for line in self.lines:
            seen = (line.line, line.email, line.outcome, line.place, line.manager, line.changes, line.notes)
            whole.update(repr(seen).encode())
        whole.update(repr((self.new_places, self.missing)).encode())
        return whole.hexdigest()

"""What an assignment asks, of whom and by when: its wording, what is wrong with one, and how it is said."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from course.catalogue.model import ROLES, Module
from course.learning.desk.days import spoken
from course.learning.tables import Agency, Assignment, Person, Team

LONGEST_WITHIN = 730
"""Days."""
LONGEST_REFRESH = 60
"""Months."""
FURTHEST_DUE = timedelta(days=3653)
"""A due date further away than ten years is taken for a slip of the year."""

Faults = dict[str, list[str]]
"""Field to what is wrong there, each in a sentence: modules, agency, team, role, person, due, within or refresh."""


@dataclass(frozen=True)
class Wording:
    """The terms of an assignment. Whom it asks: everybody who fits all that is given, now and later."""

    module_ids: tuple[str, ...]
    agency_id: int | None = None
    team_id: int | None = None
    role: str | None = None
    person_id: str | None = None
    due_on: date | None = None
    within_days: int | None = None
    """Days from when somebody comes within its reach."""
    refresh_months: int | None = None
    """Months that a completion lasts. None: for good."""

    @classmethod
    def of(cls, assignment: Assignment) -> "Wording":
        """The terms that are kept in a row."""
        return cls(
            tuple(assignment.module_ids),
            agency_id=assignment.agency_id,
            team_id=assignment.team_id,
            role=assignment.role,
            person_id=assignment.person_id,
            due_on=assignment.due_on,
            within_days=assignment.within_days,
            refresh_months=assignment.refresh_months,
        )

    def row(self) -> Assignment:
        """A row with these terms, not yet kept, and without who made it and when."""
        return Assignment(
            module_ids=list(self.module_ids),
            agency_id=self.agency_id,
            team_id=self.team_id,
            role=self.role,
            person_id=self.person_id,
            due_on=self.due_on,
            within_days=self.within_days,
            refresh_months=self.refresh_months,
        )


def faults_of(wording: Wording, *, known: Collection[str], today: date, former: Wording | None = None) -> Faults:
    """Everything that is wrong with the terms themselves. A due date that `former` has may be in the past."""
    unchanged = former is not None and former.due_on == wording.due_on
    return {
        "modules": _faults_of_modules(wording.module_ids, known),
        "role": [] if wording.role in (None, *ROLES) else ["Choose a role from the list."],
        "person": _faults_of_person(wording),
        "due": _faults_of_due(wording, today) if not unchanged else [],
        "within": _outside(wording.within_days, LONGEST_WITHIN, "days"),
        "refresh": _outside(wording.refresh_months, LONGEST_REFRESH, "months"),
    }


def _faults_of_modules(module_ids: Sequence[str], known: Collection[str]) -> list[str]:
    if not module_ids:
        return ["Choose at least one module."]
    return [] if set(module_ids) <= set(known) else ["Choose modules of this course: one of these is not in it."]


def _faults_of_person(wording: Wording) -> list[str]:
    group = (wording.agency_id, wording.team_id, wording.role)
    if wording.person_id is None or group == (None, None, None):
        return []
    return ["Ask either one person or a group. For one person leave agency, team and role out."]


def _faults_of_due(wording: Wording, today: date) -> list[str]:
    if wording.due_on is None:
        return []
    if wording.within_days is not None:
        return ["Give either a date or a number of days, not both."]
    if wording.due_on < today:
        return [f"The date {spoken(wording.due_on)} is in the past. Give today’s date or a later one."]
    if wording.due_on > today + FURTHEST_DUE:
        return [f"The date {spoken(wording.due_on)} is more than ten years away. Check the year."]
    return []


def _outside(number: int | None, longest: int, what: str) -> list[str]:
    if number is None or 1 <= number <= longest:
        return []
    return [f"Give a number of {what} from 1 to {longest}."]


def numbers_of(module_ids: Collection[str], course: Sequence[Module]) -> str:
    """Modules by number, as a sentence says them: all 14 modules, modules 3, 7 and 13."""
    numbers = [str(module.number) for module in course if module.id in module_ids]
    gone = [id_ for id_ in module_ids if id_ not in {module.id for module in course}]
    if len(numbers) == len(course) > 1 and not gone:
        return f"all {len(course)} modules"
    *most, last = numbers + gone
    return f"modules {', '.join(most)} and {last}" if most else f"module {last}"


def group_in_words(*, agency: Agency | None, team: Team | None, role: str | None, person: Person | None) -> str:
    """Whom it asks: managers in Health, Health visiting."""
    if person:
        return f"{person.name} ({person.email})"
    whom = f"every {ROLES[role].lower()}" if role else "everybody"
    place = f"{team.agency.name}, {team.name}" if team else agency.name if agency else ""
    return f"{whom} in {place}" if place else whom


def whom(assignment: Assignment) -> str:
    """Whom an assignment asks, in words."""
    return group_in_words(
        agency=assignment.agency, team=assignment.team, role=assignment.role, person=assignment.person
    )


def due(asks: Assignment | Wording) -> str:
    """By when: by 1 March 2027, within 30 days of joining, or with no date."""
    if asks.due_on:
        return f"by {spoken(asks.due_on)}"
    return f"within {_count(asks.within_days, 'day')} of joining" if asks.within_days else "with no date"


def refresher(asks: Assignment | Wording) -> str:
    """How long a completion lasts: again every 12 months, or once."""
    return f"again every {_count(asks.refresh_months, 'month')}" if asks.refresh_months else "once"


def in_words(assignment: Assignment, course: Sequence[Module]) -> str:
    """All of it: modules 3 and 13, for every manager in Health, by 1 March 2027, again every 12 months."""
    modules = numbers_of(assignment.module_ids, course)
    return f"{modules}, for {whom(assignment)}, {due(assignment)}, {refresher(assignment)}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"

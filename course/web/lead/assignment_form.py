"""The form for an assignment: what was filled in, and the wording that it asks for with what is wrong in it."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields
from datetime import date

from sqlalchemy.orm import Session
from werkzeug.datastructures import MultiDict

from course.catalogue.model import Module
from course.learning.desk.assigning.asked import find_asked
from course.learning.desk.assigning.wording import Faults, Wording
from course.learning.tables import Assignment, Person


@dataclass(frozen=True)
class Filled:
    """The form as somebody filled it in, whatever it is: each field’s text by the field’s name."""

    module: tuple[str, ...] = ()
    which: str = "some"
    whom: str = "group"
    agency: str = ""
    team: str = ""
    role: str = ""
    email: str = ""
    due: str = "none"
    day: str = ""
    month: str = ""
    year: str = ""
    within: str = ""
    refresh: str = ""

    @classmethod
    def from_form(cls, form: MultiDict[str, str]) -> "Filled":
        texts = {f.name: form.get(f.name, "").strip() for f in fields(cls) if f.name != "module"}
        return cls(tuple(form.getlist("module")), **texts)

    @classmethod
    def of(cls, row: Assignment, course: Sequence[Module]) -> "Filled":
        """The form that asks for what an assignment asks."""
        everything = {module.id for module in course} == set(row.module_ids)
        on = row.due_on
        return cls(
            tuple(row.module_ids),
            which="all" if everything else "some",
            whom="person" if row.person else "group",
            agency=_text(row.agency_id),
            team=_text(row.team_id),
            role=row.role or "",
            email=row.person.email if row.person else "",
            due="on" if on else "within" if row.within_days else "none",
            day=_text(on and on.day),
            month=_text(on and on.month),
            year=_text(on and on.year),
            within=_text(row.within_days),
            refresh=_text(row.refresh_months),
        )

    @property
    def hidden(self) -> Iterator[tuple[str, str]]:
        """Every field with its text, for a page that carries the form on."""
        yield from (("module", id_) for id_ in self.module)
        yield from ((f.name, getattr(self, f.name)) for f in fields(self) if f.name != "module")


def read(session: Session, by: Person, filled: Filled, *, course: Sequence[Module]) -> tuple[Wording, Faults]:
    """The wording asked for, and what cannot be read of it: a field with a fault says nothing in the wording."""
    faults: Faults = {}
    chosen = [module.id for module in course if filled.which == "all" or module.id in filled.module]
    if filled.which not in ("all", "some"):
        faults["which"] = ["Choose all modules or only some."]
    agency_id, team_id, role, person_id = _whom(session, by, filled, faults=faults)
    due_on, within_days = _due(filled, faults)
    wording = Wording(
        tuple(chosen),
        agency_id=agency_id,
        team_id=team_id,
        role=role,
        person_id=person_id,
        due_on=due_on,
        within_days=within_days,
        refresh_months=_number(filled.refresh, "refresh", "months, or leave this empty", faults=faults),
    )
    return wording, faults


def _whom(
    session: Session, by: Person, filled: Filled, *, faults: Faults
) -> tuple[int | None, int | None, str | None, str | None]:
    if filled.whom == "person":
        found = find_asked(session, by, filled.email) if filled.email else None
        if found is None:
            faults["person"] = [_nobody(filled.email)]
        # In place of somebody not found stands who asks, so that all else is checked too.
        return None, None, None, found.id if found else by.id
    if filled.whom != "group":
        faults["whom"] = ["Choose a group or one person."]
    elif filled.email:
        faults["person"] = ["You gave an address too. Choose “One person”, or empty the address."]
    return _id(filled.agency), _id(filled.team), filled.role or None, None


def _nobody(email: str) -> str:
    if not email:
        return "Give the person’s e-mail address."
    return "Nobody whom you can ask has this e-mail address. Check it, or add the person first."


def _due(filled: Filled, faults: Faults) -> tuple[date | None, int | None]:
    parts = (filled.day, filled.month, filled.year)
    match filled.due:
        case "on":
            _leave_out(filled.within, "a number of days too", "within", faults=faults)
            return _date(parts, faults), None
        case "within":
            _leave_out("".join(parts), "a date too", "due", faults=faults)
            if not filled.within:
                faults["within"] = ["Give the number of days."]
            return None, _number(filled.within, "within", "days", faults=faults)
        case "none":
            _leave_out("".join(parts), "a date", "due", faults=faults)
            _leave_out(filled.within, "a number of days", "within", faults=faults)
        case _:
            faults["when"] = ["Choose whether there is a date."]
    return None, None


def _leave_out(text: str, what: str, field: str, *, faults: Faults) -> None:
    if text:
        faults[field] = [f"You gave {what}. Choose that above it, or empty it."]


def _date(parts: tuple[str, str, str], faults: Faults) -> date | None:
    missing = [name for name, text in zip(("day", "month", "year"), parts, strict=True) if not text]
    if missing:
        faults["due"] = ["Give the date." if len(missing) == 3 else f"The date needs a {' and a '.join(missing)}."]
        return None
    try:
        if not all(re.fullmatch("[0-9]{1,4}", text) for text in parts) or len(parts[2]) != 4:
            raise ValueError
        day, month, year = map(int, parts)
        return date(year, month, day)
    except ValueError:
        faults["due"] = ["There is no such date. Give day, month and year as numbers, such as 1 3 2027."]
        return None


def _number(text: str, field: str, what: str, *, faults: Faults) -> int | None:
    if text and not re.fullmatch("[0-9]{1,9}", text):
        faults[field] = [f"Give a whole number of {what}."]
        return None
    return int(text) if text else None


def _id(text: str) -> int | None:
    """The id chosen; one that no row has, for a text that is none."""
    if not text:
        return None
    return int(text) if re.fullmatch("[0-9]{1,9}", text) else 0


def _text(value: object) -> str:
    return "" if value is None else str(value)

"""What a lead asked to see, from the address: whom, in which order, as at which day."""

from dataclasses import dataclass
from datetime import date

from flask import request

from course.catalogue.model import ROLES, Module
from course.learning.desk.days import day_of, spoken
from course.learning.desk.standing.matrix import SORTS, Wanted, rows_of
from course.learning.desk.standing.names import Names
from course.learning.desk.standing.picture import Picture, Rows
from course.learning.desk.standing.status import STATUSES
from course.web.board import board
from course.web.chrome import library
from course.web.database import database
from course.web.lead.desk import now, scope

LONGEST_NAME = 100


@dataclass(frozen=True)
class Asked:
    """What a lead asked to see. What cannot be understood in an address counts as not asked; a wrong day is told."""

    wanted: Wanted
    module: Module | None
    as_at: date | None
    wrong_day: str
    """Why the day that was asked for is not shown, in a sentence; empty if it is."""
    page: int

    @property
    def query(self) -> dict[str, str]:
        """The same as the parameters of an address, without the page."""
        wanted = self.wanted
        chosen = {
            "agency": wanted.agency_id,
            "team": wanted.team_id,
            "role": wanted.role,
            "module": self.module.folder if self.module else "",
            "status": wanted.status,
            "due_from": wanted.due_from,
            "due_to": wanted.due_to,
            "name": wanted.name,
            "sort": wanted.sort if wanted.sort != "name" else "",
            "as_at": self.as_at.isoformat() if self.as_at else "",
        }
        return {name: str(value) for name, value in chosen.items() if value}

    @property
    def said(self) -> str:
        """The day that this is as at, as a sentence says it."""
        return spoken(self.as_at or day_of(now()))


@dataclass(frozen=True)
class Look:
    """A picture, what was asked of it, and the rows that this gives."""

    asked: Asked
    picture: Picture
    rows: Rows
    names: Names


def asked() -> Asked:
    """What the address of this request asks to see."""
    module = next((m for m in library().modules if m.folder == request.args.get("module")), None)
    wanted = Wanted(
        agency_id=request.args.get("agency", type=number),
        team_id=request.args.get("team", type=number),
        role=one_of(ROLES, "role"),
        module_id=module.id if module else None,
        status=one_of(STATUSES, "status"),
        due_from=read_day(request.args.get("due_from", "").strip()),
        due_to=read_day(request.args.get("due_to", "").strip()),
        name=request.args.get("name", "").strip()[:LONGEST_NAME],
        sort=one_of(SORTS, "sort") or "name",
    )
    as_at, wrong_day = _past_day(request.args.get("as_at", "").strip())
    return Asked(wanted, module, as_at, wrong_day, request.args.get("page", 1, type=number))


def _past_day(text: str) -> tuple[date | None, str]:
    """The day that is asked for, or why there is none."""
    day = read_day(text)
    if day and day > day_of(now()):
        return None, f"{spoken(day)} is still to come. Choose today or an earlier day."
    return day, "" if day or not text else f"“{text[:40]}” is no day. Write it as 31/3/2027. Today is shown."


def look(wants: Asked | None = None) -> Look:
    """What is asked to be seen, by this request unless it is given, with everybody in it who is in scope."""
    wants = wants or asked()
    picture = board().picture(database(), now(), as_at=wants.as_at)
    return Look(wants, picture, rows_of(picture, scope(), wants.wanted), board().names(database(), picture))


def number(text: str) -> int:
    """A whole number that a database can hold as an id; ValueError, which counts as not asked, for any other."""
    found = int(text)
    if not 0 < found < 2**31:
        raise ValueError(text)
    return found


def one_of(words: dict[str, str], name: str) -> str | None:
    """The parameter, if it is one of these words."""
    word = request.args.get(name)
    return word if word in words else None


def read_day(text: str) -> date | None:
    """A day written as 2027-03-01 or 1/3/2027; None for what is no day."""
    parts = text.split("/")
    try:
        return date.fromisoformat(text) if len(parts) != 3 else date(*(int(part) for part in reversed(parts)))
    except (ValueError, OverflowError):
        return None

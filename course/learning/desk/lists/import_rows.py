"""What the columns and cells of a list of people mean. Pure."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from course.learning.desk.people.not_said import is_not_said
from course.learning.desk.people.written import access_of, day_of_joining, email_of, name_of, role_of
from course.learning.desk.uploads.sheets import SheetRow, Unreadable, plain

COLUMNS: dict[str, str] = {
    "name": "Name",
    "email": "E-mail",
    "agency": "Agency",
    "team": "Team",
    "role": "Role",
    "access": "Access",
    "manager": "Manager",
    "joined": "Joined",
}
"""A column and the heading that it has in the template."""
NEEDED = ("name", "email")
ASKED = ("agency", "team", "role")
"""What whoever is new is asked at their first sign-in where a list does not say it."""
ALSO: dict[str, str] = {
    "name": "fullname staffname employeename nameofperson learner person",
    "email": "emailaddress mail workemail workemailaddress emails",
    "agency": "organisation organization employer partneragency agencyname",
    "team": "teamname department unit service",
    "role": "jobrole roletype courserole rolelevel",
    "access": "accesslevel courseaccess permission permissions",
    "manager": "manageremail managersemail manageremailaddress managersemailaddress linemanager linemanageremail "
    "linemanagersemail linemanageremailaddress supervisor",
    "joined": "joinedon datejoined joiningdate dateofjoining startdate started startedon",
}
"""A column to the headings that mean it too, each by its letters."""
_MEANING = {plain(word): field for field, heading in COLUMNS.items() for word in (heading, *ALSO[field].split())}


class Columns(NamedTuple):
    """Where in a row each column is."""

    places: dict[str, int]
    unused: tuple[str, ...]
    """Headings that mean nothing here."""

    @property
    def left_open(self) -> list[str]:
        """The headings of the columns that are not there and that whoever is new is asked about."""
        return [COLUMNS[field] for field in ASKED if field not in self.places]


class Wanted(NamedTuple):
    """What a line asks for. None: it does not say, and what is there stays."""

    name: str
    email: str
    agency: str | None
    team: str | None
    role: str | None
    access: str | None
    manager: str | None
    """An e-mail address, or whatever stands in its place."""
    joined: date | None


class Read(NamedTuple):
    """A line as it was read: what it asks for, or why it asks for nothing."""

    line: int
    name: str
    email: str
    """As they stand in the file where they cannot be read; the address in small letters where it can."""
    wanted: Wanted | None
    reasons: tuple[str, ...]


def columns_of(headings: Sequence[str]) -> Columns:
    """Which column is where. Raises Unreadable, naming all that is wrong, where one is missing or there twice."""
    places: dict[str, int] = {}
    wrong = []
    for place, heading in enumerate(headings):
        field = _MEANING.get(plain(heading))
        if field is None:
            continue
        if field in places:
            twin = headings[places[field]]
            wrong.append(f"“{twin}” and “{heading}” both mean {COLUMNS[field]}. Delete or rename one.")
        places.setdefault(field, place)
    if missing := [COLUMNS[field] for field in NEEDED if field not in places]:
        found = ", ".join(f"“{heading[:40]}”" for heading in headings[:12])
        wrong.append(f"No column is headed {' or '.join(missing)}. The headings found are {found}. Rename or add it.")
    if wrong:
        raise Unreadable(" ".join(wrong))
    return Columns(places, tuple(heading for heading in headings if plain(heading) not in _MEANING))


class Reading:
    """Reads line after line. What many lines have in common, as a team or a role, is read once."""

    def __init__(self, columns: Columns, today: date) -> None:
        self._columns, self._today = columns, today
        self._seen: dict[tuple[str, str], tuple[Any, str]] = {}

    def read(self, row: SheetRow) -> Read:
        """What a line asks for, or everything that is wrong with it."""
        cells = {field: row.cells[place] for field, place in self._columns.places.items()}
        values: dict[str, Any] = dict.fromkeys(COLUMNS)
        reasons = []
        for field, text in cells.items():
            values[field], reason = self._value(field, text)
            if reason:
                reasons.append(reason)
        email = values["email"] or cells["email"]
        if reasons:
            return Read(row.line, cells["name"], email, None, tuple(reasons))
        return Read(row.line, cells["name"], email, Wanted(**values), ())

    def _value(self, field: str, text: str) -> tuple[Any, str]:
        """A cell as it is kept, or why it cannot be."""
        if field in ("name", "email"):
            return self._read(field, text)
        if (field, text) not in self._seen:
            self._seen[field, text] = self._read(field, text)
        return self._seen[field, text]

    def _read(self, field: str, text: str) -> tuple[Any, str]:
        if field not in NEEDED and (not text or (field in ASKED and is_not_said(text))):
            return None, ""
        try:
            return self._kept(field, text), ""
        except ValueError as error:
            return None, str(error)

    def _kept(self, field: str, text: str) -> Any:
        match field:
            case "email":
                return email_of(text)
            case "role":
                return role_of(text)
            case "access":
                return access_of(text)
            case "joined":
                return day_of_joining(text, self._today)
            case "manager":
                return text.lower()
            case _:
                return name_of(text, field)

"""What somebody wrote about a person, in a field or in a cell of a list, as it is kept. Pure.

Each function gives what is kept, or raises ValueError with a sentence that says what is wrong and what to do.
"""

import re
from datetime import date, timedelta

from course.catalogue.model import ROLES
from course.learning.columns import EMAIL, NAME
from course.learning.people import normal_email
from course.learning.tables import ACCESS

EARLIEST = date(1950, 1, 1)
AHEAD = timedelta(days=366)
"""How far in the future somebody may join: a later year is a slip of the pen."""

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z][a-z0-9-]*[a-z0-9]")
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ][\d:.]+)?")
_BRITISH = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})(?: [\d:]+)?")


def fold(text: str) -> str:
    """A name as names are compared: without regard to case, spaces, kinds of apostrophes and of hyphens."""
    plain = text.casefold().translate({0x2018: "'", 0x2019: "'", 0x2010: "-", 0x2011: "-", 0x2013: "-"})
    return " ".join(plain.split())


def squeezed(text: str) -> str:
    """The letters and digits of a text in small letters."""
    return "".join(filter(str.isalnum, text.casefold()))


_ROLES = {squeezed(word): id_ for id_, name in ROLES.items() for word in (id_, name, f"{name}s")}
_ACCESS = {squeezed(word): id_ for id_, name in ACCESS.items() for word in (id_, name)}
_ACCESS["admin"] = "administrator"


def name_of(text: str, what: str = "name") -> str:
    """A name of a person, agency or team, with single spaces."""
    name = " ".join(text.split())
    if not name:
        raise ValueError(f"The {what} is missing. Write it.")
    if len(name) > NAME:
        raise ValueError(f"The {what} has {len(name):,} characters. Shorten it to {NAME} or fewer.")
    if not name.replace("\u200c", "").replace("\u200d", "").isprintable():
        raise ValueError(f"The {what} has a character that cannot be printed. Write it anew.")
    return name


def email_of(text: str) -> str:
    """An address in small letters, which is also how people are told apart."""
    email = normal_email(text)
    local, _, domain = email.rpartition("@")
    if len(email) <= EMAIL and len(local) <= 64 and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(domain):
        return email
    raise ValueError(_wrong_email(email))


def _wrong_email(email: str) -> str:
    if not email:
        return "The e-mail address is missing. Write it: it is how people are told apart."
    if len(email) > EMAIL:
        return f"The e-mail address has {len(email):,} characters, and none has more than {EMAIL}. Correct it."
    local, _, domain = email.rpartition("@")
    if email.count("@") != 1 or not local or not domain:
        return f"“{email}” is not an e-mail address: it needs one @ between two parts. Correct it."
    if any(c.isspace() or not c.isprintable() for c in email):
        return f"“{email}” has a space in it. Write the address without it."
    if "." not in domain:
        return f"“{email}” has no full stop after the @. Write the whole address, as in name@example.org."
    if len(local) > 64:
        return f"“{email}” has more than 64 characters before the @, which no e-mail address has. Correct it."
    return f"“{email}” has a sign or a full stop where an e-mail address has none. Correct it."


def role_of(text: str) -> str:
    """The id of a role, from its name in any case and with or without a hyphen."""
    if not text.strip():
        raise ValueError(f"The role is missing. Write {_either(ROLES)}.")
    if (role := _ROLES.get(squeezed(text))) is None:
        raise ValueError(f"“{text[:60]}” is not a role. Write {_either(ROLES)}.")
    return role


def access_of(text: str) -> str:
    """The id of an access, from its name, its id or a short form."""
    if (access := _ACCESS.get(squeezed(text))) is None:
        raise ValueError(f"“{text[:60]}” is not an access. Write {_either(ACCESS)}.")
    return access


def _either(words: dict[str, str]) -> str:
    *first, last = words.values()
    return f"{', '.join(first)} or {last}"


def day_of_joining(text: str, today: date) -> date:
    """A day as 2026-09-01 or 01/09/2026, the day before the month."""
    day = _day(text.strip())
    if day is None:
        raise ValueError(f"“{text[:60]}” is not a day. Write it as 2026-09-01 or 01/09/2026, the day before the month.")
    if not EARLIEST <= day <= today + AHEAD:
        raise ValueError(f"Nobody joins on {day.isoformat()}. Write a day from {EARLIEST.year} to a year from now.")
    return day


def _day(text: str) -> date | None:
    if found := _ISO.fullmatch(text):
        year, month, day = map(int, found.groups())
    elif found := _BRITISH.fullmatch(text):
        day, month, year = map(int, found.groups())
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None

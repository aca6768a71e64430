"""Whether a text says when somebody was born. Pure, and asks for the whole form, as `identifying` says."""

import re
from datetime import date

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
DATE = re.compile(
    r"(?<![\d/.-])(?:"
    r"(?P<y1>\d{4})-(?P<m1>\d\d)-(?P<d1>\d\d)"
    r"|(?P<d2>\d{1,2})(?P<s>[/.-])(?P<m2>\d{1,2})(?P=s)(?P<y2>\d{4}|\d\d)"
    rf"|(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<m3>{_MONTH}),? (?P<y3>\d{{4}}|[’']?\d\d(?=\s*$|[.,;)](?!\d)))"
    rf"|(?P<m4>{_MONTH}) (?P<d4>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y4>\d{{4}})"
    r")(?![\d/])",
    re.IGNORECASE | re.MULTILINE,
)
_DAY_ALONE = re.compile(
    rf"(?<![\d/.-])(?:(?:[12]?\d|3[01]|0[1-9])(?:(?:st|nd|rd|th)?(?: of)? (?:{_MONTH})\b|/(?:1[0-2]|0?[1-9])(?![\d/]))"
    rf"|\b(?:{_MONTH}) (?:[12]?\d|3[01])(?:st|nd|rd|th)?\b)(?!,? \d{{4}})",
    re.IGNORECASE,
)
"""A day without a year, or with two digits for it: a birth only where a word says so."""
_BORN = r"\b(?:d\.?o\.?b\b\.?|date of birth|born|birthday)"
_BORN_THEN = re.compile(rf"{_BORN}[^\d.!?\n]{{0,25}}$", re.IGNORECASE)
_THEN_BORN = re.compile(rf"^[^\d.!?\n]{{0,30}}{_BORN}", re.IGNORECASE)
_NOT_YET = re.compile(r"\b(?:be|is|are|being) born", re.IGNORECASE)
"""Of a day without a year, which may be to come."""
_B_THEN = re.compile(r"(?P<who>[^\W\d_]+)\W{1,3}b\b[.:]{0,2} ?$")
"""“Ella b. ”, “the baby (b. ”: short for born, behind who it is."""
_A_CHILD = frozenset(
    ("baby", "boy", "brother", "child", "daughter", "girl", "he", "infant", "she", "sibling", "sister", "son", "twin")
)
_LETTERED = frozenset(
    ("annex", "appendix", "class", "group", "item", "option", "para", "paragraph", "point", "set", "table", "unit")
)
"""Things that have a part b."""
_NAME = re.compile(
    r"(?:(?P<before>[\w’'-]+)\W+)?(?P<name>[^\W\d_a-z][^\W\d_]+(?:[ ’'-][^\W\d_a-z][^\W\d_]+)*)[\s,;:(–-]{0,3}$"
)
"""One or more words with capitals, right before a date; and the word before them."""
_COMPANY = """
about after and ask asked before by call called email from meet met of on phone rang ring saw see since tell to until
with
"""
"""After such a word a name and a date tell of a meeting or a day, and not of a birth."""
_NO_NAMES = """
monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september
october november december today tomorrow yesterday week act acts agreed article attended bill board care case chapter
child children closed commitment committee completed conference contact council court deadline decision discussed due
early education finished form guidance health help hospital hub inquiry issue law mash meeting minutes module note
notes order panel part partnership plan police protocol record referral regulations report reported review reviewed
school section seen service services signed social started strategy supervision team the then together training update
updated version visit work working
"""
"""Words that stand with a capital before a date and are no name."""
_PASSED_OVER = frozenset(f"{_COMPANY} {_NO_NAMES}".split())


def says_a_birth(text: str, today: date) -> bool:
    """Whether a day in it is said to be of a birth, or a date that is past stands right behind what may be a name."""
    return any(_is_birth(text, match, today) for match in DATE.finditer(text)) or any(
        _is_birthday(text, match) for match in _DAY_ALONE.finditer(text)
    )


def _is_birth(text: str, match: re.Match[str], today: date) -> bool:
    """Whether a date is said to be of a birth, or stands right behind what may be a name."""
    day = _day(match, today)
    if day is None or day > today:
        return False
    before, after = text[max(0, match.start() - 80) : match.start()], text[match.end() : match.end() + 40]
    if _BORN_THEN.search(before) or _THEN_BORN.search(after) or _is_b(before):
        return True
    named = _NAME.search(before)
    if not named:
        return False
    words = {word.casefold() for word in re.split(r"[ ’'-]", named["name"])}
    is_short_form = named["name"].isupper() and len(named["name"]) <= 5  # as ICPC
    is_company = (named["before"] or "").casefold() in _COMPANY.split()
    return not words & _PASSED_OVER and not is_short_form and not is_company


def _is_birthday(text: str, match: re.Match[str]) -> bool:
    """Whether a day is said to be of a birth, with or without a year. A name is too little."""
    before, after = text[max(0, match.start() - 80) : match.start()], text[match.end() : match.end() + 40]
    before, after = _NOT_YET.sub("§", before), _NOT_YET.sub("§", after)
    is_after = "/" not in match[0] and _THEN_BORN.search(after)  # 1/2 may be half an hour
    return bool(is_after or _BORN_THEN.search(before)) or _is_b(before)


def _is_b(before: str) -> bool:
    """Whether “b.” stands there for born: behind a name, or a word for a child."""
    found = _B_THEN.search(before)
    who = found["who"] if found else ""
    return who in _A_CHILD or (who[:1].isupper() and who.casefold() not in _PASSED_OVER | _LETTERED)


def _day(match: re.Match[str], today: date) -> date | None:
    """The day that a date names; of two digits for a year, the newest that is not to come. None where there is none."""
    year, month, day = (next(v for v in (match[f"{part}{n}"] for n in range(1, 5)) if v) for part in "ymd")
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3].lower()) + 1
    year = year.lstrip("’'")
    full = int(year) if len(year) == 4 else today.year - (today.year - int(year)) % 100
    try:
        return date(full, number, int(day))
    except ValueError:
        return None

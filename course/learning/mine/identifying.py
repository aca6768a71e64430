"""Whether a text looks as if it said who a child is: to warn whoever wrote it, never to stop them.

Pure: nothing is kept, and what was found is not repeated. A sign says what kind it is and in which field it stands.
The rules ask for the whole form of each kind, since a warning that is wrong too often is soon not read: dates of
meetings, years of Acts, sections, money and the numbers of services are none.
"""

import re
from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from course.learning.mine.births import DATE, says_a_birth

SIGNS: dict[str, str] = {
    "birth": "a name or a date of birth",
    "nhs-number": "an NHS number",
    "postcode": "a postcode",
    "telephone": "a telephone number",
}
"""What can be found, with its words on screen: “This may hold …”."""


class Sign(NamedTuple):
    """Something that may say who a child is: a kind of SIGNS, and the name of the field that it stands in."""

    kind: str
    where: str


def signs_in(texts: Mapping[str, str], *, today: date) -> list[Sign]:
    """Every kind found in each of `texts`, by the name of its field; in the order of the fields and of SIGNS."""
    return [Sign(kind, where) for where, text in texts.items() for kind in _kinds(text, today)]


_NHS_NUMBER = re.compile(r"(?<![\d-])[3-9]\d{2}[ -]{0,2}\d{3}[ -]{0,2}\d{4}(?![\d-])")
_TELEPHONE = re.compile(r"(?<![\d/.,£])(?:(?:\+|00)44[ -]?(?:\(0\))?|\(?0(?=[ \d]))[\d ()-]{7,15}\d(?!\d)")
_POSTCODE = re.compile(
    r"\b(?P<area>[A-Z]{1,2})(?:\d[A-Z]|\d{1,2}) ?(?P<inward>\d[ABD-HJLNP-UW-Z]{2})\b|\bGIR ?0AA\b", re.IGNORECASE
)
_AREAS = """
AB AL B BA BB BD BH BL BN BR BS BT CA CB CF CH CM CO CR CT CV CW DA DD DE DG DH DL DN DT DY E EC EH EN EX FK FY G GL GU
GY HA HD HG HP HR HS HU HX IG IM IP IV JE KA KT KW KY L LA LD LE LL LN LS LU M ME MK ML N NE NG NN NP NR NW OL OX PA PE
PH PL PO PR RG RH RM S SA SE SG SK SL SM SN SO SP SR SS ST SW SY TA TD TF TN TQ TR TS TW UB W WA WC WD WF WN WR WS WV
YO ZE
""".split()  # noqa: SIM905 (a list of 124 lines is no easier to read)
"""The areas of Royal Mail’s postcodes."""
_LOOKS_ALIKE = str.maketrans(
    dict.fromkeys("\u00a0\u2007\u2009\u202f\t", " ") | dict.fromkeys("\u2010\u2011\u2012–—", "-")
)


def _kinds(text: str, today: date) -> list[str]:
    plain = text.translate(_LOOKS_ALIKE)
    without_dates = DATE.sub("§", plain)
    found = {
        "birth": says_a_birth(plain, today),
        "nhs-number": any(_is_nhs_number(match[0]) for match in _NHS_NUMBER.finditer(plain)),
        "postcode": any(_is_postcode(match) for match in _POSTCODE.finditer(plain)),
        "telephone": any(_is_telephone(match[0]) for match in _TELEPHONE.finditer(without_dates)),
    }
    return [kind for kind in SIGNS if found[kind]]


def _is_nhs_number(written: str) -> bool:
    """Ten digits of which the last is the check digit: modulus 11, as the NHS Data Dictionary says."""
    digits = [int(d) for d in written if d.isdigit()]
    check = 11 - sum(digit * weight for digit, weight in zip(digits, range(10, 1, -1), strict=False)) % 11
    return digits[9] == check % 11


def _is_postcode(match: re.Match[str]) -> bool:
    """In an area of the Royal Mail; “m1 2nd” and the like are ordinal numbers."""
    ordinal = match["inward"] is not None and match["inward"][1:] in ("st", "nd", "rd", "th")
    return match["area"] is None or (match["area"].upper() in _AREAS and not ordinal)


def _is_telephone(written: str) -> bool:
    """A number of a place or a mobile: 01, 02 and 07. Those of services, as 03, 08 and 999, are nobody’s."""
    digits = re.sub(r"\D", "", written.replace("(0)", ""))
    national = re.sub(r"^(?:00)?44", "0", digits)
    return len(national) in (10, 11) and national[:2] in ("01", "02", "07")

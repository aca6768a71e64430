"""The standards that a package can be made for: one small object each."""

from collections.abc import Sequence
from difflib import get_close_matches

from scorm_export.standards.cmi5 import CMI5
from scorm_export.standards.scorm12 import SCORM12
from scorm_export.standards.scorm2004 import SCORM2004
from scorm_export.standards.standard import Standard
from scorm_export.standards.xapi import XAPI

STANDARDS: dict[str, Standard] = {standard.name: standard for standard in (SCORM12, SCORM2004, CMI5, XAPI)}


class NoSuchStandard(Exception):
    """A name that fits no standard; the message gives the nearest ones."""


def find_standard(name: str, *, others: Sequence[str] = ()) -> Standard:
    """The standard of that name; raises NoSuchStandard, which counts `others` among the names that exist."""
    if name in STANDARDS:
        return STANDARDS[name]
    known = [*STANDARDS, *others]
    near = get_close_matches(name, known, n=3) or known
    raise NoSuchStandard(f"There is no standard {name!r}. The nearest: {', '.join(near)}.")

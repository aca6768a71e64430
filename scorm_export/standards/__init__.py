"""The standards that a package can be made for: one small object each."""

from difflib import get_close_matches

from scorm_export.standards.scorm12 import SCORM12
from scorm_export.standards.standard import Standard

STANDARDS: dict[str, Standard] = {standard.name: standard for standard in (SCORM12,)}


class NoSuchStandard(Exception):
    """A name that fits no standard; the message gives the nearest ones."""


def find_standard(name: str) -> Standard:
    """The standard of that name; raises NoSuchStandard."""
    if name in STANDARDS:
        return STANDARDS[name]
    near = get_close_matches(name, STANDARDS, n=3) or list(STANDARDS)
    raise NoSuchStandard(f"There is no standard {name!r}. The nearest: {', '.join(near)}.")

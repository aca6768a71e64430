"""The form for packages: what was filled in, what is wrong with it, and what is asked for."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage, MultiDict

from course.catalogue.library import BrokenContent, Library
from course.catalogue.model import Module
from course.learning.tables import NAME
from course.web.packages.packers import checked_overlay
from scorm_export.guide import PRESETS
from scorm_export.standards import STANDARDS
from scorm_export.state import StateTooLarge, check_state

LARGEST_OVERLAY = 256 * 1024
"""Bytes. A long one has two kilobytes."""
OPTIONS = {
    "one_package": (
        "One package of all the modules",
        "It has the map as its home and is complete when every module in it is. "
        "Without this each module is a package of its own, which every LMS handles.",
    ),
    "interactions": (
        "Report each choice too",
        "By its id, as cmi.interactions or an xAPI statement. Never a word that a learner wrote.",
    ),
    "passed": ("Say “passed” where an LMS counts only that", "It means completed, no more."),
    "score": (
        "Send 100 of 100 with the completion",
        "For an LMS that records none without a score. It measures nothing.",
    ),
    "third_edition": ("3rd edition in place of the 4th", "For SCORM 2004 only, and only if your LMS asks for it."),
}
"""Name to what it does and what it means: the options of scorm_export.options, in words."""
WHEN = {
    "scorm12": "When in doubt, and for plain Moodle. Nearly every LMS takes it.",
    "scorm2004": "If your LMS’s documentation names it.",
    "cmi5": "If your LMS launches cmi5 and has a learning record store (LRS).",
    "xapi": "If your LMS launches content with a tincan.xml and hands it the address of an LRS.",
}
"""Standard to one plain line on when to use it."""
OWN, NONE, FILE = "own", "none", "file"


@dataclass(frozen=True)
class Filled:
    """The form as somebody filled it in, whatever it is; only an uploaded file is not kept by a browser."""

    modules: Sequence[str]
    """Folder names."""
    standard: str
    options: Sequence[str]
    preset: str
    overlay: str

    @classmethod
    def from_form(cls, form: MultiDict[str, str]) -> "Filled":
        return cls(
            form.getlist("module"),
            form.get("standard", ""),
            form.getlist("option"),
            form.get("preset", ""),
            form.get("overlay", ""),
        )


@dataclass
class Asked:
    """What is asked for. It may be made only where `errors` is empty."""

    modules: list[Module]
    options: list[str]
    overlay: str = ""
    partnership: str = ""
    errors: dict[str, list[str]] = field(default_factory=dict)
    """The name of a field to what is wrong there, each in one sentence."""


def ask(filled: Filled, upload: FileStorage | None, *, own: Library, own_overlay: str) -> Asked:
    """What is asked for with this form, with everything that is wrong with it at once."""
    modules = [m for m in own.modules if m.folder in filled.modules]
    asked = Asked(modules, options=[name for name in OPTIONS if name in filled.options])
    wrong = {
        "module": _wrong_modules(modules),
        "standard": [] if filled.standard in STANDARDS else ["Choose a standard."],
        "option": _wrong_options(filled),
        "preset": [] if filled.preset in PRESETS else ["Choose the LMS that the guide is for."],
    }
    asked.errors = {name: errors for name, errors in wrong.items() if errors}
    match filled.overlay:
        case "own" if own_overlay:
            asked.overlay, asked.partnership = own_overlay, own.partnership[:NAME]
        case "none":
            pass
        case "file":
            _take_upload(asked, upload)
        case _:
            asked.errors["overlay"] = ["Choose whose local values are filled in."]
    return asked


def _wrong_modules(modules: Sequence[Module]) -> list[str]:
    if not modules:
        return ["Choose at least one module."]
    try:
        check_state(modules)
    except StateTooLarge as error:
        return [str(error)]
    return []


def _wrong_options(filled: Filled) -> list[str]:
    if "third_edition" in filled.options and filled.standard != "scorm2004":
        return ["Only SCORM 2004 has a 3rd edition. Choose SCORM 2004, or untick this."]
    return []


def _take_upload(asked: Asked, upload: FileStorage | None) -> None:
    content = upload.read(LARGEST_OVERLAY + 1) if upload else b""
    if not content:
        asked.errors["file"] = ["Choose the file with your local values. It must not be empty."]
    elif len(content) > LARGEST_OVERLAY:
        asked.errors["file"] = ["The file is larger than 256 KB. A file of local values has a few kilobytes."]
    else:
        try:
            local = checked_overlay(content)
        except BrokenContent as error:
            asked.errors["file"] = [f"Line {p.line}: {p.what}.{_todo(p.do)}" for p in error.problems]
            return
        asked.overlay, asked.partnership = content.decode("utf-8"), local.partnership
        if len(local.partnership) > NAME:
            asked.errors["file"] = [f"The partnership’s name is longer than {NAME} characters."]


def _todo(do: str) -> str:
    """What to do, unless it sends authors to a file that nobody has who uses the web app."""
    return "" if "modules/" in do else f" {do[:1].upper()}{do[1:]}."


def in_words(options: Sequence[str]) -> list[str]:
    """The names of options as the form says them."""
    return [OPTIONS[name][0] for name in OPTIONS if name in options]


def titles(versions: Mapping[str, str], library: Library) -> list[tuple[str, str]]:
    """The modules of an export by title, with the version at the time, in order; one that has gone, by its id."""
    known = {m.id: f"{m.number}. {m.title}" for m in library.modules}
    order = [*(id_ for id_ in known if id_ in versions), *sorted(set(versions) - set(known))]
    return [(known.get(id_, id_), versions[id_]) for id_ in order]

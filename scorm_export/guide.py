"""The import guide that lies beside the packages: what an LMS's administrator sets, and what will be seen where.

A guide is for one LMS (a preset) and one standard. Its words are content files in guides/: nothing stands in them
without a source, and what is not known is said to be. package.yaml holds what is true of a package in any LMS.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import TypeVar

from course.catalogue.files import Problem, as_model, read
from course.catalogue.library import BrokenContent, Library
from scorm_export.document import environment, style_sheets
from scorm_export.guide_model import GuideFile, Parts, Source, Sourced, wrong_sources
from scorm_export.options import Options
from scorm_export.standards import STANDARDS

PRESETS = ("generic", "moodle", "totara", "cornerstone")
GUIDES = Path(__file__).parent / "guides"
PACKAGE = "package"
"""The file of what holds in every LMS."""
PLAIN = Options()

_Parts = TypeVar("_Parts", bound=Parts)


class NoSuchPreset(Exception):
    """A name that fits no guide; the message gives the nearest ones."""


def find_preset(name: str) -> GuideFile:
    """The guide of that name. Raises NoSuchPreset, and BrokenContent where its file is faulty."""
    if name not in PRESETS:
        near = get_close_matches(name.lower(), PRESETS, n=3) or PRESETS
        raise NoSuchPreset(f"There is no preset {name!r}. The nearest: {', '.join(near)}.")
    return _presets()[name]


def guide(
    library: Library,
    *,
    preset: str,
    standard_name: str,
    standard_title: str,
    files: Sequence[str],
    today: date,
    options: Options = PLAIN,
) -> str:
    """The HTML of the guide for these files, style sheet included, so that it is one file.

    Raises NoSuchPreset, and BrokenContent where a guide's file is faulty.
    """
    chosen, everywhere = find_preset(preset), _package()
    [verdict] = [v for v in chosen.takes if v.standard == standard_name]

    def shown(part: str) -> list[Sourced]:
        if verdict.taken == "no":  # a package that the LMS does not take is not to be imported at all
            return []
        files = (everywhere, chosen) if part == "newer" else (chosen, everywhere)  # it is exported, then replaced
        return [item for file in files for item in getattr(file, part) if item.holds(standard_name, options)]

    parts = {part: shown(part) for part in Parts.LISTS}
    unknown = [gap for gap in chosen.unknown if gap.holds(standard_name, options)]
    sources = _in_order([verdict, *(i for items in parts.values() for i in items)], chosen, everywhere)
    return (
        environment()
        .get_template("guide.html")
        .render(
            parts,
            lms=chosen,
            preset=preset,
            verdict=verdict,
            instead=STANDARDS[verdict.instead] if verdict.instead else None,
            unknown=unknown,
            sources=sources,
            numbers={id_: number for number, id_ in enumerate(sources, start=1)},
            standard=standard_title,
            files=files,
            partnership=library.partnership,
            today=today,
            style=style_sheets(),
        )
    )


def read_guides(folder: Path) -> dict[str, Parts]:
    """Every guide in a folder by its name, `package` among them. Raises BrokenContent with every problem."""
    problems = list[Problem]()
    everywhere = _read(Parts, folder / f"{PACKAGE}.yaml", (), problems)
    shared = everywhere.sources if everywhere else ()
    found = {name: _read(GuideFile, folder / f"{name}.yaml", shared, problems) for name in PRESETS}
    if problems:
        raise BrokenContent(problems)
    return {name: parts for name, parts in {PACKAGE: everywhere, **found}.items() if parts}


def _read(kind: type[_Parts], path: Path, shared: Sequence[Source], problems: list[Problem]) -> _Parts | None:
    document = read(path, f"{path.parent.name}/{path.name}")
    parts, faults = as_model(kind, document)
    if parts:
        faults = [*faults, *wrong_sources(parts, document, shared)]
    problems += [replace(f, do=f.do.replace("modules/README.md", "scorm_export/guide_model.py")) for f in faults]
    return parts


def _in_order(items: Iterable[Sourced], *files: Parts) -> dict[str, Source]:
    """The sources of what is shown, in the order in which they are first named."""
    known = {source.id: source for file in files for source in file.sources}
    return {id_: known[id_] for item in items for id_ in item.sources}


@cache
def _all() -> dict[str, Parts]:
    return read_guides(GUIDES)


def _package() -> Parts:
    return _all()[PACKAGE]


def _presets() -> dict[str, GuideFile]:
    return {name: parts for name, parts in _all().items() if isinstance(parts, GuideFile)}

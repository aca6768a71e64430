"""What holds over all modules of the course together."""

import re
from collections.abc import Iterable
from datetime import date
from itertools import combinations
from pathlib import Path

from course.catalogue.library import Library, load
from course.catalogue.model import Module
from tests.factories import REFERENCES, write_content

LONGEST_SHARED_RUN = 12
"""Words in a row that two modules may not share: long enough for set phrases, too short for a copied sentence."""
STATUTORY = ("has reasonable cause to suspect that a child is suffering or is likely to suffer significant harm",)
"""The words of the law itself (Children Act 1989, section 47), which no module should put otherwise."""

ONE_CONFERENCE = {8, 10, 11, 12}
"""One family and one child protection conference, seen from four seats on purpose."""


def runs(module: Module, filled_in: Iterable[str]) -> set[tuple[str, ...]]:
    """Every run of LONGEST_SHARED_RUN words in the module's texts, but for what fills its placeholders."""
    found: set[tuple[str, ...]] = set()
    files = [module.about, module.vignette, module.story.scenario, module.self_assessment, module.team, module.briefing]
    for value in strings([f.model_dump() for f in (*files, module.later) if f]):
        for filled in filled_in:
            value = value.replace(filled, "|")
        for stretch in value.lower().split("|"):
            words = re.findall(r"[\w’'-]+", stretch)
            found |= {tuple(words[i : i + LONGEST_SHARED_RUN]) for i in range(len(words) - LONGEST_SHARED_RUN + 1)}
    return {run for run in found if not any(" ".join(run) in law for law in STATUTORY)}


def strings(value: object) -> list[str]:
    if isinstance(value, str):
        return [value]
    if isinstance(value, dict):
        return [s for v in value.values() for s in strings(v)]
    return [s for v in value for s in strings(v)] if isinstance(value, (list, tuple)) else []


def test_no_two_modules_share_a_run_of_twelve_words(library: Library) -> None:
    said = {module.folder: runs(module, library.words.values()) for module in library.modules}
    for one, other in combinations(said, 2):
        shared = [" ".join(run) for run in said[one] & said[other]]
        assert not shared, f"{one} and {other} share: {shared}"


def test_no_two_modules_have_the_same_people(library: Library) -> None:
    played = [m.story.scenario.you for m in library.modules]
    assert len({you.name for you in played}) == len(played)
    assert len({you.profession for you in played}) == len(played)
    others = [m for m in library.modules if m.number not in ONE_CONFERENCE]
    children = [name for m in others for name in (m.story.scenario.child or "").split(" and ") if name]
    assert len(set(children)) == len(children)


def test_every_module_names_its_child_for_the_giveaway_check(library: Library) -> None:
    assert all(module.story.scenario.child for module in library.modules)


def test_every_source_cited_is_used_and_has_an_official_form(library: Library) -> None:
    cited = {id_ for module in library.modules for id_ in module.cited} | set(library.changes.cited)
    assert set(library.references) - cited == set(), "a reference that no module cites"
    for reference in library.references.values():
        assert re.match(r"https?://[^\s]+$", reference.url), reference.id
        assert reference.checked <= date.today()  # noqa: DTZ011 (a day, not a moment)


def test_a_source_not_checked_for_a_year_is_a_warning_and_no_problem(tmp_path: Path) -> None:
    old = write_content(tmp_path, change={REFERENCES: lambda d: d["references"][0].update(checked="2020-01-01")})
    [warning] = load(old).warnings
    assert warning.file == REFERENCES
    assert "was last checked on 2020-01-01" in warning.what

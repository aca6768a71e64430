"""What a package says of itself to an LMS: its identity, which never changes, and its description."""

from collections.abc import Sequence, Set
from dataclasses import dataclass
from hashlib import sha256
from textwrap import shorten

from course.catalogue.library import Library
from course.catalogue.model import STAGES, Module
from course.catalogue.stats import minutes
from course.catalogue.text import words_only
from course.statements.profile import COURSE, MODULE, Profile

LONGEST_DESCRIPTION = 1000
"""LOM's smallest permitted maximum for a description (IMS Learning Resource Meta-Data 1.2.1, 1.5)."""
TITLE = "Learning into Practice"


@dataclass(frozen=True)
class About:
    """The identity and description of one package."""

    id: str
    """The module's id, or `course` and, for a selection, what stands for it. An LMS's records hang on it."""
    title: str
    description: str
    """Plain words, at most 1,000 characters."""
    minutes: int
    version: str
    keywords: tuple[str, ...]
    activity: str
    """Its IRI for cmi5 and xAPI."""
    type: str
    """What kind of activity that is, as an IRI."""
    parent: str
    """The whole course's IRI."""


def about(library: Library, modules: Sequence[Module], *, one_package: bool = False) -> About:
    """What a package of these modules says of itself. Several are a course, and so is one that is asked for as one."""
    profile = Profile(library.address)
    if one_package or len(modules) > 1:
        return _course(library, modules, profile)
    [module] = modules
    stages = (module.about.journey.stage, *module.about.journey.also)
    return About(
        id=module.id,
        title=module.title,
        description=shorten(words_only(module.about.overview), LONGEST_DESCRIPTION, placeholder=" …"),
        minutes=minutes(module),
        version=module.version,
        keywords=("safeguarding children", *(STAGES[stage] for stage in stages)),
        activity=profile.module(module.id),
        type=MODULE,
        parent=profile.course,
    )


def _course(library: Library, modules: Sequence[Module], profile: Profile) -> About:
    """A selection has an identity of its own, which follows from which modules it holds and from nothing else."""
    ids = {m.id for m in modules}
    whole = ids == {m.id for m in library.modules}
    suffix = "" if whole else f"-{_stands_for(ids)}"
    numbers = ", ".join(f"{m.number}. {m.title}" for m in modules)
    return About(
        id=f"course{suffix}",
        title=TITLE if whole else f"{TITLE}: {len(modules)} {'module' if len(modules) == 1 else 'modules'}",
        description=shorten(
            f"How professionals communicate and decide when a child may be at risk. {numbers}.",
            LONGEST_DESCRIPTION,
            placeholder=" …",
        ),
        minutes=sum(minutes(m) for m in modules),
        version=_stands_for({f"{m.id} {m.version}" for m in modules}),
        keywords=("safeguarding children", "multi-agency working"),
        activity=f"{profile.course}{suffix}",
        type=COURSE,
        parent=profile.course,
    )


def _stands_for(words: Set[str]) -> str:
    return sha256("\n".join(sorted(words)).encode()).hexdigest()[:8]

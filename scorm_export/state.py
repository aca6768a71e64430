"""How large the place that a package keeps can become: walked on every module's longest way before it is packed.

The state is written by course/lesson/player.js; a course's is one for each module (scorm_export/launch/state.js).
"""

from collections.abc import Sequence

from course.catalogue.completion import COMPLETE
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import PARTS

LONGEST = 200
"""Characters that a module may keep. Beyond it player.js lets the oldest earlier paths go, but never the newest two."""
SMALLEST_LIMIT = 4096
"""What every standard takes: SCORM 1.2's suspend_data (RTE 3.4.4), as strict LMSs hold it."""
CODE = 3
"""Letters of a choice's code (course.story.compile.code_of)."""
MOST_ACTS = 999


class StateTooLarge(Exception):
    """A package that some LMS could not keep the place of."""


def longest_path(module: Module) -> int:
    """The most choices, turns of a page counted too, from the start to an ending."""
    most: dict[str, int] = {}
    for step in module.story.backwards():
        most[step.key] = max((1 + most[key] for key in step.leads.values()), default=0)
    return most[module.story.start]


def worst_state(module: Module) -> int:
    """Characters of a module's state with everything marked and rated, and two looks along the longest path."""
    path = "x" * CODE * longest_path(module)
    marks = ",".join(_initials(mark) for group in COMPLETE for mark in group)
    ratings = ",".join(f"{_initials(role)}:{'0' * len(module.self_assessment.statements(role))}" for role in ROLES)
    return len("|".join(["1", str(MOST_ACTS), max(PARTS, key=len), marks, path, path, ratings]))


def check_state(modules: Sequence[Module]) -> None:
    """Raises StateTooLarge where a module's place, or all of them together, might not be kept."""
    for module in modules:
        if (size := worst_state(module)) > LONGEST:
            what = f"Module {module.number} may need {size} characters to keep a place, and {LONGEST} are kept."
            raise StateTooLarge(f"{what} Shorten its longest path or its self-assessment.")
    whole = sum(len(f"{module.number}=;") + LONGEST for module in modules)
    if whole > SMALLEST_LIMIT:
        what = f"These {len(modules)} modules may need {whole:,} characters, and SCORM 1.2 takes {SMALLEST_LIMIT:,}."
        raise StateTooLarge(f"{what} Make packages of fewer modules.")


def _initials(name: str) -> str:
    return "".join(word[0] for word in name.split("-"))

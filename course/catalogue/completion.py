"""When a module is complete: one rule, as data, so that Python and player.js apply the same one.

Complete means: vignette read or knowingly skipped, an ending reached, its debrief opened, self-assessment
rated, reflection done or knowingly declined (course/decisions/0003-complete-means.md). No choice is needed to
be "right", and opening and closing a finished module changes nothing.
"""

from collections.abc import Collection

COMPLETE: tuple[tuple[str, ...], ...] = (
    ("vignette-read", "vignette-skipped"),
    ("ending-reached",),
    ("debrief-opened",),
    ("self-assessment-rated",),
    ("reflected", "reflection-declined"),
)
"""One mark of every group is needed."""


def is_complete(marks: Collection[str]) -> bool:
    """Whether somebody with these marks has completed the module."""
    return all(any(mark in marks for mark in group) for group in COMPLETE)

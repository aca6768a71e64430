"""A learner's journeys in a package at an LMS: what is recorded, and where they are when they come back."""

import pytest

from course.catalogue.model import Module
from course.catalogue.progress import Progress, after, go_back, open_part, replay
from tests.packages.conftest import NewDevice, Open
from tests.packages.learner import longest_choices, place, way_through
from tests.packages.lms import Call, Lms

STATUS = "cmi.core.lesson_status"


def statuses(calls: list[Call]) -> list[str]:
    """Every status that was sent, in order."""
    return [c.values[1] for c in calls if c.name == "LMSSetValue" and c.values[0] == STATUS]


def sets(calls: list[Call]) -> list[str]:
    return [c.values[0] for c in calls if c.name == "LMSSetValue"]


def test_a_first_launch_is_incomplete_at_once(lms: Lms, launch: Open, module: Module) -> None:
    sitting = launch()
    assert sitting.seen == "overview"
    assert sitting.notice == ""
    assert lms.core("ada-7", module.id)["lesson_status"] == "incomplete"
    assert [c.name for c in sitting.calls].count("LMSGetValue") <= 8
    assert len(sets(sitting.calls)) <= 3


def test_completed_is_reported_once_when_the_rule_is_met_and_never_before(
    lms: Lms, launch: Open, module: Module
) -> None:
    sitting, progress = launch(), Progress(module)
    for event in way_through(module):
        assert statuses(sitting.calls) == ["incomplete"]
        sitting.do(progress, event)
        progress = after(progress, event)
    assert statuses(sitting.calls) == ["incomplete", "completed"]
    assert lms.core("ada-7", module.id)["lesson_status"] == "completed"
    sitting.frame.get_by_role("link", name="Go back to a decision").click()
    second = go_back(progress, 0)
    sitting.do(progress, second)
    sitting.walk(module, [open_part(progress, "debrief")][:0])
    assert statuses(sitting.calls) == ["incomplete", "completed"]


def test_every_real_module_can_be_walked_to_completion(lms: Lms, launch: Open, library: object) -> None:
    for module in library.modules:  # type: ignore[attr-defined]
        sitting = launch(module)
        progress = sitting.walk(module, way_through(module, longest_choices(module)))
        assert (sitting.seen, progress.complete) == ("done", True)
        assert lms.core("ada-7", module.id)["lesson_status"] == "completed"
        sitting.page.context.close()


@pytest.mark.parametrize("closing", ["killed", "closed"])
def test_closing_the_window_at_any_step_loses_nothing(
    lms: Lms, launch: Open, module: Module, new_device: NewDevice, closing: str
) -> None:
    """Each step on a new device: nothing can come from the one before but through the LMS."""
    progress = Progress(module)
    for event in way_through(module):
        sitting = launch()
        assert sitting.seen == place(progress), f"before {event}"
        sitting.do(progress, event)
        progress = after(progress, event)
        left = (sitting.seen, sitting.html)
        if closing == "closed":
            sitting.page.goto("about:blank")  # with pagehide; a page that is killed has none
        sitting.page.context.close()
        again = launch()
        assert again.seen == left[0] == place(progress)
        assert again.html == left[1]
        again.page.context.close()
    assert lms.core("ada-7", module.id)["lesson_status"] == "completed"

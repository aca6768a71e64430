"""The acceptance page: an administrator sees whether a package and a platform understand each other."""

from course.catalogue.model import Module
from tests.packages.conftest import BOTH, Open
from tests.packages.learner import Sitting, way_through
from tests.packages.lms import Edition, Lms
from tests.packages.test_journeys import statuses

pytestmark = BOTH


def report(sitting: Sitting) -> dict[str, str]:
    """Open the page and read its report."""
    sitting.frame.get_by_text("Check this package (for administrators)").click()
    sitting.frame.wait_for_function("document.getElementById('check-report').value")
    text = sitting.frame.locator("#check-report").input_value()
    shown = sitting.frame.locator("#check-rows dt").all_inner_texts()
    found = dict(line.split(": ", 1) for line in text.splitlines())
    assert list(found) == shown  # what can be copied is what is seen
    return found


def test_it_says_what_was_found_and_whether_a_place_is_kept(
    lms: Lms, launch: Open, module: Module, edition: Edition
) -> None:
    sitting = launch(where="grandparent")
    sitting.walk(module, way_through(module)[:3])
    found = report(sitting)
    assert found["Standard"] == ("SCORM 1.2" if edition.name == "scorm12" else "SCORM 2004")
    api = "API" if edition.name == "scorm12" else "API_1484_11"
    assert found["Connection found"] == f"yes: {api} in parent, parent"
    assert found["Write, exit and commit taken"].startswith("yes, in ")
    assert found["Read back the same"] == "yes"
    assert found["Status, as the platform tells it"] == "incomplete"
    size = len(lms.suspend_data("ada-7", module.id))
    assert found["Size of the place"].startswith(f"{size} of ")


def test_it_changes_neither_status_nor_place(lms: Lms, launch: Open, module: Module) -> None:
    for events in ([], way_through(module)[:4], way_through(module)):
        sitting = launch(learner=f"ada-{len(events)}")
        sitting.walk(module, events)
        told = statuses(sitting.calls)
        before = (lms.status(f"ada-{len(events)}", module.id), lms.suspend_data(f"ada-{len(events)}", module.id))
        report(sitting)
        assert statuses(sitting.calls) == told
        after = (lms.status(f"ada-{len(events)}", module.id), lms.suspend_data(f"ada-{len(events)}", module.id))
        assert after == before


def test_in_review_it_writes_nothing(lms: Lms, launch: Open, module: Module) -> None:
    sitting = launch(mode="review")
    assert report(sitting)["Write"].startswith("not tried")
    assert {c.name for c in sitting.calls} == {"initialize", "get"}


def test_without_a_platform_it_says_so(launch: Open) -> None:
    assert report(launch(where="none"))["Connection found"] == "NO"


def test_a_platform_that_is_gone_is_seen(lms: Lms, launch: Open) -> None:
    sitting = launch()
    lms.session_gone = True
    assert report(sitting)["Write, exit and commit taken"].startswith("NO, in ")


def test_a_learner_never_loads_it(lms: Lms, launch: Open, module: Module) -> None:
    launch().walk(module, way_through(module))
    assert [r.path for r in lms.requests if r.path.endswith("check.js")] == []

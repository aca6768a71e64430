"""A learner's journeys in a package at an LMS: what is recorded, and where they are when they come back."""

import pytest

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import Progress, after, go_back, replay
from tests.packages.conftest import BOTH, NewDevice, Open, share_of
from tests.packages.learner import longest_choices, place, way_through
from tests.packages.lms import EDITIONS, Call, Edition, Lms

pytestmark = BOTH

STATUSES = {edition.status for edition in EDITIONS.values()}


def statuses(calls: list[Call]) -> list[str]:
    """Every status that was sent, in order."""
    return [c.values[1] for c in calls if c.name == "set" and c.values[0] in STATUSES]


def test_a_first_launch_is_incomplete_at_once(lms: Lms, launch: Open, module: Module) -> None:
    sitting = launch()
    assert (sitting.seen, sitting.notice) == ("overview", "")
    assert lms.status("ada-7", module.id) == "incomplete"


def test_opening_and_closing_completes_nothing(lms: Lms, launch: Open, module: Module) -> None:
    for _ in range(2):
        sitting = launch()
        sitting.leave()
    assert lms.status("ada-7", module.id) == "incomplete"


def test_completed_is_reported_once_when_the_rule_is_met_and_never_before(
    lms: Lms, launch: Open, module: Module
) -> None:
    sitting, progress = launch(), Progress(module)
    sitting.by_mouse = True
    for event in way_through(module):
        assert statuses(sitting.calls) == ["incomplete"]
        sitting.do(progress, event)
        progress = after(progress, event)
    assert statuses(sitting.calls) == ["incomplete", "completed"]
    sitting.frame.get_by_role("link", name="Go back to a decision").click()
    sitting.do(progress, go_back(progress, 0))
    assert statuses(sitting.calls) == ["incomplete", "completed"]
    sitting.leave()
    assert lms.status("ada-7", module.id) == "completed"


def test_real_modules_complete_on_their_longest_path_and_ask_for_nothing_elsewhere(
    lms: Lms, launch: Open, new_device: NewDevice, library: Library, edition: Edition
) -> None:
    device, asked = new_device(), list[str]()
    modules = share_of(library, edition.name)
    device.on("request", lambda request: asked.append(request.url))
    for module in modules:
        sitting = launch(module, on=device)
        progress = sitting.walk(module, way_through(module, longest_choices(module)))
        assert (sitting.seen, progress.complete) == ("done", True)
        assert lms.status("ada-7", module.id) == "completed"
        for id_ in ("sources", "briefing", "team", "worried", "overview"):
            sitting.turn_to(id_)
        sitting.page.close()
    assert len(asked) >= 3 * len(modules)
    assert [url for url in asked if not url.startswith(lms.address) and not url.startswith("data:,")] == []


def test_closing_the_window_at_any_step_loses_nothing(lms: Lms, launch: Open, module: Module, edition: Edition) -> None:
    """Each step on a new device: nothing can come from the one before but through the LMS. The two editions take turns.

    Every second window is killed, so that nothing can be sent while it closes.
    """
    sitting, progress = launch(), Progress(module)
    for number, event in enumerate(way_through(module)):
        sitting.do(progress, event)
        progress = after(progress, event)
        seen, html = sitting.seen, sitting.html
        assert seen == place(progress), f"after {event}"
        if number // 2 % 2 != list(EDITIONS).index(edition.name) and not progress.complete:
            continue
        if number % 2:
            sitting.leave()
        sitting.page.context.close()
        sitting = launch()
        assert (sitting.seen, sitting.html) == (seen, html), f"after {event}"
    assert lms.status("ada-7", module.id) == "completed"


def test_a_second_look_keeps_both_paths_and_does_not_take_back_completion(
    lms: Lms, launch: Open, module: Module
) -> None:
    events = way_through(module)
    sitting = launch()
    progress = sitting.walk(module, events)
    first = lms.suspend_data("ada-7", module.id).split("|")[4]
    sitting.frame.get_by_role("link", name="Go back to a decision").click()
    decision = next(i for i, step in enumerate(progress.path) if step.is_decision)
    events.append(go_back(progress, decision))
    sitting.do(progress, events[-1])
    progress = replay(module, events)
    assert sitting.seen == place(progress)
    other = list(progress.step.leads)[-1]
    sitting.press("choose", other)
    path, earlier = lms.suspend_data("ada-7", module.id).split("|")[4:6]
    assert earlier == first
    assert path != first[: len(path)]
    assert lms.status("ada-7", module.id) == "completed"
    sitting.page.context.close()
    again = launch()
    assert again.seen == "step-" + module.story.steps[progress.step.key].leads[other]
    assert statuses(again.calls) == []


def test_a_finished_module_reopens_where_it_was_left_without_downgrading(
    lms: Lms, launch: Open, module: Module
) -> None:
    launch().walk(module, way_through(module))
    again = launch()
    assert again.seen == "done"
    again.leave()
    assert statuses(again.calls) == []
    assert lms.status("ada-7", module.id) == "completed"


@pytest.mark.parametrize("status", ["completed", "passed"])
def test_a_completion_whose_place_the_lms_has_forgotten_is_kept(
    lms: Lms, launch: Open, module: Module, status: str
) -> None:
    lms.set_record("ada-7", module.id, status=status)
    sitting = launch()
    assert sitting.seen == "overview"
    sitting.walk(module, way_through(module))
    sitting.leave()
    assert statuses(sitting.calls) == []
    assert lms.status("ada-7", module.id) == status


def test_a_completion_that_the_lms_has_forgotten_is_reported_again(lms: Lms, launch: Open, module: Module) -> None:
    launch().walk(module, way_through(module))
    lms.set_record("ada-7", module.id, status="incomplete", suspend_data=lms.suspend_data("ada-7", module.id))
    assert statuses(launch().calls) == ["completed"]


@pytest.mark.parametrize("mode", ["review", "browse"])
def test_review_and_preview_send_nothing(lms: Lms, launch: Open, module: Module, mode: str) -> None:
    first = launch()
    first.walk(module, way_through(module)[:3])
    first.leave()
    sitting = launch(mode=mode)
    assert sitting.seen == place(replay(module, way_through(module)[:3]))
    sitting.walk(module, way_through(module)[3:], since=way_through(module)[:3])
    assert sitting.seen == "done"
    sitting.leave()
    assert {c.name for c in sitting.calls} == {"initialize", "get", "terminate"}


def test_an_unknown_state_is_the_beginning(lms: Lms, launch: Open, module: Module) -> None:
    """Of another course, of a later format, or cut off."""
    for stored in ("bookmark=7", "9|1|done||||", "1|3|nowhere|vr|zzz||"):
        lms.set_record("ada-7", module.id, status="incomplete", suspend_data=stored)
        sitting = launch()
        assert sitting.seen == "overview"
        sitting.page.context.close()


def test_a_path_that_a_new_edition_no_longer_offers_is_followed_as_far_as_it_goes(
    lms: Lms, launch: Open, module: Module
) -> None:
    events = way_through(module)[:4]
    launch().walk(module, events)
    kept = lms.suspend_data("ada-7", module.id).split("|")
    kept[4] += "zzz"
    lms.set_record("ada-7", module.id, status="incomplete", suspend_data="|".join(kept))
    assert launch().seen == place(replay(module, events))


def test_a_part_that_is_not_open_yet_leads_back_to_where_the_learner_is(launch: Open, module: Module) -> None:
    sitting = launch()
    progress = sitting.walk(module, way_through(module)[:3])
    for wanted in ("done", "debrief", "reflection", "nowhere", "notice", "consequences"):
        sitting.frame.evaluate("id => { location.hash = id }", wanted)
        sitting.frame.wait_for_function("id => location.hash === '#' + id", arg=place(progress))
        assert sitting.seen == place(progress)

"""When the LMS does not answer: the learner is told in one plain sentence, and nothing that they did is lost."""

import pytest
from playwright.sync_api import Frame

from course.catalogue.model import Module
from course.catalogue.progress import after, replay
from tests.packages.conftest import BOTH, NewDevice, Open
from tests.packages.learner import place, way_through
from tests.packages.lms import Lms, Trouble
from tests.packages.test_journeys import statuses

pytestmark = BOTH

NOT_ANSWERING = "Your learning platform is not answering"
AGAIN = "Your learning platform is answering again. Your place is saved."


def kept(frame: Frame) -> dict[str, str]:
    """What is on the device."""
    found = frame.evaluate("({...localStorage, ...sessionStorage})")
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("where", ["frame", "grandparent", "opener", "opener-frame"])
def test_the_api_is_found(lms: Lms, launch: Open, module: Module, where: str) -> None:
    sitting = launch(where=where)
    sitting.walk(module, way_through(module)[:2])
    assert sitting.notice == ""
    assert lms.suspend_data("ada-7", module.id)


def test_without_an_api_the_module_says_so_and_works_to_the_end(lms: Lms, launch: Open, module: Module) -> None:
    sitting = launch(where="none")
    assert sitting.notice.startswith(NOT_ANSWERING)
    assert "cannot be recorded" in sitting.notice
    sitting.walk(module, way_through(module))
    assert sitting.seen == "done"
    assert sitting.notice.startswith(NOT_ANSWERING)
    assert sitting.calls == []


def test_a_place_of_nobody_known_is_kept_on_the_device_and_never_sent(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    progress = launch(where="none", on=device).walk(module, events[:4])
    again = launch(where="none", on=device)
    assert again.seen == place(progress)
    assert again.notice.startswith(NOT_ANSWERING)
    somebody = launch(on=device)
    assert somebody.seen == "overview"
    somebody.leave()
    assert lms.suspend_data("ada-7", module.id) == ""


def test_an_lms_that_will_not_begin_is_told_of_and_what_was_done_is_sent_once_it_does(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    device.clock.install()
    sitting = launch(on=device, trouble=Trouble(initialize=True))
    assert sitting.notice.startswith(NOT_ANSWERING)
    progress = sitting.walk(module, events[:4])
    sitting.page.evaluate("trouble.initialize = false")
    device.clock.fast_forward(31_000)
    sitting.frame.get_by_text(AGAIN).wait_for()
    assert sitting.seen == place(progress)
    sitting.page.context.close()
    assert launch().seen == place(progress)


def test_a_late_beginning_does_not_lose_what_the_lms_has(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    progress = launch().walk(module, events[:6])
    device.clock.install()
    sitting = launch(on=device, trouble=Trouble(initialize=True))
    sitting.walk(module, events[:1])
    sitting.page.evaluate("trouble.initialize = false")
    device.clock.fast_forward(31_000)
    sitting.frame.get_by_text(AGAIN).wait_for()
    assert sitting.seen == place(progress)


def test_when_the_session_is_gone_the_place_is_kept_and_sent_with_the_next_act_that_gets_through(
    lms: Lms, launch: Open, module: Module
) -> None:
    sitting, events = launch(), way_through(module)
    sitting.walk(module, events[:3])
    lms.session_gone = True
    progress = replay(module, events[:3])
    for event in events[3:5]:
        sitting.do(progress, event)
        progress = after(progress, event)
        assert sitting.notice.startswith(NOT_ANSWERING)
        assert "kept on this device" in sitting.notice
        assert sitting.seen == place(progress)
    assert kept(sitting.frame)
    lms.session_gone = False
    sitting.do(progress, events[5])
    assert sitting.notice == AGAIN
    assert kept(sitting.frame) == {}
    sitting.do(after(progress, events[5]), events[6])
    assert sitting.notice == ""
    sitting.page.context.close()
    assert launch().seen == place(replay(module, events[:7]))


def test_what_was_not_sent_is_tried_again_while_the_learner_reads(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    device.clock.install()
    sitting = launch(on=device)
    lms.session_gone = True
    progress = sitting.walk(module, events[:4])
    device.clock.fast_forward(31_000)
    assert sitting.notice.startswith(NOT_ANSWERING)
    lms.session_gone = False
    device.clock.fast_forward(31_000)
    sitting.frame.get_by_text(AGAIN).wait_for()
    assert lms.suspend_data("ada-7", module.id).split("|")[1] == str(progress.events)
    commits = lms.commits
    device.clock.fast_forward(120_000)
    assert lms.commits == commits


def test_what_was_not_sent_is_sent_on_return(lms: Lms, launch: Open, new_device: NewDevice, module: Module) -> None:
    device, events = new_device(), way_through(module)
    sitting = launch(on=device)
    progress = sitting.walk(module, events[:3])
    lms.session_gone = True
    progress = sitting.walk(module, events[3:5], since=events[:3])
    sitting.leave()
    lms.session_gone = False
    again = launch(on=device)
    assert (again.seen, again.notice) == (place(progress), "")
    assert lms.suspend_data("ada-7", module.id).split("|")[1] == "5"
    assert kept(again.frame) == {}
    assert len([c for c in again.calls if c.name == "set"]) <= 3


def test_a_completion_that_was_not_sent_is_reported_on_return(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    sitting = launch(on=device)
    sitting.walk(module, events[:-1])
    lms.session_gone = True
    sitting.walk(module, events[-1:], since=events[:-1])
    sitting.leave()
    assert lms.status("ada-7", module.id) == "incomplete"
    lms.session_gone = False
    again = launch(on=device)
    assert statuses(again.calls) == ["completed"]
    assert lms.status("ada-7", module.id) == "completed"
    assert len([c for c in again.calls if c.name == "set"]) <= 3


def test_nothing_is_recorded_under_another_learners_id(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    """Two people at one machine: the first one's place is not sent, and the second does not take it over."""
    device, events = new_device(), way_through(module)
    first = launch(learner="ada-7", on=device)
    lms.session_gone = True
    progress = first.walk(module, events[:5])
    first.leave()
    lms.session_gone = False
    second = launch(learner="ben-8", on=device)
    assert second.seen == "overview"
    second.leave()
    assert lms.suspend_data("ben-8", module.id) == ""
    assert launch(learner="ada-7", on=device).seen == place(progress)


def test_a_place_on_the_device_that_is_behind_the_lms_is_let_go(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    sitting = launch(on=device)
    lms.session_gone = True
    sitting.walk(module, events[:2])
    sitting.leave()
    lms.session_gone = False
    progress = launch().walk(module, events[:6])
    again = launch(on=device)
    assert again.seen == place(progress)
    assert kept(again.frame) == {}


def test_an_lms_that_throws_breaks_nothing(lms: Lms, launch: Open, module: Module) -> None:
    sitting = launch(trouble=Trouble(set=True))
    progress = sitting.walk(module, way_through(module)[:5])
    assert sitting.seen == place(progress)
    assert sitting.notice.startswith(NOT_ANSWERING)
    sitting.page.evaluate("trouble.set = false")
    sitting.walk(module, way_through(module)[5:6], since=way_through(module)[:5])
    assert sitting.notice == AGAIN


def test_a_sitting_that_the_lms_has_let_go_after_forty_idle_minutes_loses_nothing(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    device.clock.install()
    sitting = launch(on=device)
    sitting.walk(module, events[:3])
    device.clock.fast_forward(40 * 60_000)
    assert sitting.notice == ""  # reading is no trouble
    lms.session_gone = True
    progress = sitting.walk(module, events[3:5], since=events[:3])
    assert sitting.notice.startswith(NOT_ANSWERING)
    sitting.leave()
    lms.session_gone = False
    again = launch(on=device)
    assert (again.seen, again.notice) == (place(progress), "")
    again.page.context.close()
    assert launch().seen == place(progress)


def test_a_slow_lms_is_no_trouble(lms: Lms, launch: Open, module: Module) -> None:
    lms.commit_takes = 0.5
    sitting = launch()
    progress = sitting.walk(module, way_through(module)[:3])
    assert (sitting.seen, sitting.notice) == (place(progress), "")
    assert lms.suspend_data("ada-7", module.id).split("|")[1] == "3"


def test_the_sentence_is_said_once_not_at_every_try(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    """A screen reader reads a status out each time that it is set."""
    device = new_device()
    device.clock.install()
    sitting = launch(on=device)
    sitting.frame.evaluate("""() => {
        window.said = 0;
        new MutationObserver(() => { window.said += 1; }).observe(document.getElementById("notice"), {childList: true});
    }""")
    lms.session_gone = True
    sitting.walk(module, way_through(module)[:3])
    device.clock.fast_forward(31_000)
    device.clock.fast_forward(31_000)
    assert sitting.frame.evaluate("said") == 1


def test_two_windows_of_one_learner_follow_the_one_that_is_ahead(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    one = launch(on=device)
    one.walk(module, events[:3])
    two = launch(on=device)
    progress = two.walk(module, events[3:], since=events[:3])
    one.frame.wait_for_selector(f"#{place(progress)}:not([hidden])")
    two.leave()
    one.leave()  # its copy of the record is the older one
    assert lms.status("ada-7", module.id) == "completed"
    assert lms.suspend_data("ada-7", module.id).split("|")[1] == str(len(events))


def test_two_windows_of_two_learners_have_nothing_to_do_with_each_other(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device = new_device()
    one = launch(learner="ada-7", on=device)
    two = launch(learner="ben-8", on=device)
    two.walk(module, way_through(module)[:3])
    assert one.seen == "overview"


def test_leaving_and_coming_back_with_the_browsers_buttons_shows_the_same_place(
    lms: Lms, launch: Open, module: Module
) -> None:
    """From the back/forward cache too, whose page has said goodbye to the LMS already."""
    sitting = launch()
    progress = sitting.walk(module, way_through(module)[:3])
    sitting.leave()
    sitting.page.go_back()
    frame = next(f for f in sitting.page.frames if "/content/" in f.url)
    frame.wait_for_selector(f"#{place(progress)}:not([hidden])")

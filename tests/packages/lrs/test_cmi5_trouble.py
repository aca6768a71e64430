"""When the LRS behind cmi5 does not answer: the learner is told, keeps their place, and it is sent when it can be."""

from collections.abc import Callable

import pytest

from course.catalogue.model import Module
from course.catalogue.progress import replay
from course.statements.profile import STATE_ID
from tests.packages.conftest import NewDevice
from tests.packages.learner import place, wait_until, way_through
from tests.packages.lrs.cmi5_lms import Cmi5Lms
from tests.packages.lrs.opening import (
    CHOICES,
    Launch,
    acts,
    begun,
    completed,
    leave,
    open_at,
    recorded,
    wait_to_read,
    wait_to_see,
)
from tests.packages.test_trouble import AGAIN, NOT_ANSWERING, kept

STATE = "activities/state"
Wrong = Callable[[Cmi5Lms], None]


MISHAPS: dict[str, Wrong] = {
    "500": lambda at: at.lrs.trouble.answer(500, at=STATE),
    "503": lambda at: at.lrs.trouble.answer(503, at=STATE),
    "401": lambda at: at.lrs.trouble.answer(401, at=STATE),
    "403": lambda at: at.lrs.trouble.answer(403, at=STATE),
    "413": lambda at: at.lrs.trouble.answer(413, at=STATE),
    "the line is cut": lambda at: at.lrs.trouble.drop(at=STATE, times=2),  # a browser tries once more
}


@pytest.mark.parametrize("mishap", list(MISHAPS))
def test_a_place_that_is_not_taken_is_told_of_kept_and_sent_with_the_next(
    cmi5: Cmi5Lms, launch: Launch, module: Module, mishap: str
) -> None:
    events = way_through(module)
    sitting, session = launch()
    begun(session)
    MISHAPS[mishap](cmi5)
    sitting.walk(module, events[:1])
    wait_to_read(sitting, NOT_ANSWERING)
    assert kept(sitting.frame)
    cmi5.lrs.trouble.stop()
    sitting.walk(module, events[1:2], since=events[:1])
    wait_to_read(sitting, AGAIN)
    assert acts(cmi5, session) == 2
    assert sitting.frame.evaluate("Object.keys(localStorage)") == []


def test_an_lrs_that_hangs_is_given_up_on_and_tried_again(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice, module: Module
) -> None:
    device = new_device()
    device.clock.install()
    sitting, session = launch(on=device)
    begun(session)
    hanging = cmi5.lrs.trouble.hang(at=STATE)
    sitting.walk(module, way_through(module)[:1])
    assert hanging.reached.wait(10)
    assert sitting.notice == ""
    device.clock.fast_forward(21_000)
    wait_to_read(sitting, NOT_ANSWERING)
    device.clock.fast_forward(31_000)
    wait_to_read(sitting, AGAIN)
    assert acts(cmi5, session) == 1


def test_a_learner_need_not_wait_for_an_lrs_that_hangs(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    sitting, session = launch()
    begun(session)
    hanging = cmi5.lrs.trouble.hang(at=STATE)
    progress = sitting.walk(module, way_through(module)[:6])
    assert hanging.reached.wait(10)
    assert sitting.seen == place(progress)
    sitting.frame.get_by_role("link", name="Leave", exact=True).click()
    sitting.page.wait_for_url("**/back")


@pytest.mark.parametrize("silent", [[STATE], ["statements"], [STATE, "statements"]], ids="+".join)
def test_what_was_not_taken_is_sent_in_the_next_session_on_this_device(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice, module: Module, silent: list[str]
) -> None:
    events, device = way_through(module), new_device()
    sitting, session = launch(on=device)
    sitting.walk(module, events[:3])
    recorded(cmi5, session, 3)
    for at in silent:
        cmi5.lrs.trouble.answer(500, at=at, times=99)
    sitting.walk(module, events[3:], since=events[:3])
    wait_to_read(sitting, NOT_ANSWERING)
    sitting.leave()
    sitting.page.wait_for_timeout(500)  # what is sent while it closes
    cmi5.lrs.trouble.stop()
    again, later = launch(on=device)
    wait_to_see(again, "done")
    completed(cmi5, later)
    assert acts(cmi5, later) == len(events)
    assert [*session.verbs, *later.verbs].count("completed") == 1


def test_a_session_that_could_not_be_opened_is_opened_when_the_lms_answers(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice, module: Module
) -> None:
    device = new_device()
    device.clock.install()
    cmi5.lrs.trouble.answer(500, at=STATE)
    sitting, session = launch(on=device)
    wait_to_read(sitting, "cannot be recorded")
    sitting.walk(module, way_through(module)[:2])
    recorded(cmi5, session, 2)
    begun(session)
    assert (session.fetched, session.verbs) == (1, ["initialized"])


def test_a_launch_without_what_cmi5_gives_can_be_read(launch: Launch, module: Module) -> None:
    sitting, session = launch()
    sitting.page.goto(session.address.partition("?")[0])
    wait_to_read(sitting, "cannot be recorded")
    sitting.walk(module, way_through(module))
    assert sitting.seen == "done"


def test_a_used_token_address_is_told_of_and_not_asked_again(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice
) -> None:
    """8.2.3.0-1: somebody who opens a link from their history."""
    _, session = launch()
    begun(session)
    device = new_device()
    device.clock.install()
    sitting = open_at(device, session.address)
    wait_to_read(sitting, "cannot be recorded")
    device.clock.fast_forward(31_000)
    sitting.page.reload()
    wait_to_read(sitting, "cannot be recorded")
    assert session.verbs == ["initialized"]
    assert cmi5.refusals == ["8.2.3.0-1"]
    cmi5.refusals.clear()


def test_a_token_address_that_hangs_is_told_of(cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice) -> None:
    device = new_device()
    device.clock.install()
    hanging = cmi5.lrs.trouble.hang(at="fetch")
    sitting, session = launch(on=device)
    assert hanging.reached.wait(10)
    device.clock.fast_forward(21_000)
    wait_to_read(sitting, "cannot be recorded")
    device.clock.fast_forward(31_000)
    wait_to_read(sitting, AGAIN)
    begun(session)


@pytest.mark.parametrize("after", [False, True])
def test_a_completion_that_nobody_answered_is_recorded_once(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice, module: Module, after: bool
) -> None:
    """Whether it got through or not: the second time it has the same id."""
    device, events = new_device(), way_through(module)
    device.clock.install()
    sitting, session = launch(on=device)
    sitting.walk(module, events[:-1])
    recorded(cmi5, session, len(events) - 1)
    wait_until(lambda: "rated" in session.verbs)
    cmi5.lrs.trouble.answer(404)  # whether it is there already is asked first; this LMS does not say
    cmi5.lrs.trouble.hang(after=after)
    sitting.walk(module, events[-1:], since=events[:-1])
    wait_until(lambda: cmi5.place_of(session).get("completed", "") != "")
    sitting.page.wait_for_timeout(300)
    device.clock.fast_forward(21_000)
    wait_to_read(sitting, NOT_ANSWERING)
    cmi5.lrs.trouble.answer(404)
    device.clock.fast_forward(31_000)
    wait_to_read(sitting, AGAIN)
    completed(cmi5, session)
    assert session.verbs.count("completed") == 1
    assert cmi5.place_of(session)["completed"] == session.told("completed")["id"]


def test_a_completion_whose_place_the_lms_has_forgotten_is_not_told_again(
    cmi5: Cmi5Lms, launch: Launch, module: Module
) -> None:
    sitting, session = launch()
    sitting.walk(module, way_through(module))
    completed(cmi5, session)
    leave(sitting, session)
    for key in [k for k in cmi5.lrs.states if k[-1] == STATE_ID]:
        del cmi5.lrs.states[key]
    again, later = launch()
    begun(later)
    assert again.seen == "overview"
    again.walk(module, way_through(module))
    completed(cmi5, later)
    assert "completed" not in later.verbs


def test_a_choice_that_the_lrs_refuses_for_good_holds_nothing_up(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    cmi5.lrs.trouble.refuse = lambda s: "no choices here" if s["verb"]["id"].endswith("answered") else None
    sitting, session = launch(options=CHOICES)
    sitting.walk(module, way_through(module))
    completed(cmi5, session)
    assert session.verbs == ["initialized", "rated", "completed"]
    assert sitting.notice == ""


@pytest.mark.parametrize("strict", [False, True])
def test_two_devices_at_once_keep_what_is_newest(cmi5: Cmi5Lms, launch: Launch, module: Module, strict: bool) -> None:
    """412: the place of the one that is behind is not written over the other's, and its window follows."""
    cmi5.lrs.strict_states = strict
    events = way_through(module)
    behind, first = launch()
    begun(first)
    ahead, second = launch()
    begun(second)
    progress = ahead.walk(module, events)
    completed(cmi5, second)
    behind.walk(module, events[:1])
    wait_to_see(behind, place(progress))
    assert acts(cmi5, first) == len(events)
    behind.frame.get_by_role("link", name="Go back to a decision").click()
    leave(behind, first)
    assert "completed" not in first.verbs


def test_two_windows_on_one_device_complete_once(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice, module: Module
) -> None:
    device, events = new_device(), way_through(module)
    one, first = launch(on=device)
    begun(first)
    two, second = launch(on=device)
    begun(second)
    two.walk(module, events)
    completed(cmi5, second)
    wait_to_see(one, "done")
    leave(one, first)
    leave(two, second)
    assert [s.verbs.count("completed") for s in (first, second)] == [0, 1]


def test_another_learner_at_the_same_machine_has_nothing_of_the_first(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice, module: Module
) -> None:
    device = new_device()
    sitting, session = launch(on=device)
    begun(session)
    cmi5.lrs.trouble.answer(500, at=STATE, times=99)
    sitting.walk(module, way_through(module)[:3])
    wait_to_read(sitting, NOT_ANSWERING)
    leave(sitting, session)
    cmi5.lrs.trouble.stop()
    second, other = launch(on=device, learner="ben-8")
    begun(other)
    assert second.seen == "overview"
    again, later = launch(on=device)
    wait_to_see(again, place(replay(module, way_through(module)[:3])))
    begun(later)
    assert acts(cmi5, other) == 0

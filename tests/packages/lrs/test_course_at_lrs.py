"""The course as one package at an LRS: one AU, one place, completed when every module in it is."""

import json
import re
from collections.abc import Sequence
from urllib.parse import urlencode

import pytest

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.statements.profile import Profile
from scorm_export.options import Options
from scorm_export.package import Packer
from scorm_export.standards import find_standard
from tests.lrs import Lrs
from tests.packages.conftest import NewDevice, unzipped
from tests.packages.learner import longest_choices, place, wait_until, way_through
from tests.packages.lms import Lms
from tests.packages.lrs.cmi5_lms import Cmi5Lms, Session
from tests.packages.lrs.opening import begun, completed
from tests.packages.lrs.test_xapi import ACTOR, REGISTRATION, kept_place, verbs
from tests.packages.shell import Shell

ONE = Options(one_package=True, interactions=True)


@pytest.fixture
def packer(packers: dict[str, Packer], library: Library) -> Packer:
    return packers[library.modules[0].id]


@pytest.fixture
def two(library: Library) -> Sequence[Module]:
    return library.modules[2:4]


def open_course(
    lms: Lms, cmi5: Cmi5Lms, packer: Packer, modules: Sequence[Module], device: NewDevice, *, mode: str = "Normal"
) -> tuple[Shell, Session]:
    lms.upload("course", unzipped(packer.package(modules, find_standard("cmi5"), ONE)))
    session = cmi5.launch("course", mode=mode)
    page = device().new_page()
    page.goto(session.address)
    page.wait_for_selector("body.is-playing")
    begun(session)
    return Shell(page, page.main_frame, None), session


def test_the_course_is_completed_with_its_last_module_and_says_which_module_a_choice_was_in(
    lms: Lms, cmi5: Cmi5Lms, packer: Packer, two: Sequence[Module], new_device: NewDevice
) -> None:
    shell, session = open_course(lms, cmi5, packer, two, new_device)
    for module in two:
        assert "completed" not in session.verbs
        inside = shell.enter(module)
        inside.walk(module, way_through(module))
        shell.leave_module(inside)
    completed(cmi5, session)
    told = [v for v in session.verbs if v != "answered"]
    assert told == ["initialized", "rated", "rated", "completed"]
    assert session.told("completed")["object"]["id"] == session.activity
    modules = Profile().module("")
    within = {
        s["object"]["id"].removeprefix(modules).split("/")[0]
        for s in session.statements
        if modules in s["object"]["id"]
    }
    assert within == {m.id for m in two}
    shell.page_frame.get_by_role("link", name="Leave", exact=True).click()
    shell.page.wait_for_url("**/back")
    assert session.verbs[-1] == "terminated"


def test_another_device_carries_on_in_each_module(
    lms: Lms, cmi5: Cmi5Lms, packer: Packer, two: Sequence[Module], new_device: NewDevice
) -> None:
    shell, session = open_course(lms, cmi5, packer, two, new_device)
    places = []
    for module, steps in zip(two, (3, 5), strict=True):
        inside = shell.enter(module)
        places.append(place(inside.walk(module, way_through(module)[:steps])))
        shell.leave_module(inside)
    wait_until(lambda: len(re.findall(r"\d+=1\|[35]\|", cmi5.place_of(session).get("state", ""))) == 2)
    shell.page.context.close()
    again, _ = open_course(lms, cmi5, packer, two, new_device)
    again.page_frame.get_by_role("button", name="Carry on").click()
    assert again.inside(two[1]).seen == places[1]


def test_all_fourteen_are_played_interrupted_resumed_and_reviewed_at_a_cmi5_lms(
    lms: Lms, cmi5: Cmi5Lms, packer: Packer, library: Library, new_device: NewDevice
) -> None:
    shell, session = open_course(lms, cmi5, packer, library.modules, new_device)
    told = list[str]()
    for n, module in enumerate(library.modules):
        events = way_through(module, longest_choices(module))
        half = len(events) // 2 if n == 4 else 0
        if half:
            shell.enter(module).walk(module, events[:half])
            wait_until(lambda m=module, h=half, s=session: f"{m.number}=1|{h}|" in cmi5.place_of(s).get("state", ""))  # type: ignore[misc]
            shell.page.context.close()
            told += session.verbs
            shell, session = open_course(lms, cmi5, packer, library.modules, new_device)
            wait_to_resume(shell, module)
        inside = shell.enter(module)
        inside.walk(module, events[half:], since=events[:half])
        shell.leave_module(inside)
    completed(cmi5, session)
    told += session.verbs
    assert (told.count("completed"), told.count("rated")) == (1, len(library.modules))
    before = cmi5.place_of(session)
    review, looking = open_course(lms, cmi5, packer, library.modules, new_device, mode="Review")
    wait_to_resume(review, library.modules[0], "Complete")
    assert review.said == "14 of 14 modules complete."
    review.page.goto("about:blank")
    wait_until(lambda: looking.ended)
    assert looking.verbs == ["initialized", "terminated"]
    assert cmi5.place_of(looking) == before


def test_a_course_is_played_interrupted_and_resumed_with_the_launch_of_tincan_xml(
    lms: Lms, lrs: Lrs, packer: Packer, library: Library, new_device: NewDevice
) -> None:
    some = library.modules[::3]  # all fourteen in one package are played at the cmi5 LMS
    lms.upload("course", unzipped(packer.package(some, find_standard("xapi"), Options(one_package=True))))
    asked = {"endpoint": lrs.address, "auth": min(lrs.keys), "actor": json.dumps(ACTOR), "registration": REGISTRATION}
    asked["activity_id"] = Profile().course

    def begin() -> Shell:
        page = new_device().new_page()
        page.goto(f"{lms.address}/content/course/index.html?{urlencode(asked)}")
        page.wait_for_selector("body.is-playing")
        return Shell(page, page.main_frame, None)

    shell = begin()
    for n, module in enumerate(some):
        events = way_through(module, longest_choices(module))
        half = len(events) // 2 if n == 2 else 0
        if half:
            shell.enter(module).walk(module, events[:half])
            wait_until(lambda m=module, h=half: f"{m.number}=1|{h}|" in kept_place(lrs).get("state", ""))  # type: ignore[misc]
            shell.page.context.close()
            shell = begin()
            wait_to_resume(shell, module)
        assert "completed" not in verbs(lrs)
        inside = shell.enter(module)
        inside.walk(module, events[half:], since=events[:half])
        shell.leave_module(inside)
    wait_until(lambda: bool(kept_place(lrs).get("sent")))
    again = begin()
    wait_to_resume(again, some[-1], "Complete")
    assert again.said == f"{len(some)} of {len(some)} modules complete."
    assert verbs(lrs).count("completed") == 1


def wait_to_resume(shell: Shell, module: Module, status: str = "In progress") -> None:
    """Wait until the place has come from the LRS."""
    item = f'.modules__module[data-key="{module.number}="][data-status="{status}"]'
    shell.page_frame.wait_for_selector(item)


def test_an_administrator_sees_the_lrs_its_version_and_that_the_session_is_open(
    lms: Lms, cmi5: Cmi5Lms, packer: Packer, two: Sequence[Module], new_device: NewDevice
) -> None:
    shell, session = open_course(lms, cmi5, packer, two, new_device)
    shell.page.get_by_text("Check this package").click()
    shell.page.wait_for_function("document.getElementById('check-report').value")
    report = shell.page.locator("#check-report").input_value()
    for line in ("Standard: cmi5", "1.0.3", "Launch mode, as the platform tells it: Normal", "Read back the same: yes"):
        assert line in report
    assert "Session opened, as the platform tells it: yes" in report
    assert session.token not in report
    assert session.verbs == ["initialized"]

"""The course as one package: one SCO, the map as its home, complete when every module in it is."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page

from course.catalogue.library import Library
from course.catalogue.model import Module
from scorm_export.options import Options
from scorm_export.package import Packer
from scorm_export.standards import find_standard
from scorm_export.state import LONGEST
from tests.axe import barriers
from tests.packages.conftest import BOTH, NewDevice, unzipped
from tests.packages.learner import Sitting, longest_choices, place, wait_until, way_through
from tests.packages.lms import SCORM12, Edition, Lms
from tests.packages.shell import Shell, open_shell
from tests.packages.test_journeys import statuses
from tests.packages.test_small_talk import SECRET

pytestmark = BOTH
ONE = Options(one_package=True)


@pytest.fixture(scope="session")
def packer(library: Library) -> Packer:
    return Packer(library)


@pytest.fixture
def two(library: Library) -> Sequence[Module]:
    return library.modules[2:4]


def upload(lms: Lms, packer: Packer, modules: Sequence[Module], edition: Edition) -> None:
    lms.upload("course", unzipped(packer.package(modules, find_standard(edition.name), ONE)))


def test_the_course_is_complete_when_its_last_module_is_and_not_before(
    lms: Lms, packer: Packer, two: Sequence[Module], edition: Edition, new_device: NewDevice
) -> None:
    upload(lms, packer, two, edition)
    shell = open_shell(lms, new_device(), edition)
    assert shell.said == "0 of 2 modules complete."
    for module in two:
        assert statuses(shell.calls) == ["incomplete"]
        inside = shell.enter(module)
        inside.walk(module, way_through(module))
        assert inside.seen == "done"
        shell.leave_module(inside)
        assert shell.status(module) == "Complete"
    assert statuses(shell.calls) == ["incomplete", "completed"]
    assert shell.said == "2 of 2 modules complete."
    shell.leave()
    again = open_shell(lms, new_device(), edition)
    assert statuses(again.calls) == []
    assert lms.status("ada-7", "course") == "completed"


def test_a_learner_carries_on_on_another_device_where_they_were_in_each_module(
    lms: Lms, packer: Packer, two: Sequence[Module], edition: Edition, new_device: NewDevice
) -> None:
    upload(lms, packer, two, edition)
    shell = open_shell(lms, new_device(), edition)
    places = []
    for module, steps in zip(two, (3, 5), strict=True):
        inside = shell.enter(module)
        places.append(place(inside.walk(module, way_through(module)[:steps])))
        shell.leave_module(inside)
    shell.page.context.close()
    again = open_shell(lms, new_device(), edition)
    assert [again.status(module) for module in two] == ["In progress"] * 2
    again.page_frame.get_by_role("button", name="Carry on").click()
    assert again.inside(two[1]).seen == places[1]  # the one that was open last
    again.leave_module(again.inside(two[1]))
    assert again.enter(two[0]).seen == places[0]


def test_an_act_in_a_module_is_two_sets_and_one_commit(
    lms: Lms, packer: Packer, two: Sequence[Module], edition: Edition, new_device: NewDevice
) -> None:
    upload(lms, packer, two, edition)
    shell = open_shell(lms, new_device(), edition)
    names = [c.name for c in shell.calls]
    assert (names.count("get") <= 8, names.count("set") <= 3, names.count("commit")) == (True, True, 1)
    inside = shell.enter(two[0])
    before = len(shell.calls)
    inside.press("open", "vignette")
    assert [c.name for c in shell.calls[before:]] == ["set", "set", "commit"]


def test_a_whole_course_is_played_interrupted_resumed_and_reviewed_in_one_package(
    lms: Lms, packer: Packer, library: Library, edition: Edition, new_device: NewDevice
) -> None:
    """Within what an LMS keeps, asking for nothing elsewhere; in every third module the window is killed half way."""
    modules = library.modules if edition is SCORM12 else library.modules[1::3]  # 1.2 has the least room
    upload(lms, packer, modules, edition)
    asked = list[str]()

    def begin(mode: str = "normal") -> Shell:
        device = new_device()
        device.on("request", lambda request: asked.append(request.url))
        return open_shell(lms, device, edition, mode=mode)

    shell = begin()
    for n, module in enumerate(modules):
        events = way_through(module, longest_choices(module))
        half = len(events) // 2 if n % 3 == 0 else 0
        if half:
            shell.enter(module).walk(module, events[:half])
            state = f"{module.number}=1|{half}|"
            wait_until(lambda state=state: state in lms.suspend_data("ada-7", "course"))  # type: ignore[misc]
            shell.page.context.close()
            shell = begin()
        assert lms.status("ada-7", "course") == "incomplete"
        inside = shell.enter(module)
        inside.walk(module, events[half:], since=events[:half])
        shell.leave_module(inside)
    assert lms.status("ada-7", "course") == "completed"
    assert len(lms.suspend_data("ada-7", "course")) < len(modules) * (LONGEST + 4) < 4096
    shell.leave()
    before = lms.record_of("ada-7", "course")
    review = begin("review")
    assert review.said == f"{len(modules)} of {len(modules)} modules complete."
    inside = review.enter(modules[0])
    assert inside.seen == "done"
    review.leave_module(inside)
    review.leave()
    assert {c.name for c in review.calls} == {"initialize", "get", "terminate"}
    assert lms.record_of("ada-7", "course")["suspend_data"] == before["suspend_data"]
    assert [url for url in asked if not url.startswith((lms.address, "data:,"))] == []


def test_what_is_written_in_a_module_leaves_its_frame_by_no_way(
    lms: Lms, packer: Packer, two: Sequence[Module], edition: Edition, new_device: NewDevice
) -> None:
    upload(lms, packer, two, edition)
    shell = open_shell(lms, new_device(), edition)
    shell.page_frame.evaluate("() => { window.said = []; addEventListener('message', (e) => said.push(e.data)); }")
    inside, events = shell.enter(two[0]), way_through(two[0])
    progress = inside.walk(two[0], events[:-1])
    inside.section.locator("textarea").first.fill(SECRET)
    inside.do(progress, events[-1])
    messages = str(shell.page_frame.evaluate("JSON.stringify(said)"))
    kept = str(shell.page_frame.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])"))
    shell.leave_module(inside)
    shell.leave()
    assert "moved" in messages
    for part in ("only I wrote", "4711"):
        assert [part in text for text in (messages, kept, str(shell.calls), str(lms.requests))] == [False] * 4


@pytest.mark.parametrize("width", [320, 1280])
def test_the_map_and_a_module_in_it_have_no_barrier_that_axe_can_see(
    lms: Lms, packer: Packer, two: Sequence[Module], edition: Edition, new_device: NewDevice, width: int
) -> None:
    upload(lms, packer, two, edition)
    page = new_device().new_page()
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{lms.address}/content/course/index.html")
    shell = Shell(page, page.main_frame, None)
    page.get_by_text("Check this package (for administrators)").click()
    page.wait_for_function("document.getElementById('check-report').value")
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    inside = shell.enter(two[0])
    assert barriers(page) == []
    assert inside.frame.evaluate("document.documentElement.scrollWidth") <= width


def test_by_keyboard_alone_a_module_is_opened_and_left(
    lms: Lms, packer: Packer, two: Sequence[Module], edition: Edition, new_device: NewDevice
) -> None:
    upload(lms, packer, two, edition)
    shell = open_shell(lms, new_device(), edition)
    link = shell.page_frame.get_by_role("link", name=two[1].title).last
    link.focus()
    shell.page.keyboard.press("Enter")
    inside = shell.inside(two[1])
    assert shell.page_frame.evaluate("document.activeElement.tagName") == "IFRAME"
    for _ in range(10):
        shell.page.keyboard.press("Tab")
        if inside.frame.evaluate("document.activeElement.id") == "leave":
            break
    shell.page.keyboard.press("Enter")
    shell.page_frame.wait_for_selector("#home:not([hidden])")
    assert two[1].title in shell.page_frame.evaluate("document.activeElement.textContent")


def test_when_the_lms_is_silent_the_learner_is_told_above_the_module_and_nothing_is_lost(
    lms: Lms, packer: Packer, two: Sequence[Module], edition: Edition, new_device: NewDevice
) -> None:
    upload(lms, packer, two, edition)
    device = new_device()
    shell = open_shell(lms, device, edition)
    inside = shell.enter(two[0])
    lms.session_gone = True
    progress = inside.walk(two[0], way_through(two[0])[:4])
    assert shell.notice.startswith("Your learning platform is not answering. Your place is kept on this device")
    shell.leave()
    lms.session_gone = False
    again = open_shell(lms, device, edition)
    assert again.status(two[0]) == "In progress"
    assert again.enter(two[0]).seen == place(progress)


def test_it_plays_from_a_folder(
    tmp_path: object, packer: Packer, two: Sequence[Module], edition: Edition, new_device: NewDevice
) -> None:
    """By a double click, where no window may look into another."""
    folder = tmp_path / "course"  # type: ignore[operator]
    folder.mkdir()
    for name, content in unzipped(packer.package(two, find_standard(edition.name), ONE)).items():
        (folder / name).write_bytes(content)
    page: Page = new_device().new_page()
    page.goto((folder / "index.html").as_uri())
    shell = Shell(page, page.main_frame, None)
    inside: Sitting = shell.enter(two[0])
    inside.walk(two[0], way_through(two[0]))
    shell.leave_module(inside)
    assert shell.status(two[0]) == "Complete"

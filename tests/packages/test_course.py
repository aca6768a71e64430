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
from tests.packages.conftest import BOTH, NewDevice, unzipped
from tests.packages.learner import Sitting, longest_choices, place, way_through
from tests.packages.lms import Edition, Lms
from tests.packages.shell import Shell, open_shell
from tests.packages.test_journeys import statuses

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


def test_all_fourteen_are_played_in_one_package_within_what_an_lms_keeps(
    lms: Lms, packer: Packer, library: Library, edition: Edition, new_device: NewDevice
) -> None:
    upload(lms, packer, library.modules, edition)
    device, asked = new_device(), list[str]()
    device.on("request", lambda request: asked.append(request.url))
    shell = open_shell(lms, device, edition)
    for module in library.modules:
        inside = shell.enter(module)
        inside.walk(module, way_through(module, longest_choices(module)))
        shell.leave_module(inside)
    assert lms.status("ada-7", "course") == "completed"
    assert len(lms.suspend_data("ada-7", "course")) < len(library.modules) * (LONGEST + 4) < 4096
    assert [url for url in asked if not url.startswith((lms.address, "data:,"))] == []


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

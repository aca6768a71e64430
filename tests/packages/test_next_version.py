"""A package that is replaced by its next version: records go on, and a place that has gone leads to one before it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from course.catalogue.library import Library, load
from course.catalogue.model import Module
from course.catalogue.progress import Progress, after
from scorm_export.package import Packer
from scorm_export.standards import find_standard
from tests.factories import MODULE, SCENARIO, write_content
from tests.packages.conftest import BOTH, NewDevice, unzipped
from tests.packages.learner import Sitting, next_event, sit_down, way_through
from tests.packages.lms import Edition, Lms
from tests.packages.test_journeys import statuses

pytestmark = BOTH
RENEWED = "This module has been brought up to date since you were here."


def next_version(scenario: dict[str, Any]) -> None:
    """The first choice of the third day has gone; another stands in its place."""
    day = next(m for m in scenario["moments"] if m["id"] == "day-3-near")
    day["choices"][0]["id"] = "day-3-near-new"


@pytest.fixture(scope="module")
def renewed(tmp_path_factory: pytest.TempPathFactory) -> Library:
    root: Path = tmp_path_factory.mktemp("renewed")
    newer = {"version": "2.0", "date": "2026-11-27", "kind": "substance", "what": "A choice."}
    return load(write_content(root, change={SCENARIO: next_version, MODULE: lambda d: d["ledger"].append(newer)}))


class Shelf:
    """An LMS in which one package is replaced by the next."""

    def __init__(self, lms: Lms, edition: Edition, new_device: NewDevice) -> None:
        self.lms, self.edition, self.new_device = lms, edition, new_device

    def put(self, library: Library, module: Module) -> None:
        zipped = Packer(library).package([module], find_standard(self.edition.name))
        self.lms.upload("shelf", unzipped(zipped))

    def open(self) -> Sitting:
        return sit_down(self.lms, self.new_device(), self.lms.launch("ada-7", "shelf", edition=self.edition))


@pytest.fixture
def shelf(lms: Lms, edition: Edition, new_device: NewDevice) -> Shelf:
    return Shelf(lms, edition, new_device)


def test_a_step_that_has_gone_leads_to_the_nearest_before_it_and_what_was_done_is_kept(
    shelf: Shelf, small: Library, renewed: Library
) -> None:
    [old], [new] = small.modules, renewed.modules
    shelf.put(small, old)
    events = way_through(old)[:6]  # the records, and four decisions
    shelf.open().walk(old, events)
    shelf.put(renewed, new)
    again = shelf.open()
    assert again.seen == "step-day-3-near"
    assert again.notice.startswith(RENEWED)
    assert again.frame.locator(".decision-count:visible").inner_text().startswith("Decision 3 of")
    again.press("choose", "day-3-near-new")
    assert (again.seen, again.notice) == ("step-day-4-near", "")
    progress = Progress(new)
    for event in way_through(new)[:5]:
        progress = after(progress, event)
    while not progress.complete:
        event = next_event(progress)
        again.do(progress, event)
        progress = after(progress, event)
    assert shelf.lms.status("ada-7", "shelf") == "completed"


def test_a_completion_stays_and_no_place_that_was_reached_is_taken_back(
    shelf: Shelf, small: Library, renewed: Library
) -> None:
    [old], [new] = small.modules, renewed.modules
    shelf.put(small, old)
    shelf.open().walk(old, way_through(old))
    shelf.put(renewed, new)
    again = shelf.open()
    assert (again.seen, again.notice, statuses(again.calls)) == ("done", "", [])
    again.leave()
    assert shelf.lms.status("ada-7", "shelf") == "completed"


def test_a_debrief_whose_ending_has_gone_leads_back_into_the_story(
    shelf: Shelf, small: Library, renewed: Library
) -> None:
    [old], [new] = small.modules, renewed.modules
    shelf.put(small, old)
    events = way_through(old)
    shelf.open().walk(old, events[: 1 + next(i for i, e in enumerate(events) if getattr(e, "part", "") == "debrief")])
    shelf.put(renewed, new)
    again = shelf.open()
    assert again.seen == "step-day-3-near"
    assert again.notice.startswith(RENEWED)


def test_a_part_that_has_gone_leads_to_the_part_before_it(shelf: Shelf, library: Library, module: Module) -> None:
    shelf.put(library, module)
    events = way_through(module)
    until = 1 + next(i for i, e in enumerate(events) if getattr(e, "part", "") == "rewrite")
    assert shelf.open().walk(module, events[:until]).place == "rewrite"
    shelf.put(library, replace(module, rewrite=None))
    again = shelf.open()
    assert again.seen == "practice"
    assert again.notice.startswith(RENEWED)


def test_nothing_is_said_where_nothing_has_gone(shelf: Shelf, small: Library, renewed: Library) -> None:
    [old], [new] = small.modules, renewed.modules
    shelf.put(small, old)
    progress = shelf.open().walk(old, way_through(old)[:3])
    shelf.put(renewed, new)
    again = shelf.open()
    assert (again.seen, again.notice) == (f"step-{progress.step.key}", "")

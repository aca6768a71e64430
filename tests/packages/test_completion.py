"""One table of cases for the completion rule, for Python and for the package in a browser."""

from collections.abc import Iterator
from typing import Any

import pytest
import yaml
from playwright.sync_api import Page

from course.catalogue import progress as rules
from course.catalogue.completion import is_complete
from course.catalogue.events import Event, VignetteRead, VignetteSkipped
from course.catalogue.library import Library
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import NotHere, Progress, after
from scorm_export.package import package
from scorm_export.standards import find_standard
from tests.conftest import ROOT
from tests.packages.conftest import unzipped
from tests.packages.learner import Sitting
from tests.packages.lms import SCORM12, Launch, Lms, Trouble

CASES = yaml.safe_load((ROOT / "tests/cases/completion.yaml").read_text(encoding="utf-8"))["cases"]
every_case = pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])


def event_of(progress: Progress, act: str) -> Event:
    """The event of an act in the table; raises NotHere where it may not be done."""
    verb, _, what = act.partition(" ")
    match verb:
        case "read":
            return VignetteRead()
        case "skip":
            return VignetteSkipped()
        case "choose" | "walk":
            return rules.choose(progress, progress.step.key, next(iter(progress.step.leads), ""))
        case "back":
            return rules.go_back(progress, 0)
        case "rate":
            statements = progress.module.self_assessment.statements(what)
            return rules.rate(progress, what, {s.id: "partly" for s in statements})
        case "reflect" | "decline":
            return rules.finish_reflection(progress, declined=verb == "decline")
        case _:
            return rules.open_part(progress, what)  # type: ignore[arg-type]


def one_by_one(acts: list[str], module: Module) -> list[str]:
    """The acts, with a walk as the choices that it is."""
    most = max(high for _, high in module.story.decisions_to_go.values())
    return [step for act in acts for step in ([act] * most if act == "walk" else [act])]


@pytest.fixture(scope="module")
def few(small: Library) -> Module:
    return small.modules[0]


@every_case
def test_python(few: Module, case: dict[str, Any]) -> None:
    events, progress = list[Event](), Progress(few)
    for act in one_by_one(case["acts"], few):
        try:
            events.append(event_of(progress, act))
        except NotHere:
            continue
        progress = after(progress, events[-1])
    again = rules.replay(few, events)
    assert again.complete == is_complete(again.marks) == case["complete"]


@pytest.fixture(scope="module")
def packaged(session_lms: Lms, small: Library, few: Module) -> str:
    """Where the package of that module can be opened, without an LMS around it."""
    session_lms.upload("cases", unzipped(package(small, [few], find_standard("scorm12"))))
    return f"{session_lms.address}/content/cases/index.html"


@pytest.fixture
def alone(page: Page, packaged: str) -> Iterator[Sitting]:
    page.add_init_script("window.moved = []; addEventListener('lesson:moved', e => moved.push(e.detail), true)")
    page.goto(packaged)
    page.wait_for_selector("body.is-playing")
    yield Sitting(page, page.main_frame, Launch(0, "", "", "none", "normal", SCORM12, Trouble()))


@every_case
def test_player(alone: Sitting, few: Module, case: dict[str, Any]) -> None:
    done = sum(attempt(alone, act) for act in one_by_one(case["acts"], few))
    moved = alone.frame.evaluate("moved")
    assert len(moved) == done
    assert (moved[-1]["complete"] if moved else False) == case["complete"]
    complete = [step["complete"] for step in moved]
    assert complete == sorted(complete)  # never taken back


def attempt(sitting: Sitting, act: str) -> bool:
    """Do what the page offers; if it does not, ask for it by its address, which must not give more."""
    verb, _, what = act.partition(" ")
    wanted = {
        "choose": 'form[data-act="choose"]',
        "walk": 'form[data-act="choose"]',
        "back": 'form[data-act="go-back"]',
        "open": f'form[data-act="open"][data-target="{what}"]',
        "rate": f'form[data-act="rate"][data-target="{what}"]',
    }.get(verb, f'form[data-act="{verb}"]')
    address = {"rate": f"self-assessment-{what}", "reflect": "reflection", "decline": "reflection", "open": what}
    if not sitting.section.locator(wanted).count():
        sitting.frame.evaluate("id => { location.hash = id }", address.get(verb, "vignette" if verb == "read" else ""))
        sitting.frame.evaluate("new Promise(done => setTimeout(done, 20))")
    form = sitting.section.locator(wanted)
    if not form.count():
        return False
    for legend in range(form.locator("fieldset").count() if verb == "rate" else 0):
        form.locator("fieldset").nth(legend).locator("input").nth(1).evaluate("radio => radio.click()")
    form.locator("button[type=submit]").first.evaluate("button => button.click()")
    return True


def test_the_table_asks_about_every_mark_and_role() -> None:
    acts = {act for case in CASES for act in case["acts"]}
    assert {"read", "skip", "walk", "open debrief", "reflect", "decline"} <= acts
    assert {f"rate {role}" for role in ROLES} <= acts

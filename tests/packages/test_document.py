"""The package's document in a browser: what it asks for, how it stands up to a strict server, and by hand."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import Progress, after, open_part, replay
from scorm_export.package import Packer, package
from scorm_export.standards import find_standard
from tests.axe import barriers
from tests.packages.conftest import NewDevice, Open, unzipped
from tests.packages.learner import ROLE, Sitting, place, way_through
from tests.packages.lms import SCORM12, Launch, Lms


@pytest.fixture
def from_disk(tmp_path: Path, library: Library, module: Module, new_device: NewDevice) -> Iterator[Sitting]:
    """The package unzipped into a folder and opened by a double click."""
    for name, content in unzipped(package(library, [module], find_standard("scorm12"))).items():
        (tmp_path / name).write_bytes(content)
    page = new_device().new_page()
    page.goto((tmp_path / "index.html").as_uri())
    page.wait_for_selector("body.is-playing")
    yield Sitting(page, page.main_frame, Launch(0, "", "", "none", "normal", SCORM12, trouble=None))  # type: ignore[arg-type]


def test_the_first_screen_is_three_requests_and_the_steps_follow_it(lms: Lms, launch: Open, module: Module) -> None:
    sitting = launch()
    asked = [r.path.rsplit("/", 1)[1] for r in lms.requests if r.path.startswith("/content/")]
    assert (asked[0], set(asked[1:3])) == ("index.html", {"lesson.css", "lesson.js"})
    assert sorted(asked[3:]) == ["steps.css", "steps.js"]
    sitting.walk(module, way_through(module))
    assert len([r for r in lms.requests if r.path.startswith("/content/")]) == len(asked)


def test_the_first_pages_work_before_the_steps_are_there_and_what_is_pressed_is_not_lost(
    lms: Lms, packers: dict[str, Packer], module: Module, new_device: NewDevice
) -> None:
    lms.upload(module.id, unzipped(packers[module.id].package([module], find_standard("scorm12"))))
    page, late = new_device().new_page(), list[Route]()
    page.route("**/steps.js", lambda route: late.append(route))
    page.goto(f"{lms.address}/content/{module.id}/index.html", wait_until="commit")
    page.get_by_role("button", name="Start with the records").click()
    page.get_by_role("button", name="I have read the records").click()
    assert page.locator("h1:visible").inner_text() == "The records"
    late[0].continue_()
    page.wait_for_selector(f"#{place(Progress(module, place='scenario'))}:not([hidden])")


@pytest.mark.parametrize("fragment", ["", "#overview", "#sources"])
def test_a_page_that_is_loaded_begins_at_its_top(
    lms: Lms, launch: Open, new_device: NewDevice, module: Module, fragment: str
) -> None:
    """Its address has a fragment, which must not scroll a notice out of sight."""
    page = new_device().new_page()
    page.set_viewport_size({"width": 320, "height": 480})
    page.goto(launch(where="none").frame.url.partition("#")[0] + fragment)
    page.wait_for_selector("body.is-playing:not(.is-loading)")
    page.wait_for_timeout(200)  # the browser scrolls to a fragment when all is loaded
    assert page.evaluate("scrollY") == 0
    assert page.locator("#notice").bounding_box()["y"] < 480  # type: ignore[index]


def test_no_button_can_be_pressed_before_the_script_is_there(
    lms: Lms, packers: dict[str, Packer], module: Module, new_device: NewDevice
) -> None:
    """The browser's own way to send its form would leave the address that the LMS launched, with all that is in it."""
    lms.upload(module.id, unzipped(packers[module.id].package([module], find_standard("scorm12"))))
    page, late = new_device().new_page(), list[Route]()
    page.route("**/lesson.js", lambda route: late.append(route))
    page.goto(f"{lms.address}/content/{module.id}/index.html", wait_until="commit")
    page.get_by_role("heading", name=module.title).wait_for()
    button = page.get_by_role("button", name="Start with the records", include_hidden=True)
    assert not button.is_visible()
    late[0].continue_()
    button.click()
    page.get_by_role("heading", name="The records").wait_for()


def test_steps_that_do_not_arrive_are_told_of(
    lms: Lms, packers: dict[str, Packer], module: Module, new_device: NewDevice
) -> None:
    lms.upload(module.id, unzipped(packers[module.id].package([module], find_standard("scorm12"))))
    page = new_device().new_page()
    page.route("**/steps.js", lambda route: route.abort())
    page.goto(f"{lms.address}/content/{module.id}/index.html")
    page.locator("#notice:not(:empty)").wait_for()
    assert page.locator("h1:visible").count() == 1


def test_an_lms_cannot_tell_who_left_the_records_out(launch: Open, module: Module) -> None:
    kept = []
    for learner, act in (("ada-7", "read"), ("dee-8", "skip")):
        sitting = launch(learner=learner)
        sitting.press("open", "vignette")
        sitting.press(act)
        calls = [call.values for call in sitting.calls if call.values[0] == "cmi.suspend_data"]
        kept.append([values[1] for values in calls if len(values) > 1])
    assert kept[0] == kept[1] != []


def test_a_strict_content_security_policy_is_kept(lms: Lms, launch: Open, module: Module) -> None:
    lms.headers = {"Content-Security-Policy": "default-src 'self'; report-uri /csp"}
    sitting, events = launch(), way_through(module)
    progress = sitting.walk(module, events[:-1])
    sitting.section.locator("textarea").first.fill("mine")
    with sitting.page.expect_download():
        sitting.section.get_by_role("button", name="Keep what I wrote as a file").click()
    sitting.do(progress, events[-1])
    assert (sitting.seen, sitting.notice) == ("done", "")
    alone = sitting.page.context.new_page()
    alone.goto(f"{lms.address}/content/{module.id}/index.html")
    alone.wait_for_selector("body.is-playing")
    assert lms.csp_reports == []
    alone.evaluate("document.body.setAttribute('style', 'color: red')")  # and such a report would have come
    alone.wait_for_timeout(300)
    assert lms.csp_reports


def test_it_plays_from_a_folder_to_the_end(from_disk: Sitting, module: Module) -> None:
    assert from_disk.notice.startswith("Your learning platform is not answering")
    progress = from_disk.walk(module, way_through(module))
    assert progress.complete
    assert from_disk.seen == "done"
    from_disk.page.reload()
    from_disk.page.wait_for_selector("#done:not([hidden])")


def test_without_javascript_it_says_what_it_needs(from_disk: Sitting, browser: object, tmp_path: Path) -> None:
    context = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page: Page = context.new_page()
    page.goto((tmp_path / "index.html").as_uri())
    assert page.locator("noscript p").is_visible()
    assert page.locator("h1:visible").count() == 1
    context.close()


def test_each_kind_of_step_has_no_barrier_that_axe_can_see(launch: Open, module: Module) -> None:
    sitting, progress, found = launch(), Progress(module), dict[str, list[str]]()

    def look(place: str = "section:not([hidden])") -> None:
        if met := barriers(sitting.frame, place):
            found[sitting.seen] = met

    look("html")
    for event in way_through(module):
        if len(progress.choices) < 2 or progress.step.is_ending:  # one decision looks like another
            look()
        if progress.place == "self-assessment":
            sitting.turn_to(f"self-assessment-{ROLE}")
            look()
            sitting.press("rate")
            look("html")
        sitting.do(progress, event)
        progress = after(progress, event)
    look()
    sitting.turn_to("step-" + progress.path[0].key)
    look()
    for id_ in ("briefing", "team", "sources", "worried"):
        sitting.turn_to(id_)
        look()
    assert found == {}


@pytest.mark.parametrize("width", [320, 640])
def test_nothing_has_to_be_scrolled_sideways(launch: Open, new_device: NewDevice, module: Module, width: int) -> None:
    sitting, progress = launch(where="none"), Progress(module)
    page = new_device().new_page()
    page.set_viewport_size({"width": width, "height": 480})
    page.goto(sitting.frame.url)
    alone = Sitting(page, page.main_frame, sitting.launch)
    for event in way_through(module):
        assert page.evaluate("document.documentElement.scrollWidth") <= width, alone.seen
        alone.do(progress, event)
        progress = after(progress, event)


def test_after_each_act_the_heading_has_the_focus_and_is_in_view(launch: Open, module: Module) -> None:
    sitting, progress = launch(), Progress(module)
    for event in way_through(module):
        sitting.do(progress, event)
        progress = after(progress, event)
        assert sitting.frame.evaluate("document.activeElement === document.querySelector('section:not([hidden]) h1')")
        top = sitting.frame.evaluate("document.activeElement.getBoundingClientRect().top")
        assert 0 <= top < 480


def test_in_a_tall_frame_the_heading_comes_into_view_too(launch: Open, module: Module) -> None:
    """Some LMSs make the frame as tall as its content, so that their own page scrolls."""
    sitting = launch()
    sitting.page.evaluate("document.querySelector('iframe').height = 9000")
    sitting.page.evaluate("scrollTo(0, 4000)")
    sitting.press("open", "vignette")
    top = sitting.frame.evaluate("parent.document.querySelector('iframe').getBoundingClientRect().top")
    assert -200 < top < 480


def test_by_keyboard_alone_a_choice_can_be_made(launch: Open, module: Module) -> None:
    sitting = launch()
    progress = sitting.walk(module, way_through(module)[:2])
    keyboard = sitting.page.keyboard
    while sitting.frame.evaluate("document.activeElement.className") != "choice__button":
        keyboard.press("Tab")
    keyboard.press("Enter")
    chosen = next(iter(progress.step.leads.values()))
    sitting.frame.wait_for_selector(f"#step-{chosen}:not([hidden])")


def test_the_skip_link_leads_to_the_step_and_not_away_from_it(launch: Open, module: Module) -> None:
    sitting = launch()
    progress = sitting.walk(module, way_through(module)[:3])
    sitting.frame.get_by_text("Skip to main content").focus()
    sitting.page.keyboard.press("Enter")
    assert sitting.frame.evaluate("document.activeElement.id") == "main"
    assert sitting.seen == place(progress)


def test_a_double_click_makes_one_choice(launch: Open, module: Module) -> None:
    sitting = launch()
    progress = sitting.walk(module, way_through(module)[:2])
    button = sitting.section.locator(".choice__button").first
    button.scroll_into_view_if_needed()
    button.dblclick()
    sitting.page.wait_for_timeout(100)
    state = [c.values[1] for c in sitting.calls if c.values[0] == "cmi.suspend_data" and len(c.values) > 1][-1]
    assert len(state.split("|")[4]) == 3
    assert sitting.seen == "step-" + next(iter(progress.step.leads.values()))


def test_unrated_statements_are_named_where_the_focus_is(launch: Open, module: Module) -> None:
    sitting, events = launch(), way_through(module)
    rated = next(i for i, e in enumerate(events) if e.kind == "rated")
    sitting.walk(module, events[:rated])
    sitting.turn_to(f"self-assessment-{ROLE}")
    statements = module.self_assessment.statements(ROLE)
    sitting.section.locator(f'input[name="{statements[0].id}"]').first.check()
    sent = len(sitting.calls)
    sitting.press("rate")
    assert sitting.frame.evaluate("document.activeElement.name") == statements[1].id
    problem = sitting.frame.get_by_role("alert")
    assert f"Still to rate: {len(statements) - 1}" in problem.inner_text()
    near = abs(problem.bounding_box()["y"] - sitting.frame.locator(":focus").bounding_box()["y"])  # type: ignore[index]
    assert near < 150
    assert len(sitting.calls) == sent
    sitting.do(replay(module, events[:rated]), events[rated])
    assert sitting.seen == "reflection"
    assert sitting.frame.get_by_role("alert").count() == 0


def test_back_shows_the_step_that_was_left_for_reading_and_a_link_leads_on(launch: Open, module: Module) -> None:
    sitting, events = launch(), way_through(module)
    before = sitting.walk(module, events[:2])
    progress = sitting.walk(module, events[2:3], since=events[:2])
    sent = len(sitting.calls)
    sitting.frame.evaluate("history.back()")
    sitting.frame.wait_for_selector(f"#{place(before)}:not([hidden])")
    assert sitting.section.locator("form").count() == 0
    made = sitting.section.locator(".choice--made")
    assert made.count() == 1
    assert made.inner_text().startswith("You chose:")
    sitting.frame.get_by_role("link", name="Back to where you are").click()
    sitting.frame.wait_for_selector(f"#{place(progress)}:not([hidden])")
    assert not sitting.frame.get_by_role("link", name="Back to where you are").is_visible()
    assert len(sitting.calls) == sent


def test_after_going_back_to_a_decision_the_debrief_waits_for_the_new_ending(launch: Open, module: Module) -> None:
    sitting, events = launch(), way_through(module)
    until = next(i for i, e in enumerate(events) if e == open_part(replay(module, events), "debrief")) + 1
    progress = sitting.walk(module, events[:until])
    sitting.section.locator('form[data-act="go-back"] button').first.click()
    sitting.frame.evaluate("location.hash = 'debrief'")
    sitting.frame.wait_for_function("location.hash.startsWith('#step-')")
    assert sitting.seen == "step-" + next(s.key for s in progress.path if s.is_decision)

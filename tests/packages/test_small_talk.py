"""How much a package says to the LMS: little, and never what a learner wrote."""

import re

from course.catalogue.events import RATINGS, Chose, Event, Opened, Rated
from course.catalogue.library import Library
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import Progress, after, go_back, open_part, replay
from scorm_export.state import LONGEST
from tests.packages.conftest import BOTH, NewDevice, Open
from tests.packages.learner import longest_choices, next_event, way_through
from tests.packages.lms import SCORM12, Call, Edition, Lms

pytestmark = BOTH

SECRET = "a sentence that only I wrote, Zürich 4711"


def names(calls: list[Call]) -> list[str]:
    return [c.name for c in calls]


def test_a_launch_asks_little(launch: Open, module: Module, edition: Edition) -> None:
    first = launch()
    launch_calls = first.calls
    first.walk(module, way_through(module)[:5])
    again = launch().calls
    for calls in (launch_calls, again):
        assert names(calls)[0] == "initialize"
        assert names(calls).count("get") <= 8
        assert names(calls).count("set") <= 3
        assert names(calls).count("commit") == 1
        assert "error" not in names(calls)
        assert Call("set", (edition.exit, "suspend"), "true") in calls


def test_an_act_is_two_sets_and_one_commit_and_asks_nothing(launch: Open, module: Module, edition: Edition) -> None:
    sitting, progress = launch(), Progress(module)
    for event in way_through(module):
        before = len(sitting.calls)
        sitting.do(progress, event)
        progress = after(progress, event)
        extra = 1 if progress.complete else 0  # the status, at the act that completes
        expected = ["set"] * (2 + extra) + ["commit"]
        assert names(sitting.calls[before:]) == expected, event
    told = {edition.status, edition.exit, edition.time}
    assert {c.values[0] for c in sitting.calls if c.values[0]} <= edition.asked | told
    assert {c.result for c in sitting.calls if c.name != "get"} == {"true"}


def seconds_in(time: str) -> int:
    """A session time as SCORM 1.2 writes it (CMITimespan) or as SCORM 2004 does (an ISO 8601 duration)."""
    if found := re.fullmatch(r"(\d{2,4}):([0-5]\d):([0-5]\d)", time):
        return sum(int(n) * size for n, size in zip(found.groups(), (3600, 60, 1), strict=True))
    found = re.fullmatch(r"PT(\d+)S", time)
    assert found, time
    return int(found[1])


def test_the_time_spent_is_told_as_scorm_writes_it(
    launch: Open, new_device: NewDevice, module: Module, edition: Edition
) -> None:
    device = new_device()
    device.clock.install()
    sitting = launch(on=device)
    told, spent = [], (59, 3_541, 99 * 3_600)
    for event, seconds in zip(way_through(module), spent, strict=False):
        device.clock.fast_forward(seconds * 1000)
        sitting.do(replay(module, []), event)
        told.append(next(c.values[1] for c in reversed(sitting.calls) if c.values[0] == edition.time))
    assert all(":" in time for time in told) == (edition == SCORM12)
    due = [sum(spent[: n + 1]) for n in range(3)]
    assert [0 <= seconds_in(time) - wanted < 60 for time, wanted in zip(told, due, strict=True)] == [True] * 3


def _longest_way(module: Module) -> list[Event]:
    """Every role rated, every page turned, and the longest path looked at again from every decision."""
    events = way_through(module, longest_choices(module))
    for role in ROLES:
        statements = module.self_assessment.statements(role)
        events.append(Opened(part="self-assessment"))
        events.append(Rated(role=role, ratings={s.id: list(RATINGS)[-1] for s in statements}))
    for _ in range(4):
        events.append(open_part(replay(module, events), "debrief"))
        progress = replay(module, events)
        events.append(go_back(progress, next(i for i, step in enumerate(progress.path) if step.is_decision)))
        wanted = iter(longest_choices(module)[len(replay(module, events).choices) :])
        while not replay(module, events).step.is_ending:
            events.append(next_event(replay(module, events), wanted))
    return events


def test_the_state_stays_small_on_the_longest_way(lms: Lms, launch: Open, library: Library) -> None:
    module = max(library.modules, key=lambda m: len(longest_choices(m)))
    sitting, progress = launch(module), Progress(module)
    for event in _longest_way(module):
        if isinstance(event, Opened) and sitting.section.locator(f'form[data-target="{event.part}"]').count() == 0:
            sitting.turn_to(event.part)
            if event.part == "self-assessment":
                progress = after(progress, event)
            continue
        sitting.do(progress, event)
        progress = after(progress, event)
    sent = [c.values[1] for c in sitting.calls if c.values[0] == "cmi.suspend_data" and len(c.values) > 1]
    print("suspend_data", max(map(len, sent)), sent[-1])
    assert len(sent[-1].split("|")[5].split(",")) >= 2  # the newest earlier paths are there
    assert sent[-1].count(":") == len(ROLES)
    assert max(map(len, sent)) <= LONGEST


def test_what_a_learner_writes_stays_on_the_screen(lms: Lms, launch: Open, module: Module) -> None:
    sitting, progress = launch(), Progress(module)
    for event in way_through(module):
        fields = sitting.section.locator("textarea, input[type=text]")
        for n in range(fields.count()):
            fields.nth(n).fill(SECRET)
        sitting.do(progress, event)
        progress = after(progress, event)
    written = sitting.frame.locator("main textarea, main input[type=text]")
    assert [written.nth(n).input_value() for n in range(written.count())] == [SECRET] * written.count()
    assert written.count() > len(module.about.reflection.questions)  # the exercise too
    kept = sitting.frame.evaluate(
        "JSON.stringify([{...localStorage}, {...sessionStorage}, location.href, document.cookie])"
    )
    sitting.leave()
    everything = [kept, str(sitting.launch.calls), str(lms.requests), str(lms.records)]
    for part in ("only I wrote", "4711"):
        assert [part in text for text in everything] == [False] * 4


def test_what_a_learner_writes_is_not_kept_when_the_lms_is_silent(lms: Lms, launch: Open, module: Module) -> None:
    events = way_through(module)
    sitting = launch()
    progress = sitting.walk(module, events[:-1])
    lms.session_gone = True
    sitting.section.locator("textarea").first.fill(SECRET)
    sitting.do(progress, events[-1])
    kept = sitting.frame.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}])")
    assert "learning-into-practice" in kept
    assert "only I wrote" not in kept


def test_what_a_learner_wrote_can_be_kept_as_a_file_of_their_own(launch: Open, module: Module) -> None:
    sitting = launch()
    sitting.walk(module, way_through(module)[:-1])
    sitting.section.locator("textarea").first.fill(SECRET)
    with sitting.page.expect_download() as download:
        sitting.section.get_by_role("button", name="Keep what I wrote as a file").click()
    assert download.value.suggested_filename == "reflection.txt"
    text = download.value.path().read_text(encoding="utf-8")
    assert SECRET in text
    assert module.about.reflection.questions[0] in text


def test_a_decision_is_sent_as_short_codes_alone(lms: Lms, launch: Open, module: Module) -> None:
    sitting = launch()
    events = way_through(module)
    sitting.walk(module, events[: 1 + next(i for i, e in enumerate(events) if isinstance(e, Chose))])
    state = lms.suspend_data("ada-7", module.id)
    assert state.isascii()
    assert len(state) < 60

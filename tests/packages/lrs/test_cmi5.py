"""cmi5 packages, launched by an LMS that holds each session to the specification. Ids are those of its requirements."""

import re
from urllib.parse import urlsplit

import pytest

from course.catalogue.events import Chose
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import after, replay
from course.statements.profile import CMI5_CATEGORY, CMI5_MOVE_ON, Profile
from tests.packages.conftest import NewDevice, share_of
from tests.packages.learner import longest_choices, place, wait_until, way_through
from tests.packages.lms import Lms
from tests.packages.lrs.cmi5_lms import Cmi5Lms, categories
from tests.packages.lrs.opening import CHOICES, Launch, acts, begun, completed, leave, recorded, wait_to_see

DURATION = re.compile(r"PT\d+S")


def test_9_3_0_0_4_and_5_a_session_begins_with_initialized_and_ends_with_terminated(
    cmi5: Cmi5Lms, launch: Launch, module: Module
) -> None:
    sitting, session = launch()
    begun(session)
    sitting.walk(module, way_through(module)[:3])
    recorded(cmi5, session, 3)
    leave(sitting, session)
    assert session.verbs == ["initialized", "terminated"]
    assert DURATION.fullmatch(session.told("terminated")["result"]["duration"])


def test_a_session_opens_in_the_order_of_the_specification(cmi5: Cmi5Lms, launch: Launch) -> None:
    """8.2 the token, 10 launch data, 11 preferences; then the place, and initialized."""
    begun(launch()[1])
    asked = [(r.method, r.query.get("stateId", "") or r.path) for r in cmi5.lrs.requests]
    assert asked == [
        ("POST", "fetch"),
        ("GET", "LMS.LaunchData"),
        ("GET", "agents/profile"),
        ("GET", "learning-into-practice"),
        ("POST", "statements"),
    ]


def test_an_act_is_one_request(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    sitting, session = launch()
    begun(session)
    asked = len(cmi5.lrs.requests)
    for number, event in enumerate(events := way_through(module)[:5]):
        sitting.do(replay(module, events[:number]), event)
        recorded(cmi5, session, number + 1)
    assert [(r.method, r.path) for r in cmi5.lrs.requests[asked:]] == [("PUT", "activities/state")] * 5


def test_9_3_3_0_1_completed_is_told_when_the_rule_is_met_and_not_before(
    cmi5: Cmi5Lms, launch: Launch, module: Module
) -> None:
    sitting, session = launch()
    events = way_through(module)
    sitting.walk(module, events[:-1])
    recorded(cmi5, session, len(events) - 1)
    assert "completed" not in session.verbs
    sitting.walk(module, events[-1:], since=events[:-1])
    completed(cmi5, session)
    leave(sitting, session)
    assert session.verbs == ["initialized", "rated", "completed", "terminated"]
    done = session.told("completed")
    assert done["result"].keys() == {"completion", "duration"}
    assert done["object"]["id"] == session.activity
    assert {CMI5_CATEGORY, CMI5_MOVE_ON} < set(categories(done))
    assert sitting.notice == ""


def test_9_3_3_0_2_completed_is_not_told_in_a_later_session(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    sitting, session = launch()
    sitting.walk(module, way_through(module))
    completed(cmi5, session)
    leave(sitting, session)
    again, later = launch()
    wait_to_see(again, "done")
    again.frame.get_by_role("link", name="Go back to a decision").click()
    leave(again, later)
    assert later.verbs == ["initialized", "terminated"]


@pytest.mark.parametrize("mode", ["Browse", "Review"])
def test_10_2_2_0_8_to_11_browse_and_review_tell_nothing_but_beginning_and_end(
    cmi5: Cmi5Lms, launch: Launch, module: Module, mode: str
) -> None:
    events = way_through(module)
    first, session = launch()
    first.walk(module, events[:3])
    recorded(cmi5, session, 3)
    leave(first, session)
    before = cmi5.place_of(session)
    sitting, watched = launch(mode=mode, options=CHOICES)
    wait_to_see(sitting, place(replay(module, events[:3])))
    sitting.walk(module, events[3:], since=events[:3])
    assert sitting.seen == "done"
    leave(sitting, watched)
    assert watched.verbs == ["initialized", "terminated"]
    assert cmi5.place_of(session) == before


def test_10_2_6_0_1_leave_tells_the_end_and_goes_where_the_lms_wants_its_learner(
    cmi5: Cmi5Lms, launch: Launch, module: Module
) -> None:
    sitting, session = launch()
    begun(session)
    sitting.walk(module, way_through(module)[:2])
    sitting.frame.get_by_role("link", name="Leave", exact=True).click()
    sitting.page.wait_for_url("**/back")
    assert session.verbs == ["initialized", "terminated"]
    assert acts(cmi5, session) == 2


def test_without_an_address_to_return_to_there_is_no_leave(launch: Launch) -> None:
    sitting, session = launch(returns=False)
    begun(session)
    assert not sitting.frame.get_by_role("link", name="Leave", exact=True).is_visible()


@pytest.mark.parametrize("address", ["javascript:alert(1)", "data:text/html,x"])
def test_an_address_that_is_none_of_the_web_is_not_followed(launch: Launch, address: str) -> None:
    sitting, session = launch(returns=False, returnURL=address)
    begun(session)
    assert not sitting.frame.get_by_role("link", name="Leave", exact=True).is_visible()


def test_choices_are_told_only_where_that_was_chosen(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    events, profile = way_through(module), Profile()
    plain, session = launch(learner="ben-8")
    plain.walk(module, events)
    completed(cmi5, session)
    assert session.verbs == ["initialized", "rated", "completed"]
    sitting, telling = launch(options=CHOICES)
    sitting.walk(module, events)
    completed(cmi5, telling)
    chosen = [s for s in telling.statements if s["verb"]["id"].endswith("answered")]
    made = [e.choice for e in events if isinstance(e, Chose)]
    assert [s["result"] for s in chosen] == [{"response": choice} for choice in made]
    assert all(s["object"]["id"].startswith(profile.module(module.id) + "/decisions/") for s in chosen)
    assert all(
        s["context"]["contextActivities"]["parent"] == [{"objectType": "Activity", "id": telling.activity}]
        for s in chosen
    )


def test_a_self_assessment_is_told_in_counts(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    sitting, session = launch()
    sitting.walk(module, way_through(module))
    wait_until(lambda: "rated" in session.verbs)
    rated, profile = session.told("rated"), Profile()
    counts = rated["result"]["extensions"][profile.ratings]["practitioner"]
    assert sum(counts.values()) == len(module.self_assessment.statements("practitioner"))
    assert rated["object"]["id"] == profile.self_assessment(module.id)


def test_9_5_4_1_2_completed_has_the_time_of_all_sittings_and_terminated_of_its_own(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice, module: Module
) -> None:
    events = way_through(module)
    for part, since, minutes in ((events[:4], [], 20), (events[4:], events[:4], 10)):
        device = new_device()
        device.clock.install()
        sitting, session = launch(on=device)
        wait_to_see(sitting, place(replay(module, since)))
        begun(session)
        device.clock.fast_forward(minutes * 60_000)
        sitting.walk(module, part, since=since)
        recorded(cmi5, session, len(since) + len(part))
        if since:
            completed(cmi5, session)
        leave(sitting, session)
    spent = session.told("completed")["result"]["duration"], session.told("terminated")["result"]["duration"]
    assert [int(s[2:-1]) // 60 for s in spent] == [30, 10]


def test_a_mastery_score_changes_nothing(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    sitting, session = launch(masteryScore=0.9)
    sitting.walk(module, way_through(module))
    completed(cmi5, session)
    assert session.verbs == ["initialized", "rated", "completed"]


def test_another_device_carries_on_where_a_killed_window_was(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    sitting, session = launch()
    progress = replay(module, [])
    for number, event in enumerate(way_through(module)):
        sitting.do(progress, event)
        progress = after(progress, event)
        recorded(cmi5, session, number + 1)
        if number % 3 == 2:
            sitting.page.context.close()
            sitting, session = launch()
            wait_to_see(sitting, place(progress))
    completed(cmi5, session)
    assert [s.verbs.count("completed") for s in cmi5.sessions].count(1) == 1


@pytest.mark.parametrize("how", ["script", "F5"])
def test_8_2_3_0_1_a_reload_goes_on_with_the_session_and_asks_for_no_second_token(
    cmi5: Cmi5Lms, launch: Launch, module: Module, how: str
) -> None:
    events = way_through(module)
    sitting, session = launch()
    progress = sitting.walk(module, events[:4])
    recorded(cmi5, session, 4)
    if how == "F5":
        sitting.page.keyboard.press("F5")  # the key alone: a browser without a window does nothing at it
        sitting.page.reload()
    else:
        sitting.frame.evaluate("location.reload()")
    wait_to_see(sitting, place(progress))
    sitting.walk(module, events[4:], since=events[:4])
    completed(cmi5, session)
    leave(sitting, session)
    assert session.fetched == 1
    assert session.verbs == ["initialized", "rated", "completed", "terminated"]


def test_a_reload_that_could_not_be_seen_coming_has_ended_the_session_and_says_what_to_do(
    cmi5: Cmi5Lms, launch: Launch, module: Module
) -> None:
    sitting, session = launch()
    sitting.walk(module, way_through(module)[:4])
    recorded(cmi5, session, 4)
    sitting.page.reload()
    sitting.frame.get_by_text("close this window and open the module again").wait_for()
    assert session.fetched == 1
    assert session.verbs == ["initialized", "terminated"]


def test_no_word_that_a_learner_writes_is_in_any_request(cmi5: Cmi5Lms, launch: Launch, module: Module) -> None:
    planted = "The planted sentence about Mrs Quibble"
    sitting, session = launch(options=CHOICES)
    asked = list[str]()
    sitting.page.on("request", lambda request: asked.append(request.url))
    progress = replay(module, [])
    for event in way_through(module):
        for field in sitting.section.locator("textarea, input[type=text]").all():
            field.fill(planted)
        sitting.do(progress, event)
        progress = after(progress, event)
    completed(cmi5, session)
    assert "Quibble" not in str(sitting.frame.evaluate("[{...localStorage}, {...sessionStorage}]"))
    leave(sitting, session)
    assert b"Quibble" not in cmi5.lrs.traffic()
    assert b"completed" in cmi5.lrs.traffic()
    assert not [url for url in asked if "Quibble" in url]


def test_nothing_is_asked_of_any_other_address(
    cmi5: Cmi5Lms, lms: Lms, launch: Launch, new_device: NewDevice, module: Module
) -> None:
    device, asked = new_device(), set[str]()
    device.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    sitting, session = launch(on=device)
    sitting.walk(module, way_through(module))
    completed(cmi5, session)
    assert asked - {""} == {urlsplit(lms.address).netloc, urlsplit(cmi5.lrs.address).netloc}


def test_it_runs_under_a_policy_that_lets_it_reach_nothing_but_its_own_files_and_the_lrs(
    cmi5: Cmi5Lms, lms: Lms, launch: Launch, module: Module
) -> None:
    policy = f"default-src 'self'; img-src 'self' data:; connect-src {cmi5.lrs.address}; report-uri /csp"
    lms.headers["Content-Security-Policy"] = policy
    sitting, session = launch()
    sitting.walk(module, way_through(module))
    completed(cmi5, session)
    assert lms.csp_reports == []


def test_real_modules_complete_on_their_longest_path(
    cmi5: Cmi5Lms, launch: Launch, new_device: NewDevice, library: Library
) -> None:
    device = new_device()
    for module in share_of(library, "cmi5"):
        sitting, session = launch(module, on=device, options=CHOICES)
        sitting.walk(module, way_through(module, longest_choices(module)))
        completed(cmi5, session)
        sitting.page.close()

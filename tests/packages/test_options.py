"""What an administrator can ask for beside the plain package, within what each edition allows."""

import re

import pytest

from course.catalogue.events import Chose
from course.catalogue.model import Module
from scorm_export.options import Options
from tests.packages.conftest import BOTH, Open
from tests.packages.learner import way_through
from tests.packages.lms import SCORM12, Call, Edition, Lms, Trouble
from tests.packages.test_journeys import statuses

pytestmark = BOTH
TOLD = Options(interactions=True)


def told(calls: list[Call], part: str) -> list[tuple[str, str]]:
    """Element and value of everything that was set under `part`."""
    return [(c.values[0], c.values[1]) for c in calls if c.name == "set" and c.values[0].startswith(part)]


def test_each_choice_is_reported_by_its_id_where_that_is_asked_for(
    lms: Lms, launch: Open, module: Module, edition: Edition
) -> None:
    sitting = launch(options=TOLD)
    asked = [c.values[0] for c in sitting.calls if c.name == "get"]
    assert asked.count("cmi.interactions._count") == 1 and len(asked) <= 8
    events = way_through(module)
    sitting.walk(module, events)
    calls = [c for c in sitting.calls if c.values[0].startswith("cmi.interactions") and c.name == "set"]
    assert {c.result for c in calls} == {"true"}
    values = dict(told(calls, "cmi.interactions"))
    made = [e.choice for e in events if isinstance(e, Chose)]
    ids = [values[f"cmi.interactions.{n}.id"] for n in range(len(made))]
    assert len(set(ids)) == len(made)
    assert [i for i in ids if not re.fullmatch(r"[0-9A-Za-z-]{1,250}", i)] == []
    element = "student_response" if edition == SCORM12 else "learner_response"
    answers = [values[f"cmi.interactions.{n}.{element}"] for n in range(len(made))]
    if edition == SCORM12:
        assert [a for a in answers if not re.fullmatch(r"[0-9a-z]", a)] == []
    else:
        assert answers == made
    assert {values[f"cmi.interactions.{n}.result"] for n in range(len(made))} == {"neutral"}


def test_in_a_later_sitting_the_numbers_go_on(launch: Open, module: Module) -> None:
    events = way_through(module)
    first = next(i for i, e in enumerate(events) if isinstance(e, Chose))
    launch(options=TOLD).walk(module, events[: first + 2])
    again = launch(options=TOLD)
    again.walk(module, events[first + 2 : first + 3], since=events[: first + 2])
    ids = [value for element, value in told(again.calls, "cmi.interactions") if element.endswith(".id")]
    assert ids and ids[0].startswith("2-")


def test_interactions_that_are_refused_stop_nothing(lms: Lms, launch: Open, module: Module) -> None:
    sitting = launch(options=TOLD, trouble=Trouble(interactions=True))
    sitting.walk(module, way_through(module))
    assert (sitting.seen, sitting.notice) == ("done", "")
    assert lms.status("ada-7", module.id) == "completed"


def test_passed_is_said_with_the_completion_and_never_before(
    lms: Lms, launch: Open, module: Module, edition: Edition
) -> None:
    sitting, events = launch(options=Options(passed=True)), way_through(module)
    progress = sitting.walk(module, events[:-1])
    assert "passed" not in str(sitting.calls)
    sitting.do(progress, events[-1])
    if edition == SCORM12:
        assert statuses(sitting.calls) == ["incomplete", "passed"]
    else:
        assert statuses(sitting.calls) == ["incomplete", "completed"]
        assert told(sitting.calls, "cmi.success_status") == [("cmi.success_status", "passed")]
    sitting.leave()
    again = launch(options=Options(passed=True))
    assert statuses(again.calls) == []


def test_a_score_is_sent_whole_and_only_with_the_final_status(
    lms: Lms, launch: Open, module: Module, edition: Edition
) -> None:
    sitting, events = launch(options=Options(score=True)), way_through(module)
    progress = sitting.walk(module, events[:-1])
    assert "score" not in str(sitting.calls)
    sitting.do(progress, events[-1])
    prefix = "cmi.core.score." if edition == SCORM12 else "cmi.score."
    expected = {f"{prefix}raw": "100", f"{prefix}min": "0", f"{prefix}max": "100"}
    expected |= {} if edition == SCORM12 else {"cmi.score.scaled": "1"}
    assert dict(told(sitting.calls, prefix)) == expected
    assert {c.result for c in sitting.calls if c.name == "set"} == {"true"}
    assert lms.status("ada-7", module.id) == "completed"


@pytest.mark.parametrize("options", [Options(), Options(passed=True), Options(score=True), TOLD])
def test_opening_and_closing_says_no_more_than_incomplete(
    lms: Lms, launch: Open, module: Module, options: Options
) -> None:
    for _ in range(2):
        sitting = launch(options=options)
        sitting.leave()
        assert not {"completed", "passed", "100"} & {v for c in sitting.calls if c.name == "set" for v in c.values}
    assert lms.status("ada-7", module.id) == "incomplete"

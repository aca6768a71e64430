"""xAPI packages with the launch of tincan.xml: the LRS and its key come with the address."""

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import after, replay
from course.statements.profile import STATE_ID, VERBS, Profile
from scorm_export.options import Options
from scorm_export.package import PLAIN, Packer
from scorm_export.standards import find_standard
from tests.lrs import Lrs
from tests.packages.conftest import NewDevice, share_of, unzipped
from tests.packages.learner import Sitting, place, wait_until, way_through
from tests.packages.lms import Lms
from tests.packages.lrs.opening import CHOICES, open_at, wait_to_read, wait_to_see
from tests.packages.test_trouble import AGAIN, NOT_ANSWERING

Open = Callable[..., Sitting]
NAMES = {verb.id: name for name, verb in VERBS.items()}
ACCOUNT = {"homePage": "https://lms.example.org", "name": "ada-7"}
ACTOR = {"objectType": "Agent", "name": "Bell, Ada", "account": ACCOUNT}
REGISTRATION = str(uuid4())


@pytest.fixture
def launch(lms: Lms, lrs: Lrs, packers: dict[str, Packer], module: Module, new_device: NewDevice) -> Open:
    """Opens a module's xAPI package as Tin Can's launch does; what is given as None is left out of the address."""

    def launch(
        of: Module = module, *, on: BrowserContext | None = None, options: Options = PLAIN, **given: str | None
    ) -> Sitting:
        lms.upload(of.id, unzipped(packers[of.id].package([of], find_standard("xapi"), options)))
        asked = {
            "endpoint": lrs.address,
            "auth": min(lrs.keys),
            "actor": json.dumps(ACTOR),
            "registration": REGISTRATION,
            "activity_id": Profile().module(of.id),
            **given,
        }
        query = urlencode({name: value for name, value in asked.items() if value is not None})
        return open_at(on or new_device(), f"{lms.address}/content/{of.id}/index.html?{query}")

    return launch


def verbs(lrs: Lrs) -> list[str]:
    return [NAMES[s["verb"]["id"]] for s in lrs.statements.values()]


def kept_place(lrs: Lrs) -> dict[str, Any]:
    return next((d.json for key, d in lrs.states.items() if key[-1] == STATE_ID), {})


def acts(lrs: Lrs) -> int:
    return int((kept_place(lrs).get("state") or "|0").split("|")[1])


def completed(lrs: Lrs) -> None:
    wait_until(lambda: bool(kept_place(lrs).get("sent")))


def test_a_whole_sitting_is_told_in_order_and_by_the_profile(lrs: Lrs, launch: Open, module: Module) -> None:
    sitting, profile = launch(options=CHOICES), Profile()
    sitting.walk(module, way_through(module))
    completed(lrs)
    sitting.leave()
    wait_until(lambda: verbs(lrs)[-1] == "terminated")
    told = [v for v in verbs(lrs) if v != "answered"]
    assert told == ["initialized", "rated", "completed", "terminated"]
    assert "answered" in verbs(lrs)
    for statement in lrs.statements.values():
        assert statement["actor"] == ACTOR
        assert statement["object"]["id"].startswith(profile.module(module.id))
        context = statement["context"]
        assert context["registration"] == REGISTRATION
        assert context["extensions"] == {profile.version: module.version}
        assert context["contextActivities"]["grouping"] == [{"objectType": "Activity", "id": profile.course}]
        assert "category" not in context["contextActivities"]
    done = next(s for s in lrs.statements.values() if NAMES[s["verb"]["id"]] == "completed")
    assert done["result"].keys() == {"completion", "duration"}


def test_another_device_carries_on_and_completes_once(lrs: Lrs, launch: Open, module: Module) -> None:
    events = way_through(module)
    sitting = launch()
    progress = sitting.walk(module, events[:5])
    wait_until(lambda: acts(lrs) == 5)
    sitting.page.context.close()
    again = launch()
    wait_to_see(again, place(progress))
    again.walk(module, events[5:], since=events[:5])
    completed(lrs)
    third = launch()
    wait_to_see(third, "done")
    third.leave()
    wait_until(lambda: verbs(lrs)[-1] == "terminated")
    assert verbs(lrs).count("completed") == 1


def test_a_reload_is_another_sitting(lrs: Lrs, launch: Open, module: Module) -> None:
    sitting = launch()
    progress = sitting.walk(module, way_through(module)[:3])
    wait_until(lambda: acts(lrs) == 3)
    sitting.page.reload()
    wait_to_see(sitting, place(progress))
    wait_until(lambda: verbs(lrs) == ["initialized", "terminated", "initialized"])


@pytest.mark.parametrize(
    "actor",
    [
        {"name": ["Ada"], "mbox": ["mailto:ada@example.org"]},
        {"account": [{"accountServiceHomePage": "https://lms.example.org", "accountName": "ada-7"}]},
        {"mbox": "mailto:ada@example.org"},
    ],
)
def test_an_actor_as_older_lmss_write_it_is_understood(lrs: Lrs, launch: Open, actor: dict[str, Any]) -> None:
    launch(actor=json.dumps(actor))
    wait_until(lambda: verbs(lrs) == ["initialized"])
    [told] = lrs.statements.values()
    assert told["actor"].get("account") == ACCOUNT or told["actor"]["mbox"] == "mailto:ada@example.org"


def test_without_a_registration_it_is_recorded_all_the_same(lrs: Lrs, launch: Open, module: Module) -> None:
    sitting = launch(registration=None)
    sitting.walk(module, way_through(module))
    completed(lrs)
    assert verbs(lrs) == ["initialized", "rated", "completed"]
    assert all("registration" not in s["context"] for s in lrs.statements.values())


@pytest.mark.parametrize("missing", ["endpoint", "actor", "activity_id"])
def test_a_launch_that_lacks_something_says_so_and_can_be_read(launch: Open, module: Module, missing: str) -> None:
    sitting = launch(**{missing: None})
    wait_to_read(sitting, "cannot be recorded")
    sitting.walk(module, way_through(module))
    assert sitting.seen == "done"


def test_a_key_that_does_not_fit_is_told_of(lrs: Lrs, launch: Open, module: Module) -> None:
    sitting = launch(auth="Basic bm86bm8=")
    wait_to_read(sitting, "cannot be recorded")
    sitting.walk(module, way_through(module)[:2])
    assert not lrs.statements and not lrs.states


def test_a_place_that_is_not_taken_is_kept_and_sent(lrs: Lrs, launch: Open, module: Module) -> None:
    sitting, events = launch(), way_through(module)
    wait_until(lambda: bool(lrs.statements))
    lrs.trouble.answer(503, at="activities/state")
    sitting.walk(module, events[:1])
    wait_to_read(sitting, NOT_ANSWERING)
    sitting.walk(module, events[1:2], since=events[:1])
    wait_to_read(sitting, AGAIN)
    assert acts(lrs) == 2


def test_no_word_that_a_learner_writes_is_in_any_request(
    lrs: Lrs, lms: Lms, launch: Open, new_device: NewDevice, module: Module
) -> None:
    device, asked = new_device(), set[str]()
    device.on("request", lambda request: asked.add(urlsplit(request.url).netloc))
    sitting, progress = launch(on=device, options=CHOICES), replay(module, [])
    for event in way_through(module):
        for field in sitting.section.locator("textarea, input[type=text]").all():
            field.fill("The planted sentence about Mrs Quibble")
        sitting.do(progress, event)
        progress = after(progress, event)
    completed(lrs)
    sitting.leave()
    wait_until(lambda: verbs(lrs)[-1] == "terminated")
    assert b"Quibble" not in lrs.traffic()
    assert asked - {""} == {urlsplit(lms.address).netloc, urlsplit(lrs.address).netloc}


def test_it_plays_and_tells_from_a_folder(
    tmp_path: Any, lrs: Lrs, packers: dict[str, Packer], new_device: NewDevice, module: Module
) -> None:
    """From file://, where a page is of no origin."""
    for name, content in unzipped(packers[module.id].package([module], find_standard("xapi"))).items():
        (tmp_path / name).write_bytes(content)
    asked = {
        "endpoint": lrs.address,
        "auth": min(lrs.keys),
        "actor": json.dumps(ACTOR),
        "activity_id": "https://a.example/m",
    }
    sitting = open_at(new_device(), f"{(tmp_path / 'index.html').as_uri()}?{urlencode(asked)}")
    sitting.walk(module, way_through(module))
    completed(lrs)
    assert verbs(lrs) == ["initialized", "rated", "completed"]


def test_real_modules_complete(lrs: Lrs, launch: Open, new_device: NewDevice, library: Library) -> None:
    device = new_device()
    for module in share_of(library, "xapi"):
        sitting = launch(module, on=device, registration=str(uuid4()))
        sitting.walk(module, way_through(module))
        wait_until(
            lambda m=module: any(
                s["object"]["id"] == Profile().module(m.id) and NAMES[s["verb"]["id"]] == "completed"
                for s in lrs.statements.values()
            )
        )
        sitting.page.close()

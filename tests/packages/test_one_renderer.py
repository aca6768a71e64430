"""One renderer: a learner's step is the same HTML in the web app and in a package, but for addresses."""

import itertools
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from lxml import html

from course.catalogue.events import Chose, Event, Opened, Rated, WentBack
from course.catalogue.library import Library, load
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import Progress, after, go_back
from course.learning import people
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.tables import Agency, Team
from course.lesson.delivery import Delivery
from course.lesson.render import Renderer
from course.web import security
from course.web.app import create_app
from course.web.config import Config
from course.web.delivery import WebDelivery
from scorm_export.delivery import PackageDelivery
from scorm_export.document import sections
from scorm_export.package import package
from scorm_export.standards import find_standard
from tests.factories import SCENARIO, write_content
from tests.packages.conftest import NewDevice, Open, unzipped
from tests.packages.learner import ROLE, Sitting, longest_choices, next_event, place, sit_down
from tests.packages.lms import Lms
from tests.packages.same import without_addresses, without_keeping
from tests.web.visitor import Visitor

PASSWORD = "a long enough password"


@pytest.fixture
def app(library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The web app over the course's own modules."""
    monkeypatch.setattr(people, "HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    config = Config(instance=tmp_path, database_url=f"sqlite:///{tmp_path / 'course.sqlite'}", secret_key="for tests")
    engine = open_engine(config.database_url)
    upgrade(engine)
    with new_sessions(engine)() as session:
        team = Team(name="Health visiting", agency=Agency(name="Health"))
        people.add_person(
            session, name="Ada", email="ada@example.org", password=PASSWORD, role=ROLE, access="learner", team=team
        )
    engine.dispose()
    app = create_app(config)
    app.extensions["library"] = library
    yield app
    security.limiter.reset()
    app.extensions["sessions"].kw["bind"].dispose()


@pytest.fixture
def visitor(app: Flask) -> Visitor:
    visitor = Visitor(app)
    visitor.sign_in("ada@example.org", PASSWORD)
    return visitor


def every_step(library: Library, module: Module, delivery: Delivery) -> list[str]:
    """Every section that can be met, with each way of arriving at a step, and each of having left it."""
    renderer, story = Renderer(library, module, delivery), module.story
    found = [*sections(renderer), *(renderer.consequence(choice) for choice in story.choices.values())]
    for step in story.steps.values():
        for choice in step.choices:
            onward = story.steps[step.leads[choice.id]]
            found += [
                renderer.step(onward, decided=3, taken=[choice]),
                renderer.step(step, decided=2, chosen=choice.id),
            ]
    for role in ROLES:
        ids = [statement.id for statement in module.self_assessment.statements(role)]
        found.append(renderer.self_assessment(role, ratings={ids[0]: "partly"}, missing=ids[1:]))
    return [str(section) for section in found]


def test_every_step_is_the_same_but_for_addresses_and_hidden_fields(app: Flask, library: Library) -> None:
    for module in library.modules:
        with app.test_request_context():
            web = every_step(library, module, WebDelivery(module))
        packaged = every_step(library, module, PackageDelivery(module))
        assert len(web) == len(packaged) > 30
        different = 0
        for one, other in zip(web, packaged, strict=True):
            if 'id="reflection"' in one:
                one, other = without_keeping(one), without_keeping(other)
            assert without_addresses(one) == without_addresses(other)
            different += one != other
        assert different > 20  # the addresses do differ: two deliveries were compared


def do_on_the_web(visitor: Visitor, progress: Progress, event: Event) -> None:
    """Send the form that stands for `event` on the page where the learner is."""
    match event:
        case Opened(part=part):
            act, target = "open", str(part)
        case Chose(choice=choice):
            act, target = "choose", choice
        case WentBack(kept=kept):
            act, target = "go-back", progress.choices[kept]
        case Rated(role=role):
            act, target = "rate", role
        case _:
            act, target = {"vignette-read": "read", "reflected": "reflect"}[event.kind], ""
    wanted = f"//form[@data-act='{act}']" + (f"[@data-target='{target}']" if target else "")
    [form] = visitor.page.xpath(wanted)
    ratings: dict[str, Any] = dict(event.ratings) if isinstance(event, Rated) else {}
    visitor.post(form, **ratings)


def on_the_web(visitor: Visitor) -> str:
    [section] = visitor.page.xpath("//main//section[contains(@class, 'lesson-step')]")
    return str(html.tostring(section, encoding="unicode", with_tail=False))


def two_looks(module: Module) -> Iterator[tuple[Progress, Event]]:
    """A whole journey with a second look from the last decision before it goes on."""
    progress, choices = Progress(module), iter(longest_choices(module))
    looked = False
    while not progress.complete:
        if progress.place == "debrief" and not looked:
            looked, last = True, max(i for i, step in enumerate(progress.path) if step.is_decision)
            event: Event = go_back(progress, last)
            choices = reversed(progress.path[last].leads)
        elif progress.place == "scenario" and not progress.step.is_ending and looked:
            event = next_event(progress, iter([list(progress.step.leads)[-1]]))
        else:
            event = next_event(progress, choices)
        yield progress, event
        progress = after(progress, event)


def compare(visitor: Visitor, sitting: Sitting, at: str) -> None:
    web, packaged = on_the_web(visitor), sitting.html
    if sitting.seen == "reflection":
        web, packaged = without_keeping(web), without_keeping(packaged)
    if sitting.seen == "done":  # a package is told no date
        [completed] = html.fragment_fromstring(web).xpath("//p[starts-with(., 'Completed on ')]")
        web = web.replace(html.tostring(completed, encoding="unicode", with_tail=False), "")
    assert without_addresses(web) == without_addresses(packaged), at


def journey_of_both(visitor: Visitor, sitting: Sitting, module: Module) -> list[Any]:
    """Walk both in step, and hold what is seen equal at each."""
    seen = []
    visitor.get(f"/modules/{module.folder}/")
    for progress, event in two_looks(module):
        if progress.place == "self-assessment":
            visitor.get(f"/modules/{module.folder}/self-assessment")
            compare(visitor, sitting, "the roles")
            sitting.turn_to(f"self-assessment-{ROLE}")
            visitor.get(f"/modules/{module.folder}/self-assessment-{ROLE}")
        else:
            assert sitting.seen == place(progress)
        compare(visitor, sitting, f"before {event}")
        seen.append(sitting.seen)
        sitting.do(progress, event)
        do_on_the_web(visitor, progress, event)
    compare(visitor, sitting, "at the end")
    return seen


def test_a_journey_shows_the_same_in_both(visitor: Visitor, launch: Open, library: Library) -> None:
    for has_exercise in (True, False):
        module = next(m for m in library.modules if bool(m.rewrite) == has_exercise)
        seen = journey_of_both(visitor, launch(module), module)
        assert seen.count("debrief") == 2


def test_a_step_that_was_left_reads_the_same_in_both(visitor: Visitor, launch: Open, module: Module) -> None:
    sitting = launch()
    visitor.get(f"/modules/{module.folder}/")
    for progress, event in two_looks(module):
        if progress.place == "debrief":
            break
        sitting.do(progress, event)
        do_on_the_web(visitor, progress, event)
    for number, step in enumerate(progress.path, start=1):
        sitting.turn_to(f"step-{step.key}")
        visitor.get(f"/modules/{module.folder}/decisions/{number}")
        compare(visitor, sitting, f"looking back at {step.key}")


def test_a_choice_that_is_the_only_one_for_some_is_no_decision_for_them(
    app: Flask, visitor: Visitor, lms: Lms, new_device: NewDevice, tmp_path: Path
) -> None:
    """Where others decide and this learner only turns the page, their debrief does not ask about it."""

    def most_only_for_those_who_know(scenario: dict[str, Any]) -> None:
        choices = next(m for m in scenario["moments"] if m["id"] == "day-3-near")["choices"]
        for choice in choices[1:]:
            choice["if"] = ["told"]
        choices[0]["strong"] = True

    library = load(write_content(tmp_path, change={SCENARIO: most_only_for_those_who_know}))
    [module] = library.modules
    app.extensions["library"] = library
    lms.upload("page-turn", unzipped(package(library, [module], find_standard("scorm12"))))
    sitting = sit_down(lms, new_device(), lms.launch("ada-7", "page-turn"))
    visitor.get(f"/modules/{module.folder}/")
    progress, choices = Progress(module), iter(["day-1-near-b", "day-2-far-a", "day-3-near-a", "day-4-near-a"])
    while progress.place != "debrief":
        event = next_event(progress, itertools.chain(choices, ["day-5-near-a"]))
        compare(visitor, sitting, f"before {event}")
        sitting.do(progress, event)
        do_on_the_web(visitor, progress, event)
        progress = after(progress, event)
    compare(visitor, sitting, "the debrief")
    assert [step.is_decision for step in progress.path] == [True, True, False, True, True, False]
    assert sitting.section.locator(".debrief > li").count() == 4
    sitting.section.locator(".debrief__list a").last.evaluate("link => link.click()")
    assert sitting.frame.evaluate("document.activeElement.textContent") == "Day 5"
    assert sitting.seen == "debrief"

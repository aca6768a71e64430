"""A learner in a browser, who does in a package what an event of the catalogue says was done.

Python's replay of the same events is what the package is held against: `place` is where they must be.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, Frame, Locator, Page

from course.catalogue import progress as rules
from course.catalogue.events import (
    RATINGS,
    Chose,
    Event,
    Opened,
    Rated,
    Reflected,
    ReflectionDeclined,
    VignetteRead,
    VignetteSkipped,
    WentBack,
)
from course.catalogue.model import Module
from course.catalogue.progress import Progress, after, part_after
from course.lesson.render import step_id
from course.story.compile import code_of
from tests.packages.lms import Call, Launch, Lms

ROLE = "practitioner"
CLICK = """element => {
    if (!element.offsetHeight || element.disabled) { throw new Error("cannot be pressed: " + element.outerHTML); }
    element.click();
}"""


def place(progress: Progress) -> str:
    """The id of the section that must be seen."""
    return step_id(progress.step.key) if progress.place == "scenario" else progress.place


def next_event(progress: Progress, choices: Iterator[str] | None = None) -> Event:
    """What somebody does next on the shortest way through; `choices`, if given, are made in the story."""
    match progress.place:
        case "vignette":
            return VignetteRead()
        case "scenario" if not progress.step.is_ending:
            choice = next(choices) if choices else next(iter(progress.step.leads))
            return rules.choose(progress, progress.step.key, choice)
        case "self-assessment":
            statements = progress.module.self_assessment.statements(ROLE)
            ratings = dict(zip((s.id for s in statements), list(RATINGS) * 10, strict=False))
            return rules.rate(progress, ROLE, ratings)
        case "reflection":
            return rules.finish_reflection(progress, declined=False)
        case part:
            return rules.open_part(progress, part_after(progress.module, part))


def way_through(module: Module, choices: Iterable[str] = ()) -> list[Event]:
    """The events of somebody who completes `module`, the last of which completes it."""
    events, progress, wanted = list[Event](), Progress(module), iter(choices)
    while not progress.complete:
        events.append(next_event(progress, wanted if choices else None))
        progress = after(progress, events[-1])
    return events


def longest_choices(module: Module) -> list[str]:
    """The choices of the longest path through the story."""
    story, path = module.story, list[str]()
    best: dict[str, list[str]] = {}
    for step in story.backwards():
        best[step.key] = max(([c, *best[key]] for c, key in step.leads.items()), key=len, default=path)
    return best[story.start]


@dataclass
class Sitting:
    """A package open in a window."""

    page: Page
    """The window that the LMS opened first."""
    frame: Frame
    launch: Launch
    by_mouse: bool = False
    """Whether buttons are pressed with a real pointer, which takes long; otherwise by a click made in the page."""

    @property
    def section(self) -> Locator:
        return self.frame.locator("main > section:not([hidden])")

    @property
    def seen(self) -> str:
        """The id of the one section that is seen."""
        ids = self.frame.eval_on_selector_all("main > section", "all => all.filter(s => s.offsetHeight).map(s => s.id)")
        assert len(ids) == 1, ids
        return str(ids[0])

    @property
    def html(self) -> str:
        return str(self.frame.eval_on_selector("main > section:not([hidden])", "s => s.outerHTML"))

    @property
    def notice(self) -> str:
        """What the learner is told about the LMS."""
        return self.frame.get_by_role("status").inner_text() if self.frame.get_by_role("status").is_visible() else ""

    @property
    def calls(self) -> list[Call]:
        """Every call so far."""
        made = self.page.evaluate("window.calls ? window.calls.length : 0")
        wait_until(lambda: len(self.launch.calls) >= made)
        return self.launch.calls

    def leave(self) -> None:
        """Go elsewhere in the same window, as closing it does: the package is told that its page goes away."""
        self.frame.page.goto("about:blank")
        if any(c.name == "initialize" and c.result == "true" for c in self.launch.calls):
            wait_until(lambda: self.launch.ended and any(c.name == "terminate" for c in self.launch.calls))

    def press(self, act: str, target: str = "", code: str = "") -> None:
        wanted = f'form[data-act="{act}"]'
        wanted += f'[data-target="{target}"]' if target else ""
        wanted += f'[data-code="{code}"]' if code else ""
        # The records can be left out above and below them; every other act has one form.
        wanted = f":nth-match({wanted}, 1)" if act == "skip" else wanted
        button = self.section.locator(wanted).locator("button[type=submit]")
        if self.by_mouse:
            button.click()
        else:
            button.evaluate(CLICK)

    def do(self, progress: Progress, event: Event) -> None:
        """Do what `event` says at `progress`."""
        match event:
            case Opened(part=part):
                self.press("open", part)
            case VignetteRead():
                self.press("read")
            case VignetteSkipped():
                self.press("skip")
            case Chose(choice=choice):
                self.press("choose", code=code_of(choice))
            case WentBack(kept=kept):
                self.press("go-back", code=code_of(progress.choices[kept]))
            case Rated(role=role, ratings=ratings):
                self.rate(role, ratings)
            case Reflected():
                self.press("reflect")
            case ReflectionDeclined():
                self.press("decline")

    def turn_to(self, id_: str) -> None:
        """Follow a link to another page of the package, or the browser's own way there."""
        self.frame.evaluate("id => { location.hash = id }", id_)
        self.frame.wait_for_selector(f"#{id_}:not([hidden])")

    def rate(self, role: str, ratings: Mapping[str, str]) -> None:
        if self.seen == "self-assessment":
            self.section.locator(f'a[href="#self-assessment-{role}"]').evaluate(CLICK)
            self.frame.wait_for_selector(f"#self-assessment-{role}:not([hidden])")
        for statement, rating in ratings.items():
            self.section.locator(f'input[name="{statement}"][value="{rating}"]').evaluate("radio => radio.click()")
        self.press("rate")

    def walk(self, module: Module, events: Iterable[Event], *, since: Iterable[Event] = ()) -> Progress:
        """Do all of `events` after those that were done before; gives where Python says that this leads."""
        progress = rules.replay(module, since)
        for event in events:
            self.do(progress, event)
            progress = after(progress, event)
        return progress


def wait_until(holds: Callable[[], bool]) -> None:
    """What a window sends while it closes arrives a little later."""
    until = time.monotonic() + 10
    while not holds():
        assert time.monotonic() < until, "nothing came"
        time.sleep(0.01)


def sit_down(lms: Lms, context: BrowserContext, launch: Launch) -> Sitting:
    """Open what the LMS launches, in whichever window its content comes up."""
    page = context.new_page()
    page.goto(f"{lms.address}/launch/{launch.id}")
    content = page
    if launch.where.startswith("opener"):
        with page.expect_popup() as popup:
            page.get_by_text("Open").click()
        content = popup.value
    content.wait_for_load_state()
    frame = next(f for f in content.frames if urlsplit(f.url).path.startswith("/content/"))
    frame.wait_for_load_state()
    frame.wait_for_selector("body.is-playing:not(.is-loading)")
    return Sitting(page, frame, launch)

"""A learner in the course's one package: its map, and the modules opened from it."""

from dataclasses import dataclass

from playwright.sync_api import BrowserContext, Frame, Locator, Page

from course.catalogue.model import Module
from tests.packages.learner import Sitting, sit_down
from tests.packages.lms import Call, Edition, Launch, Lms

HEARD = """() => new Promise(done => {
    addEventListener("message", ({ data }) => data === "heard" && done());
    postMessage("heard", "*");
})"""
"""Comes back when a window has heard every message that was sent to it before: they keep their order."""


@dataclass
class Shell:
    """The course open in a window."""

    page: Page
    page_frame: Frame
    """The frame that the LMS put the shell in."""
    launch: Launch | None

    @property
    def said(self) -> str:
        return self.page_frame.locator("#so-far").inner_text()

    @property
    def notice(self) -> str:
        return self.page_frame.locator("#notice").inner_text()

    @property
    def calls(self) -> list[Call]:
        assert self.launch
        return Sitting(self.page, self.page_frame, self.launch).calls

    def status(self, module: Module) -> str:
        return self._item(module).locator(".status").inner_text()

    def enter(self, module: Module) -> Sitting:
        """Open a module from the list."""
        self._item(module).get_by_role("link").click()
        return self.inside(module)

    def inside(self, module: Module) -> Sitting:
        """The module that is open."""
        frame = self.page_frame.wait_for_selector("iframe.course-frame").content_frame()  # type: ignore[union-attr]
        assert frame
        frame.wait_for_load_state()
        frame.wait_for_selector("body.is-playing:not(.is-loading)")
        assert f"/{module.folder}.html" in frame.url
        for window in (self.page_frame, frame):  # it asks for its place by a message, and has it by another
            window.evaluate(HEARD)
        return Sitting(self.page, frame, self.launch)  # type: ignore[arg-type]

    def leave_module(self, inside: Sitting) -> None:
        inside.frame.get_by_role("link", name="All modules").click()
        self.page_frame.wait_for_selector("#home:not([hidden])")

    def leave(self) -> None:
        assert self.launch
        Sitting(self.page, self.page_frame, self.launch).leave()

    def _item(self, module: Module) -> Locator:
        return self.page_frame.locator(f'.modules__module[data-key="{module.number}="]')


def open_shell(lms: Lms, device: BrowserContext, edition: Edition, *, mode: str = "normal") -> Shell:
    """Launch the course at the LMS."""
    sitting = sit_down(lms, device, lms.launch("ada-7", "course", edition=edition, mode=mode))
    return Shell(sitting.page, sitting.frame, sitting.launch)

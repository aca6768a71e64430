"""A package that talks to an LRS, open in a window of its own."""

from playwright.sync_api import BrowserContext

from tests.packages.learner import Sitting
from tests.packages.lms import SCORM12, Launch, Trouble


def open_at(device: BrowserContext, address: str) -> Sitting:
    """Open the address that an LMS launches. What the LRS has of the learner's place arrives a little later."""
    page = device.new_page()
    page.goto(address)
    page.wait_for_selector("body.is-playing:not(.is-loading)")
    nothing = Launch(0, "", "", "none", "", SCORM12, Trouble())
    return Sitting(page, page.main_frame, nothing)


def wait_to_see(sitting: Sitting, id_: str) -> None:
    """Wait until a section is the one that is seen."""
    sitting.frame.wait_for_selector(f"main > #{id_}:not([hidden])")

"""A package that talks to an LRS, open in a window of its own. What the LRS knows arrives in it a little later."""

from collections.abc import Callable

from playwright.sync_api import BrowserContext

from scorm_export.options import Options
from tests.packages import lms
from tests.packages.learner import Sitting, wait_until
from tests.packages.lrs.cmi5_lms import Cmi5Lms, Session

Launch = Callable[..., tuple[Sitting, Session]]
CHOICES = Options(interactions=True)


def open_at(device: BrowserContext, address: str) -> Sitting:
    """Open the address that an LMS launches."""
    page = device.new_page()
    page.goto(address)
    page.wait_for_selector("body.is-playing:not(.is-loading)")
    no_api = lms.Launch(0, "", "", "none", "", lms.SCORM12, lms.Trouble())
    return Sitting(page, page.main_frame, no_api)


def wait_to_see(sitting: Sitting, id_: str) -> None:
    """Wait until a section is the one that is seen."""
    sitting.frame.wait_for_selector(f"main > #{id_}:not([hidden])")


def wait_to_read(sitting: Sitting, text: str) -> None:
    """Wait until the learner is told something."""
    sitting.frame.get_by_text(text).wait_for()


def begun(session: Session) -> None:
    """Wait until the session has begun."""
    wait_until(lambda: "initialized" in session.verbs)


def acts(cmi5: Cmi5Lms, session: Session) -> int:
    """How many acts the place at the LRS has."""
    return int((cmi5.place_of(session).get("state") or "|0").split("|")[1])


def recorded(cmi5: Cmi5Lms, session: Session, count: int) -> None:
    """Wait until the LRS has a place of so many acts."""
    wait_until(lambda: acts(cmi5, session) == count)


def completed(cmi5: Cmi5Lms, session: Session) -> None:
    """Wait until the package knows that its completion was taken."""
    wait_until(lambda: bool(cmi5.place_of(session).get("sent")))


def leave(sitting: Sitting, session: Session) -> None:
    """Close the page, as a learner who does not press Leave."""
    sitting.leave()
    wait_until(lambda: session.ended)

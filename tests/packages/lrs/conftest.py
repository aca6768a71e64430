"""What the tests of packages at an LRS share: a cmi5 LMS that behaves, and packages launched by it."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext

from course.catalogue.model import Module
from scorm_export.options import Options
from scorm_export.package import PLAIN, Packer
from scorm_export.standards import find_standard
from tests.lrs import Lrs
from tests.packages.conftest import NewDevice, unzipped
from tests.packages.learner import Sitting
from tests.packages.lms import Lms
from tests.packages.lrs.cmi5_lms import Cmi5Lms, Session
from tests.packages.lrs.opening import Launch, open_at


@pytest.fixture
def lrs() -> Iterator[Lrs]:
    with Lrs() as lrs:
        yield lrs


@pytest.fixture
def cmi5(lms: Lms, lrs: Lrs) -> Iterator[Cmi5Lms]:
    """An LMS that behaves. No session of a test may have broken a rule."""
    at = Cmi5Lms(lrs, f"{lms.address}/content")
    yield at
    assert at.refusals == []


@pytest.fixture
def launch(lms: Lms, cmi5: Cmi5Lms, packers: dict[str, Packer], module: Module, new_device: NewDevice) -> Launch:
    """Launches a module's cmi5 package, on a new device unless one is given."""

    def launch(
        of: Module = module,
        *,
        on: BrowserContext | None = None,
        options: Options = PLAIN,
        learner: str = "ada-7",
        mode: str = "Normal",
        **more: object,
    ) -> tuple[Sitting, Session]:
        lms.upload(of.id, unzipped(packers[of.id].package([of], find_standard("cmi5"), options)))
        session = cmi5.launch(of.id, learner=learner, mode=mode, **more)
        return open_at(on or new_device(), session.address), session

    return launch

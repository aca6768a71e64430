"""What the tests of packages share: one LMS for each test process, devices for learners, packages unzipped."""

import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO

import pytest
from playwright.sync_api import Browser, BrowserContext

from course.catalogue.library import Library, load
from course.catalogue.model import Module
from scorm_export.options import Options
from scorm_export.package import PLAIN, Packer
from scorm_export.standards import find_standard
from tests.factories import write_content
from tests.packages.learner import Sitting, sit_down
from tests.packages.lms import EDITIONS, SCORM12, Edition, Lms, Trouble, Where

NewDevice = Callable[[], BrowserContext]
Open = Callable[..., Sitting]


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory) -> Library:
    """A small course."""
    return load(write_content(tmp_path_factory.mktemp("small")))


@pytest.fixture(scope="session")
def module(library: Library) -> Module:
    """A real module, one with the exercise that writes records again."""
    return next(m for m in library.modules if m.rewrite)


SHARES = ("scorm12", "scorm2004", "cmi5", "xapi")


def share_of(library: Library, standard: str) -> tuple[Module, ...]:
    """Every fourth module, a different one for each standard: together each is played from beginning to end.

    What differs between standards is the launch script alone, and between modules the document alone.
    """
    return library.modules[SHARES.index(standard) :: len(SHARES)]


def unzipped(zipped: bytes) -> dict[str, bytes]:
    """The files of a package by name."""
    with zipfile.ZipFile(BytesIO(zipped)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def session_lms() -> Iterator[Lms]:
    lms = Lms()
    yield lms
    lms.close()


@pytest.fixture
def lms(session_lms: Lms) -> Lms:
    """An LMS that behaves, with no learner in it."""
    session_lms.begin_again()
    return session_lms


@pytest.fixture
def new_device(browser: Browser) -> Iterator[NewDevice]:
    """Makes devices: nothing of one is on another."""
    made = list[BrowserContext]()

    def new() -> BrowserContext:
        context = browser.new_context(viewport={"width": 640, "height": 480})
        context.set_default_timeout(15_000)
        made.append(context)
        return context

    yield new
    for context in made:
        context.close()


@pytest.fixture
def edition() -> Edition:
    """The edition of SCORM; a file whose tests hold for both says so with `pytestmark = BOTH`."""
    return SCORM12


BOTH = pytest.mark.parametrize("edition", EDITIONS.values(), ids=list(EDITIONS))


@pytest.fixture(scope="session")
def packers(library: Library, small: Library) -> dict[str, Packer]:
    """Module id to what makes its packages, so that each module is rendered once."""
    real, few = Packer(library), Packer(small)
    return {**{m.id: few for m in small.modules}, **{m.id: real for m in library.modules}}


@pytest.fixture
def launch(lms: Lms, packers: dict[str, Packer], edition: Edition, module: Module, new_device: NewDevice) -> Open:
    """Opens a module's package at the LMS, on a new device unless one is given."""
    standard = find_standard(edition.name)

    def launch(
        of: Module = module,
        *,
        learner: str = "ada-7",
        on: BrowserContext | None = None,
        where: Where = "frame",
        mode: str = "normal",
        options: Options = PLAIN,
        trouble: Trouble | None = None,
    ) -> Sitting:
        lms.upload(of.id, unzipped(packers[of.id].package([of], standard, options)))
        asked = lms.launch(learner, of.id, where=where, mode=mode, edition=edition, trouble=trouble)
        return sit_down(lms, on or new_device(), asked)

    return launch

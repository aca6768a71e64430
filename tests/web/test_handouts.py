"""What a team is handed: one page, four pages, and the same on screen; every word of it from the module's own files."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
import yaml
from pypdf import PdfReader

from course.catalogue.library import Library, load
from course.catalogue.text import words_only
from course.story.compile import Story, build
from course.story.model import Held, Turn
from course.web.printing.handouts import briefing_pdf, facilitator_pdf
from course.web.printing.session import session_of
from course.web.printing.team_decision import team_decision
from tests.factories import write_content
from tests.web.test_certificates import is_for_everybody
from tests.web.test_lead_pack import kinds, read
from tests.web.visitor import Visitor, text

MODULE = "/modules/03-module-three"
LONG = (
    "the Northshire and Dales multi-agency front door, 01632 960 101 (Monday to Friday, 8.30 am to 5.30 pm; the forms "
    "are on the partnership’s website, *not* in #any old folder; ask for the duty manager if nobody answers)"
)
"""Two hundred characters, some of which would be markup somewhere."""


@pytest.fixture(scope="module")
def wordy(library: Library, tmp_path_factory: pytest.TempPathFactory) -> Library:
    """The course’s own modules, with a partnership that fills in every placeholder at length."""
    local = tmp_path_factory.mktemp("local") / "local.yaml"
    values = dict.fromkeys(library.words, LONG)
    local.write_text(yaml.safe_dump({"partnership": "Northshire", "values": values}, allow_unicode=True))
    return load(local_file=local)


def smallest(reader: PdfReader) -> float:
    """The size of the smallest letters of a document, in points."""
    found: list[float] = []

    def see(said: str, _: Any, matrix: list[float], __: Any, size: float) -> None:
        if said.strip():
            found.append(round(abs(size * matrix[0]), 2))

    for page in reader.pages:
        page.extract_text(visitor_text=see)
    return min(found)


def plain(said: str) -> str:
    """A text as it is found in a document, whatever it broke into lines."""
    return "".join(words_only(said).replace("\\", "").split())


def test_every_briefing_is_one_page_that_can_be_read(wordy: Library) -> None:
    made = {module.id: briefing_pdf(wordy, module) for module in wordy.modules}
    assert {id_: len(PdfReader(BytesIO(pdf)).pages) for id_, pdf in made.items()} == dict.fromkeys(made, 1)
    for module in wordy.modules[::6]:
        reader, written = read(made[module.id])
        assert smallest(reader) >= 8.5
        assert is_for_everybody(reader, f"Seven-minute briefing: {module.title}")
        assert kinds(reader).count("/H1") == 7
        for expected in (*(box.heading for box in module.briefing.boxes), f"version {module.version}", "Northshire"):
            assert plain(expected) in plain(written), (module.id, expected)


def test_what_is_far_too_long_goes_on_to_a_second_page_and_loses_nothing(library: Library) -> None:
    module = library.modules[0]
    first = module.briefing.boxes[0]
    longer = first.model_copy(update={"text": "\n\n".join([first.text] * 40)})
    briefing = module.briefing.model_copy(update={"boxes": (longer, *module.briefing.boxes[1:])})
    reader, written = read(briefing_pdf(library, replace(module, briefing=briefing)))
    assert len(reader.pages) > 1
    assert plain(written).count(plain(first.text)[:60]) >= 38
    assert smallest(reader) >= 8.5


def test_every_facilitators_pack_has_four_pages_and_tells_what_followed_overleaf(wordy: Library) -> None:
    made = {module.id: facilitator_pdf(wordy, module, session_of(wordy, module)) for module in wordy.modules}
    assert {id_: len(PdfReader(BytesIO(pdf)).pages) for id_, pdf in made.items()} == dict.fromkeys(made, 4)
    for module in wordy.modules[2::6]:
        reader, written = read(made[module.id])
        assert smallest(reader) >= 8.5
        assert is_for_everybody(reader, f"Facilitator’s pack: {module.title}")
        pages = [plain(page.extract_text()) for page in reader.pages]
        for choice in team_decision(module).choices:
            followed = plain(choice.consequence)[:40]
            assert plain(choice.text) in pages[1], (module.id, choice.id)
            assert followed in pages[2] + pages[3], (module.id, choice.id)
            assert followed not in pages[0] + pages[1], (module.id, choice.id)
        for expected in (module.team.opener, *module.team.questions, "999", LONG):
            assert plain(expected)[:40] in plain(written), (module.id, expected)


def test_equal_content_makes_equal_bytes(library: Library) -> None:
    module = library.modules[2]
    assert briefing_pdf(library, module) == briefing_pdf(library, module)


def test_the_decision_is_where_the_story_turns_else_the_first(tmp_path: Path) -> None:
    [module] = load(write_content(tmp_path)).modules
    first = team_decision(module)
    assert (first.step.key, first.so_far, first.just_now) == (module.story.start, (), "")

    strong = [moment for moment in module.story.scenario.moments if any(choice.strong for choice in moment.choices)]
    for wanted in (strong[1], strong[-1]):
        found = team_decision(replace(module, story=turning_at(module.story, wanted.id)))
        assert found.step.moment.id == wanted.id
        assert found.so_far
        assert found.just_now
        assert found.choices == found.step.choices


def turning_at(story: Story, moment_id: str) -> Story:
    """The same story, marked as turning at this moment."""
    turn = Turn(why="…", knew=tuple(Held(agency=agency, what="…") for agency in ("School", "Police")))
    scenario = story.scenario
    moments = [m.model_copy(update={"turn": turn if m.id == moment_id else None}) for m in scenario.moments]
    return build(scenario.model_copy(update={"moments": tuple(moments)}))


def test_a_learner_takes_the_handouts_from_the_web(learner: Visitor, visit: Callable[..., Visitor]) -> None:
    learner.get(f"{MODULE}/facilitator")
    assert learner.heading == "Facilitator’s pack"
    [folded] = learner.page.xpath("//details")
    assert "Stronger practice" in text(folded)
    folded.getparent().remove(folded)
    assert "Stronger practice" not in learner.words, "what followed is folded away"
    for path, pages in (("briefing.pdf", 1), ("facilitator.pdf", 4)):
        once = learner.get(f"{MODULE}/{path}").response.data
        assert len(read(once)[0].pages) <= pages
        assert learner.get(f"{MODULE}/{path}").response.data is not None
        visit().get(f"{MODULE}/{path}")
        learner.get(f"/modules/no-such/{path}", 404)
    assert visit().get(f"{MODULE}/facilitator").path == "/sign-in"

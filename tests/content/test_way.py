"""The way through the course's own modules: how long it still takes, how it is drawn, and how its records read."""

from collections.abc import Callable, Iterator

import pytest
from lxml import html

from course.catalogue.events import Chose, Opened, VignetteRead
from course.catalogue.left import minutes_left
from course.catalogue.library import Library
from course.catalogue.model import Module, Record
from course.catalogue.progress import Progress, after, go_back
from course.catalogue.stats import minutes
from course.lesson.bubbles import an_email, bubbles
from course.lesson.markdown import line
from course.lesson.path import LINE, TEXT, WIDTH, draw_path, ways_of
from course.lesson.render import Renderer
from course.story.compile import code_of
from scorm_export.delivery import PackageDelivery

Pick = Callable[[list[str]], str]


def to_ending(progress: Progress, pick: Pick) -> Iterator[Progress]:
    """Where somebody is after each choice."""
    while not progress.step.is_ending:
        progress = after(progress, Chose(choice=pick(list(progress.step.leads))))
        yield progress


def test_the_minutes_left_begin_with_all_of_them_and_never_grow(library: Library) -> None:
    for module in library.modules:
        progress = Progress(module)
        seen = [minutes_left(progress)]
        assert seen == [minutes(module)]
        steps = [after(progress, VignetteRead())]
        steps += to_ending(steps[0], min)
        seen += map(minutes_left, steps)
        progress = steps[-1]
        for part in ("debrief", "practice", "self-assessment", "reflection"):
            progress = after(progress, Opened(part=part))
            seen.append(minutes_left(progress))
        assert seen == sorted(seen, reverse=True), module.folder
        assert seen[-1] >= 5


def second_look(module: Module) -> Progress:
    *_, progress = to_ending(after(Progress(module), VignetteRead()), min)
    progress = after(progress, Opened(part="debrief"))
    fork = [index for index, step in enumerate(progress.path) if step.is_decision][1]
    *_, progress = to_ending(after(progress, go_back(progress, fork)), max)
    return progress


def test_every_way_is_drawn_with_its_decisions_its_turning_point_and_its_ending(library: Library) -> None:
    for module in library.modules:
        progress = second_look(module)
        ways = ways_of(module.story, progress.choices, progress.earlier_paths)
        drawing = draw_path(ways)
        shared = 2  # the first decision and the one that was gone back to
        assert len(drawing.rows) == sum(len(way.decisions) + 1 for way in ways) - shared, module.folder
        assert sum(row.kind == "ending" for row in drawing.rows) == len(ways) == 2
        for above, below in zip(drawing.rows, drawing.rows[1:], strict=False):
            assert above.y + len(above.lines) * LINE <= below.y, "rows do not run into one another"
        assert drawing.rows[-1].y <= drawing.height
        assert all(TEXT + 8 * len(line) <= WIDTH for row in drawing.rows for line in row.lines), "8 px a letter"


def test_a_way_gone_again_is_drawn_once(library: Library) -> None:
    [way] = ways_of(library.modules[0].story, ["x"][:0], ())
    twice = ways_of(library.modules[0].story, (), ((),))
    assert draw_path([way]).rows[0].lines == draw_path(twice).rows[0].lines
    assert len(draw_path(twice).stretches) == 1


@pytest.mark.parametrize(
    ("to", "body", "said"),
    [
        ("The head", "Asleep again.\n\nRing?\n\n*8.07:* Log it.\n\n*Now.*\n\nDone.", ["A cook", "The head", "A cook"]),
        (None, "Asleep again.\n\n*Reply, 8.07:* Log it.", ["A cook", "Reply"]),
        ("The head", "Asleep again.\n\nRing?", ["A cook"]),
    ],
)
def test_each_turn_of_a_thread_says_who_wrote_it(to: str | None, body: str, said: list[str]) -> None:
    record = Record(kind="message", agency="School", title="Texts", when="Monday", by="A cook", to=to, body=body)
    assert [bubble.who for bubble in bubbles(record)] == said
    assert not an_email(record)
    assert an_email(record.model_copy(update={"title": "E-mail for review"}))


def test_after_the_first_decision_every_step_says_what_was_done_and_what_came_of_it(library: Library) -> None:
    for module in library.modules:
        renderer, story = Renderer(library, module, PackageDelivery(module)), module.story
        for pick in (min, max):
            [*_, progress] = to_ending(after(Progress(module), VignetteRead()), pick)
            taken = [story.choices[choice] for choice in progress.choices]
            for index, step in enumerate(progress.path):
                section = html.fragment_fromstring(renderer.step(step, decided=index, taken=taken[:index]))
                [known] = section.find_class("known")
                said = known.text_content()
                assert ("So far it is what you have just read." in said) == (index == 0), (module.folder, step.key)
                done = [li.xpath("string(p/strong)") for li in known.xpath(".//ol[contains(@class, 'known__way')]/li")]
                assert done == [line(choice.text).striptags() for choice in taken[:index]]
                came = [e.get("data-consequence") for e in known.find_class("consequence")]
                assert came == [code_of(choice.id) for choice in taken[:index]]

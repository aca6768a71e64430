"""The pages of a module: which may be seen yet, and what stands on them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from markupsafe import Markup

from course.catalogue.events import RATINGS
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import PARTS, Progress, may_open
from course.learning import attempts
from course.lesson.render import Renderer
from course.web.chrome import library, page
from course.web.database import database
from course.web.delivery import WebDelivery, where
from course.web.learn.around import following, looking_back
from course.web.learn.asked import mine
from course.web.learn.parts import bar
from course.web.learn.words import kept_words
from course.web.security import me

Content = Callable[[Renderer, Progress], Markup]

OFFER_AGAIN = {"overview", "done"}
"""The parts where a module that is complete can be begun again: its first and its last page."""


@dataclass(frozen=True)
class Place:
    """A page of a module. `part` is the part that it belongs to; the pages beside the parts have none."""

    part: str
    content: Content

    def may_be_seen(self, progress: Progress) -> bool:
        """Whether the learner has come this far."""
        if self.part == "debrief" and not progress.step.is_ending:
            return False
        return not self.part or may_open(progress, self.part)  # type: ignore[arg-type]


def renderer(module: Module) -> Renderer:
    """The one renderer, for this module on the web."""
    return Renderer(library(), module, WebDelivery(module))


BESIDE = {"briefing": "Seven-minute briefing", "team": "For a team meeting", "sources": "Sources"}
"""The pages beside the parts, as their titles call them."""


def shown(progress: Progress, content: Markup, *, part: str, title: str = "") -> str:
    """A page of a module: its content, the bar of its parts, the way back to where the learner is, and what only the
    web app has around a part. `title` says where the name of the part would not tell pages apart.
    """
    module = progress.module
    here = title or PARTS[part]  # type: ignore[index]
    may_again = part in OFFER_AGAIN and attempts.may_start_again(database(), me().id, module)
    found = mine() if may_again or part == "done" else {}
    return page(
        here if here.startswith("Error") else f"Module {module.number}: {here}",
        content,
        template="learn/module.html",
        script="words" if part == "reflection" else "",
        module=module,
        part=part,
        parts=bar(progress, part),
        where=where(progress, me().role),
        offer_again=may_again,
        asks=found[module.id].asks if may_again else "",
        looking_back=looking_back(progress) if part == "debrief" else None,
        following=following(progress, found) if part == "done" else None,
    )


def rendered_step(progress: Progress, index: int) -> Markup:
    """The step at `index` along the path: the last can be decided, the ones before are for reading."""
    step, choices = progress.path[index], progress.module.story.choices
    return renderer(progress.module).step(
        step,
        decided=sum(s.is_decision for s in progress.path[:index]),
        taken=[choices[id_] for id_ in progress.choices[:index]],
        chosen=progress.choices[index] if index < len(progress.choices) else None,
    )


def rated_in_part(progress: Progress, role: str, form: Mapping[str, str]) -> Markup:
    """The statements again, with what was rated kept and what is missing named."""
    statements = [s.id for s in progress.module.self_assessment.statements(role)]
    missing = [s for s in statements if form.get(s) not in RATINGS]
    return renderer(progress.module).self_assessment(role, ratings=form, missing=missing)


def _debrief(renderer: Renderer, progress: Progress) -> Markup:
    choices = progress.module.story.choices
    taken = zip(progress.path, (choices[c] for c in progress.choices), strict=False)
    decisions = [(step, choice) for step, choice in taken if step.is_decision]
    return renderer.debrief(decisions, ending=progress.step)


def _statements(role: str) -> Content:
    return lambda renderer, progress: renderer.self_assessment(role, ratings=progress.ratings.get(role))


def _reflection(renderer: Renderer, progress: Progress) -> Markup:
    return renderer.reflection(kept_words(progress.module))


def _done(renderer: Renderer, progress: Progress) -> Markup:
    return renderer.done(mine()[progress.module.id].cell.completed)


PLACES: dict[str, Place] = {
    "overview": Place("overview", lambda r, _: r.overview()),
    "vignette": Place("vignette", lambda r, _: r.vignette()),
    "debrief": Place("debrief", _debrief),
    "practice": Place("practice", lambda r, _: r.practice()),
    "rewrite": Place("rewrite", lambda r, _: r.rewrite()),
    "self-assessment": Place("self-assessment", lambda r, _: r.choose_role()),
    **{f"self-assessment-{role}": Place("self-assessment", _statements(role)) for role in ROLES},
    "reflection": Place("reflection", _reflection),
    "done": Place("done", _done),
    "briefing": Place("", lambda r, _: r.briefing()),
    "team": Place("", lambda r, _: r.team()),
    "sources": Place("", lambda r, _: r.sources()),
}
"""Every page but the steps of the scenario, by its address."""

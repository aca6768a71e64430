"""Makes the HTML of every step of a lesson from a module and a Delivery.

Each method gives one <section> with its own h1. The web app puts one of them on a page; a package puts all of
them in one document and shows one at a time.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from course.catalogue.completion import COMPLETE
from course.catalogue.events import RATINGS
from course.catalogue.library import Library
from course.catalogue.model import ROLES, STAGES, Module
from course.catalogue.progress import PARTS, part_after
from course.catalogue.stats import minutes
from course.lesson import markdown
from course.lesson.bubbles import an_email, bubbles
from course.lesson.contacts import linked
from course.lesson.delivery import Delivery
from course.lesson.entries import entries_of, known_at
from course.lesson.govuk import macro, rating_radios
from course.lesson.words import used_in_module, words_of
from course.story.compile import Step, code_of
from course.story.model import Choice


def step_id(key: str) -> str:
    """The HTML id of a step's section: no author can name a moment so that it collides with a part."""
    return f"step-{key}"


@cache
def environment() -> Environment:
    """The templates of lessons, in which a misspelt name is an error; GOV.UK Frontend's macros are globals."""
    env = Environment(
        loader=PackageLoader("course.lesson"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "prose": markdown.prose,
        "line": markdown.line,
        "linked": linked,
        "code": code_of,
        "step_id": step_id,
        "bubbles": bubbles,
    }
    env.tests["an_email"] = an_email
    env.globals |= {"PARTS": PARTS, "RATINGS": RATINGS, "ROLES": ROLES, "STAGES": STAGES}
    env.globals |= {"rating_radios": rating_radios}
    env.globals |= {"govukErrorSummary": macro("error-summary", "govukErrorSummary")}
    return env


EXPLAINED = {"overview", "vignette", "step", "self_assessment", "briefing", "team"}
"""The pages that end with the words they use. Not the debrief, whose entries a package has before the path is known."""


@dataclass(frozen=True)
class Written:
    """What a learner has written in the reflection, to show to them alone."""

    answers: Sequence[str] = ()
    commitment: str = ""
    by_when: str = ""
    who_notices: str = ""


@dataclass(frozen=True)
class Renderer:
    """Renders the steps of one module for one delivery."""

    library: Library
    module: Module
    delivery: Delivery

    def _render(self, template: str, **values: Any) -> Markup:
        shared = {"module": self.module, "delivery": self.delivery, "library": self.library, "complete": COMPLETE}
        html = environment().get_template(f"lesson/{template}.html").render(**shared, **values)
        section, end, rest = html.rpartition("</section>")
        if template in EXPLAINED:
            html = section + self._words_used_in(_without_way(section)) + end + rest
        return Markup(html)  # noqa: S704 (made by an autoescaping template)

    def _words_used_in(self, html: str) -> str:
        """The glossary's words that a page uses, explained there, so that nobody need leave it."""
        terms = words_of(self.library.glossary).used_in(html)
        template = environment().get_template("lesson/words.html")
        return template.render(terms=terms, summary="Words used here") if terms else ""

    def overview(self) -> Markup:
        """What the module is about, what it may stir up, and how long it takes."""
        return self._render("overview", minutes=minutes(self.module))

    def vignette(self) -> Markup:
        """The records of one family, and a way past them."""
        return self._render("vignette")

    def step(
        self, step: Step, *, decided: int | None = None, taken: Sequence[Choice] = (), chosen: str | None = None
    ) -> Markup:
        """A step of the scenario.

        `decided` is how many decisions were made before it, and `taken` are the choices that led here, the last of
        which opens the step with its consequence; a package, which cannot know, gives neither and lets story.js bring
        them. With `chosen`, a step that the learner has already left: its choices are shown and cannot be made.
        """
        story = self.module.story
        before = story.decisions_before[step.key] if decided is None else decided
        fewest, most = story.decisions_to_go[step.key]
        return self._render(
            "step",
            step=step,
            story=story,
            number=before + 1,
            totals=sorted({before + fewest, before + most}),
            to_go=(fewest, most),
            known=known_at(story, step),
            taken=taken,
            chosen=chosen,
            is_start=step.key == story.start,
        )

    def consequence(self, choice: Choice) -> Markup:
        """What a choice leads to, as it opens the next step."""
        return self._render("consequence", choice=choice)

    def debrief(self, taken: Sequence[tuple[Step, Choice]], *, ending: Step | None = None) -> Markup:
        """The debrief along a path of decisions made, and the jigsaw of what each agency knew.

        `ending` is where the path came to. A package has the entries before the path is known and gives None: story.js
        then brings the ending and what was known, and takes away the ways that were not offered.
        """
        entries = entries_of(self.module.story, taken, is_path_known=ending is not None)
        return self._render("debrief", entries=entries, ending=ending)

    def practice(self) -> Markup:
        """What good looks like, and the words used."""
        terms = used_in_module(words_of(self.library.glossary), self.module)
        return self._render("practice", terms=terms, following=part_after(self.module, "practice"))

    def rewrite(self) -> Markup:
        """The exercise that writes vague record lines again."""
        return self._render("rewrite", exercise=self.module.rewrite)

    def choose_role(self) -> Markup:
        """Whose statements to rate."""
        return self._render("choose_role")

    def self_assessment(
        self, role: str, *, ratings: Mapping[str, str] | None = None, missing: Sequence[str] = ()
    ) -> Markup:
        """The statements of one role. `missing` are the ids of statements left unrated."""
        statements = self.module.self_assessment.statements(role)
        known = {id_: rating for id_, rating in (ratings or {}).items() if rating in RATINGS}
        return self._render(
            "self_assessment", role=role, statements=statements, ratings=known, missing=frozenset(missing)
        )

    def reflection(self, written: Written | None = None) -> Markup:
        """Open questions and one commitment, for the learner alone."""
        return self._render("reflection", written=written or Written())

    def done(self, completed_on: date | None = None) -> Markup:
        """The end of the module, and what to take to the team."""
        return self._render("done", completed_on=completed_on)

    def briefing(self) -> Markup:
        """The seven-minute briefing."""
        return self._render("briefing")

    def team(self) -> Markup:
        """An opener and questions for supervision or a team meeting."""
        return self._render("team")

    def sources(self) -> Markup:
        """What this module rests on: every source cited, and when it was last checked."""
        return self._render("sources", cited=[self.library.references[id_] for id_ in self.module.cited])

    def worried(self) -> Markup:
        """What to do about a child who may be at risk now."""
        return self._render("worried")


def _without_way(html: str) -> str:
    """A step without what was done on the way to it: its words were explained where it was done."""
    before, _, way = html.partition("known__way")
    return before + way.partition("</details>")[2]

"""A module's steps in a package: a document with the first of them, and a script that brings all the others."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, fields
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from course.catalogue.library import Library
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import GROUPS_BEFORE, PARTS, parts_of
from course.lesson import render
from course.lesson.render import Renderer
from course.statements.profile import Profile
from scorm_export.about import About
from scorm_export.delivery import PackageDelivery
from scorm_export.options import Options
from scorm_export.standards.standard import Standard

LESSON = Path(render.__file__).parent


@cache
def environment() -> Environment:
    """The lesson's templates, and those of the documents and the manifests."""
    lesson = render.environment()
    own = [PackageLoader("scorm_export"), PackageLoader("scorm_export", "manifests")]
    return lesson.overlay(loader=ChoiceLoader([*own, *([lesson.loader] if lesson.loader else [])]))


@cache
def style_sheets() -> Markup:
    """Everything that steps are styled with, for a document that is one file."""
    sheets = (LESSON / "static" / name for name in ("lesson.css", "steps.css"))
    return Markup("".join(sheet.read_text(encoding="utf-8-sig") for sheet in sheets))  # noqa: S704 (our own)


@dataclass(frozen=True)
class Steps:
    """A module's steps and consequences as HTML: all that takes time to make, and the same for every standard."""

    module: Module
    sections: Sequence[Markup]
    consequences: Sequence[Markup]

    @property
    def first(self) -> Sequence[Markup]:
        """What the document itself holds: the overview, and the vignette that its button leads to."""
        return self.sections[:2]

    @property
    def rest(self) -> str:
        """Everything else, as a script that hands it to player.js: a page from file:// may fetch nothing else."""
        consequences = Markup('<div id="consequences" hidden>{}</div>').format(Markup().join(self.consequences))
        html = Markup("\n").join([*self.sections[2:], consequences])
        detail = json.dumps(html, ensure_ascii=False)
        return f"document.dispatchEvent(new CustomEvent('lesson:rest', {{detail: {detail}}}));"


def steps_of(library: Library, module: Module) -> Steps:
    """Render a module for packages."""
    renderer = Renderer(library, module, PackageDelivery(module))
    consequences = [renderer.consequence(choice) for choice in module.story.choices.values()]
    return Steps(module, sections(renderer), consequences)


@dataclass(frozen=True)
class Setting:
    """What a document's scripts are told: what the package is, and what its administrator chose."""

    library: Library
    about: About
    standard: Standard
    options: Options

    @property
    def chosen(self) -> str:
        """The names of the options that are on, for `data-options`."""
        return " ".join(f.name for f in fields(self.options) if getattr(self.options, f.name))

    @property
    def xapi(self) -> str:
        """Every IRI that a launch script needs, as JSON; empty where the standard knows none."""
        return json.dumps(Profile(self.library.address).for_package()) if self.standard.speaks_xapi else ""


def document(steps: Steps, setting: Setting, *, rest_file: str, inside: bool = False) -> str:
    """The HTML of a module's document; `inside` the shell of a course, which holds the connection for it."""
    return _page("document.html", setting, steps=steps, module=steps.module, rest_file=rest_file, inside=inside)


def _page(template: str, setting: Setting, **values: object) -> str:
    shared = {
        "setting": setting,
        "library": setting.library,
        "before": json.dumps(GROUPS_BEFORE),
        "places": json.dumps(list(PARTS)),
    }
    return environment().get_template(template).render(**shared, **values)


def sections(renderer: Renderer) -> list[Markup]:
    """Every step that a learner can meet; the overview and the vignette first, since they are used first."""
    story, module = renderer.module.story, renderer.module
    every_choice = [(s, c) for s in story.steps.values() for c in s.choices if s.is_decision]
    once = {choice.id: (step, choice) for step, choice in reversed(every_choice)}
    return [
        renderer.overview(),
        renderer.vignette(),
        *(renderer.step(step) for step in story.steps.values()),
        renderer.debrief(list(once.values())[::-1]),
        renderer.practice(),
        *([renderer.rewrite()] if "rewrite" in parts_of(module) else []),
        renderer.choose_role(),
        *(renderer.self_assessment(role) for role in ROLES),
        renderer.reflection(),
        renderer.done(),
        renderer.briefing(),
        renderer.team(),
        renderer.sources(),
        renderer.worried(),
    ]

"""The one HTML document of a package: every step of a module, of which player.js shows one at a time."""

import json
from functools import cache
from pathlib import Path

from jinja2 import ChoiceLoader, Environment, PackageLoader
from markupsafe import Markup

from course.catalogue.library import Library
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import GROUPS_BEFORE, parts_of
from course.lesson import render
from course.lesson.render import Renderer
from scorm_export.delivery import PackageDelivery

LESSON = Path(render.__file__).parent


@cache
def environment() -> Environment:
    """The lesson's templates, and those of the document and the manifests."""
    lesson = render.environment()
    own = [PackageLoader("scorm_export"), PackageLoader("scorm_export", "manifests")]
    return lesson.overlay(loader=ChoiceLoader([*own, *([lesson.loader] if lesson.loader else [])]))


def document(library: Library, module: Module) -> str:
    """The HTML of index.html."""
    renderer = Renderer(library, module, PackageDelivery(module))
    return (
        environment()
        .get_template("document.html")
        .render(
            module=module,
            library=library,
            sections=sections(renderer),
            consequences=[renderer.consequence(choice) for choice in module.story.choices.values()],
            before=json.dumps(GROUPS_BEFORE),
        )
    )


def sections(renderer: Renderer) -> list[Markup]:
    """Every step that a learner can meet, the overview first."""
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

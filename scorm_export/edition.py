"""The whole-text edition: a module as one printable HTML document with every branch, ending and debrief.

For trainers, for people who would rather read than choose, and for those who sign the course off: the hash stands
for the content, whatever the day it was printed on.
"""

from collections.abc import Iterable
from datetime import date
from hashlib import sha256

from course.catalogue.library import Library
from course.catalogue.model import Module
from scorm_export.delivery import PackageDelivery
from scorm_export.document import environment, style_sheets

EDITION = "html"
"""The name that `course export` knows it by."""
CHAPTERS = {
    "overview": "Overview",
    "vignette": "The records",
    "jigsaw": "What each agency knew",
    "scenario": "The decisions, every branch",
    "practice": "What good looks like",
    "rewrite": "Write it again",
    "self-assessment": "Self-assessment",
    "reflection": "Reflection",
    "team": "For supervision or a team meeting",
    "briefing": "Seven-minute briefing",
    "sources": "What this module rests on",
}


def content_hash(module: Module) -> str:
    """Sixteen hexadecimal digits that change whenever a word, source or branch of the module does."""
    files = (module.about, module.vignette, module.story.scenario, module.self_assessment, module.team, module.briefing)
    whole = "".join(f.model_dump_json() for f in (*files, *([module.rewrite] if module.rewrite else [])))
    return sha256(whole.encode()).hexdigest()[:16]


def edition(library: Library, module: Module, *, today: date) -> str:
    """The HTML of one module's whole text, style sheet included, so that it is one file."""
    return (
        environment()
        .get_template("edition.html")
        .render(
            module=module,
            library=library,
            delivery=PackageDelivery(module),
            chapters=[(id_, name) for id_, name in CHAPTERS.items() if id_ != "rewrite" or module.rewrite],
            titles={moment.id: moment.title for moment in module.story.scenario.moments},
            cited=[library.references[id_] for id_ in module.cited],
            hash=content_hash(module),
            today=today,
            style=style_sheets(),
        )
    )


def editions(library: Library, modules: Iterable[Module], *, today: date) -> dict[str, bytes]:
    """A document a module, by file name."""
    return {f"{m.folder}.html": edition(library, m, today=today).encode() for m in modules}

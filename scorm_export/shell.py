"""The course as one package: a shell with the map as its home, which opens each module's document in a frame.

One SCO or AU, since many do not add up in real LMSs: the shell holds the one connection, and reports complete when
every module in the package is.
"""

from collections.abc import Sequence

from course.catalogue.completion import COMPLETE
from course.catalogue.model import Module
from course.catalogue.stats import minutes
from course.lesson.map import draw_map
from scorm_export.document import Setting, environment

NOT_STARTED = "Not started"
"""shell.js puts a learner's own status in its place."""


def file_of(module: Module) -> str:
    """The name of a module's document beside the shell's."""
    return f"{module.folder}.html"


def shell(modules: Sequence[Module], setting: Setting) -> str:
    """The HTML of the shell's index.html."""
    status = {module.id: NOT_STARTED for module in modules}
    return (
        environment()
        .get_template("shell.html")
        .render(
            setting=setting,
            library=setting.library,
            modules=modules,
            complete=";".join(",".join(group) for group in COMPLETE),
            map=draw_map(modules, status),
            addresses={module.id: file_of(module) for module in modules},
            status=status,
            where={module.id: f"About {minutes(module)} minutes" for module in modules},
        )
    )

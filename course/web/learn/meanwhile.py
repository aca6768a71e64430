"""What somebody sees where other words were kept since they opened a form: both versions, and a choice."""

from typing import Any

from flask import url_for

from course.catalogue.model import Module
from course.learning.mine.reflections import kept_reflection
from course.web.chrome import library, page
from course.web.database import database
from course.web.learn.entries import entry_of
from course.web.learn.words import in_form, written
from course.web.security import me


def two_versions(module: Module, *, then: str) -> tuple[str, int]:
    """The page, with the answer 409. Nothing has been replaced; what was just written is in its form.

    `then` is where saving leads: “entry”, or back to the reflection.
    """
    kept = kept_reflection(database(), me().id, module.id)
    is_entry = then == "entry"
    entry = url_for("mine.entry", name=module.folder)
    reflection = url_for("learn.show", name=module.folder, place="reflection")
    values: dict[str, Any] = {
        "module": module,
        "entry": entry_of(kept, library()) if kept else None,
        "written": in_form(module, written(module), saved_at=kept.saved_at if kept else None),
        "leave": entry if is_entry else reflection,
        "then": "entry" if is_entry else "reflection",
    }
    return page(f"Module {module.number}: two versions", template="learn/meanwhile.html", **values), 409

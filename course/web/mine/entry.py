"""One entry of my journal: to change, to show to somebody, to delete."""

import secrets
from typing import Any

from flask import abort, flash, redirect, url_for
from werkzeug.wrappers import Response

from course.catalogue.model import Module
from course.learning.mine.reflections import Reflection, kept_reflection
from course.learning.mine.sharing import DAYS, delete_entry, shares_of
from course.web.addresses import module_called
from course.web.chrome import library
from course.web.clock import now
from course.web.database import database
from course.web.learn.entries import entry_of
from course.web.learn.words import in_form
from course.web.mine.blueprint import blueprint, my_page
from course.web.mine.links import linked
from course.web.security import me

DELETED = "The entry is deleted. Links to it show nothing any more."


@blueprint.get("/journal/<name>")
def entry(name: str) -> str:
    """The entry in its form, with its links."""
    module = module_called(name)
    return entry_page(module, my_entry(module))


@blueprint.get("/journal/<name>/delete")
def ask_delete(name: str) -> str:
    """Whether I mean it."""
    module = module_called(name)
    my_entry(module)
    return my_page("Delete an entry of my journal", "delete_entry.html", module=module)


@blueprint.post("/journal/<name>/delete")
def delete_entry_now(name: str) -> Response:
    """Delete an entry with the links to it; twice is once."""
    delete_entry(database(), me().id, module_called(name).id)
    flash(DELETED)
    return redirect(url_for("mine.journal"))


def my_entry(module: Module) -> Reflection:
    """What I kept for this module; 404 if nothing."""
    return kept_reflection(database(), me().id, module.id) or abort(404)


def entry_page(module: Module, kept: Reflection, *, error: str = "") -> str:
    """The page of an entry. `error` is about the days of a new link."""
    links = [linked(share, kept, now=now()) for share in shares_of(database(), me().id, module.id)]
    title = f"My journal: module {module.number}"
    values: dict[str, Any] = {
        "module": module,
        "entry": entry_of(kept, library()),
        "written": in_form(module, kept, saved_at=kept.saved_at),
        "links": links,
        "days": DAYS,
        "nonce": secrets.token_urlsafe(16),  # so that a form which is sent twice makes one link
        "error": error,
    }
    return my_page(f"Error: {title}" if error else title, "entry.html", script="words", **values)

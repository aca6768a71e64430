"""What every page of the training lead's desk shares: the blueprint, whose records are seen, the way around."""

from typing import Any, cast

from flask import Blueprint, current_app

from course.learning.scope import Scope
from course.web.chrome import page
from course.web.clock import now
from course.web.security import leads_only, my_scope

__all__ = ["PAGES", "blueprint", "desk_page", "now", "scope"]

blueprint = Blueprint("lead", __name__, template_folder="templates", url_prefix="/lead")
blueprint.before_request(leads_only)

PAGES: dict[str, str] = {
    "lead.overview": "Overview",
    "lead.people": "People",
    "lead.teams": "Teams",
    "lead.assignments": "Assignments",
    "lead.reminders": "Reminders",
    "lead.picture": "Local picture",
    "lead.partings": "Where people part",
    "lead.six_weeks": "After six weeks",
    "lead.ledger": "Changes of content",
    "lead.evidence": "Evidence pack",
    "lead.imports": "Lists of people",
    "lead.audit": "Who did what",
    "lead.requests_about_data": "Requests about data",
}
"""The pages of the desk in the order of its navigation."""

FOR_EVERYBODY = frozenset({"lead.requests_about_data"})
"""Those that are only for whoever looks after everybody."""


def scope() -> Scope:
    """Whose records the person signed in may see; only for the views of this blueprint."""
    return cast(Scope, my_scope())


def desk_page(title: str, template: str, **values: Any) -> str:
    """A page of the desk, with its navigation."""
    here = current_app.view_functions.keys() - (frozenset() if scope() == Scope(None, None) else FOR_EVERYBODY)
    pages = {endpoint: name for endpoint, name in PAGES.items() if endpoint in here}
    return page(title, template=template, desk_pages=pages, **values)

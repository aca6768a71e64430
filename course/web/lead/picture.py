"""The local picture: what people’s own ratings say about practice here, by issue, agency and role."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import Response, request, url_for
from markupsafe import Markup

from course.catalogue.events import RATINGS
from course.catalogue.model import ROLES, Module
from course.learning.desk.days import LONDON, day_of
from course.learning.desk.figures.local_figures import LocalPicture, Ratings, local_picture
from course.learning.desk.figures.tens import OTHERS
from course.learning.desk.notes import Filled, notes_in
from course.web.addresses import module_called
from course.web.chrome import library
from course.web.database import database
from course.web.lead import picture_rows as rows
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.files.downloads import Kind
from course.web.lead.in_tens import FILE, RULE, fresh, taken_away, until

ROLE_RULE = (
    "Each person counts once for an issue, a role and a calendar year, with the first ratings of that year and in the "
    "agency where they were then. Each role rates statements of its own. “Don’t know” is one of the ratings."
)
FIRST_SHOWN = 5
"""Issues that are put into sentences."""


@dataclass(frozen=True)
class _Look:
    """What was asked to be seen."""

    picture: LocalPicture
    waiting: int
    """Issues whose figures are from an earlier day, or not there, until the next page."""
    notes: tuple[str, ...]


def _look(modules: tuple[Module, ...]) -> _Look:
    waiting = fresh("ratings", modules)
    year = request.args.get("year", type=int)
    seen = local_picture(database(), scope(), modules, year=year, today=day_of(now()))
    return _Look(seen, waiting, (f"Ratings of {seen.year}. {until(seen.day)}", *RULE, ROLE_RULE))


@blueprint.get("/local-picture")
def picture() -> str:
    """Every issue, those first where roles see things differently; by role, then by agency for each role."""
    look = _look(library().modules)
    modules, seen = rows.by_gap(library().modules, look.picture.issues), look.picture
    compared = [(_link(m, seen.year, f"Issue {m.number}: {m.title}"), seen.issues[m.id]) for m in modules]
    return desk_page(
        "Local picture",
        "lead/picture.html",
        look=look,
        seen=seen,
        said=[(name, rows.said(issue), rows.points(issue)) for name, issue in compared if rows.shown_gap(issue) > 0][
            :FIRST_SHOWN
        ],
        by_role=[(_link(m, seen.year), rows.role_cells(seen.issues[m.id])) for m in modules],
        by_agency=[_by_agency(role, modules, seen) for role in ROLES],
        roles=ROLES,
        until=until(seen.day),
        has_figures=any(issue.together for issue in seen.issues.values()),
    )


@blueprint.get(f"/local-picture.{FILE}")
def picture_file(kind: Kind) -> Response:
    """The cells of the heat maps, a row each."""
    look = _look(library().modules)
    modules = rows.by_gap(library().modules, look.picture.issues)
    name = f"local-picture-{look.picture.year}"
    return taken_away(name, rows.COLUMNS, rows.file_rows(modules, look.picture), kind=kind, notes=look.notes)


@blueprint.get("/local-picture/<name>")
def issue(name: str) -> str:
    """One issue: by agency and role, then statement by statement, with what leads noted beside it."""
    return issue_page(module_called(name))


@blueprint.get(f"/local-picture/<name>.{FILE}")
def issue_file(name: str, kind: Kind) -> Response:
    """The ratings of each statement, of the agency that was chosen."""
    module = module_called(name)
    look = _look((module,))
    agency, groups = _groups(module, look.picture)
    whose = look.picture.agencies.get(agency, rows.TOGETHER) if agency is not None else rows.TOGETHER
    notes = (f"{rows.title(module)}: {whose}. {look.notes[0]}", *look.notes[1:])
    file = f"local-picture-{module.folder}-{look.picture.year}"
    return taken_away(file, rows.STATEMENT_COLUMNS, rows.statement_file_rows(module, groups), kind=kind, notes=notes)


def issue_page(module: Module, filled: Filled | None = None, errors: dict[str, str] | None = None) -> str:
    """The page of an issue, with the form for a note as somebody filled it in."""
    look = _look((module,))
    seen = look.picture
    found = seen.issues[module.id]
    agency, groups = _groups(module, seen)
    return desk_page(
        f"Error: {rows.title(module)}" if errors else rows.title(module),
        "lead/picture_issue.html",
        look=look,
        seen=seen,
        module=module,
        heading=rows.title(module),
        said=rows.said(found),
        heat_rows=_heat_rows(module, seen),
        agency=agency,
        whose=seen.agencies[agency] if agency is not None else rows.TOGETHER,
        statements={role: rows.rated_rows(module, role, ratings) for role, ratings in groups.items()},
        people={role: ratings.people for role, ratings in groups.items() if ratings},
        rating_names=list(RATINGS.values()),
        roles=ROLES,
        many=rows.MANY,
        until=until(seen.day),
        query=_query(seen, agency),
        notes=notes_in(database(), scope(), module_id=module.id),
        filled=filled or Filled(""),
        errors=errors or {},
        stamp=_stamp,
        today=day_of(now()),
    )


def _by_agency(role: str, modules: Sequence[Module], seen: LocalPicture) -> dict[str, Any]:
    """The heat map of a role: a column for each agency that has a figure in it; no rows where none has."""
    shown = {agency for issue in seen.issues.values() for agency, of in issue.cells if of == role}
    agencies, withheld = rows.columns_with_figures(seen.agencies, shown)
    cells = [(rows.title(m), rows.agency_cells(seen.issues[m.id], role, agencies)) for m in modules]
    return {
        "role": role,
        "caption": f"{rows.MANY[role]}: not in place or partly, by agency, {seen.year}",
        "columns": ["Issue", rows.TOGETHER, *agencies.values()],
        "rows": cells if shown - {OTHERS} else [],
        "withheld": withheld,
        "none": f"{rows.MANY[role]}: no agency has ten who have been counted by itself. See them by role above.",
    }


def _groups(module: Module, seen: LocalPicture) -> tuple[int | None, dict[str, Ratings | None]]:
    """The agency that was chosen, where it may be seen, and its ratings by role; else those of all together."""
    found, agency = seen.issues[module.id], request.args.get("agency", type=int)
    if agency is None or agency not in seen.agencies:
        return None, {role: found.together.get(role) for role in ROLES}
    return agency, {role: found.cells.get((agency, role)) for role in ROLES}


def _heat_rows(module: Module, seen: LocalPicture) -> list[tuple[str, Any]]:
    found = seen.issues[module.id]
    together = (rows.TOGETHER, [rows.cell(found.together.get(role)) for role in ROLES])
    return [together] + [
        (name, [rows.cell(found.cells.get((agency, role))) for role in ROLES]) for agency, name in seen.agencies.items()
    ]


def _query(seen: LocalPicture, agency: int | None) -> dict[str, str]:
    return {"year": str(seen.year)} | ({} if agency is None else {"agency": str(agency)})


def _link(module: Module, year: int, text: str = "") -> Markup:
    address = url_for("lead.issue", name=module.folder, year=year)
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(address, text or rows.title(module))


def _stamp(at: Any) -> str:
    return f"{at.astimezone(LONDON):%Y-%m-%d %H:%M}"

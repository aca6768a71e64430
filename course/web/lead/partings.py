"""Where people part: how choices at each decision split by agency, version by version."""

from typing import Any

from flask import Response, request, url_for
from markupsafe import Markup

from course.catalogue.model import Module
from course.learning.desk.figures.parting_figures import Decision, Partings, partings_of_all
from course.web.addresses import module_called
from course.web.chrome import library
from course.web.database import database
from course.web.lead import partings_rows as rows
from course.web.lead.desk import blueprint, desk_page, scope
from course.web.lead.files.downloads import Kind
from course.web.lead.in_tens import FILE, RULE, WITHHELD, fresh, taken_away, until
from course.web.lead.picture_rows import TOGETHER, columns_with_figures, title

PATH_RULE = (
    "Each person counts once: with the choices of their first attempt up to its first ending, before any second look, "
    "and in the agency where they were then. Who has not reached an ending is not counted yet.",
    "Ten people are counted together at a decision, then go on to their next one: fewer are counted there than chose "
    "a way to it.",
)
LIST_COLUMNS = ("Issue", "Version", "People at the first decision", "Where people part most")


@blueprint.get("/where-people-part")
def partings() -> str:
    """Every module, those first whose decisions split agencies most."""
    modules = library().modules
    waiting = fresh("choices", modules)
    seen = _by_spread(modules)
    table = [[_link(module, one.version), *_first(one), spread] for module, one, spread in seen]
    return desk_page(
        "Where people part",
        "lead/partings.html",
        columns=LIST_COLUMNS,
        rows=table,
        waiting=waiting,
        notes=_notes(),
        until=until(min((one.day for _, one, _ in seen if one.day), default=None)),
        has_figures=any(one.decisions and one.decisions[0].together for _, one, _ in seen),
    )


@blueprint.get(f"/where-people-part.{FILE}")
def partings_file(kind: Kind) -> Response:
    """The list as it is on the screen."""
    modules = library().modules
    fresh("choices", modules)
    seen = _by_spread(modules)
    table = ([title(module), *_first(one), spread.striptags()] for module, one, spread in seen)
    notes = (until(min((one.day for _, one, _ in seen if one.day), default=None)), *_notes())
    return taken_away("where-people-part", LIST_COLUMNS, table, kind=kind, notes=notes)


@blueprint.get("/where-people-part/<name>")
def parting(name: str) -> str:
    """Every decision of one module’s story, by agency."""
    module = module_called(name)
    waiting = fresh("choices", [module])
    seen = _one(module)
    spread = rows.widest(module, seen)
    return desk_page(
        title(module),
        "lead/parting.html",
        module=module,
        heading=title(module),
        seen=seen,
        spread=spread[1] if spread else "",
        decisions=[_decision(module, one, seen) for one in seen.decisions],
        is_current=seen.version == module.version,
        waiting=waiting,
        notes=_notes(),
        until=until(seen.day),
    )


@blueprint.get(f"/where-people-part/<name>.{FILE}")
def parting_file(name: str, kind: Kind) -> Response:
    """The cells of every decision, a row each."""
    module = module_called(name)
    fresh("choices", [module])
    seen = _one(module)
    notes = (f"{title(module)}, version {seen.version}. {until(seen.day)}", *_notes())
    file = f"where-people-part-{module.folder}-{seen.version}"
    return taken_away(file, rows.COLUMNS, rows.file_rows(module, seen), kind=kind, notes=notes)


def _decision(module: Module, decision: Decision, seen: Partings) -> dict[str, Any]:
    """A decision’s table: a column for each agency that has a figure in it."""
    agencies, withheld = columns_with_figures(seen.agencies, decision.cells)
    return {
        "title": rows.title_of(module, decision.moment),
        "people": decision.together.people if decision.together else 0,
        "columns": ["Choice", TOGETHER, *agencies.values()],
        "rows": rows.heat_rows(module, decision, agencies),
        "withheld": withheld,
    }


def _one(module: Module) -> Partings:
    [seen] = partings_of_all(database(), scope(), [module], version=request.args.get("version"))
    return seen


def _by_spread(modules: tuple[Module, ...]) -> list[tuple[Module, Partings, Markup]]:
    """Each module with its newest version that has figures, and in words where it splits people most."""
    seen = partings_of_all(database(), scope(), modules)
    found = [(module, one, rows.widest(module, one)) for module, one in zip(modules, seen, strict=True)]
    found.sort(key=lambda entry: -(entry[2][0] if entry[2] else -1))
    return [(module, one, spread[1] if spread else Markup("Not two groups yet")) for module, one, spread in found]


def _first(seen: Partings) -> tuple[str, str]:
    """The version, and how many are counted at the first decision."""
    first = seen.decisions[0].together if seen.decisions else None
    return seen.version, f"{first.people:,}" if first else WITHHELD


def _notes() -> tuple[str, ...]:
    return (*RULE, *PATH_RULE)


def _link(module: Module, version: str) -> Markup:
    address = url_for("lead.parting", name=module.folder, version=version)
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(address, title(module))

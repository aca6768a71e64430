"""Changes of content: what changed in each module, and the changes that void completions, which a lead switches on."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, abort, flash, redirect, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from course.catalogue.model import Change, Module
from course.learning.desk import voiding
from course.learning.desk.assigning.asked import NotYours
from course.learning.desk.standing.matrix import Wanted
from course.learning.desk.standing.picture import Rows
from course.learning.desk.voiding import AlreadyVoid, NoSuchChange
from course.learning.tables import VoidInForce
from course.web.addresses import module_called
from course.web.database import database
from course.web.lead import ledger_rows as rows
from course.web.lead.asked import Asked, Look, look
from course.web.lead.desk import blueprint, desk_page, now
from course.web.lead.files.downloads import Kind
from course.web.lead.in_tens import FILE, taken_away
from course.web.lead.person import at
from course.web.security import me

CHANGE = "/currency/<name>/<version>"


@blueprint.get("/currency")
def ledger() -> str:
    """Every version of every module, and which changes wait to be switched on."""
    lines = list(rows.lines_of(_everybody(), voiding.voids_in_force(database())))
    return desk_page(
        "Changes of content",
        "lead/ledger.html",
        columns=rows.COLUMNS,
        rows=[_linked(line) for line in lines],
        waiting=[(_link(line), line.waits) for line in lines if line.waits is not None],
        kinds=[(rows.KINDS[kind], meaning) for kind, meaning in rows.MEANINGS.items()],
        may_switch_on=voiding.may_switch_on(me()),
    )


@blueprint.get(f"/currency.{FILE}")
def ledger_file(kind: Kind) -> Response:
    """The same lines as a file."""
    lines = rows.lines_of(_everybody(), voiding.voids_in_force(database()))
    notes = ["Every version of every module, with the completions that count today on each."]
    notes += [f"{rows.KINDS[kind]}: {meaning}" for kind, meaning in rows.MEANINGS.items()]
    return taken_away("changes-of-content", rows.COLUMNS, (line.cells for line in lines), kind=kind, notes=notes)


@blueprint.get(CHANGE)
def voiding_change(name: str, version: str) -> str:
    """What a change that voids completions would do, or does: whom it asks to do the module again."""
    return _page(_find(name, version))


@blueprint.post(CHANGE)
def switch_on(name: str, version: str) -> AnyResponse | tuple[str, int]:
    """Switch the change on, if it still affects as many people as the page said."""
    if not voiding.may_switch_on(me()):
        abort(404)
    found = _find(name, version)
    people = len(found.affected)
    if found.in_force is None and request.form.get("people") != str(people):
        return _page(found, has_changed=True), 409
    try:
        voiding.switch_on(database(), me(), found.module, version, people=people, now=now())
    except NotYours:
        abort(404)
    except AlreadyVoid as reason:
        flash(str(reason))
    else:
        flash(f"Version {version} is in force. It affects {people:,} {'person' if people == 1 else 'people'}.")
    return redirect(url_for("lead.voiding_change", name=name, version=version))


@blueprint.get(f"{CHANGE}/people.{FILE}")
def voiding_file(name: str, version: str, kind: Kind) -> Response:
    """The people whom the change would ask, or asks, to do the module again."""
    found = _find(name, version)
    told = "who are to do it again" if found.in_force else "who would be asked to do it again"
    title = f"{found.module.number}. {found.module.title}"
    notes = [f"{title}, version {version}: people {told}, as at {date.isoformat(found.seen.picture.day)}."]
    people = rows.people_rows(found.seen, found.module, found.affected)
    return taken_away(f"voided-{found.module.folder}", rows.PEOPLE_COLUMNS, people, kind=kind, notes=notes)


@dataclass(frozen=True)
class _Found:
    """A change that voids, and what it would do, or does."""

    module: Module
    change: Change
    in_force: VoidInForce | None
    """What voids already whatever this change would."""
    seen: Look
    affected: Rows


def _find(name: str, version: str) -> _Found:
    module = module_called(name)
    try:
        change = voiding.find_change(module, version)
    except NoSuchChange:
        abort(404)
    in_force = voiding.voided_by(voiding.voids_in_force(database()), module, version)
    seen = _everybody()
    if in_force:
        return _Found(module, change, in_force, seen, voiding.still_void(seen.picture, module, seen.rows))
    return _Found(module, change, None, seen, voiding.affected(seen.picture, module, version, seen.rows))


def _page(found: _Found, *, has_changed: bool = False) -> str:
    seen, version = found.seen, found.change.version
    column = seen.picture.modules.index(found.module)
    done = seen.rows[seen.picture.done.completed[seen.rows, column] > 0]
    counts = seen.rows[seen.picture.standing.counts[seen.rows, column]]
    whole = done if found.in_force else counts
    teams = rows.by_team(seen, found.affected, whole)
    title = f"Version {version} of {found.module.number}. {found.module.title}"
    return desk_page(
        f"Error: {title}" if has_changed else title,
        "lead/ledger_change.html",
        heading=title,
        found=found,
        since=at(found.in_force.at) if found.in_force else "",
        people=len(found.affected),
        whole=len(whole),
        agencies=rows.by_agency(seen, found.affected, whole),
        teams=teams[: rows.MOST_TEAMS] if len(teams) <= rows.MOST_TEAMS else [],
        is_too_many=len(teams) > rows.MOST_TEAMS,
        has_changed=has_changed,
        may_switch_on=voiding.may_switch_on(me()),
    )


def _everybody() -> Look:
    """Everybody in scope, today."""
    return look(Asked(Wanted(), None, None, "", 1))


def _linked(line: rows.Line) -> list[Any]:
    """The cells of a line, the version a link where there is more to see."""
    cells: list[Any] = [cell if cell is not None else "" for cell in line.cells]
    cells[2] = Markup('<span class="stamp">{}</span>').format(cells[2])
    if line.change and line.change.kind == "voids":
        cells[1] = _link(line, line.change.version)
    return cells


def _link(line: rows.Line, text: str = "") -> Markup:
    version = line.change.version if line.change else ""
    address = url_for("lead.voiding_change", name=line.module.folder, version=version)
    words = text or f"{line.module.number}. {line.module.title}, version {version}"
    return Markup('<a class="govuk-link" href="{}">{}</a>').format(address, words)

"""Who did what: the audit as a lead may read it, on screen and as a file."""

from flask import Response, request
from markupsafe import Markup

from course.learning.desk.audit import ACTS
from course.learning.desk.days import day_of, spoken
from course.learning.desk.deeds import Deed, deeds_in, every_deed
from course.web.database import database
from course.web.lead.asked import number, one_of
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.downloads import Kind
from course.web.lead.in_tens import FILE, taken_away
from course.web.lead.person import at

LINES_A_PAGE = 50
COLUMNS = ("When", "Who", "Agency", "Team", "What", "About whom", "In words")
STAMP = Markup('<span class="stamp">{}</span>')


@blueprint.get("/audit", endpoint="audit")
def audit_page() -> str:
    """What people in scope did, the newest first, fifty a page."""
    act = one_of(ACTS, "act")
    page = min(request.args.get("page", 1, type=number), 2**24)
    found = deeds_in(database(), scope(), act=act, limit=LINES_A_PAGE + 1, offset=(page - 1) * LINES_A_PAGE)
    return desk_page(
        "Who did what",
        "lead/audit.html",
        columns=COLUMNS,
        rows=[(STAMP.format(when), *rest) for when, *rest in map(_cells, found[:LINES_A_PAGE])],
        acts=ACTS,
        act=act,
        query={"act": act} if act else {},
        page=page,
        has_more=len(found) > LINES_A_PAGE,
        rule=_rule(),
    )


@blueprint.get(f"/audit.{FILE}")
def audit_file(kind: Kind) -> Response:
    """All of it as a file, up to the moment at which it was asked for."""
    act = one_of(ACTS, "act")
    rows = (_cells(deed) for deed in every_deed(database(), scope(), act=act))
    which = f"only “{ACTS[act]}”" if act else "everything"
    notes = [f"Who did what, {which}, up to {spoken(day_of(now()))}.", _rule()]
    return taken_away("who-did-what", COLUMNS, rows, kind=kind, notes=notes)


def _cells(deed: Deed) -> tuple[str, ...]:
    return at(deed.at), deed.by, deed.agency, deed.team, ACTS[deed.act], deed.about, deed.what


def _rule() -> str:
    """What somebody with this scope sees."""
    if scope().agency_id is None:
        return "Everything that anybody did is here. Nobody can change or remove a line."
    place = "agency" if scope().team_id is None else "team"
    return (
        f"Here is what people of your {place} did while they were in it. What somebody did whose access is wider than "
        f"yours is not here, and nobody outside your {place} is named. Nobody can change or remove a line."
    )

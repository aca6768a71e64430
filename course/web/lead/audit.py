"""Who did what: the audit as a lead may read it, on screen and as a file."""

from flask import Response, request
from markupsafe import Markup

from course.learning.desk.audit import ACTS
from course.learning.desk.days import day_of, spoken
from course.learning.desk.deeds import Deed, Sought, deeds_in, every_deed
from course.web.database import database
from course.web.lead.asked import LONGEST_NAME, number, one_of, read_day
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.files.downloads import Kind
from course.web.lead.in_tens import FILE, taken_away
from course.web.lead.person import at

LINES_A_PAGE = 50
COLUMNS = ("When", "Who", "Agency", "Team", "What", "About whom", "In words")
STAMP = Markup('<span class="stamp">{}</span>')


@blueprint.get("/audit", endpoint="audit")
def audit_page() -> str:
    """What people in scope did, the newest first, fifty a page."""
    sought, wrong_day = _sought()
    page = min(request.args.get("page", 1, type=number), 2**24)
    found = deeds_in(database(), scope(), sought, limit=LINES_A_PAGE + 1, offset=(page - 1) * LINES_A_PAGE)
    return desk_page(
        "Who did what",
        "lead/audit.html",
        columns=COLUMNS,
        rows=[(STAMP.format(when), *rest) for when, *rest in map(_cells, found[:LINES_A_PAGE])],
        acts=ACTS,
        sought=sought,
        wrong_day=wrong_day,
        query=_query(sought),
        page=page,
        has_more=len(found) > LINES_A_PAGE,
        rule=_rule(),
    )


@blueprint.get(f"/audit.{FILE}")
def audit_file(kind: Kind) -> Response:
    """All of it as a file, up to the moment at which it was asked for."""
    sought, _ = _sought()
    rows = (_cells(deed) for deed in every_deed(database(), scope(), sought))
    notes = [f"Who did what, {_said(sought)}, up to {spoken(day_of(now()))}.", _rule()]
    return taken_away("who-did-what", COLUMNS, rows, kind=kind, notes=notes)


def _sought() -> tuple[Sought, str]:
    """What the address seeks, and what stands in it where no day can be read."""
    name, day = (request.args.get(field, "").strip()[:LONGEST_NAME] for field in ("name", "day"))
    read = read_day(day)
    return Sought(one_of(ACTS, "act"), name, read), "" if read or not day else day


def _query(sought: Sought) -> dict[str, str]:
    """The same as the parameters of an address."""
    fields = {"act": sought.act, "name": sought.name, "day": sought.day}
    return {field: str(value) for field, value in fields.items() if value}


def _said(sought: Sought) -> str:
    """The same in words, for a file that goes further than the page."""
    words = [f"only “{ACTS[sought.act]}”"] if sought.act else []
    words += [f"by or about “{sought.name}”"] if sought.name else []
    words += [f"on {spoken(sought.day)}"] if sought.day else []
    return ", ".join(words) or "everything"


def _cells(deed: Deed) -> tuple[str, ...]:
    return at(deed.at), deed.by, deed.agency, deed.team, ACTS[deed.act], deed.about, deed.what


def _rule() -> str:
    """What somebody with this scope sees."""
    if scope().agency_id is None:
        return "Everything that leads did is here; learning and signing in are not. Nobody can change or remove a line."
    place = "agency" if scope().team_id is None else "team"
    return (
        f"Here is what people of your {place} did while they were in it. What somebody did whose access is wider than "
        f"yours is not here, and nobody outside your {place} is named. Nobody can change or remove a line."
    )

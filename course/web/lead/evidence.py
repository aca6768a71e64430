"""The evidence pack on the desk: a form that asks for a day and for whom, then the pack as a page and as a PDF."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import cast

from flask import Response, abort, current_app, request
from flask.blueprints import BlueprintSetupState

from course.learning.database import all_or_nothing
from course.learning.desk import audit
from course.learning.desk.days import day_of, spoken
from course.learning.desk.standing.matrix import Wanted
from course.learning.scope import AgencyOption, Scope, agencies_in
from course.web.chrome import library
from course.web.database import database
from course.web.lead.asked import Asked, look, read_day
from course.web.lead.content_hashes import content_hashes
from course.web.lead.desk import blueprint, desk_page, now, scope
from course.web.lead.evidence_pack import UNNAMED, Whose, make
from course.web.lead.in_tens import fresh
from course.web.printing.pack import Pack, closing, pdf
from course.web.security import counted_me, limiter, me

LONGEST = 100
PDFS = "20 per hour"
"""For each person: setting a long pack keeps a processor busy for seconds."""
ENOUGH = "No more than 20 packs an hour are made as PDF. Wait an hour and try again, or print the page of the pack."


@blueprint.record
def _hash_content(state: BlueprintSetupState) -> None:
    """Once, when the app is made: nobody should wait for it."""
    state.app.extensions["content_hashes"] = content_hashes(state.app.extensions["library"])


@dataclass(frozen=True)
class Form:
    """What was asked for, as it was filled in. `whom` is empty, agency-3 or team-12."""

    day: str
    whom: str


@blueprint.get("/evidence")
def evidence() -> str:
    """Ask for a pack."""
    return _form(Form(day_of(now()).isoformat(), request.args.get("whom", "")))


@blueprint.get("/evidence/pack")
def evidence_pack() -> str | tuple[str, int]:
    """The pack as a page to read and to print."""
    made = _make("page")
    if isinstance(made, str):
        return made, 422
    return desk_page("Evidence pack", "lead/evidence_pack.html", pack=made, closing=closing(made), query=_query())


@blueprint.get("/evidence/pack.pdf")
@limiter.limit(PDFS, key_func=counted_me, error_message=ENOUGH)
def evidence_pdf() -> Response | tuple[str, int]:
    """The same pack as a tagged PDF."""
    made = _make("PDF")
    if isinstance(made, str):
        return made, 422
    response = Response(pdf(made), mimetype="application/pdf")
    response.headers.set("Content-Disposition", "attachment", filename=f"evidence-pack-{made.as_at.isoformat()}.pdf")
    return response


def _make(kind: str) -> Pack | str:
    """The pack that this request asks for, kept in the audit; or the form again, where there is an error in it."""
    form = Form(request.args.get("as_at", "").strip()[:LONGEST], request.args.get("whom", ""))
    today = day_of(now())
    day = read_day(form.day) if form.day else today
    if day is None:
        return _form(form, f"“{form.day}” is no day. Write it as 31/3/2027.")
    if day > today:
        return _form(form, f"{spoken(day)} is still to come. Choose today or an earlier day.")
    whose = _whose(form.whom, agencies_in(database(), scope()))
    wanted = Wanted(agency_id=whose.scope.agency_id, team_id=whose.scope.team_id)
    waiting = fresh("ratings", library().modules) if day == today else 0
    seen = look(Asked(wanted, None, day, "", 1))
    hashed = cast(Mapping[str, str], current_app.extensions["content_hashes"])
    made = make(database(), seen, whose, library=library(), hashed=hashed, by=me().name, now=now(), waiting=waiting)
    with all_or_nothing(database()):
        what = f"Evidence pack as at {date.isoformat(made.as_at)}, {made.scope}, as a {kind}"
        audit.keep(database(), me(), "downloaded", now=now(), what=what)
    return made


def _whose(whom: str, agencies: list[AgencyOption]) -> Whose:
    """Those chosen, who are in scope; 404 for any others."""
    offered = dict(_whom_options(agencies))
    if not whom:
        mine = scope()
        if mine.agency_id is None:
            return Whose(mine, "Everybody in the partnership")
        whom = f"agency-{mine.agency_id}" if mine.team_id is None else f"team-{mine.team_id}"
    return offered.get(whom) or abort(404)


def _whom_options(agencies: list[AgencyOption]) -> list[tuple[str, Whose]]:
    """Every agency and team that a pack can be about, by the value of the field; no agency for whoever leads a team."""
    found = []
    for agency in agencies:
        if scope().team_id is None:
            found.append((f"agency-{agency.id}", Whose(Scope(agency.id, None), f"Agency: {agency.name}")))
        for team in agency.teams:
            said = f"Team: {team.name}, {agency.name}"
            found.append((f"team-{team.id}", Whose(Scope(agency.id, team.id), said)))
    return found


def _form(form: Form, error: str = "") -> str:
    options = [(value, whose.said) for value, whose in _whom_options(agencies_in(database(), scope()))]
    return desk_page(
        "Error: Evidence pack" if error else "Evidence pack",
        "lead/evidence.html",
        form=form,
        error=error,
        today=day_of(now()).isoformat(),
        unnamed="" if library().partnership else UNNAMED,
        options=options if len(options) > 1 else [],
        everybody="Everybody in the partnership" if scope().agency_id is None else "",
    )


def _query() -> dict[str, str]:
    return {name: request.args[name] for name in ("as_at", "whom") if request.args.get(name)}

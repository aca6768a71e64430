"""Every route of the desk, for every access: what a lead must not reach is not there, in any page or file.

The routes are read from the app, so that one which is added later is held to the same without being named here.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask import Flask, url_for
from pypdf import PdfReader
from sqlalchemy import select
from sqlalchemy.orm import Session
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from course.learning.columns import Base
from course.learning.tables import (
    Assignment,
    Audit,
    Completion,
    DataRequest,
    FormerPlace,
    Import,
    Letter,
    Note,
    Person,
    StoredEvent,
    Team,
)
from tests.web.test_learn import to_the_end
from tests.web.visitor import Visitor

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

NARROW = ("team-lead", "agency-lead")
WIDE = ("partnership-lead", "administrator")
STRANGER, COLLEAGUE = "Quincy Strangeways", "Ottoline Farthing"
"""Somebody of another agency, and somebody of another team of one's own agency."""
PLANTED = "a heron by the weir"
MODULE = "03-module-three"


@pytest.fixture
def strangers(
    app: Flask, session: Session, teams: dict[str, Team], add_person: AddPerson, visit: Visit
) -> dict[str, object]:
    """Two people out of a team lead's reach with all that a desk may hold of them; gives what addresses name it by."""
    stranger, colleague = add_person(STRANGER, team="Neighbourhood"), add_person(COLLEAGUE, team="School nursing")
    chief = add_person("Chief Faraway", access="agency-lead", team="Neighbourhood")
    for person in (stranger, colleague):
        to_the_end(visit(person))
    now = datetime.now(UTC) - timedelta(days=1)
    police = stranger.team.agency_id
    asked = {"module_ids": ["module-three"], "counts_from": now, "made_at": now, "made_by_id": chief.id}
    assignment = Assignment(**asked, agency_id=police, due_on=date.today() - timedelta(days=1))  # noqa: DTZ011
    headings = ["Name", "E-mail", "Agency", "Team", "Role"]
    cells = [PLANTED, "heron@example.org", "Police", "Neighbourhood", "Manager"]
    upload = {"headings": headings, "rows": [[2, cells]], "faulty": []}
    kept = Import(by_id=chief.id, at=now, file=f"{PLANTED}.csv", sha256="", sheet=upload)
    note = Note(module_id="module-three", agency_id=police, by_id=chief.id, at=now, text=PLANTED, owner=STRANGER)
    request = DataRequest(person_id=stranger.id, kind="erase", text=PLANTED, at=now)
    session.add_all([assignment, kept, note, request])
    session.add(Letter(person_id=stranger.id, kind="reminder", at=now, about={}, state="failed", why=PLANTED))
    session.add(Audit(at=now, by_id=chief.id, act="changed", about_id=stranger.id, what=PLANTED))
    session.add(FormerPlace(person_id=stranger.id, team_id=stranger.team_id, role="manager", until=now))
    session.commit()
    app.config["WTF_CSRF_ENABLED"] = False  # what refuses here must be the scope
    return {
        "person_id": stranger.id,
        "assignment_id": assignment.id,
        "import_id": kept.id,
        "note_id": note.id,
        "request_id": request.id,
        "name": MODULE,
        "version": "1.0",
        "kind": "csv",
        "group": "added",
    }


def rules(app: Flask) -> Iterator[tuple[Rule, str]]:
    """Every route of the desk with each of its methods."""
    for rule in sorted(app.url_map.iter_rules(), key=str):
        if rule.endpoint.startswith("lead."):
            for method in sorted((rule.methods or set()) & {"GET", "POST"}):
                yield rule, method


def address(app: Flask, rule: Rule, values: dict[str, object]) -> str:
    with app.test_request_context():
        return url_for(rule.endpoint, **{name: values[name] for name in rule.arguments})


def ask(visitor: Visitor, method: str, path: str) -> TestResponse:
    return visitor.client.open(path, method=method, base_url="https://localhost")


def text_of(response: TestResponse) -> str:
    """What can be read in an answer of any kind."""
    content = response.get_data()
    if content.startswith(b"PK"):
        with ZipFile(BytesIO(content)) as whole:
            return " ".join(whole.read(name).decode(errors="replace") for name in whole.namelist())
    if content.startswith(b"%PDF"):
        return " ".join(page.extract_text() for page in PdfReader(BytesIO(content)).pages)
    return content.decode(errors="replace")


def everything(session: Session) -> dict[str, object]:
    session.expire_all()
    tables = {name: table for name, table in Base.metadata.tables.items() if name not in ("gatherings", "audit")}
    return {name: session.execute(select(table)).all() for name, table in tables.items()}


def test_the_desk_has_routes_that_change_and_routes_that_show(app: Flask) -> None:
    found = [(str(rule), method) for rule, method in rules(app)]
    assert len(found) > 40
    assert {method for _, method in found} == {"GET", "POST"}


def test_whoever_has_not_signed_in_is_sent_to_do_so(app: Flask, visit: Visit, strangers: dict[str, object]) -> None:
    visitor = visit()
    for rule, method in rules(app):
        response = ask(visitor, method, address(app, rule, strangers))
        assert response.status_code == 302, (method, rule)
        assert "/sign-in" in response.headers["Location"]


def test_for_a_learner_no_route_exists(
    app: Flask, visit: Visit, add_person: AddPerson, strangers: dict[str, object], session: Session
) -> None:
    visitor, before = visit(add_person("Lena Learner")), everything(session)
    for rule, method in rules(app):
        assert ask(visitor, method, address(app, rule, strangers)).status_code == 404, (method, rule)
    assert everything(session) == before


NAMES_SOMEBODY = {"person_id", "assignment_id", "import_id", "note_id", "request_id"}


@pytest.mark.parametrize("access", NARROW)
def test_what_is_anothers_is_not_there(
    app: Flask, visit: Visit, add_person: AddPerson, strangers: dict[str, object], session: Session, access: str
) -> None:
    visitor, before = visit(add_person("Zoe Lead", access=access)), everything(session)
    tried = 0
    for rule, method in rules(app):
        if NAMES_SOMEBODY & rule.arguments:
            tried += 1
            assert ask(visitor, method, address(app, rule, strangers)).status_code == 404, (method, rule)
    assert tried > 10
    assert everything(session) == before


@pytest.mark.parametrize("access", [*NARROW, *WIDE])
def test_no_page_or_file_shows_whom_a_lead_must_not_see(
    app: Flask,
    visit: Visit,
    add_person: AddPerson,
    strangers: dict[str, object],
    teams: dict[str, Team],
    access: str,
) -> None:
    visitor = visit(add_person("Zoe Lead", access=access))
    hidden = {"team-lead": (STRANGER, COLLEAGUE, PLANTED), "agency-lead": (STRANGER, PLANTED)}.get(access, ())
    seen = ""
    other = teams["Neighbourhood"]
    for rule, method in rules(app):
        if method == "GET" and not NAMES_SOMEBODY & rule.arguments:
            for kind in ("csv", "xlsx") if "kind" in rule.arguments else ("",):
                path = address(app, rule, strangers | {"kind": kind})
                for query in ("", f"?agency={other.agency_id}&team={other.id}&name=quincy&act=changed"):
                    response = ask(visitor, method, path + query)
                    shown = text_of(response)
                    assert response.status_code in (200, 404), (path, response.status_code)
                    for secret in hidden:
                        assert secret.casefold() not in shown.replace("name=quincy", "").casefold(), path + query
                    seen += shown
    assert (STRANGER in seen) == (access in WIDE)
    assert (COLLEAGUE in seen) == (access != "team-lead")


@pytest.mark.parametrize("access", WIDE)
def test_whoever_looks_after_everybody_reaches_each(
    app: Flask, visit: Visit, add_person: AddPerson, strangers: dict[str, object], access: str
) -> None:
    visitor = visit(add_person("Zoe Lead", access=access))
    for rule, method in rules(app):
        if method == "GET" and "person_id" in rule.arguments:
            assert ask(visitor, method, address(app, rule, strangers)).status_code in (200, 302), rule


def test_only_a_learner_and_the_course_write_what_was_learnt(
    app: Flask, visit: Visit, add_person: AddPerson, strangers: dict[str, object], session: Session
) -> None:
    """No route of the desk adds an event or a completion, whatever it is sent."""
    visitor = visit(add_person("Zoe Lead", access="administrator"))
    counts = [len(session.execute(select(table)).all()) for table in (StoredEvent, Completion)]
    for rule, method in rules(app):
        if method == "POST":
            assert ask(visitor, method, address(app, rule, strangers)).status_code < 500, rule
    assert [len(session.execute(select(table)).all()) for table in (StoredEvent, Completion)] == counts

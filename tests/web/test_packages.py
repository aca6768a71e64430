"""Packages in the web app: chosen without script, made the same as by `course export`, and recorded."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import uuid4
from zipfile import ZipFile

import pytest
from click.testing import CliRunner
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.library import load
from course.cli import main
from course.learning.tables import Attempt, Export, Outgoing, Person
from course.web.packages import packers
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

PLAIN: dict[str, object] = {
    "module": ["03-module-three", "13-module-thirteen"],
    "standard": "scorm12",
    "preset": "moodle",
    "overlay": "none",
}
LOCAL = b"partnership: Wexbridge\nvalues:\n  front-door: Ring <b>01632 960 101</b>\n"


@pytest.fixture
def lead(visit: Visit, add_person: AddPerson) -> Visitor:
    return visit(add_person("Zoe Lead", access="team-lead"))


def make(visitor: Visitor, status: int = 200, *, local: bytes | None = None, **fields: object) -> Visitor:
    """Fill the form in and send it."""
    chosen = PLAIN | fields
    if local is not None:
        chosen |= {"overlay": "file", "file": (BytesIO(local), "local.yaml")}
    return visitor.get("/packages/").send("Make the packages", status, **chosen)


def fetch(visitor: Visitor, path: str, status: int = 200) -> bytes:
    """A file, as it comes."""
    visitor.response = visitor.client.get(path, base_url="https://localhost")
    assert visitor.response.status_code == status, path
    return visitor.response.get_data()


def files_on(visitor: Visitor) -> dict[str, str]:
    """Name to SHA-256 of the files that a page shows."""
    found = {}
    for item in visitor.page.xpath("//li[contains(@class, 'files__file')]"):
        name, rest = text(item).split(" ", 1)
        found[name] = rest[-64:]
    return found


def problems(visitor: Visitor) -> list[str]:
    return [text(item) for item in visitor.page.xpath("//*[contains(@class, 'govuk-error-summary')]//li")]


def exported(folder: Path, *words: str) -> dict[str, bytes]:
    """What `course export` writes, without the guide."""
    result = CliRunner().invoke(main, ["export", *words, "--to", str(folder)], catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return {path.name: path.read_bytes() for path in folder.glob("*.zip")}


def test_the_form_begins_with_all_modules_and_the_standard_that_nearly_every_lms_takes(lead: Visitor) -> None:
    page = lead.get("/packages/").page
    ticked = page.xpath("//input[@name='module']")
    assert [i.get("value") for i in ticked if i.get("checked") is not None] == PLAIN["module"]
    assert page.xpath("//input[@name='standard'][@checked]/@value") == ["scorm12"]
    assert not page.xpath("//input[@name='option'][@checked]")
    assert page.xpath("//input[@name='overlay'][@checked]/@value") == ["none"]


@pytest.mark.parametrize("standard", ["scorm12", "scorm2004", "cmi5", "xapi"])
@pytest.mark.parametrize("option", [None, "one_package"])
def test_what_is_downloaded_is_to_the_byte_what_the_command_writes(
    lead: Visitor, tmp_path: Path, standard: str, option: str | None
) -> None:
    make(lead, standard=standard, option=[option] if option else [])
    written = exported(tmp_path / "out", standard, *(["--one-package"] if option else []))
    shown = files_on(lead)
    assert shown == {name: sha256(content).hexdigest() for name, content in written.items()}
    for name, content in written.items():
        assert fetch(lead, f"{lead.path}/{name}") == content
        assert lead.response.mimetype == "application/zip"
        assert lead.response.headers["Content-Disposition"] == f"attachment; filename={name}"


def test_an_uploaded_overlay_is_filled_in_and_shown_never_obeyed(lead: Visitor, tmp_path: Path) -> None:
    make(lead, local=LOCAL)
    (tmp_path / "local.yaml").write_bytes(LOCAL)
    written = exported(tmp_path / "out", "scorm12", "--local", str(tmp_path / "local.yaml"))
    assert files_on(lead) == {name: sha256(content).hexdigest() for name, content in written.items()}
    assert "Wexbridge" in lead.words
    assert sha256(LOCAL).hexdigest() in lead.words
    document = ZipFile(BytesIO(written["03-module-three-scorm12.zip"])).read("index.html").decode()
    assert "Wexbridge" in document
    assert "<b>01632" not in document


def test_the_apps_own_overlay_is_chosen_at_first_and_read_no_second_time(
    lead: Visitor, app: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    local = tmp_path / "local.yaml"
    local.write_bytes(LOCAL)
    app.extensions["library"] = load(local_file=local)
    packers.open_packers(app, local)
    with monkeypatch.context() as unread:
        unread.setattr(packers, "load", None)
        make(lead, overlay="own")
    shown = files_on(lead)
    assert lead.get("/packages/").page.xpath("//input[@name='overlay'][@checked]/@value") == ["own"]
    written = exported(tmp_path / "out", "scorm12", "--local", str(local))
    assert shown == {name: sha256(content).hexdigest() for name, content in written.items()}


def test_the_files_are_made_again_where_this_process_has_not_made_them(lead: Visitor, app: Flask) -> None:
    make(lead, local=LOCAL)
    before = files_on(lead)
    packers.open_packers(app, None)  # as in another worker, or after a restart
    for name, hash_ in before.items():
        assert sha256(fetch(lead, f"{lead.path}/{name}")).hexdigest() == hash_
    assert files_on(lead.get(lead.path)) == before


def test_everything_comes_as_one_zip_with_the_guide(lead: Visitor) -> None:
    make(lead, preset="totara")
    shown = files_on(lead)
    whole = ZipFile(BytesIO(fetch(lead, f"{lead.path}/everything.zip")))
    assert {n: sha256(whole.read(n)).hexdigest() for n in whole.namelist() if n.endswith(".zip")} == shown
    guide = fetch(lead, f"{lead.path}/import-guide.html")
    assert whole.read("import-guide.html") == guide
    assert b"Totara" in guide
    assert lead.response.mimetype == "text/html"
    assert "script" not in lead.response.headers["Content-Security-Policy"]


def test_the_page_grows_while_the_packages_are_made(lead: Visitor, app: Flask, session: Session) -> None:
    make(lead)
    said = [text(item) for item in lead.page.xpath("//ol[contains(@class, 'making')]/li")]
    assert said == ["1 of 2 built: 03-module-three-scorm12.zip", "2 of 2 built: 13-module-thirteen-scorm12.zip"]
    assert not lead.get(lead.path).page.xpath("//ol[contains(@class, 'making')]"), "made once"

    session.query(Export).update({"files": {}})
    session.commit()
    parts = iter(lead.client.get(lead.path, base_url="https://localhost", buffered=False).response)
    seen = ""
    while "1 of 2 built" not in seen:
        seen += next(parts).decode()
    assert session.scalars(select(Export.files)).one() == {}, "the first line is sent before the last is made"
    seen += b"".join(parts).decode()
    assert seen.rstrip().endswith("</html>")
    assert len(session.scalars(select(Export.files)).one()) == 2


def test_what_cannot_be_made_is_said_and_leaves_nothing_half_done(
    lead: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr("scorm_export.package.zipped", full)
        make(lead)
    assert "could not be made" in lead.words
    assert not files_on(lead)
    assert len(files_on(lead.get(lead.path))) == 2, "the same address makes them as soon as it can"


def test_a_file_that_would_be_another_one_now_is_not_given_out(
    lead: Visitor, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    make(lead)
    path, [name, _] = lead.path, files_on(lead)
    with monkeypatch.context() as newer:
        newer.setattr("scorm_export.package.zipped", lambda files: b"made by a newer version of the course")
        for file in (name, "everything.zip"):
            lead.get(f"{path}/{file}", 410)
            assert lead.page.xpath("//main//a[@href='/packages/']"), "the way to make it anew"

    export = session.scalars(select(Export)).one()
    export.modules = export.modules | {"module-three": "0.9"}
    session.commit()
    lead.get(path)
    assert "The content has changed since" in lead.words
    assert len(files_on(lead)) == 2, "what was recorded stays"
    assert not lead.page.xpath("//main//a[contains(@href, '.zip')]")
    lead.get(f"{path}/{name}", 410)


def test_everything_wrong_is_said_at_once_and_what_was_filled_in_stays(lead: Visitor, session: Session) -> None:
    make(lead, 422, module=[], standard="scorm13", option=["score", "third_edition"], preset="", overlay="")
    assert len(problems(lead)) == 5
    assert lead.page.findtext(".//title").startswith("Error: ")
    for link in lead.page.xpath("//*[contains(@class, 'govuk-error-summary')]//a"):
        assert lead.page.xpath("//*[@id=$id]", id=link.get("href")[1:]), "it leads to the field"
    assert lead.page.xpath("//input[@name='option'][@checked]/@value") == ["score", "third_edition"]
    assert not lead.page.xpath("//input[@name='module'][@checked]")
    assert not session.scalars(select(Export)).all()

    make(lead, 422, module=[], local=LOCAL)
    assert problems(lead) == [
        "Choose at least one module.",
        "Choose your file again: a browser does not keep it. All else is as you filled it in.",
    ]


def test_each_fault_of_an_overlay_is_said_with_its_line(lead: Visitor, session: Session) -> None:
    broken = b"partnership: 3\naddress: ftp://x\nvalues:\n  <script>alert(1)</script>: x\n  front-door: 7\n"
    make(lead, 422, local=broken)
    assert problems(lead) == [
        "Line 1: partnership is not text. Put it in quotes.",
        "Line 5: values.front-door is not text. Put it in quotes.",
    ]
    make(lead, 422, local=broken.replace(b"3", b"W").replace(b"7", b"W"))
    first, second = problems(lead)
    assert first.startswith("Line 2: the address 'ftp://x'")
    assert second == "Line 4: there is no placeholder '<script>alert(1)</script>'."
    assert not session.scalars(select(Export)).all()


ODD_FILES = {
    "empty": (b"", "must not be empty"),
    "large": (b"partnership: x\n" + b"#" * (256 * 1024), "larger than 256 KB"),
    "zip": (b"PK\x03\x04\xff\x00", "not UTF-8"),
    "latin-1": (b"partnership: caf\xe9", "not UTF-8"),
    "brackets": (b"[" * 200_000, "nested too deeply"),
    "nested": (b"values: " + b"[" * 900 + b"]" * 900, "nested too deeply"),
    "nul": (b'partnership: "a\\0b"', "control character"),
    "bell": (b'partnership: x\nvalues: {front-door: "a\\x07b"}', "Line 2: values.front-door has a control character"),
    "long-name": (b"partnership: " + b"x" * 201, "longer than 200 characters"),
    "list": (b"- a list", "not a set of keys"),
    "anchors": (b"a: &b 1\nc: *b", "not valid YAML"),
}


def test_no_file_is_too_odd_to_be_answered(lead: Visitor) -> None:
    for name, (uploaded, said) in ODD_FILES.items():
        make(lead, 422, local=uploaded)
        assert said in problems(lead)[0], name


def test_what_was_made_is_listed_newest_first_with_versions_and_hashes(
    lead: Visitor, visit: Visit, add_person: AddPerson
) -> None:
    make(lead, standard="cmi5", option=["interactions"], module=["13-module-thirteen"], local=LOCAL)
    hashes = files_on(lead)
    other = visit(add_person("Yan Admin", access="administrator"))
    make(other)
    other.get("/packages/exports")
    newest, before = other.page.xpath("//table/tbody/tr")
    assert "Yan Admin" in text(newest)
    assert "SCORM 1.2" in text(newest)
    for word in (
        "Zoe Lead",
        "cmi5",
        "Report each choice too",
        "Wexbridge",
        "1 module",
        "version 1.0",
        *hashes.values(),
    ):
        assert word in text(before), word
    assert not re.search("Zoe|Wexbridge", other.page.findtext(".//title"))


def test_a_long_list_has_pages(lead: Visitor, session: Session) -> None:
    make(lead)
    first = session.scalars(select(Export)).one()
    kept = ("person_id", "at", "standard", "preset", "options", "modules", "partnership", "overlay", "overlay_sha256")
    session.add_all([Export(**{name: getattr(first, name) for name in kept}) for _ in range(44)])
    session.commit()
    seen, following = [], ["/packages/exports"]
    while following:
        lead.get(following[0])
        seen += lead.page.xpath("//table/tbody/tr/th/a/@href")
        following = lead.page.xpath("//a[@rel='next']/@href")
    assert len(seen) == len(set(seen)) == 45
    for odd in ("x", "-1", "0", str(10**30)):
        assert lead.get(f"/packages/exports?page={odd}").page.xpath("//a[@rel='next']")


def park(session: Session, count: int = 1) -> None:
    """XapiStatements that an LRS has refused, one that waits and one that was delivered."""
    attempt = Attempt(
        person_id=session.scalars(select(Person.id)).first(),
        module_id="module-three",
        number=0,
        version="1.0",
        started_at=datetime.now(UTC),
    )
    session.add(attempt)
    session.flush()
    states = [{"refused_why": "<b>No such verb</b>"}] * count
    for state in [*states, {"due_at": datetime.now(UTC)}, {"delivered_at": datetime.now(UTC)}]:
        row = {"statement_id": str(uuid4()), "attempt_id": attempt.id, "number": 0, "verb": "completed", "body": {}}
        session.add(Outgoing(**row, **state))
    session.commit()


def test_an_administrator_sees_why_an_lrs_refused_what_and_lets_it_be_sent_again(
    visit: Visit, add_person: AddPerson, session: Session, count_queries: Callable[[], list[str]]
) -> None:
    admin = visit(add_person("Yan Admin", access="administrator"))
    park(session, 60)
    queries = count_queries()
    admin.get("/packages/statements")
    assert len(queries) <= 6, queries
    assert "Waiting 1 Delivered 1 Refused by the LRS for good 60" in admin.words
    rows = admin.page.xpath("//table/tbody/tr")
    assert len(rows) == 50
    assert "<b>No such verb</b>" in text(rows[0])
    admin.send("Send these 50 again")
    assert "50 statements will be sent again" in admin.words
    assert "Waiting 51 Delivered 1 Refused by the LRS for good 10" in admin.words
    admin.send("Send these 10 again")
    assert not admin.page.xpath("//table")


def test_for_a_training_lead_the_statements_do_not_exist(lead: Visitor, session: Session) -> None:
    park(session)
    lead.get("/packages/statements", 404)
    assert not lead.get("/packages/").page.xpath("//a[contains(@href, 'statements')]")
    token = lead.page.xpath("//input[@name='csrf_token']/@value")[0]
    answer = lead.client.post(
        "/packages/statements",
        data={"csrf_token": token, "id": session.scalars(select(Outgoing.statement_id)).all()},
        base_url="https://localhost",
        headers={"Referer": "https://localhost/packages/"},
    )
    assert answer.status_code == 404
    assert session.scalars(select(Outgoing).where(Outgoing.refused_why.is_not(None))).all()


PATHS = ("/packages/", "/packages/exports", "/packages/statements", "/packages/0123", "/packages/0123/x.zip")


def test_for_a_learner_packages_do_not_exist(learner: Visitor, lead: Visitor) -> None:
    make(lead)
    missing = learner.get("/packages-of-nobody", 404).words
    for path in (*PATHS, lead.path, f"{lead.path}/everything.zip"):
        assert learner.get(path, 404).words == missing
    assert not learner.get("/").page.xpath("//a[contains(@href, 'packages')]")


def test_whoever_is_not_signed_in_goes_to_do_so_first(visit: Visit) -> None:
    for path in PATHS:
        assert visit().get(path).heading == "Sign in"


def test_what_is_not_there_is_not_found(lead: Visitor) -> None:
    make(lead)
    for path in ("/packages/0123", "/packages/0123/x.zip", f"{lead.path}/..%2fx", f"{lead.path}/x.zip"):
        lead.get(path, 404)


def test_no_page_costs_more_than_six_queries(lead: Visitor, count_queries: Callable[[], list[str]]) -> None:
    make(lead)
    for path in ("/packages/", lead.path, f"{lead.path}/everything.zip", "/packages/exports"):
        queries = count_queries()
        fetch(lead, path)
        assert len(queries) <= 6, (path, queries)

"""The zip itself: the same bytes every time, names for any server, nothing that leads nowhere."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from course.catalogue.library import Library
from course.story.compile import code_of
from scorm_export.package import package
from scorm_export.standards import find_standard
from tests.conftest import ROOT
from tests.packages.conftest import unzipped


@pytest.fixture(scope="module")
def zips(library: Library) -> dict[str, bytes]:
    """Every module's package."""
    return {m.folder: package(library, [m], find_standard("scorm12")) for m in library.modules}


def test_the_same_content_gives_the_same_bytes(library: Library, zips: dict[str, bytes]) -> None:
    for module in library.modules:
        assert package(library, [module], find_standard("scorm12")) == zips[module.folder]


def test_another_process_elsewhere_gives_the_same_bytes(
    library: Library, zips: dict[str, bytes], tmp_path: Path
) -> None:
    folder = library.modules[0].folder
    elsewhere = {"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}
    command = [str(Path(sys.executable).with_name("course")), "export", "scorm12", folder, "--to", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, **elsewhere}, cwd=ROOT, capture_output=True, umask=0o77)
    assert (tmp_path / f"{folder}-scorm12.zip").read_bytes() == zips[folder]


def test_file_names_are_safe_on_every_server(zips: dict[str, bytes]) -> None:
    for zipped in zips.values():
        assert [n for n in unzipped(zipped) if not re.fullmatch(r"[a-z0-9._-]+", n) or n.endswith(".mjs")] == []


def test_every_id_in_the_document_is_unique(zips: dict[str, bytes]) -> None:
    for name, zipped in zips.items():
        ids = [e.get("id") for e in _html(zipped).iter() if e.get("id")]
        assert [i for i in ids if ids.count(i) > 1] == [], name


def test_every_fragment_that_a_link_or_form_leads_to_exists(zips: dict[str, bytes]) -> None:
    for name, zipped in zips.items():
        html = _html(zipped)
        ids = {e.get("id") for e in html.iter()}
        wanted = {e.get("href") or e.get("action", "") for e in html.iter("a", "form")}
        assert {w for w in wanted if w.startswith("#") and w[1:] not in ids} == set(), name
        assert [e for e in html.iter("form") if not e.get("action", "").startswith("#")] == [], name


def test_nothing_in_the_document_is_inline_code_or_style(zips: dict[str, bytes]) -> None:
    for name, zipped in zips.items():
        html = _html(zipped)
        assert [s.get("src") for s in html.iter("script")] == ["lesson.js"], name
        assert not list(html.iter("style")), name
        attributes = {str(a) for e in html.iter() for a in e.attrib}
        assert not {a for a in attributes if a.startswith("on") or a == "style"}, name


def test_two_choices_of_a_module_never_share_a_code(library: Library) -> None:
    for module in library.modules:
        codes = [code_of(c) for c in module.story.choices]
        assert len(set(codes)) == len(codes), module.folder


def _html(zipped: bytes) -> etree._Element:
    """The document as player.js completes it."""
    files = unzipped(zipped)
    rest = json.loads(files["steps.js"].decode().partition("{detail: ")[2].removesuffix("}));"))
    return etree.HTML(files["index.html"].decode().replace("</main>", f"{rest}</main>"))

"""The zip itself: the same bytes every time, a manifest that the standard's schemas accept, names for any server."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from lxml import etree

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.story.compile import code_of
from scorm_export.package import package
from scorm_export.standards import find_standard
from tests.conftest import ROOT
from tests.packages.conftest import unzipped
from tests.packages.schemas import problems

CP = "{http://www.imsproject.org/xsd/imscp_rootv1p1p2}"
ADLCP = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"


@pytest.fixture(scope="module")
def zips(library: Library) -> dict[str, bytes]:
    """Every module's package."""
    return {m.folder: package(library, m, find_standard("scorm12")) for m in library.modules}


@pytest.fixture(scope="module")
def manifests(zips: dict[str, bytes]) -> dict[str, etree._Element]:
    return {name: etree.fromstring(unzipped(zipped)["imsmanifest.xml"]) for name, zipped in zips.items()}


def test_the_same_content_gives_the_same_bytes(library: Library, zips: dict[str, bytes]) -> None:
    for module in library.modules:
        assert package(library, module, find_standard("scorm12")) == zips[module.folder]


def test_another_process_elsewhere_gives_the_same_bytes(
    library: Library, zips: dict[str, bytes], tmp_path: Path
) -> None:
    folder = library.modules[0].folder
    elsewhere = {"TZ": "Pacific/Auckland", "LC_ALL": "tr_TR.UTF-8", "PYTHONHASHSEED": "7", "PYTHONUTF8": "0"}
    command = [str(Path(sys.executable).with_name("course")), "export", "scorm12", folder, "--to", str(tmp_path)]
    subprocess.run(command, check=True, env={**os.environ, **elsewhere}, cwd=ROOT, capture_output=True, umask=0o77)
    assert (tmp_path / f"{folder}-scorm12.zip").read_bytes() == zips[folder]


def test_the_manifest_is_at_the_root_and_lists_every_file(
    zips: dict[str, bytes], manifests: dict[str, etree._Element]
) -> None:
    for name, zipped in zips.items():
        listed = [file.get("href", "") for file in manifests[name].iter(f"{CP}file")]
        assert sorted([*listed, "imsmanifest.xml"]) == sorted(unzipped(zipped))


def test_the_manifest_is_valid_scorm_1_2(manifests: dict[str, etree._Element]) -> None:
    for name, manifest in manifests.items():
        assert problems(manifest) == [], name


def test_a_manifest_that_is_wrong_is_seen_to_be(manifests: dict[str, etree._Element]) -> None:
    """The schemas are really asked."""
    manifest = etree.fromstring(etree.tostring(next(iter(manifests.values()))))
    next(manifest.iter(f"{CP}resources")).tag = f"{CP}things"
    assert problems(manifest)


def test_the_manifest_says_what_the_schemas_do_not_ask_for(manifests: dict[str, etree._Element]) -> None:
    for name, manifest in manifests.items():
        (resource,) = manifest.iter(f"{CP}resource")
        assert resource.get(f"{ADLCP}scormtype") == "sco", name
        assert resource.get("href") == "index.html"
        assert manifest.findtext(f"{CP}metadata/{CP}schema") == "ADL SCORM"
        assert manifest.findtext(f"{CP}metadata/{CP}schemaversion") == "1.2"
        (item,) = manifest.iter(f"{CP}item")
        assert item.get("identifierref") == resource.get("identifier")
        (organization,) = manifest.iter(f"{CP}organization")
        assert next(manifest.iter(f"{CP}organizations")).get("default") == organization.get("identifier")


def test_no_mastery_score_turns_a_pause_into_a_failure(manifests: dict[str, etree._Element]) -> None:
    for name, manifest in manifests.items():
        assert "mastery" not in etree.tostring(manifest, encoding="unicode").lower(), name


def test_the_title_is_the_modules_and_the_identifiers_are_its_own(
    library: Library, manifests: dict[str, etree._Element]
) -> None:
    for module in library.modules:
        titles = {title.text for title in manifests[module.folder].iter(f"{CP}title")}
        assert titles == {module.title}
    assert len({manifest.get("identifier") for manifest in manifests.values()}) == len(library.modules)


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


def test_sizes_for_the_record(module: Module, library: Library, zips: dict[str, bytes]) -> None:
    """A note, not a bound: see it with pytest -s."""
    for name, zipped in zips.items():
        files = unzipped(zipped)
        first = sum(len(files[n]) for n in ("index.html", "lesson.css", "lesson.js"))
        print(f"{name}: zip {len(zipped):,} bytes, first screen 3 requests, {first:,} bytes")
    assert all(zips.values())


def _html(zipped: bytes) -> etree._Element:
    return etree.HTML(unzipped(zipped)["index.html"].decode())

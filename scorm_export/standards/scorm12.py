"""SCORM 1.2, the one that a council on plain Moodle needs."""

from scorm_export.standards.standard import Standard

SCORM12 = Standard(
    name="scorm12",
    title="SCORM 1.2",
    manifest="imsmanifest.xml",
    template="scorm12.xml",
    launch="scorm12",
)

"""xAPI with the launch that tincan.xml describes: the address of the LRS comes with the launch."""

from scorm_export.standards.standard import Standard

XAPI = Standard(
    name="xapi",
    title="xAPI (tincan.xml)",
    manifest="tincan.xml",
    template="tincan.xml",
    launch="xapi",
    speaks_xapi=True,
)

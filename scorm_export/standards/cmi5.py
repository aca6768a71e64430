"""cmi5: an assignable unit that the LMS launches against its own LRS."""

from scorm_export.standards.standard import Standard

CMI5 = Standard(name="cmi5", title="cmi5", manifest="cmi5.xml", template="cmi5.xml", launch="cmi5", speaks_xapi=True)

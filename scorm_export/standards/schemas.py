"""The schemas that a package carries, put into the static folder at build time (course/build.py)."""

from functools import cache
from pathlib import Path

from scorm_export.options import Options
from scorm_export.standards.standard import Standard

FOLDER = Path(__file__).parent.parent / "static/schemas"


def schema_files(standard: Standard, options: Options) -> dict[str, bytes]:
    """File name to content, for the root of the zip: ADL's checkers fail a 2004 package without them."""
    return _files(standard.schemas[options.third_edition]) if standard.schemas else {}


@cache
def _files(edition: str) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted((FOLDER / edition).iterdir())}

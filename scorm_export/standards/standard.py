"""What a standard adds to the lesson: a manifest beside it, a launch script inside it, schemas at the root."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Standard:
    """One standard of packaging."""

    name: str
    """As in `course export NAME`, and in the name of the zip."""
    title: str
    manifest: str
    """The manifest's name at the root of the zip."""
    template: str
    """The manifest's template in manifests/."""
    launch: str
    """The launch script, by its name in launch/: the only file that talks to the LMS or LRS."""
    schemas: tuple[str, str] | None = None
    """The folders of schemas that a package carries: of this edition, and of the 3rd where that is chosen."""
    speaks_xapi: bool = False
    """Whether its launch script needs the IRIs of the course's xAPI profile."""

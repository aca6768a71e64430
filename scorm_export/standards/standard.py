"""What a standard adds to the lesson: a manifest beside it and a launch script inside it."""

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
    """The launch script in launch/: the only file that talks to the LMS."""

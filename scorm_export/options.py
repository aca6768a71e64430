"""What an administrator chooses beside modules and standard."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """All off, a package says the least: incomplete, then completed once, and a place."""

    one_package: bool = False
    """One package of all the modules, complete when each of them is."""
    interactions: bool = False
    """Report each choice too, by its id."""
    passed: bool = False
    """Say passed beside or in place of completed, for an LMS that counts nothing else."""
    score: bool = False
    """Send 100 of 100 with the completion, for an LMS that cannot record one without a score. It measures nothing."""
    third_edition: bool = False
    """SCORM 2004 3rd edition in place of the 4th."""

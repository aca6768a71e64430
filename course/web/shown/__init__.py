"""What a learner shows to others by a link: one entry of a journal, or that a certificate is theirs. No sign-in."""

from course.web.shown import certificate, entry  # noqa: F401 (their views join the blueprint)
from course.web.shown.blueprint import blueprint

__all__ = ["blueprint"]

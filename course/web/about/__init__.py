"""Pages that are open to anybody and filled from the partnership's settings: help, accessibility, privacy."""

from course.web.about.views import blueprint

__all__ = ["blueprint"]

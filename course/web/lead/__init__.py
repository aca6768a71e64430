"""For training leads: who has done what, never outside their own scope."""

from course.web.lead.views import blueprint

__all__ = ["blueprint"]

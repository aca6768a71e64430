"""For training leads: who has done what, never outside their own scope."""

from course.web.lead import assignment_edit, assignments, letters, views  # noqa: F401 (its views join the blueprint)
from course.web.lead.desk import blueprint

__all__ = ["blueprint"]

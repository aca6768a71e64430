"""For learners: the list of modules, and the way through one."""

from course.web.learn import handouts  # noqa: F401 (its views join the blueprint)
from course.web.learn.views import blueprint

__all__ = ["blueprint"]

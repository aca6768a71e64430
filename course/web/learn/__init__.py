"""For learners: the list of modules, and the way through one."""

from course.web.learn.views import blueprint

__all__ = ["blueprint"]

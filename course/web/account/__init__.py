"""For everybody: signing in and out, passwords, who looked at one’s record, and what to do about a child now."""

from course.web.account import passwords, who_looked  # noqa: F401 (their views join the blueprint)
from course.web.account.views import blueprint

__all__ = ["blueprint"]

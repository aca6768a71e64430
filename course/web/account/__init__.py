"""For everybody: signing in and out, and what to do about a child now."""

from course.web.account.views import blueprint

__all__ = ["blueprint"]

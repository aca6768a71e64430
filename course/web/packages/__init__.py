"""For training leads: packages for an LMS, made from the same modules as the app, and the record of what was made.

No package is kept here. What was asked for is (course.learning.exports), and the same bytes are made from it again.
"""

from course.web.packages import files, statements  # noqa: F401 (their views join the blueprint)
from course.web.packages.packers import open_packers
from course.web.packages.views import blueprint

__all__ = ["blueprint", "open_packers"]

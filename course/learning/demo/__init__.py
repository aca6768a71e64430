"""A partnership to look at: invented people, and progress and a desk that the course's own rules made."""

from course.learning.demo.filling import DemoSignIn, fill

__all__ = ["DemoSignIn", "fill"]

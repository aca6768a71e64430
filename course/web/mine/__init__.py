"""For a learner, about themselves alone: journal, plan, checks, cards, record, certificates, data."""

from course.web.mine import (  # noqa: F401 (their views join the blueprint)
    cards,
    cards_calendar,
    certificates,
    checks,
    confirming,
    data,
    data_asking,
    entry,
    first,
    hub,
    journal,
    letters,
    plan,
    record,
    sharing,
)
from course.web.mine.blueprint import blueprint

__all__ = ["blueprint"]

"""For training leads: who has done what, never outside their own scope."""

from course.web.lead import (  # noqa: F401 (their views join the blueprint)
    assignment_edit,
    assignments,
    audit,
    data_requests,
    evidence,
    import_decision,
    import_groups,
    imports,
    ledger,
    left,
    letters,
    matrix,
    notes,
    overview,
    partings,
    person,
    person_edit,
    picture,
    reminders,
    six_weeks,
)
from course.web.lead.desk import blueprint

__all__ = ["blueprint"]

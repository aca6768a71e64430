"""What is kept of somebody’s work for others: at the desk, with packages, as a manager. Not whom it was for."""

from sqlalchemy import case, or_

from course.learning.mine.kept_of_people import Kind
from course.learning.tables import Assignment, Audit, DataRequest, Export, Import, Note, SixWeekCheck, VoidInForce

_ABOUT_NOBODY_ELSE = or_(Audit.about_id.is_(None), Audit.about_id == Audit.by_id)

KINDS_DONE_FOR_OTHERS: tuple[Kind, ...] = (
    Kind(
        "deeds",
        Audit,
        (Audit.by_id,),
        (Audit.at, Audit.id),
        only=frozenset({"at", "act"}),
        also={
            "what": case((_ABOUT_NOBODY_ELSE, Audit.what), else_=""),
            "about_somebody_else": case((_ABOUT_NOBODY_ELSE, False), else_=True),
        },
    ),
    Kind("notes", Note, (Note.by_id,), (Note.at, Note.id)),
    Kind("lists_brought_in", Import, (Import.by_id,), (Import.at, Import.id)),
    Kind("packages_made", Export, (Export.person_id,), (Export.at, Export.id)),
    Kind(
        "assignments_made",
        Assignment,
        (Assignment.made_by_id, Assignment.ended_by_id),
        (Assignment.made_at, Assignment.id),
        only=frozenset({"module_ids", "made_at", "ended_at"}),
    ),
    Kind("changes_switched_on", VoidInForce, (VoidInForce.by_id,), (VoidInForce.at, VoidInForce.module_id)),
    Kind(
        "talks_confirmed",
        SixWeekCheck,
        (SixWeekCheck.confirmed_by_id,),
        (SixWeekCheck.confirmed_at, SixWeekCheck.completion_id),
        only=frozenset({"confirmed_at"}),
    ),
    Kind(
        "requests_answered",
        DataRequest,
        (DataRequest.answered_by_id,),
        (DataRequest.answered_at, DataRequest.id),
        only=frozenset({"kind", "answered_at"}),
    ),
)
"""In the order in which they are shown."""

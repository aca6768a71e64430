"""The tables. Times are aware and UTC; attempts, events, completions and the audit are only ever added to.

The migrations make the database; nothing else may (a test holds the two equal). They also make the triggers
by which the database itself refuses to change or delete what is kept, and notes whom a change touches.
"""

from course.learning.columns import NAME
from course.learning.tables.desk import Assignment, Audit, Changed, Gathering, Import, Note, VoidInForce
from course.learning.tables.learning import Attempt, Completion, Reflection, StoredEvent
from course.learning.tables.mine import REQUESTS, CardAnswer, Certificate, CheckBegun, DataRequest, Share, SixWeekCheck
from course.learning.tables.people import ACCESS, CARDS, Agency, FormerPlace, Person, Team
from course.learning.tables.sending import LETTERS, STATES, Export, Letter, Outgoing

__all__ = [
    "ACCESS",
    "CARDS",
    "LETTERS",
    "NAME",
    "REQUESTS",
    "STATES",
    "Agency",
    "Assignment",
    "Attempt",
    "Audit",
    "CardAnswer",
    "Certificate",
    "Changed",
    "CheckBegun",
    "Completion",
    "DataRequest",
    "Export",
    "FormerPlace",
    "Gathering",
    "Import",
    "Letter",
    "Note",
    "Outgoing",
    "Person",
    "Reflection",
    "Share",
    "SixWeekCheck",
    "StoredEvent",
    "Team",
    "VoidInForce",
]

"""How letters end: who sends them, and whom to ask about them."""

from course.learning.desk.mail.mailbox import one_line
from course.learning.tables import Person


def closing(partnership: str, by: Person | None = None) -> str:
    """The last paragraph of a letter. `partnership` is its name, empty where none is set; `by`, the lead who sends it.

    Whoever has never heard of the course has to see whether to trust it.
    """
    sender = one_line(partnership) or "your safeguarding partnership"
    if by is None:
        return f"This letter comes from {sender}. If something in it is unclear or wrong, ask your training lead."
    lead = f"{one_line(by.name)} ({by.email})"
    return f"{lead} sends you this letter for {sender}. If something in it is unclear or wrong, ask them."

"""What is said of a link to an entry: whether it works, until when, and how often it was opened."""

from datetime import datetime
from typing import NamedTuple

from course.learning.desk.days import day_before, day_of, spoken
from course.learning.mine import sharing
from course.learning.mine.reflections import Reflection
from course.learning.tables import Share


class Linked(NamedTuple):
    """One of the links to an entry: its mark, the words about it, and whether it shows the entry."""

    mark: str
    words: str
    works: bool


def linked(share: Share, kept: Reflection, *, now: datetime) -> Linked:
    """A link to an entry, as it stands now."""
    return Linked(share.mark, link_words(share, kept, now=now), sharing.works(share, kept, now=now))


def last_day(share: Share) -> str:
    """The last day on which a link works, as a sentence says it."""
    return spoken(day_before(share.ends_at))


def link_words(share: Share, kept: Reflection, *, now: datetime) -> str:
    """Whether a link works, and how often it was opened."""
    if share.taken_back_at:
        state = f"You took it back on {spoken(day_of(share.taken_back_at))}."
    elif share.entry_saved_at != kept.saved_at and kept.saved_at < share.ends_at:
        state = "It shows nothing any more: you have changed the entry since."
    elif share.entry_saved_at != kept.saved_at:  # the last change came after its end; there may be one before
        state = "It shows nothing any more: its time is over, and you have changed the entry since."
    elif now >= share.ends_at:
        state = f"It ended on {last_day(share)}."
    else:
        state = f"It works until the end of {last_day(share)}."
    if not share.opened_at:
        return f"{state} Nobody has opened it."
    times = "once" if share.opened == 1 else f"{share.opened} times"
    return f"{state} Opened {times}, last on {spoken(day_of(share.opened_at))}."

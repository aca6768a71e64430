"""A reminder and what it says: titles of modules and dates, and nothing else about anybody's learning."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from course.learning.desk.days import day_of, spoken
from course.learning.desk.mail.closing import closing
from course.learning.desk.mail.mailbox import one_line
from course.learning.desk.mail.post import Draft

WEEK = timedelta(days=7)
"""In days of London: of any seven days, a letter goes out on one at most."""


class Line(NamedTuple):
    """One module that somebody is asked to do and that is due."""

    number: int
    title: str
    status: str
    by: date | None
    is_again: bool
    """Whether they completed it before."""


class Due(NamedTuple):
    """Somebody and what is due of theirs."""

    name: str
    lines: tuple[Line, ...]


@dataclass(frozen=True)
class Reminder:
    """A letter to somebody: what they are asked to do themselves, and what the people are whom they answer for."""

    person_id: str
    name: str
    email: str
    own: tuple[Line, ...]
    others: tuple[Due, ...]
    last: datetime | None
    """When they got the last one."""

    @property
    def once(self) -> str:
        """What the letter may happen only once after. Whoever plans the same letter meanwhile cannot send it too."""
        after = f"{self.last:%Y-%m-%dT%H:%M:%S.%f}" if self.last else "the first"
        return f"reminder:{self.person_id}:{after}"

    @property
    def next_on(self) -> date | None:
        """The first day on which they may get another one, if they ever had one."""
        return day_of(self.last) + WEEK if self.last else None


@dataclass(frozen=True)
class Terms:
    """What holds for every letter: where the course is, whether people may switch letters off, and who sends them."""

    course_url: str
    may_opt_out: bool = False
    partnership: str = ""
    """Its name; empty where none is set."""

    @property
    def letters(self) -> str:
        """Where a reader sees and chooses which letters they get."""
        return f"{self.course_url}/mine/letters"

    @property
    def opt_out(self) -> str:
        """Where a reader switches them off; empty where they may not."""
        return self.letters if self.may_opt_out else ""


def draft_of(reminder: Reminder, terms: Terms) -> Draft:
    """The letter, ready to be sent."""
    return Draft(
        reminder.person_id,
        reminder.name,
        reminder.email,
        "reminder",
        subject_of(reminder),
        text_of(reminder, terms),
        once=reminder.once,
        about={"modules": [line.number for line in reminder.own], "people": len(reminder.others)},
        unsubscribe=terms.opt_out,
    )


def subject_of(reminder: Reminder) -> str:
    """What the letter is about, in a few words."""
    modules, people = len(reminder.own), len(reminder.others)
    said = [f"{modules} module{'s'[: modules != 1]} to do"] if modules else []
    said += [f"{people} of your people ha{'s' if people == 1 else 've'} modules to do"] if people else []
    return f"{', and '.join(said)} – Learning into Practice"


def text_of(reminder: Reminder, terms: Terms) -> str:
    """The whole letter."""
    return "\n".join(_paragraphs(reminder, terms))


def _paragraphs(reminder: Reminder, terms: Terms) -> Iterator[str]:
    yield f"Dear {one_line(reminder.name)},\n"
    if reminder.own:
        yield "you are asked to do these modules of Learning into Practice:\n"
        yield from (f"- {line_in_words(line)}" for line in reminder.own)
        yield ""
    if reminder.others:
        yield "These people, for whom you answer, have modules of Learning into Practice to do:\n"
        for due in reminder.others:
            yield one_line(due.name)
            yield from (f"- {line_in_words(line)}" for line in due.lines)
            yield ""
    if terms.course_url:
        yield f"Sign in here: {terms.course_url}\n"
    yield "You get such a letter at most once a week, and none when nothing is due."
    if terms.opt_out:
        yield f"To stop these letters: {terms.opt_out}"
    yield f"\n{closing(terms.partnership)}\n"


@lru_cache(maxsize=10_000)
def line_in_words(line: Line) -> str:
    """One module, and by when."""
    return f"Module {line.number}, {line.title}: {_when(line)}"


def _when(line: Line) -> str:
    day = spoken(line.by) if line.by else "now"
    match line.status:
        case "overdue":
            return f"was due by {day}"
        case "expired":
            return f"to be done again, the refresher was due by {day}"
        case "voided":
            return "to be done again, since a new version has replaced the one completed"
        case _:
            return f"to be done again by {day}" if line.is_again else f"due by {day}"

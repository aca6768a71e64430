"""What letters say when a check, a card or a talk waits: a number, a day, a link. Nothing that anybody did or wrote."""

from datetime import date
from typing import NamedTuple

from course.catalogue.model import Module
from course.learning.desk.days import spoken
from course.learning.desk.mail.closing import closing
from course.learning.desk.mail.mailbox import one_line
from course.learning.desk.mail.post import Draft
from course.learning.desk.mail.reminder_words import Terms

CHECK_SUBJECT = "Five minutes, six weeks on – Learning into Practice"
CARD_SUBJECT = "A two-minute decision – Learning into Practice"


class Reader(NamedTuple):
    """Whom a letter goes to."""

    person_id: str
    name: str
    email: str


def check_draft(reader: Reader, terms: Terms, module: Module, *, on: date, once: str) -> Draft:
    """The letter when the check of a module can be answered; `on` is the day on which the module was completed."""
    said = [
        f"you completed module {module.number} of Learning into Practice on {spoken(on)}. A short check is ready for "
        "you: one decision and three questions, about five minutes. It counts for nothing, and nobody but you sees "
        "what you answer.",
        f"Open it here, after you sign in: {terms.course_url}/mine/checks/{module.folder}",
        "It waits until you answer it. This is the only letter about it.",
        *([f"To stop such letters: {terms.opt_out}"] if terms.opt_out else []),
    ]
    text = _whole(reader, said, terms)
    return Draft(*reader, "check", CHECK_SUBJECT, text, once=once, unsubscribe=terms.opt_out)


def card_draft(reader: Reader, terms: Terms, *, once: str) -> Draft:
    """The letter when a card waits."""
    said = [
        "a decision card of Learning into Practice waits for you. It takes two minutes, counts for nothing, and nobody "
        "else sees what you choose.",
        f"Open it here, after you sign in: {terms.course_url}/mine/cards/next",
        "You asked for cards by e-mail, and get at most one such letter a week. To change or stop them: "
        f"{terms.letters}",
    ]
    return Draft(*reader, "card", CARD_SUBJECT, _whole(reader, said, terms), once=once, unsubscribe=terms.letters)


def talks_draft(reader: Reader, terms: Terms, talks: int, *, once: str) -> Draft:
    """The letter when talks wait for a manager to confirm. It names nobody: letters are read over shoulders."""
    said = [
        f"{'somebody says' if talks == 1 else f'{talks} people say'} in Learning into Practice that they talked a "
        "module over with you, and you have not confirmed it yet. It takes a minute.",
        f"See who, after you sign in: {terms.course_url}/mine/confirm",
        "You get such a letter at most once a week, and only when there is a new one.",
        *([f"To stop such letters: {terms.opt_out}"] if terms.opt_out else []),
    ]
    subject = f"{talks} talk{'s'[: talks != 1]} to confirm – Learning into Practice"
    return Draft(*reader, "talks", subject, _whole(reader, said, terms), once=once, unsubscribe=terms.opt_out)


def _whole(reader: Reader, said: list[str], terms: Terms) -> str:
    return "\n\n".join([f"Dear {one_line(reader.name)},", *said, closing(terms.partnership)]) + "\n"

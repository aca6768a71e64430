"""What the letters say that bring a link for a password."""

from course.learning.desk.days import day_of, spoken
from course.learning.desk.mail.links import Link
from course.learning.desk.mail.post import Draft
from course.learning.tables import Person


def invitation(person: Person, link: Link, end: str) -> Draft:
    """The first letter to somebody; `end` is its closing."""
    text = (
        f"Dear {person.name},\n\n"
        "you have an account for Learning into Practice, a course on working together to keep children safe. "
        "Choose your password here, and you are signed in:\n\n"
        f"{link.address}\n\n"
        f"The link is yours alone and works once, until {spoken(day_of(link.until))}. After that, ask your training "
        "lead for another one.\n\n"
        f"You sign in with this e-mail address: {person.email}\n\n"
        f"{end}\n"
    )
    return Draft(person.id, person.name, person.email, "invitation", "Your account for Learning into Practice", text)


def new_password(person: Person, link: Link, end: str) -> Draft:
    """The letter to somebody who forgot theirs; `end` is its closing."""
    text = (
        f"Dear {person.name},\n\n"
        "somebody, most likely you, asked for a new password for Learning into Practice. Choose it here:\n\n"
        f"{link.address}\n\n"
        "The link works once, for an hour. If it was not you, do nothing: your password stays as it is.\n\n"
        f"{end}\n"
    )
    return Draft(person.id, person.name, person.email, "password", "A new password for Learning into Practice", text)

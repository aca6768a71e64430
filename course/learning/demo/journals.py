"""What the named learners of the demonstration wrote in their journals, and when they did those modules.

The words tell of habits and hours, and of no family: as an entry should, and so that no reader takes one for real.
"""

from typing import NamedTuple

from course.learning.demo.people import NAMED

LEARNER, MANAGER = NAMED[0].email, NAMED[1].email


class DemoEntry(NamedTuple):
    """An entry for the reflection of a module, with what became of it."""

    email: str
    number: int
    days: int
    """How many days ago they completed the module; a day or two more where that was a weekend."""
    answers: tuple[str, ...]
    commitment: str
    due_in: int
    """Days from now."""
    who_notices: str
    done: int = 0
    """How many days ago they ticked it off; 0: it is not."""
    shared: int = 0
    """How many days ago they shared it; 0: never."""
    taken_back: int = 0
    """How many days ago they took that back; 0: it shows the entry."""


ENTRIES = (
    DemoEntry(
        LEARNER,
        7,
        180,
        (
            "“Nothing to worry about”, by phone, at the end of a long day. I stopped asking what had been looked at, "
            "and what had not.",
            "I had heard “unexplained” as “somebody did it”. It means that nobody knows yet. I want to be able to say "
            "that to a family in those words.",
            "More than I would have said before I looked. I have begun a list.",
        ),
        "When I am given a medical view by phone, ask what it rests on, and ask for it in writing the same day.",
        -150,
        "The colleague I share a desk with",
        done=153,
        shared=171,
        taken_back=166,
    ),
    DemoEntry(
        LEARNER,
        12,
        63,
        (
            "I made a line softer because I did not want to see a face fall. It was hard to say. It was not unsafe, "
            "and I had mixed up the two.",
            "If I had asked to hear it back in their own words, I would have known. I took a nod for a yes.",
            "I kept my coat on and left early. I told nobody until supervision, weeks later. Next time I say it on the "
            "same day.",
        ),
        "Go through my next report with the parent before the meeting, once I have checked that it puts nobody at "
        "risk.",
        -6,
        "My supervisor, who will ask how it went",
    ),
    DemoEntry(
        LEARNER,
        14,
        18,
        (
            "I know their mornings. Of the evenings I know nothing, and I have never asked who does.",
            "I picture somebody who calls in every day. I could not say when I last checked that.",
            "My contact sheet. I write it for us, but somebody else might use it to judge how much help a parent "
            "needs.",
        ),
        "Ring the duty worker in adults’ social care. Ask what they need from me, and what they can tell me.",
        9,
        "Our team, at the Thursday meeting",
        shared=2,
    ),
    DemoEntry(
        MANAGER,
        3,
        270,
        (
            "I read “good rapport, lovely home” and closed the page. One question was missing: who has looked?",
            "They waited a whole day to hear from us. A call at noon to say what happens next would have taken five "
            "minutes.",
            "In our inbox after four o’clock. A note can be read, marked and left until the morning.",
        ),
        "Agree who reads what comes in after four o’clock, on every day of the week, and who stands in.",
        -240,
        "My deputy",
        done=244,
        shared=262,
        taken_back=255,
    ),
    DemoEntry(
        MANAGER,
        13,
        50,
        (
            "“Engaging well.” A stranger would not see who comes to the door, or whether the child is any safer.",
            "Less than I thought. I know the sitting room.",
            "Any line that says how hard the adults tried, and not what the day was like for the child.",
        ),
        "Sign off nothing that says “engaging well”. Ask the writer what the child would have seen, and put that.",
        12,
        "Two of the team, who will each read three of my entries",
        shared=4,
    ),
)

DAYS_AGO = {(entry.email, entry.number): entry.days for entry in ENTRIES}
"""Who did which module, by its number, that many days ago."""
UNANSWERED = {(LEARNER, 12), (MANAGER, 13)}
"""Whose check of which module came due not long ago, and waits."""


class DemoRequest(NamedTuple):
    """Something that a named learner asked to have corrected."""

    email: str
    days: int
    """How many days ago."""
    text: str
    answered: int = 0
    """How many days ago; 0: it is open."""
    answer: str = ""


REQUESTS = (
    DemoRequest(
        MANAGER,
        38,
        "I am shown in Assessment. I was told that I would move to Family help. Which of the two is right?",
        33,
        "Thank you for asking. We checked with your head of service. The move has been put off, so Assessment is right "
        "and we have changed nothing. Tell us if it turns out otherwise.",
    ),
    DemoRequest(
        LEARNER,
        3,
        "I have married. Please change my family name to Okafor-Lewis, with a hyphen, wherever it is shown.",
    ),
)

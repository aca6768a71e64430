"""What is kept of somebody in groups, each with why it is kept, who can see it and how long."""

from dataclasses import dataclass
from typing import Literal

from course.learning.mine.kept_of_people import Kind
from course.learning.mine.my_record import kinds


@dataclass(frozen=True)
class Group:
    """Kinds of my_record.KINDS that are shown together."""

    key: str
    title: str
    keys: tuple[str, ...]
    """The kinds in it, as they are called in the file."""
    why: str
    who: str
    kept: Literal["record", "mine", "always"]
    """How long: as the partnership sets for learning records, until the learner deletes it, or for good."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        """The kinds in it, in their order."""
        return tuple(kinds(self.keys))


LEADS = "the training leads of your team, your agency and the partnership, and the administrators of this course"

GROUPS: tuple[Group, ...] = (
    Group(
        "who-i-am",
        "Who I am and where I worked",
        ("person", "former_places"),
        "So that you can sign in, letters reach you, and what you do counts for your team and agency.",
        f"You; {LEADS}.",
        "record",
    ),
    Group(
        "asked",
        "What I was asked to do, and letters to me",
        ("assignments", "letters"),
        "So that you and your leads see the same about what is due, and no letter goes twice.",
        f"You; {LEADS}. Whoever is named as your manager can get a letter that says which modules you have due.",
        "record",
    ),
    Group(
        "did",
        "What I did in the modules",
        ("attempts", "events", "completions", "statements"),
        "Your place in a module and your completion are worked out from it. There is no score.",
        f"Which modules you began and completed, when, and on which version: you; {LEADS}. "
        "Everything else: you alone. No page or file of leads shows a choice or a rating of yours with your name: "
        "those are counted in groups of ten people.",
        "record",
    ),
    Group(
        "wrote",
        "What I wrote",
        ("reflections", "shares"),
        "So that you can read it again. A link that you made is kept so that you can take it back.",
        "You, and whoever you gave a link to that still works. No lead and no administrator: no page, file or letter "
        "shows it to them. Whoever looks after the computers could read the database, and a court or an inquiry could "
        "ask for it: so write nothing that says who a child is.",
        "mine",
    ),
    Group(
        "later",
        "Checks at six weeks, cards and certificates",
        ("six_week_checks", "checks_begun", "card_answers", "certificates"),
        "Checks and cards, so that you are asked each only once. Certificates, so that they can be checked.",
        "Your answers: you alone. If you say that you have talked a check over, whoever is named as your manager sees "
        "your name, the module and the day. Leads see how many checks were answered, not whose and not how. A "
        "certificate: whoever you give it to.",
        "record",
    ),
    Group(
        "my-requests",
        "What I asked about my data",
        ("requests",),
        "So that it is answered, and that it can be shown that it was.",
        "The training leads for the partnership and the administrators of this course, who answer it.",
        "record",
    ),
    Group(
        "looked",
        "Who looked at my record or changed it",
        ("who_looked",),
        "So that nobody looks at your record unseen.",
        "You; and the leads and administrators who see what those in their scope did.",
        "always",
    ),
    Group(
        "for-others",
        "What I did for others",
        (
            "deeds",
            "notes",
            "lists_brought_in",
            "packages_made",
            "assignments_made",
            "changes_switched_on",
            "talks_confirmed",
            "requests_answered",
        ),
        "Whoever sees or changes what others did leaves a trace of it. Whom it was about is not shown here: that is "
        "their data.",
        "Whom it was about; and the leads and administrators who see what those in their scope did.",
        "always",
    ),
)
"""In the order in which they are shown. Together they hold every kind once, which a test checks."""

TITLES: dict[str, str] = {
    "person": "My account",
    "former_places": "Where I was before",
    "assignments": "What I was asked",
    "letters": "Letters to me",
    "attempts": "Modules that I began",
    "events": "Each thing that I did",
    "completions": "Completions",
    "statements": "Sent to the learning record store, or waiting to be",
    "reflections": "Journal",
    "shares": "Links to an entry",
    "six_week_checks": "Checks at six weeks",
    "checks_begun": "Checks that you began",
    "card_answers": "Decision cards",
    "certificates": "Certificates",
    "requests": "Requests",
    "who_looked": "Who looked or changed something",
    "deeds": "What I did",
    "notes": "Notes beside an issue",
    "lists_brought_in": "Lists of people that I uploaded",
    "packages_made": "Packages that I made",
    "assignments_made": "Assignments that I made or ended",
    "changes_switched_on": "Changes of content that I switched on",
    "talks_confirmed": "Talks that I confirmed",
    "requests_answered": "Requests that I answered",
}
"""Key of a kind to its name on screen."""


def shown(counts: dict[str, int]) -> list[Group]:
    """The groups that somebody sees: what one does for others only where there is something."""
    return [group for group in GROUPS if group.key != "for-others" or any(counts[key] for key in group.keys)]


def how_long(group: Group, records_kept: str) -> str:
    """How long a group is kept, in a sentence; `records_kept` is what the partnership says of learning records."""
    match group.kept:
        case "record":
            return f"It is kept {records_kept}."
        case "mine":
            return "Until you delete it, which you can do at any time."
        case "always":
            return "As long as the course is used here. Nobody can change or delete a line of who did what."

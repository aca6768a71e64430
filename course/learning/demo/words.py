"""What the leads of the demonstration wrote: notes and actions beside issues, a list of people, names of files."""

from typing import NamedTuple


class DemoNote(NamedTuple):
    """Something written beside the issue of a module."""

    number: int
    by: str
    """Which lead wrote it: partnership, health or team."""
    days: int
    """How many days ago."""
    text: str
    owner: str = ""
    due_in: int = 0
    """Days from now, for an action."""
    done: int = 0
    """How many days ago it was done; 0: it is not."""


NOTES = (
    DemoNote(
        1,
        "partnership",
        160,
        "Practitioners say that “have you thought about early help?” still ends the call. Managers think it does not.",
    ),
    DemoNote(
        1,
        "partnership",
        158,
        "Add one line to the contact record: what would make us look again.",
        "Head of the front door",
        -70,
        82,
    ),
    DemoNote(
        3,
        "health",
        90,
        "Health visitors know the protocol by heart, and are not sure who rings whom after five o’clock.",
    ),
    DemoNote(
        3,
        "health",
        88,
        "Agree an out-of-hours number with the children’s emergency department.",
        "Named nurse",
        -12,
    ),
    DemoNote(
        5,
        "partnership",
        75,
        "Senior managers rate the escalation route as in place. Fewer than half of practitioners do.",
    ),
    DemoNote(
        5,
        "partnership",
        74,
        "Take the escalation policy to every team meeting, with the self-assessment beside it.",
        "Training pool",
        34,
    ),
    DemoNote(
        8,
        "team",
        40,
        "Ask at the next cluster meeting how attendance notes reach the conference.",
        "Shabnam Iqbal",
        18,
    ),
    DemoNote(9, "partnership", 60, "Police and social care read “no further action” differently. Bring to the forum."),
    DemoNote(
        11,
        "partnership",
        52,
        "Chairs to try the one-page agenda for three months.",
        "Conference chairs",
        61,
    ),
    DemoNote(14, "partnership", 21, "Too few answers from adults’ social care for a picture of its own yet."),
)

DOWNLOADS = (
    (1, "people.csv, filters: agency 3"),
    (8, "people-by-module.csv, filters: none"),
    (27, "teams.xlsx, filters: none"),
    (60, "people.xlsx, filters: role manager; status overdue"),
)
"""How many days ago, and what the audit says."""

LIST = """\
Name,E-mail,Agency,Team,Role,Manager,Joined
Tessa Varley,tessa.varley@example.org,Health,School nursing,Practitioner,health-lead@example.org,2026-10-05
Rafi Toms,rafi.toms@example.org,Police,Neighbourhood policing,Practitioner,,2026-10-12
Amara Okafor,learner@example.org,Health,Health visiting,Practitioner,,
Bronwen Ellis,bronwen.ellis@example,Education,Early years,Manager,,
Idris Falana,idris.falana@example.org,Voluntary sector,Family mentoring,Manager,,01/09/2026
"""
"""A list of people: three to add, one who is there already, and one whose address is no address."""

"""The invented partnership of the demonstration: its agencies, teams and people. Nobody here exists."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from course.catalogue.model import ROLES

AGENCIES: dict[str, tuple[int, tuple[str, ...]]] = {
    "Children’s social care": (22, ("Front door", "Assessment", "Family help")),
    "Health": (22, ("Health visiting", "School nursing", "Children’s emergency department")),
    "Education": (22, ("Early years", "Primary schools", "Secondary schools")),
    "Police": (20, ("Child abuse investigation", "Neighbourhood policing")),
    "Probation": (10, ("Court", "Sentence management")),
    "Adults’ social care": (12, ("Mental health", "Learning disability")),
    "Voluntary sector": (11, ("Domestic abuse support", "Young carers")),
    "Partnership team": (4, ("Business unit", "Training pool")),
}
"""Agency to how many people each of its teams has, and its teams.

Some are so small that what they answered is withheld: that is to be seen too.
"""


@dataclass(frozen=True)
class Member:
    """Somebody in a team; `what` says how they see the course, for those whose sign-in is shown."""

    name: str
    email: str
    what: str
    team: str
    role: str = "practitioner"
    access: str = "learner"


NAMED = (
    Member("Amara Okafor", "learner@example.org", "a learner: health visitor", "Health visiting"),
    Member("Gareth Pritchard", "manager@example.org", "a learner: manager in social care", "Assessment", "manager"),
    Member(
        "Shabnam Iqbal",
        "team-lead@example.org",
        "training lead for one team, in primary schools",
        "Primary schools",
        "manager",
        "team-lead",
    ),
    Member(
        "Catriona MacLeod",
        "health-lead@example.org",
        "training lead for one agency, health",
        "School nursing",
        "senior-manager",
        "agency-lead",
    ),
    Member(
        "Delroy Campbell",
        "partnership-lead@example.org",
        "training lead for the whole partnership",
        "Training pool",
        "senior-manager",
        "partnership-lead",
    ),
    Member(
        "Joanna Kowalczyk", "administrator@example.org", "administrator", "Business unit", "manager", "administrator"
    ),
)
"""Those whose sign-in is shown; the first is the demo learner."""

OTHERS = (
    "Abdi Warsame",
    "Adaeze Nwosu",
    "Aisha Rahman",
    "Alastair Baird",
    "Anjali Desai",
    "Beatrice Holloway",
    "Bethan Llewellyn",
    "Bilal Hussain",
    "Callum Ferguson",
    "Camille Baptiste",
    "Chidi Eze",
    "Ciara Gallagher",
    "Daljit Sandhu",
    "Danuta Nowak",
    "Deepa Krishnan",
    "Dylan Bevan",
    "Efua Mensah",
    "Eleanor Whitcombe",
    "Esther Goldberg",
    "Faisal Choudhury",
    "Fiona Dalrymple",
    "Folasade Adeyemi",
    "Grace Tembo",
    "Harpreet Gill",
    "Helen Braithwaite",
    "Hoang Nguyen",
    "Ioana Popescu",
    "Isla Drummond",
    "Jade Thornton",
    "Jerome Francis",
    "Kezia Clarke",
    "Kieran O’Donnell",
    "Kwame Boateng",
    "Leila Haddad",
    "Lowri Vaughan",
    "Malcolm Ridley",
    "Marek Zielinski",
    "Mei Ling Chan",
    "Mohammed Patel",
    "Niamh Doherty",
    "Oluwaseun Bakare",
    "Patricia Grant",
    "Priti Solanki",
    "Rasheeda Begum",
    "Rhys Morgan",
    "Rosalind Ashworth",
    "Samuel Osei",
    "Siobhan Keane",
    "Tariq Mahmood",
    "Tomasz Wójcik",
    "Usha Ramanathan",
    "Verity Langford",
    "Yasmin Karimi",
    "Zainab Suleiman",
)

_FIRST_NAMES = """
Adam Aoife Arjun Bogdan Carys Claudette David Eilidh Emeka Farah Gemma Gwen Hamza Imani Iwan Jacek Karen Kavita
Laura Leroy Magda Maryam Nadia Nathan Nia Omar Owen Paul Rachel Ravi Ruth Sade Sanjay Sarah Sian Stefan Temi
Wioletta Yusuf Zofia
"""
_FAMILY_NAMES = """
Abara Acheampong Aziz Barker Bielak Bryce Chowdhury Cunningham Dacosta Ellwood Farrow Georgiou Hadley Ibrahim
Jankowski Kaur Lambert Lewandowska Mackie Malik Meredith Nkosi Okeke Parry Pemberton Quaye Rana Rowlands Sesay
Sharma Shelton Stoica Tanner Tiwari Underwood Vickers Walsh Winterbourne Yeboah Zaman
"""


def others(chance: Random) -> Iterator[Member]:
    """Everybody whose sign-in is not shown; no two have the same name."""
    seats = [team for size, teams in AGENCIES.values() for team in teams for _ in range(size)]
    chance.shuffle(seats)
    combined = [f"{first} {family}" for first in _FIRST_NAMES.split() for family in _FAMILY_NAMES.split()]
    names = [*OTHERS, *chance.sample(combined, len(seats) - len(OTHERS))]
    for name, team in zip(names, seats, strict=True):
        plain = name.lower().replace("’", "").replace("ó", "o").replace(" ", ".")
        [role] = chance.choices(list(ROLES), weights=(6, 3, 2))
        yield Member(name, f"{plain}@example.org", "", team=team, role=role)

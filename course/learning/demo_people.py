"""The invented partnership of the demonstration: its agencies, teams and people. Nobody here exists."""

from dataclasses import dataclass

AGENCIES: dict[str, tuple[str, ...]] = {
    "Children’s social care": ("Front door", "Assessment", "Family help"),
    "Health": ("Health visiting", "School nursing", "Children’s emergency department"),
    "Education": ("Early years", "Primary schools", "Secondary schools"),
    "Police": ("Child abuse investigation", "Neighbourhood policing"),
    "Probation": ("Court", "Sentence management"),
    "Adults’ social care": ("Mental health", "Learning disability"),
    "Voluntary sector": ("Domestic abuse support", "Young carers"),
    "Partnership team": ("Business unit", "Training pool"),
}
"""Agency to its teams."""


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

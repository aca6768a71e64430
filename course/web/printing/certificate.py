"""A certificate as it is read: the same words on its page, in its PDF and where it is checked. Nothing of Flask."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from course.catalogue.library import Library
from course.catalogue.model import ROLES
from course.learning.desk.days import day_of, spoken
from course.learning.mine.certificates import Said, SaidModule, shown_code
from course.learning.mine.certificates import read as said_by
from course.learning.mine.voided import InForce, voided_at
from course.learning.tables import Certificate
from course.web.printing import document

TEMPLATE = Path(__file__).with_name("certificate.typ")
MEANING = (
    "To complete a module, somebody comes to an ending of its story, looks back on the decisions that led there, rates "
    "statements about practice, and writes the reflection or leaves it out. There is no test, no score and no pass "
    "mark, and no choice has to be right. So this says what was completed. It does not say how well anybody practises."
)
"""decisions/0003."""
COLUMNS = ("Module", "Completed on", "Minutes", "Version")


@dataclass(frozen=True)
class Paper:
    """All texts of a certificate. `modules` are the rows of a certificate of the course; empty for one module."""

    title: str
    partnership: str
    name: str
    what: str
    facts: tuple[tuple[str, str], ...]
    modules: tuple[tuple[str, ...], ...]
    no_longer: tuple[str, ...]
    """What has been replaced since, a sentence each; empty where all of it still counts."""
    code: str
    address: str
    meaning: str = MEANING
    columns: tuple[str, ...] = COLUMNS


def paper(certificate: Certificate, library: Library, in_force: InForce, *, address: str) -> Paper:
    """What this certificate says, and what of it no longer counts. `address` is where it is checked."""
    said = said_by(certificate)
    is_course = certificate.completion_id is None
    only = said.modules[0]
    return Paper(
        title="Certificate of completion",
        partnership=said.partnership,
        name=said.name,
        what=f"All {len(said.modules)} modules of the course" if is_course else f"Module {only.number}: {only.title}",
        facts=_facts(said, None if is_course else only),
        modules=tuple(_row(module) for module in said.modules) if is_course else (),
        no_longer=tuple(_no_longer(said, library, in_force)),
        code=shown_code(certificate.code),
        address=address,
    )


def pdf(shown: Paper, *, made_at: datetime) -> bytes:
    """The certificate as a PDF: see document.pdf."""
    return document.pdf(TEMPLATE, asdict(shown), made_at=made_at)


def in_hours(minutes: int) -> str:
    """Minutes as a sentence says them: 35 minutes, 8 hours 10 minutes."""
    hours, rest = divmod(minutes, 60)
    found = [f"{n} {word}" if n == 1 else f"{n} {word}s" for n, word in ((hours, "hour"), (rest, "minute")) if n]
    return " ".join(found) or "0 minutes"


def _facts(said: Said, only: SaidModule | None) -> tuple[tuple[str, str], ...]:
    found = (
        ("Completed on", spoken(said.day)),
        ("Time it takes", f"About {in_hours(said.minutes)}"),
        ("Role at the time", ROLES.get(said.role, said.role)),
        ("Agency at the time", said.agency),
        ("Content version", only.version if only else ""),
        ("Course", "Learning into Practice"),
        ("Partnership", said.partnership),
    )
    return tuple((name, value) for name, value in found if value)


def _row(module: SaidModule) -> tuple[str, ...]:
    return f"{module.number}. {module.title}", spoken(module.day), str(module.minutes), module.version


def _no_longer(said: Said, library: Library, in_force: InForce) -> list[str]:
    by_id = {module.id: module for module in library.modules}
    found = []
    for module in said.modules:
        since = voided_at(in_force, by_id[module.id], module.version) if module.id in by_id else None
        if since:
            day = spoken(day_of(since))
            found.append(
                f"No longer counts since {day}: module {module.number} has been changed in substance, and everybody "
                f"who completed version {module.version} is asked to do it again."
            )
    return found

"""Certificates: what one says is kept as it was made, under a code by which whoever holds it can have it checked."""

import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, exists, insert, literal, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.stats import minutes
from course.learning.columns import Json, UtcTime
from course.learning.database import all_or_nothing
from course.learning.mine.completed import Completed
from course.learning.tables import Certificate, Person

_SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Thirty-two that are not taken for one another on paper: without I, L, O and U."""
_LENGTH, _GROUP = 16, 4
_CODE = re.compile(f"[{_SIGNS}]{{{_LENGTH}}}")
_LOOK_ALIKES = str.maketrans("OIL", "011")


@dataclass(frozen=True)
class SaidModule:
    """A module on a certificate, as the course had it when the certificate was made."""

    id: str
    number: int
    title: str
    version: str
    """The content version that it was completed on."""
    day: date
    minutes: int


@dataclass(frozen=True)
class Said:
    """All that a certificate says, as it was when it was made. One of the course lists every module."""

    name: str
    role: str
    """A key of ROLES: as it was at the completion."""
    agency: str
    """Empty where the records do not tell."""
    partnership: str
    modules: tuple[SaidModule, ...]

    @property
    def day(self) -> date:
        """The day in London on which all of it was complete."""
        return max(module.day for module in self.modules)

    @property
    def minutes(self) -> int:
        """What a learner needs for all of it, as `course stats` counts it."""
        return sum(module.minutes for module in self.modules)


def said_of(library: Library, person: Person, completed: Sequence[Completed]) -> Said:
    """What a certificate of these completions says now; they are of modules that the library has."""
    modules = {module.id: module for module in library.modules}
    last = max(completed, key=lambda one: one.at)
    return Said(
        name=person.name,
        role=last.worked.role,
        agency=last.worked.agency,
        partnership=library.partnership,
        modules=tuple(_said(modules[one.module_id], one) for one in completed),
    )


def _said(module: Module, one: Completed) -> SaidModule:
    return SaidModule(module.id, module.number, module.title, one.version, one.day, minutes(module))


def read(certificate: Certificate) -> Said:
    """What a kept certificate says."""
    body = certificate.body
    modules = (SaidModule(**{**module, "day": date.fromisoformat(module["day"])}) for module in body["modules"])
    return Said(**{**body, "modules": tuple(modules)})


def make(session: Session, person: Person, completed: Completed, said: Said, *, now: datetime) -> Certificate:
    """Keep the certificate of one completion. Commits.

    Where another tab has just made it, that one; so a completion never has two.
    """
    try:
        with all_or_nothing(session):
            values = _values(person, said, now=now) | {"completion_id": completed.id}
            session.execute(insert(Certificate).values(values))
            made = Certificate(**values)
    except IntegrityError:
        made = session.scalars(select(Certificate).where(Certificate.completion_id == completed.id)).one()
    return made


def of_course(session: Session, person_id: str) -> Certificate | None:
    """The newest certificate of the whole course that this person has. One query."""
    query = select(Certificate).where(Certificate.person_id == person_id, Certificate.completion_id.is_(None))
    return session.scalars(query.order_by(Certificate.made_at.desc(), Certificate.code).limit(1)).one_or_none()


def make_of_course(
    session: Session, person: Person, said: Said, *, now: datetime, instead_of: Certificate | None = None
) -> Certificate:
    """Keep the certificate of the whole course; one that came after `instead_of` meanwhile is taken for it. Commits."""
    values = _values(person, said, now=now)
    kinds = {"code": literal(values["code"]), "person_id": literal(person.id)}
    kinds |= {"body": literal(values["body"], Json), "made_at": literal(now, UtcTime)}
    other = [Certificate.person_id == person.id, Certificate.completion_id.is_(None)]
    if instead_of:
        other.append(Certificate.code != instead_of.code)
        other.append(Certificate.made_at >= instead_of.made_at)
    with all_or_nothing(session):
        if session.get_bind().dialect.name == "postgresql":  # SQLite has one writer at a time anyway
            session.execute(select(Person.id).where(Person.id == person.id).with_for_update())
        row = select(*kinds.values()).where(~exists().where(*other))
        statement = insert(Certificate).from_select(list(kinds), row).returning(Certificate.code)
        is_made = session.scalars(statement).one_or_none() is not None
    if is_made:
        return Certificate(**values, completion_id=None)
    return session.scalars(select(Certificate).where(*other).order_by(Certificate.made_at.desc()).limit(1)).one()


def make_anew(session: Session, certificate: Certificate, person: Person, *, now: datetime) -> None:
    """Make the same certificate with the name that its holder has now, under another code. Commits.

    The one with the earlier name goes, and its code with it: an earlier name is nobody’s business. Pressed twice, or
    where the name has not changed, it changes nothing.
    """
    said = read(certificate)
    if said.name == person.name:
        return
    values = _values(person, replace(said, name=person.name), now=now) | {"completion_id": certificate.completion_id}
    with all_or_nothing(session):
        gone = delete(Certificate).where(Certificate.code == certificate.code).returning(Certificate.code)
        if session.scalars(gone).one_or_none() is not None:
            session.execute(insert(Certificate).values(values))


def find(session: Session, written: str) -> Certificate | None:
    """The certificate with this code, however it was typed: small letters, spaces, hyphens, O for 0. One query.

    What cannot be a code asks the database nothing.
    """
    code = plain_code(written)
    return session.get(Certificate, code) if code else None


def plain_code(written: str) -> str | None:
    """A code as it is kept; None for a text that is none."""
    plain = re.sub(r"[\s–-]", "", written).upper().translate(_LOOK_ALIKES)
    return plain if _CODE.fullmatch(plain) else None


def shown_code(code: str) -> str:
    """A code in groups, as it stands on paper."""
    return "-".join(code[at : at + _GROUP] for at in range(0, _LENGTH, _GROUP))


def _values(person: Person, said: Said, *, now: datetime) -> dict[str, Any]:
    """The row of a new certificate: 80 random bits for its code, so that nobody comes upon one by trying."""
    code = "".join(secrets.choice(_SIGNS) for _ in range(_LENGTH))
    body = asdict(said)
    body["modules"] = [{**module, "day": module["day"].isoformat()} for module in body["modules"]]
    return {"code": code, "person_id": person.id, "body": body, "made_at": now}

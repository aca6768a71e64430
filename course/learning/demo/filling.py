"""Filling a database with the demonstration, at its first start and no other."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.learning.database import all_or_nothing
from course.learning.demo.desk import lead
from course.learning.demo.following import follow
from course.learning.demo.learning import Stay, learn
from course.learning.demo.mine import keep_theirs
from course.learning.demo.people import AGENCIES, NAMED, Member, others
from course.learning.desk.people.not_said import FIRST_ROLE
from course.learning.people import hash_password, new_session_key
from course.learning.tables import Agency, Person, Team

_SEED = 2016
_DAYS = 1200
"""How far back the demonstration goes."""
_RECENT = 45
"""Days: who came within them may still be without a password."""


@dataclass(frozen=True)
class DemoSignIn:
    """A way to sign in to the demonstration, and what one sees then."""

    name: str
    email: str
    password: str
    what: str


def fill(session: Session, library: Library, now: datetime, passwords: Callable[[str], str]) -> list[DemoSignIn]:
    """Fill an empty database with people and what they did up to `now`; leave any other as it is.

    `passwords` gives a password for an address; nobody can guess those of people who are not named. The people and
    what they did are the same each time. Gives `sign_ins`: all of them, whether filled now or before.
    """
    if not session.scalar(select(exists().where(Agency.id.is_not(None)))):
        chance = Random(_SEED)  # noqa: S311 - the same demonstration each time; it protects nothing
        with all_or_nothing(session):
            people = _people(chance, passwords, now)
            session.add_all(people)
            session.flush()
            _name_managers(people)
            stays = _stays(people, now)
            learn(session, people, stays, library=library, now=now, chance=chance)
            lead(session, library.modules, stays, now=now, chance=chance)
            follow(session, library.modules, stays, now=now, chance=chance)
            keep_theirs(session, library.modules, now=now, chance=chance)
    return sign_ins(session, passwords)


def sign_ins(session: Session, passwords: Callable[[str], str]) -> list[DemoSignIn]:
    """The named accounts that this database has: none in one that is a partnership's own.

    A password is what `passwords` gives now, which is right only if it gave the same when the database was filled.
    """
    here = set(session.scalars(select(Person.email).where(Person.email.in_([m.email for m in NAMED]))))
    return [DemoSignIn(m.name, m.email, passwords(m.email), m.what) for m in NAMED if m.email in here]


def _people(chance: Random, passwords: Callable[[str], str], now: datetime) -> list[Person]:
    agencies = {name: Agency(name=name) for name in AGENCIES}
    teams = {team: Team(name=team, agency=agencies[name]) for name, (_, names) in AGENCIES.items() for team in names}
    hashed = cache(hash_password)  # one hash takes as long as all else here
    unguessable = secrets.token_urlsafe(32)

    def person(member: Member, *, joined: int, password: str) -> Person:
        return Person(
            id=UUID(int=chance.getrandbits(128), version=4).hex,
            name=member.name,
            email=member.email,
            password_hash=hashed(password) if password else "",
            role=member.role,
            access=member.access,
            team=teams[member.team],
            session_key=new_session_key(),
            joined_at=now - timedelta(days=joined),
            wants_reminders=bool(member.what) or chance.random() > 0.03,
        )

    named = [person(member, joined=_DAYS, password=passwords(member.email)) for member in NAMED]
    rest = []
    for member in others(chance):
        joined = _DAYS if chance.random() < 0.55 else chance.randint(10, _DAYS)
        invited = joined < _RECENT and chance.random() < 0.7
        rest.append(person(member, joined=joined, password="" if invited else unguessable))
    next(p for p in rest if not p.password_hash and p.role == FIRST_ROLE).to_say = ["role"]
    return named + rest


def _name_managers(people: list[Person]) -> None:
    """A practitioner's is a manager of the team, a manager's a senior manager of the agency."""
    of_team = {person.team_id: person for person in reversed(people) if person.role == "manager"}
    of_agency = {person.team.agency_id: person for person in reversed(people) if person.role == "senior-manager"}
    for person in people:
        found = {"practitioner": of_team.get(person.team_id), "manager": of_agency.get(person.team.agency_id)}
        above = found.get(person.role)
        person.manager_id = above.id if above else None


def _stays(people: list[Person], now: datetime) -> Mapping[str, Stay]:
    """Who left, and who of them came back: those who had been there for long, and manage nobody."""
    managers = {person.manager_id for person in people}
    settled = [
        p
        for p in people[len(NAMED) :]
        if p.joined_at <= now - timedelta(days=600) and p.id not in managers and p.role == "practitioner"
    ]
    days = (12, 40, 75, 130, 180, 240, 300, 420)
    leavers = zip(settled[3::11], days, strict=False)
    stays = {person.id: Stay(now - timedelta(days=ago)) for person, ago in leavers}
    if len(settled) > 1:
        stays[settled[1].id] = Stay(now - timedelta(days=330), now - timedelta(days=150))
    return stays

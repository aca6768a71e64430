"""A partnership to look at: invented people, and progress that the course's own rules made."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from random import Random
from uuid import UUID

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.catalogue.model import ROLES, Module
from course.catalogue.progress import replay
from course.learning.attempts import stored
from course.learning.database import all_or_nothing
from course.learning.demo_people import AGENCIES, NAMED, OTHERS, Member
from course.learning.demo_walk import Walk, walk
from course.learning.people import hash_password, new_session_key
from course.learning.tables import Agency, Attempt, Completion, Person, Team

_SEED = 2016
_DAYS = 150
"""How far back the demonstration goes."""


@dataclass(frozen=True)
class DemoSignIn:
    """A way to sign in to the demonstration, and what one sees then."""

    name: str
    email: str
    password: str
    what: str


def fill(session: Session, library: Library, now: datetime, passwords: Callable[[str], str]) -> list[DemoSignIn]:
    """Fill an empty database with people and their progress up to `now`; leave any other as it is.

    `passwords` gives a password for an address; nobody can guess those of people who are not named. The people and
    what they did are the same each time. Gives `sign_ins`: all of them, whether filled now or before.
    """
    if not session.scalar(select(exists().where(Agency.id.is_not(None)))):
        chance = Random(_SEED)  # noqa: S311 - the same demonstration each time; it protects nothing
        with all_or_nothing(session):
            people = _people(chance, passwords, now)
            session.add_all(people)
            session.flush()
            _learn(session, people, library=library, now=now, chance=chance)
    return sign_ins(session, passwords)


def sign_ins(session: Session, passwords: Callable[[str], str]) -> list[DemoSignIn]:
    """The named accounts that this database has: none in one that is a partnership's own.

    A password is what `passwords` gives now, which is right only if it gave the same when the database was filled.
    """
    here = set(session.scalars(select(Person.email).where(Person.email.in_([m.email for m in NAMED]))))
    return [DemoSignIn(m.name, m.email, passwords(m.email), m.what) for m in NAMED if m.email in here]


def _people(chance: Random, passwords: Callable[[str], str], now: datetime) -> list[Person]:
    agencies = {name: Agency(name=name) for name in AGENCIES}
    teams = {team: Team(name=team, agency=agencies[name]) for name, names in AGENCIES.items() for team in names}
    hashed = cache(hash_password)  # one hash takes as long as all else here
    unguessable = secrets.token_urlsafe(32)
    named = {member.email for member in NAMED}
    return [
        Person(
            id=UUID(int=chance.getrandbits(128), version=4).hex,
            name=member.name,
            email=member.email,
            password_hash=hashed(passwords(member.email) if member.email in named else unguessable),
            role=member.role,
            access=member.access,
            team=teams[member.team],
            session_key=new_session_key(),
            joined_at=now - timedelta(days=2 * _DAYS),
        )
        for member in (*NAMED, *_others(chance, list(teams)))
    ]


def _others(chance: Random, teams: list[str]) -> Iterator[Member]:
    for n, name in enumerate(OTHERS):
        plain = name.lower().replace("’", "").replace("ó", "o").replace(" ", ".")
        [role] = chance.choices(list(ROLES), weights=(7, 2, 1))
        yield Member(name, f"{plain}@example.org", "", team=teams[n % len(teams)], role=role)


def _learn(session: Session, people: list[Person], *, library: Library, now: datetime, chance: Random) -> None:
    walks = [
        (Attempt(person_id=person.id, module_id=module.id, number=0, version=module.version, started_at=way[0][0]), way)
        for person in people
        for module, way in _walks(person, library.modules, now=now, chance=chance)
    ]
    session.add_all(attempt for attempt, _ in walks)
    session.flush()  # gives each attempt its id
    modules = {module.id: module for module in library.modules}
    for attempt, way in walks:
        session.add_all(stored(event, attempt_id=attempt.id, number=n, at=at) for n, (at, event) in enumerate(way))
        if replay(modules[attempt.module_id], [event for _, event in way]).complete:
            session.add(
                Completion(
                    person_id=attempt.person_id,
                    module_id=attempt.module_id,
                    attempt_id=attempt.id,
                    version=attempt.version,
                    completed_at=way[-1][0],
                )
            )


def _walks(
    person: Person, modules: tuple[Module, ...], *, now: datetime, chance: Random
) -> Iterator[tuple[Module, Walk]]:
    """The modules that somebody has begun, each with what they did in it."""
    is_demo_learner = person.email == NAMED[0].email
    keen = chance.uniform(0.2, 1.0)
    for position, module in enumerate(modules):
        luck = chance.random() / keen
        if is_demo_learner and position < 2:
            luck = (1.0, 0.7)[position]  # one to begin and one to go on with
        if luck >= 0.8:
            continue
        way = walk(module, person.role, start=_working_hour(now, chance), chance=chance)
        yield module, way if luck < 0.6 else way[: chance.randrange(1, len(way))]


def _working_hour(now: datetime, chance: Random) -> datetime:
    """A time on a weekday between 8:00 and 16:59 UTC, long enough ago for a walk to be over."""
    day = now - timedelta(days=chance.randint(2, _DAYS))
    day -= timedelta(days=max(0, day.weekday() - 4))
    return day.replace(hour=chance.randint(8, 16), minute=chance.randint(0, 59), second=0, microsecond=0)

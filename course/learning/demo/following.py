"""What came back to the people of the demonstration after a module: checks at six weeks, talks, decision cards."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, zip_longest
from random import Random
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from course.catalogue.model import Module
from course.learning.demo.cards import answer_cards, choose_on
from course.learning.demo.journals import DAYS_AGO, UNANSWERED
from course.learning.demo.learning import Stay, insert_rows, working_hour
from course.learning.demo.people import AGENCIES, NAMED
from course.learning.desk.days import day_of
from course.learning.mine.checks import CHECK_AFTER
from course.learning.mine.follows import Newest
from course.learning.tables import Completion, Person, SixWeekCheck, Team

_ANSWERED = (0.72, 0.55, 0.64, 0.38, 0.46, 0.5, 0.6, 0.8)
"""How many checks each of AGENCIES answers."""
_TALKED_OVER = (0.75, 0.6, 0.5, 0.45, 0.6, 0.4, 0.7, 0.8)
"""How many of these they say they talked over."""
_CONFIRMED = 0.85
"""How many of these their managers confirm; the newest that a manager was told of still waits."""

_GIVEN: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {
    "did": (("done", "partly", "not-yet", "none"), (8, 5, 4, 3)),
    "came_up": (("differently", "as-before", "no", "not-sure"), (7, 3, 7, 3)),
    "in_the_way": (("nothing", "time", "not-sure-how", "other-agency", "not-supported"), (6, 7, 2, 3, 2)),
}
"""Question of course.learning.mine.checks to answers, and how often each is given."""


@dataclass(frozen=True)
class _Followed:
    """Who did what, as the records have it by now, and the time."""

    people: Mapping[str, Person]
    modules: Mapping[str, Module]
    stays: Mapping[str, Stay]
    now: datetime
    chance: Random

    def is_too_late(self, person: Person, at: datetime) -> bool:
        """Whether a moment is yet to come, or they were away then."""
        stay = self.stays.get(person.id)
        return at >= self.now or (stay is not None and stay.covers(at))

    def manager_of(self, person: Person, at: datetime) -> Person | None:
        """Who can confirm what they say at this moment (course.learning.mine.checks.manager_of)."""
        found = self.people.get(person.manager_id or "")
        is_here = found and found.password_hash and not found.left_at and found.joined_at <= at
        return found if found and is_here and found.team.agency_id == person.team.agency_id else None


def follow(
    session: Session, modules: Sequence[Module], stays: Mapping[str, Stay], *, now: datetime, chance: Random
) -> None:
    """Add answered checks, talks about them and answered cards. Commits nothing."""
    with_team = joinedload(Person.team, innerjoin=True).joinedload(Team.agency, innerjoin=True)
    everybody = session.scalars(select(Person).options(with_team).execution_options(populate_existing=True))
    people = {person.id: person for person in everybody}
    found = _Followed(people, {module.id: module for module in modules}, stays, now, chance)
    done = sorted(session.scalars(select(Completion).order_by(Completion.completed_at, Completion.id)), key=_whose)
    checks = [check for one, following in zip_longest(done, done[1:]) for check in _check(found, one, following)]
    _talk(found, checks)
    insert_rows(session, SixWeekCheck, checks)
    newest = {
        people[id_]: [Newest(one.id, found.modules[one.module_id], day_of(one.completed_at), None) for one in made]
        for id_, made in groupby(done, key=lambda one: one.person_id)
        if id_ not in stays
    }
    answer_cards(session, newest, today=day_of(now), chance=chance)


def _check(found: _Followed, done: Completion, following: Completion | None) -> Iterator[dict[str, Any]]:
    """Their answers, where they gave any before a refresher took the place of what they had done."""
    person, module, chance = found.people[done.person_id], found.modules[done.module_id], found.chance
    at = _later(done.completed_at, CHECK_AFTER.days + min(chance.randrange(30), chance.randrange(30)), chance)
    is_replaced = following and _whose(following) == _whose(done) and following.completed_at <= at
    if is_replaced or found.is_too_late(person, at):
        return
    theirs = (person.email, module.number)
    is_answered = theirs in DAYS_AGO or chance.random() < _ANSWERED[_agency(person)]
    if theirs in UNANSWERED or not is_answered:
        return
    given = {name: chance.choices(answers, weights)[0] for name, (answers, weights) in _GIVEN.items()}
    choice = choose_on(module.later.six_weeks, chance)
    yield {"completion_id": done.id, "person_id": person.id, "choice": choice, "at": at, **given, **_NO_TALK}


_NO_TALK = {"discussed_at": None, "confirmed_at": None, "confirmed_by_id": None}


def _talk(found: _Followed, checks: Iterable[dict[str, Any]]) -> None:
    """Let some of them be talked over, and confirmed by whoever manages them."""
    newest: dict[str, dict[str, Any]] = {}
    for check in sorted(checks, key=lambda one: (one["at"], one["completion_id"])):
        person = found.people[check["person_id"]]
        said = _later(check["at"], found.chance.randint(1, 14), found.chance)
        manager = found.manager_of(person, said)
        is_said = found.chance.random() < _TALKED_OVER[_agency(person)]
        if manager is None or not is_said or found.is_too_late(person, said):
            continue
        check["discussed_at"] = said
        if before := newest.get(manager.id):
            _confirm(found, before, manager)
        newest[manager.id] = check


def _confirm(found: _Followed, check: dict[str, Any], manager: Person) -> None:
    at = _later(check["discussed_at"], found.chance.randint(1, 20), found.chance)
    is_diligent = manager.email in {member.email for member in NAMED}  # so that their page stays short
    if not is_diligent and found.chance.random() > _CONFIRMED:
        return
    if not found.is_too_late(found.people[check["person_id"]], at):
        check |= {"confirmed_at": at, "confirmed_by_id": manager.id}


def _whose(done: Completion) -> tuple[str, str]:
    """What the refreshers of a module share. Sorted by here: databases put ids in different orders."""
    return done.person_id, done.module_id


def _agency(person: Person) -> int:
    """Its place in AGENCIES."""
    return list(AGENCIES).index(person.team.agency.name)


def _later(at: datetime, days: int, chance: Random) -> datetime:
    """A working hour so many days later, or on the Monday after."""
    day = at + timedelta(days=days)
    return working_hour(day + timedelta(days={5: 2, 6: 1}.get(day.weekday(), 0)), chance)

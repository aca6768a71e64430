"""What the training leads of the demonstration did at their desk: by the desk's own verbs, at times long past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from course.catalogue.model import Module
from course.learning.demo.learning import Stay
from course.learning.demo.people import NAMED
from course.learning.demo.post import write_letters
from course.learning.demo.words import DOWNLOADS, LIST, NOTES
from course.learning.desk import audit, notes
from course.learning.desk.assigning import assignments
from course.learning.desk.assigning.wording import Wording
from course.learning.desk.days import day_of
from course.learning.desk.notes import Filled
from course.learning.desk.people import joining
from course.learning.desk.uploads.sheets import read
from course.learning.tables import Import, Person, Team


@dataclass(frozen=True)
class _Desk:
    """Everybody, by what they are to the desk, and the time."""

    session: Session
    modules: Sequence[Module]
    now: datetime
    chance: Random

    @cached_property
    def people(self) -> Sequence[Person]:
        with_team = joinedload(Person.team, innerjoin=True).joinedload(Team.agency, innerjoin=True)
        return self.session.scalars(select(Person).options(with_team).order_by(Person.joined_at, Person.id)).all()

    @cached_property
    def by_email(self) -> Mapping[str, Person]:
        return {person.email: person for person in self.people}

    @cached_property
    def teams(self) -> Mapping[str, Team]:
        return {person.team.name: person.team for person in self.people}

    def lead(self, of: str = "partnership") -> Person:
        return self.by_email[f"{of}-lead@example.org"]

    def ago(self, days: int) -> datetime:
        return self.now - timedelta(days=days)

    def ids(self, *numbers: int) -> tuple[str, ...]:
        """The modules of these numbers; all, where a course has none of them."""
        return tuple(m.id for m in self.modules if m.number in numbers) or tuple(m.id for m in self.modules)


def lead(
    session: Session, modules: Sequence[Module], stays: Mapping[str, Stay], *, now: datetime, chance: Random
) -> None:
    """Do what leads do, from assignments to notes. Commits nothing: it is kept together with the people."""
    verbs_commit = Session(session.connection(), join_transaction_mode="create_savepoint", expire_on_commit=False)
    with verbs_commit as inner:
        desk = _Desk(inner, modules, now, chance)
        _assign(desk)
        _change_and_end(desk)
        _move(desk, stays)
        _leave(desk, stays)
        _write_notes(desk)
        _look(desk)
        _bring_lists(desk)
        write_letters(inner, modules, now=now, chance=chance, by=desk.lead("health"))
        inner.commit()


def _assign(desk: _Desk) -> None:
    everything = desk.ids(*range(1, 15))
    _ask(desk, 1190, Wording(everything, refresh_months=24))
    _ask(desk, 700, Wording(desk.ids(2, 5), within_days=60))
    teams = {team.agency.name: team.agency_id for team in desk.teams.values()}
    for (name, agency_id), days in zip(teams.items(), (-60, 12, 75, 160, -25, 20, -90, 120), strict=True):
        numbers = _OF_AGENCY[name]
        due_on = day_of(desk.now + timedelta(days=days))
        _ask(desk, 240, Wording(desk.ids(*numbers), agency_id=agency_id, due_on=due_on, refresh_months=24))
    due_on = day_of(desk.now + timedelta(days=27))
    _ask(desk, 120, Wording(desk.ids(5, 6, 10), role="manager", due_on=due_on, refresh_months=12))
    school, visitor = desk.teams["Primary schools"], desk.by_email[NAMED[0].email]
    soon = day_of(desk.now + timedelta(days=21))
    _ask(desk, 30, Wording(desk.ids(8, 13), team_id=school.id, agency_id=school.agency_id, due_on=soon), by="team")
    _ask(desk, 14, Wording(desk.ids(3), person_id=visitor.id, due_on=soon), by="health")


_OF_AGENCY = {
    "Children’s social care": (1, 2, 5, 6),
    "Health": (3, 7, 1),
    "Education": (8, 4, 13),
    "Police": (9, 6, 3),
    "Probation": (14, 13),
    "Adults’ social care": (14, 10),
    "Voluntary sector": (2, 12),
    "Partnership team": (10, 11, 12),
}
"""Agency to the modules that matter most to it."""


def _ask(desk: _Desk, days: int, wording: Wording, *, by: str = "partnership") -> int:
    made = assignments.assign(desk.session, desk.lead(by), wording, course=desk.modules, now=desk.ago(days))
    return made.id


def _change_and_end(desk: _Desk) -> None:
    """One that is asked for longer than was planned, and one that is over."""
    by, due_on = desk.lead(), day_of(desk.ago(20))
    first = Wording(desk.ids(12), role="senior-manager", due_on=due_on)
    later = Wording(desk.ids(12), role="senior-manager", due_on=day_of(desk.now + timedelta(days=50)))
    changing = _ask(desk, 110, first)
    assignments.change(desk.session, by, changing, later, course=desk.modules, now=desk.ago(33))
    young_carers = desk.teams["Young carers"]
    over = _ask(desk, 300, Wording(desk.ids(4), team_id=young_carers.id, agency_id=young_carers.agency_id))
    assignments.end(desk.session, by, over, course=desk.modules, now=desk.ago(95))


def _move(desk: _Desk, stays: Mapping[str, Stay]) -> None:
    """Some people to another team or agency, and some to another role."""
    settled = [p for p in desk.people if p.id not in stays and p.email not in {m.email for m in NAMED}]
    teams = list(desk.teams.values())
    for number, person in enumerate(settled[5:120:12]):
        place = teams[(number * 7 + 3) % len(teams)] if number % 3 else person.team
        role = person.role if number % 3 else {"practitioner": "manager"}.get(person.role, "senior-manager")
        joining.move(desk.session, desk.lead(), person, team=place, role=role, now=desk.ago(500 - 45 * number))


def _leave(desk: _Desk, stays: Mapping[str, Stay]) -> None:
    for person in [person for person in desk.people if person.id in stays]:
        stay = stays[person.id]
        joining.leave(desk.session, desk.lead(), person, now=stay.left)
        if stay.back:
            joining.come_back(desk.session, desk.lead(), person, now=stay.back)


def _write_notes(desk: _Desk) -> None:
    for number, by, days, text, owner, due_in, done in NOTES:
        module = next((m for m in desk.modules if m.number == number), desk.modules[0])
        due = day_of(desk.now + timedelta(days=due_in)).isoformat() if owner else ""
        filled = Filled(text, owner, due)
        note = notes.write(desk.session, desk.lead(by), module, filled=filled, now=desk.ago(days))
        if done:
            notes.finish(desk.session, desk.lead(by), module, note_id=note.id, now=desk.ago(done))


def _look(desk: _Desk) -> None:
    """Records that leads looked at, and files that they took away."""
    health = [p for p in desk.people if p.team.agency.name == "Health"]
    about = [desk.by_email[NAMED[0].email], *desk.chance.sample(health, 5)]
    for days, person in zip((3, 5, 9, 9, 16, 30), about, strict=True):
        audit.keep(desk.session, desk.lead("health"), "looked", now=desk.ago(days), about_id=person.id)
    audit.keep(desk.session, desk.lead(), "looked", now=desk.ago(6), about_id=about[0].id)
    for days, what in DOWNLOADS:
        audit.keep(desk.session, desk.lead(), "downloaded", now=desk.ago(days), what=what)


def _bring_lists(desk: _Desk) -> None:
    """One list of people that was brought in, and one that waits for a decision."""
    sheet = read(LIST.encode(), name="starters.csv")
    kept = {"headings": sheet.headings, "rows": sheet.rows, "faulty": sheet.faulty}
    counts = {"lines": 9, "added": 7, "changed": 1, "back": 0, "alone": 1, "closed": 0, "refused": 0}
    for file, days, rows, done in (("september.csv", 61, {}, counts), ("starters.csv", 1, kept, {})):
        at = desk.ago(days)
        made = Import(
            id=f"{desk.chance.getrandbits(128):032x}",
            by_id=desk.lead().id,
            at=at,
            file=file,
            sha256=f"{desk.chance.getrandbits(256):064x}",
            sheet=rows,
            counts=done or {"lines": len(sheet.rows) + len(sheet.faulty)},
            done_at=at + timedelta(minutes=4) if done else None,
        )
        desk.session.add(made)
    what = "september.csv: 7 added, 1 changed"
    audit.keep(desk.session, desk.lead(), "imported", now=desk.ago(61) + timedelta(minutes=4), what=what)

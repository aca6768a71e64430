"""What leads see of checks after six weeks: counts of many people, equal to an independent count, and nothing else."""

import csv
from collections.abc import Callable, Iterable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random
from typing import NamedTuple
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from course.learning.mine.checks import QUESTIONS
from course.learning.tables import Attempt, Completion, Gathering, Person, SixWeekCheck, Team
from tests.web.test_lead_scope import ask, text_of
from tests.web.visitor import Visitor

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

NOW = datetime(2026, 7, 13, 9, 30, tzinfo=UTC)
FIRST, LAST = date(2025, 7, 1), date(2026, 6, 30)
PAGE = "/lead/after-six-weeks"
SIZES = {"Health visiting": 14, "School nursing": 4, "Child abuse investigation": 11, "Neighbourhood": 3}
PLANTED = "heron-by-the-weir"
LONDON = ZoneInfo("Europe/London")


@pytest.fixture
def everybody(session: Session, teams: dict[str, Team], app: Flask) -> list[Person]:
    """People of all teams who completed modules, some more than once; whoever answered chose PLANTED."""
    app.config["CLOCK"] = lambda: NOW
    chance = Random(3)  # noqa: S311
    names = [(team, f"{team[:2]}{n}".lower()) for team, size in SIZES.items() for n in range(size)]
    people = [
        Person(
            id=uuid4().hex,
            email=f"{name}@example.org",
            name=name,
            role="practitioner",
            access="learner",
            team=teams[team],
            password_hash="",
            session_key="",
            joined_at=NOW - timedelta(days=900),
        )
        for team, name in names
    ]
    attempts, completions = list[Attempt](), list[Completion]()
    for person in people:
        for module in ("module-three", "module-thirteen"):
            ago = 700
            for number in range(chance.randint(1, 3)):
                ago -= chance.choice((20, 42, 150, 300)) if number else chance.randint(200, 600)
                if ago > 5:
                    at, of = NOW - timedelta(days=ago, hours=chance.randint(0, 23)), len(attempts) + 1
                    what = {"person_id": person.id, "module_id": module, "version": "1.0"}
                    attempts.append(Attempt(id=of, **what, number=number, started_at=at))
                    completions.append(Completion(id=of, **what, attempt_id=of, completed_at=at))
    session.add_all(people)
    session.flush()
    session.add_all(attempts)
    session.flush()
    session.add_all(completions)
    session.flush()
    session.add_all(check for one in completions if (check := answer(one, chance)))
    session.commit()
    return people


def answer(done: Completion, chance: Random) -> SixWeekCheck | None:
    """Of six in ten, a week or two after it came due; some talked it over, and of those some were confirmed."""
    when = done.completed_at + timedelta(days=chance.randint(43, 60))
    if chance.random() > 0.6 or when > NOW:
        return None
    talked = when + timedelta(days=5) if chance.random() < 0.7 else None
    sure = talked + timedelta(days=chance.randint(1, 40)) if talked and chance.random() < 0.6 else None
    return check_of(done, when, discussed_at=talked, confirmed_at=sure)


def check_of(done: Completion, at: datetime, **more: datetime | None) -> SixWeekCheck:
    given = dict.fromkeys(QUESTIONS, PLANTED)
    return SixWeekCheck(completion_id=done.id, person_id=done.person_id, choice=PLANTED, at=at, **given, **more)


class Due(NamedTuple):
    team: str
    agency: str
    module: str
    on: date
    answered: bool
    talked: bool
    sure: bool


def came_due(session: Session) -> list[Due]:
    """What came due, person by person, with no code of the course."""
    end = datetime(2026, 7, 1, tzinfo=LONDON)
    checks = {check.completion_id: check for check in session.scalars(select(SixWeekCheck))}
    found = []
    for person in session.scalars(select(Person).where(Person.access == "learner")):
        all_of_theirs = session.scalars(select(Completion).where(Completion.person_id == person.id)).all()
        for done in all_of_theirs:
            on = (done.completed_at.astimezone(LONDON) + timedelta(days=42)).date()
            check = checks.get(done.id)
            happened = (check.at, check.discussed_at, check.confirmed_at) if check else (None, None, None)
            was = [at is not None and at < end for at in happened]
            again = [one.completed_at for one in all_of_theirs if one.module_id == done.module_id]
            later = [at for at in again if at > done.completed_at and at.astimezone(LONDON).date() <= on]
            if FIRST <= on <= LAST and (was[0] or not later):
                found.append(Due(person.team.name, person.team.agency.name, done.module_id, on, *was))
    return found


def shares(due: Iterable[Due]) -> list[str]:
    rows = list(due)
    said = [str(len(rows))]
    for part in (sum(flags) for flags in zip(*(row[4:] for row in rows), strict=True)):
        tenths = 10 * part / len(rows)
        if len(rows) < 30:
            said.append("under half" if tenths < 4 else "over half" if tenths > 6 else "about half")
            continue
        said.append("under 10%" if tenths < 1 else "over 90%" if tenths > 9 else f"about {int(tenths + 0.5)}0%")
    return said


def table(visitor: Visitor, kind: str = "csv") -> dict[str, list[str]]:
    lines = csv.reader(StringIO(visitor.get(f"{PAGE}.{kind}").response.get_data(as_text=True).lstrip("\ufeff")))
    return {f"{line[0]} {line[1]}": line[2:] for line in lines if len(line) == 6}


def test_figures_are_those_of_an_independent_count(
    session: Session, everybody: list[Person], visit: Visit, add_person: AddPerson
) -> None:
    due, found = came_due(session), table(visit(add_person("Zoe Lead", access="administrator")))
    for name, module in (("3. Not", "module-three"), ("13. Euph", "module-thirteen")):
        [row] = [cells for group, cells in found.items() if group.startswith(f"Module {name}")]
        assert row == shares(one for one in due if one.module == module)
    for agency in ("Health", "Police"):
        of_agency = shares(one for one in due if one.agency == agency)
        assert found[f"Agency {agency}"] == of_agency
        assert found[f"Team {agency}: other teams together"] == of_agency
    month = next(group for group in found if group.startswith("Month ") and "Other" not in group)
    begins = datetime.strptime(month, "Month %B %Y").date()  # noqa: DTZ007
    assert found[month] == shares(one for one in due if one.on.replace(day=1) == begins)
    every = [cells for group, cells in found.items() if group.startswith("Month ")]
    assert sum(int(cells[0]) for cells in every) == len(due)
    assert "By module" in visit(add_person("Yan Lead", access="partnership-lead")).get(PAGE).words


def test_a_small_team_is_never_by_itself_nor_left_over(
    session: Session, everybody: list[Person], visit: Visit, add_person: AddPerson
) -> None:
    due = came_due(session)
    found = table(visit(add_person("Zoe Lead", access="agency-lead")))
    assert [group for group in found if group.startswith("Team")] == ["Team Other teams together"]
    assert not [group for group in found if group.startswith("Agency")]
    assert found["Team Other teams together"] == shares(one for one in due if one.agency == "Health")
    small = visit(add_person("Tim Lead", access="team-lead", team="School nursing"))
    assert "Fewer than 10 people" in small.get(PAGE).words
    assert table(small) == {"Grouped by Group": ["Came due", "Answered", "Talked over", "Confirmed"]}
    team = table(visit(add_person("Tia Lead", access="team-lead")))
    [three] = [cells for group, cells in team.items() if group.startswith("Module 3.")]
    assert three == shares(one for one in due if one.team == "Health visiting" and one.module == "module-three")


def test_figures_stay_as_they_are_until_the_month_is_over(
    session: Session, everybody: list[Person], visit: Visit, add_person: AddPerson, teams: dict[str, Team], app: Flask
) -> None:
    """Whoever answers, moves, is erased or takes back that they talked; not even a move that was put in late."""
    leads = [visit(add_person(f"{access} Lead", access=access)) for access in ("administrator", "team-lead")]
    before = [table(lead) for lead in leads]
    of_some = Completion.person_id.in_([person.id for person in everybody[:9]])
    for done in session.scalars(
        select(Completion).where(of_some, Completion.id.not_in(select(SixWeekCheck.completion_id)))
    ):
        session.add(check_of(done, NOW))
    session.execute(delete(SixWeekCheck).where(SixWeekCheck.person_id == everybody[10].id))
    session.execute(update(SixWeekCheck).where(SixWeekCheck.confirmed_at.is_(None)).values(discussed_at=None))
    everybody[11].team = everybody[12].team = teams["Neighbourhood"]
    session.commit()
    assert [table(lead) for lead in leads] == before
    app.config["CLOCK"] = lambda: NOW + timedelta(days=31)
    assert all(table(lead) != was for lead, was in zip(leads, before, strict=True))


def test_nothing_that_was_chosen_is_shown_or_kept_with_the_figures(
    session: Session, everybody: list[Person], visit: Visit, add_person: AddPerson
) -> None:
    assert session.scalar(select(func.count()).select_from(SixWeekCheck)) > 20
    lead = visit(add_person("Zoe Lead", access="administrator"))
    for path in (PAGE, f"{PAGE}.csv", f"{PAGE}.xlsx"):
        shown = text_of(ask(lead, "GET", path))
        assert "Health" in shown, path
        assert PLANTED not in shown, path
    assert PLANTED not in str(session.scalars(select(Gathering.body)).all())


def test_a_second_look_reads_nobody_again(
    everybody: list[Person], visit: Visit, add_person: AddPerson, count_queries: Callable[[], list[str]]
) -> None:
    lead = visit(add_person("Zoe Lead", access="administrator")).get(PAGE)
    sent = count_queries()
    lead.get(PAGE)
    assert len(sent) <= 4
    assert not [sql for sql in sent if "completions" in sql or "six_week_checks" in sql or "former_places" in sql]

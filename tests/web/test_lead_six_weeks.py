"""What leads see of checks after six weeks: counts of many people, equal to an independent count, and nothing else."""

import csv
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from random import Random
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.learning.mine.checks import QUESTIONS
from course.learning.tables import Attempt, CardAnswer, Completion, Person, SixWeekCheck, Team
from tests.web.test_lead_scope import address, ask, rules, text_of
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
    chance, people = Random(3), []  # noqa: S311
    for team, size in SIZES.items():
        for n in range(size):
            what = {
                "email": f"{team[:2]}{n}@example.org".lower(),
                "name": f"P{n}",
                "password_hash": "x",
                "access": "learner",
            }
            joined = NOW - timedelta(days=900)
            person = Person(**what, role="practitioner", session_key="", team=teams[team], joined_at=joined)
            session.add(person)
            session.flush()
            people.append(person)
            for module in ("module-three", "module-thirteen"):
                ago = 700
                for number in range(chance.randint(1, 3)):
                    ago -= chance.choice((20, 42, 150, 300)) if number else chance.randint(200, 600)
                    if ago > 5:
                        complete(
                            session,
                            person,
                            module,
                            NOW - timedelta(days=ago, hours=chance.randint(0, 23)),
                            number,
                            chance,
                        )
    session.commit()
    return people


def complete(session: Session, person: Person, module: str, at: datetime, number: int, chance: Random) -> None:
    what = {"person_id": person.id, "module_id": module, "version": "1.0"}
    attempt = Attempt(**what, number=number, started_at=at)
    session.add(attempt)
    session.flush()
    completion = Completion(**what, attempt_id=attempt.id, completed_at=at)
    session.add(completion)
    session.flush()
    when = at + timedelta(days=chance.randint(43, 60))
    if chance.random() < 0.6 and when < NOW:
        talked = when + timedelta(days=5) if chance.random() < 0.7 else None
        sure = talked + timedelta(days=chance.randint(1, 40)) if talked and chance.random() < 0.6 else None
        given = dict.fromkeys(QUESTIONS, PLANTED)
        check = SixWeekCheck(completion_id=completion.id, person_id=person.id, choice=PLANTED, at=when, **given)
        check.discussed_at, check.confirmed_at = talked, sure
        session.add(check)
        card = CardAnswer(completion_id=completion.id, card_id=PLANTED, person_id=person.id, choice=PLANTED, at=when)
        session.add(card)


def expected(session: Session, which: Callable[[Person, Completion, date], bool]) -> tuple[int, ...]:
    """Due, answered, talked over, confirmed: counted person by person, with no code of the course."""
    end = datetime(2026, 7, 1, tzinfo=LONDON)
    sums = [0, 0, 0, 0]
    for person in session.scalars(select(Person).where(Person.access == "learner")):
        for done in session.scalars(select(Completion).where(Completion.person_id == person.id)):
            on = (done.completed_at.astimezone(LONDON) + timedelta(days=42)).date()
            check = session.get(SixWeekCheck, done.id)
            answered = check is not None and check.at < end
            again = session.scalars(
                select(Completion.completed_at).where(
                    Completion.person_id == person.id,
                    Completion.module_id == done.module_id,
                    Completion.completed_at > done.completed_at,
                )
            ).all()
            replaced = any(at.astimezone(LONDON).date() <= on for at in again) and not answered
            if FIRST <= on <= LAST and not replaced and which(person, done, on):
                happened = (check.at, check.discussed_at, check.confirmed_at) if check else ()
                for place, is_so in enumerate([True, *(at is not None and at < end for at in happened)]):
                    sums[place] += is_so
    return tuple(sums)


def shares(counts: tuple[int, ...]) -> list[str]:
    said = [str(counts[0])]
    for part in counts[1:]:
        tenths = 10 * part / counts[0]
        said.append("under 10%" if tenths < 1 else "over 90%" if tenths > 9 else f"about {int(tenths + 0.5)}0%")
    return said


def table(visitor: Visitor, kind: str = "csv") -> dict[str, list[str]]:
    lines = csv.reader(StringIO(visitor.get(f"{PAGE}.{kind}").response.get_data(as_text=True).lstrip("\ufeff")))
    return {f"{line[0]} {line[1]}": line[2:] for line in lines if len(line) == 6}


def test_figures_are_those_of_an_independent_count(
    session: Session, everybody: list[Person], visit: Visit, add_person: AddPerson
) -> None:
    found = table(visit(add_person("Zoe Lead", access="administrator")))
    for name, module in (("3. Not", "module-three"), ("13. Euph", "module-thirteen")):
        [row] = [cells for group, cells in found.items() if group.startswith(f"Module {name}")]
        assert row == shares(expected(session, lambda person, done, on, module=module: done.module_id == module))
    for agency in ("Health", "Police"):
        of_agency = shares(expected(session, lambda person, done, on, agency=agency: person.team.agency.name == agency))
        assert found[f"Agency {agency}"] == of_agency
    month = next(group for group in found if group.startswith("Month ") and "Other" not in group)
    begins = datetime.strptime(month, "Month %B %Y").date()  # noqa: DTZ007
    assert found[month] == shares(expected(session, lambda person, done, on: on.replace(day=1) == begins))
    every = [cells for group, cells in found.items() if group.startswith("Month ")]
    assert sum(int(cells[0]) for cells in every) == expected(session, lambda *_: True)[0]
    assert "By module" in visit(add_person("Yan Lead", access="partnership-lead")).get(PAGE).words


def test_a_small_team_is_never_by_itself_nor_left_over(
    session: Session, everybody: list[Person], visit: Visit, add_person: AddPerson
) -> None:
    whole = visit(add_person("Zoe Lead", access="agency-lead"))
    found = table(whole)
    assert [group for group in found if group.startswith("Team")] == ["Team Other teams together"]
    assert not [group for group in found if group.startswith("Agency")]
    health = expected(session, lambda person, done, on: person.team.agency.name == "Health")
    assert found["Team Other teams together"] == shares(health)
    small = visit(add_person("Tim Lead", access="team-lead", team="School nursing"))
    assert "Fewer than 10 people" in small.get(PAGE).words
    assert table(small) == {"Grouped by Group": ["Came due", "Answered", "Talked over", "Confirmed"]}
    team = table(visit(add_person("Tia Lead", access="team-lead")))
    [three] = [cells for group, cells in team.items() if group.startswith("Module 3.")]
    in_team = expected(
        session, lambda p, done, on: p.team.name == "Health visiting" and done.module_id == "module-three"
    )
    assert three == shares(in_team)


def test_figures_stay_as_they_are_until_the_month_is_over(
    session: Session, everybody: list[Person], visit: Visit, add_person: AddPerson, teams: dict[str, Team], app: Flask
) -> None:
    lead = visit(add_person("Zoe Lead", access="administrator"))
    before = table(lead)
    for person in everybody[:9]:
        for done in session.scalars(select(Completion).where(Completion.person_id == person.id)):
            if session.get(SixWeekCheck, done.id) is None:
                given = dict.fromkeys(QUESTIONS, PLANTED)
                session.add(SixWeekCheck(completion_id=done.id, person_id=person.id, choice="x", at=NOW, **given))
    session.commit()
    assert table(lead) == before
    app.config["CLOCK"] = lambda: NOW + timedelta(days=31)
    assert table(lead) != before


def test_nothing_that_was_chosen_is_in_any_page_or_file_of_the_desk(
    session: Session, app: Flask, everybody: list[Person], visit: Visit, add_person: AddPerson
) -> None:
    assert session.scalar(select(func.count()).select_from(CardAnswer).where(CardAnswer.choice == PLANTED)) > 20
    lead = visit(add_person("Zoe Lead", access="administrator"))
    values = {"person_id": everybody[0].id, "assignment_id": 1, "import_id": "x", "note_id": 1, "version": "1.0"}
    values |= {"name": "03-module-three", "group": "added", "request_id": 1}
    seen = 0
    for rule, method in rules(app):
        if method == "GET":
            for kind in ("csv", "xlsx") if "kind" in rule.arguments else ("",):
                response = ask(lead, method, address(app, rule, values | {"kind": kind}))
                assert PLANTED not in text_of(response), rule
                seen += response.status_code == 200
    assert seen > 25


def test_the_page_takes_few_queries_however_many_people(
    everybody: list[Person], visit: Visit, add_person: AddPerson, count_queries: Callable[[], list[str]]
) -> None:
    lead = visit(add_person("Zoe Lead", access="administrator")).get(PAGE)
    sent = count_queries()
    lead.get(PAGE)
    assert len(sent) <= 4

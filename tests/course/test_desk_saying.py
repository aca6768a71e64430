"""What a lead leaves open is said at the first sign-in: it was never anything else, and lets nobody see more."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from course.learning import people
from course.learning.desk.lists import imports
from course.learning.desk.lists.import_apply import apply
from course.learning.desk.lists.import_lines import Plan
from course.learning.desk.lists.import_plan import plan
from course.learning.desk.people import editing, joining
from course.learning.desk.people.editing import Filled
from course.learning.desk.people.joining_rules import Wrong
from course.learning.desk.people.not_said import NOT_SAID, place_not_said
from course.learning.desk.people.saying import NOT_LISTED, places_to_say, say
from course.learning.tables import Agency, Audit, FormerPlace, Person, Team

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HEAD = "Name,E-mail,Agency,Team,Role"
Add = Callable[..., Person]


@pytest.fixture
def teams(session: Session) -> dict[str, Team]:
    named = {"Health": ("Health visiting", "School nursing"), "Police": ("Neighbourhood",)}
    found = {t: Team(name=t, agency=a) for a, names in ((Agency(name=n), ts) for n, ts in named.items()) for t in names}
    session.add_all(found.values())
    session.commit()
    return found


@pytest.fixture
def add(session: Session, teams: dict[str, Team]) -> Add:
    def add(name: str, *, team: str = "Health visiting", access: str = "learner") -> Person:
        email, password = f"{name.lower()}@example.org", "a long enough password"
        return people.add_person(
            session, name=name, email=email, password=password, role="manager", access=access, team=teams[team]
        )

    return add


@pytest.fixture
def lead(add: Add) -> Person:
    return add("Zoe", access="partnership-lead", team="Neighbourhood")


def bring_in(session: Session, by: Person, *lines: str, head: str = HEAD, now: datetime = NOW) -> Plan:
    kept = imports.keep(session, by, file="people.csv", content="\n".join((head, *lines)).encode(), now=now)
    sheet = imports.sheet_of(kept)
    assert sheet
    made = plan(session, by, sheet, now=now)
    apply(session, by, kept.id, seen=made.fingerprint, now=now)
    return made


def find(session: Session, name: str) -> Person:
    session.expire_all()
    return session.scalars(select(Person).where(Person.name == name)).one()


def spot(person: Person) -> tuple[str, str, str, list[str]]:
    return person.team.agency.name, person.team.name, person.role, person.to_say


def history(session: Session) -> list[tuple[str | None, str]]:
    query = select(Team.name, FormerPlace.role).select_from(FormerPlace).outerjoin(Team, Team.id == FormerPlace.team_id)
    return [(team, role) for team, role in session.execute(query.order_by(FormerPlace.until, FormerPlace.id))]


def test_a_list_leaves_open_what_it_does_not_say_and_says_so_in_its_dry_run(session: Session, lead: Person) -> None:
    lines = ("A,a@example.org,,,", "B,b@example.org,Health,,Manager", "C,c@example.org,Health,School nursing, ")
    made = bring_in(session, lead, *lines, "D,d@example.org,Not said yet,not said yet,Not said yet")
    assert [line.what for line in made.lines] == [
        "Asked for their agency, team and role at first sign-in",
        "Health, manager, asked for their team at first sign-in",
        "Health: School nursing, asked for their role at first sign-in",
        "Asked for their agency, team and role at first sign-in",
    ]
    assert [spot(find(session, name)) for name in "ABCD"] == [
        (NOT_SAID, NOT_SAID, "practitioner", ["role", "agency"]),
        ("Health", NOT_SAID, "manager", ["agency"]),
        ("Health", "School nursing", "practitioner", ["role"]),
        (NOT_SAID, NOT_SAID, "practitioner", ["role", "agency"]),
    ]
    again = bring_in(session, lead, "A,a@example.org", head="Name,E-mail")
    assert again.lines[0].outcome == "alone"
    assert session.scalar(select(func.count(Agency.id)).where(Agency.name == NOT_SAID)) == 1


def test_a_lead_for_one_agency_or_team_leaves_open_only_what_is_within_it(session: Session, add: Add) -> None:
    agency_lead, team_lead = add("Ana", access="agency-lead"), add("Tia", access="team-lead")
    assert bring_in(session, agency_lead, "A,a@example.org", head="Name,E-mail").lines[0].what.startswith("Health, ")
    bring_in(session, team_lead, "B,b@example.org", head="Name,E-mail")
    assert spot(find(session, "A")) == ("Health", NOT_SAID, "practitioner", ["role", "agency"])
    assert spot(find(session, "B")) == ("Health", "Health visiting", "practitioner", ["role"])
    assert [agency.name for agency in places_to_say(session, find(session, "A"))] == ["Health"]


def test_an_empty_cell_leaves_whoever_is_there_as_they_are(session: Session, lead: Person, add: Add) -> None:
    add("Ada")
    assert bring_in(session, lead, "Ada,ada@example.org,,,").lines[0].outcome == "alone"
    assert bring_in(session, lead, "Ada,ada@example.org,health,,").lines[0].outcome == "alone"
    [line] = bring_in(session, lead, "Ada,ada@example.org,Police,,").lines
    assert line.notes == ("They work in Health: Health visiting. Write their team in Police, or empty the agency too.",)
    bring_in(session, lead, "Ada,ada@example.org,,School nursing,")
    assert spot(find(session, "Ada")) == ("Health", "School nursing", "manager", [])


def test_a_list_of_everybody_closes_nobody_for_an_empty_cell(session: Session, lead: Person) -> None:
    bring_in(session, lead, "A,a@example.org,,,", "B,b@example.org,,,")
    sheet = imports.sheet_of(
        imports.keep(session, lead, file="x.csv", content=b"Name,E-mail\nA,a@example.org", now=NOW)
    )
    assert sheet
    assert not plan(session, lead, sheet, now=NOW, of="agencies").missing


def test_what_is_said_stands_in_place_of_what_was_open_also_in_the_past(
    session: Session, lead: Person, teams: dict[str, Team]
) -> None:
    bring_in(session, lead, "A,a@example.org,,,")
    a = find(session, "A")
    joining.leave(session, lead, a, now=NOW + timedelta(days=1))
    joining.come_back(session, lead, a, now=NOW + timedelta(days=2))
    say(session, a, role="senior-manager", team=str(teams["School nursing"].id), now=NOW + timedelta(days=3))
    assert spot(find(session, "A")) == ("Health", "School nursing", "senior-manager", [])
    assert history(session) == [("School nursing", "senior-manager"), (None, "senior-manager")]
    line = session.scalars(select(Audit).where(Audit.act == "moved")).one()
    assert line.by_id == line.about_id == a.id
    assert line.what == "Said at first sign-in: Not said yet, not said yet → Health: School nursing, senior manager"
    say(session, a, role="manager", team=str(teams["Neighbourhood"].id), now=NOW)  # the button a second time
    assert spot(find(session, "A")) == ("Health", "School nursing", "senior-manager", [])


def test_what_a_lead_sets_meanwhile_stays(session: Session, lead: Person, teams: dict[str, Team]) -> None:
    bring_in(session, lead, "A,a@example.org,,,", "B,b@example.org,,,")
    joining.move(session, lead, find(session, "A"), team=teams["Neighbourhood"], role="practitioner", now=NOW)
    bring_in(session, lead, "B,b@example.org,Police,Neighbourhood,Practitioner", now=NOW + timedelta(hours=1))
    for name in "AB":
        say(session, find(session, name), role="manager", team=str(teams["School nursing"].id), now=NOW)
        assert spot(find(session, name)) == ("Police", "Neighbourhood", "practitioner", [])
    assert history(session) == []


def test_nothing_that_is_no_role_or_no_team_of_theirs_is_kept(
    session: Session, lead: Person, teams: dict[str, Team]
) -> None:
    bring_in(session, lead, "A,a@example.org,Health,,")
    a = find(session, "A")
    for team in ("", "999999999999999999999", "x\0", str(teams["Neighbourhood"].id), str(a.team_id)):
        with pytest.raises(Wrong) as wrong:
            say(session, a, role="wizard\0", team=team, now=NOW)
        assert list(wrong.value.errors) == ["role", "team"]
    assert spot(find(session, "A")) == ("Health", NOT_SAID, "practitioner", ["role", "agency"])
    say(session, a, role="manager", team=NOT_LISTED, now=NOW)
    assert spot(find(session, "A")) == ("Health", NOT_SAID, "manager", ["agency"])


def test_nobody_chooses_whose_records_they_see(session: Session, lead: Person, add: Add) -> None:
    head, why = f"{HEAD},Access", "they would choose by it whose records they see"
    for cells in (",,,Team lead", ",,,Agency lead", "Health,,,Team lead"):
        [line] = bring_in(session, lead, f"A,a@example.org,{cells}", head=head).lines
        assert line.outcome == "refused"
        assert why in line.notes[0]
    filled = Filled("A", "a@example.org", None, "", "agency-lead", "", left_open=("role", "agency"))
    with pytest.raises(Wrong, match=why):
        editing.add(session, lead, filled=filled, now=NOW)
    bring_in(session, lead, "A,a@example.org,,,")
    a = find(session, "A")
    with pytest.raises(Wrong, match=why):
        joining.give_access(session, lead, a, access="agency-lead", now=NOW)
    with pytest.raises(Wrong, match=why):
        seen = editing.shown(session, lead, a)
        kept = Filled("A", a.email, a.team_id, "", "team-lead", "", left_open=("role",))
        editing.save(session, lead, a, seen=seen, filled=kept, now=NOW)


def test_one_person_is_added_with_what_their_lead_leaves_open(session: Session, lead: Person, add: Add) -> None:
    nobody = Filled("A", "a@example.org", None, "", "learner", "", left_open=("role", "agency"))
    a = editing.add(session, lead, filled=nobody, now=NOW)
    assert spot(a) == (NOT_SAID, NOT_SAID, "practitioner", ["role", "agency"])
    kept = Filled("A B", a.email, a.team_id, "", "learner", "", left_open=("role",))
    editing.save(session, lead, a, seen=editing.shown(session, lead, a), filled=kept, now=NOW)
    assert spot(find(session, "A B"))[2:] == ("practitioner", ["role", "agency"])
    with pytest.raises(Wrong, match=r"Choose a team\."):
        editing.add(session, add("Tia", access="team-lead"), filled=nobody, now=NOW)
    assert place_not_said(session, None).id == a.team_id

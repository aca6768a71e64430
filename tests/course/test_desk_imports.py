"""A list of people: planned line by line, then brought in whole or not at all; the same list again does nothing."""

from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from course.learning import people
from course.learning.columns import Base
from course.learning.database import new_sessions
from course.learning.desk.days import day_of
from course.learning.desk.lists import import_places, imports
from course.learning.desk.lists.import_apply import AlreadyDone, PeopleChanged, apply
from course.learning.desk.lists.import_lines import Line, Plan
from course.learning.desk.lists.import_people import Extent
from course.learning.desk.lists.import_plan import plan
from course.learning.desk.people import joining
from course.learning.desk.people.joining_rules import OutOfScope, Refused
from course.learning.desk.uploads.sheets import Sheet, Unreadable, read
from course.learning.tables import Agency, Audit, FormerPlace, Import, Person, Team

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
HEAD = "Name,E-mail,Agency,Team,Role"
ADA, BEN = (
    "Ada Bell,ada@example.org,Health,Health visiting,Practitioner",
    "Ben Cole,ben@example.org,Health,Night nursing,Manager",
)

Add = Callable[..., Person]


@pytest.fixture
def teams(session: Session) -> dict[str, Team]:
    named = {"Health": ("Health visiting", "School nursing"), "Police": ("Neighbourhood",)}
    agencies = {name: Agency(name=name) for name in named}
    found = {team: Team(name=team, agency=agencies[agency]) for agency, names in named.items() for team in names}
    session.add_all(found.values())
    session.commit()
    return found


@pytest.fixture
def add(session: Session, teams: dict[str, Team]) -> Add:
    def add(name: str, *, team: str = "Health visiting", role: str = "practitioner", access: str = "learner") -> Person:
        email = f"{name.split()[0].lower()}@example.org"
        password = "a long enough password"
        person = people.add_person(
            session, name=name, email=email, password=password, role=role, access=access, team=teams[team]
        )
        person.joined_at = NOW  # and not on the day of the test
        session.commit()
        return person

    return add


@pytest.fixture
def lead(add: Add) -> Person:
    return add("Zoe Lead", team="Neighbourhood", access="partnership-lead", role="manager")


def sheet(*lines: str, head: str = HEAD) -> Sheet:
    return read("\n".join((head, *lines)).encode(), name="people.csv")


def planned(session: Session, by: Person, *lines: str, head: str = HEAD, of: Extent = "agencies") -> Plan:
    return plan(session, by, sheet(*lines, head=head), now=NOW, of=of)


def bring_in(
    session: Session, by: Person, *lines: str, head: str = HEAD, close: Sequence[str] = (), now: datetime = NOW
) -> dict[str, int]:
    content = "\n".join((head, *lines)).encode()
    kept = imports.keep(session, by, file="people.csv", content=content, now=now, of="agencies")
    made = plan(session, by, sheet(*lines, head=head), now=now, of="agencies")
    return apply(session, by, kept.id, seen=made.fingerprint, close=close, now=now)


def only(made: Plan) -> Line:
    [line] = made.lines
    return line


def why(made: Plan) -> str:
    line = only(made)
    assert line.outcome == "refused", line
    return " ".join(line.notes)


def person(session: Session, email: str) -> Person:
    session.expire_all()
    return session.scalars(select(Person).where(Person.email == email)).one()


def counts_of_rows(session: Session) -> dict[str, int]:
    tables = [table for name, table in Base.metadata.tables.items() if name not in ("imports", "changed")]
    return {table.name: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}


def test_people_are_added_where_the_list_says_and_the_same_list_again_does_nothing(
    session: Session, lead: Person
) -> None:
    head = f"{HEAD},Access,Manager,Joined"
    lines = (f"{ADA},,ben@example.org,2026-09-01", f"{BEN},Team lead,,01/10/2026")
    done = bring_in(session, lead, *lines, head=head)
    assert (done["added"], done["teams"], done["agencies"]) == (2, 1, 0)
    ada, ben = person(session, "ada@example.org"), person(session, "ben@example.org")
    assert (ada.name, ada.team.name, ada.team.agency.name, ada.role) == (
        "Ada Bell",
        "Health visiting",
        "Health",
        "practitioner",
    )
    assert (ben.team.name, ben.role, ben.access) == ("Night nursing", "manager", "team-lead")
    assert ada.manager_id == ben.id
    assert (str(day_of(ada.joined_at)), str(day_of(ben.joined_at))) == ("2026-09-01", "2026-10-01")
    assert ada.password_hash == ""
    before = counts_of_rows(session)
    again = bring_in(session, lead, *lines, head=head)
    assert (again["added"], again["changed"], again["alone"]) == (0, 0, 2)
    assert counts_of_rows(session) == before | {"audit": before["audit"] + 2}


def test_a_change_is_shown_field_by_field_and_a_move_keeps_where_they_were(
    session: Session, lead: Person, add: Add, teams: dict[str, Team]
) -> None:
    ada = add("Ada Bell")
    old = ada.team_id
    line = "Ada Bell-Jones,ADA@example.org,Police,Neighbourhood,senior-manager"
    assert only(planned(session, lead, line)).what == (
        "Name: Ada Bell → Ada Bell-Jones; Team: Health: Health visiting → Police: Neighbourhood; "
        "Role: Practitioner → Senior manager"
    )
    assert bring_in(session, lead, line)["moved"] == 1
    ada = person(session, "ada@example.org")
    assert (ada.name, ada.team.name, ada.role) == ("Ada Bell-Jones", "Neighbourhood", "senior-manager")
    [former] = session.scalars(select(FormerPlace))
    assert (former.person_id, former.team_id, former.role, former.until) == (ada.id, old, "practitioner", NOW)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (",ada@example.org,Health,Health visiting,Practitioner", "The name is missing."),
        ("Ada,,Health,Health visiting,Practitioner", "The e-mail address is missing."),
        ("Ada,ada.example.org,Health,Health visiting,Practitioner", "needs one @"),
        ("Ada,ada@x@example.org,Health,Health visiting,Practitioner", "needs one @"),
        ("Ada,ada bell@example.org,Health,Health visiting,Practitioner", "has a space in it"),
        ("Ada,ada@example,Health,Health visiting,Practitioner", "no full stop after the @"),
        ("Ada,<ada@example.org>,Health,Health visiting,Practitioner", "has a sign"),
        ("Ada,ada..b@example.org,Health,Health visiting,Practitioner", "a full stop where"),
        (f"Ada,ada@{'x' * 250}.org,Health,Health visiting,Practitioner", "none has more than 254"),
        ("Ada,ada@example.org,,Health visiting,Practitioner", "names the team “Health visiting” and no agency"),
        ("Ada,ada@example.org,Health,Health visiting,Wizard", "“Wizard” is not a role. Write Practitioner, Manager or"),
        (f"{'A' * 201},ada@example.org,Health,Health visiting,Practitioner", "has 201 characters"),
        (f"Ada,ada@example.org,Health,{'T' * 201},Practitioner", "The team has 201 characters"),
    ],
)
def test_a_line_is_refused_with_what_is_wrong_and_what_to_do(
    session: Session, lead: Person, line: str, said: str
) -> None:
    assert said in why(planned(session, lead, line))


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ("Boss,,", "“Boss” is not an access. Write Learner, "),
        (",,31/02/2026", "“31/02/2026” is not a day."),
        (",,soon", "“soon” is not a day."),
        (",,2062-01-01", "Nobody joins on 2062-01-01."),
        ("Administrator,,", "“Administrator” is a wider access than your own."),
    ],
)
def test_so_is_one_whose_optional_cells_cannot_be_read(session: Session, lead: Person, cells: str, said: str) -> None:
    assert said in why(planned(session, lead, f"{ADA},{cells}", head=f"{HEAD},Access,Manager,Joined"))


def test_everything_wrong_with_a_line_is_said_at_once(session: Session, lead: Person) -> None:
    assert len(only(planned(session, lead, f",x,Health,{'T' * 201},Wizard")).notes) == 4


def test_every_line_of_a_repeated_address_is_refused_and_named(session: Session, lead: Person) -> None:
    made = planned(session, lead, ADA, BEN, ADA.replace("ada@", "ADA@"), ADA.replace("Practitioner", "Manager"))
    assert [line.outcome for line in made.lines] == ["refused", "added", "refused", "refused"]
    assert "ada@example.org is on lines 2, 4 and 5." in made.lines[0].notes[0]


def test_headings_and_roles_are_read_however_they_are_written(session: Session, lead: Person) -> None:
    head = "Phone;E-MAIL ADDRESS;Job role;Organisation;Full name;Department"
    made = planned(session, lead, "0;ada@example.org;SENIOR-managers;health;Ada Bell;HEALTH  visiting", head=head)
    assert only(made).what == "Health: Health visiting, senior manager"
    assert made.columns.unused == ("Phone",)
    assert not made.new_places


def test_a_list_without_a_column_or_with_two_of_a_kind_is_refused_whole(session: Session, lead: Person) -> None:
    with pytest.raises(Unreadable, match=r"No column is headed Name or E-mail.*“Mobile”"):
        planned(session, lead, "1,Health,Health visiting", head="Mobile,Agency,Team")
    with pytest.raises(Unreadable, match="“Email” and “Mail” both mean E-mail"):
        planned(session, lead, "a,b,c,d,e,f", head="Name,Email,Mail,Agency,Team,Role")


def test_names_like_formulas_are_names(session: Session, lead: Person) -> None:
    bring_in(session, lead, '"=HYPERLINK(""http://x"")",ada@example.org,Health,@Team,Practitioner')
    ada = person(session, "ada@example.org")
    assert (ada.name, ada.team.name) == ('=HYPERLINK("http://x")', "@Team")


def test_new_agencies_and_teams_are_named_beside_what_they_may_be_slips_of(session: Session, lead: Person) -> None:
    made = planned(
        session,
        lead,
        "A,a@example.org,Helath,Health visiting,Manager",
        "B,b@example.org,Health,Helth visiting,Manager",
        "C,c@example.org,Health,Helth visiting,Manager",
        "D,d@example.org,Probation,Court,Manager",
        "E,e@example.org,Police,,Manager",
    )
    shown = [(str(new.place), new.is_agency, new.lines, new.nearest) for new in made.new_places if new.is_named]
    assert shown == [
        ("Helath: ", True, 1, "Health"),
        ("Probation: ", True, 1, ""),
        ("Health: Helth visiting", False, 2, "Health visiting"),
        ("Helath: Health visiting", False, 1, ""),
        ("Probation: Court", False, 1, ""),
    ]


def test_a_manager_is_found_in_the_list_or_among_the_people_and_otherwise_left_out_with_a_word(
    session: Session, lead: Person, add: Add
) -> None:
    gone = add("Gone Person")
    joining.leave(session, lead, gone, now=NOW)
    managers = ("ben@example.org", "zoe@example.org", "nobody@example.org", "ada@example.org", "gone@example.org", "?")
    head, kept = f"{HEAD},Manager", []
    for email in managers:
        made = planned(session, lead, f"{ADA},{email}", f"{BEN},", head=head)
        assert made.lines[0].outcome == "added"
        kept.append((made.lines[0].manager, bool(made.lines[0].notes)))
    assert kept == [("ben@example.org", False), ("zoe@example.org", False), *[(None, True)] * 4]


def test_people_who_manage_each_other_in_a_ring_are_brought_in(session: Session, lead: Person) -> None:
    names = ("one", "two", "three", "below")
    managers = dict(zip(names, ("three", "one", "two", "one"), strict=True))
    lines = [f"{n},{n}@example.org,Health,Health visiting,Manager,{managers[n]}@example.org" for n in names]
    assert bring_in(session, lead, *lines, head=f"{HEAD},Manager")["added"] == 4
    found = {p.id: p for p in session.scalars(select(Person).where(Person.manager_id.is_not(None)))}
    assert {p.name: found[str(p.manager_id)].name for p in found.values()} == managers


def test_an_empty_cell_of_a_column_that_may_be_left_out_leaves_what_is_there(
    session: Session, lead: Person, add: Add
) -> None:
    ada = add("Ada Bell", access="team-lead")
    joining.change(session, lead, ada, name=ada.name, email=ada.email, manager=lead, now=NOW)
    assert only(planned(session, lead, f"{ADA},,,", head=f"{HEAD},Access,Manager,Joined")).outcome == "alone"


def test_whoever_is_not_in_the_file_is_listed_and_closed_only_by_decision(
    session: Session, lead: Person, add: Add
) -> None:
    ada, cem, dee = add("Ada Bell"), add("Cem Demir", team="School nursing"), add("Dee Evans", team="Neighbourhood")
    made = planned(session, lead, ADA)
    assert [m.name for m in made.missing] == ["Cem Demir"]
    bring_in(session, lead, ADA)
    assert person(session, "cem@example.org").left_at is None
    key = cem.session_key
    assert bring_in(session, lead, ADA, close=[cem.id])["closed"] == 1
    cem = person(session, "cem@example.org")
    assert cem.left_at == NOW
    assert cem.session_key != key
    assert not planned(session, lead, ADA).missing
    told = session.execute(select(Audit.act, Audit.about_id).where(Audit.about_id.is_not(None))).all()
    assert told == [("left", cem.id)]
    assert (ada.left_at, dee.left_at) == (None, None)


def test_only_a_list_of_everybody_somewhere_tells_who_is_gone(session: Session, lead: Person, add: Add) -> None:
    add("Cem Demir"), add("Dee Evans", team="School nursing")
    missing: dict[Extent, list[str]] = {"some": [], "teams": ["Cem Demir"], "agencies": ["Cem Demir", "Dee Evans"]}
    for of, names in missing.items():
        assert [m.name for m in planned(session, lead, ADA, of=of).missing] == names
    kept = imports.keep(session, lead, file="people.csv", content=f"{HEAD}\n{ADA}".encode(), now=NOW)
    seen = planned(session, lead, ADA, of="agencies").fingerprint
    with pytest.raises(PeopleChanged):  # it was said to be of some people: nobody of it can be closed
        apply(session, lead, kept.id, seen=seen, close="all", now=NOW)


def test_the_day_of_joining_is_shown_in_words_so_that_no_month_is_taken_for_a_day(
    session: Session, lead: Person
) -> None:
    head, line = f"{HEAD},Joined", f"{ADA},02/11/2026"
    assert (
        only(planned(session, lead, line, head=head)).what
        == "Health: Health visiting, practitioner, joined 2 November 2026"
    )
    bring_in(session, lead, line, head=head)
    changed = only(planned(session, lead, f"{ADA},11/02/2026", head=head))
    assert changed.what == "Joined: 2 November 2026 → 11 February 2026"


def test_a_refused_line_does_not_make_its_person_a_leaver(session: Session, lead: Person, add: Add) -> None:
    add("Ada Bell")
    made = planned(session, lead, "Ada Bell,ada@example.org,Health,Health visiting,Wizard", BEN)
    assert [line.outcome for line in made.lines] == ["refused", "added"]
    assert not made.missing


def test_only_accounts_that_were_listed_can_be_closed(session: Session, lead: Person, add: Add) -> None:
    ada, dee = add("Ada Bell"), add("Dee Evans", team="Neighbourhood")
    add("Eve Admin", access="administrator")
    before = counts_of_rows(session)
    missing = {m.name: m for m in planned(session, lead, BEN).missing}
    assert {name: m.may_close for name, m in missing.items()} == {"Ada Bell": True, "Eve Admin": False}
    for ids in ([ada.id, dee.id], [missing["Eve Admin"].id], [lead.id], ["nobody"]):
        with pytest.raises(Refused):
            bring_in(session, lead, BEN, close=ids)
    assert counts_of_rows(session) == before | {"audit": before["audit"] + 4}  # that it was uploaded, four times
    assert bring_in(session, lead, BEN, close="all")["closed"] == 1


def test_somebody_who_had_left_comes_back_with_the_time_away_in_their_history(
    session: Session, lead: Person, add: Add, teams: dict[str, Team]
) -> None:
    ada = add("Ada Bell", team="School nursing")
    left = NOW - timedelta(days=90)
    joining.leave(session, lead, ada, now=left)
    line = only(planned(session, lead, ADA))
    assert (line.outcome, line.changes[0].old, line.changes[0].new) == ("back", "closed since 2026-08-29", "open")
    assert bring_in(session, lead, ADA)["back"] == 1
    assert person(session, "ada@example.org").left_at is None
    former = session.execute(select(FormerPlace.team_id, FormerPlace.until).order_by(FormerPlace.until)).all()
    assert former == [(teams["School nursing"].id, left), (None, NOW)]


def test_a_lead_for_a_team_or_agency_changes_nothing_outside_it(session: Session, add: Add) -> None:
    add("Dee Evans", team="Neighbourhood")
    add("Sam Osei", team="School nursing")
    team_lead, agency_lead = add("Tia Lead", access="team-lead"), add("Ana Lead", access="agency-lead")
    police = "Pat,pat@example.org,Police,Neighbourhood,Manager"
    pulled = "Dee Evans,dee@example.org,Health,Health visiting,Practitioner"
    from_next_door = "Sam Osei,sam@example.org,Health,Health visiting,Practitioner"
    new_team = "New,new@example.org,Health,New team,Manager"
    widened = "Cy,cy@example.org,Health,Health visiting,Manager,Agency lead"
    for by, line, refused in (
        (team_lead, police, True),
        (team_lead, pulled, True),
        (team_lead, from_next_door, True),
        (team_lead, new_team, True),
        (team_lead, ADA, False),
        (agency_lead, police, True),
        (agency_lead, pulled, True),
        (agency_lead, from_next_door, False),
        (agency_lead, new_team, False),
    ):
        assert (only(planned(session, by, line)).outcome == "refused") is refused, (by.name, line)
    assert "a wider access than your own" in why(planned(session, team_lead, widened, head=f"{HEAD},Access"))
    assert "Neighbourhood" not in why(planned(session, agency_lead, pulled))
    assert {m.name for m in planned(session, team_lead, ADA, police).missing} == {"Ana Lead", "Tia Lead"}


def test_a_slip_in_a_place_out_of_scope_is_answered_with_the_place_that_was_meant(session: Session, add: Add) -> None:
    lead = add("Tia Lead", access="team-lead")
    made = planned(session, lead, ADA.replace("Health visiting", "Helth visiting"))
    assert "Did you mean “Health: Health visiting”?" in why(made)


def test_nobody_is_changed_who_has_a_wider_access_nor_anybodys_own_access(session: Session, add: Add) -> None:
    lead = add("Tia Lead", access="team-lead", role="manager")
    add("Ana Lead", access="agency-lead")
    same = "Ana Lead,ana@example.org,Health,Health visiting,Practitioner"
    assert only(planned(session, lead, same)).outcome == "alone"
    assert "wider access than you" in why(planned(session, lead, same.replace("Ana Lead", "Ann Lead")))
    own = "Tia Lead,tia@example.org,Health,Health visiting,Manager,Learner"
    assert "your own access" in why(planned(session, lead, own, head=f"{HEAD},Access"))


def test_whoever_has_just_left_brings_nothing_in(session: Session, other: Session, lead: Person, add: Add) -> None:
    kept = imports.keep(session, lead, file="people.csv", content=f"{HEAD}\n{ADA}".encode(), now=NOW)
    seen = planned(session, lead, ADA).fingerprint
    by = other.get_one(Person, add("Eve Admin", access="administrator").id)
    joining.leave(other, by, other.get_one(Person, lead.id), now=NOW)
    with pytest.raises(Refused, match="Your account was closed"):
        apply(session, lead, kept.id, seen=seen, now=NOW)
    assert session.get_one(Import, kept.id).done_at is None


def test_what_would_do_something_else_by_now_is_not_done(session: Session, other: Session, lead: Person) -> None:
    kept = imports.keep(session, lead, file="people.csv", content=f"{HEAD}\n{ADA}".encode(), now=NOW)
    seen = planned(session, lead, ADA).fingerprint
    team = other.scalars(select(Team).where(Team.name == "School nursing")).one()
    by = other.get_one(Person, lead.id)
    joining.join(other, by, name="Ada B", email="ada@example.org", team=team, role="manager", now=NOW)
    before = counts_of_rows(session)
    with pytest.raises(PeopleChanged):
        apply(session, lead, kept.id, seen=seen, now=NOW)
    assert counts_of_rows(session) == before
    assert session.get_one(Import, kept.id).done_at is None


def test_a_list_is_brought_in_once_and_its_rows_then_go(session: Session, lead: Person) -> None:
    kept = imports.keep(session, lead, file="people.csv", content=f"{HEAD}\n{ADA}\nx".encode(), now=NOW)
    seen = planned(session, lead, ADA, "x").fingerprint
    assert apply(session, lead, kept.id, seen=seen, now=NOW)["refused"] == 1
    with pytest.raises(AlreadyDone):
        apply(session, lead, kept.id, seen=seen, now=NOW)
    found = imports.find(session, lead, kept.id)
    assert found
    assert (found.sheet, imports.sheet_of(found), found.done_at) == ({}, None, NOW)
    assert (found.counts["lines"], found.counts["added"], found.counts["refused"]) == (2, 1, 1)
    lines = session.execute(select(Audit.act, Audit.what).where(Audit.by_id == lead.id).order_by(Audit.id)).all()
    assert lines == [
        ("imported", "Uploaded a list of 2 lines, for its dry run: “people.csv”"),
        ("imported", "“people.csv”: 1 added, 1 refused"),
    ]


def test_rows_that_nobody_decides_on_go_after_a_month(session: Session, lead: Person) -> None:
    old = imports.keep(session, lead, file="a.csv", content=f"{HEAD}\n{ADA}".encode(), now=NOW - timedelta(days=31))
    new = imports.keep(session, lead, file="b.csv", content=f"{HEAD}\n{ADA}".encode(), now=NOW)
    session.expire_all()
    assert [imports.find(session, lead, id_).sheet == {} for id_ in (old.id, new.id)] == [True, False]  # type: ignore[union-attr]


def test_everybody_sees_what_a_list_changed_of_them(
    session: Session, lead: Person, add: Add, teams: dict[str, Team]
) -> None:
    ada = add("Ada Bell")
    bring_in(
        session,
        lead,
        "Ada Jones,ada@example.org,Police,Neighbourhood,Manager,,2020-01-02",
        head=f"{HEAD},Access,Joined",
    )
    told = session.execute(select(Audit.act, Audit.what).where(Audit.about_id == ada.id).order_by(Audit.id)).all()
    moved = "Team: Health: Health visiting → Police: Neighbourhood; Role: Practitioner → Manager"
    assert [act for act, _ in told] == ["moved", "changed"]
    assert told[0][1] == f"By a list of people: {moved}"
    assert "Name: Ada Bell → Ada Jones; Joined: " in told[1][1]


def test_nobody_who_is_here_is_made_to_join_later(session: Session, lead: Person, add: Add) -> None:
    add("Ada Bell")
    head, later = f"{HEAD},Joined", str(day_of(NOW) + timedelta(days=1))
    assert "They are here already" in why(planned(session, lead, f"{ADA},{later}", head=head))
    assert only(planned(session, lead, f"{BEN},{later}", head=head)).outcome == "added"


def test_a_manager_elsewhere_is_not_named(session: Session, lead: Person, add: Add) -> None:
    ada, tia = add("Ada Bell"), add("Tia Lead", access="team-lead")
    joining.change(session, lead, ada, name=ada.name, email=ada.email, manager=lead, now=NOW)
    line, head = f"{ADA},tia@example.org", f"{HEAD},Manager"
    assert only(planned(session, lead, line, head=head)).what == "Manager: zoe@example.org → tia@example.org"
    assert only(planned(session, tia, line, head=head)).what == "Manager: Somebody outside your scope → tia@example.org"


def test_thousands_of_new_teams_are_not_each_compared_with_all_others(
    session: Session, lead: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = [f"P {n},p{n}@example.org,Health,Community nursing team north {n:06},Manager" for n in range(1_500)]
    lines.append(f"L,l@example.org,Health,{'Health visiting ' * 9},Manager")
    pairs = 0

    def compared(word: str, others: Collection[str], **words: object) -> list[str]:
        nonlocal pairs
        pairs += len(others)
        return []

    monkeypatch.setattr(import_places, "get_close_matches", compared)
    assert len(planned(session, lead, *lines).new_places) == 1_501
    assert 0 < pairs <= 10_000


def test_a_list_is_seen_by_whoever_uploaded_it_and_by_those_who_look_after_everybody(
    session: Session, lead: Person, add: Add
) -> None:
    team_lead, agency_lead = add("Tia Lead", access="team-lead"), add("Ana Lead", access="agency-lead")
    kept = imports.keep(session, team_lead, file="a.csv", content=f"{HEAD}\n{ADA}".encode(), now=NOW)
    seen = [imports.find(session, by, kept.id) is not None for by in (team_lead, agency_lead, lead, add("Learner"))]
    assert seen == [True, False, True, False]
    assert [len(imports.newest(session, by, limit=9)) for by in (team_lead, agency_lead, lead)] == [1, 0, 1]
    with pytest.raises(OutOfScope):
        apply(session, agency_lead, kept.id, seen=planned(session, agency_lead, ADA).fingerprint, now=NOW)
    assert session.get_one(Import, kept.id).done_at is None


def test_a_long_list_takes_a_bounded_number_of_statements(
    session: Session, lead: Person, statements_of: Callable[[], object]
) -> None:
    lines = [f"P {n},p{n}@example.org,Health,Health visiting,Manager,p{n // 9}@example.org" for n in range(6000)]
    with statements_of() as sent:  # type: ignore[attr-defined]
        assert bring_in(session, lead, *lines, head=f"{HEAD},Manager")["added"] == 6000
    assert len(sent) < 60
    moved = [line.replace("Health visiting", "School nursing") for line in lines]
    assert bring_in(session, lead, *moved, head=f"{HEAD},Manager")["moved"] == 6000
    assert session.scalar(select(func.count()).select_from(FormerPlace)) == 6000


def test_two_who_bring_in_the_same_list_at_the_same_time_do_it_once(
    engine: Engine, session: Session, lead: Person
) -> None:
    first = imports.keep(session, lead, file="a.csv", content=f"{HEAD}\n{ADA}".encode(), now=NOW)
    second = imports.keep(session, lead, file="b.csv", content=f"{HEAD}\n{ADA}".encode(), now=NOW)
    seen = planned(session, lead, ADA).fingerprint
    with new_sessions(engine)() as other:
        apply(other, other.get_one(Person, lead.id), first.id, seen=seen, now=NOW)
    with pytest.raises(PeopleChanged):
        apply(session, lead, second.id, seen=seen, now=NOW)
    assert session.scalar(select(func.count()).where(Person.email == "ada@example.org")) == 1


def test_signs_that_a_database_cannot_hold_do_no_harm(session: Session, lead: Person) -> None:
    kept = imports.keep(session, lead, file="a\x00\n b.csv", content=f"{HEAD}\n\x01{ADA}".encode(), now=NOW)
    assert (kept.file, imports.find(session, lead, "\x00")) == ("a b.csv", None)
    assert only(plan(session, lead, imports.sheet_of(kept) or sheet(), now=NOW)).outcome == "added"

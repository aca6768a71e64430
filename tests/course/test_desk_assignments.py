"""Assignments: whom they ask, what cannot be asked, who may ask, and what happens when two change one at a time."""

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.learning import people
from course.learning.database import new_sessions
from course.learning.desk.assigning.asked import NotYours, assignments_in, ended_in, find, find_asked
from course.learning.desk.assigning.assignments import ChangedMeanwhile, assign, change, end
from course.learning.desk.assigning.draft import Wrong
from course.learning.desk.assigning.reach import have_completed, reach, reaches
from course.learning.desk.assigning.wording import Wording, in_words
from course.learning.scope import scope_of
from course.learning.tables import Agency, Assignment, Audit, Person, Team

BOTH = ("module-three", "module-thirteen")
EVERYBODY = Wording(BOTH)
AddPerson = Callable[..., Person]


@pytest.fixture
def course(library: Library) -> tuple[Module, ...]:
    return tuple(library.modules)


@pytest.fixture
def teams(session: Session) -> dict[str, Team]:
    named = {"Health": ("Visiting", "School nursing"), "Police": ("Abuse", "Neighbourhood")}
    found = {}
    for name, of_agency in named.items():
        agency = Agency(name=name)
        found |= {team: Team(name=team, agency=agency) for team in of_agency}
    session.add_all(found.values())
    session.commit()
    return found


@pytest.fixture
def add(session: Session, teams: dict[str, Team]) -> AddPerson:
    def add(name: str, team: str = "Visiting", role: str = "practitioner", access: str = "learner") -> Person:
        return people.add_person(
            session,
            name=name,
            email=f"{name.lower()}@example.org",
            password="a long enough password",
            role=role,
            access=access,
            team=teams[team],
        )

    return add


@pytest.fixture
def lead(add: AddPerson) -> Person:
    return add("Zoe", access="partnership-lead")


def kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Assignment)) or 0


def acts(session: Session) -> list[tuple[str, str]]:
    return [(line.act, line.what) for line in session.scalars(select(Audit).order_by(Audit.id))]


def test_everything_given_must_fit_and_those_who_have_left_are_not_asked(
    session: Session, teams: dict[str, Team], add: AddPerson, lead: Person, now: datetime
) -> None:
    ada = add("Ada", role="manager")
    add("Ben", "School nursing", "manager")
    add("Cem", "Abuse", "manager")
    add("Dee", "Abuse")
    add("Eve", "Abuse", "manager").left_at = now
    session.commit()
    health, abuse = teams["Visiting"].agency_id, teams["Abuse"].id
    assert reach(session, EVERYBODY) == 5
    assert reach(session, replace(EVERYBODY, role="manager")) == 3
    assert reach(session, replace(EVERYBODY, agency_id=health)) == 3
    assert reach(session, replace(EVERYBODY, agency_id=health, role="manager")) == 2
    assert reach(session, replace(EVERYBODY, team_id=abuse)) == 2
    assert reach(session, replace(EVERYBODY, agency_id=health, team_id=abuse)) == 0
    assert reach(session, replace(EVERYBODY, person_id=ada.id)) == 1


def test_the_list_counts_as_each_assignment_does_in_one_query(
    session: Session,
    teams: dict[str, Team],
    add: AddPerson,
    lead: Person,
    course: tuple[Module, ...],
    now: datetime,
    statements_of: Callable,
) -> None:
    ada, _ = add("Ada", role="manager"), add("Cem", "Abuse", "manager")
    asked = [EVERYBODY, replace(EVERYBODY, role="manager"), replace(EVERYBODY, person_id=ada.id)]
    asked += [replace(EVERYBODY, agency_id=teams["Abuse"].agency_id), replace(EVERYBODY, team_id=teams["Visiting"].id)]
    asked += [replace(EVERYBODY, team_id=teams["School nursing"].id, role="manager")]
    for wording in asked:
        assign(session, lead, wording, course=course, now=now)
    with statements_of() as sent:
        rows = assignments_in(session, scope_of(lead))
        found = reaches(session, scope_of(lead), rows)
        said = [in_words(row, course) + row.made_by.name for row in rows]
    assert len(sent) == 2
    assert len(said) == len(asked)
    assert found == {row.id: reach(session, row) for row in rows}
    assert {found[row.id] for row in rows} == {0, 1, 2, 3}


def test_how_many_have_completed_all_of_it_counts_only_those_asked(
    session: Session,
    add: AddPerson,
    lead: Person,
    course: tuple[Module, ...],
    way_through: Callable[[Module], list[Event]],
    learn: Callable,
) -> None:
    ada, ben = add("Ada"), add("Ben", "Abuse")
    for module in course:
        learn(ada, module, way_through(module))
    learn(ben, course[0], way_through(course[0]))
    assert have_completed(session, EVERYBODY) == 1
    assert have_completed(session, Wording((course[0].id,))) == 2
    assert have_completed(session, Wording((course[0].id,), team_id=ada.team_id)) == 1


def test_it_is_kept_with_its_line_in_the_audit_and_asks_who_joins_later(
    session: Session,
    other: Session,
    teams: dict[str, Team],
    lead: Person,
    course: tuple[Module, ...],
    now: datetime,
    add: AddPerson,
) -> None:
    wording = Wording(
        ("module-thirteen", "module-three"),
        team_id=teams["Visiting"].id,
        role="manager",
        due_on=date(2027, 3, 1),
        refresh_months=12,
    )
    row = assign(session, lead, wording, course=course, now=now)
    [found] = assignments_in(other, scope_of(lead))
    assert Wording.of(found) == wording
    assert (found.counts_from, found.made_at, found.made_by.name, found.ended_at) == (now, now, "Zoe", None)
    said = "all 2 modules, for every manager in Health, Visiting, by 1 March 2027, again every 12 months"
    assert acts(session) == [("assigned", said)]
    assert reach(session, row) == 0
    add("Ada", role="manager")
    assert reach(session, row) == 1


def test_one_person_s_assignment_is_in_what_that_person_can_see(
    session: Session, lead: Person, add: AddPerson, course: tuple[Module, ...], now: datetime
) -> None:
    ada = add("Ada")
    assign(session, lead, Wording((course[0].id,), person_id=ada.id, within_days=1), course=course, now=now)
    [line] = session.scalars(select(Audit).where(Audit.about_id == ada.id))
    assert line.what == "module 3, for Ada (ada@example.org), within 1 day of joining, once"


BEFORE = date(2026, 11, 22)
WRONG = [
    (Wording(()), {"modules": "at least one"}),
    (Wording(("nothing",)), {"modules": "not in it"}),
    (Wording(BOTH, due_on=BEFORE), {"due": "in the past"}),
    (Wording(BOTH, due_on=date(2207, 1, 1)), {"due": "Check the year"}),
    (Wording(BOTH, due_on=date(2027, 1, 1), within_days=3), {"due": "not both"}),
    (Wording(BOTH, within_days=0), {"within": "from 1 to 730"}),
    (Wording(BOTH, within_days=731), {"within": "from 1 to 730"}),
    (Wording(BOTH, refresh_months=0), {"refresh": "from 1 to 60"}),
    (Wording(BOTH, refresh_months=61), {"refresh": "from 1 to 60"}),
    (Wording(BOTH, role="chief"), {"role": "from the list"}),
    (Wording(BOTH, agency_id=999), {"agency": "from the list"}),
    (Wording(BOTH, team_id=999), {"team": "from the list"}),
    (Wording(BOTH, person_id="nobody"), {"person": "Nobody"}),
    (
        Wording((), role="chief", due_on=BEFORE, refresh_months=0),
        {"modules": "least", "role": "list", "due": "past", "refresh": "60"},
    ),
]


@pytest.mark.parametrize(("wording", "told"), WRONG)
def test_what_cannot_be_asked_is_told_field_by_field_and_nothing_is_kept(
    session: Session, lead: Person, course: tuple[Module, ...], now: datetime, wording: Wording, told: dict[str, str]
) -> None:
    with pytest.raises(Wrong) as wrong:
        assign(session, lead, wording, course=course, now=now)
    assert set(wrong.value.faults) == set(told)
    for field, part in told.items():
        assert part in " ".join(wrong.value.faults[field])
    assert kept(session) == 0
    assert acts(session) == []


def test_limits_that_may_be_reached(session: Session, lead: Person, course: tuple[Module, ...], now: datetime) -> None:
    for change_to in ({"within_days": 1}, {"within_days": 730}, {"refresh_months": 1}, {"refresh_months": 60}):
        assign(session, lead, replace(EVERYBODY, **change_to), course=course, now=now)
    assign(session, lead, replace(EVERYBODY, due_on=now.date()), course=course, now=now)
    assert kept(session) == 5


def test_the_past_begins_at_midnight_in_london(session: Session, lead: Person, course: tuple[Module, ...]) -> None:
    just_after = datetime.fromisoformat("2027-06-30T23:30:00+00:00")
    with pytest.raises(Wrong):
        assign(session, lead, replace(EVERYBODY, due_on=date(2027, 6, 30)), course=course, now=just_after)
    assign(session, lead, replace(EVERYBODY, due_on=date(2027, 7, 1)), course=course, now=just_after)


def test_places_must_fit_each_other_and_people_be_here(
    session: Session, teams: dict[str, Team], lead: Person, add: AddPerson, course: tuple[Module, ...], now: datetime
) -> None:
    ada = add("Ada")
    ada.left_at = now
    session.commit()
    crossed = Wording(BOTH, agency_id=teams["Abuse"].agency_id, team_id=teams["Visiting"].id)
    for wording, field in ((crossed, "team"), (Wording(BOTH, person_id=ada.id), "person")):
        with pytest.raises(Wrong) as wrong:
            assign(session, lead, wording, course=course, now=now)
        assert set(wrong.value.faults) == {field}
    assert find_asked(session, lead, "ada@example.org") is None


def test_the_same_is_not_asked_twice_until_it_has_ended(
    session: Session, lead: Person, course: tuple[Module, ...], now: datetime
) -> None:
    row = assign(session, lead, EVERYBODY, course=course, now=now)
    with pytest.raises(Wrong, match="since 2026-11-23"):
        assign(session, lead, EVERYBODY, course=course, now=now)
    end(session, lead, row.id, course=course, now=now)
    assign(session, lead, EVERYBODY, course=course, now=now)


def test_a_form_that_is_sent_twice_at_once_makes_one_assignment(
    engine: Engine, session: Session, lead: Person, course: tuple[Module, ...], now: datetime
) -> None:
    """The second comes while the first has found that nobody asks this yet and has not kept it."""

    def send() -> None:
        with new_sessions(engine)() as own:
            try:
                assign(own, own.get_one(Person, lead.id), EVERYBODY, course=course, now=now)
            except Wrong as wrong:
                told.append(str(wrong))

    def pause(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if statement.startswith("INSERT INTO assignments") and not second.is_alive():
            second.start()
            second.join(0.3)

    told: list[str] = []
    second = threading.Thread(target=send)
    event.listen(engine, "before_cursor_execute", pause)
    try:
        assign(session, lead, EVERYBODY, course=course, now=now)
    finally:
        event.remove(engine, "before_cursor_execute", pause)
        second.join()
    assert kept(session) == 1
    assert len(told) == 1


def test_no_name_of_a_place_out_of_scope_is_told(
    session: Session, teams: dict[str, Team], add: AddPerson, course: tuple[Module, ...], now: datetime
) -> None:
    team_lead, agency_lead = add("Tia", access="team-lead"), add("Ana", access="agency-lead")
    here, there = teams["Visiting"], teams["Abuse"]
    for by, wording, field in (
        (team_lead, Wording(BOTH, agency_id=there.agency_id, team_id=here.id), "agency"),
        (agency_lead, Wording(BOTH, agency_id=there.agency_id, team_id=here.id), "agency"),
        (agency_lead, Wording(BOTH, agency_id=here.agency_id, team_id=there.id), "team"),
    ):
        with pytest.raises(Wrong) as wrong:
            assign(session, by, wording, course=course, now=now)
        assert set(wrong.value.faults) == {field}
        assert "Police" not in str(wrong.value)
        assert "Abuse" not in str(wrong.value)


@pytest.mark.parametrize("access", ["learner", "team-lead", "agency-lead", "partnership-lead", "administrator"])
def test_a_lead_asks_changes_and_ends_within_their_own_scope_only(
    session: Session,
    teams: dict[str, Team],
    add: AddPerson,
    lead: Person,
    course: tuple[Module, ...],
    now: datetime,
    access: str,
) -> None:
    mate, near, far = add("Mate"), add("Near", "School nursing"), add("Far", "Abuse")
    places: dict[str, Wording] = {
        "team": Wording(BOTH, team_id=teams["Visiting"].id),
        "mate": Wording(BOTH, person_id=mate.id),
        "agency": Wording(BOTH, agency_id=teams["Visiting"].agency_id),
        "other team": Wording(BOTH, team_id=teams["School nursing"].id),
        "near": Wording(BOTH, person_id=near.id),
        "other agency": Wording(BOTH, agency_id=teams["Abuse"].agency_id),
        "far team": Wording(BOTH, team_id=teams["Abuse"].id),
        "far": Wording(BOTH, person_id=far.id),
        "everybody": EVERYBODY,
        "managers": Wording(BOTH, role="manager"),
    }
    in_agency = ["team", "mate", "agency", "other team", "near"]
    may = {"learner": [], "team-lead": ["team", "mate"], "agency-lead": in_agency}.get(access, list(places))
    by = add("Lee", access=access)
    for name, wording in places.items():
        row = assign(session, lead, wording, course=course, now=now)
        longer = replace(wording, refresh_months=6)
        if name in may:
            assign(session, by, replace(wording, refresh_months=3), course=course, now=now)
            row = change(session, by, row.id, longer, course=course, now=now)
            end(session, by, row.id, course=course, now=now)
            continue
        with pytest.raises(NotYours):
            assign(session, by, replace(wording, refresh_months=3), course=course, now=now)
        with pytest.raises(NotYours):
            change(session, by, row.id, longer, course=course, now=now)
        with pytest.raises(NotYours):
            end(session, by, row.id, course=course, now=now)
        assert row.ended_at is None
    if access in ("team-lead", "agency-lead"):  # what is theirs cannot be made to reach further
        mine = assign(session, by, places["team"], course=course, now=now)
        with pytest.raises(NotYours):
            change(session, by, mine.id, EVERYBODY, course=course, now=now)
    assert {p.name for p in (mate, near, far) if find_asked(session, by, f" {p.email.upper()} ")} == {
        person for person, place in (("Mate", "mate"), ("Near", "near"), ("Far", "far")) if place in may
    }


def test_a_lead_sees_what_touches_their_scope_and_nothing_else(
    session: Session, teams: dict[str, Team], add: AddPerson, lead: Person, course: tuple[Module, ...], now: datetime
) -> None:
    mate, far = add("Mate"), add("Far", "Abuse")
    asked = {
        "everybody": EVERYBODY,
        "managers": Wording(BOTH, role="manager"),
        "health": Wording(BOTH, agency_id=teams["Visiting"].agency_id),
        "visiting": Wording(BOTH, team_id=teams["Visiting"].id),
        "nursing": Wording(BOTH, team_id=teams["School nursing"].id),
        "mate": Wording(BOTH, person_id=mate.id),
        "police": Wording(BOTH, agency_id=teams["Abuse"].agency_id),
        "abuse": Wording(BOTH, team_id=teams["Abuse"].id),
        "far": Wording(BOTH, person_id=far.id),
    }
    name_of = {assign(session, lead, wording, course=course, now=now).id: name for name, wording in asked.items()}

    def seen(person: Person) -> set[str]:
        return {name_of[row.id] for row in assignments_in(session, scope_of(person))}

    wide = {"everybody", "managers", "health", "visiting", "mate"}
    assert seen(add("Tom", access="team-lead")) == wide
    assert seen(add("Amy", access="agency-lead")) == wide | {"nursing"}
    assert seen(lead) == set(asked)
    by_team = add("Una", "Abuse", access="team-lead")
    rows = assignments_in(session, scope_of(by_team))
    assert {name_of[row.id] for row in rows} == {"everybody", "managers", "police", "abuse", "far"}
    counts = {name_of[id_]: n for id_, n in reaches(session, scope_of(by_team), rows).items()}
    assert counts == {"everybody": 2, "managers": 0, "police": 2, "abuse": 2, "far": 1}  # only their own team’s people
    for id_ in name_of:
        end(session, lead, id_, course=course, now=now)
    assert {name_of[row.id] for row, _ in ended_in(session, scope_of(by_team), limit=99)} == {
        name_of[row.id] for row in rows
    }


def test_changing_keeps_the_old_wording_and_when_it_first_counted(
    session: Session, lead: Person, course: tuple[Module, ...], now: datetime
) -> None:
    first = assign(session, lead, replace(EVERYBODY, due_on=date(2026, 12, 1)), course=course, now=now)
    later = now + timedelta(days=30)
    wording = replace(EVERYBODY, due_on=date(2026, 12, 1), refresh_months=12)  # its date, now past, may stay
    newer = change(session, lead, first.id, wording, course=course, now=later)
    assert (newer.replaces_id, newer.counts_from, newer.made_at, newer.ended_at) == (first.id, now, later, None)
    assert (Wording.of(first), first.ended_at) == (replace(EVERYBODY, due_on=date(2026, 12, 1)), later)
    assert [row.id for row in assignments_in(session, scope_of(lead))] == [newer.id]
    assert ended_in(session, scope_of(lead), limit=9) == [(first, True)]
    assert [act for act, _ in acts(session)] == ["assigned", "reassigned"]
    with pytest.raises(Wrong):
        change(session, lead, newer.id, replace(wording, due_on=date(2026, 12, 2)), course=course, now=later)


def test_the_same_wording_again_changes_nothing(
    session: Session, lead: Person, course: tuple[Module, ...], now: datetime
) -> None:
    row = assign(session, lead, EVERYBODY, course=course, now=now)
    assert change(session, lead, row.id, EVERYBODY, course=course, now=now) is row
    assert kept(session) == 1
    assert [act for act, _ in acts(session)] == ["assigned"]


def test_ending_keeps_the_row_with_who_and_when(
    session: Session, other: Session, lead: Person, course: tuple[Module, ...], now: datetime
) -> None:
    row = assign(session, lead, EVERYBODY, course=course, now=now)
    end(session, lead, row.id, course=course, now=now + timedelta(days=1))
    assert assignments_in(other, scope_of(lead)) == []
    [(ended, was_changed)] = ended_in(other, scope_of(lead), limit=9)
    assert (ended.id, ended.ended_by.name, ended.ended_at, was_changed) == (
        row.id,
        "Zoe",
        now + timedelta(days=1),
        False,
    )


def test_whoever_comes_second_is_told_who_did_what_and_nothing_of_theirs_is_kept(
    session: Session, other: Session, lead: Person, add: AddPerson, course: tuple[Module, ...], now: datetime
) -> None:
    row = assign(session, lead, EVERYBODY, course=course, now=now)
    second = other.get_one(Person, add("Sam", access="administrator").id)
    find(other, second, row.id)
    newer = change(session, lead, row.id, replace(EVERYBODY, refresh_months=12), course=course, now=now)
    mine = replace(EVERYBODY, within_days=30)
    for attempt in (
        lambda: change(other, second, row.id, mine, course=course, now=now),
        lambda: end(other, second, row.id, course=course, now=now),
    ):
        with pytest.raises(ChangedMeanwhile, match="Zoe changed") as told:
            attempt()
        assert (told.value.newest.id, told.value.at, told.value.ended) == (newer.id, now, False)
    last = change(other, second, newer.id, mine, course=course, now=now)
    end(session, lead, last.id, course=course, now=now)
    for id_ in (row.id, newer.id, last.id):  # however long ago they opened it
        with pytest.raises(ChangedMeanwhile, match="Zoe ended") as told:
            change(other, second, id_, EVERYBODY, course=course, now=now)
        assert (told.value.newest.id, told.value.ended) == (last.id, True)
    assert kept(session) == 3
    assert [act for act, _ in acts(session)] == ["assigned", "reassigned", "reassigned", "ended"]


@pytest.mark.parametrize("first", ["change", "end"])
@pytest.mark.parametrize("second", ["change", "end"])
def test_between_looking_and_keeping_somebody_else_comes(
    session: Session,
    other: Session,
    lead: Person,
    course: tuple[Module, ...],
    now: datetime,
    first: str,
    second: str,
) -> None:
    """What two requests at the same moment do: the other's comes after this one's look, before its first write."""
    row = assign(session, lead, EVERYBODY, course=course, now=now)
    also = other.get_one(Person, lead.id)

    def act(session: Session, by: Person, how: str, months: int) -> None:
        if how == "end":
            end(session, by, row.id, course=course, now=now)
        else:
            change(session, by, row.id, replace(EVERYBODY, refresh_months=months), course=course, now=now)

    @event.listens_for(other, "do_orm_execute")
    def _meanwhile(state: object) -> None:
        if state.is_update and not others:
            others.append(True)
            act(session, lead, first, 6)

    others: list[bool] = []
    with pytest.raises(ChangedMeanwhile):
        act(other, also, second, 12)
    assert others
    assert len(acts(session)) == 2
    assert len(assignments_in(session, scope_of(lead))) == (first == "change")


def test_of_many_who_change_it_at_once_one_does(
    engine: Engine, session: Session, lead: Person, course: tuple[Module, ...], now: datetime
) -> None:
    row = assign(session, lead, EVERYBODY, course=course, now=now)
    done: list[int] = []
    told: list[ChangedMeanwhile] = []
    ready = threading.Barrier(6)

    def act(months: int) -> None:
        with new_sessions(engine)() as own:
            by = own.get_one(Person, lead.id)
            ready.wait()
            try:
                wording = replace(EVERYBODY, refresh_months=months)
                done.append(change(own, by, row.id, wording, course=course, now=now).id)
            except ChangedMeanwhile as changed:
                told.append(changed)

    threads = [threading.Thread(target=act, args=(months,)) for months in range(1, 7)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(done) == 1
    assert {changed.newest.id for changed in told} == set(done)
    assert len(told) == 5
    assert kept(session) == 2

"""People join, change, move, leave and come back: with their history, an audit, and nobody past their own access."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from threading import Event, Thread

import pytest
from sqlalchemy import Engine, event, func, select
from sqlalchemy.orm import Session

from course.learning import people
from course.learning.database import new_sessions
from course.learning.desk.lists import imports
from course.learning.desk.lists.import_apply import apply
from course.learning.desk.lists.import_plan import plan
from course.learning.desk.mail.links import Links
from course.learning.desk.people import editing, joining
from course.learning.desk.people.editing import ChangedMeanwhile, Filled
from course.learning.desk.people.joining_rules import OutOfScope, Refused, Wrong
from course.learning.desk.uploads.sheets import read
from course.learning.scope import may_give
from course.learning.tables import ACCESS, Agency, Audit, FormerPlace, Person, Team

NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)

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
    def add(name: str, *, team: str = "Health visiting", access: str = "learner") -> Person:
        email, password = f"{name.lower()}@example.org", "a long enough password"
        return people.add_person(
            session, name=name, email=email, password=password, role="practitioner", access=access, team=teams[team]
        )

    return add


@pytest.fixture
def lead(add: Add) -> Person:
    return add("Zoe", access="partnership-lead", team="Neighbourhood")


def join(session: Session, by: Person, team: Team, **change: object) -> Person:
    words: dict[str, object] = {"name": "Ada Bell", "email": "Ada@Example.org", "role": "manager"}
    return joining.join(session, by, team=team, now=NOW, **(words | change))  # type: ignore[arg-type]


def acts(session: Session, person: Person) -> list[tuple[str, str]]:
    query = select(Audit.act, Audit.what).where(Audit.about_id == person.id).order_by(Audit.id)
    return [(act, what) for act, what in session.execute(query)]


def test_whoever_joins_cannot_sign_in_before_they_have_a_password(
    session: Session, lead: Person, teams: dict[str, Team]
) -> None:
    ada = join(session, lead, teams["School nursing"], manager=lead)
    assert (ada.email, ada.joined_at, ada.manager_id, ada.left_at) == ("ada@example.org", NOW, lead.id, None)
    assert people.sign_in(session, "ada@example.org", "") is None
    what = "Added to Health: School nursing as manager, with access as learner"
    assert acts(session, ada) == [("joined", what)]


def test_all_that_is_wrong_is_said_by_field_and_nobody_is_added(
    session: Session, lead: Person, teams: dict[str, Team]
) -> None:
    with pytest.raises(Wrong) as wrong:
        join(session, lead, teams["School nursing"], name=" ", email="ada", role="wizard", access="administrator")
    assert list(wrong.value.errors) == ["name", "email", "role", "access"]
    with pytest.raises(Wrong, match="Somebody has this e-mail address already: Zoe, Police: Neighbourhood"):
        join(session, lead, teams["School nursing"], email=" ZOE@example.org")
    assert session.scalar(select(func.count(Person.id))) == 1


def test_an_address_taken_elsewhere_is_told_without_saying_by_whom(
    session: Session, add: Add, teams: dict[str, Team]
) -> None:
    team_lead = add("Tia", access="team-lead")
    add("Dee", team="Neighbourhood")
    with pytest.raises(Wrong) as wrong:
        join(session, team_lead, teams["Health visiting"], email="dee@example.org")
    [told] = wrong.value.errors["email"]
    assert "Ask the training lead for the partnership" in told
    assert "Neighbourhood" not in told
    assert "already" not in told


@pytest.mark.parametrize("access", list(ACCESS))
def test_an_access_is_given_by_those_who_have_one_as_wide(add: Add, access: str) -> None:
    widths = list(ACCESS)
    by = add("By", access=access)
    assert [other for other in ACCESS if may_give(by, other)] == widths[: widths.index(access) + 1]


def test_details_change_with_old_and_new_in_the_audit_and_an_address_ends_sessions(
    session: Session, lead: Person, add: Add
) -> None:
    ada, ben = add("Ada"), add("Ben")
    key = ada.session_key
    joining.change(session, lead, ada, name="Ada Bell", email="ada@example.org", manager=ben, now=NOW)
    assert ada.session_key == key
    joining.change(session, lead, ada, name="Ada Bell", email="BELL@example.org", manager=ben, now=NOW)
    assert ada.email == "bell@example.org"
    assert ada.session_key != key
    joining.change(session, lead, ada, name="Ada Bell", email="bell@example.org", manager=ben, now=NOW)
    assert acts(session, ada) == [
        ("changed", "Name: Ada → Ada Bell; Manager: none → ben@example.org"),
        ("readdressed", "E-mail: ada@example.org → bell@example.org"),
    ]


def test_the_address_of_somebody_who_signs_in_is_for_a_lead_of_the_partnership_or_themselves(
    session: Session, lead: Person, add: Add, teams: dict[str, Team]
) -> None:
    team_lead, ada = add("Tia", access="team-lead"), add("Ada")
    for by in (team_lead, add("Ana", access="agency-lead")):
        with pytest.raises(Wrong, match="Ask the training lead for the partnership"):
            joining.change(session, by, ada, name="Ada", email="mine@example.org", manager=None, now=NOW)
    new = join(session, team_lead, teams["Health visiting"], email="slip@example.org")
    joining.change(session, team_lead, new, name="New", email="new@example.org", manager=None, now=NOW)
    joining.change(session, team_lead, team_lead, name="Tia", email="tia.new@example.org", manager=None, now=NOW)
    joining.change(session, lead, ada, name="Ada", email="ada.new@example.org", manager=None, now=NOW)
    assert [p.email for p in (ada, new, team_lead)] == ["ada.new@example.org", "new@example.org", "tia.new@example.org"]
    assert [acts(session, p)[-1][0] for p in (ada, new, team_lead)] == ["readdressed", "changed", "changed"]


def test_a_manager_is_somebody_else_here_and_in_scope(session: Session, lead: Person, add: Add) -> None:
    team_lead, ada, gone = add("Tia", access="team-lead"), add("Ada"), add("Gone")
    joining.leave(session, lead, gone, now=NOW)
    for manager in (ada, gone, add("Dee", team="Neighbourhood")):
        with pytest.raises(Wrong):
            joining.change(session, team_lead, ada, name="Ada", email=ada.email, manager=manager, now=NOW)
    joining.change(session, lead, ada, name="Ada", email=ada.email, manager=lead, now=NOW)
    joining.change(session, team_lead, ada, name="Adah", email=ada.email, manager=lead, now=NOW)
    assert (ada.name, ada.manager_id) == ("Adah", lead.id)


def test_a_move_keeps_where_somebody_was_and_none_is_none(
    session: Session, lead: Person, add: Add, teams: dict[str, Team]
) -> None:
    ada = add("Ada")
    joining.move(session, lead, ada, team=teams["Health visiting"], role="practitioner", now=NOW)
    assert not session.scalars(select(FormerPlace)).all()
    later = NOW + timedelta(days=1)
    joining.move(session, lead, ada, team=teams["Neighbourhood"], role="practitioner", now=NOW)
    joining.move(session, lead, ada, team=teams["Neighbourhood"], role="manager", now=later)
    history = session.execute(select(FormerPlace.team_id, FormerPlace.role, FormerPlace.until).order_by(FormerPlace.id))
    assert history.all() == [
        (teams["Health visiting"].id, "practitioner", NOW),
        (teams["Neighbourhood"].id, "practitioner", later),
    ]
    assert acts(session, ada)[0] == (
        "moved",
        "Health: Health visiting, practitioner → Police: Neighbourhood, practitioner",
    )


def test_who_leaves_is_signed_out_and_who_comes_back_was_away_meanwhile(
    session: Session, lead: Person, add: Add, teams: dict[str, Team]
) -> None:
    ada, back = add("Ada"), NOW + timedelta(days=40)
    key = ada.session_key
    joining.leave(session, lead, ada, now=NOW)
    joining.leave(session, lead, ada, now=back)
    assert ada.left_at == NOW
    assert ada.session_key != key
    with pytest.raises(Refused, match="closed"):
        joining.move(session, lead, ada, team=teams["Neighbourhood"], role="manager", now=back)
    joining.come_back(session, lead, ada, now=back)
    joining.come_back(session, lead, ada, now=back)
    assert ada.left_at is None
    history = session.execute(select(FormerPlace.team_id, FormerPlace.until).order_by(FormerPlace.until)).all()
    assert history == [(ada.team_id, NOW), (None, back)]
    assert [act for act, _ in acts(session, ada)] == ["left", "returned"]


@pytest.mark.parametrize("act", ["change", "move", "give_access", "leave", "come_back"])
def test_whom_one_does_not_look_after_one_does_not_touch(
    session: Session, add: Add, teams: dict[str, Team], act: str
) -> None:
    words: dict[str, dict[str, object]] = {
        "change": {"name": "X", "email": "x@example.org", "manager": None},
        "move": {"team": teams["Health visiting"], "role": "manager"},
        "give_access": {"access": "learner"},
    }
    verb = getattr(joining, act)
    learner, team_lead = add("Lea"), add("Tia", access="team-lead")
    agency_lead, other_lead = add("Ana", access="agency-lead"), add("Pol", team="Neighbourhood", access="agency-lead")
    for by, person, refusal in (
        (learner, add("Ada"), OutOfScope),
        (team_lead, add("Ben", team="School nursing"), OutOfScope),
        (other_lead, add("Cem"), OutOfScope),
        (team_lead, agency_lead, Refused),
        (agency_lead, add("Eve", access="administrator"), Refused),
    ):
        with pytest.raises(refusal):
            verb(session, by, person, now=NOW, **words.get(act, {}))
    assert not session.scalar(select(func.count(Audit.id)))


def test_nobody_is_put_or_added_where_one_does_not_look_after(
    session: Session, add: Add, teams: dict[str, Team]
) -> None:
    team_lead, ada = add("Tia", access="team-lead"), add("Ada")
    with pytest.raises(OutOfScope):
        joining.move(session, team_lead, ada, team=teams["School nursing"], role="manager", now=NOW)
    with pytest.raises(OutOfScope):
        join(session, team_lead, teams["Neighbourhood"], email="new@example.org")
    assert session.scalar(select(func.count(Person.id))) == 2


def test_access_is_given_up_to_ones_own_and_never_to_oneself(session: Session, add: Add) -> None:
    lead, ada = add("Ana", access="agency-lead"), add("Ada")
    joining.give_access(session, lead, ada, access="agency-lead", now=NOW)
    assert ada.access == "agency-lead"
    with pytest.raises(Wrong, match="wider access than your own"):
        joining.give_access(session, lead, ada, access="partnership-lead", now=NOW)
    for access in ("learner", "team-lead", "administrator"):
        with pytest.raises(Wrong, match="your own access"):
            joining.give_access(session, lead, lead, access=access, now=NOW)
    with pytest.raises(Refused, match="your own account"):
        joining.leave(session, lead, lead, now=NOW)
    assert acts(session, ada) == [("gave-access", "Learner → Training lead for an agency")]


def test_two_administrators_who_close_each_others_account_leave_one(engine: Engine, session: Session, add: Add) -> None:
    ids = [add("Eve", access="administrator").id, add("Fay", access="administrator").id]
    session.close()

    def close(by: str, person: str) -> None:
        with new_sessions(engine)() as own:
            try:
                joining.leave(own, own.get_one(Person, by), own.get_one(Person, person), now=NOW)
            except Refused:
                refused.append(by)

    refused: list[str] = []
    threads = [Thread(target=close, args=pair) for pair in (ids, ids[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert session.scalar(select(func.count(Person.id)).where(Person.left_at.is_(None))) == 1
    assert len(refused) == 1


def test_administrators_are_saved_while_another_one_leaves(engine: Engine, session: Session, add: Add) -> None:
    """On PostgreSQL the two waited for one another where each had locked what the other came to next."""
    by, leaving, saved = (add(name, access="administrator") for name in ("Eve", "Fay", "Gus"))
    filled = Filled("Gus", saved.email, saved.team_id, "practitioner", "partnership-lead", "")
    seen, may_save = editing.shown(session, by, saved), Event()
    session.close()

    def save() -> None:
        with new_sessions(engine)() as own:
            may_save.wait(9)
            person = own.get_one(Person, saved.id)
            editing.save(own, own.get_one(Person, by.id), person, seen=seen, filled=filled, now=NOW)
            done.append("saved")

    def pause(connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "ORDER BY people.id FOR UPDATE" in statement and not may_save.is_set():
            may_save.set()
            thread.join(0.3)

    done: list[str] = []
    thread = Thread(target=save)
    thread.start()
    event.listen(engine, "after_cursor_execute", pause)
    try:
        joining.leave(session, session.get_one(Person, by.id), session.get_one(Person, leaving.id), now=NOW)
    finally:
        event.remove(engine, "after_cursor_execute", pause)
        may_save.set()
        thread.join()
    assert done == ["saved"]


def test_an_administrator_who_never_chose_a_password_is_not_the_one_who_stays(
    session: Session, add: Add, teams: dict[str, Team]
) -> None:
    eve, fay = add("Eve", access="administrator"), add("Fay", access="administrator")
    join(session, eve, teams["Health visiting"], access="administrator")
    joining.leave(session, eve, fay, now=NOW)
    with pytest.raises(Refused, match="last administrator who can sign in"):
        joining.leave(session, fay, eve, now=NOW)  # Fay pressed the button a moment before Eve did


@pytest.mark.parametrize("how", ["access", "team", "list"])
def test_a_link_from_before_another_place_or_access_is_no_way_into_it(
    session: Session, lead: Person, add: Add, teams: dict[str, Team], how: str
) -> None:
    ada, ben = join(session, lead, teams["School nursing"]), add("Ben")
    links, seen = Links("secret", str), [links_of(person) for person in (ada, ben)]
    assert links.whose(session, seen[0], now=NOW) is ada
    for person in (ada, ben):
        if how == "access":
            joining.give_access(session, lead, person, access="team-lead", now=NOW)
        elif how == "team":
            joining.move(session, lead, person, team=teams["Neighbourhood"], role="manager", now=NOW)
        else:
            bring_in(session, lead, f"{person.name},{person.email},Police,Neighbourhood,Manager")
    assert [links.whose(session, token, now=NOW) for token in seen] == [None, ben]


def links_of(person: Person) -> str:
    return Links("secret", str).to(person, "invitation", now=NOW).address


def bring_in(session: Session, by: Person, line: str) -> None:
    content = f"Name,E-mail,Agency,Team,Role\n{line}".encode()
    kept = imports.keep(session, by, file="people.csv", content=content, now=NOW)
    made = plan(session, by, read(content, name="people.csv"), now=NOW)
    apply(session, by, kept.id, seen=made.fingerprint, now=NOW)


def test_the_second_of_two_who_save_is_told_what_the_first_changed(
    engine: Engine, session: Session, lead: Person, add: Add, teams: dict[str, Team]
) -> None:
    ada = add("Ada")
    seen = editing.shown(session, lead, ada)
    filled = Filled("Ada Jones", ada.email, teams["School nursing"].id, "manager", "team-lead", "zoe@example.org")
    with new_sessions(engine)() as other:
        first = other.get_one(Person, lead.id)
        editing.save(other, first, other.get_one(Person, ada.id), seen=seen, filled=filled, now=NOW)
    mine = Filled("Ada Bell", ada.email, ada.team_id, "practitioner", "learner", "")
    with pytest.raises(ChangedMeanwhile) as changed:
        editing.save(session, lead, ada, seen=seen, filled=mine, now=NOW)
    assert changed.value.differences == [
        ("Name", "Ada", "Ada Jones"),
        ("Team", "Health: Health visiting", "Health: School nursing"),
        ("Role", "Practitioner", "Manager"),
        ("Access", "Learner", "Training lead for a team"),
        ("Manager", "", "zoe@example.org"),
    ]
    assert {line.act for line in changed.value.lines} == {"changed", "gave-access", "moved"}
    assert session.get_one(Person, ada.id).name == "Ada Jones"


def test_a_manager_whom_one_does_not_look_after_is_not_named_and_stays(
    session: Session, lead: Person, add: Add
) -> None:
    tia, ada = add("Tia", access="team-lead"), add("Ada")
    joining.change(session, lead, ada, name="Ada", email=ada.email, manager=lead, now=NOW)
    seen = editing.shown(session, tia, ada)
    assert seen["Manager"] == "Somebody outside your scope"
    filled = Filled("Ada Bell", ada.email, ada.team_id, "practitioner", "learner", seen["Manager"])
    editing.save(session, tia, ada, seen=seen, filled=filled, now=NOW)
    assert (ada.name, ada.manager_id) == ("Ada Bell", lead.id)
    filled = replace(filled, manager="")
    editing.save(session, tia, ada, seen=editing.shown(session, tia, ada), filled=filled, now=NOW)
    assert ada.manager_id is None
    assert [what for _, what in acts(session, ada)[1:]] == [
        "Name: Ada → Ada Bell",
        "Manager: Somebody outside your scope → none",
    ]


def test_what_is_saved_together_is_saved_whole_or_not_at_all(
    session: Session, lead: Person, add: Add, teams: dict[str, Team]
) -> None:
    ada = add("Ada")
    filled = Filled("Other", ada.email, teams["School nursing"].id, "manager", "administrator", "nobody@example.org")
    with pytest.raises(Wrong) as wrong:
        editing.save(session, lead, ada, seen=editing.shown(session, lead, ada), filled=filled, now=NOW)
    assert list(wrong.value.errors) == ["access", "manager"]
    session.expire_all()
    assert (ada.name, ada.team.name, ada.role) == ("Ada", "Health visiting", "practitioner")
    assert not acts(session, ada)


@pytest.mark.parametrize("sign", ["\x00", "\ud800", "\x1b"])
def test_signs_that_a_database_cannot_hold_are_refused_in_every_field(
    session: Session, lead: Person, teams: dict[str, Team], sign: str
) -> None:
    assert editing.find(session, lead, sign) is None
    fields = {"name": f"A{sign}", "email": f"a{sign}@example.org", "role": sign, "access": sign, "manager": sign}
    filled = Filled(**fields, team_id=teams["Neighbourhood"].id, joined=sign)
    with pytest.raises(Wrong) as wrong:
        editing.add(session, lead, filled=filled, now=NOW)
    assert set(wrong.value.errors) == {*fields, "joined"}

"""Assignments on the desk: asked, checked, changed and ended by those whose people they are, and by nobody else."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.desk.assigning.assignments import assign, change
from course.learning.desk.assigning.wording import Wording
from course.learning.tables import Assignment, Audit, Person, Team
from tests.web.test_learn import to_the_end
from tests.web.visitor import Visitor, text

Visit = Callable[..., Visitor]
AddPerson = Callable[..., Person]

LIST, NEW = "/lead/assignments", "/lead/assignments/new"
NOW = datetime(2026, 11, 27, 9, 0, tzinfo=UTC)
THREE, BOTH = ("module-three",), ("module-three", "module-thirteen")
PLAIN: dict[str, Any] = {"which": "some", "module": ["module-three"], "whom": "group", "due": "none"}
"""The form as a browser sends it with nothing but a module chosen."""
GO_ON, CONFIRM = "Go on", "Confirm"


@pytest.fixture(autouse=True)
def clock(app: Flask) -> None:
    app.config["CLOCK"] = lambda: NOW


@pytest.fixture
def zoe(add_person: AddPerson) -> Person:
    return add_person("Zoe Lead", access="partnership-lead")


@pytest.fixture
def lead(visit: Visit, zoe: Person) -> Visitor:
    return visit(zoe)


@pytest.fixture
def ask(app: Flask, session: Session, zoe: Person) -> Callable[..., Assignment]:
    """Makes an assignment without the pages."""

    def ask(module_ids: tuple[str, ...] = THREE, **terms: Any) -> Assignment:
        return assign(session, zoe, Wording(module_ids, **terms), course=app.extensions["library"].modules, now=NOW)

    return ask


def kept(session: Session) -> list[Assignment]:
    session.rollback()
    session.expire_all()
    return list(session.scalars(select(Assignment).order_by(Assignment.id)))


def table(visitor: Visitor, id_: str) -> list[list[str]]:
    rows = visitor.page.xpath("//table[caption/@id=$id]/tbody/tr", id=id_)
    return [[text(cell) for cell in row] for row in rows]


def faults(visitor: Visitor) -> dict[str, str]:
    """The field that each error of the summary leads to, and what it says; each field says it too."""
    links = visitor.page.xpath("//*[contains(@class, 'govuk-error-summary')]//a")
    assert text(visitor.page.xpath("//title")[0]).startswith("Error: ")
    for link in links:
        [field] = visitor.page.xpath("//*[@id=$id]", id=link.get("href")[1:])
        said = field.xpath("ancestor::*[contains(@class, 'govuk-form-group--error')]//*[@class='govuk-error-message']")
        assert text(link) in " ".join(text(one) for one in said)
    return {link.get("href")[1:]: text(link) for link in links}


def test_somebody_is_asked_after_a_page_that_says_what_it_will_do(
    lead: Visitor, visit: Visit, add_person: AddPerson, session: Session, teams: dict[str, Team]
) -> None:
    to_the_end(visit(add_person("Ada Bell")))
    add_person("Ben Cole", team="School nursing")
    add_person("Cem Demir", team="Neighbourhood")
    assert "Nobody is asked for anything yet" in lead.get(LIST).words
    health = teams["Health visiting"].agency_id
    dated = {"due": "on", "day": "1", "month": "3", "year": "2027", "refresh": "12", "agency": health}
    lead.get(NEW).send(GO_ON, **PLAIN | dated)
    assert lead.heading == "Check before you ask"
    said = "This asks 3 people to do 1 module by 1 March 2027. 1 of them has completed it before."
    assert said in lead.words  # Zoe is one of them
    assert "Whoever comes to fit it later is asked too" in lead.words
    assert kept(session) == []

    lead.send(CONFIRM)
    assert lead.path == LIST
    assert "The assignment is made" in lead.words
    title = "3. Not making a referral after bruising to non-mobile babies"
    who = ["Everybody in Health", "By 1 March 2027", "Again every 12 months", "3", "Zoe Lead", "2026-11-27"]
    [row] = table(lead, "current")
    assert row[:-1] == [title, *who]
    [line] = session.scalars(select(Audit).where(Audit.act == "assigned"))
    assert line.what.startswith("module 3, for everybody in Health")


def test_all_modules_at_once(lead: Visitor, session: Session) -> None:
    lead.get(NEW).send(GO_ON, **PLAIN | {"which": "all", "module": []})
    assert "This asks 1 person to do 2 modules with no date." in lead.words
    lead.send(CONFIRM)
    assert table(lead, "current")[0][0].startswith("3. ")
    assert [tuple(row.module_ids) for row in kept(session)] == [BOTH]


def test_one_person_by_their_address(lead: Visitor, add_person: AddPerson, session: Session) -> None:
    ada = add_person("Ada Bell")
    lead.get(NEW).send(GO_ON, **PLAIN | {"whom": "person", "email": " ADA.bell@example.org "})
    assert "This asks Ada Bell to do 1 module with no date." in lead.words
    assert "Whoever" not in lead.words
    lead.send(CONFIRM)
    assert [row.person_id for row in kept(session)] == [ada.id]
    assert "Ada Bell (ada.bell@example.org)" in lead.words


def test_from_the_check_back_to_the_form_and_nothing_is_lost(lead: Visitor, session: Session) -> None:
    filled = {"due": "within", "within": "30", "role": "manager", "refresh": "24", "module": list(BOTH)}
    lead.get(NEW).send(GO_ON, **PLAIN | filled)
    assert "Nobody fits this now" in lead.words
    lead.send("Back to the form")
    assert lead.heading == "New assignment"
    assert lead.page.xpath("//input[@name='module'][@checked]/@value") == list(BOTH)
    assert lead.page.xpath("//input[@name='due'][@checked]/@value") == ["within"]
    assert lead.page.xpath("//select[@name='role']/option[@selected]/@value") == ["manager"]
    assert [lead.page.xpath("//input[@name=$n]/@value", n=name)[0] for name in ("within", "refresh")] == ["30", "24"]
    assert kept(session) == []


WRONG: list[tuple[dict[str, Any], dict[str, str]]] = [
    ({"module": []}, {"module": "Choose at least one module."}),
    ({"module": ["nothing"]}, {"module": "Choose at least one module."}),
    (
        {"which": "none"},
        {
            "which": "Choose all modules or only some.",
        },
    ),
    ({"whom": "person"}, {"email": "Give the person’s e-mail address."}),
    ({"whom": "person", "email": "x@example.org"}, {"email": "Nobody whom you can ask"}),
    ({"email": "ada@example.org"}, {"email": "Choose that|Choose “One person”"}),
    ({"whom": "crowd"}, {"whom": "Choose a group or one person."}),
    ({"agency": "x"}, {"agency": "Choose an agency from the list."}),
    ({"team": "999999999"}, {"team": "Choose a team from the list."}),
    ({"role": "chief"}, {"role": "Choose a role from the list."}),
    ({"due": "on"}, {"date-day": "Give the date."}),
    ({"due": "on", "day": "1", "year": "2027"}, {"date-day": "The date needs a month."}),
    ({"due": "on", "day": "30", "month": "2", "year": "2027"}, {"date-day": "There is no such date."}),
    ({"due": "on", "day": "1", "month": "March", "year": "2027"}, {"date-day": "There is no such date."}),
    ({"due": "on", "day": "²", "month": "3", "year": "2027"}, {"date-day": "There is no such date."}),
    ({"due": "on", "day": "1", "month": "3", "year": "27"}, {"date-day": "There is no such date."}),
    ({"due": "on", "day": "26", "month": "11", "year": "2026"}, {"date-day": "26 November 2026 is in the past."}),
    ({"day": "1"}, {"date-day": "You gave a date."}),
    ({"within": "3"}, {"within": "You gave a number of days."}),
    ({"due": "within"}, {"within": "Give the number of days."}),
    ({"due": "within", "within": "soon"}, {"within": "Give a whole number of days."}),
    ({"due": "within", "within": "731"}, {"within": "from 1 to 730"}),
    ({"due": "some day"}, {"when": "Choose whether there is a date."}),
    ({"refresh": "1.5"}, {"refresh": "Give a whole number of months"}),
    ({"refresh": "61"}, {"refresh": "from 1 to 60"}),
    (
        {"module": [], "whom": "person", "email": "x@example.org", "due": "on", "day": "32", "refresh": "0"},
        {"module": "Choose", "email": "Nobody", "date-day": "needs a month and a year", "refresh": "from 1"},
    ),
]


@pytest.mark.parametrize(("filled", "told"), WRONG)
def test_a_wrong_form_says_at_each_field_what_to_do_and_keeps_what_was_filled_in(
    lead: Visitor, session: Session, filled: dict[str, Any], told: dict[str, str]
) -> None:
    lead.get(NEW).send(GO_ON, 422, **PLAIN | filled)
    found = faults(lead)
    assert set(found) == set(told)
    for field, part in told.items():
        assert any(one in found[field] for one in part.split("|")), found
    for name in ("email", "day", "month", "year", "within", "refresh"):
        assert lead.page.xpath("//input[@name=$name]", name=name)[0].get("value", "") == filled.get(name, "")
    assert kept(session) == []


def test_nobody_gets_past_the_checks_by_confirming_at_once(lead: Visitor, session: Session) -> None:
    lead.get(NEW).send(GO_ON, 422, **PLAIN | {"step": "confirm", "module": []})
    lead.get(NEW).send(GO_ON, 422, **PLAIN | {"step": "confirm", "refresh": "0"})
    assert kept(session) == []


def test_a_form_sent_twice_asks_once(lead: Visitor, session: Session) -> None:
    lead.get(NEW).send(GO_ON, **PLAIN)
    [form] = [b.iterancestors("form").__next__() for b in lead.page.iter("button") if text(b).startswith(CONFIRM)]
    lead.post(form)
    lead.post(form, 422)
    assert "Exactly this is asked already, since 2026-11-27" in faults(lead)["module"]
    assert len(kept(session)) == 1


def test_an_assignment_is_changed_and_what_it_was_can_still_be_read(
    lead: Visitor, ask: Callable[..., Assignment], session: Session
) -> None:
    first = ask(BOTH, role="manager", due_on=NOW.date(), refresh_months=12)
    lead.get(LIST)
    [link] = lead.page.xpath("//table[caption/@id='current']//a[starts-with(., 'Change')]/@href")
    lead.get(link)
    assert lead.heading == "Change an assignment"
    assert lead.page.xpath("//input[@name='which'][@checked]/@value") == ["all"]
    assert [lead.page.xpath("//input[@name=$n]/@value", n=n)[0] for n in ("day", "month", "year")] == [
        "27",
        "11",
        "2026",
    ]
    lead.send(GO_ON, **PLAIN | {"role": "practitioner", "refresh": "6"})
    rows = {row[0]: row[1:] for row in table(lead, "asked")}
    assert rows["Who"] == ["Every manager", "Every practitioner"]
    assert rows["How often"] == ["Again every 12 months", "Again every 6 months"]
    lead.send(CONFIRM)
    old, new = kept(session)
    assert (old.id, new.replaces_id, new.role, new.refresh_months) == (first.id, first.id, "practitioner", 6)
    [was] = table(lead, "ended")
    assert was[1:4] == ["Every manager", "By 27 November 2026", "Again every 12 months"]
    assert was[-2:] == ["Changed at 2026-11-27 09:00", "Zoe Lead"]


def test_ending_asks_once_more_says_what_stays_and_is_in_the_list_of_what_was(
    lead: Visitor, ask: Callable[..., Assignment], session: Session
) -> None:
    row = ask()
    lead.get(f"{LIST}/{row.id}/end")
    assert "What people have done stays" in lead.words
    assert kept(session)[0].ended_at is None
    lead.send("End this assignment")
    assert lead.path == LIST
    assert table(lead, "current") == []
    assert table(lead, "ended")[0][-2:] == ["Ended at 2026-11-27 09:00", "Zoe Lead"]
    assert lead.get(f"{LIST}/{row.id}/end").path == LIST
    assert "Zoe Lead ended this assignment at 2026-11-27 09:00" in lead.words


@pytest.fixture
def other_lead_changes(app: Flask, session: Session, add_person: AddPerson) -> Callable[[Assignment], Assignment]:
    yan = add_person("Yan Other", access="administrator")

    def changes(row: Assignment, **terms: Any) -> Assignment:
        wording = Wording(BOTH, **{"refresh_months": 24, **terms})
        at = NOW + timedelta(hours=1)
        return change(session, yan, row.id, wording, course=app.extensions["library"].modules, now=at)

    return changes


@pytest.mark.parametrize("when", ["before the check", "before confirming"])
def test_the_second_of_two_who_change_one_is_told_and_sees_both(
    lead: Visitor, ask: Callable[..., Assignment], other_lead_changes: Callable, session: Session, when: str
) -> None:
    row = ask(due_on=NOW.date())
    lead.get(f"{LIST}/{row.id}/edit")
    mine = PLAIN | {"due": "within", "within": "30", "role": "manager"}
    if when == "before the check":
        newer = other_lead_changes(row)
        lead.send(GO_ON, 409, **mine)
    else:
        lead.send(GO_ON, **mine)
        newer = other_lead_changes(row)
        lead.send(CONFIRM, 409)
    assert "Yan Other changed this assignment at 2026-11-27 10:00." in lead.words
    rows = {cells[0]: cells[1:] for cells in table(lead, "beside")}
    assert rows["Who"] == ["Everybody", "Every manager"]
    assert rows["Due"] == ["With no date", "Within 30 days of joining"]
    assert rows["How often"] == ["Again every 24 months", "Once"]
    assert lead.page.xpath("//input[@name='within']/@value") == ["30"]
    assert lead.page.xpath("//select[@name='role']/option[@selected]/@value") == ["manager"]
    assert len(kept(session)) == 2

    lead.send(GO_ON, **mine).send(CONFIRM)
    last = kept(session)[-1]
    assert (last.replaces_id, last.within_days) == (newer.id, 30)


def test_what_was_ended_meanwhile_can_be_asked_anew_with_what_was_filled_in(
    lead: Visitor, visit: Visit, zoe: Person, ask: Callable[..., Assignment], session: Session
) -> None:
    row = ask()
    lead.get(f"{LIST}/{row.id}/edit")
    visit(zoe).get(f"{LIST}/{row.id}/end").send("End this assignment")
    lead.send(GO_ON, 409, **PLAIN | {"refresh": "6"})
    assert "Zoe Lead ended this assignment" in lead.words
    assert lead.heading == "New assignment"
    assert lead.page.xpath("//input[@name='refresh']/@value") == ["6"]
    lead.send(GO_ON, **PLAIN | {"refresh": "6"}).send(CONFIRM)
    ended, new = kept(session)
    assert ended.ended_at
    assert (new.replaces_id, new.refresh_months, new.ended_at) == (None, 6, None)


def test_the_page_beside_an_ended_assignment_names_no_place_out_of_scope(
    visit: Visit, add_person: AddPerson, teams: dict[str, Team], ask: Callable[..., Assignment], session: Session
) -> None:
    own = add_person("Tia Lead", access="team-lead")
    row, far = ask(team_id=own.team_id), teams["Child abuse investigation"]
    visitor = visit(own).get(f"{LIST}/{row.id}/edit")
    row.ended_at, row.ended_by_id = NOW, own.id
    session.commit()
    visitor.send(GO_ON, 404, **PLAIN | {"team": str(far.id)})
    assert far.name not in visitor.response.get_data(as_text=True)


def test_ending_what_somebody_changed_meanwhile_shows_the_newest_and_asks_again(
    lead: Visitor, ask: Callable[..., Assignment], other_lead_changes: Callable, session: Session
) -> None:
    row = ask()
    lead.get(f"{LIST}/{row.id}/end")
    other_lead_changes(row)
    lead.send("End this assignment", 409)
    assert "Yan Other changed this assignment at 2026-11-27 10:00. It was not ended." in lead.words
    assert "Again every 24 months" in lead.words
    lead.send("End this assignment")
    assert [bool(one.ended_at) for one in kept(session)] == [True, True]


def test_the_address_of_an_older_wording_leads_to_the_newest(
    lead: Visitor, ask: Callable[..., Assignment], other_lead_changes: Callable
) -> None:
    row = ask()
    newer = other_lead_changes(row)
    assert lead.get(f"{LIST}/{row.id}/edit").path == f"{LIST}/{newer.id}/edit"
    assert "Yan Other changed this assignment" in lead.words


@pytest.mark.parametrize(
    ("access", "may", "sees"),
    [
        ("team-lead", {"own team", "mate"}, {"everybody", "agency", "own team", "mate"}),
        (
            "agency-lead",
            {"agency", "own team", "mate", "next team"},
            {"everybody", "agency", "own team", "mate", "next team"},
        ),
        ("partnership-lead", {"all"}, {"all"}),
        ("administrator", {"all"}, {"all"}),
    ],
)
def test_each_lead_sees_what_touches_their_people_and_changes_what_is_theirs_alone(
    visit: Visit,
    add_person: AddPerson,
    ask: Callable[..., Assignment],
    teams: dict[str, Team],
    session: Session,
    access: str,
    may: set[str],
    sees: set[str],
) -> None:
    health, police = (teams[name].agency_id for name in ("Health visiting", "Neighbourhood"))
    rows = {
        "everybody": ask(),
        "agency": ask(agency_id=health),
        "own team": ask(team_id=teams["Health visiting"].id),
        "mate": ask(person_id=add_person("Ada Bell").id),
        "next team": ask(team_id=teams["School nursing"].id),
        "other agency": ask(agency_id=police),
        "other team": ask(team_id=teams["Neighbourhood"].id),
        "stranger": ask(person_id=add_person("Dee Evans", team="Neighbourhood").id),
    }
    may, sees = (set(rows) if names == {"all"} else names for names in (may, sees))
    lead = visit(add_person("Lee Lead", access=access)).get(LIST)
    assert len(table(lead, "current")) == len(sees)
    linked = {href for href in lead.page.xpath("//table//a/@href")}
    assert linked == {f"{LIST}/{rows[name].id}/{act}" for name in may for act in ("edit", "end")}
    if "stranger" not in sees:
        assert not any(word in lead.words for word in ("Police", "Neighbourhood", "Dee"))
    lead.get(NEW)
    [token] = lead.page.xpath("//form[@class='packages']//input[@name='csrf_token']/@value")
    form = lead.page.xpath("//form[@class='packages']")[0]
    for name, row in rows.items():
        for act in ("edit", "end"):
            lead.get(f"{LIST}/{row.id}/{act}", 200 if name in may else 404)
            if name not in may:
                form.set("action", f"{LIST}/{row.id}/{act}")
                for step in ("", "confirm"):
                    lead.post(form, 404, **PLAIN | {"csrf_token": token, "step": step, "refresh": "3"})
    assert [row for row in kept(session) if row.ended_at or row.refresh_months] == []


def test_no_lead_asks_beyond_their_scope_whatever_they_send(
    visit: Visit, add_person: AddPerson, teams: dict[str, Team], session: Session
) -> None:
    add_person("Dee Evans", team="Neighbourhood")
    police, abroad = teams["Neighbourhood"].agency_id, teams["Neighbourhood"].id
    for access in ("team-lead", "agency-lead"):
        lead = visit(add_person(f"Lee {access}", access=access))
        for asked in ({"agency": police}, {"team": abroad}, {"agency": police, "team": abroad}, {}):
            for step in ("", "confirm"):
                lead.get(NEW).send(GO_ON, 404, **PLAIN | asked | {"step": step})
        lead.get(NEW).send(GO_ON, 422, **PLAIN | {"whom": "person", "email": "dee.evans@example.org"})
        assert "Nobody whom you can ask has this e-mail address" in lead.words
        for words in (lead.words, lead.get(NEW).words):
            assert not any(word in words for word in ("Police", "Neighbourhood", "Dee Evans"))
    assert kept(session) == []


def test_a_team_lead_asks_their_own_team(visit: Visit, add_person: AddPerson, session: Session) -> None:
    lead = visit(add_person("Lee Lead", access="team-lead")).get(NEW)
    assert not lead.page.xpath("//select[@name='agency']")
    [team] = lead.page.xpath("//select[@name='team']/option/@value")
    lead.send(GO_ON, **PLAIN | {"team": team}).send(CONFIRM)
    assert [row.team_id for row in kept(session)] == [int(team)]
    headings = [text(cell) for cell in lead.page.xpath("//table[caption/@id='current']/thead//th")]
    assert headings[4] == "Of your team"
    assert headings[-1] == "Change or end"


def test_a_team_lead_reads_whose_it_is_to_change_what_asks_others_too(
    visit: Visit, add_person: AddPerson, ask: Callable[..., Assignment]
) -> None:
    ask()
    lead = visit(add_person("Lee Lead", access="team-lead")).get(LIST)
    assert table(lead, "current")[0][-1] == "Only a lead for more than your team can change this"


def test_days_after_joining_are_said_as_a_day_for_those_who_are_here(lead: Visitor) -> None:
    lead.get(NEW).send(GO_ON, **PLAIN | {"due": "within", "within": "60"})
    assert "within 60 days of joining" in lead.words
    assert "For those here already: by 26 January 2027." in lead.words
    assert "the earlier day holds" in lead.words
    lead.get(NEW).send(GO_ON, **PLAIN)
    assert "For those here already" not in lead.words
    assert "the earlier day holds" not in lead.words


def test_to_a_learner_there_are_no_such_pages_and_a_stranger_signs_in_first(
    learner: Visitor, visit: Visit, ask: Callable[..., Assignment]
) -> None:
    row = ask()
    for path in (LIST, NEW, f"{LIST}/{row.id}/edit", f"{LIST}/{row.id}/end"):
        learner.get(path, 404)
        assert visit().get(path).path == "/sign-in"


def test_odd_addresses_are_no_errors(lead: Visitor) -> None:
    for path in (f"{LIST}/0/edit", f"{LIST}/{10**30}/edit", f"{LIST}/x/end", f"{LIST}/999/end"):
        lead.get(path, 404)
    for page in ("x", "-1", str(10**30), "7"):
        lead.get(f"{LIST}?page={page}")


def test_what_was_asked_before_is_paged(app: Flask, lead: Visitor, zoe: Person, session: Session) -> None:
    for _ in range(51):
        row = Wording(THREE).row()
        row.made_by_id = row.ended_by_id = zoe.id
        row.counts_from = row.made_at = row.ended_at = NOW
        session.add(row)
    session.commit()
    assert len(table(lead.get(LIST), "ended")) == 50
    [later] = lead.page.xpath("//a[@rel='next']/@href")
    assert len(table(lead.get(later), "ended")) == 1
    assert lead.page.xpath("//details[@open]")


def test_the_pages_cost_few_queries(
    lead: Visitor,
    ask: Callable[..., Assignment],
    teams: dict[str, Team],
    count_queries: Callable[[], list[str]],
    add_person: AddPerson,
) -> None:
    for team in teams.values():
        ask(team_id=team.id)
        ask(agency_id=team.agency_id, refresh_months=team.id)
        ask(person_id=add_person(f"Person {team.id}").id)
    row = ask()
    for path in (LIST, NEW, f"{LIST}/{row.id}/edit", f"{LIST}/{row.id}/end"):
        queries = count_queries()
        lead.get(path)
        assert len(queries) <= 4, queries
    lead.get(NEW)
    queries = count_queries()
    lead.send(GO_ON, **PLAIN | {"team": teams["Neighbourhood"].id, "refresh": "3"})
    assert len(queries) <= 6, queries

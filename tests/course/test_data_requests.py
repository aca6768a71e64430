"""Requests about one’s own data, and what erasing an account leaves behind."""

import json
from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning import people
from course.learning.columns import Base
from course.learning.desk import deeds
from course.learning.desk.deeds import Sought
from course.learning.desk.people import joining
from course.learning.desk.people.joining_rules import Refused
from course.learning.mine import data_requests
from course.learning.mine.data_requests import AlreadyAnswered, NotForYou, WrongWords
from course.learning.mine.erased import NOBODY, was_erased
from course.learning.mine.erasing import erase, erase_what_i_wrote
from course.learning.scope import Scope
from course.learning.tables import (
    Assignment,
    Audit,
    Completion,
    DataRequest,
    Import,
    Person,
    Reflection,
    Share,
    StoredEvent,
)
from tests.course.people import add_everything_about, add_somebody

PASSWORD = "a long enough password"


@pytest.fixture
def lead(session: Session, person: Person) -> Person:
    return add_somebody(session, "Lena Lead", person.team, access="partnership-lead")


@pytest.fixture
def full(session: Session, person: Person, lead: Person, module: Module, now: datetime) -> Person:
    """Ada with a row in every table, and somebody who names her as manager."""
    add_everything_about(session, person, lead, module=module, now=now, mark="a heron")
    lead.manager_id = person.id
    session.commit()
    return person


def everything(session: Session) -> str:
    session.expire_all()
    tables = {name: table for name, table in Base.metadata.tables.items() if name != "audit"}
    found = {name: [list(row) for row in session.execute(select(table))] for name, table in tables.items()}
    return json.dumps(found, default=str)


def test_asking_anew_takes_the_place_of_an_open_request_and_taking_back_leaves_none(
    session: Session, person: Person, now: datetime
) -> None:
    for text in ("My name is Bell", "My name is Bell-Jones\r\nsince\x00 May"):
        data_requests.ask(session, person, "correct", text=text, now=now)
    data_requests.ask(session, person, "erase", text="", now=now)
    assert [request.text for request in data_requests.waiting(session)] == ["My name is Bell-Jones\nsince May", ""]
    for _ in range(2):
        data_requests.take_back(session, person, "correct")
    assert list(data_requests.open_of(session, person)) == ["erase"]


@pytest.mark.parametrize("text", ["", " \n ", "\x00", "x" * 2001])
def test_words_that_cannot_be_kept_are_refused_with_nothing_kept(
    session: Session, person: Person, now: datetime, text: str
) -> None:
    with pytest.raises(WrongWords, match=r"Say what is wrong|Shorten it to 2,000"):
        data_requests.ask(session, person, "correct", text=text, now=now)
    assert not data_requests.waiting(session)


def test_only_whoever_looks_after_everybody_finds_a_request(session: Session, person: Person, now: datetime) -> None:
    request = data_requests.ask(session, person, "erase", text="", now=now)
    for access in ("learner", "team-lead", "agency-lead"):
        with pytest.raises(NotForYou):
            data_requests.find(session, add_somebody(session, access, person.team, access=access), request.id)
    administrator = add_somebody(session, "Adam", person.team, access="administrator")
    assert data_requests.find(session, administrator, request.id) is request
    with pytest.raises(NotForYou):
        data_requests.find(session, administrator, request.id + 1)


def test_an_answer_is_kept_once_and_the_audit_has_none_of_its_words(
    session: Session, person: Person, lead: Person, now: datetime
) -> None:
    request = data_requests.ask(session, person, "correct", text="planted words", now=now)
    data_requests.answer(session, lead, request, text="planted answer", now=now)
    with pytest.raises(AlreadyAnswered):
        data_requests.answer(session, lead, request, text="another", now=now)
    assert (request.answer, request.answered_by_id) == ("planted answer", lead.id)
    [line] = session.scalars(select(Audit)).all()
    assert (line.act, line.about_id, line.what) == ("answered", person.id, "")
    data_requests.take_back(session, person, "correct")
    assert session.get(DataRequest, request.id) is not None  # an answered one stays


def test_what_somebody_wrote_goes_at_once_and_their_completions_stay(session: Session, full: Person) -> None:
    lead = session.scalars(select(Person).where(Person.name == "Lena Lead")).one()
    session.add(
        Reflection(
            person_id=lead.id, module_id="m", answers=["hers"], commitment="", who_notices="", saved_at=full.joined_at
        )
    )
    session.commit()
    for _ in range(2):
        erase_what_i_wrote(session, full.id)
    assert [kept.answers for kept in session.scalars(select(Reflection))] == [["hers"]]
    assert not session.scalars(select(Share)).all()
    assert session.scalars(select(Completion)).all()


def test_an_erased_account_names_nobody_and_keeps_what_figures_are_made_of(
    session: Session, full: Person, lead: Person, now: datetime
) -> None:
    rows = [["2", [full.name, " ADA@example.org ", ""]], ["3", ["Otto", "otto@example.org", "Ada@example.org"]]]
    sheet = {"rows": rows, "headings": ["Name", "E-mail", "Manager"]}
    waiting = Import(by_id=lead.id, at=now, file="list.csv", sha256="", sheet=sheet)
    session.add(waiting)
    session.commit()
    request = data_requests.ask(session, full, "erase", text="please, Ada Bell", now=now)
    data_requests.ask(session, full, "correct", text="planted correction", now=now)
    kept = (len(session.scalars(select(StoredEvent)).all()), len(session.scalars(select(Completion)).all()))
    erase(session, lead, request, now=now)

    left = everything(session)
    for trace in ("Ada Bell", "ada@example.org", "planted correction", "please, ", "a heron: no"):
        assert trace not in left, trace
    assert kept == (1, 1)
    assert kept == (len(session.scalars(select(StoredEvent)).all()), len(session.scalars(select(Completion)).all()))
    assert (full.name, full.left_at, full.password_hash, full.manager_id) == (NOBODY, now, "", None)
    assert was_erased(full.email)
    assert lead.manager_id is None
    assert waiting.sheet["rows"] == [["3", ["Otto", "otto@example.org", ""]]]
    assert all(one.ended_at for one in session.scalars(select(Assignment).where(Assignment.person_id == full.id)))
    assert (request.answer, request.answered_by_id) == ("Erased on 23 November 2026.", lead.id)
    assert session.scalars(select(Audit.act).order_by(Audit.id.desc())).first() == "erased"
    with pytest.raises(AlreadyAnswered):
        erase(session, lead, request, now=now)


def test_nobody_signs_in_to_an_erased_account_or_opens_it_again(
    session: Session, person: Person, lead: Person, now: datetime
) -> None:
    erase(session, lead, data_requests.ask(session, person, "erase", text="", now=now), now=now)
    for email in ("ada@example.org", person.email):
        assert people.sign_in(session, email, PASSWORD) is None
    with pytest.raises(Refused, match="stays closed"):
        joining.come_back(session, lead, person, now=now)
    with pytest.raises(Refused, match="stays closed"):
        joining.change(session, lead, person, name="Ada Bell", email="ada@example.org", manager=None, now=now)


def test_the_audit_stays_and_shows_a_lead_no_words_about_somebody_who_was_erased(
    session: Session, full: Person, lead: Person, now: datetime
) -> None:
    before = session.scalars(select(Audit.what).order_by(Audit.id)).all()
    erase(session, lead, data_requests.ask(session, full, "erase", text="", now=now), now=now)
    lines = deeds.deeds_in(session, Scope(None, None), Sought(), limit=50)
    about = [line for line in lines if line.about.startswith(NOBODY)]
    assert [(line.act, line.what) for line in about] == [("erased", ""), ("changed", "")]
    assert list(session.scalars(select(Audit.what).order_by(Audit.id)))[: len(before)] == list(before)


def test_who_may_not_erase_erases_nothing(session: Session, person: Person, lead: Person, now: datetime) -> None:
    chief = people.add_person(
        session, name="Adam", email="a@example.org", password=PASSWORD, role="manager", access="administrator",
        team=person.team,
    )  # fmt: skip
    before = everything(session)
    correct = data_requests.ask(session, person, "correct", text="-", now=now)
    own = data_requests.ask(session, lead, "erase", text="", now=now)
    wider = data_requests.ask(session, chief, "erase", text="", now=now)
    for by, request, error in ((lead, correct, AlreadyAnswered), (lead, own, Refused), (lead, wider, Refused)):
        with pytest.raises(error):
            erase(session, by, request, now=now)
    second = add_somebody(session, "Second", person.team, access="administrator")  # who has no password that works
    second.password_hash = ""
    session.commit()
    with pytest.raises(Refused, match="last administrator"):
        erase(session, second, wider, now=now)
    assert chief.email == "a@example.org"
    assert NOBODY not in before + everything(session)

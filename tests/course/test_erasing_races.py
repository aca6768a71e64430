"""Somebody is erased while something of theirs is being written: whichever comes first, nothing of it stays."""

from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from time import sleep

import pytest
from sqlalchemy import delete, event, insert, select
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.catalogue.model import Module
from course.catalogue.progress import Progress
from course.learning.attempts import record
from course.learning.desk.mail.post import Draft, post
from course.learning.mine import data_requests
from course.learning.mine.erased import NOBODY, NobodyNow
from course.learning.mine.erasing import ERASED, erase
from course.learning.mine.reflections import keep_reflection
from course.learning.tables import DataRequest, Letter, Outgoing, Person, Reflection
from course.statements.profile import Profile
from course.statements.xapi import Telling
from tests.course.people import add_everything_about, add_somebody
from tests.mail import Post, mail

__all__ = ["mail"]

WORDS = {"answers": ["a heron"], "commitment": "", "due_on": None, "who_notices": ""}
A_MOMENT = 0.3
"""Seconds in which whoever does not wait has long been past."""


@pytest.fixture
def lead(session: Session, person: Person) -> Person:
    return add_somebody(session, "Lena Lead", person.team, access="partnership-lead")


@pytest.fixture
def request_of(session: Session, person: Person, now: datetime) -> DataRequest:
    return data_requests.ask(session, person, "erase", text="", now=now)


def test_a_request_that_was_under_way_keeps_nothing_after_an_erasing(
    session: Session, other: Session, person: Person, lead: Person, module: Module, now: datetime
) -> None:
    add_everything_about(session, person, lead, module=module, now=now, mark="a heron")
    request = data_requests.ask(session, person, "erase", text="", now=now)
    tables = [table.__table__ for table in (*ERASED, DataRequest)]
    rows = [dict(session.execute(select(t).where(t.c.person_id == person.id)).mappings().first() or {}) for t in tables]
    erase(session, lead, request, now=now)
    session.execute(delete(DataRequest).where(DataRequest.person_id == person.id))
    session.commit()
    for table, row in zip(tables, rows, strict=True):
        with pytest.raises(NobodyNow):
            other.execute(insert(table).values(**row))
        other.rollback()
        assert other.execute(select(table).where(table.c.person_id == person.id)).first() is None, table.name
        assert row, table.name


def test_what_is_being_kept_is_waited_for_and_erased(
    session: Session, other: Session, person: Person, lead: Person, request_of: DataRequest, now: datetime
) -> None:
    other.add(Reflection(person_id=person.id, module_id="m", saved_at=now, **WORDS))
    other.flush()
    with ThreadPoolExecutor(1) as thread:
        erasing = thread.submit(erase, session, lead, request_of, now=now)
        sleep(A_MOMENT)
        other.commit()
        erasing.result(timeout=10)
    assert other.scalars(select(Reflection)).all() == []


def test_a_name_that_is_being_changed_does_not_come_back(
    session: Session, other: Session, person: Person, lead: Person, request_of: DataRequest, now: datetime
) -> None:
    changing = other.get_one(Person, person.id)
    changing.name = "Ada Heron"
    erase(session, lead, request_of, now=now)
    with pytest.raises(NobodyNow):
        other.flush()
    other.rollback()
    session.refresh(person)
    assert person.name == NOBODY


def test_no_address_stays_for_an_lrs(
    session: Session,
    other: Session,
    person: Person,
    lead: Person,
    request_of: DataRequest,
    whole_way: list[Event],
    module: Module,
    now: datetime,
) -> None:
    telling, progress = Telling(Profile("https://learn.example.org"), choices=True), Progress(module)
    chose = next(number for number, done in enumerate(whole_way) if done.kind == "chose")
    for done in whole_way[:chose]:
        progress = record(other, person.id, progress, done, now, telling=telling)
    with ThreadPoolExecutor(1) as thread:
        erasing = []

        def begin_to_erase(_: Session) -> None:
            erasing.append(thread.submit(erase, session, lead, request_of, now=now))
            sleep(A_MOMENT)

        event.listen(other, "before_commit", begin_to_erase, once=True)
        record(other, person.id, progress, whole_way[chose], now, telling=telling)
        erasing[0].result(timeout=10)
    assert other.scalars(select(Outgoing)).all() == []


def test_what_comes_while_somebody_is_erased_waits_and_is_refused(
    session: Session, other: Session, person: Person, lead: Person, request_of: DataRequest, now: datetime
) -> None:
    with ThreadPoolExecutor(1) as thread:
        keeping = []

        def begin_to_keep(_: Session) -> None:
            keeping.append(thread.submit(keep_reflection, other, person.id, "m", **WORDS, now=now))
            sleep(A_MOMENT)
            assert not keeping[0].done()

        event.listen(session, "before_commit", begin_to_keep, once=True)
        erase(session, lead, request_of, now=now)
        with pytest.raises(NobodyNow):
            keeping[0].result(timeout=10)
    assert session.scalars(select(Reflection)).all() == []


def test_a_letter_that_was_drafted_does_not_go(
    session: Session, person: Person, lead: Person, request_of: DataRequest, mail: Post, now: datetime
) -> None:
    draft = Draft(person.id, person.name, person.email, "reminder", "Two modules", "Dear Ada")
    erase(session, lead, request_of, now=now)
    assert post(session, mail.mailbox, [draft], now=now, by=lead).skipped == 1
    assert (mail.letters, session.scalars(select(Letter)).all()) == ([], [])

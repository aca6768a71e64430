"""A change that voids: whom it says it affects is whom it voids, and it is switched on once, by who may."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.progress import Progress
from course.learning.attempts import record
from course.learning.desk.assigning.asked import NotYours
from course.learning.desk.standing.board import Board
from course.learning.desk.standing.matrix import Wanted, rows_of
from course.learning.desk.standing.picture import Picture, Rows
from course.learning.desk.voiding import (
    AlreadyVoid,
    NoSuchChange,
    affected,
    counting,
    still_void,
    switch_on,
    voided_by,
    voids_in_force,
)
from course.learning.scope import Scope
from course.learning.tables import Assignment, Audit, Person, Team, VoidInForce

EVERYBODY = Scope(agency_id=None, team_id=None)
NOW = datetime(2027, 3, 1, 9, tzinfo=UTC)


@pytest.fixture
def add(session: Session, team: Team) -> Callable[..., Person]:
    def add(name: str, access: str = "learner") -> Person:
        about = {"role": "practitioner", "access": access, "password_hash": "", "session_key": ""}
        email = f"{name.lower()}@example.org"
        person = Person(name=name, email=email, team=team, joined_at=NOW - timedelta(days=900), **about)
        session.add(person)
        session.commit()
        return person

    return add


@pytest.fixture
def changed(module: Module) -> Module:
    """The module three editions on: 2.0 and 3.0 void what was completed before them."""
    [first] = module.about.ledger
    later = [("1.1", "wording"), ("2.0", "voids"), ("3.0", "voids")]
    lines = (first, *(first.model_copy(update={"version": version, "kind": kind}) for version, kind in later))
    return replace(module, about=module.about.model_copy(update={"ledger": lines}))


@pytest.fixture
def complete(session: Session, changed: Module, whole_way: list[Event]) -> Callable[..., None]:
    """Somebody completes the module on a version, so many days ago."""

    def complete(who: Person, version: str, *, days: int) -> None:
        ledger = changed.about.ledger
        until = next(n for n, line in enumerate(ledger, start=1) if line.version == version)
        about = changed.about.model_copy(update={"ledger": ledger[:until]})
        progress = Progress(replace(changed, about=about))
        for event in whole_way:
            progress = record(session, who.id, progress, event, NOW - timedelta(days=days))

    return complete


@pytest.fixture
def look(session: Session, library: Library, changed: Module) -> Callable[[], Picture]:
    """The picture of a server that has just started, as others may run beside it."""
    return lambda: Board((changed, *library.modules[1:])).picture(session, NOW)


@pytest.fixture
def people(session: Session, module: Module, add: Callable[..., Person], complete: Callable[..., None]) -> None:
    """On each version one, one whose completion has expired, one who has only just joined; and the lead."""
    lead = add("Zoe", "partnership-lead")
    for name, version, days in (("Ada", "1.0", 40), ("Ben", "1.1", 30), ("Cem", "2.0", 20), ("Dee", "3.0", 10)):
        complete(add(name), version, days=days)
    complete(add("Eva"), "1.0", days=500)
    add("Fay")
    asks = {"module_ids": [module.id], "refresh_months": 12, "made_by_id": lead.id}
    session.add(Assignment(counts_from=NOW - timedelta(days=900), made_at=NOW - timedelta(days=900), **asks))
    session.commit()


def names(picture: Picture, rows: Rows) -> list[str]:
    return [picture.people[row].name for row in rows.tolist()]


def status_of(picture: Picture) -> dict[str, str]:
    return {person.name: picture.cell(row, 0).status for row, person in enumerate(picture.people)}


def everybody(picture: Picture) -> Rows:
    return rows_of(picture, EVERYBODY, Wanted())


@pytest.mark.usefixtures("people")
def test_whom_it_affects_is_who_loses_a_completion_that_counts(
    session: Session, changed: Module, look: Callable[[], Picture]
) -> None:
    before = look()
    told = names(before, affected(before, changed, "2.0", everybody(before)))
    assert told == ["Ada", "Ben"]
    counted = {name for row, name in enumerate(p.name for p in before.people) if before.cell(row, 0).counts}
    zoe = session.query(Person).filter_by(name="Zoe").one()
    switch_on(session, zoe, changed, "2.0", people=len(told), now=NOW)
    after = look()
    still = {name for row, name in enumerate(p.name for p in after.people) if after.cell(row, 0).counts}
    assert sorted(counted - still) == told
    assert {name for name, status in status_of(after).items() if status == "voided"} == {"Ada", "Ben", "Eva"}
    assert names(after, still_void(after, changed, everybody(after))) == ["Ada", "Ben", "Eva"]
    assert names(after, affected(after, changed, "3.0", everybody(after))) == ["Cem"]


@pytest.mark.usefixtures("people")
def test_it_does_nothing_until_it_is_switched_on_and_leaves_past_days_as_they_were(
    session: Session, changed: Module, library: Library, look: Callable[[], Picture]
) -> None:
    assert status_of(look())["Ada"] == "complete"
    zoe = session.query(Person).filter_by(name="Zoe").one()
    switch_on(session, zoe, changed, "2.0", people=2, now=NOW)
    board = Board((changed, *library.modules[1:]))
    assert status_of(board.picture(session, NOW))["Ada"] == "voided"
    assert status_of(board.picture(session, NOW, as_at=date(2027, 2, 28)))["Ada"] == "complete"


@pytest.mark.usefixtures("people")
def test_a_version_in_force_that_is_gone_from_the_ledger_voids_nothing(
    session: Session, module: Module, library: Library, look: Callable[[], Picture]
) -> None:
    """Cem and Dee completed versions that the ledger, taken back to its first line, does not have either."""
    zoe = session.query(Person).filter_by(name="Zoe").one()
    session.add(VoidInForce(module_id=module.id, version="3.0", at=NOW - timedelta(days=1), by_id=zoe.id))
    session.commit()
    assert status_of(look())["Cem"] == "voided"
    taken_back = Board(library.modules).picture(session, NOW)
    assert {status_of(taken_back)[name] for name in ("Ada", "Cem", "Dee")} == {"complete"}


@pytest.mark.usefixtures("people")
def test_completions_are_counted_on_their_versions(changed: Module, look: Callable[[], Picture]) -> None:
    picture = look()
    found = counting(picture, changed, everybody(picture))
    assert found == {"": 0, "1.0": 1, "1.1": 1, "2.0": 1, "3.0": 1}


@pytest.mark.usefixtures("people")
def test_the_audit_says_who_switched_on_what_for_how_many(session: Session, changed: Module) -> None:
    zoe = session.query(Person).filter_by(name="Zoe").one()
    switch_on(session, zoe, changed, "2.0", people=2, now=NOW)
    [line] = session.query(Audit)
    assert (line.by_id, line.act, line.at) == (zoe.id, "voided", NOW)
    assert "version 2.0: 2 people" in line.what


@pytest.mark.parametrize("access", ["learner", "team-lead", "agency-lead"])
def test_only_who_answers_for_the_partnership_switches_it_on(
    session: Session, changed: Module, add: Callable[..., Person], access: str
) -> None:
    with pytest.raises(NotYours):
        switch_on(session, add("Tom", access), changed, "2.0", people=0, now=NOW)
    assert not session.query(VoidInForce).count()
    assert not session.query(Audit).count()


def test_what_is_in_force_or_covered_by_a_later_change_is_not_switched_on_again(
    session: Session, changed: Module, add: Callable[..., Person]
) -> None:
    zoe = add("Zoe", "administrator")
    switch_on(session, zoe, changed, "3.0", people=0, now=NOW)
    for version in ("3.0", "2.0"):
        with pytest.raises(AlreadyVoid):
            switch_on(session, zoe, changed, version, people=0, now=NOW)
    found = voided_by(voids_in_force(session), changed, "2.0")
    assert found
    assert found.version == "3.0"
    assert session.query(Audit).count() == 1


@pytest.mark.parametrize("version", ["1.0", "1.1", "9.9", ""])
def test_a_version_that_voids_nothing_is_refused(
    session: Session, changed: Module, add: Callable[..., Person], version: str
) -> None:
    with pytest.raises(NoSuchChange):
        switch_on(session, add("Zoe", "administrator"), changed, version, people=0, now=NOW)
    assert not session.query(VoidInForce).count()

"""Certificates: one of a completion however often it is asked for, kept as made; and which completions count."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from threading import Barrier

import pytest
from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from course.catalogue.library import Library
from course.catalogue.model import Change, Module
from course.learning.database import new_sessions
from course.learning.desk.standing.board import Board
from course.learning.desk.standing.facts import rules_at
from course.learning.mine import certificates
from course.learning.mine.completed import Completed, all_completed
from course.learning.mine.voided import voided_at, voids_since, whole_course
from course.learning.tables import Attempt, Certificate, Completion, FormerPlace, Person, Team, VoidInForce

Complete = Callable[..., Completed]


def certificates_kept(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Certificate)) or 0


@pytest.fixture
def complete(session: Session, person: Person, now: datetime) -> Complete:
    """Records that the person completed a module at a moment; gives it as all_completed reads it."""

    def complete(module: Module, *, at: datetime = now, version: str = "1.0") -> Completed:
        number = session.scalar(select(func.count()).where(Attempt.module_id == module.id)) or 0
        kept = {"person_id": person.id, "module_id": module.id, "version": version}
        attempt = Attempt(**kept, number=number, started_at=at)
        session.add(attempt)
        session.flush()
        session.add(Completion(**kept, attempt_id=attempt.id, completed_at=at))
        session.commit()
        return next(one for one in all_completed(session, person) if one.at == at and one.module_id == module.id)

    return complete


def test_two_tabs_make_one_certificate(
    session: Session,
    other: Session,
    person: Person,
    library: Library,
    module: Module,
    complete: Complete,
    now: datetime,
) -> None:
    one = complete(module)
    said = certificates.said_of(library, person, [one])
    first = certificates.make(session, person, one, said=said, now=now)
    second = certificates.make(other, person, one, said=said, now=now)

    assert first.code == second.code
    assert certificates.read(second) == said
    assert (said.day, said.role, said.agency) == (date(2026, 11, 23), "practitioner", "Health")


def test_two_tabs_make_one_certificate_of_the_course_and_a_later_one_after_what_voids(
    session: Session, other: Session, person: Person, library: Library, complete: Complete, now: datetime
) -> None:
    said = certificates.said_of(library, person, [complete(module) for module in library.modules])
    first = certificates.make_of_course(session, person, said, now=now)
    second = certificates.make_of_course(other, person, said, now=now)
    assert first.code == second.code
    assert certificates_kept(session) == 1

    third = certificates.make_of_course(session, person, said, now=now + timedelta(days=1), instead_of=first)
    fourth = certificates.make_of_course(other, person, said, now=now + timedelta(days=1), instead_of=first)
    assert third.code == fourth.code != first.code
    newest = certificates.of_course(session, person.id)
    assert newest and newest.code == third.code


def test_pressed_at_the_same_moment_there_is_still_one_of_each(
    engine: Engine, session: Session, person: Person, library: Library, complete: Complete, now: datetime
) -> None:
    done = [complete(module) for module in library.modules]
    said = certificates.said_of(library, person, done)
    together = Barrier(4)

    def look(_: int) -> tuple[str, str]:
        with new_sessions(engine)() as mine:
            together.wait(timeout=10)
            one = certificates.make(mine, person, done[0], said=said, now=now)
            together.wait(timeout=10)
            return one.code, certificates.make_of_course(mine, person, said, now=now).code

    with ThreadPoolExecutor(4) as pool:
        codes = set(pool.map(look, range(4)))
    assert len(codes) == 1
    assert certificates_kept(session) == 2


def test_a_certificate_keeps_its_words_and_the_role_and_agency_of_that_day(
    session: Session, person: Person, team: Team, library: Library, module: Module, complete: Complete, now: datetime
) -> None:
    complete(module)
    session.add(FormerPlace(person_id=person.id, team_id=team.id, role="practitioner", until=now + timedelta(days=9)))
    session.add(FormerPlace(person_id=person.id, team_id=None, role="practitioner", until=now + timedelta(days=20)))
    person.role = "manager"
    session.commit()
    later = complete(module, at=now + timedelta(days=30))

    found = all_completed(session, person)
    assert [(one.worked.role, one.worked.agency, one.nth) for one in found] == [
        ("practitioner", "Health", 1),
        ("manager", "Health", 2),
    ]
    kept = certificates.make(session, person, later, said=certificates.said_of(library, person, [later]), now=now)
    person.name = "Ada Stone"
    session.commit()
    again = all_completed(session, person)[1].certificate
    assert again and certificates.read(again).name == "Ada Bell"

    certificates.make_anew(session, again, person, now=now)
    certificates.make_anew(session, again, person, now=now)  # pressed twice
    session.expire_all()
    anew = all_completed(session, person)[1].certificate
    assert anew and certificates.read(anew).name == "Ada Stone"
    assert anew.code != kept.code
    assert certificates_kept(session) == 1
    assert certificates.find(session, kept.code) is None, "an earlier name is not found by its code"


def test_a_code_is_found_however_it_is_typed(
    session: Session, person: Person, library: Library, module: Module, complete: Complete, now: datetime
) -> None:
    one = complete(module)
    said = certificates.said_of(library, person, [one])
    code = certificates.make(session, person, one, said=said, now=now).code
    shown = certificates.shown_code(code)
    assert len(shown) == 19
    typed = shown.lower().replace("0", "o").replace("1", "l")
    for written in (code, shown, typed, f" {shown.replace('-', ' ')}\n", shown.replace("-", "–")):
        found = certificates.find(session, written)
        assert found and found.code == code
    for wrong in ("", code[:-1], f"{code}0", "\0" * 16, "U" * 16, "é" * 16, "7" * 100_000, "0" * 16):
        assert certificates.find(session, wrong) is None


@pytest.mark.parametrize(
    ("in_force", "completed_on", "gone_after"),
    [
        ([], "1.0", None),
        (["2.0"], "1.0", 1),
        (["2.0"], "2.0", None),
        (["2.0"], "3.0", None),
        (["2.0", "3.0"], "2.0", 2),
        (["2.0", "3.0"], "1.0", 1),
        (["3.0"], "1.0", 1),
        (["1.0"], "1.0", None),
        (["2.0"], "gone", 1),
        (["1.0"], "gone", None),
        (["gone"], "1.0", None),
    ],
)
def test_what_counts_is_what_the_board_says(
    session: Session,
    person: Person,
    module: Module,
    complete: Complete,
    now: datetime,
    in_force: list[str],
    completed_on: str,
    gone_after: int | None,
) -> None:
    ledger = [Change(version=f"{n}.0", date=date(2026, 1, n), kind="voids", what="…") for n in (1, 2, 3)]
    changed = replace(module, about=module.about.model_copy(update={"ledger": tuple(ledger)}))
    complete(changed, version=completed_on)
    for n, version in enumerate(in_force, start=1):
        at = now + timedelta(days=n)
        session.add(VoidInForce(module_id=module.id, version=version, at=at, by_id=person.id))
    session.commit()

    later = now + timedelta(days=60)
    picture = Board((changed,)).picture(session, later)
    [is_void] = picture.voided(rules_at(session, (changed,), later))[picture.row_of[person.id]]
    since = voided_at(voids_since(session), changed, completed_on)
    assert bool(is_void) == (gone_after is not None)
    assert since == (None if gone_after is None else now + timedelta(days=gone_after))


def test_the_course_is_whole_with_one_completion_of_each_module_that_counts(
    session: Session, library: Library, person: Person, complete: Complete, now: datetime
) -> None:
    three, thirteen = library.modules
    assert whole_course([], (), {}) is None
    complete(three, at=datetime(2026, 1, 5, 23, 30, tzinfo=UTC))
    complete(three, at=now)
    assert whole_course(all_completed(session, person), library.modules, {}) is None
    complete(thirteen, at=datetime(2026, 6, 30, 23, 30, tzinfo=UTC))
    whole = whole_course(all_completed(session, person), library.modules, {})
    assert whole and [(one.module_id, one.nth) for one in whole] == [(three.id, 1), (thirteen.id, 1)]
    assert certificates.said_of(library, person, whole).day == date(2026, 7, 1), "the day in London"

    ledger = (*three.about.ledger, Change(version="2.0", date=date(2026, 2, 1), kind="voids", what="…"))
    changed = replace(three, about=three.about.model_copy(update={"ledger": ledger}))
    assert whole_course(all_completed(session, person), (changed, thirteen), {(three.id, "2.0"): now}) is None

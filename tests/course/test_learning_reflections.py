"""What a learner writes is theirs: kept, replaced, deleted, and nowhere else."""

import ast
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

import course
from course.catalogue.events import Event
from course.catalogue.model import Module
from course.learning.columns import Base
from course.learning.desk.standing.board import Board
from course.learning.mine.reflections import delete_reflection, keep_reflection, kept_reflection
from course.learning.people import add_person
from course.learning.tables import Person, Team

PLANTED = "the heron stood by the weir"
WORDS = {
    "answers": [f"{PLANTED} 1", f"{PLANTED} 2"],
    "commitment": f"{PLANTED} 3",
    "due_on": date(2026, 12, 24),
    "who_notices": f"{PLANTED} 5",
}


def test_a_reflection_is_kept(session: Session, other: Session, person: Person, module: Module, now: datetime) -> None:
    assert kept_reflection(session, person.id, module.id) is None
    keep_reflection(session, person.id, module.id, **WORDS, now=now)
    kept = kept_reflection(other, person.id, module.id)
    assert kept is not None
    assert {name: getattr(kept, name) for name in WORDS} == WORDS
    assert kept.saved_at == now


def test_saving_again_replaces_it(
    session: Session, other: Session, person: Person, module: Module, now: datetime
) -> None:
    keep_reflection(session, person.id, module.id, **WORDS, now=now)
    assert kept_reflection(other, person.id, module.id)
    later = now + timedelta(hours=1)
    keep_reflection(session, person.id, module.id, **(WORDS | {"answers": [""], "due_on": None}), now=later)
    kept = kept_reflection(other, person.id, module.id)
    assert kept is not None
    assert (kept.answers, kept.due_on, kept.commitment, kept.saved_at) == ([""], None, WORDS["commitment"], later)


def test_a_reflection_is_deleted_and_no_other_one(
    session: Session, other: Session, team: Team, person: Person, now: datetime
) -> None:
    words = {"password": "a long enough password", "role": "manager", "access": "administrator", "team": team}
    boss = add_person(session, name="Bo Lee", email="bo@example.org", **words)
    for who, module_id in [(person, "module-three"), (person, "module-thirteen"), (boss, "module-three")]:
        keep_reflection(session, who.id, module_id, **WORDS, now=now)
    delete_reflection(session, person.id, "module-three")
    delete_reflection(session, person.id, "module-three")  # once is enough, twice is no error
    assert kept_reflection(session, person.id, "module-three") is None
    assert kept_reflection(other, person.id, "module-three") is None
    assert kept_reflection(other, person.id, "module-thirteen")
    assert kept_reflection(other, boss.id, "module-three")


def test_a_button_pressed_twice(
    session: Session, other: Session, person: Person, module: Module, now: datetime
) -> None:
    @event.listens_for(session, "before_flush", once=True)
    def overtake(*_: object) -> None:
        keep_reflection(other, person.id, module.id, **(WORDS | {"due_on": date(2027, 1, 1)}), now=now)

    keep_reflection(session, person.id, module.id, **(WORDS | {"due_on": date(2027, 1, 2)}), now=now)
    kept = kept_reflection(other, person.id, module.id)
    assert kept is not None
    assert kept.due_on == date(2027, 1, 2)


def everything_but_reflections(session: Session) -> Iterator[str]:
    for table in Base.metadata.tables:
        if table != "reflections":
            yield from (str(row) for row in session.execute(text(f"SELECT * FROM {table}")))  # noqa: S608


def test_free_text_is_in_no_event_and_no_report(
    session: Session, person: Person, module: Module, whole_way: list[Event], learn: Callable, now: datetime
) -> None:
    keep_reflection(session, person.id, module.id, **WORDS, now=now)
    learn(person, module, whole_way)
    rows = list(everything_but_reflections(session))
    assert len(rows) > len(whole_way)
    assert not [row for row in rows if PLANTED in row]
    picture = Board([module]).picture(session, now + timedelta(days=1))
    assert PLANTED not in f"{picture.people} {picture.cell(0, 0)}"


def test_free_text_is_in_no_error(session: Session, module: Module, now: datetime) -> None:
    """An error message ends in a log."""
    with pytest.raises(IntegrityError) as failed:
        keep_reflection(session, "nobody", module.id, **WORDS, now=now)
    assert PLANTED not in str(failed.value)


def names_in(node: ast.AST) -> set[str]:
    return {inner.id for inner in ast.walk(node) if isinstance(inner, ast.Name)}


def test_nothing_else_reads_the_table() -> None:
    """Others may name what they are given by reflections.py; none may take it from the tables or ask for it in SQL.

    But two: what somebody takes away of themselves has their words in it, and whoever is erased has them deleted.
    """
    package, importers, askers = Path(course.__file__).parent, set[str](), set[str]()
    for path in package.rglob("*.py"):
        name = str(path.relative_to(package))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("course.learning.tables"):
                importers |= {name} if {"Reflection", "*"} & {alias.name for alias in node.names} else set()
            if isinstance(node, ast.Call):
                words = [*node.args, *(keyword.value for keyword in node.keywords)]
                askers |= {name} if any("Reflection" in names_in(word) for word in words) else set()
    own = {"learning/mine/my_record.py", "learning/mine/erasing.py"}
    assert importers - own == {"learning/mine/reflections.py", "learning/tables/__init__.py"}
    assert askers - own == {"learning/mine/reflections.py"}

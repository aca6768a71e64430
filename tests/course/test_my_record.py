"""What somebody can see and take away of themselves: all of it, and nothing of anybody else."""

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from course.catalogue.model import Module
from course.learning.columns import Base
from course.learning.mine.my_record import KINDS, LEFT_OUT, counts, rows
from course.learning.tables import (
    Audit,
    Person,
)
from tests.course.people import add_everything_about, add_somebody


def test_every_column_that_refers_to_people_is_shown_or_left_out_with_a_reason() -> None:
    """A table or column that is added later fails here until it is in the download or named with why it is not."""
    people = Base.metadata.tables["people"]
    of_people = {
        table
        for table in Base.metadata.sorted_tables
        if any(key.column.table is people for column in table.columns for key in column.foreign_keys)
    }
    shown = {str(column.property.columns[0]) for kind in KINDS for column in kind.whose}
    for table in Base.metadata.sorted_tables:
        referring = [
            column
            for column in table.columns
            if column.name == "person_id" or any(key.column.table is people for key in column.foreign_keys)
        ]
        for column in referring:
            assert str(column) in shown | set(LEFT_OUT), f"{column} refers to people: show it in my_record.KINDS"
        by_attempt = any(key.column.table in of_people for column in table.columns for key in column.foreign_keys)
        if by_attempt and not referring and table is not people:
            assert table in {kind.table.__table__ for kind in KINDS}, f"{table} is about what somebody did"
    columns = {str(column) for table in Base.metadata.sorted_tables for column in table.columns}
    assert set(LEFT_OUT) <= columns, "a column that is left out and does not exist"
    assert all(reason.endswith(".") for reason in LEFT_OUT.values())


def test_each_kind_gives_what_is_kept_of_somebody_and_nothing_of_another(
    session: Session, person: Person, module: Module, now: datetime
) -> None:
    other = add_somebody(session, "Otto Else", person.team)
    lead = add_somebody(session, "Lena Lead", person.team, access="partnership-lead")
    add_everything_about(session, person, lead, module=module, now=now, mark="a heron")
    add_everything_about(session, other, lead, module=module, now=now, mark="a secret kept of Otto")
    for kind in KINDS:
        found = list(rows(session, person, kind))
        assert found, f"nothing of {kind.key}"
        assert counts(session, person)[kind.key] == len(found)
        written = json.dumps(found, default=str)
        assert "secret" not in written, kind.key
        assert "Otto" not in written, kind.key
        assert person.session_key not in written
        assert "Lena Lead" in written or kind.key not in ("who_looked", "assignments", "requests")
    everything = json.dumps([list(rows(session, person, kind)) for kind in KINDS], default=str)
    assert everything.count("a heron") >= 8


def test_a_record_has_each_column_with_what_it_says(
    session: Session, person: Person, module: Module, now: datetime
) -> None:
    lead = add_somebody(session, "Lena Lead", person.team, access="partnership-lead")
    add_everything_about(session, person, lead, module=module, now=now, mark="a heron")
    found = {kind.key: list(rows(session, person, kind)) for kind in KINDS}
    [me] = found["person"]
    assert (me["name"], me["email"], me["agency"], me["team"]) == (
        "Ada Bell",
        "ada@example.org",
        "Health",
        "Health visiting",
    )
    assert found["reflections"][0]["answers"] == ["a heron"]
    assert found["events"][0]["module_id"] == module.id
    assert found["card_answers"][0]["module_id"] == module.id
    assert found["who_looked"][0]["by"] == "Lena Lead"
    assert {row["asks"] for row in found["assignments"]} == {"you"}
    [about_other] = [row for row in found["deeds"] if row["about_somebody_else"]]
    assert about_other["what"] == ""


def test_it_is_counted_in_one_query_and_read_newest_first(
    session: Session, person: Person, module: Module, now: datetime, statements_of: Callable[..., object]
) -> None:
    for days in range(3):
        session.add(Audit(at=now - timedelta(days=days), by_id=person.id, act="looked", about_id=person.id))
    session.commit()
    [kind] = [kind for kind in KINDS if kind.key == "who_looked"]
    with statements_of() as sent:  # type: ignore[attr-defined]
        assert counts(session, person)["who_looked"] == 3
    assert len(sent) == 1
    assert [row["at"] for row in rows(session, person, kind, limit=2)] == [now, now - timedelta(days=1)]

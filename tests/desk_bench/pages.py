"""The desk as leads use it, timed: every kind of page in turn, while learners complete modules."""

import resource
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from random import Random
from time import perf_counter, process_time
from typing import Any, NamedTuple

from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from course.learning.desk.standing.picture import Picture
from course.learning.tables import Attempt, Completion, Person
from course.web.app import create_app
from course.web.config import Config
from tests.desk_bench.people import LEADS

NOW = datetime(2026, 11, 27, 9, 30, tzinfo=UTC)
REQUESTS = 200
"""Of each kind of page."""
BETWEEN = 20
"""Requests after which somebody completes a module."""
HERE = "https://localhost"


class Took(NamedTuple):
    """Seconds on the clock, and of the processor."""

    wall: float
    processor: float


class Times:
    """How long requests of one kind took."""

    def __init__(self) -> None:
        self.took: list[Took] = []

    def wall(self, share: float) -> float:
        """Milliseconds within which this share of them was answered."""
        return _within([one.wall for one in self.took], share)

    def processor(self, share: float) -> float:
        """The same of the processor’s time, which other programs lengthen less."""
        return _within([one.processor for one in self.took], share)


def _within(seconds: list[float], share: float) -> float:
    return 1000 * sorted(seconds)[min(len(seconds) - 1, int(share * len(seconds)))]


class File(NamedTuple):
    """A file that was streamed."""

    rows: int
    speed: float
    """Rows a second."""
    growth: float
    """Megabytes that the whole process needed more, at most, than before it."""


def clock() -> Callable[[], float]:
    """Gives the seconds since it was made."""
    began = perf_counter()
    return lambda: perf_counter() - began


class Desk:
    """The app over a generated database, and who is signed in to it."""

    def __init__(self, url: str) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="desk")
        self._app = create_app(Config(instance=Path(self._folder.name), database_url=url, secret_key="to measure"))
        self._app.config["CLOCK"] = lambda: NOW
        self._chance = Random(6)  # noqa: S311 (the same each time)
        self._attempts = count(1)
        with self._session() as session:
            found = select(Person).where(Person.access.in_(LEADS)).order_by(Person.email)
            self._leads = {person.access: person for person in session.scalars(found)}
            self._ids = session.scalars(select(Person.id).where(Person.access == "learner").order_by(Person.id)).all()
        self._clients = {access: self._signed_in(person) for access, person in self._leads.items()}

    def _session(self) -> Session:
        session: Session = self._app.extensions["sessions"]()
        return session

    def _signed_in(self, person: Person) -> FlaskClient:
        client = self._app.test_client()
        with client.session_transaction(base_url=HERE) as session:
            session["_user_id"], session["_fresh"] = f"{person.id}.{person.session_key}", True
        return client

    def close(self) -> None:
        self._app.extensions["sessions"].kw["bind"].dispose()
        self._folder.cleanup()

    def _get(self, path: str, access: str) -> Took:
        wall, processor = perf_counter(), process_time()
        response = self._clients[access].get(path, base_url=HERE)
        took = Took(perf_counter() - wall, process_time() - processor)
        assert response.status_code == 200, f"{path}: {response.status}"
        return took

    def first_look(self) -> Took:
        """What a lead waits for where nothing has been read."""
        return self._get("/lead/people", "partnership-lead")

    def board_size(self) -> int:
        """Bytes of today's picture."""
        with self._session() as session:
            return size_of(self._app.extensions["board"].picture(session, NOW))

    def pages(self) -> dict[str, Times]:
        """Each kind of page, mixed, to how long it took."""
        kinds = self._kinds()
        for access, path in kinds.values():
            self._get(path(), access)
        times = {name: Times() for name in kinds}
        turns = [name for name in kinds for _ in range(REQUESTS)]
        self._chance.shuffle(turns)
        for turn, name in enumerate(turns):
            if turn % BETWEEN == 0:
                self._complete()
            access, path = kinds[name]
            times[name].took.append(self._get(path(), access))
        return times

    def _kinds(self) -> dict[str, tuple[str, Callable[[], str]]]:
        chance, modules = self._chance, self._app.extensions["library"].modules
        past = (NOW - timedelta(days=90)).date().isoformat()

        def pick(*values: Any) -> Any:
            return chance.choice(values)

        def of_module() -> str:
            return f"/lead/people?module={pick(*modules).folder}&status={pick('overdue', 'complete', 'expired')}"

        everybody, agency, team = LEADS
        return {
            "Overview": (everybody, lambda: "/lead/"),
            "Overview of an agency": (agency, lambda: "/lead/"),
            "Overview of a team": (team, lambda: "/lead/"),
            "People": (everybody, lambda: f"/lead/people?page={chance.randint(1, 20)}"),
            "People of an agency": (everybody, lambda: f"/lead/people?agency={chance.randint(1, 8)}"),
            "People of a role": (everybody, lambda: f"/lead/people?role={pick('practitioner', 'manager')}"),
            "People by module and status": (everybody, of_module),
            "People by name": (everybody, lambda: f"/lead/people?name={pick('ada', 'khan', 'osei 7', 'person-12')}"),
            "People by agency and team": (everybody, lambda: "/lead/people?sort=team"),
            "People most late first": (everybody, lambda: "/lead/people?sort=late"),
            "People least up to date first": (everybody, lambda: "/lead/people?sort=least"),
            "People, last page": (everybody, lambda: "/lead/people?page=99999999"),
            "People on a past day": (everybody, lambda: f"/lead/people?as_at={past}&page={chance.randint(1, 20)}"),
            "People, for an agency’s lead": (agency, lambda: f"/lead/people?page={chance.randint(1, 3)}"),
            "People, for a team’s lead": (team, lambda: "/lead/people"),
            "Teams": (everybody, lambda: f"/lead/teams?page={chance.randint(1, 3)}"),
            "Teams, last page": (everybody, lambda: "/lead/teams?page=99999999"),
            "Teams of an agency": (everybody, lambda: f"/lead/teams?agency={chance.randint(1, 8)}"),
            "One person’s record": (everybody, lambda: f"/lead/people/{pick(*self._ids)}"),
        }

    def _complete(self) -> None:
        """Somebody begins a module anew and completes it."""
        person_id, module = self._chance.choice(self._ids), self._chance.choice(self._app.extensions["library"].modules)
        of = {"person_id": person_id, "module_id": module.id, "version": module.version}
        with self._session() as session:
            attempt = Attempt(**of, number=100 + next(self._attempts), started_at=NOW - timedelta(hours=1))
            session.add(attempt)
            session.flush()
            session.add(Completion(**of, attempt_id=attempt.id, completed_at=NOW - timedelta(minutes=1)))
            session.commit()

    def files(self) -> dict[str, File]:
        """Each file to how quickly it came."""
        paths = {"people.csv": "/lead/people.csv", "everything.csv": "/lead/everything.csv"}
        return {name: self._stream(path) for name, path in paths.items()}

    def _stream(self, path: str) -> File:
        for _ in self._pieces(f"{path}?agency=1"):  # so that what is made once is there
            pass
        rows, took = 0, clock()
        for piece in self._pieces(path):
            rows += piece.count(b"\r\n")
        return File(rows, rows / took(), self._growth(path))

    def _growth(self, path: str) -> float:
        """By how many megabytes more than at its start the process holds at most, while it streams a file again."""
        before = most = memory()
        for number, _ in enumerate(self._pieces(path)):
            if number % 50 == 0:
                most = max(most, memory())
        return most - before

    def _pieces(self, path: str) -> Iterator[bytes]:
        response = self._clients["partnership-lead"].get(path, base_url=HERE, buffered=False)
        assert response.status_code == 200, f"{path}: {response.status}"
        yield from response.iter_encoded()
        response.close()


def memory() -> float:
    """Megabytes that this process holds now; on a system without /proc, that it has held at most."""
    now = Path("/proc/self/statm")
    if now.exists():
        return int(now.read_text().split()[1]) * resource.getpagesize() / 1e6
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return most / 1e6 if sys.platform == "darwin" else most / 1e3


def size_of(picture: Picture) -> int:
    """Bytes of the columns and tables of a picture, its texts among them."""
    people = picture.people
    arrays = [people.agency, people.team, people.role, people.since, picture.codes, *picture.order[::2]]
    arrays += [*picture.done, *picture.asked, *picture.standing, picture.facts.voided]
    texts = [*people.ids, *people.names, *people.emails, picture.order.text]
    lists = (people.ids, people.names, people.emails)
    return sum(a.nbytes for a in arrays) + sum(map(sys.getsizeof, texts)) + sum(map(sys.getsizeof, lists))

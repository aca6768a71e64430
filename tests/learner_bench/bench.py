"""How long a learner's pages take: `make bench-learner`.

Two workers as `course run` serves them, on one database, and sixteen connections: each a learner who has done
modules, who asks for page after page without a pause and now and then goes back to a decision and chooses anew. For
each kind of page the middle and the 95th of 100 of the times that the server took, beside the bound. Exit code 1 if
it is crossed. Run it on a machine that does nothing else; the load is printed.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from rich.console import Console
from rich.table import Table

from course.catalogue.library import load
from course.catalogue.model import Module
from course.learning.attempts import progress_in, record
from course.learning.database import new_sessions, open_engine, upgrade
from course.learning.demo.walk import walk
from course.learning.mine.reflections import keep_reflection
from course.learning.people import add_person
from course.learning.tables import Agency, Team
from tests.learner_bench.learner import PASSWORD, Learner

BOUND = 40
"""Milliseconds within which 95 of 100 pages must be."""
CONNECTIONS, WORKERS = 16, 2
ROUNDS = 12
"""How often each learner asks for each page."""
MODULES = 5
"""How many each learner has completed; one more is begun."""


def main() -> int:
    """Measure, print, and say by the exit code whether the bound holds."""
    console, modules = Console(width=100), load().modules
    with tempfile.TemporaryDirectory(prefix="learner") as folder:
        url = f"sqlite:///{Path(folder) / 'course.sqlite'}"
        fill(url, modules)
        with workers(url, folder) as ports:
            learners = [
                Learner(ports[n % WORKERS], f"learner-{n}@example.org", modules[n % 8 : n % 8 + MODULES], seed=n)
                for n in range(CONNECTIONS)
            ]
            with ThreadPoolExecutor(CONNECTIONS) as pool:
                list(pool.map(Learner.sign_in, learners))
                list(pool.map(lambda learner: learner.go_round(1), learners))
                for learner in learners:
                    learner.times.clear()
                list(pool.map(lambda learner: learner.go_round(ROUNDS), learners))
    return report(console, learners)


def report(console: Console, learners: Sequence[Learner]) -> int:
    """Print the table, and give the exit code."""
    console.print(f"{CONNECTIONS} connections, {WORKERS} workers; load {os.getloadavg()[0]:.1f}")
    table = Table("Page", "Requests", "Median ms", "95th of 100, ms", "Bytes")
    crossed = False
    for page in learners[0].times:
        took = sorted(ms for learner in learners for ms in learner.times[page])
        p95 = took[int(0.95 * len(took))]
        crossed |= p95 > BOUND
        size = max(learner.sizes[page] for learner in learners)
        table.add_row(page, str(len(took)), f"{took[len(took) // 2]:.0f}", f"{p95:.0f} of {BOUND}", f"{size:,}")
    console.print(table)
    if crossed:
        console.print("[bold]The bound is crossed.[/]")
    return int(crossed)


def fill(url: str, modules: Sequence[Module]) -> None:
    """A learner for each connection, by the rules that hold for everybody."""
    engine = open_engine(url)
    upgrade(engine)
    start = datetime.now(UTC) - timedelta(days=60)
    with new_sessions(engine)() as session:
        team = Team(name="Duty team", agency=Agency(name="Health"))
        for n in range(CONNECTIONS):
            email = f"learner-{n}@example.org"
            words = {"password": PASSWORD, "role": "practitioner", "access": "learner", "team": team}
            person = add_person(session, name=f"Learner {n}", email=email, **words)
            done = modules[n % 8 : n % 8 + MODULES]
            for m, module in enumerate((*done, modules[(n + MODULES) % len(modules)])):
                way = walk(module, "practitioner", boldness=2, start=start, chance=Random(n))  # noqa: S311
                for at, event in way.events if m < MODULES else way.events[:4]:
                    record(session, person.id, progress_in(session, person.id, module), event=event, now=at)
                keep_reflection(
                    session,
                    person.id,
                    module.id,
                    answers=["What I noticed. " * 20] * 2,
                    commitment="I will ring.",
                    due_on=None,
                    who_notices="My manager",
                    now=start,
                )
    engine.dispose()


@contextmanager
def workers(url: str, folder: str) -> Iterator[list[int]]:
    """The ports of so many workers, which end with the block."""
    command = [sys.executable, "-m", "tests.learner_bench.worker", url, folder]
    started = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(WORKERS)]
    try:
        yield [int(one.stdout.readline()) for one in started if one.stdout]
    finally:
        for one in started:
            one.terminate()
        for one in started:
            one.wait()
            if one.stdout:
                one.stdout.close()


if __name__ == "__main__":
    sys.exit(main())

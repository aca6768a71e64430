"""How long the desk's pages take: `make bench-desk`.

For 1,000 and for 100,000 generated people, on SQLite and on PostgreSQL, through the whole app: the middle and the
95th of 100 of the times that the server takes for a page, each beside its bound. Between the pages learners complete
modules, so that catching up is part of it. Then the files: rows a second, and how much memory grows meanwhile. Exit
code 1 if a bound is crossed. Run it on a machine that does nothing else; the load is printed.
"""

import os
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rich.console import Console
from rich.table import Table

from course.catalogue.library import load
from course.learning.database import open_engine, upgrade
from tests.databases import running_postgres
from tests.desk_bench.pages import NOW, Desk, Times, clock
from tests.desk_bench.people import Size, make

BOUNDS = {1_000: 25, 100_000: 50}
"""People to the milliseconds within which 95 of 100 pages must be."""
ROWS_A_SECOND = 100_000
GROWTH = 32
"""Megabytes by which memory may grow while the largest file is streamed."""

failures: list[str] = []


def bounded(what: str, figure: float, bound: float, *, least: bool = False) -> str:
    """The figure and its bound as a cell; a crossed bound is remembered."""
    if figure < bound if least else figure > bound:
        failures.append(f"{what}: {figure:,.0f} {'under' if least else 'over'} {bound:,.0f}")
    return f"{figure:,.0f} of {bound:,.0f}"


def main(words: list[str]) -> int:
    """Measure, print, and say by the exit code whether every bound holds. `words`: databases and sizes, else all."""
    console = Console(width=120)
    databases = [word for word in words if not word.isdigit()] or ["sqlite", "postgresql"]
    sizes = [int(word) for word in words if word.isdigit()] or list(BOUNDS)
    modules = load().modules
    for kind in databases:
        for people in sizes:
            with database(kind) as url:
                made = clock()
                engine = open_engine(url)
                upgrade(engine)
                make(engine, modules, Size(people), NOW)
                engine.dispose()
                console.print(f"{kind}: {people:,} people made in {made():.0f} s; load {os.getloadavg()[0]:.1f}")
                measure(console, Desk(url), f"{kind}, {people:,}", bound=BOUNDS.get(people, max(BOUNDS.values())))
    for failure in failures:
        console.print(f"[bold]Bound crossed:[/] {failure}")
    return bool(failures)


@contextmanager
def database(kind: str) -> Iterator[str]:
    """The address of an empty one, for as long as it is needed."""
    if kind == "postgresql":
        with running_postgres() as address:
            yield address
        return
    with tempfile.TemporaryDirectory(prefix="desk") as folder:
        yield f"sqlite:///{Path(folder) / 'course.sqlite'}"


def measure(console: Console, desk: Desk, what: str, *, bound: int) -> None:
    """One partnership, all pages and files."""
    first = desk.first_look()
    console.print(
        f"First look after a start: {first.wall:.1f} s ({first.processor:.1f} s of processor). "
        f"The board holds {desk.board_size() / 1e6:.0f} MB."
    )
    table = Table(what, "Median ms", "95th of 100, ms", "Longest", "Processor ms, 95th")
    for page, times in desk.pages().items():
        table.add_row(page, *row_of(f"{what}: {page}", times, bound))
    console.print(table)
    files = Table(what, "Rows", "Rows a second", "MB more at most")
    for name, file in desk.files().items():
        speed = f"{file.speed:,.0f}"
        if file.rows >= ROWS_A_SECOND // 2:  # fewer are over before they have begun
            speed = bounded(f"{what}: {name}", file.speed, ROWS_A_SECOND, least=True)
        files.add_row(name, f"{file.rows:,}", speed, bounded(f"{what}: memory of {name}", file.growth, GROWTH))
    console.print(files)
    desk.close()


def row_of(what: str, times: Times, bound: int) -> list[str]:
    """Its figures as cells."""
    slow = bounded(what, times.wall(0.95), bound)
    return [f"{times.wall(0.5):.0f}", slow, f"{times.wall(1):.0f}", f"{times.processor(0.95):.0f}"]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

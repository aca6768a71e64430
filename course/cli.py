"""The `course` command: everything that the Makefile, an author or an administrator does."""

import sys
from pathlib import Path

import click
from rich.console import Console
from rich.table import Table

from course.catalogue.library import BrokenContent, Library, load
from course.catalogue.stats import stats_of

WRONG_CONTENT, WRONG_CALL = 1, 2


@click.group()
@click.version_option(package_name="learning-into-practice")
def main() -> None:
    """Learning into Practice: run the course, check its content, export it for an LMS."""


def fail(message: str, code: int = WRONG_CALL) -> None:
    """Say what is wrong on the error stream and stop."""
    click.echo(message, err=True)
    sys.exit(code)


def library_or_fail(local: Path | None = None) -> Library:
    """The library, or every problem printed and exit code 1."""
    try:
        return load(local_file=local)
    except BrokenContent as broken:
        count = len(broken.problems)
        fail(
            f"{broken}\n{count} problem{'s' if count != 1 else ''} in the content. Nothing was written.",
            WRONG_CONTENT,
        )
        raise


@main.command()
@click.option("--local", type=click.Path(path_type=Path, dir_okay=False), help="Check this local.yaml too.")
def check(local: Path | None) -> None:
    """Check every content file; print each problem as file:line, what is wrong and what to do."""
    library = library_or_fail(local)
    click.echo(f"{len(library.modules)} modules, {len(library.references)} references: no problem found.")


@main.command()
def stats() -> None:
    """Print a table of every module: words, minutes, moments, choices, steps, paths, endings, references."""
    table = Table(title="Modules")
    names = (
        "Module",
        "Words",
        "Minutes",
        "Moments",
        "Choices",
        "Steps",
        "Shortest",
        "Longest",
        "Endings",
        "Refs",
    )
    for name in names:
        table.add_column(name, justify="left" if name == "Module" else "right")
    for module in library_or_fail().modules:
        table.add_row(module.folder, *(str(n) for n in stats_of(module)))
    Console(width=None if sys.stdout.isatty() else 120).print(table)

"""The `course` command: everything that the Makefile, an author or an administrator does.

Commands say what they do and raise what went wrong; `_Commands` turns that into one clear message and an exit code.
"""

import contextlib
import os
import sys
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from course.catalogue.library import BrokenContent, NoSuchModule, load
from course.catalogue.stats import Stats, stats_of
from course.cli_desk import administrator, bounce, password_link, remind
from course.cli_export import export
from course.cli_gather import gather
from course.cli_options import INSTANCE
from course.cli_xapi import xapi
from course.learning.database import WrongDatabase, open_engine, upgrade
from course.story.draw import draw as drawing_of
from course.web.config import WrongSetting, from_environment
from course.web.serve import CannotServe, serve, serve_demo
from scorm_export.guide import NoSuchPreset
from scorm_export.standards import NoSuchStandard
from scorm_export.state import StateTooLarge
from scorm_export.zip import CannotExport

WRONG_CONTENT, WRONG_CALL = 1, 2
_CANNOT = (
    NoSuchModule,
    NoSuchPreset,
    NoSuchStandard,
    StateTooLarge,
    WrongDatabase,
    WrongSetting,
    CannotExport,
    CannotServe,
)

LOCAL = click.option(
    "--local", type=click.Path(path_type=Path, dir_okay=False), help="The partnership's local.yaml to fill in."
)


class _Commands(click.Group):
    """Says what is wrong on the error stream: exit code 1 for content, 2 for a call that cannot be carried out."""

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except BrokenContent as broken:
            count = len(broken.problems)
            click.echo(f"{broken}\n{count} problem{'s'[: count != 1]}. Nothing was written.", err=True)
            sys.exit(WRONG_CONTENT)
        except _CANNOT as stop:
            click.echo(str(stop), err=True)
            sys.exit(WRONG_CALL)


@click.group(cls=_Commands)
@click.version_option(package_name="learning-into-practice")
def main() -> None:
    """Learning into Practice: run the course, check its content, export it for an LMS."""


@main.command()
@click.option("--demo", is_flag=True, help="Serve demo people with demo progress, from a database of their own.")
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", default=8000, show_default=True)
@INSTANCE
def run(demo: bool, host: str, port: int, instance: Path) -> None:
    """Serve the course."""
    (serve_demo if demo else serve)(instance, host=host, port=port)


@main.command()
@LOCAL
def check(local: Path | None) -> None:
    """Check every content file; print each problem as file:line, what is wrong and what to do.

    Warnings are printed too and do not fail: sources not checked for a year, and what a local.yaml leaves empty.
    """
    library = load(local_file=local)
    for warning in library.warnings:
        click.echo(f"Warning: {warning}")
    click.echo(f"{len(library.modules)} modules, {len(library.references)} references: no problem found.")


@main.command()
def stats() -> None:
    """Print a table of every module: words, minutes, moments, choices, steps, paths, endings, references."""
    table = Table(title="Modules")
    table.add_column("Module")
    for name in Stats._fields:
        table.add_column(name.capitalize(), justify="right")
    for module in load().modules:
        table.add_row(module.folder, *(str(n) for n in stats_of(module)))
    Console(width=None if sys.stdout.isatty() else 120).print(table)


main.add_command(export)
main.add_command(gather)
main.add_command(xapi)
main.add_command(administrator)
main.add_command(bounce)
main.add_command(remind)
main.add_command(password_link)


@main.command()
@click.argument("module")
@click.option(
    "--to", "target", required=True, type=click.Path(path_type=Path, dir_okay=False), help="The SVG file to write."
)
def draw(module: str, target: Path) -> None:
    """Draw the story of MODULE (its number, id or folder) as an SVG, for its author."""
    picture = drawing_of(load().find(module).story)
    half_written = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        half_written.write_text(picture, encoding="utf-8")
        half_written.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            half_written.unlink()
        message = f"Cannot write {target}: {error.strerror}. Choose another place with --to."
        raise click.UsageError(message) from error
    click.echo(f"Wrote {target}")


@main.group()
def db() -> None:
    """Look after the database."""


@db.command(name="upgrade")
@INSTANCE
def upgrade_database(instance: Path) -> None:
    """Make the tables, or bring them up to this version of the course."""
    upgrade(open_engine(from_environment(instance).database_url))
    click.echo("The database fits this version of the course.")

"""`course xapi`: what people did, as XapiStatements, to a file or to the partnership's LRS."""

import contextlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

import click
from sqlalchemy import Engine

from course.catalogue.library import load
from course.cli_options import INSTANCE
from course.learning import outbox
from course.learning.database import check_version, new_sessions, open_engine
from course.learning.lrs import Lrs
from course.learning.sending import Sent, send_due
from course.learning.told import told_since
from course.web.config import Config, from_environment

NO_LRS = (
    "No LRS is set, so there is nowhere to send to. Set XAPI_ENDPOINT, XAPI_USER and XAPI_PASSWORD to those that "
    "your LRS shows, for the web app too."
)


@click.group()
def xapi() -> None:
    """Give what people did to an LRS, or write it to a file. Never a word that anybody wrote."""


@xapi.command()
@click.option("--since", required=True, type=click.DateTime(["%Y-%m-%d"]), help="The first day, as 2026-11-23 (UTC).")
@click.option("--to", "target", required=True, help="The file to write, a line each; - is the standard output.")
@INSTANCE
def export(since: datetime, target: str, instance: Path) -> None:
    """Write everything that happened since a day, whether or not an LRS has it. The file is whole or not there."""
    config, engine = _open(instance)
    library = load(local_file=config.local_file)
    with new_sessions(engine)() as session, _whole(target) as file:
        count = 0
        telling, start = config.telling(library.address), since.replace(tzinfo=UTC)
        for told in told_since(session, telling, library.modules, since=start, now=datetime.now(UTC)):
            file.write(json.dumps(told.body, ensure_ascii=False) + "\n")
            count += 1
    click.echo(f"{count} written.", err=target == "-")


@xapi.command()
@INSTANCE
def push(instance: Path) -> None:
    """Send what is due to the LRS. Run it every minute or so; it may be killed at any point, and run twice at once."""
    config, engine = _open(instance)
    if config.lrs is None:
        raise click.UsageError(NO_LRS)
    library, sessions = load(local_file=config.local_file), new_sessions(engine)
    with sessions() as session:
        outbox.end_sittings(session, config.telling(library.address), library.modules, datetime.now(UTC))
    sent = send_due(sessions, Lrs(config.lrs), lambda: datetime.now(UTC))
    with sessions() as session:
        waiting = outbox.counts(session).waiting
    _say(sent, waiting)


@xapi.command()
@INSTANCE
def parked(instance: Path) -> None:
    """List what the LRS refused for good, and why."""
    _, engine = _open(instance)
    with new_sessions(engine)() as session:
        for one in outbox.parked(session, limit=1000):
            click.echo(f"{one.statement_id}  {one.module_id}  {one.verb}: {one.refused_why}")


def _say(sent: Sent, waiting: int) -> None:
    click.echo(f"{sent.delivered} sent, {waiting} waiting, {sent.parked} parked.")
    if sent.parked:
        click.echo("What was parked, and why: course xapi parked")
    if sent.stopped:
        click.echo(sent.stopped, err=True)
        sys.exit(1)


def _open(instance: Path) -> tuple[Config, Engine]:
    config = from_environment(instance)
    engine = open_engine(config.database_url)
    check_version(engine)
    return config, engine


@contextmanager
def _whole(target: str) -> Iterator[TextIO]:
    """A file to write that takes its place only when all of it is written; - is the standard output."""
    if target == "-":
        yield sys.stdout
        return
    path = Path(target)
    half_written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with half_written.open("w", encoding="utf-8") as file:
            yield file
        half_written.replace(path)
    except OSError as error:
        raise click.UsageError(f"Cannot write {path}: {error.strerror}. Choose another place with --to.") from error
    finally:
        with contextlib.suppress(OSError):
            half_written.unlink()

"""`course gather`: figures about many people, made at night so that nobody waits for them by day."""

from datetime import UTC, datetime
from pathlib import Path

import click

from course.catalogue.library import load
from course.cli_options import INSTANCE
from course.learning.database import check_version, new_sessions, open_engine
from course.learning.desk.figures.gathering import KINDS, bring_up_to_date
from course.learning.desk.figures.six_weeks_kept import bring_six_weeks_up_to_date
from course.web.config import from_environment


@click.command()
@INSTANCE
def gather(instance: Path) -> None:
    """Gather the figures of the local picture and of where people part, up to last midnight in London.

    On the first night of a month also those of the checks after six weeks, up to the end of the month before.

    Run it every night after 00:05. It may run twice: what is gathered already is left alone.
    """
    config = from_environment(instance)
    engine = open_engine(config.database_url)
    check_version(engine)
    library, now = load(local_file=config.local_file), datetime.now(UTC)
    with new_sessions(engine)() as session:
        for kind in KINDS:
            bring_up_to_date(session, kind, library.modules, now=now)
        bring_six_weeks_up_to_date(session, library.modules, now=now)
    engine.dispose()
    count = len(library.modules)
    click.echo(f"Gathered up to last midnight: {count} issue{'s'[: count != 1]}.")

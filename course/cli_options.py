"""Options that several commands have."""

from pathlib import Path

import click

INSTANCE = click.option(
    "--instance",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path("instance"),
    show_default=True,
    help="The folder for the database and the made secret key.",
)

"""`course export`: packages for an LMS with their import guide, and the whole text for who signs it off."""

from datetime import UTC, datetime
from pathlib import Path

import click

from course.catalogue.library import load
from scorm_export.edition import EDITION, editions
from scorm_export.guide import PRESETS, find_preset, guide
from scorm_export.options import Options
from scorm_export.package import Packer
from scorm_export.standards import STANDARDS, find_standard
from scorm_export.zip import write_all

GUIDE = "import-guide.html"
KNOWN = ", ".join([*STANDARDS, EDITION])


@click.command(
    help=f"Write a package of each MODULE (all, if none is named) for STANDARD: {KNOWN}.\n\n"
    f"{EDITION} is the whole text, for print and sign-off. An import guide for the LMS is put beside packages."
)
@click.argument("standard")
@click.argument("modules", nargs=-1, metavar="[MODULE]...")
@click.option("--to", "folder", required=True, type=click.Path(path_type=Path, file_okay=False), help="Where to write.")
@click.option(
    "--local", type=click.Path(path_type=Path, dir_okay=False), help="The partnership's local.yaml to fill in."
)
@click.option("--preset", default="generic", show_default=True, help=f"Whose import guide: {', '.join(PRESETS)}.")
@click.option("--one-package", is_flag=True, help="One package that reports complete when all its modules are.")
@click.option(
    "--interactions", is_flag=True, help="Report each choice to the LMS too, by its id; never a word written."
)
@click.option("--passed", is_flag=True, help="Say passed where an LMS counts only that. It means completed, no more.")
@click.option(
    "--score",
    is_flag=True,
    help="Send 100 of 100 with the completion, for an LMS that records none without a score. It measures nothing.",
)
@click.option("--third-edition", is_flag=True, help="SCORM 2004 3rd edition in place of the 4th.")
def export(
    standard: str, modules: tuple[str, ...], folder: Path, local: Path | None, preset: str, **chosen: bool
) -> None:
    """Write packages, or the whole text."""
    wanted = None if standard == EDITION else find_standard(standard, others=[EDITION])
    find_preset(preset)
    library = load(local_file=local)
    chosen_modules = {library.find(name).number for name in modules}
    named = [m for m in library.modules if not modules or m.number in chosen_modules]
    today = datetime.now(UTC).date()
    if wanted:
        options = Options(**chosen)
        made = dict(Packer(library).packages(named, wanted, options))
        made[GUIDE] = guide(
            library,
            preset=preset,
            standard_name=wanted.name,
            standard_title=wanted.title,
            files=list(made),
            today=today,
            options=options,
        ).encode()
    else:
        made = editions(library, named, today=today)
    for path, size in write_all(made, folder=folder):
        click.echo(f"{path}  {size:,} bytes")

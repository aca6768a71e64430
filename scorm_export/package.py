"""A package as a zip: the same bytes for the same content, whole or not there at all."""

import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from course.catalogue.library import Library
from course.catalogue.model import Module
from course.catalogue.text import words_only
from scorm_export.document import LESSON, document, environment
from scorm_export.standards.standard import Standard

LAUNCH = Path(__file__).parent / "launch"
LONGEST_DESCRIPTION = 1000
"""LOM's smallest permitted maximum for a description (IMS Learning Resource Meta-Data 1.2.1, 1.5)."""


class CannotExport(Exception):
    """Why a package could not be written, and what to do. Nothing half-written is left."""


def package(library: Library, module: Module, standard: Standard) -> bytes:
    """The zip of one module for one standard."""
    script = "".join(path.read_text(encoding="utf-8") for path in (LESSON / "player.js", LAUNCH / standard.launch))
    files = {
        "index.html": document(library, module),
        "lesson.css": (LESSON / "static/lesson.css").read_text(encoding="utf-8"),
        "lesson.js": script,
    }
    return _zip({standard.manifest: _manifest(module, standard, files), **files})


def _manifest(module: Module, standard: Standard, files: Iterable[str]) -> str:
    description = words_only(module.about.overview)[:LONGEST_DESCRIPTION]
    template = environment().get_template(standard.template)
    return template.render(module=module, files=sorted(files), description=description)


def _zip(files: Mapping[str, str]) -> bytes:
    """One file after the other in a fixed order, with no date, user or machine in it."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name].encode())
    return out.getvalue()


def write_packages(
    library: Library, modules: Iterable[Module], standard: Standard, *, folder: Path
) -> list[tuple[Path, int]]:
    """Write a zip a module into `folder`; gives their paths and sizes in bytes. Raises CannotExport."""
    made = {f"{m.folder}-{standard.name}.zip": package(library, m, standard) for m in modules}
    return write_all(made, folder=folder)


def write_all(made: Mapping[str, bytes], *, folder: Path) -> list[tuple[Path, int]]:
    """Write files that are made already, by name; each appears whole or not at all. Raises CannotExport."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in made.items():
            _write_whole(folder / name, content)
    except OSError as error:
        place = error.filename or folder
        raise CannotExport(f"Cannot write {place}: {error.strerror}. Make room or choose another --to.") from error
    return [(folder / name, len(content)) for name, content in made.items()]


def _write_whole(path: Path, content: bytes) -> None:
    half_written = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with half_written.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        half_written.replace(path)
    except BaseException:
        with suppress(OSError):
            half_written.unlink()
        raise

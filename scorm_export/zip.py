"""Files as a zip with the same bytes for the same content, and files on a disk that are whole or not there at all."""

import os
from collections.abc import Mapping
from contextlib import suppress
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


class CannotExport(Exception):
    """Why a package could not be written, and what to do. Nothing half-written is left."""


def zipped(files: Mapping[str, bytes]) -> bytes:
    """One file after the other in a fixed order, with no date, user or machine in it."""
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED, compresslevel=9) as archive:
        for name in sorted(files):
            entry = ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, files[name])
    return out.getvalue()


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

"""An .xlsx file unpacked within limits, and packed anew for the library that reads it.

That library is fast and trusts the file: it unpacks all, makes room for every cell up to the last one, and copies a
shared text into each cell that repeats it. A small file could so ask for any amount of memory. Here everything is
counted first; and since only what was counted is packed anew, a size that the file gives for itself is never believed.
"""

import zlib
from collections.abc import Iterable, Iterator
from io import BytesIO
from struct import error as StructError
from xml.parsers.expat import ExpatError
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from course.learning.desk.uploads.sheet_cells import Cells, Far
from course.learning.desk.uploads.sheet_limits import LARGEST_UNPACKED, MOST_PARTS, Unreadable

_CHUNK = 1024 * 1024
_WORKBOOK = "xl/workbook.xml"
_ENTRY = b"PK\x01\x02"
"""What stands before each file’s entry in a zip archive’s list."""
_BROKEN = (BadZipFile, zlib.error, StructError, EOFError, OSError, ValueError, NotImplementedError, OverflowError)


def repacked(content: bytes, label: str) -> bytes:
    """The workbook with the same XML and nothing else, uncompressed. `label` is the file in words.

    Raises Unreadable where it is no .xlsx workbook, is locked or damaged, or is larger than the limits.
    """
    # Before zipfile reads the list, which for a million entries takes long.
    if content.count(_ENTRY) > MOST_PARTS:
        raise _too_large(label, f"has more than {MOST_PARTS:,} parts")
    try:
        with ZipFile(BytesIO(content)) as archive:
            parts = archive.infolist()
            _check_kind(parts, label)
            texts = dict(_unpack(archive, parts, label))
        _count(texts, label)
    except (*_BROKEN, ExpatError) as error:
        raise damaged(label) from error
    packed = BytesIO()
    with ZipFile(packed, "w", ZIP_STORED) as archive:
        for name, text in texts.items():
            archive.writestr(name, text)
    return packed.getvalue()


def damaged(label: str) -> Unreadable:
    return Unreadable(
        f"{label} is an Excel workbook that is damaged or was cut short. "
        "Open it in Excel, save it again as .xlsx, and upload that file."
    )


def _too_large(label: str, why: str) -> Unreadable:
    return Unreadable(f"{label} {why}. Copy the table alone into a new workbook or save it as CSV, and upload that.")


def _check_kind(parts: list[ZipInfo], label: str) -> None:
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(f"{label} is protected by a password. Save it without one, and upload that file.")
    if _WORKBOOK not in {part.filename for part in parts}:
        raise Unreadable(f"{label} is neither a CSV file nor an Excel workbook (.xlsx). Save it as .xlsx or CSV.")


def _unpack(archive: ZipFile, parts: Iterable[ZipInfo], label: str) -> Iterator[tuple[str, bytes]]:
    """Each part of XML by its name. What else is in the file (a picture) is unpacked to be counted, and dropped."""
    left = LARGEST_UNPACKED
    for part in parts:
        if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
            raise BadZipFile(part.filename)  # no spreadsheet packs so, and some ways take memory by the gigabyte
        chunks = []
        with archive.open(part) as packed:
            while chunk := packed.read(_CHUNK):
                left -= len(chunk)
                if left < 0:
                    raise _too_large(label, f"unpacks into more than {LARGEST_UNPACKED // 1024**2} MB")
                chunks.append(chunk)
        if part.filename.lower().endswith((".xml", ".rels")):
            yield part.filename, b"".join(chunks)


def _count(texts: dict[str, bytes], label: str) -> None:
    """Refuse what would take too much memory once it is read."""
    cells = Cells()
    try:
        for text in texts.values():
            cells.count(text)
    except Far as far:
        raise _too_large(label, f"has a cell far outside the table, in row {far.row:,}, column {far.column:,}") from far
    if cells.repeated > LARGEST_UNPACKED:
        raise _too_large(label, "repeats long texts in too many cells")

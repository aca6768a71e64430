"""The lines of an Excel workbook’s first sheet that is not hidden."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from io import BytesIO

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from course.learning.desk.uploads.sheet_limits import Unreadable
from course.learning.desk.uploads.sheet_unpacking import damaged, repacked

Cell = int | float | str | bool | time | date | datetime | timedelta


def xlsx_lines(content: bytes, label: str) -> Iterator[tuple[int, list[str]]]:
    """Each row as texts with its number in the sheet, blank ones too. `label` is the file in words.

    A formula counts as the value that was saved with it, and an error of one (#N/A) as an empty cell.
    Raises Unreadable where it is no workbook, has no sheet, or would unpack into more than this computer should hold.
    """
    harmless = repacked(content, label)
    try:
        workbook = CalamineWorkbook.from_filelike(BytesIO(harmless))
        visible = [
            number
            for number, sheet in enumerate(workbook.sheets_metadata)
            if sheet.visible == SheetVisibleEnum.Visible and sheet.typ == SheetTypeEnum.WorkSheet
        ]
        rows = workbook.get_sheet_by_index(visible[0]).iter_rows() if visible else None
    except (CalamineError, OSError, ValueError) as error:
        raise damaged(label) from error
    if rows is None:
        raise Unreadable(f"{label} has no sheet with a table. Put the table on its first sheet and save it again.")
    for number, row in enumerate(rows, start=1):
        yield number, [_text(cell) for cell in row]


def _text(cell: Cell) -> str:
    """A value as somebody would type it: 3, 3.25, TRUE, 2026-01-31, 2026-01-31 09:30:00."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return str(cell).upper()
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() else repr(cell)
    if isinstance(cell, datetime) and cell.time() == time():
        return str(cell.date())
    return str(cell)

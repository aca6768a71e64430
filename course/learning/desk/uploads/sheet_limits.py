"""How large a table that somebody uploads may be, and what they are told of one that cannot be read."""

LARGEST_FILE = 8 * 1024 * 1024
"""Bytes, as uploaded."""
LARGEST_UNPACKED = 64 * 1024 * 1024
"""Bytes of all that an .xlsx file has packed in it, and of the texts that its cells repeat."""
MOST_PARTS = 1_000
"""Files packed in an .xlsx file: a workbook of one table has about a dozen."""
LARGEST_ROWS = 50_000
"""Rows below the headings; blank ones do not count."""
MOST_COLUMNS = 100
LONGEST_CELL = 1_000
"""Characters."""
LARGEST_AREA = 6_000_000
"""Cells from A1 to the last one of a workbook’s sheet, empty ones counted: they cost memory too."""


class Unreadable(Exception):
    """Nothing was read. The message, of a sentence or two, says what is wrong, where, and what to do."""

"""Where the cells of a workbook are, and how much text they repeat, counted without keeping any of it."""

import re
from collections import Counter
from functools import lru_cache
from xml.parsers.expat import ParserCreate

from course.learning.desk.uploads.sheet_limits import LARGEST_AREA

_COLUMN = re.compile(r"[A-Za-z]{1,3}")


class Far(Exception):
    """A cell lies so far out that the rows and columns up to it are more than LARGEST_AREA cells."""

    def __init__(self, row: int, column: int) -> None:
        super().__init__(f"row {row}, column {column}")
        self.row, self.column = row, column


class Cells:
    """Counts part after part of a workbook, in any order; a part’s name decides nothing, only what is in it."""

    def __init__(self) -> None:
        self._lengths: list[int] = []
        """Characters of the shared texts, by their number."""
        self._uses: Counter[str] = Counter()
        """How many cells show the shared text of a number."""
        self._number = ""

    @property
    def repeated(self) -> int:
        """Characters of all cells that show a shared text, taken together."""
        uses = ((int(number), times) for number, times in self._uses.items() if number.strip())
        return sum(times * self._lengths[number] for number, times in uses if 0 <= number < len(self._lengths))

    def count(self, text: bytes) -> None:
        """Count one part. Raises Far; ExpatError where it is no XML; ValueError where a cell’s place is none."""
        self._row = self._column = self._last_row = self._last_column = 0
        self._shows_shared = False
        # As every spreadsheet writes it. What a part says of itself could hide its cells in another alphabet.
        self._parser = ParserCreate("UTF-8")
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._open
        # A document type can name texts that stand for longer ones; no spreadsheet writes one.
        self._parser.StartDoctypeDeclHandler = _refuse
        self._parser.CommentHandler = self._parser.ProcessingInstructionHandler = self._interrupt
        self._parser.StartCdataSectionHandler = self._interrupt
        self._parser.Parse(text, True)

    def _open(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag if ":" not in tag else tag.rpartition(":")[2]
        if name == "v":
            if self._shows_shared:
                # Listened to only here, since a call for each end and text of a large sheet takes a second.
                self._number = ""
                self._parser.CharacterDataHandler, self._parser.EndElementHandler = self._spell, self._close
        elif name == "c":
            self._shows_shared = attributes.get("t") == "s"
            self._go_to(attributes.get("r"))
        elif name == "row":
            self._row, self._column = int(attributes.get("r", self._row + 1)), 0
        elif name == "si":
            self._lengths.append(0)
            self._parser.CharacterDataHandler = self._measure

    def _spell(self, text: str) -> None:
        self._number += text

    def _close(self, tag: str) -> None:
        if tag.rpartition(":")[2] != "v":
            _refuse()
        self._uses[self._number] += 1
        self._parser.CharacterDataHandler = self._measure if self._lengths else None
        self._parser.EndElementHandler = None

    def _interrupt(self, *_: object) -> None:
        """Within a number it could be read in two ways."""
        if self._parser.EndElementHandler:
            _refuse()

    def _measure(self, text: str) -> None:
        self._lengths[-1] += len(text)

    def _go_to(self, place: str | None) -> None:
        """To the cell of that name or, as a workbook may leave the names out, the next one."""
        row, self._column = self._row, self._column + 1
        if place:
            letters = place.rstrip("0123456789")
            row, self._column = max(row, int(place[len(letters) :])), column_number(letters)
        if self._column > self._last_column or row > self._last_row:
            self._last_row, self._last_column = max(self._last_row, row), max(self._last_column, self._column)
            if self._last_row * self._last_column > LARGEST_AREA:
                raise Far(row, self._column)


def _refuse(*_: object) -> None:
    raise ValueError("What no spreadsheet writes")


@lru_cache
def column_number(letters: str) -> int:
    """Of a column by its letters: 1 for A, 27 for AA. ValueError for what are none."""
    if not _COLUMN.fullmatch(letters):
        raise ValueError(letters)
    return sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters.upper())))

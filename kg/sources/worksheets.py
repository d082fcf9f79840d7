"""The rows of one sheet of a workbook, from the events of its XML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.sources.items import Broken

MOST_ROWS = 1_048_576  # of one sheet, as in Excel
MOST_CELLS = 16_384  # of one row, as in Excel
LONGEST_TEXT = 1024 * 1024  # characters of one cell; Excel writes 32,767
_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")


class Value(NamedTuple):
    """What one cell holds: its text, or why it gives none."""

    text: str
    why: str = ""
    printed: str = ""


@dataclass(slots=True)
class Row:
    """One row: its number, its cells by column (from 1), cells without a place and why."""

    number: int
    cells: dict[int, Value] = field(default_factory=dict)
    astray: list[Value] = field(default_factory=list)


class TextReader:
    """Gathers the text of the elements ``t``; phonetic hints are no text of the cell."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._size = 0
        self._inside = 0
        self._hints = 0

    def start(self, tag: str, _given: dict[str, str]) -> None:
        """An element begins."""
        self._hints += tag == "rPh"
        self._inside += tag == "t"

    def end(self, tag: str) -> None:
        """An element ends."""
        self._hints -= tag == "rPh"
        self._inside -= tag == "t"

    def text(self, text: str) -> None:
        """Text stands in an element."""
        if self._inside and not self._hints:
            self._size += len(text)
            if self._size > LONGEST_TEXT:
                raise Broken(f"a text of more than {LONGEST_TEXT} characters in one cell")
            self._parts.append(text)

    def taken(self) -> str:
        """The text gathered since the last time."""
        text = "".join(self._parts)
        self._parts.clear()
        self._size = 0
        return text


class SheetReader:
    """Turns the events of a sheet into rows."""

    def __init__(self, value: Callable[[str, str, str], Value]) -> None:
        self.done: list[Row] = []
        self._value = value
        self._inline = TextReader()
        self._row: Row | None = None
        self._number = 0
        self._rows = self._cells = self._column = 0
        self._cell: dict[str, str] | None = None
        self._in = ""  # "v" or "f" inside a cell
        self._held: list[str] = []
        self._formula: list[str] | None = None
        self._size = 0

    def start(self, tag: str, given: dict[str, str]) -> None:
        """An element begins."""
        if tag == "row":
            self._begin(given)
        elif tag == "c" and self._row is not None:
            self._cells += 1
            if self._cells > MOST_CELLS:
                raise Broken(f"a row of more than {MOST_CELLS} cells", self._number)
            self._cell = given
            self._size = 0
        elif self._cell is not None:
            if tag in ("v", "f"):
                self._in = tag
                if tag == "f":
                    self._formula = []
            self._inline.start(tag, given)

    def _begin(self, given: dict[str, str]) -> None:
        self._rows += 1
        if self._rows > MOST_ROWS:
            raise Broken(f"more than {MOST_ROWS} rows", self._number)
        number = whole(given["r"]) if "r" in given else self._number + 1
        self._number = number or self._number + 1
        self._row = Row(self._number)
        self._cells = self._column = 0
        if not number:
            self._row.astray.append(Value("", "expected the number of a row", given["r"]))

    def text(self, text: str) -> None:
        """Text stands in an element."""
        if self._cell is None:
            return
        if self._in:
            self._size += len(text)
            if self._size > LONGEST_TEXT:
                why = f"a text of more than {LONGEST_TEXT} characters in one cell"
                raise Broken(why, self._number)
            (self._held if self._in == "v" or self._formula is None else self._formula).append(text)
        else:
            self._inline.text(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "row" and self._row is not None:
            if self._row.cells or self._row.astray:
                self.done.append(self._row)
            self._row = None
        elif tag == "c" and self._cell is not None and self._row is not None:
            self._ended(self._cell, self._row)
            self._cell, self._formula = None, None
            self._held.clear()
        elif self._cell is not None:
            if tag in ("v", "f"):
                self._in = ""
            self._inline.end(tag)

    def _ended(self, cell: dict[str, str], row: Row) -> None:
        inline = self._inline.taken()
        sort = cell.get("t", "n")
        text = inline if sort == "inlineStr" else "".join(self._held)
        if self._formula is not None:
            printed = f"={''.join(self._formula)}"
            value = Value("", "a formula; write its value", printed)
        else:
            value = self._value(sort, cell.get("s", ""), text)
        place = _REFERENCE.fullmatch(cell["r"]) if "r" in cell else None
        if "r" in cell and (place is None or int(place[2]) != row.number):
            if value.text or value.why:
                why = "a cell whose reference names no place in its row"
                row.astray.append(Value("", why, cell["r"]))
            return
        self._column = _column(place[1]) if place else self._column + 1
        if not value.text and not value.why:
            return
        if self._column in row.cells:
            row.astray.append(Value("", "a second cell at one place", cell.get("r", "")))
        else:
            row.cells[self._column] = value


def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = 26 * column + ord(letter) - 64
    return column


def whole(text: str) -> int | None:
    """A number of up to nine digits; None for any other text."""
    digits = text.strip()
    return int(digits) if re.fullmatch(r"[0-9]{1,9}", digits) else None

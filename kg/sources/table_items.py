"""Tables, one row at a time: CSV, with a heading or without, and Excel workbooks."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import IO

from kg.sources.items import Broken, Item
from kg.sources.texts import TextStream
from kg.sources.trees import Cell, Note
from kg.sources.worksheets import Row
from kg.values import paragraphs

LONGEST_FIELD = 1024 * 1024  # characters of one field of a CSV file
LONGEST_ROW = 32 * LONGEST_FIELD  # characters of one row
MOST_COLUMNS = 1_000
_QUOTE = "a quotation mark inside a quoted field that is not doubled; the field may be cut wrongly"


class _Lines:
    """The lines of a file, and those that the row at hand has taken."""

    def __init__(self, stream: IO[bytes]) -> None:
        self._lines = iter(TextStream(stream, LONGEST_ROW))
        self.number = 0  # lines given
        self.ended = False  # a line was asked for behind the last one
        self.taken: list[str] = []
        self._size = 0

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        try:
            line = next(self._lines)
        except StopIteration:
            self.ended = True
            raise
        self.number += 1
        self._size += len(line)
        if self._size > LONGEST_ROW:
            raise csv.Error(f"a row is larger than {LONGEST_ROW >> 20} million characters")
        self.taken.append(line)
        return line

    def row_ends(self) -> None:
        """Forget the lines of the row at hand."""
        self.taken.clear()
        self._size = 0


def csv_items(stream: IO[bytes], delimiter: str, *, heading: bool) -> Iterator[Item | Broken]:
    """Every row of a CSV file; line numbers are those of its first line.

    A field longer than ``LONGEST_FIELD`` ends the reading: it is damage, not data. So does a
    quotation mark that is never closed, in which the rest of the file stands. A mark inside a
    quoted field is read as it stands, and noted.
    """
    csv.field_size_limit(LONGEST_FIELD)
    lines = _Lines(stream)
    strict = csv.reader(lines, delimiter=delimiter, strict=True)
    columns: tuple[str, ...] = ()
    n = 0
    while True:
        line = lines.number + 1
        notes: list[Note] = []
        try:
            try:
                row = next(strict)
            except csv.Error as error:
                if "expected after" not in str(error):
                    raise
                again = chain(list(lines.taken), lines)
                row = next(csv.reader(again, delimiter=delimiter, strict=False))
                if lines.ended:
                    raise csv.Error("unexpected end of data") from None
                notes.append(Note("bad value", "", line, "", _QUOTE))
        except StopIteration:
            return
        except csv.Error as error:
            yield _stopped(error, n + 1, line)
            return
        lines.row_ends()
        if len(row) > MOST_COLUMNS:
            yield Broken(f"row {n + 1} has more than {MOST_COLUMNS} columns; it is not read", line)
            n += 1
            continue
        cells = [Cell(paragraphs(text), line) for text in row]
        if not any(cell.text for cell in cells):
            continue
        if heading and not columns:
            columns = _columns(cells)
            continue
        n += 1
        item = _row(cells, columns, n, "csv", notes)
        if len(cells) < len(columns):
            why = f"the row has {len(cells)} of {len(columns)} columns"
            item = item._replace(notes=(*item.notes, Note("bad value", "", line, "", why)))
        yield item


def _stopped(error: csv.Error, n: int, line: int) -> Broken:
    why = str(error)
    if "unexpected end of data" in why:
        mark = "a quotation mark that opens here is never closed; the rest of the file is inside it"
        return Broken(f"row {n}: {mark}", line, cut=True)
    why = why.replace("field larger than field limit", "a field is larger than")
    if "larger than" in why:
        why += "; is a quotation mark not closed?"
    return Broken(f"row {n}: {why}", line)


def _columns(cells: Sequence[Cell]) -> tuple[str, ...]:
    return tuple(" ".join(cell.text.split()) for cell in cells)


def _labels(columns: tuple[str, ...]) -> Iterator[str]:
    """The headings, each once: ``Phase``, ``Phase (2)``; ``column 7`` for one without a text."""
    seen: dict[str, int] = {}
    for n, name in enumerate(columns, start=1):
        label = name or f"column {n}"
        seen[label] = times = seen.get(label, 0) + 1
        yield label if times == 1 else f"{label} ({times})"


def _row(
    cells: Sequence[Cell], columns: tuple[str, ...], n: int, layout: str, notes: Sequence[Note] = ()
) -> Item:
    names = tuple(_labels(columns)) or tuple(str(at) for at in range(1, len(cells) + 1))
    line = cells[0].line
    if len(cells) > len(names) and any(cell.text for cell in cells[len(names) :]):
        why = f"the row has more than {len(names)} columns; the values behind them are not read"
        notes = (*notes, Note("bad value", "", line, "", why))
    tree = dict(zip(names, cells, strict=False))
    return Item("row", tree, f"row {n}", line, columns=columns, notes=notes, layout=layout)


def workbook_items(stream: IO[bytes]) -> Iterator[Item | Broken]:
    """Every row of every sheet of an Excel workbook, by the sheet's first row as its heading.

    A formula is an issue and no value: what a program would compute is not what a registry wrote.
    """
    from kg.sources import workbooks  # only for workbooks: it takes longer to load than all of kg

    try:
        book = workbooks.Workbook(stream)
    except Broken as broken:
        yield broken
        return
    several = len(book.sheets) > 1
    for sheet in book.sheets:
        columns: tuple[str, ...] = ()
        n = 0
        try:
            for row in book.rows(sheet):
                notes = list(_row_notes(row, columns))
                cells = _cells(row, len(columns))
                if not any(cell.text for cell in cells) and not notes:
                    continue
                if not columns and any(cell.text for cell in cells):
                    columns = _columns(cells)
                    continue
                n += 1
                item = _row(cells, columns, n, "xlsx", notes)
                yield item._replace(where=f"{sheet.name}, row {n}" if several else f"row {n}")
        except Broken as broken:
            yield broken


def _cells(row: Row, least: int) -> list[Cell]:
    """The cells of a row up to its last value, and at least as many as there are columns."""
    last = max(
        (at for at, value in row.cells.items() if value.text and at <= MOST_COLUMNS), default=1
    )
    texts = [row.cells[at].text if at in row.cells else "" for at in range(1, max(last, least) + 1)]
    return [Cell(text, row.number) for text in texts]


def _row_notes(row: Row, columns: tuple[str, ...]) -> Iterator[Note]:
    """What is amiss with the cells of a row."""
    labels = list(_labels(columns))
    for at, value in row.cells.items():
        label = labels[at - 1] if at <= len(labels) else ""
        if value.why:
            yield Note("bad value", label, row.number, value.printed, value.why)
        elif at > MOST_COLUMNS:
            why = f"a value behind column {MOST_COLUMNS}, which is not read"
            yield Note("bad value", "", row.number, "", why)
    for value in row.astray:
        yield Note("bad value", "", row.number, value.printed, value.why)

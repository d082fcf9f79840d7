"""Tables, one row at a time: CSV, with a heading or without, and Excel workbooks."""

from __future__ import annotations

import csv
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import IO, Any

from kg.items import Broken, Item
from kg.sources import Unreadable
from kg.texts import TextStream
from kg.trees import Cell, Note
from kg.values import paragraphs

LONGEST_FIELD = 1024 * 1024  # characters of one field of a CSV file
LARGEST_PART = 512 * 1024 * 1024  # bytes of one unpacked part of a workbook
MOST_COLUMNS = 1_000


def csv_items(stream: IO[bytes], delimiter: str, *, heading: bool) -> Iterator[Item | Broken]:
    """Every row of a CSV file; line numbers are those of its first line.

    A field longer than ``LONGEST_FIELD`` ends the reading: it is damage, not data.
    """
    csv.field_size_limit(LONGEST_FIELD)
    lines = iter(TextStream(stream, 64 * LONGEST_FIELD))
    reader = csv.reader(lines, delimiter=delimiter, strict=False)
    columns: tuple[str, ...] = ()
    n, line = 0, 1
    try:
        for row in reader:
            cells = [Cell(paragraphs(text), line) for text in row]
            line = reader.line_num + 1
            if heading and not columns:
                columns = tuple(" ".join(cell.text.split()) for cell in cells)
            elif any(cell.text for cell in cells):
                n += 1
                yield _row(cells, columns, n, "csv")
    except csv.Error as error:
        why = f"row {n + 1}: {error}"
        yield Broken(why.replace("field larger than field limit", "a field is larger than"), line)


def _row(cells: Sequence[Cell], columns: tuple[str, ...], n: int, layout: str) -> Item:
    names = columns or tuple(str(at) for at in range(1, len(cells) + 1))
    notes = []
    if len(cells) > len(names) and any(cell.text for cell in cells[len(names) :]):
        at = cells[0].line
        notes.append(Note("bad value", "", at, "", f"the row has more than {len(names)} columns"))
    tree = dict(zip(names, cells, strict=False))
    return Item("row", tree, f"row {n}", cells[0].line, columns=columns, notes=notes, layout=layout)


def workbook_items(stream: IO[bytes]) -> Iterator[Item | Broken]:
    """Every row of every sheet of an Excel workbook, by the sheet's first row as its heading.

    A formula is an issue and no value: what a program would compute is not what a registry wrote.
    """
    import openpyxl  # only for workbooks: it takes longer to load than all of kg

    try:
        _checked(stream)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=False)
    except (Unreadable, KeyError, ValueError, zipfile.BadZipFile, SyntaxError, TypeError) as error:
        # openpyxl reports a damaged part by the error of whatever failed inside it
        yield Broken(f"not a workbook that can be read ({error or type(error).__name__})")
        return
    for sheet in book.worksheets:
        columns: tuple[str, ...] = ()
        n = 0
        for row in sheet.iter_rows(max_col=MOST_COLUMNS):
            notes: list[Note] = []
            cells = [_cell(cell, columns, notes) for cell in row]
            while cells and not cells[-1].text and len(cells) > len(columns):
                cells.pop()
            if not cells or (not any(cell.text for cell in cells) and not notes):
                continue
            if not columns:
                columns = tuple(" ".join(cell.text.split()) for cell in cells)
                continue
            n += 1
            item = _row(cells, columns, n, "xlsx")
            where = f"{sheet.title}, row {n}" if len(book.worksheets) > 1 else f"row {n}"
            yield item._replace(notes=(*item.notes, *notes), where=where)


def _cell(cell: Any, columns: tuple[str, ...], notes: list[Note]) -> Cell:
    line = getattr(cell, "row", 0) or 0
    value = cell.value
    if cell.data_type == "f":
        at = (cell.column or 1) - 1
        label = columns[at] if at < len(columns) else ""
        notes.append(Note("bad value", label, line, str(value), "a formula; write its value"))
        return Cell("", line)
    if isinstance(value, datetime):
        plain = value.date().isoformat() if value.time().isoformat() == "00:00:00" else None
        return Cell(plain or value.isoformat(" "), line)
    if isinstance(value, date):
        return Cell(value.isoformat(), line)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return Cell("" if value is None else paragraphs(str(value)), line)


def _checked(stream: IO[bytes]) -> None:
    """Raise Unreadable for a workbook that unpacks to too much or declares entities."""
    stream.seek(0)
    with zipfile.ZipFile(stream) as archive:
        for member in archive.infolist():
            if not member.filename.endswith((".xml", ".rels")):
                continue
            with archive.open(member) as part:
                start = part.read(65536)
                size = len(start)
                while block := part.read(1024 * 1024):
                    size += len(block)
                    if size > LARGEST_PART:
                        most = LARGEST_PART >> 20
                        raise Unreadable(f"a part unpacks to more than {most} MiB: a zip bomb?")
            if b"<!ENTITY" in start or b"<!DOCTYPE" in start:
                raise Unreadable("a part declares entities, which no workbook does")
    stream.seek(0)

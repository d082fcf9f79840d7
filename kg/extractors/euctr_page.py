"""The EU register's page of one member state, as its source.

An item is a row of class ``tricell`` with code, label and value. A text is a table in the value, a
row for each language. Headings are cells of class ``cellBlue``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.extractors.euctr_form import HEADINGS, ITEMS, Shelves, squeezed
from kg.sources.markup import TableCell, TableRow, table_rows
from kg.sources.trees import Cell, Raw
from kg.values import one_line

LAYOUT = "html"

_ROW = re.compile(r"""class\s*=\s*["']?tricell""", re.IGNORECASE)
_NUMBER = re.compile(r"EudraCT number", re.IGNORECASE)
_COUNTED = re.compile(r"(.*?):?\s*([0-9]{1,3})", re.DOTALL)
_SUMMARY = ("cellLighterGrey", "cellGrey")


def is_page(text: str) -> bool:
    """Whether the source has rows of the form and names the number; a search page has none."""
    start = text[:500].lstrip()
    return start.startswith("<") and bool(_ROW.search(text)) and bool(_NUMBER.search(text))


def records(text: str) -> Iterator[Raw]:
    """The tree of the page's record."""
    shelves = Shelves()
    for row in table_rows(text):
        _take(row, shelves)
    yield Raw(shelves.tree, "euctr", shelves.notes, line=1, layout=LAYOUT)


def _take(row: TableRow, shelves: Shelves) -> None:
    if "tricell" in row.classes and len(row.cells) >= 3:
        code, label, value = row.cells[0], row.cells[1], row.cells[2]
        for n, (language, text, line) in enumerate(_texts(value)):
            mark = language if n else ""
            _put(shelves, f"{code.text} {one_line(label.text)}", Cell(text, line), mark)
    elif len(row.cells) == 2 and set(row.cells[1].classes) & set(_SUMMARY):
        label, value = row.cells
        text = next((link for link in map(_address, value.links) if link), one_line(value.text))
        _put(shelves, one_line(label.text), Cell(text, value.line), "")
    elif len(row.cells) == 1 and "cellBlue" in row.cells[0].classes:
        _heading(row.cells[0], shelves)


def _address(link: str) -> str:
    """The address of posted results; "" for any other link."""
    plain = one_line(link)
    if plain.startswith("/ctr-search/trial/"):
        return f"https://www.clinicaltrialsregister.eu{plain}"
    return plain if plain.startswith("https://www.clinicaltrialsregister.eu/") else ""


def _texts(value: TableCell) -> list[tuple[str, str, int]]:
    """Language, text and line of each row of a value; one without rows is a text itself."""
    found = []
    for n, row in enumerate((row for row in value.rows if row.cells), start=1):
        language = one_line(row.cells[1].text) if len(row.cells) > 1 else ""
        found.append((language.strip("()") or str(n), row.cells[0].text, row.line))
    return found or [("", value.text, value.line)]


def _put(shelves: Shelves, printed: str, cell: Cell, language: str) -> None:
    item = ITEMS.get(squeezed(printed))
    if item is not None:
        shelves.put(item, cell, language)
    elif cell.text:
        shelves.unknown(printed.rstrip(" :"), cell)


def _heading(cell: TableCell, shelves: Shelves) -> None:
    printed = one_line(cell.text)
    counted = _COUNTED.fullmatch(printed)
    item = ITEMS.get(squeezed(printed)) or (ITEMS.get(squeezed(counted[1])) if counted else None)
    if item is not None and item.opens:
        shelves.put(item, Cell(counted[2] if counted else "", cell.line))
    elif squeezed(printed) not in HEADINGS:
        shelves.unknown(printed, Cell(printed, cell.line))

"""The Korean registry's English page as its source: labels in ``th``, values in ``td``.

A heading row opens a block; the labels that follow with "- " in front belong to it. A heading cell
that spans rows (``Arm 1``, ``Inclusion Criteria``) opens a block for these rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kg.extractors.cris_form import CHANNELS, LABELS, ONCE, REGISTERED, REGISTRIES
from kg.sources.markup import TableCell, TableRow, table_rows
from kg.sources.trees import Cell, Note, Raw
from kg.values import one_line

LAYOUT = "html"

_LABEL = re.compile(r"<th\b[^>]{0,300}>\s*CRIS Registration Number\s*</th", re.IGNORECASE)
_PARTS_OF = {REGISTRIES: REGISTERED}  # blocks that have no heading
_COUNTED = re.compile(r"(.*?)\s*[0-9]{1,4}")


def is_page(text: str) -> bool:
    """Whether the source has the label of the registry's number."""
    return text[:500].lstrip("\ufeff \n\t").startswith("<") and bool(_LABEL.search(text))


def records(text: str) -> Iterator[Raw]:
    """The tree of the page's record."""
    form = _Form()
    for row in table_rows(text):
        form.take(row)
    yield Raw(form.tree, "cris", form.notes, line=1, layout=LAYOUT)


class _Form:
    """Collects labels and values."""

    def __init__(self) -> None:
        self.tree: dict[str, Any] = {}
        self.notes: list[Note] = []
        self._block: dict[str, Any] | None = None
        self._rows = 0  # of a heading cell, still to come; 0: the block ends at a plain label
        self._name = ""  # of the block
        self._plain = ""  # the last label outside any block

    def take(self, row: TableRow) -> None:
        """Take the next row: labels, each with the values behind it."""
        pairs = _pairs(row.cells)
        if not pairs:
            self._without_label(row)
            return
        if not any(values for _, values in pairs):
            pairs = pairs[-1:]
        for head, values in pairs:
            if not values and len(pairs) > 1:  # stands beside the labels of a block
                self._open(one_line(head.text))
                self._rows = head.spans
            else:
                self._label(head, values)
        if self._rows:
            self._rows -= 1

    def _without_label(self, row: TableRow) -> None:
        """A row without a heading cell is layout; a text in it is not shown, but reported."""
        if self.tree and any(cell.text for cell in row.cells):
            why = "a row without a label, inside the form; its text is not read"
            self.notes.append(Note("label out of place", "", row.line, "", why))

    def _label(self, head: TableCell, values: list[TableCell]) -> None:
        """Take a label with its values; one without any opens a block."""
        label = one_line(head.text)
        is_part = label.startswith("- ")
        value = "\n".join(cell.text for cell in values if cell.text)
        if not self._rows and not is_part:
            self._block = None
        if not label:
            if value:
                why = "a value without a label; it is not read"
                self.notes.append(Note("label out of place", "", head.line, "", why))
            return
        if not values or (not is_part and "tbtit" in head.classes and not value):
            self._open(label)
            return
        if is_part and self._block is None:
            self._open(_PARTS_OF.get(self._plain, f"{self._plain}, in parts"))
        if not is_part and self._block is None:
            self._plain = label
        self._put(label.removeprefix("- "), Cell(value, values[0].line))

    def _open(self, printed: str) -> None:
        counted = _COUNTED.fullmatch(printed)
        name = counted[1] if counted else printed
        self._block, self._name, self._rows = {}, name, 0
        if name in ONCE and name not in self.tree:
            self.tree[name] = self._block
            return
        if name in ONCE or isinstance(self.tree.get(name), Cell):
            name = f"{name}, again"
        self.tree.setdefault(name, []).append(self._block)

    def _put(self, label: str, cell: Cell) -> None:
        if self._block is not None and label in self._block and self._name not in ONCE:
            self._open(self._name)  # the block once more, without a heading of its own
        place = self.tree if self._block is None else self._block
        there = place.get(label)
        if label in CHANNELS and there is not None:
            place[label] = [*(there if isinstance(there, list) else [there]), cell]
        elif there is None or not there.text:
            place[label] = cell
        elif cell.text and cell.text != there.text:
            why = "printed twice; the first is kept"
            # What stands under a label that nobody knows may be somebody's address.
            shown = cell.text if label in LABELS else ""
            self.notes.append(Note("label out of place", label, cell.line, shown, why))


def _pairs(cells: list[TableCell]) -> list[tuple[TableCell, list[TableCell]]]:
    """Each heading cell of a row with the cells between it and the next."""
    pairs: list[tuple[TableCell, list[TableCell]]] = []
    for cell in cells:
        if cell.is_heading:
            pairs.append((cell, []))
        elif pairs:
            pairs[-1][1].append(cell)
    return pairs

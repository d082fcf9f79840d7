"""The Korean registry's English page as its source: labels in ``th``, values in ``td``.

A heading row opens a block; the labels that follow with "- " in front belong to it. A heading cell
that spans rows (``Arm 1``, ``Inclusion Criteria``) opens a block for these rows.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from kg.extractors.cris_form import ONCE, REGISTERED, REGISTRIES
from kg.markup import TableRow, table_rows
from kg.trees import Cell, Note, Raw
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
        """Take the next row; rows without a heading cell are layout."""
        heads = [cell for cell in row.cells if cell.is_heading]
        values = [cell for cell in row.cells if not cell.is_heading]
        if not heads:
            return
        if len(heads) > 1 and heads[0].spans > 1:
            self._open(one_line(heads[0].text))
            self._rows = heads[0].spans
        label = one_line(heads[-1].text)
        is_part = label.startswith("- ")
        value = values[0] if values else None
        if self._rows:
            self._rows -= 1
        elif not is_part:
            self._block = None
        if not label:
            return
        if value is None or (not is_part and "tbtit" in heads[-1].classes and not value.text):
            self._open(label)
            return
        if is_part and self._block is None:
            self._open(_PARTS_OF.get(self._plain, f"{self._plain}, in parts"))
        if not is_part and self._block is None:
            self._plain = label
        self._put(label.removeprefix("- "), Cell(value.text, value.line))

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
        if there is None or not there.text:
            place[label] = cell
        elif cell.text and cell.text != there.text:
            why = "printed twice; the first is kept"
            self.notes.append(Note("label out of place", label, cell.line, cell.text, why))

"""The cursor over one raw tree: where each label stands, and what was looked at.

A label is read by its path (``statusModule.startDateStruct.date``). Every read is remembered, so
that afterwards each leaf of the tree is accounted for (``kg.reading.accounts``): in the graph,
blank, an issue, a contact, left out on purpose, or read by nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Self

from kg import values
from kg.contacts.masking import masked
from kg.issues import Issue, Kind
from kg.said import Said
from kg.sources.trees import (
    Cell,
    Tree,
    is_blank,
    is_blank_by_name,
    is_tree,
    leaves,
    text_of,
    topmost,
)


@dataclass(slots=True)
class Log:
    """What the reading of one record left behind. Paths lead to leaves inside the record."""

    file: str
    record: str = ""
    line: int = 0  # where the record begins: for leaves that have no line of their own
    issues: list[Issue] = field(default_factory=list)
    read: set[str] = field(default_factory=set)
    contacts: set[str] = field(default_factory=set)
    unsaid: dict[str, Said[Any]] = field(default_factory=dict)  # placeholders, by path
    # What is left out on purpose: the cursor's path -> labels below it, without indices -> why.
    skipped: dict[str, dict[str, str]] = field(default_factory=dict)

    def report(self, kind: Kind, path: str, line: int, value: str, expected: str) -> None:
        """Add an issue. The value is masked and cut at 200 characters (with a mark)."""
        shown = masked(values.one_line(value))
        shown = shown if len(shown) <= 200 else shown[:200] + "…"
        self.issues.append(
            Issue(self.file, line or self.line, self.record, kind, path, shown, expected)
        )


ABSENT = object()
_LISTS = (list, tuple)


def _cell_of(text: str, line: int, path: str) -> Cell:
    """``Cell(…)`` at a third of its cost; ``&nbsp;`` alone is a blank."""
    return tuple.__new__(Cell, ("" if is_blank_by_name(text) else text, line, path))


class Cursor:
    """A cursor on one tree; ``kg.fields.Fields`` says what its cells mean.

    ``registry`` chooses the words of the code tables. ``layout`` says how the source prints the
    record (``web-CN``, ``json``).
    """

    __slots__ = ("_path", "_tree", "first", "layout", "log", "registry")

    def __init__(
        self,
        tree: Tree,
        *,
        registry: str,
        log: Log,
        path: str = "",
        first: int = 1,
        layout: str = "",
    ) -> None:
        self._tree = tree
        self._path = path
        self.registry = registry
        self.log = log
        self.first = first
        self.layout = layout

    def __bool__(self) -> bool:
        return bool(self._tree)

    @property
    def path(self) -> str:
        """The path of this tree inside its record; empty at the root."""
        return self._path

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of this tree in their order."""
        return tuple(self._tree)

    # -- finding -------------------------------------------------------------------------------

    def where(self, label: str) -> str:
        """The path of a label of this tree inside the record."""
        return f"{self._path}.{label}" if self._path else label

    def node(self, label: str) -> Any:
        """The node under a label or dotted path; ``ABSENT`` when it is not there."""
        found = self._tree.get(label, ABSENT)
        if found is not ABSENT or "." not in label:
            return found
        node: Any = self._tree
        for step in label.split("."):
            if type(node) is not dict and not is_tree(node):
                return ABSENT
            node = node.get(step, ABSENT)
            if node is ABSENT:
                return ABSENT
        return node

    def has(self, label: str) -> bool:
        """Whether the label is there at all, with or without a value."""
        return self.node(label) is not ABSENT

    def cell(self, label: str) -> Cell | None:
        """The cell under a label as it stands; None when the label is absent.

        Where a list or an object stands instead, that is an issue and there is no cell; a list of
        one is its item.
        """
        found = self.node(label)
        if found is ABSENT:
            return None
        path = f"{self._path}.{label}" if self._path else label
        if type(found) is str:  # most leaves are: they are read without another call
            self.log.read.add(path)
            return _cell_of(found.strip(), 0, path)
        if isinstance(found, _LISTS) and not isinstance(found, Cell):
            if not found:
                self.log.read.add(path)
                return Cell("", 0, path)
            if len(found) == 1:
                found, path = found[0], f"{path}[{self.first}]"
        return self._cell(found, path)

    def _cell(self, found: Any, path: str) -> Cell | None:
        if isinstance(found, str):
            self.log.read.add(path)
            return _cell_of(found.strip(), 0, path)
        if isinstance(found, Cell):
            self.log.read.add(path)
            return _cell_of(found.text, found.line, path)
        if is_tree(found):
            if "#text" in found:  # an XML element with attributes
                return self._cell(found["#text"], f"{path}.#text")
            self.log.report("bad value", path, 0, "", "expected a value, found an object")
            return None
        if isinstance(found, _LISTS):
            self.log.report("bad value", path, 0, "", "expected one value, found a list")
            return None
        self.log.read.add(path)
        return _cell_of(text_of(found), 0, path)

    def cells(self, label: str) -> list[Cell]:
        """The cells of a list, or the one cell that stands in its place; blanks included."""
        found = self.node(label)
        if found is ABSENT:
            return []
        path = self.where(label)
        if isinstance(found, Cell) or not isinstance(found, _LISTS):
            cell = self._cell(found, path)
            return [] if cell is None else [cell]
        made = [self._cell(item, f"{path}[{n}]") for n, item in enumerate(found, self.first)]
        return [cell for cell in made if cell is not None]

    def report(self, kind: Kind, label: str, expected: str, value: str | None = None) -> None:
        """Add an issue about a label of this tree."""
        found = self.node(label)
        cell = found if isinstance(found, Cell) else Cell("", 0)
        is_leaf = found is not ABSENT and not isinstance(found, Mapping)
        shown = text_of(found) if value is None and is_leaf else value
        self.log.report(kind, self.where(label), cell.line, shown or "", expected)

    # -- structure -----------------------------------------------------------------------------

    def inside(self, label: str) -> Self:
        """A cursor on the object under a label; on nothing when it is absent.

        A value in its place is an issue.
        """
        found = self.node(label)
        path = self.where(label)
        if isinstance(found, _LISTS) and not isinstance(found, Cell) and len(found) == 1:
            found, path = found[0], f"{path}[{self.first}]"
        if type(found) is not dict and not is_tree(found):
            if found is not ABSENT and found is not None and not is_blank(found):
                self.log.report("bad value", path, 0, "", "expected an object")
            found = {}
        return self._child(found, path)

    def each(self, label: str) -> list[Self]:
        """A cursor on each object of a list; none when it is absent.

        One object in place of the list is a list of one; values in it are issues.
        """
        found = self.node(label)
        if found is ABSENT or found is None or is_blank(found):
            return []
        path = self.where(label)
        if is_tree(found):
            return [self._child(found, path)]
        if isinstance(found, Cell) or not isinstance(found, _LISTS):
            self.log.report("bad value", path, 0, "", "expected a list of objects")
            return []
        cursors = []
        for n, item in enumerate(found, start=self.first):
            if is_tree(item):
                cursors.append(self._child(item, f"{path}[{n}]"))
            elif not is_blank(item):
                self.log.report("bad value", f"{path}[{n}]", 0, "", "expected an object")
        return cursors

    def _child(self, tree: Tree, path: str) -> Self:
        return type(self)(
            tree,
            registry=self.registry,
            log=self.log,
            path=path,
            first=self.first,
            layout=self.layout,
        )

    def skip(self, *labels: str, why: str) -> None:
        """Leave these labels, and all below them, out on purpose; ``why`` is printed by ``stats``.

        Said of this tree alone, not of its neighbours in a list. Their values are counted, not
        shown.
        """
        for label in labels:
            self.log.skipped.setdefault(self._path, {})[label] = why

    def skip_below(self, which: Callable[[str], bool], *, why: str) -> None:
        """Leave out every label for which ``which`` holds, wherever it stands below here."""
        skipped = self.log.skipped.setdefault(self._path, {})
        for path, node in topmost(self._tree, which):
            if next(leaves(node), None) is not None:
                skipped.setdefault(path, why)

"""One raw tree of a file that holds trees: a JSON object, an XML element, a row of a table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from kg.sources.trees import Note, Tree

Kind = Literal["json", "xml", "row"]


class Item(NamedTuple):
    """What one record may be, before an extractor has looked at it.

    ``where`` is its place in the file (``studies[17]``, ``Trial[3]``, ``row 12``; empty where the
    file is the record), ``line`` the line on which it begins. ``name`` is the element of an XML
    record, ``root`` the root element with ``namespace``; ``columns`` are the headings of a table,
    empty for one without (its keys are then "1", "2" …).
    """

    kind: Kind
    tree: Tree
    where: str = ""
    line: int = 0
    name: str = ""
    root: str = ""
    namespace: str = ""
    columns: tuple[str, ...] = ()
    notes: Sequence[Note] = ()
    layout: str = ""  # json, xml, csv, xlsx

    @property
    def first(self) -> int:
        """The number of the first item of a list in paths."""
        return 0 if self.kind == "json" else 1


class Broken(Exception):
    """Where and why the reading of a file stopped; what was read before stands.

    ``cut``: the file ends too early; else it holds something that its format forbids. ``foreign``:
    nothing in it says that it ever held records.
    """

    def __init__(
        self, why: str, line: int = 0, *, cut: bool = False, foreign: bool = False
    ) -> None:
        super().__init__(why)
        self.line = line
        self.cut = cut
        self.foreign = foreign

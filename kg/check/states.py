"""Why a value is missing, and where its label stands in the source.

*blank*: the label is printed without a value (``tkg:blankField``, written by the extractor), or
with one that cannot be read; *absent*: the page does not show the label. Blank wins when any
language of a field is blank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import NamedTuple

from kg.check.pieces import Piece
from kg.check.view import RecordView


class Place(NamedTuple):
    """Where a field stands: the line of its label (0: the source has none), the text as printed,
    and whether that cannot be read."""

    line: int | None = None
    printed: str | None = None
    refused: bool = False


_NOWHERE: dict[str, Place] = {}


class Lines:
    """The rows of lines.tsv of one record version, read when first asked for a node."""

    def __init__(self, version: str = "", rows: Piece | None = None) -> None:
        self._version = version
        self._rows = rows
        self._known: dict[str, dict[str, Place]] = {}

    @cached_property
    def _of_nodes(self) -> dict[str, list[str]]:
        """What stands behind the node in its rows."""
        found: dict[str, list[str]] = defaultdict(list)
        for row in self._rows.text().split("\n") if self._rows else ():
            if row:
                _, node, rest = row.split("\t", 2)
                found[node].append(rest)
        return found

    def _places(self, version: str, node: str) -> dict[str, Place]:
        """The fields of a node; of a label printed twice, the first line."""
        if version != self._version:
            return _NOWHERE
        places = self._known.get(node)
        if places is None:
            places = self._known[node] = {}
            for rest in self._of_nodes.get(node, ()):
                field, number, printed, rest = rest.split("\t", 3)
                known, line = places.get(field), int(number)
                if known is None or (line, printed) < (known.line or 0, known.printed or ""):
                    refused = rest.rpartition("\t")[2] == "refused"
                    places[field] = Place(line, printed or None, refused)
        return places

    def place(self, version: str, nodes: Sequence[str], fields: Sequence[str]) -> Place:
        """The first of the fields that a node has a line for, nodes in the order given."""
        for node in nodes:
            known = self._places(version, node)
            for field in fields:
                if field in known:
                    return known[field]
        return Place()

    def first_blank(self, version: str, nodes: Sequence[str], fields: Sequence[str]) -> Place:
        """The first line of the page where one of the fields of any of the nodes stands blank."""
        found = [
            place
            for node in nodes
            for field, place in self._places(version, node).items()
            if field in fields and place.printed is None
        ]
        return min(found, key=lambda place: place.line or 0, default=Place())


def spellings(fields: Sequence[str]) -> list[str]:
    """Every way a field may be named: ``timePoint`` stands for its two languages as well.

    >>> spellings(["timePoint@en", "armSize"])
    ['timePoint@en', 'armSize', 'armSize@zh', 'armSize@en']
    """
    found = []
    for field in fields:
        found.append(field)
        if "@" not in field:
            found += [f"{field}@zh", f"{field}@en"]
    return found


def blank(view: RecordView, nodes: Iterable[str], fields: Sequence[str]) -> tuple[str, str] | None:
    """The first node and spelling of the fields that stands blank on the page, else None."""
    for node in nodes:
        printed = {v.text for v in view.values(node, "tkg:blankField")}
        for field in spellings(fields):
            if field in printed:
                return node, field
    return None

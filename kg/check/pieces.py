"""Where the text of each record version lies: at hand, or on disk until somebody checks it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import NamedTuple, Protocol

from pyoxigraph import NamedNode, Store

from kg.check.facts import text_of
from kg.check.graphs import record_graphs
from kg.sources.lines import Line


class Piece(Protocol):
    """A text that can be had; what holds it can be handed to another process."""

    def text(self) -> str:
        """The text."""


class Held(NamedTuple):
    """A text that is at hand."""

    held: str

    def text(self) -> str:
        return self.held


class Pieces(NamedTuple):
    """A record version: its statements as N-Triples or N-Quads, its rows of lines.tsv."""

    statements: Piece
    lines: Piece


def rows_of(lines: Iterable[Line], versions: Collection[str]) -> dict[str, Held]:
    """The rows of the table of lines, for each of some record versions that has any."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        if line.version in versions:
            found[line.version].append(line.row())
    return {version: Held("".join(rows)) for version, rows in found.items()}


class Stored(Mapping[str, Pieces]):
    """The record versions of a store, by their graph, with their rows of lines.tsv."""

    def __init__(self, store: Store, lines: Mapping[str, Piece]) -> None:
        self._store = store
        self._lines = lines

    def __getitem__(self, graph: str) -> Pieces:
        held = Held(text_of(self._store, NamedNode(graph)))
        return Pieces(held, self._lines.get(graph, Held("")))

    def __iter__(self) -> Iterator[str]:
        return (graph.value for graph in record_graphs(self._store))

    def __len__(self) -> int:
        return len(record_graphs(self._store))

"""Lines in order, however many: sorted in runs that fit into memory, merged from files."""

from __future__ import annotations

import re
import tempfile
from bisect import bisect_right
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, cast

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, RdfFormat, Store

RUN = 1 << 25  # bytes of lines that are sorted in memory at a time
_BLOCK = 1 << 20  # bytes that are copied at a time
MERGED = 64  # runs that are open at a time: well below the files that a process may open
_ABOUT_A_STATEMENT = re.compile(rb"^\S+ \S+ <<.*", re.MULTILINE)

Graph = NamedNode | BlankNode | DefaultGraph


class Runs:
    """A file to write lines into, in any pieces, and to take them out of, sorted.

    ``key`` is put in front of each line before the runs are sorted and stays there. Where all
    lines fit into one run there are no files, and ``pending`` has the lines as they came.
    """

    def __init__(self, key: Callable[[bytes], bytes] | None = None) -> None:
        self._key = key
        self._waiting: list[bytes] = []
        self._size = 0
        self._levels: list[list[IO[bytes]]] = []

    def write(self, block: bytes) -> int:
        """Take a piece of text, which may end within a line."""
        self._waiting.append(block)
        self._size += len(block)
        if self._size >= RUN:
            self._spill()
        return len(block)

    def flush(self) -> None:
        """Nothing: Oxigraph asks for it."""

    @property
    def spilled(self) -> bool:
        """True when the lines are more than one run."""
        return bool(self._levels)

    def pending(self) -> bytes:
        """The lines that are in memory as they came, without key; once."""
        text = b"".join(self._waiting)
        end = text.rfind(b"\n") + 1
        self._waiting = [text[end:]]
        self._size = len(text) - end
        if b" <<" in text and (found := _ABOUT_A_STATEMENT.search(text)):
            line = found[0].decode()
            raise TypeError(f"a statement about a statement is never part of our graph: {line}")
        return text[:end]

    def lines(self) -> Iterator[bytes]:
        """Every line, sorted by its bytes, which is by its characters; once."""
        if not self.spilled:
            yield from self._sorted()
            return
        self._spill()
        yield from _merged([run for level in self._levels for run in level])
        self._levels.clear()

    def _sorted(self) -> list[bytes]:
        # canonical lines hold no bare carriage return, which would end a line here too
        lines = self.pending().splitlines(keepends=True)
        if self._key:
            key = self._key
            lines = [key(line) + line for line in lines]
        lines.sort()
        return lines

    def _spill(self) -> None:
        self._add(self._sorted(), 0)

    def _add(self, lines: Iterator[bytes] | list[bytes], level: int) -> None:
        run = tempfile.TemporaryFile()  # noqa: SIM115 - closed and gone with the last reference
        run.writelines(lines)
        run.seek(0)
        if level == len(self._levels):
            self._levels.append([])
        self._levels[level].append(run)
        if len(self._levels[level]) == MERGED:
            full, self._levels[level] = self._levels[level], []
            self._add(_merged(full), level + 1)


def _merged(runs: list[IO[bytes]]) -> Iterator[bytes]:
    """The lines of sorted runs, sorted: a piece of each is in memory, together about one run.

    What no later piece can precede is sorted at once, which for a few sorted stretches is quick.
    """
    piece = max(1, RUN // len(runs))
    pieces = [run.readlines(piece) for run in runs]
    starts = [0] * len(runs)
    while left := [n for n, lines in enumerate(pieces) if lines]:
        bound = min(pieces[n][-1] for n in left)
        ready: list[bytes] = []
        for n in left:
            end = bisect_right(pieces[n], bound, starts[n])
            ready += pieces[n][starts[n] : end]
            starts[n] = end
            if end == len(pieces[n]):
                pieces[n], starts[n] = runs[n].readlines(piece), 0
        ready.sort()
        yield from ready


def dumped(store: Store, graph: Graph, into: Runs, *, named: bool = False) -> None:
    """Write the statements of one graph into ``into`` as lines of canonical N-Triples.

    ``named``: as N-Quads, with the graph that says them.
    """
    file = _Named(into, graph) if named and not isinstance(graph, DefaultGraph) else into
    store.dump(cast(IO[bytes], file), format=RdfFormat.N_TRIPLES, from_graph=graph)


def copied(file: Path, graph: Graph, into: Runs, *, named: bool = False) -> None:
    """The same of a graph whose canonical N-Triples stand in a file."""
    to = _Named(into, graph) if named and not isinstance(graph, DefaultGraph) else into
    with file.open("rb") as lines:
        while block := lines.read(_BLOCK):
            to.write(block)


class _Named:
    """A file to write N-Triples of one graph into, which reach another as N-Quads."""

    def __init__(self, into: Runs, graph: NamedNode | BlankNode) -> None:
        self._into = into
        self._end = f" {graph} .\n".encode()
        self._rest = b""

    def write(self, block: bytes) -> int:
        """Take a piece of text, which may end within a line."""
        text = self._rest + block
        end = text.rfind(b"\n") + 1
        self._rest = text[end:]
        # A line break ends a statement and stands nowhere else.
        self._into.write(text[:end].replace(b" .\n", self._end))
        return len(block)

    def flush(self) -> None:
        """Nothing: Oxigraph asks for it."""

"""The statements of ``graph.nq`` brought together by graph, in memory that does not grow with them.

Sorted pieces of the file are written to disk and merged: an external sort. What comes out is one
file of N-Triples in which each graph stands in one stretch.
"""

from __future__ import annotations

import hashlib
import heapq
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from itertools import groupby
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kg.errors import ToolError
from kg.namespaces import BASE

CHUNK = 32 * 1024 * 1024  # bytes that are sorted in memory
MOST_RUNS = 64  # that are merged at once: each is an open file
GROUPED = "grouped"
_BUFFER = 1 << 18
_IRI = rb'<[^\x00-\x20<>"{}|^`\\]*>'
# No blank nodes: kg writes none, and a graph that has some could not be sent in pieces.
_QUAD = re.compile(
    rb"(%(iri)s %(iri)s "
    rb'(?:%(iri)s|"[^"\\\n\r]*(?:\\.[^"\\\n\r]*)*"(?:@[A-Za-z0-9-]+|\^\^%(iri)s)?)) '
    rb"(%(iri)s) \.\n" % {b"iri": _IRI}
)
# Records before what is concluded from them: identity and derived graphs come last.
_LAST = f"<{BASE}graph/".encode()


class Group(NamedTuple):
    """One graph: where its N-Triples stand in the grouped file, and what they are."""

    graph: str
    start: int  # in bytes
    size: int
    statements: int
    sha256: str


class Grouping:
    """The graphs of a file of N-Quads. ``contacts_left_out`` counts statements once all are read.

    ``folder`` is where it may write; what is there under its names is written over.
    """

    def __init__(self, path: Path, folder: Path, *, contacts: bool) -> None:
        self.path, self.folder, self.contacts = path, folder, contacts
        self.contacts_left_out = 0

    @property
    def file(self) -> Path:
        """The grouped N-Triples, whole once ``groups`` is exhausted."""
        return self.folder / GROUPED

    def groups(self) -> Iterator[Group]:
        """Every graph, records first; the grouped file grows as they come.

        Raises ToolError for a line that is no statement as kg writes them.
        """
        runs = list(self._runs())
        made = len(runs)
        while len(runs) > MOST_RUNS:
            merging, runs = runs[:MOST_RUNS], runs[MOST_RUNS:]
            made += 1
            runs.append(self._run(made, _merged(merging)))
        start = 0
        with self.file.open("wb", _BUFFER) as file:
            for key, lines in groupby(_merged(runs), key=_graph_of):
                digest, size, statements, last = hashlib.sha256(), 0, 0, b""
                for line in lines:
                    if line == last:
                        continue
                    last = line
                    triple = line[len(key) + 1 :]
                    file.write(triple)
                    digest.update(triple)
                    size += len(triple)
                    statements += 1
                yield Group(key[2:-1].decode(), start, size, statements, digest.hexdigest())
                start += size

    def _runs(self) -> Iterator[Path]:
        lines: list[bytes] = []
        size = made = 0
        for line in self._by_graph():
            lines.append(line)
            size += len(line)
            if size >= CHUNK:
                made += 1
                lines.sort()
                yield self._run(made, lines)
                lines, size = [], 0
        if lines:
            lines.sort()
            yield self._run(made + 1, lines)

    def _run(self, number: int, lines: Iterable[bytes]) -> Path:
        path = self.folder / f"run-{number}"
        with path.open("wb", _BUFFER) as file:
            file.writelines(lines)
        return path

    def _by_graph(self) -> Iterator[bytes]:
        """Each statement with its graph in front: sorted as bytes, graphs come together."""
        with self.path.open("rb", _BUFFER) as file:
            for number, line in enumerate(file, 1):
                found = _QUAD.fullmatch(line)
                if found is None:
                    raise ToolError(
                        f"{self.path}:{number}: no statement in a named graph as kg build writes it"
                    )
                triple, graph = found.groups()
                if graph.endswith(b"/contacts>") and not self.contacts:
                    self.contacts_left_out += 1
                    continue
                yield (b"1" if graph.startswith(_LAST) else b"0") + graph + b" " + triple + b" .\n"


def _graph_of(line: bytes) -> bytes:
    return line[: line.index(b" ")]


def _merged(runs: list[Path]) -> Iterator[bytes]:
    """The lines of sorted files, sorted; the files are gone when all are read."""
    with ExitStack() as stack:
        files: list[BinaryIO] = [stack.enter_context(run.open("rb", _BUFFER)) for run in runs]
        yield from heapq.merge(*files)
    for run in runs:
        run.unlink()


def piece(file: BinaryIO, start: int, end: int, most: int) -> bytes:
    """Whole lines of the grouped file from ``start`` on: at most ``most`` bytes, or one line."""
    file.seek(start)
    data = file.read(min(most, end - start))
    cut = data.rfind(b"\n") + 1
    if cut:
        return data[:cut]
    return data + file.readline()

"""The store of a build: made from nothing, or that of an earlier one, changed where it differs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg import store
from kg.namespaces import FINDINGS
from kg.reading.shards import Block
from kg.runs import Runs

MANY = 10
"""Of so many records at most one may have changed: of more, a new store is made sooner."""

_AT_ONCE = 10_000  # statements that are taken out or put in together


class Earlier(NamedTuple):
    """The store of an earlier build, and what it holds of record versions, as ``held`` tells.

    ``nquads`` is its graph as a file, without the ``findings``, which are N-Triples in pieces; None
    among them is one that is lost.
    """

    path: Path
    records: Mapping[str, Content]
    nquads: Path
    findings: Iterable[bytes | None] = ()


class Content(NamedTuple):
    """What tells what a record version says: a digest, and the checksum of its file, which stands
    in its statements too."""

    digest: bytes
    stamp: bytes


def held(texts: Mapping[str, Block]) -> dict[str, Content]:
    """What tells what each record version says, by its graph."""
    return {graph: Content(text.digest, text.stamp) for graph, text in texts.items()}


class Filling:
    """A store that is being filled. ``store`` is asked as any other.

    ``laid_out`` are files of what graphs say that are no record versions, as sorted N-Triples: for
    forks, which may ask no store on disk. (RocksDB has threads, and a fork does not: it would wait
    for ever for what one of them held.)
    """

    def __init__(
        self,
        path: Path | None,
        texts: Mapping[str, Block],
        earlier: Earlier | None = None,
        work: Path | None = None,
    ) -> None:
        """A store with what record versions say, in a folder, or else in memory.

        Of the store of an ``earlier`` build, files that stay as they are get a second name: nothing
        is copied. Its other graphs are still there, until ``fill`` brings them up to date, and its
        findings until ``finish``. What is laid out lies below ``work``.
        """
        self.path = path
        self.laid_out: dict[str, Path] = {}
        self.findings: Path | None = None  # as such a file, when they are put in
        self._work = work
        changed = _changed(texts, earlier) if path and work and earlier else None
        before = None if changed is None or earlier is None else _others(earlier)
        self._before: dict[str, Runs] = before or {}
        if changed is None or earlier is None or before is None:
            self.changes = False
            self.store = store.new(path)
            store.add(self.store, (text.text() for text in texts.values()))
        else:
            self.changes = True
            store.opened(earlier.path).backup(str(path))
            self.store = store.new(path)
            for graph in sorted(changed & earlier.records.keys()):
                self.store.remove_graph(NamedNode(graph))
            new = (texts[graph].text() for graph in sorted(changed & texts.keys()))
            store.add(self.store, new)
            self._restamp({g: t for g, t in texts.items() if g not in changed}, earlier.records)

    def _restamp(self, texts: Mapping[str, Block], records: Mapping[str, Content]) -> None:
        """Name the file anew in record versions that say the same, but stand in another one."""
        gone, new = Runs(), Runs()
        for graph, text in texts.items():
            before = records[graph].stamp
            if before != text.stamp:
                for line in text.data().splitlines(keepends=True):
                    if text.stamp in line:
                        new.write(line)
                        gone.write(line.replace(text.stamp, before))
        for quad in _quads(gone):
            self.store.remove(quad)
        _load(self.store, new)

    def fill(self, graph: str, texts: Iterable[str]) -> None:
        """Bring a graph that is no record version to hold these N-Quads, and nothing else."""
        if self._work is None:
            store.add(self.store, texts)
            return
        self.laid_out[graph] = self._work / f"graph-{len(self.laid_out)}.nt"
        self._brought(NamedNode(graph), texts, self.laid_out[graph])

    def finish(self, texts: Iterable[str]) -> None:
        """Put in the findings, which speak of all other graphs; bring the store into its last form.

        They are no part of what is laid out.
        """
        if self._work is None:
            store.add(self.store, texts)
        else:
            self.findings = self._work / "findings.nt"
            self._brought(NamedNode(FINDINGS), texts, self.findings)
        if self.path is not None:
            if not self.changes:
                self.store.optimize()
            self.store.flush()

    def _brought(self, graph: NamedNode, texts: Iterable[str], file: Path) -> None:
        """Bring a graph to hold these N-Quads, which ``file`` then holds as sorted N-Triples."""
        end = f" {graph} .\n"
        before, now, new, gone = self._before.pop(graph.value, Runs()), Runs(), Runs(), Runs()
        for text in texts:
            # A line break ends a statement and stands nowhere else.
            now.write(text.replace(end, " .\n").encode())
        with file.open("wb") as out:
            for line, was, stays in _compared(before.lines(), now.lines()):
                if stays:
                    out.write(line)
                if was != stays:
                    (new if stays else gone).write(line)
        for quad in _quads(gone, graph):
            self.store.remove(quad)
        if not file.stat().st_size:
            self.store.remove_graph(graph)  # one that says nothing any more is none
        _load(self.store, new, graph)


def _others(earlier: Earlier) -> dict[str, Runs] | None:
    """What graphs said that are no record versions, as lines of N-Triples; None where it is lost.

    It is read from files: a store on disk takes ten times as long to tell it.
    """
    graphs = (g.value for g in store.opened(earlier.path).named_graphs())
    found = {graph: Runs() for graph in graphs if graph not in earlier.records}
    by_end = {f"<{graph}> .\n".encode(): runs for graph, runs in found.items()}
    ends = tuple(by_end)
    with earlier.nquads.open("rb") as file:
        for line in file:
            if line.endswith(ends):  # most are of records
                end = line.rindex(b"<")
                by_end[line[end:]].write(line[:end] + b".\n")
    for piece in earlier.findings:
        if piece is None:
            return None
        found.setdefault(FINDINGS, Runs()).write(piece)
    return found


def _changed(texts: Mapping[str, Block], earlier: Earlier) -> set[str] | None:
    """The graphs of record versions that differ, by more than the file that they stand in, or are
    in one only; None where they are many, or a record is gone.

    The files of a store that is changed keep texts that were taken out of it. Of a record that
    somebody removed nothing may stay.
    """
    now = held(texts)
    before = earlier.records
    if not set(map(_record, before)) <= set(map(_record, now)):
        return None
    changed = now.keys() ^ before.keys()
    changed |= {g for g in now.keys() & before.keys() if now[g].digest != before[g].digest}
    return changed if len(changed) * MANY <= len(now) else None


def _record(version: str) -> str:
    return version.rpartition("/")[0]


def _compared(before: Iterator[bytes], now: Iterator[bytes]) -> Iterator[tuple[bytes, bool, bool]]:
    """The lines of two sorted files, each once: whether the old one has it, and the new one."""
    old, new = next(before, b""), next(now, b"")
    while old or new:
        line = min(old, new) if old and new else old or new
        yield line, old == line, new == line
        while old == line:
            old = next(before, b"")
        while new == line:  # it may come twice in what is filled in
            new = next(now, b"")


def _load(into: Store, lines: Runs, graph: NamedNode | None = None) -> None:
    store.add(into, (b"".join(some).decode() for some in _some(lines.lines())), graph)


def _quads(lines: Runs, graph: NamedNode | None = None) -> Iterator[Quad]:
    """Lines of N-Quads, or N-Triples of one graph."""
    form = RdfFormat.N_TRIPLES if graph else RdfFormat.N_QUADS
    for some in _some(lines.lines()):
        for q in parse(input=b"".join(some), format=form):
            yield Quad(q.subject, q.predicate, q.object, graph or q.graph_name)


def _some(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while some := list(islice(lines, _AT_ONCE)):
        yield some

"""The store of a build: made from nothing, or that of an earlier one, changed where it differs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import pyoxigraph

from kg import store
from kg.runs import Runs, dumped
from kg.shards import Block

MANY = 10
"""Of so many records at most one may have changed: of more, a new store is made sooner."""

_AT_ONCE = 10_000  # statements that are taken out or put in together


class Earlier(NamedTuple):
    """The store of an earlier build, and what it holds of record versions, as ``held`` tells.

    ``made_last`` are graphs that speak of all others: they are empty until they are filled anew.
    """

    path: Path
    records: Mapping[str, bytes]
    made_last: Collection[str] = ()


def held(texts: Mapping[str, Block]) -> dict[str, bytes]:
    """What tells what each record version says, by its graph."""
    return {graph: text.digest + text.stamp for graph, text in texts.items()}


class Filling:
    """A store that is being filled. ``store`` is asked as any other."""

    def __init__(
        self, path: Path | None, texts: Mapping[str, Block], earlier: Earlier | None = None
    ) -> None:
        """A store with what record versions say, in a folder, or else in memory.

        Of the store of an ``earlier`` build, files that stay as they are get a second name: nothing
        is copied. Its other graphs are still there, until ``fill`` brings them up to date.
        """
        self.path = path
        changed = _changed(texts, earlier) if path and earlier else None
        if changed is None or earlier is None:
            self.changes = False
            self.store = store.new(path)
            store.add(self.store, (text.text() for text in texts.values()))
        else:
            self.changes = True
            store.opened(earlier.path).backup(str(path))
            self.store = store.new(path)
            for graph in sorted({*earlier.made_last, *changed & earlier.records.keys()}):
                self.store.remove_graph(pyoxigraph.NamedNode(graph))
            new = (texts[graph].text() for graph in sorted(changed & texts.keys()))
            store.add(self.store, new)

    def fill(self, graph: str, texts: Iterable[str]) -> None:
        """Bring a graph that is no record version to hold these N-Quads, and nothing else."""
        if not self.changes:
            store.add(self.store, texts)
            return
        before, now = Runs(), Runs()
        dumped(self.store, pyoxigraph.NamedNode(graph), before, named=True)
        for text in texts:
            now.write(text.encode())
        new, gone = Runs(), Runs()
        for line, is_new in _differences(before.lines(), now.lines()):
            (new if is_new else gone).write(line)
        for quad in _quads(gone):
            self.store.remove(quad)
        store.add(self.store, (b"".join(some).decode() for some in _some(new.lines())))

    def finish(self) -> None:
        """Bring a store on disk into the form in which it is asked."""
        if self.path is not None:
            if not self.changes:
                self.store.optimize()
            self.store.flush()


def _changed(texts: Mapping[str, Block], earlier: Earlier) -> set[str] | None:
    """The graphs of record versions that differ or are in one only; None where they are many."""
    now = held(texts)
    changed = {
        graph
        for graph in now.keys() | earlier.records.keys()
        if now.get(graph) != earlier.records.get(graph)
    }
    return changed if len(changed) * MANY <= len(now) else None


def _differences(before: Iterator[bytes], now: Iterator[bytes]) -> Iterator[tuple[bytes, bool]]:
    """The lines of which only one of two sorted files has any; True for those that are new."""
    old, new = next(before, b""), next(now, b"")
    while old or new:
        if old == new:
            old = next(before, b"")
            # A line may come twice in what is filled in.
            last = new
            while new == last:
                new = next(now, b"")
        elif new and (not old or new < old):
            yield new, True
            new = next(now, b"")
        else:
            yield old, False
            old = next(before, b"")


def _quads(lines: Runs) -> Iterator[pyoxigraph.Quad]:
    for some in _some(lines.lines()):
        yield from pyoxigraph.parse(input=b"".join(some), format=pyoxigraph.RdfFormat.N_QUADS)


def _some(lines: Iterator[bytes]) -> Iterator[list[bytes]]:
    while some := list(islice(lines, _AT_ONCE)):
        yield some

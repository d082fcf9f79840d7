"""RDF in forms that tools read: N-Quads, N-Triples. Oxigraph writes both in canonical form."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat, Store

from kg.exporters.order import graphs, is_contacts
from kg.exporters.runs import Runs, dumped
from kg.exporters.source import GraphSource, write_bytes


def write_nquads(source: GraphSource, path: Path) -> None:
    """Write one statement per line with the graph that says it, sorted."""
    write_bytes(nquads(source.store), path)


def write_ntriples(source: GraphSource, path: Path) -> None:
    """Write every statement once, one per line, sorted, without the graph that says it."""
    write_bytes(ntriples(source.store), path)


def nquads(store: Store) -> Iterator[bytes]:
    """Every statement as a line of canonical N-Quads, sorted."""
    runs = Runs()
    store.dump(cast(IO[bytes], runs), format=RdfFormat.N_QUADS)
    return runs.lines()


def ntriples(store: Store) -> Iterator[bytes]:
    """Every statement as a line of canonical N-Triples, sorted; graphs that agree give one line."""
    runs = Runs()
    for graph in graphs(store):
        if not is_contacts(graph):
            dumped(store, graph, runs)
    return (line for line, _ in groupby(runs.lines()))

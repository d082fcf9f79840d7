"""RDF in forms that tools read: N-Quads, N-Triples, in canonical form."""

from __future__ import annotations

from pathlib import Path

from kg.exporters.source import GraphSource, write_bytes


def write_nquads(source: GraphSource, path: Path) -> None:
    """Write one statement per line with the graph that says it, sorted."""
    write_bytes(source.statements.quads(), path)


def write_ntriples(source: GraphSource, path: Path) -> None:
    """Write every statement once, one per line, sorted, without the graph that says it."""
    write_bytes(source.statements.triples(), path)

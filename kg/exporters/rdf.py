"""RDF in forms that tools read: N-Quads, N-Triples."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import Store

from kg.exporters.order import is_contacts
from kg.exporters.source import GraphSource, write_text
from kg.exporters.terms import nquads_term


def write_nquads(source: GraphSource, path: Path) -> None:
    """Write one statement per line with the graph that says it, sorted."""
    write_text(sorted(nquads(source.store)), path)


def write_ntriples(source: GraphSource, path: Path) -> None:
    """Write every statement once, one per line, sorted, without the graph that says it."""
    write_text(sorted(ntriples(source.store)), path)


def nquads(store: Store) -> list[str]:
    """Every statement as a line of canonical N-Quads, unsorted."""
    lines: list[str] = []
    for q in store.quads_for_pattern(None, None, None, None):
        terms = (q.subject, q.predicate, q.object, q.graph_name)
        lines.append(" ".join(filter(None, map(nquads_term, terms))) + " .\n")
    return lines


def ntriples(store: Store) -> set[str]:
    """Every statement as a line of canonical N-Triples; two graphs that agree give one line."""
    return {
        f"{nquads_term(q.subject)} {nquads_term(q.predicate)} {nquads_term(q.object)} .\n"
        for q in store.quads_for_pattern(None, None, None, None)
        if not is_contacts(q)
    }

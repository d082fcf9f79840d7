"""Turtle and TriG for people who read them: short names, one subject per paragraph, sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Literal as OneOf

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Quad, Store

from kg.exporters.order import Place, graph_order, is_contacts, place, positions
from kg.exporters.source import GraphSource, write_text
from kg.exporters.terms import (
    Name,
    Term,
    reading_order,
    relative,
    split,
    turtle_iri,
    turtle_term,
    written_datatype,
)
from kg.namespaces import BASE, PREFIXES, expand

Graph = NamedNode | BlankNode | DefaultGraph

_TYPE = expand("rdf:type")
_LABEL = expand("rdfs:label")
_PART_OF = expand("tkg:has")  # hasArm, hasSiteParticipation, …: what a record is made of comes last
_LINE = 80


def write_turtle(source: GraphSource, path: Path) -> None:
    """Write every statement once, without the graph that says it."""
    write_text(turtle(source.store), path)


def write_trig(source: GraphSource, path: Path) -> None:
    """Write every statement inside the graph that says it."""
    write_text(trig(source.store), path)


def turtle(store: Store) -> Iterator[str]:
    """The text of a Turtle file: the union of all graphs."""
    graphs = [g for g in _graphs(store) if not _private(g)]
    yield from _head(store, graphs=False)
    subjects: set[Name] = set()
    for graph in graphs:
        subjects |= _subjects(store, graph)
    yield from _paragraphs(store, subjects, graphs, positions(store), "", "sections")


def trig(store: Store) -> Iterator[str]:
    """The text of a TriG file: derived, identity, record versions, reference, others."""
    yield from _head(store, graphs=True)
    listed = positions(store)
    for graph in _graphs(store):
        if not (subjects := _subjects(store, graph)):
            continue
        if isinstance(graph, DefaultGraph):
            yield from _paragraphs(store, subjects, [graph], listed, "", "plain")
            continue
        named = turtle_term(graph)
        yield f"\n{named} {{\n"
        yield from _paragraphs(store, subjects, [graph], listed, "  ", "plain")
        yield "}\n"


def _graphs(store: Store) -> list[Graph]:
    named = {graph.value: graph for graph in store.named_graphs()}
    return [DefaultGraph(), *(named[iri] for iri in graph_order(named))]


def _private(graph: Graph) -> bool:
    return isinstance(graph, NamedNode) and graph.value.endswith("/contacts")


def _subjects(store: Store, graph: Graph) -> set[Name]:
    return {_name(quad) for quad in store.quads_for_pattern(None, None, None, graph)}


def _name(quad: Quad) -> Name:
    if isinstance(quad.subject, NamedNode | BlankNode):
        return quad.subject
    raise TypeError(f"a statement about a statement is never part of our graph: {quad}")


def _head(store: Store, *, graphs: bool) -> Iterator[str]:
    used: set[str] = set()
    based = False
    for quad in store.quads_for_pattern(None, None, None, None):
        if is_contacts(quad) and not graphs:
            continue
        for iri in _written_iris(quad, graphs=graphs):
            if name := split(iri):
                used.add(name[0])
            elif relative(iri):
                based = True
    if based:
        yield f"@base <{BASE}> .\n"
    yield from (f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(used))


def _written_iris(quad: Quad, *, graphs: bool) -> Iterator[str]:
    terms = (quad.subject, quad.object, quad.graph_name)
    for term in terms if graphs else terms[:2]:
        if isinstance(term, NamedNode):
            yield term.value
        elif isinstance(term, Literal) and (kind := written_datatype(term)):
            yield kind
    if quad.predicate.value != _TYPE:  # written "a"
        yield quad.predicate.value


def _paragraphs(
    store: Store,
    subjects: Iterable[Name],
    graphs: list[Graph],
    listed: dict[str, int],
    indent: str,
    style: OneOf["sections", "plain"],
) -> Iterator[str]:
    """One paragraph per subject, a comment where a new section begins."""
    alone = graphs[0] if len(graphs) == 1 else None
    heading = ""
    ordered = sorted(((place(s.value, listed.get(s.value, 0)), s) for s in subjects), key=_first)
    for number, (where, subject) in enumerate(ordered):
        if style == "sections" and where.heading != heading:
            heading = where.heading
            yield f"\n# {heading}\n"
        if number or style == "sections":
            yield "\n"
        quads: Iterable[Quad] = store.quads_for_pattern(subject, None, None, alone)
        if alone is None:
            quads = (q for q in quads if not is_contacts(q))
        yield _paragraph(subject, quads, indent)


def _first(pair: tuple[Place, Name]) -> Place:
    return pair[0]


def _paragraph(subject: Name, quads: Iterable[Quad], indent: str) -> str:
    said: dict[str, set[Term]] = {}
    for quad in quads:
        said.setdefault(quad.predicate.value, set()).add(quad.object)
    inner = f" ;\n{indent}  "
    lines = inner.join(
        f"{_predicate(iri)}{_objects(said[iri], indent)}"
        for iri in sorted(said, key=_predicate_order)
    )
    return f"{indent}{turtle_term(subject)} {lines} .\n"


def _objects(terms: set[Term], indent: str) -> str:
    """The objects on one line, or each on its own where that would be long."""
    written = [turtle_term(term) for term in sorted(terms, key=reading_order)]
    if len(written) == 1 or sum(map(len, written)) <= _LINE:
        return " " + ", ".join(written)
    start = f"\n{indent}    "
    return start + f",{start}".join(written)


def _predicate(iri: str) -> str:
    return "a" if iri == _TYPE else turtle_iri(iri)


def _predicate_order(iri: str) -> tuple[int, str]:
    if iri in (_TYPE, _LABEL):
        return (0, "") if iri == _TYPE else (1, "")
    return (3 if iri.startswith(_PART_OF) else 2), turtle_iri(iri)

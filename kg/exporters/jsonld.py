"""JSON-LD that a person can read: prefixes in a context, one node object per subject and graph.

Written by hand because Oxigraph's writer gives the expanded form on one line.
Rules of expansion that the short names rely on: https://www.w3.org/TR/json-ld11-api/#iri-expansion
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Store

from kg.exporters.order import graph_order, place, positions
from kg.exporters.source import GraphSource, write_text
from kg.exporters.terms import XSD, Name, Term, nquads_term, reading_order, relative, split
from kg.namespaces import BASE, PREFIXES, expand

_TYPE = expand("rdf:type")
_LABEL = expand("rdfs:label")
_ON_ONE_LINE = frozenset({"@id", "@language", "@type", "@value"})
_EXACT = 1 << 53  # larger whole numbers lose digits in JavaScript


def write_jsonld(source: GraphSource, path: Path) -> None:
    """Write every statement inside the graph that says it, as JSON-LD 1.1."""
    write_text(jsonld(source.store), path)


def jsonld(store: Store) -> Iterator[str]:
    """The text of a JSON-LD file, one graph after the other."""
    prefixes = _prefixes(store)
    context = {"@base": BASE, **{name: PREFIXES[name] for name in sorted(prefixes)}}
    yield f'{{\n  "@context": {_indented(context, "  ")},\n  "@graph": ['
    separator = "\n"
    listed = positions(store)
    named = {graph.value: graph for graph in store.named_graphs()}
    for graph in (DefaultGraph(), *(named[iri] for iri in graph_order(named))):
        nodes = _nodes(store, graph, prefixes, listed)
        if not nodes:
            continue
        if isinstance(graph, DefaultGraph):
            written = nodes
        else:
            written = [{"@id": _id(graph, prefixes), "@graph": nodes}]
        for node in written:
            yield f"{separator}    {_indented(node, '    ')}"
            separator = ",\n"
    yield "\n  ]\n}\n"


def _nodes(
    store: Store,
    graph: NamedNode | BlankNode | DefaultGraph,
    prefixes: frozenset[str],
    listed: dict[str, int],
) -> list[dict[str, Any]]:
    said: dict[Name, dict[str, set[Term]]] = {}
    for quad in store.quads_for_pattern(None, None, None, graph):
        subject = quad.subject
        if not isinstance(subject, NamedNode | BlankNode):
            raise TypeError(f"a statement about a statement is never part of our graph: {quad}")
        said.setdefault(subject, {}).setdefault(quad.predicate.value, set()).add(quad.object)
    ordered = sorted(said, key=lambda s: place(s.value, listed.get(s.value, 0)))
    return [_node(subject, said[subject], prefixes) for subject in ordered]


def _node(subject: Name, said: dict[str, set[Term]], prefixes: frozenset[str]) -> dict[str, Any]:
    node: dict[str, Any] = {"@id": _id(subject, prefixes)}
    for iri in sorted(said, key=lambda i: (i != _TYPE, i != _LABEL, _short(i, prefixes))):
        terms = sorted(said[iri], key=reading_order)
        # a type that is not a name (never ours) is no @type for JSON-LD
        if iri == _TYPE and all(isinstance(term, NamedNode | BlankNode) for term in terms):
            values: list[Any] = [_type(term, prefixes) for term in terms]
            node["@type"] = values[0] if len(values) == 1 else values
        else:
            values = [_value(term, prefixes) for term in terms]
            node[_short(iri, prefixes)] = values[0] if len(values) == 1 else values
    return node


def _value(term: Term, prefixes: frozenset[str]) -> Any:
    if isinstance(term, NamedNode | BlankNode):
        return {"@id": _id(term, prefixes)}
    if not isinstance(term, Literal):
        raise TypeError(f"a statement about a statement is never part of our graph: {term}")
    kind = term.datatype.value
    if term.language:
        return {"@language": term.language, "@value": term.value}
    if kind == XSD + "string":
        return term.value
    if kind == XSD + "boolean" and term.value in ("true", "false"):
        return term.value == "true"
    if kind == XSD + "integer" and term.value.lstrip("-").isdigit() and term.value.isascii():
        number = int(term.value)
        if str(number) == term.value and abs(number) < _EXACT:
            return number
    return {"@type": _short(kind, prefixes), "@value": term.value}


def _id(term: Name, prefixes: frozenset[str]) -> str:
    if isinstance(term, BlankNode):
        return nquads_term(term)
    name = split(term.value)
    if name and name[0] in prefixes:
        return ":".join(name)
    return relative(term.value) or term.value


def _type(term: Term, prefixes: frozenset[str]) -> str:
    """A class: resolved against the vocabulary, so never written relative to the base."""
    return _short(term.value, prefixes) if isinstance(term, NamedNode) else nquads_term(term)


def _short(iri: str, prefixes: frozenset[str]) -> str:
    name = split(iri)
    return ":".join(name) if name and name[0] in prefixes else iri


def _prefixes(store: Store) -> frozenset[str]:
    """The prefixes in use, without those that some full IRI has as its scheme (``geo:1,2``)."""
    used: set[str] = set()
    schemes: set[str] = set()
    for quad in store.quads_for_pattern(None, None, None, None):
        for term in (quad.subject, quad.predicate, quad.object, quad.graph_name):
            if isinstance(term, Literal):
                iri = term.datatype.value
            elif isinstance(term, NamedNode):
                iri = term.value
            else:
                continue
            if name := split(iri):
                used.add(name[0])
            else:
                schemes.add(iri.partition(":")[0])
    return frozenset(used - schemes)


def _indented(value: Any, indent: str) -> str:
    """JSON with values and references on one line: texts stand under each other."""
    inner = indent + "  "
    if isinstance(value, list):
        items = (_indented(item, inner) for item in value)
        return "[\n" + ",\n".join(f"{inner}{item}" for item in items) + f"\n{indent}]"
    if isinstance(value, dict) and not _ON_ONE_LINE.issuperset(value):
        items = (f"{json.dumps(k)}: {_indented(v, inner)}" for k, v in value.items())
        return "{\n" + ",\n".join(f"{inner}{item}" for item in items) + f"\n{indent}}}"
    return json.dumps(value, ensure_ascii=False)

"""JSON-LD that a person can read: prefixes in a context, one node object per subject and graph.

Written by hand because Oxigraph's writer gives the expanded form on one line.
Rules of expansion that the short names rely on: https://www.w3.org/TR/json-ld11-api/#iri-expansion
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from json.encoder import encode_basestring
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from kg.exporters.bodies import Body
from kg.exporters.source import GraphSource, write_body
from kg.exporters.statements import Statements
from kg.exporters.subjects import Subject
from kg.exporters.terms import STRING, XSD, is_literal, reading_order, relative, split, value
from kg.namespaces import BASE, PREFIXES, expand

_TYPE = f"<{expand('rdf:type')}>"
_LABEL = f"<{expand('rdfs:label')}>"
_EXACT = 1 << 53  # larger whole numbers lose digits in JavaScript
_REMEMBERED = 50_000  # names kept with their short form


def write_jsonld(source: GraphSource, path: Path) -> None:
    """Write every statement inside the graph that says it, as JSON-LD 1.1."""
    write_body(jsonld, source, path)


def jsonld(statements: Statements, body: Body) -> Iterator[bytes]:
    """A JSON-LD file, in pieces, one graph after the other."""
    _add(statements, body, frozenset())
    taken = frozenset(name for name in body.declared if f"{name}:" in body.declared)
    if taken:
        # Rare: some full IRI (``geo:1,2``) has a prefix as its scheme, so it means no prefix.
        body.begin_again()
        _add(statements, body, taken)
    return body.behind(_head(body.declared - taken), "\n  ]\n}\n")


def _head(declared: Collection[str]) -> str:
    context = {"@base": BASE}
    context |= {name: PREFIXES[name] for name in sorted(declared) if name[-1] != ":"}
    written = json.dumps(context, ensure_ascii=False, indent=2).replace("\n", "\n  ")
    return f'{{\n  "@context": {written},\n  "@graph": ['


def _add(statements: Statements, body: Body, taken: frozenset[str]) -> None:
    """Add the items of ``@graph``: nodes of the default graph, then one item per named graph.

    ``taken`` are prefixes that may not be used.
    """
    writer = _Writer(body, taken)
    between = "\n"
    for graph in statements.graphs():
        if isinstance(graph, DefaultGraph):
            for subject in statements.subjects(graph):
                body.add(f"{between}    {writer.node(subject, '    ')}")
                between = ",\n"
        elif (text := statements.text_of(graph)) is not None:
            body.add(between)
            found = statements.subjects(graph)
            body.block(text.digest, text.stamp, writer.item(graph, found))
            between = ",\n"
        else:
            for part in writer.item(graph, statements.subjects(graph)):
                body.add(between + part)
                between = ""
            between = between or ",\n"


def _exact(number: str) -> bool:
    """True for a whole number that every reader of JSON gives back as it is written."""
    return (
        number.lstrip("-").isdigit()
        and number.isascii()
        and str(int(number)) == number
        and abs(int(number)) < _EXACT
    )


class _Writer:
    """Writes nodes and says which prefixes and schemes their terms have, a scheme with its colon.

    ``taken`` are prefixes that may not be used.
    """

    def __init__(self, body: Body, taken: frozenset[str]) -> None:
        self._body = body
        self._taken = taken
        self._keys: dict[str, tuple[bool, bool, str, str]] = {}
        self._ids: dict[str, tuple[str, str | None]] = {}

    def item(self, graph: NamedNode | BlankNode, found: Iterable[Subject]) -> Iterator[str]:
        """A named graph with its nodes, in pieces; nothing for one that is empty."""
        inner = ""
        for subject in found:
            if not inner:
                blank = isinstance(graph, BlankNode)
                name = self._id(f"_:{graph.value}" if blank else f"<{graph.value}>")
                yield f'    {{\n      "@id": {name},\n      "@graph": ['
            yield f"{inner}\n        {self.node(subject, '        ')}"
            inner = ","
        if inner:
            yield "\n      ]\n    }"

    def node(self, subject: Subject, indent: str) -> str:
        """A subject with what is said of it."""
        inner = indent + "  "
        said = subject.said
        lines = [f'{inner}"@id": {self._id(subject.term)}']
        for term in sorted(said, key=self._key):
            objects = sorted(said[term], key=reading_order) if len(said[term]) > 1 else said[term]
            # a type that is not a name (never ours) is no @type for JSON-LD
            if term == _TYPE and not any(map(is_literal, objects)):
                key, values = '"@type"', [self._type(one) for one in objects]
            else:
                key = encode_basestring(self._key(term)[2])
                values = [self._value(one) for one in objects]
            if len(values) == 1:
                lines.append(f"{inner}{key}: {values[0]}")
            else:
                listed = f",\n{inner}  ".join(values)
                lines.append(f"{inner}{key}: [\n{inner}  {listed}\n{inner}]")
        if len(lines) == 1:
            return f'{{"@id": {self._id(subject.term)}}}'
        return "{\n" + ",\n".join(lines) + f"\n{indent}}}"

    def _value(self, term: str) -> str:
        if not is_literal(term):
            return f'{{"@id": {self._id(term)}}}'
        said = value(term)
        kind = self._short(said.kind)
        # JSON escapes what N-Quads escapes, and else nothing
        text = f'"{said.escaped}"' if "\\" not in said.escaped else encode_basestring(said.text)
        if said.language:
            return f'{{"@language": "{said.language}", "@value": {text}}}'
        if said.kind == STRING:
            return text
        if said.kind == XSD + "boolean" and said.escaped in ("true", "false"):
            return said.escaped
        if said.kind == XSD + "integer" and _exact(said.escaped):
            return said.escaped
        return f'{{"@type": {encode_basestring(kind)}, "@value": {text}}}'

    def _id(self, term: str) -> str:
        known = self._ids.get(term)
        if known is None:
            short, used = self._shortened(term[1:-1]) if term[0] == "<" else (term, None)
            if short == term[1:-1]:
                short = relative(short) or short
            if len(self._ids) >= _REMEMBERED:
                self._ids.clear()
            known = self._ids[term] = encode_basestring(short), used
        made, used = known
        if used is not None:
            self._body.declared.add(used)
        return made

    def _type(self, term: str) -> str:
        """A class: resolved against the vocabulary, so never written relative to the base."""
        return encode_basestring(self._short(term[1:-1]) if term[0] == "<" else term)

    def _key(self, term: str) -> tuple[bool, bool, str]:
        """Sorts predicates, type and label first; its end is the short form."""
        found = self._keys.get(term)
        if found is None:
            found = term != _TYPE, term != _LABEL, *self._shortened(term[1:-1])
            if len(self._keys) < _REMEMBERED:
                self._keys[term] = found
        self._body.declared.add(found[3])
        return found[:3]

    def _short(self, iri: str) -> str:
        short, used = self._shortened(iri)
        self._body.declared.add(used)
        return short

    def _shortened(self, iri: str) -> tuple[str, str]:
        """An IRI as it is written, and its prefix, or else its scheme with the colon."""
        name = split(iri)
        if name is None:
            return iri, iri.partition(":")[0] + ":"
        return iri if name[0] in self._taken else ":".join(name), name[0]

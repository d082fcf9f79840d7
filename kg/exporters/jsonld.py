"""JSON-LD that a person can read: prefixes in a context, one node object per subject and graph.

Written by hand because Oxigraph's writer gives the expanded form on one line.
Rules of expansion that the short names rely on: https://www.w3.org/TR/json-ld11-api/#iri-expansion
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from json.encoder import encode_basestring
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Store

from kg.exporters.order import graphs
from kg.exporters.source import GraphSource, write_text
from kg.exporters.subjects import Subject, subjects
from kg.exporters.terms import STRING, XSD, is_literal, reading_order, relative, split, value
from kg.namespaces import BASE, PREFIXES, expand

_TYPE = f"<{expand('rdf:type')}>"
_LABEL = f"<{expand('rdfs:label')}>"
_EXACT = 1 << 53  # larger whole numbers lose digits in JavaScript
_IN_MEMORY = 1 << 24  # characters of the body that wait for the context in memory
_REMEMBERED = 50_000  # names kept with their short form


def write_jsonld(source: GraphSource, path: Path) -> None:
    """Write every statement inside the graph that says it, as JSON-LD 1.1."""
    write_text(jsonld(source.store), path)


def jsonld(store: Store) -> Iterator[str]:
    """The text of a JSON-LD file, one graph after the other."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as file:
        writer = _Writer(frozenset())
        file.writelines(writer.body(store))
        if taken := writer.used & writer.schemes:
            # rare: some full IRI (``geo:1,2``) has a prefix as its scheme, so it means no prefix
            writer = _Writer(frozenset(taken))
            file.seek(0)
            file.truncate()
            file.writelines(writer.body(store))
        context = {"@base": BASE}
        context |= {name: PREFIXES[name] for name in sorted(writer.used - taken)}
        written = json.dumps(context, ensure_ascii=False, indent=2).replace("\n", "\n  ")
        yield f'{{\n  "@context": {written},\n  "@graph": ['
        file.seek(0)
        while part := file.read(1 << 16):
            yield part
        yield "\n  ]\n}\n"


def _exact(number: str) -> bool:
    """True for a whole number that every reader of JSON gives back as it is written."""
    return (
        number.lstrip("-").isdigit()
        and number.isascii()
        and str(int(number)) == number
        and abs(int(number)) < _EXACT
    )


class _Writer:
    """Writes nodes and remembers which prefixes and schemes their terms have.

    ``taken`` are prefixes that may not be used.
    """

    def __init__(self, taken: frozenset[str]) -> None:
        self.used: set[str] = set()
        self.schemes: set[str] = set()
        self._taken = taken
        self._keys: dict[str, tuple[bool, bool, str]] = {}
        self._ids: dict[str, str] = {}

    def body(self, store: Store) -> Iterator[str]:
        """The items of ``@graph``: nodes of the default graph, then one item per named graph."""
        separator = "\n"
        for graph in graphs(store):
            found = subjects(store, [graph])
            if isinstance(graph, DefaultGraph):
                for subject in found:
                    yield f"{separator}    {self._node(subject, '    ')}"
                    separator = ",\n"
                continue
            inner = ""
            for subject in found:
                if not inner:
                    blank = isinstance(graph, BlankNode)
                    name = self._id(f"_:{graph.value}" if blank else f"<{graph.value}>")
                    yield f'{separator}    {{\n      "@id": {name},\n      "@graph": ['
                    separator = ",\n"
                yield f"{inner}\n        {self._node(subject, '        ')}"
                inner = ","
            if inner:
                yield "\n      ]\n    }"

    def _node(self, subject: Subject, indent: str) -> str:
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
        if (known := self._ids.get(term)) is not None:
            return known
        short = term
        if term[0] == "<":
            short = self._short(term[1:-1])
            if short == term[1:-1]:
                short = relative(short) or short
        if len(self._ids) >= _REMEMBERED:
            self._ids.clear()
        made = self._ids[term] = encode_basestring(short)
        return made

    def _type(self, term: str) -> str:
        """A class: resolved against the vocabulary, so never written relative to the base."""
        return encode_basestring(self._short(term[1:-1]) if term[0] == "<" else term)

    def _key(self, term: str) -> tuple[bool, bool, str]:
        """Sorts predicates, type and label first; its end is the short form."""
        found = self._keys.get(term)
        if found is None:
            found = term != _TYPE, term != _LABEL, self._short(term[1:-1])
            if len(self._keys) < _REMEMBERED:
                self._keys[term] = found
        return found

    def _short(self, iri: str) -> str:
        name = split(iri)
        if name is None:
            self.schemes.add(iri.partition(":")[0])
            return iri
        self.used.add(name[0])
        return iri if name[0] in self._taken else ":".join(name)

"""Turtle and TriG for people who read them: short names, one subject per paragraph, sections."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal as OneOf

from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Store

from kg.exporters.order import graphs, is_contacts
from kg.exporters.source import GraphSource, write_text
from kg.exporters.subjects import Subject, subjects
from kg.exporters.terms import (
    is_literal,
    reading_order,
    relative,
    split,
    turtle_iri,
    turtle_term,
    value,
    written_datatype,
)
from kg.namespaces import BASE, PREFIXES, expand

_TYPE = f"<{expand('rdf:type')}>"
_LABEL = f"<{expand('rdfs:label')}>"
_PART_OF = f"<{expand('tkg:has')}"  # hasArm, hasSiteParticipation, …: a record's parts come last
_LINE = 80
_IN_MEMORY = 1 << 24  # characters of the body that wait for the head in memory
_REMEMBERED = 50_000  # names kept with their short form


def write_turtle(source: GraphSource, path: Path) -> None:
    """Write every statement once, without the graph that says it."""
    write_text(turtle(source.store), path)


def write_trig(source: GraphSource, path: Path) -> None:
    """Write every statement inside the graph that says it."""
    write_text(trig(source.store), path)


def turtle(store: Store) -> Iterator[str]:
    """The text of a Turtle file: the union of all graphs."""
    writer = _Writer()
    public = [graph for graph in graphs(store) if not is_contacts(graph)]
    yield from writer.headed(writer.paragraphs(subjects(store, public), "", "sections"))


def trig(store: Store) -> Iterator[str]:
    """The text of a TriG file: derived, identity, record versions, reference, others."""
    writer = _Writer()
    yield from writer.headed(_graphs(store, writer))


def _graphs(store: Store, writer: _Writer) -> Iterator[str]:
    for graph in graphs(store):
        found = subjects(store, [graph])
        if isinstance(graph, DefaultGraph):
            yield from writer.paragraphs(found, "", "plain")
            continue
        opened = False
        for paragraph in writer.paragraphs(found, "  ", "plain"):
            if not opened:
                yield f"\n{writer.term(_named(graph))} {{\n"
                opened = True
            yield paragraph
        if opened:
            yield "}\n"


def _named(graph: NamedNode | BlankNode) -> str:
    return f"_:{graph.value}" if isinstance(graph, BlankNode) else f"<{graph.value}>"


class _Writer:
    """Writes terms and remembers what the head of the file has to declare for them."""

    def __init__(self) -> None:
        self._written: dict[str, str] = {}
        self._used: set[str] = set()
        self._based = False

    def headed(self, body: Iterator[str]) -> Iterator[str]:
        """The body behind its head, which is known when the body is written."""
        with tempfile.SpooledTemporaryFile(_IN_MEMORY, "w+", encoding="utf-8", newline="") as file:
            file.writelines(body)
            if self._based:
                yield f"@base <{BASE}> .\n"
            yield from (f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(self._used))
            file.seek(0)
            while part := file.read(1 << 16):
                yield part

    def paragraphs(
        self, found: Iterator[Subject], indent: str, style: OneOf["sections", "plain"]
    ) -> Iterator[str]:
        """One paragraph per subject, a comment where a new section begins."""
        heading = ""
        for number, subject in enumerate(found):
            if style == "sections" and subject.where.heading != heading:
                heading = subject.where.heading
                yield f"\n# {heading}\n"
            if number or style == "sections":
                yield "\n"
            yield self._paragraph(subject, indent)

    def term(self, term: str) -> str:
        """A term in Turtle."""
        if term[0] == '"' and term[-1] != ">" and "\\n" not in term:
            return term  # nearly all texts are the same in N-Quads and in Turtle
        if (known := self._written.get(term)) is not None:
            return known
        if term[0] == "<":
            self._declare(term[1:-1])
        elif is_literal(term) and (kind := written_datatype(value(term))):
            self._declare(kind)
        if len(self._written) >= _REMEMBERED:
            self._written.clear()
        made = self._written[term] = turtle_term(term)
        return made

    def _declare(self, iri: str) -> None:
        if name := split(iri):
            self._used.add(name[0])
        elif relative(iri):
            self._based = True

    def _paragraph(self, subject: Subject, indent: str) -> str:
        said = subject.said
        lines = f" ;\n{indent}  ".join(
            [
                f"{'a' if predicate == _TYPE else self.term(predicate)}"
                f"{self._objects(said[predicate], indent)}"
                for predicate in sorted(said, key=_predicate_order)
            ]
        )
        return f"{indent}{self.term(subject.term)} {lines} .\n"

    def _objects(self, terms: set[str], indent: str) -> str:
        """The objects on one line, or each on its own where that would be long."""
        if len(terms) == 1:
            (only,) = terms
            return " " + self.term(only)
        written = [self.term(term) for term in sorted(terms, key=reading_order)]
        if sum(map(len, written)) <= _LINE:
            return " " + ", ".join(written)
        start = f"\n{indent}    "
        return start + f",{start}".join(written)


_ORDER: dict[str, tuple[int, str]] = {_TYPE: (0, ""), _LABEL: (1, "")}


def _predicate_order(term: str) -> tuple[int, str]:
    found = _ORDER.get(term)
    if found is None:
        found = (3 if term.startswith(_PART_OF) else 2), turtle_iri(term[1:-1])
        if len(_ORDER) < _REMEMBERED:
            _ORDER[term] = found
    return found

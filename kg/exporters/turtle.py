"""Turtle and TriG for people who read them: short names, one subject per paragraph, sections."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, NamedNode

from kg.exporters.bodies import Body
from kg.exporters.source import GraphSource, write_body
from kg.exporters.statements import Group, Statements
from kg.exporters.subjects import Subject
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
from kg.runs import Graph

_TYPE = f"<{expand('rdf:type')}>"
_LABEL = f"<{expand('rdfs:label')}>"
_PART_OF = f"<{expand('tkg:has')}"  # hasArm, hasSiteParticipation, …: a record's parts come last
_BASE = "@base"
_LINE = 80
_REMEMBERED = 50_000  # names kept with their short form


def write_turtle(source: GraphSource, path: Path) -> None:
    """Write every statement once, without the graph that says it."""
    write_body(turtle, source, path)


def write_trig(source: GraphSource, path: Path) -> None:
    """Write every statement inside the graph that says it."""
    write_body(trig, source, path)


def turtle(statements: Statements, body: Body) -> Iterator[bytes]:
    """A Turtle file, in pieces: the union of all graphs."""
    writer = _Writer(body)
    for group in statements.groups():
        if group.digest is None:
            for paragraph in writer.sections(group):
                body.add(paragraph)
        else:
            writer.heading = ""  # every record has its own
            body.block(group.digest, group.stamp, writer.sections(group))
    return body.behind(_head(body.declared))


def trig(statements: Statements, body: Body) -> Iterator[bytes]:
    """A TriG file, in pieces: derived, identity, record versions, reference, others."""
    writer = _Writer(body)
    for graph in statements.graphs():
        parts = _graph(writer, statements, graph)
        if (text := statements.text_of(graph)) is not None:
            body.block(text.digest, text.stamp, parts)
        else:
            for part in parts:
                body.add(part)
    return body.behind(_head(body.declared))


def _graph(writer: _Writer, statements: Statements, graph: Graph) -> Iterator[str]:
    found = statements.subjects(graph)
    if isinstance(graph, DefaultGraph):
        yield from writer.paragraphs(found, "")
        return
    opened = False
    for paragraph in writer.paragraphs(found, "  "):
        if not opened:
            yield f"\n{writer.term(_named(graph))} {{\n"
            opened = True
        yield paragraph
    if opened:
        yield "}\n"


def _head(declared: set[str]) -> str:
    based = [f"@base <{BASE}> .\n"] if _BASE in declared else []
    named = (f"@prefix {name}: <{PREFIXES[name]}> .\n" for name in sorted(declared - {_BASE}))
    return "".join((*based, *named))


def _named(graph: NamedNode | BlankNode) -> str:
    return f"_:{graph.value}" if isinstance(graph, BlankNode) else f"<{graph.value}>"


class _Writer:
    """Writes terms and says what the head of the file has to declare: prefixes, and ``_BASE``."""

    def __init__(self, body: Body) -> None:
        self.heading = ""  # of the section that is being written
        self._body = body
        self._written: dict[str, tuple[str, str | None]] = {}

    def sections(self, group: Group) -> Iterator[str]:
        """One paragraph per subject, a comment where a new section begins."""
        for subject in group.subjects():
            if subject.where.heading != self.heading:
                self.heading = subject.where.heading
                yield f"\n# {self.heading}\n"
            yield "\n"
            yield self._paragraph(subject, "")

    def paragraphs(self, found: Iterable[Subject], indent: str) -> Iterator[str]:
        """One paragraph per subject."""
        for number, subject in enumerate(found):
            if number:
                yield "\n"
            yield self._paragraph(subject, indent)

    def term(self, term: str) -> str:
        """A term in Turtle."""
        if term[0] == '"' and term[-1] != ">" and "\\n" not in term:
            return term  # nearly all texts are the same in N-Quads and in Turtle
        known = self._written.get(term)
        if known is None:
            if len(self._written) >= _REMEMBERED:
                self._written.clear()
            known = self._written[term] = turtle_term(term), _declared(term)
        made, declared = known
        if declared is not None:
            self._body.declared.add(declared)
        return made

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


def _declared(term: str) -> str | None:
    """What the head declares for a term."""
    iri = term[1:-1] if term[0] == "<" else None
    if is_literal(term):
        iri = written_datatype(value(term))
    if iri is None:
        return None
    if name := split(iri):
        return name[0]
    return _BASE if relative(iri) else None


_ORDER: dict[str, tuple[int, str]] = {_TYPE: (0, ""), _LABEL: (1, "")}


def _predicate_order(term: str) -> tuple[int, str]:
    found = _ORDER.get(term)
    if found is None:
        found = (3 if term.startswith(_PART_OF) else 2), turtle_iri(term[1:-1])
        if len(_ORDER) < _REMEMBERED:
            _ORDER[term] = found
    return found

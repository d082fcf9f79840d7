"""Statements that Oxigraph holds or reads, as rdflib and pySHACL want them."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from rdflib import BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node

from kg.check.facts import STRING


def turtle(content: bytes, base: str) -> list[Quad]:
    """The statements of a Turtle text."""
    return list(parse(input=content, format=RdfFormat.TURTLE, base_iri=base))


def fill(graph: Graph, statements: Iterable[Quad | Triple]) -> None:
    """Add statements to a graph; strings carry no datatype there."""
    graph.addN(
        (as_node(s.subject), iri(s.predicate.value), as_node(s.object), graph) for s in statements
    )


@cache
def iri(value: str) -> URIRef:
    """An IRI of a vocabulary, checked once."""
    return URIRef(value)


def as_node(term: NamedNode | BlankNode | Literal | Triple) -> Node:
    """A term as rdflib writes it."""
    if isinstance(term, NamedNode):
        return URIRef(term.value)
    if isinstance(term, BlankNode):
        return BNode(term.value)
    if isinstance(term, Triple):
        raise ValueError("statements about statements are not part of the graph")
    if term.language:
        return RdfLiteral(term.value, lang=term.language)
    datatype = term.datatype.value
    # As written: rdflib would make "2020-01-01" of the date "2020-01-01Z", which a pattern refuses.
    return RdfLiteral(
        term.value, datatype=None if datatype == STRING else iri(datatype), normalize=False
    )

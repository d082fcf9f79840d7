"""Why each rule is there (``shapes/reasons.ttl``): what it fires on, why it matters, its source."""

from __future__ import annotations

from typing import NamedTuple

from rdflib import DCTERMS, RDFS, SKOS, Graph, URIRef
from rdflib import Literal as RdfLiteral

from kg.check.rulebook import Rulebook
from kg.check.terms import Text


class Reason(NamedTuple):
    """What stands behind a rule; a rule of the user's own may say nothing of it."""

    fires: Text | None
    why: Text | None
    source: str | None


def reason(book: Rulebook, rule: str) -> Reason:
    """What the first shape of a rule that tells it says. Raises KeyError for an unknown rule."""
    nodes = [URIRef(shape.iri) for shape in book.shapes[rule]]
    source = next((s for node in nodes for s in book.graph.objects(node, DCTERMS.source)), None)
    return Reason(
        fires=_text(book.graph, nodes, SKOS.definition),
        why=_text(book.graph, nodes, RDFS.comment),
        source=None if source is None else str(source),
    )


def _text(graph: Graph, nodes: list[URIRef], prop: URIRef) -> Text | None:
    for node in nodes:
        found = {
            o.language or "": str(o) for o in graph.objects(node, prop) if isinstance(o, RdfLiteral)
        }
        if found:
            other = found.get("en") or found[min(found)]
            return Text(found.get("en", other), found.get("zh", other))
    return None

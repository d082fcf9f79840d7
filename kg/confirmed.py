"""``owl:sameAs`` for pairs that a person confirmed: on request, for it joins all it meets."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import NamedNode, Quad, Store

from kg.namespaces import IDENTITY, code, expand
from kg.resolve.links import BY_A_PERSON


def confirmed(store: Store) -> Iterator[Quad]:
    """The statements, in the identity graph, for the links that are a person's word."""
    graph = NamedNode(IDENTITY)
    same = NamedNode(code("link-decision", "same"))
    for quad in store.quads_for_pattern(None, NamedNode(expand("tkg:linkDecision")), same, graph):
        link = quad.subject
        rule, left, right = (
            next(store.quads_for_pattern(link, NamedNode(expand(p)), None, graph)).object
            for p in ("tkg:rule", "tkg:left", "tkg:right")
        )
        if getattr(rule, "value", "") in BY_A_PERSON and isinstance(left, NamedNode):
            yield Quad(left, NamedNode(expand("owl:sameAs")), right, graph)

"""``owl:sameAs`` for pairs that a person confirmed: on request, for it joins all it meets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, RdfFormat, Store, Triple

from kg.namespaces import IDENTITY, code, expand
from kg.resolve.links import BY_A_PERSON


@contextmanager
def with_confirmed(store: Store) -> Iterator[Mapping[str, Path]]:
    """The identity graph with these statements as a file of N-Triples, by the name of the graph.

    It is there until the end of the block.
    """
    with TemporaryDirectory(prefix="trialkg-") as folder:
        file = Path(folder) / "identity.nt"
        with file.open("wb") as out:
            store.dump(out, format=RdfFormat.N_TRIPLES, from_graph=NamedNode(IDENTITY))
            out.writelines(f"{triple} .\n".encode() for triple in confirmed(store))
        yield {IDENTITY: file}


def confirmed(store: Store) -> Iterator[Triple]:
    """The statements, for the links that are a person's word."""
    graph = NamedNode(IDENTITY)
    same = NamedNode(code("link-decision", "same"))
    for quad in store.quads_for_pattern(None, NamedNode(expand("tkg:linkDecision")), same, graph):
        link = quad.subject
        rule, left, right = (
            next(store.quads_for_pattern(link, NamedNode(expand(p)), None, graph)).object
            for p in ("tkg:rule", "tkg:left", "tkg:right")
        )
        if getattr(rule, "value", "") in BY_A_PERSON and isinstance(left, NamedNode):
            yield Triple(left, NamedNode(expand("owl:sameAs")), right)

"""The reference graph: registries, places, codes and terms of the ontology that the data uses.

Only what is used, so that ``graph.ttl`` stays about trials; the whole ontology travels with the
package.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import pyoxigraph

from kg.namespaces import BASE, CODE, ID, REFERENCE, TKG
from kg.resources import folder

_FILES = ("trial.ttl", "codes.ttl", "places.ttl", "registries.ttl")
OURS = (TKG, CODE, f"{ID}registry/", f"{ID}place/")
"""How the IRIs begin of which this graph says something."""
_GRAPH = pyoxigraph.NamedNode(REFERENCE)


@cache
def _known() -> dict[str, tuple[pyoxigraph.Triple, ...]]:
    """What the ontology's files say, by subject."""
    found: dict[str, list[pyoxigraph.Triple]] = {}
    for name in _FILES:
        path = folder("ontology") / name
        for quad in pyoxigraph.parse(
            path=str(path), format=pyoxigraph.RdfFormat.TURTLE, base_iri=BASE
        ):
            if isinstance(quad.subject, pyoxigraph.NamedNode):
                found.setdefault(quad.subject.value, []).append(quad.triple)
    return {subject: tuple(triples) for subject, triples in found.items()}


def lines(used: Iterable[str]) -> Iterator[str]:
    """The same as N-Quads text, worked out when it is asked for."""
    quads = reference(used)
    yield (pyoxigraph.serialize(quads, format=pyoxigraph.RdfFormat.N_QUADS) or b"").decode()


def reference(used: Iterable[str]) -> Iterator[pyoxigraph.Quad]:
    """What is known of every IRI of ours among ``used``, and of what that leads to."""
    known = _known()
    waiting = sorted(set(used), reverse=True)
    done: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in done or not name.startswith(OURS):
            continue
        done.add(name)
        for triple in known.get(name, ()):
            yield pyoxigraph.Quad(triple.subject, triple.predicate, triple.object, _GRAPH)
            if isinstance(triple.object, pyoxigraph.NamedNode) and not name.startswith(TKG):
                waiting.append(triple.object.value)

"""How two builds differ in who is who."""

from __future__ import annotations

from collections import defaultdict
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg.namespaces import IDENTITY, expand
from kg.outputs.graph import Graph


def refers(graph: Graph) -> dict[str, str]:
    """The entity of every mention and the trial of every record of a built graph."""
    found = graph.store.quads_for_pattern(
        None, NamedNode(expand("tkg:refersTo")), None, NamedNode(IDENTITY)
    )
    return {
        quad.subject.value: quad.object.value
        for quad in found
        if isinstance(quad.subject, NamedNode) and isinstance(quad.object, NamedNode)
    }


class Difference(NamedTuple):
    """How two builds differ in who is who. ``kept`` of ``both``: mentions whose id stayed."""

    merged: list[tuple[str, list[str]]]
    split: list[tuple[str, list[str]]]
    new: list[str]
    gone: list[str]
    kept: int
    both: int


def difference(before: dict[str, str], after: dict[str, str]) -> Difference:
    """What became of the groups of one build in another."""
    came_from: dict[str, set[str]] = defaultdict(set)
    went_to: dict[str, set[str]] = defaultdict(set)
    shared = before.keys() & after.keys()
    was, now = set(before.values()), set(after.values())  # a corrected spelling keeps its id
    for member in shared:
        came_from[after[member]].add(before[member])
        went_to[before[member]].add(after[member])
    return Difference(
        merged=sorted((name, sorted(of)) for name, of in came_from.items() if len(of) > 1),
        split=sorted((name, sorted(of)) for name, of in went_to.items() if len(of) > 1),
        new=sorted(now - came_from.keys() - was),
        gone=sorted(was - went_to.keys() - now),
        kept=sum(before[member] == after[member] for member in shared),
        both=len(shared),
    )

"""The part of a view that lies around some of its nodes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace

from kg.errors import ToolError
from kg.exporters.views import Selection, node_id


def around(chosen: Selection, centres: Iterable[str], steps: int) -> Selection:
    """The nodes that so many edges lead to from one of ``centres``, with all edges between them.

    The direction of edges does not matter. Raises ToolError for an IRI that is not shown.
    """
    near: dict[str, set[str]] = defaultdict(set)
    for edge in chosen.edges:
        near[edge.source].add(edge.target)
        near[edge.target].add(edge.source)
    last = set(centres)
    if strangers := sorted(last - chosen.nodes):
        raise ToolError(
            f"{node_id(strangers[0])}: not in this view; "
            "the view full shows all that no condition leaves out"
        )
    nodes = set(last)
    for _ in range(steps):
        last = set().union(*(near[node] for node in last)) - nodes
        nodes |= last
    edges = [e for e in chosen.edges if e.source in nodes and e.target in nodes]
    return replace(chosen, nodes=nodes, edges=edges)

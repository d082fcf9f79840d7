"""A view as a networkx graph whose attributes every writer of networkx accepts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kg.exporters.facts import Scalar
from kg.exporters.parts import View

if TYPE_CHECKING:
    import networkx as nx

# networkx's writers take these for something else: an attribute "id" renames its node
HIJACKED_ON_NODES = frozenset({"id", "pid", "start", "end", "parents", "viz"})
HIJACKED_ON_EDGES = frozenset({"id", "type", "kind", "start", "end", "viz"})


def multidigraph(view: View) -> nx.MultiDiGraph[str]:
    """Nodes and edges of a view, with the names and values that the files have.

    Attributes are text and numbers; an unknown value has none. The key of an edge is its id in
    the files ("e1"), so that ``nx.write_gexf`` and ``nx.write_graphml`` give ids that are unique;
    its kind is the attribute ``relation``. Ties of a projection have no direction: call
    ``to_undirected()``.
    """
    import networkx as nx  # slow to load, and no file format needs it

    graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
    for node in view.nodes:
        drawn: dict[str, Scalar] = {
            "label": node.label,
            **node.columns,
            "x": node.x,
            "y": node.y,
            "size": node.size,
            "color": "#{:02X}{:02X}{:02X}".format(*node.colour),
        }
        graph.add_node(node.id, **drawn)
    for number, edge in enumerate(view.edges, start=1):
        said: dict[str, Scalar] = {"label": edge.label, "weight": edge.weight, **edge.columns()}
        graph.add_edge(edge.source, edge.target, key=f"e{number}", **said)
    return graph

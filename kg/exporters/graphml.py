"""GraphML for Gephi, Cytoscape, igraph, yEd and Gephi Lite.

Keys of nodes and edges have ids of their own (``n_label``, ``e_label``) and the names that Gephi
maps: label, x, y, size, r, g, b, weight. Cytoscape reads the edge column ``interaction``. Gephi
takes the XML attribute ``label`` of an edge as its kind and so keeps edges side by side.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Literal, NamedTuple

from kg.exporters.facts import Scalar
from kg.exporters.parts import Column, Edge, Head, Node
from kg.exporters.relations import EDGE_COLOUR
from kg.exporters.source import GraphSource, write_text
from kg.exporters.text import escaped

Flavour = Literal["plain", "yed"]


class _Key(NamedTuple):
    name: str
    type: Literal["string", "int", "double"]


_TYPES: dict[str, Literal["string", "int", "double"]] = {
    "string": "string",
    "integer": "int",
    "double": "double",
}
_NODE_KEYS = (
    _Key("label", "string"),
    _Key("x", "double"),
    _Key("y", "double"),
    _Key("size", "double"),
    _Key("r", "int"),
    _Key("g", "int"),
    _Key("b", "int"),
)
_EDGE_KEYS = (_Key("label", "string"), _Key("weight", "double"), _Key("interaction", "string"))
_YED = 'xmlns:y="http://www.yworks.com/xml/graphml" '


def write_graphml(source: GraphSource, path: Path) -> None:
    """Write the view of ``source``; ``source.flavour`` adds the boxes and lines of yEd."""
    drawn = source.drawing
    write_text(graphml(drawn.head, drawn.nodes, drawn.edges, source.flavour), path)


def graphml(
    head: Head, nodes: Iterable[Node], edges: Iterable[Edge], flavour: Flavour = "plain"
) -> Iterator[str]:
    """The text of a GraphML file; ``nodes`` and ``edges`` are read once, one at a time."""
    yed = flavour == "yed"
    direction = "directed" if head.directed else "undirected"
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f"<!-- {escaped(head.description).replace('--', '-')} -->\n"
        f'<graphml {_YED if yed else ""}xmlns="http://graphml.graphdrawing.org/xmlns">\n'
    )
    yield from _keys("node", (*_NODE_KEYS, *_of(head.node_columns)))
    yield from _keys("edge", (*_EDGE_KEYS, *_of(head.edge_columns)))
    if yed:
        yield '  <key id="n_graphics" for="node" yfiles.type="nodegraphics"/>\n'
        yield '  <key id="e_graphics" for="edge" yfiles.type="edgegraphics"/>\n'
    yield f'  <graph id="G" edgedefault="{direction}">\n'
    for node in nodes:
        yield _node(node, yed=yed)
    for number, edge in enumerate(edges, start=1):
        yield _edge(number, edge, yed=yed, directed=head.directed)
    yield "  </graph>\n</graphml>\n"


def _of(columns: Iterable[Column]) -> Iterator[_Key]:
    return (_Key(c.name, _TYPES[c.type]) for c in columns)


def _keys(of: str, keys: Iterable[_Key]) -> Iterator[str]:
    for key in keys:
        yield (
            f'  <key id="{of[0]}_{key.name}" for="{of}" '
            f'attr.name="{key.name}" attr.type="{key.type}"/>\n'
        )


def _node(node: Node, *, yed: bool) -> str:
    red, green, blue = node.colour
    drawn: dict[str, Scalar] = {
        "label": node.label,
        "x": node.x,
        "y": node.y,
        "size": node.size,
        "r": red,
        "g": green,
        "b": blue,
    }
    graphics = ""
    if yed:
        wide = 2 * node.size
        graphics = (
            f'<data key="n_graphics"><y:ShapeNode><y:Geometry height="{wide}" width="{wide}" '
            f'x="{node.x}" y="{-node.y}"/><y:Fill color="#{red:02X}{green:02X}{blue:02X}"/>'
            f"<y:NodeLabel>{escaped(node.label)}</y:NodeLabel>"
            '<y:Shape type="ellipse"/></y:ShapeNode></data>'
        )
    values = _data("n", {**drawn, **node.columns})
    return f'    <node id="{escaped(node.id)}">{values}{graphics}</node>\n'


def _edge(number: int, edge: Edge, *, yed: bool, directed: bool) -> str:
    said: dict[str, Scalar] = {
        "label": edge.label,
        "weight": float(edge.weight),
        "interaction": edge.kind,
    }
    graphics = ""
    if yed:
        line = "#{:02X}{:02X}{:02X}".format(*EDGE_COLOUR)
        arrow = "standard" if directed else "none"
        graphics = (
            f'<data key="e_graphics"><y:PolyLineEdge><y:LineStyle color="{line}" type="line" '
            f'width="1.0"/><y:Arrows source="none" target="{arrow}"/></y:PolyLineEdge></data>'
        )
    return (
        f'    <edge id="e{number}" source="{escaped(edge.source)}" '
        f'target="{escaped(edge.target)}" label="{edge.kind}">'
        f"{_data('e', said | edge.columns())}{graphics}</edge>\n"
    )


def _data(of: str, columns: Mapping[str, Scalar]) -> str:
    return "".join(
        f'<data key="{of}_{name}">{escaped(str(value))}</data>' for name, value in columns.items()
    )

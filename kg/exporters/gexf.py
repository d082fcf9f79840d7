"""GEXF 1.3 as Gephi, Gephi Lite, networkx and Tulip all read it: written as it goes.

The order of elements is that of the schema (https://gexf.net/schema.html): attributes before
nodes, attvalues before viz. Types are string, integer and double only, since Gephi drops columns
of any other. An attribute's id is its title: tools differ in which of the two they take for the
name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from kg.exporters.facts import Scalar
from kg.exporters.parts import Column, Edge, Head, Node
from kg.exporters.relations import EDGE_COLOUR
from kg.exporters.source import GraphSource, write_text
from kg.exporters.text import escaped

ZERO_WIDTH_SPACE = "\u200b"
_COLOUR = '<viz:color r="{}" g="{}" b="{}"/>'
_EDGE_COLOUR = _COLOUR.format(*EDGE_COLOUR)


def write_gexf(source: GraphSource, path: Path) -> None:
    """Write the view of ``source`` for Gephi: placed, coloured, weighted."""
    drawn = source.drawing
    write_text(gexf(drawn.head, drawn.nodes, drawn.edges), path)


def gexf(head: Head, nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    """The text of a GEXF file; ``nodes`` and ``edges`` are read once, one at a time."""
    day = f' lastmodifieddate="{head.modified}"' if head.modified else ""
    direction = "directed" if head.directed else "undirected"
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">\n'
        f"  <meta{day}><creator>kg</creator>"
        f"<description>{escaped(head.description)}</description></meta>\n"
        f'  <graph mode="static" defaultedgetype="{direction}" idtype="string">\n'
    )
    yield from _attributes("node", head.node_columns)
    yield from _attributes("edge", head.edge_columns)
    yield "    <nodes>\n"
    yield from map(_node, nodes)
    yield "    </nodes>\n    <edges>\n"
    for number, edge in enumerate(edges, start=1):
        yield _edge(number, edge)
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _attributes(of: str, columns: Iterable[Column]) -> Iterator[str]:
    written = "".join(
        f'      <attribute id="{c.name}" title="{c.name}" type="{c.type}"/>\n' for c in columns
    )
    if written:
        yield f'    <attributes class="{of}" mode="static">\n{written}    </attributes>\n'


def _node(node: Node) -> str:
    return (
        f'      <node id="{escaped(node.id)}" label="{escaped(node.label)}">'
        f"{_values(node.columns)}{_COLOUR.format(*node.colour)}"
        f'<viz:position x="{node.x}" y="{node.y}" z="0"/><viz:size value="{node.size}"/></node>\n'
    )


def _edge(number: int, edge: Edge) -> str:
    return (
        f'      <edge id="e{number}" source="{escaped(edge.source)}" '
        f'target="{escaped(edge.target)}" kind="{edge.kind}" weight="{edge.weight}" '
        f'label="{edge.label}">{_values(edge.columns())}{_EDGE_COLOUR}</edge>\n'
    )


def _values(columns: Mapping[str, Scalar]) -> str:
    written = "".join(
        f'<attvalue for="{name}" value="{escaped(_unbroken(value))}"/>'
        for name, value in columns.items()
    )
    return f"<attvalues>{written}</attvalues>" if written else ""


def _unbroken(value: Scalar) -> str:
    """Gephi turns ``INF`` into ``Infinity`` inside any text: a zero-width space keeps INFLIXIMAB.

    Source: gephi commit a42cc5056, for gephi#2158.
    """
    return str(value).replace("INF", f"I{ZERO_WIDTH_SPACE}NF")

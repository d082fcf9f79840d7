"""GEXF 1.3 as Gephi, Gephi Lite, networkx and Tulip all read it: written as it goes.

The order of elements is that of the schema (https://gexf.net/schema.html): attributes before
nodes, attvalues before viz. Types are string, integer and double only, since Gephi drops columns
of any other. An attribute's id is its title: tools differ in which of the two they take for the
name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from kg.exporters.parts import Column, Edge, Head, Node
from kg.exporters.relations import COLOURS, EDGE_COLOUR, RELATIONS
from kg.exporters.source import GraphSource, write_text
from kg.exporters.text import escaped

ZERO_WIDTH_SPACE = "\u200b"
_COLOUR = '<viz:color r="{}" g="{}" b="{}"/>'
_EDGE_COLOUR = _COLOUR.format(*EDGE_COLOUR)
_COLOURS = {kind: _COLOUR.format(*colour) for kind, colour in COLOURS.items()}


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
    yield from _edges(edges)
    yield "    </edges>\n  </graph>\n</gexf>\n"


def _attributes(of: str, columns: Iterable[Column]) -> Iterator[str]:
    written = "".join(
        f'      <attribute id="{c.name}" title="{c.name}" type="{c.type}"/>\n' for c in columns
    )
    if written:
        yield f'    <attributes class="{of}" mode="static">\n{written}    </attributes>\n'


def _node(node: Node) -> str:
    written = "".join(
        [
            f'<attvalue for="{name}" value="{_text(value) if type(value) is str else value}"/>'
            for name, value in node.columns.items()
        ]
    )
    values = f"<attvalues>{written}</attvalues>" if written else ""
    return (
        f'      <node id="{escaped(node.id)}" label="{escaped(node.label)}">'
        f"{values}{_COLOURS[node.node_type]}"
        f'<viz:position x="{node.x}" y="{node.y}" z="0"/><viz:size value="{node.size}"/></node>\n'
    )


def _edges(edges: Iterable[Edge]) -> Iterator[str]:
    """One line per edge. What all edges of a kind say alike is put together once."""
    said = {
        kind: (
            f'kind="{kind}"',
            f'label="{relation.label}"><attvalues><attvalue for="relation" value="{_text(kind)}"/>'
            f'<attvalue for="relation_zh" value="{_text(relation.label_zh)}"/>',
        )
        for kind, relation in RELATIONS.items()
    }
    last = written = ""
    for number, (source, target, kind, weight, evidence, newman) in enumerate(edges, start=1):
        if source != last:  # sorted: the edges of one source follow each other
            last, written = source, escaped(source)
        known, values = said[kind]
        if evidence is not None:
            values += f'<attvalue for="evidence" value="{evidence}"/>'
        if newman is not None:
            values += f'<attvalue for="newman_weight" value="{newman}"/>'
        yield (
            f'      <edge id="e{number}" source="{written}" target="{escaped(target)}" {known} '
            f'weight="{weight}" {values}</attvalues>{_EDGE_COLOUR}</edge>\n'
        )


def _text(value: str) -> str:
    """Gephi turns ``INF`` into ``Infinity`` inside any text: a zero-width space keeps INFLIXIMAB.

    Source: gephi commit a42cc5056, for gephi#2158.
    """
    return escaped(value.replace("INF", f"I{ZERO_WIDTH_SPACE}NF") if "INF" in value else value)

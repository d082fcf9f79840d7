"""The JSON of graphology: what Gephi Lite and sigma load without any conversion."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from kg.exporters.parts import Edge, Head, Node
from kg.exporters.relations import EDGE_COLOUR
from kg.exporters.source import GraphSource, write_text

_HEX = "#{:02X}{:02X}{:02X}"


def write_graphology(source: GraphSource, path: Path) -> None:
    """Write the view of ``source`` with places and colours under the names that sigma draws."""
    drawn = source.drawing
    write_text(graphology(drawn.head, drawn.nodes, drawn.edges), path)


def graphology(head: Head, nodes: Iterable[Node], edges: Iterable[Edge]) -> Iterator[str]:
    """The text of a JSON file, one line per node and edge."""
    options = {
        "type": "directed" if head.directed else "undirected",
        "multi": True,
        "allowSelfLoops": True,
    }
    about = {"description": head.description}
    if head.modified:
        about["modified"] = head.modified
    yield f'{{"options":{_json(options)},\n"attributes":{_json(about)},\n"nodes":['
    yield from _listed({"key": n.id, "attributes": _node(n)} for n in nodes)
    yield '],\n"edges":['
    yield from _listed(
        {
            "key": f"e{number}",
            "source": e.source,
            "target": e.target,
            "undirected": not head.directed,
            "attributes": {
                "label": e.label,
                "weight": e.weight,
                **e.columns(),
                "color": _HEX.format(*EDGE_COLOUR),
            },
        }
        for number, e in enumerate(edges, start=1)
    )
    yield "]}\n"


def _node(node: Node) -> dict[str, Any]:
    return {
        "label": node.label,
        **node.columns,
        "x": node.x,
        "y": node.y,
        "size": node.size,
        "color": _HEX.format(*node.colour),
    }


def _listed(items: Iterable[dict[str, Any]]) -> Iterator[str]:
    separator = "\n"
    for item in items:
        yield separator + _json(item)
        separator = ",\n"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))

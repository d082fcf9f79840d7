"""Checks of a GEXF file against what Gephi, Gephi Lite, Tulip and networkx do with it."""

from __future__ import annotations

from pathlib import Path

from kg.exporters.lint_tally import Ends, Tally, fits, is_number, stands_for_nothing
from kg.exporters.lint_xml import read

_NAMESPACES = frozenset(
    {
        "http://gexf.net/1.3",
        "http://gexf.net/1.2",
        "http://www.gexf.net/1.3draft",
        "http://www.gexf.net/1.2draft",
        "http://www.gexf.net/1.1draft",
    }
)
_TYPES = frozenset({"string", "integer", "double", "boolean"})


def check(path: Path, tally: Tally) -> None:
    """Add what is wrong with the file to ``tally``."""
    read(path, _Gexf(tally), tally)


class _Gexf:
    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.ends = Ends(tally)
        self.open: list[str] = []
        self.types: dict[tuple[str, str], str] = {}  # of columns, by class and id
        self.named: set[tuple[str, str]] = set()
        self.owner = "node"  # whose attributes or values are being read
        self.directed = True
        self.drawn = False  # something of viz was met in this node or edge

    def start(self, name: str, namespace: str, attributes: dict[str, str], place: str) -> None:
        within = self.open[-1] if self.open else ""
        self.open.append(name)
        if namespace.endswith("viz"):
            self._viz(name, attributes, place)
        elif name == "gexf":
            self._gexf(namespace, attributes)
        elif name == "graph":
            self._graph(attributes, place)
        elif name == "attributes":
            self._columns(attributes, place)
        elif name == "attribute":
            self._column(attributes, place)
        elif name == "node":
            self.owner, self.drawn = "node", False
            self._node(attributes, place)
        elif name == "edge":
            self.owner, self.drawn = "edge", False
            self._edge(attributes, place)
        elif name == "attvalues" and self.drawn:
            self.tally.add("attvalues after viz, which the schema forbids", place)
        elif name == "attvalue":
            self._value(attributes, place)
        elif name in ("nodes", "edges") and within == "node":
            self.tally.add("nodes inside a node, which Gephi refuses", place)

    def end(self, name: str, text: str, place: str) -> None:
        self.open.pop()

    def finish(self) -> None:
        if not self.ends.nodes:
            self.tally.add("no nodes")
        self.ends.finish()

    def _gexf(self, namespace: str, attributes: dict[str, str]) -> None:
        if namespace not in _NAMESPACES:
            self.tally.add(f"not a namespace of GEXF: {namespace!r}")
        if any(name.endswith("schemaLocation") for name in attributes):
            self.tally.add("xsi:schemaLocation, which the official schema refuses")

    def _graph(self, attributes: dict[str, str], place: str) -> None:
        direction = attributes.get("defaultedgetype", "undirected")
        self.directed = direction == "directed"
        if direction not in ("directed", "undirected"):
            self.tally.add(f"direction {direction!r}, which Gephi does not know", place)

    def _columns(self, attributes: dict[str, str], place: str) -> None:
        self.owner = attributes.get("class", "")
        if self.owner not in ("node", "edge"):
            self.tally.add("columns that are not of nodes or edges", f"{place}, {self.owner!r}")
        if self.ends.nodes:
            self.tally.add("columns declared after nodes", place)

    def _column(self, attributes: dict[str, str], place: str) -> None:
        name, title = attributes.get("id", ""), attributes.get("title", "")
        kind = attributes.get("type", "")
        here = f"{place}, {name!r}"
        if kind not in _TYPES:
            self.tally.add(f"column of type {kind!r}, which Gephi or Tulip drops", here)
        if (self.owner, name.strip().lower()) in self.named:
            self.tally.add("two columns that Gephi takes for one", here)
        if not name.isdigit() and name != title:
            self.tally.add("column whose id is not its title: tools take either name", here)
        if self.owner == "node" and title.strip().lower() == "type":
            self.tally.add('node column "type", which sigma takes for a shape', here)
        self.named.add((self.owner, name.strip().lower()))
        self.types[self.owner, name] = kind

    def _node(self, attributes: dict[str, str], place: str) -> None:
        self.ends.node(attributes.get("id"), place)
        if "pid" in attributes:
            self.tally.add("pid, which Gephi no longer reads", place)
        if not attributes.get("label"):
            self.tally.add("node without label", f"{place}, {attributes.get('id')!r}")

    def _edge(self, attributes: dict[str, str], place: str) -> None:
        own = attributes.get("type")
        if own and own != ("directed" if self.directed else "undirected"):
            self.tally.add(f"edge of type {own!r}, not that of the file: Gephi refuses it", place)
        self.ends.edge(
            attributes.get("source"),
            attributes.get("target"),
            attributes.get("kind", ""),
            place,
            name=attributes.get("id"),
            directed=self.directed,
        )
        if "weight" in attributes:
            self.ends.weight(attributes["weight"], place)

    def _value(self, attributes: dict[str, str], place: str) -> None:
        name = attributes.get("for", attributes.get("id", ""))
        value = attributes.get("value", "")
        here = f"{place}, {name} = {value[:60]!r}"
        kind = self.types.get((self.owner, name))
        if kind is None:
            self.tally.add("value of a column that is not declared", here)
        elif not fits(value, kind):
            self.tally.add(f"value that is no {kind}", here)
        if not value.strip():
            self.tally.add("empty value: leave it out", here)
        elif stands_for_nothing(value):
            self.tally.add("a word for nothing, read as data: leave it out", here)
        if "INF" in value:
            self.tally.add('"INF" in a value, which Gephi turns into "Infinity"', here)

    def _viz(self, name: str, attributes: dict[str, str], place: str) -> None:
        self.drawn = True
        if name in ("thickness", "shape"):
            self.tally.add(f"viz:{name}, which Gephi does not read", place)
        wanted = {"position": ("x", "y"), "size": ("value",)}.get(name, ())
        if not all(is_number(attributes.get(n, "")) for n in wanted):
            self.tally.add(f"viz:{name} without numbers", place)

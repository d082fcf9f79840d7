"""Checks of a GraphML file against what Gephi, yEd, Cytoscape, igraph and Tulip do with it."""

from __future__ import annotations

from pathlib import Path

from kg.exporters.lint_tally import Ends, Tally, fits, stands_for_nothing
from kg.exporters.lint_xml import read

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_TYPES = frozenset({"boolean", "int", "double", "string"})


def check(path: Path, tally: Tally) -> None:
    """Add what is wrong with the file to ``tally``."""
    read(path, _GraphML(tally), tally)


class _GraphML:
    def __init__(self, tally: Tally) -> None:
        self.tally = tally
        self.ends = Ends(tally)
        self.open: list[str] = []
        self.keys: dict[str, tuple[str, str, str]] = {}  # id → node or edge, name, type
        self.names: set[tuple[str, str]] = set()
        self.key = ""  # of the value that is being read
        self.directed = True

    def start(self, name: str, namespace: str, attributes: dict[str, str], place: str) -> None:
        self.open.append(name)
        if name == "graphml" and namespace != _NAMESPACE:
            self.tally.add(f"not the namespace of GraphML: {namespace!r}")
        elif name == "key":
            self._key(attributes, place)
        elif name == "graph":
            self._graph(attributes, place)
        elif name == "node":
            self.ends.node(attributes.get("id"), place)
        elif name == "edge":
            self._edge(attributes, place)
        elif name == "data":
            self.key = attributes.get("key", "")
        elif name in ("hyperedge", "port"):
            self.tally.add(f"{name}, which most readers refuse", place)

    def end(self, name: str, text: str, place: str) -> None:
        self.open.pop()
        if name == "data":
            self._data(text, place)

    def finish(self) -> None:
        if not self.ends.nodes:
            self.tally.add("no nodes")
        self.ends.finish()

    def _key(self, attributes: dict[str, str], place: str) -> None:
        name = attributes.get("id", "")
        of, title = attributes.get("for", ""), attributes.get("attr.name", "")
        here = f"{place}, {name!r}"
        if name in self.keys:
            self.tally.add("two keys with one id", here)
        if any(a.startswith("yfiles") for a in attributes):  # drawing of yEd: no column
            self.keys[name] = of, "", ""
            return
        kind = attributes.get("attr.type", "")
        if of not in ("node", "edge"):
            self.tally.add("key that is not for node or edge, which Gephi refuses", here)
        if not title:
            self.tally.add("key without attr.name", here)
        elif (of, title) in self.names:
            self.tally.add("two keys with one name", here)
        if kind not in _TYPES:
            self.tally.add(f"key of type {kind!r}, which some tool drops", here)
        self.names.add((of, title))
        self.keys[name] = of, title, kind

    def _graph(self, attributes: dict[str, str], place: str) -> None:
        direction = attributes.get("edgedefault", "")
        if direction not in ("directed", "undirected"):
            self.tally.add(f"edgedefault is {direction!r}, not directed or undirected", place)
        self.directed = direction != "undirected"
        if "node" in self.open:
            self.tally.add("graph inside a node, which most readers refuse", place)

    def _edge(self, attributes: dict[str, str], place: str) -> None:
        own = attributes.get("directed")
        if own and own != ("true" if self.directed else "false"):
            self.tally.add("edge with a direction of its own: Gephi refuses it", place)
        self.ends.edge(
            attributes.get("source"),
            attributes.get("target"),
            attributes.get("label", ""),
            place,
            name=attributes.get("id"),
            directed=self.directed,
        )

    def _data(self, text: str, place: str) -> None:
        of, title, kind = self.keys.get(self.key, ("", "", ""))
        here = f"{place}, {self.key} = {text[:60]!r}"
        if self.key not in self.keys:
            self.tally.add("value of a key that is not declared", here)
        elif title and not fits(text, kind):
            self.tally.add(f"value that is no {kind}", here)
        elif title and stands_for_nothing(text):
            self.tally.add("a word for nothing, read as data: leave it out", here)
        owner = next((n for n in reversed(self.open) if n in ("node", "edge")), "")
        if title and of in ("node", "edge") and owner and owner != of:
            self.tally.add(f"value for the wrong sort: {of} column, {owner} element", here)
        if of == "edge" and title == "weight":
            self.ends.weight(text, place)

"""pySHACL, asked one shape at a time about the nodes it applies to.

The shapes are read once and kept; results are read by focus node and path, never by message. A
shape that an engine cannot run is an ``EngineError``, which the caller counts as an error.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import NamedTuple

from pyparsing import ParseException
from pyshacl.errors import ReportableRuntimeError
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shapes_graph import ShapesGraph
from rdflib import SH, Graph, URIRef
from rdflib.plugins.sparql.sparql import SPARQLError


class EngineError(RuntimeError):
    """A rule could not be run; this is neither a pass nor a finding."""


class Failure(NamedTuple):
    """A node that a shape rejects; ``path`` is the property, when the shape names one."""

    focus: str
    path: str | None


class Shacl:
    """The shapes of a shapes graph, ready to be asked."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self._shapes = ShapesGraph(graph, logger=logging.getLogger("pyshacl"))
        self._known = {str(s.node): s for s in self._shapes.shapes}
        self._executor = SHACLExecutor()

    def failures(self, shape: str, data: Graph, focus: Iterable[str]) -> set[Failure]:
        """The nodes among ``focus`` that ``shape`` rejects."""
        nodes = [URIRef(node) for node in sorted(focus)]
        if not nodes:
            return set()
        try:
            _, results = self._known[shape].validate(self._executor, data, focus=nodes)
        except (ReportableRuntimeError, SPARQLError, ParseException) as error:
            raise EngineError(f"{shape}: {error}") from error
        found = set()
        for _, node, statements in results:
            said = {p: o for s, p, o in statements if s == node}
            place, path = said[SH.focusNode], said.get(SH.resultPath)
            at = path[1] if isinstance(path, tuple) else path
            rejected = place[1] if isinstance(place, tuple) else place
            if rejected not in nodes:
                raise EngineError(f"{shape}: rejects {rejected}, which is not a node it targets")
            found.add(Failure(str(rejected), str(at) if isinstance(at, URIRef) else None))
        return found

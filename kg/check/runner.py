"""One shape on one graph: which nodes it applies to, and where it fires.

pySHACL, the reference, says which nodes fail; the rows of the rule's own query, run by Oxigraph,
say with which values. Both have to agree, else the rule counts as an error. The engine ``oxigraph``
asks the query alone, once for all nodes, and reads core shapes itself (kg/check/core.py); tests
hold it equal to the reference.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Literal, NamedTuple

from kg.check.core import Core
from kg.check.graphs import CheckedGraph
from kg.check.parameters import Parameters
from kg.check.rulebook import Shape
from kg.check.shacl import EngineError, Failure, Shacl
from kg.check.terms import terms
from kg.check.view import Hit, RecordView

Engine = Literal["oxigraph", "pyshacl"]
ENGINES: tuple[Engine, ...] = ("oxigraph", "pyshacl")
Finder = Callable[[RecordView, Parameters], Iterator[Hit]]
Chooser = Callable[[RecordView], Iterator[str]]


class Functions(NamedTuple):
    """Rules written in Python: what they find and, for some, which nodes they apply to."""

    rules: Mapping[str, Finder]
    applies: Mapping[str, Chooser]


class Outcome(NamedTuple):
    """What one shape says of one graph."""

    shape: Shape
    applicable: frozenset[str]
    other: frozenset[str] = frozenset()  # target nodes that it does not apply to
    hits: tuple[Hit, ...] = ()
    error: str | None = None

    def nodes_of(self, hit: Hit) -> frozenset[str]:
        """The nodes that a hit counts against: the one it lies inside, else its own."""
        inside = hit.focus not in self.applicable and len(self.applicable) == 1
        return self.applicable if inside else frozenset({hit.focus})

    @property
    def failed(self) -> frozenset[str]:
        """The nodes that do not pass."""
        return frozenset().union(*(self.nodes_of(hit) for hit in self.hits))


class Runner:
    """Shapes ready to be run on graph after graph."""

    def __init__(
        self,
        shacl: Shacl,
        functions: Functions,
        engine: Engine = "pyshacl",
    ) -> None:
        self._shacl = shacl
        self._core = Core(shacl.graph)
        self._functions = functions
        self._engine = engine

    def outcome(self, shape: Shape, data: CheckedGraph, parameters: Parameters) -> Outcome:
        """A shape of any kind but ``store`` on one graph."""
        targets = target_nodes(shape, data)
        try:
            applicable = self._applicable(shape, data, targets)
            hits = set_of(self._hits(shape, data, applicable, parameters))
        except EngineError as error:
            return Outcome(shape=shape, applicable=frozenset(targets), error=str(error))
        return Outcome(
            shape=shape,
            applicable=frozenset(applicable),
            other=frozenset(targets - applicable),
            hits=hits,
        )

    def _applicable(self, shape: Shape, data: CheckedGraph, targets: set[str]) -> set[str]:
        if shape.rule in self._functions.applies:
            return set(self._functions.applies[shape.rule](data.view))
        if shape.applies is None or not targets:
            return targets
        return targets & data.nodes(shape.applies)

    def _hits(
        self, shape: Shape, data: CheckedGraph, nodes: set[str], parameters: Parameters
    ) -> Iterator[Hit]:
        if not nodes:
            return
        if shape.kind == "python":
            if shape.rule not in self._functions.rules:
                raise EngineError(f"{shape.rule}: no function has this name")
            yield from self._functions.rules[shape.rule](data.view, parameters)
            return
        if self._engine == "oxigraph":
            if shape.kind == "sparql":
                rows = data.all_rows(shape.select or "")
                yield from (hit(row) for node in nodes for row in rows.get(node, ()))
            else:
                known = not shape.of_user or self._core.knows(shape.iri)
                failures = (
                    self._core.failures(shape.iri, data.index, nodes)
                    if known
                    else self._shacl.failures(shape.iri, data.graph, nodes)
                )
                yield from (rejected(shape, failure) for failure in failures)
            return
        failures = self._shacl.failures(shape.iri, data.graph, nodes)
        if shape.kind == "core":
            yield from (rejected(shape, failure) for failure in failures)
            return
        for focus in sorted({f.focus for f in failures}):
            found = data.rows(shape.select or "", focus)
            if not found:
                raise EngineError(f"{shape.rule}: rejects {focus}, but its query has no row for it")
            yield from map(hit, found)


def rejected(shape: Shape, failure: Failure) -> Hit:
    """The hit of a core shape; a structural one tells which of several properties is wrong."""
    told = failure.path if shape.dimension == "St" or shape.of_user else None
    return Hit(focus=failure.focus, field=re.split(r"[#/]", told)[-1] if told else None)


def hit(row: Mapping[str, str]) -> Hit:
    """A row of a rule's query: ``?this`` is the focus, ``?field`` the property, the rest values."""
    values = {name: value for name, value in row.items() if name not in ("this", "field")}
    return Hit(focus=row["this"], field=row.get("field"), values=values)


def set_of(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """Distinct hits in a fixed order."""
    hits = tuple(hits)
    if len(hits) < 2:
        return hits
    by_key = {(h.focus, h.field or "", tuple(sorted(h.values.items()))): h for h in hits}
    return tuple(by_key[key] for key in sorted(by_key))


def target_nodes(shape: Shape, data: CheckedGraph) -> set[str]:
    """The nodes of the classes that a shape targets, subclasses included."""
    return {node for c in classes_of(shape.targets) for node in data.instances.get(c, ())}


@cache
def classes_of(targets: tuple[str, ...]) -> frozenset[str]:
    """Some classes and all their subclasses."""
    return frozenset(c for target in targets for c in terms().below(target))

"""Shapes of SHACL's core, read into checks over indexed statements.

Only the constraints that our shapes use are known here; another one is an ``EngineError``. What a
literal is worth is asked of rdflib, once per distinct literal, as pySHACL does; tests hold the two
to the same failures.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Collection, Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache

import rdflib
from pyshacl.rdfutil.compare import compare_literal
from rdflib import RDF, SH, XSD, Graph, URIRef
from rdflib.term import Node

from kg.check.facts import BLANK, LANG_STRING, STRING, TYPE, Index
from kg.check.shacl import EngineError, Failure
from kg.check.view import Value

Values = Collection[Value]
Paths = Sequence[str | None]
Follow = Callable[[Index, Value], Values]  # the values that a path leads to, each once
Accept = Callable[[Index, Value], bool]  # whether a constraint holds for one value
Check = Callable[[Index, Value], Paths]  # the paths on which a node fails

MANY = sys.maxsize
"""As many values of a property as there are."""

LITERALS = 65_536
"""So many distinct dates and numbers are kept with what is known of them."""

# What a shape says beside its constraints.
_SAID = {
    SH.severity, SH.name, SH.message, SH.order, SH.path, SH.targetClass, SH.description,
    SH.deactivated,
}  # fmt: skip
_PYTHON: dict[str, type] = {
    str(XSD.integer): int,
    str(XSD.decimal): Decimal,
    str(XSD.date): date,
    str(XSD.dateTime): datetime,
}


class Core:
    """The core shapes of a shapes graph, ready to be asked."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._known: dict[str, Check] = {}

    def knows(self, shape: str) -> bool:
        """Whether every constraint of ``shape`` is known here."""
        try:
            self._known.setdefault(shape, self._check(URIRef(shape)))
        except EngineError:
            return False
        return True

    def failures(self, shape: str, data: Index, focus: Iterable[str]) -> set[Failure]:
        """The nodes among ``focus`` that ``shape`` rejects."""
        check = self._known.get(shape)
        if check is None:
            check = self._known[shape] = self._check(URIRef(shape))
        return {
            Failure(node, path)
            for node in focus
            for path in check(data, Value(node, None, BLANK if node.startswith(BLANK) else None))
        }

    def _check(self, node: Node) -> Check:
        path = self._graph.value(node, SH.path)
        if path is not None:
            return self._property(node, path)
        parts = [
            self._property(part, self._graph.value(part, SH.path))
            for part in self._graph.objects(node, SH.property)
        ]
        own = self._accepted(node)

        def check(data: Index, focus: Value) -> Paths:
            failed = [path for part in parts for path in part(data, focus)]
            for accept in own:
                if not accept(data, focus):
                    return (*failed, None)
            return failed

        return parts[0] if len(parts) == 1 and not own else check

    def _property(self, node: Node, path: Node | None) -> Check:
        if path is None:
            raise EngineError(f"{node}: sh:property without a path")
        follow = self._path(path)
        least = self._number(node, SH.minCount, 0)
        most = self._number(node, SH.maxCount, MANY)
        wanted = {_value(v) for v in self._graph.objects(node, SH.hasValue)}
        each = self._accepted(node)
        failed = (str(path) if isinstance(path, URIRef) else None,)

        def check(data: Index, focus: Value) -> Paths:
            values = follow(data, focus)
            if not least <= len(values) <= most or (wanted and not wanted.issubset(values)):
                return failed
            for accept in each:
                for value in values:
                    if not accept(data, value):
                        return failed
            return ()

        return check

    def _number(self, node: Node, prop: Node, default: int) -> int:
        value = self._graph.value(node, prop)
        return default if value is None else int(str(value))

    def _path(self, path: Node) -> Follow:
        if isinstance(path, URIRef):
            return _along(str(path))
        inverse = self._graph.value(path, SH.inversePath)
        if isinstance(inverse, URIRef):
            return _against(str(inverse))
        if (several := self._graph.value(path, SH.alternativePath)) is not None:
            return _either([self._path(p) for p in self._graph.items(several)])
        if (path, RDF.first, None) in self._graph:
            return _after([self._path(p) for p in self._graph.items(path)])
        raise EngineError(f"{path}: a path of an unknown kind")

    def _accepted(self, node: Node) -> list[Accept]:
        """The constraints of a shape on each of its values, or on the node itself."""
        found: list[Accept] = []
        for prop, value in self._graph.predicate_objects(node):
            if prop == SH.datatype:
                found.append(_has_datatype(str(value)))
            elif prop == SH.nodeKind and value == SH.IRI:
                found.append(_is_iri)
            elif prop == SH.pattern:
                found.append(_matches(str(value)))
            elif prop == SH.minInclusive and isinstance(value, rdflib.Literal):
                found.append(_at_least(value))
            elif prop == SH["class"]:
                found.append(_is_a(str(value)))
            elif prop == SH.node:
                found.append(self._conforms(value))
            elif prop == SH["not"]:
                found.append(_not(self._conforms(value)))
            elif prop == SH["or"]:
                found.append(_any([self._conforms(v) for v in self._graph.items(value)]))
            elif str(prop).startswith(str(SH)) and prop not in _KNOWN:
                raise EngineError(f"{node}: the constraint {prop} is not known to this engine")
        return found

    def _conforms(self, node: Node) -> Accept:
        check = self._check(node)
        return lambda data, value: not check(data, value)


_KNOWN = {*_SAID, SH.property, SH.minCount, SH.maxCount, SH.hasValue}


def _along(prop: str) -> Follow:
    def follow(data: Index, focus: Value) -> Values:
        said = data.about.get(focus.text)
        return said.get(prop, ()) if said else ()

    return follow


def _against(prop: str) -> Follow:
    def follow(data: Index, focus: Value) -> Values:
        nodes = data.into(prop).get(focus.text, ())
        return [Value(node, None, BLANK if node.startswith(BLANK) else None) for node in nodes]

    return follow


def _either(paths: list[Follow]) -> Follow:
    return lambda data, focus: {value for path in paths for value in path(data, focus)}


def _after(paths: list[Follow]) -> Follow:
    def follow(data: Index, focus: Value) -> Values:
        at: Values = (focus,)
        for path in paths:
            # No literal leads on, though its text may be that of a node.
            nodes = [v for v in at if v.datatype is None or v.datatype == BLANK]
            at = {value for node in nodes for value in path(data, node)}
        return at

    return follow


def _is_iri(_: Index, value: Value) -> bool:
    return value.datatype is None


def _is_a(kind: str) -> Accept:
    wanted = Value(kind, None, None)
    return lambda data, value: wanted in data.about.get(value.text, {}).get(TYPE, ())


def _not(accept: Accept) -> Accept:
    return lambda data, value: not accept(data, value)


def _any(ways: list[Accept]) -> Accept:
    return lambda data, value: any(accept(data, value) for accept in ways)


def _matches(pattern: str) -> Accept:
    compiled = re.compile(pattern)
    return lambda _, value: value.datatype != BLANK and bool(compiled.search(value.text))


def _has_datatype(datatype: str) -> Accept:
    def accept(_: Index, value: Value) -> bool:
        return value.datatype == datatype and (datatype == STRING or _well_formed(value))

    return accept


def _at_least(least: rdflib.Literal) -> Accept:
    @lru_cache(maxsize=LITERALS)
    def reaches(value: Value) -> bool:
        literal = _literal(value)
        if isinstance(literal.value, str) != isinstance(least.value, str):
            return False
        try:
            return bool(compare_literal(literal, least) >= 0)  # type: ignore[no-untyped-call]
        except (TypeError, NotImplementedError):  # how rdflib and pySHACL say "not comparable"
            return False  # SHACL 4.5.1: a value that cannot be compared fails

    return lambda _, value: value.datatype not in (None, BLANK) and reaches(value)


@lru_cache(maxsize=LITERALS)
def _well_formed(value: Value) -> bool:
    literal = _literal(value)
    kind = _PYTHON.get(value.datatype or "")
    return literal.ill_typed is not True and (kind is None or isinstance(literal.value, kind))


def _literal(value: Value) -> rdflib.Literal:
    if value.language or value.datatype == LANG_STRING:
        return rdflib.Literal(value.text, lang=value.language)
    datatype = None if value.datatype == STRING else URIRef(value.datatype or "")
    return rdflib.Literal(value.text, datatype=datatype)


def _value(node: Node) -> Value:
    """A term of the shapes as the index holds it."""
    if isinstance(node, rdflib.Literal):
        if node.language:
            return Value(str(node), node.language, LANG_STRING)
        return Value(str(node), None, str(node.datatype or STRING))
    return Value(str(node), None, None)

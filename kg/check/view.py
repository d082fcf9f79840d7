"""One record's statements, indexed for rules that are written in Python.

Rules that SHACL cannot state (text heuristics) read a ``RecordView`` and yield ``Hit`` values; the
engine turns hits of any origin into findings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as default
from typing import Any, NamedTuple

from pyoxigraph import Literal, NamedNode, Quad, Triple

from kg.namespaces import expand

_TYPE = expand("rdf:type")
_NOTHING: Mapping[str, list[Value]] = {}


class Value(NamedTuple):
    """An object of a statement: ``language`` is set for text, ``datatype`` for other literals."""

    text: str
    language: str | None
    datatype: str | None  # None: an IRI

    @property
    def is_iri(self) -> bool:
        return self.datatype is None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A place where a rule fires: the node, the property (or ``property@lang``), named values."""

    focus: str
    field: str | None = None
    values: Mapping[str, str] = default(default_factory=dict)


def in_order(value: Value) -> tuple[str, str, str]:
    """By text, language and datatype."""
    return value.text, value.language or "", value.datatype or ""


About = dict[str, dict[str, list[Value]]]
"""Values by subject and property."""


def values_of(statements: Iterable[Quad | Triple]) -> About:
    """Statements by subject and property; blank nodes are left out."""
    about: About = {}
    for s in statements:
        if not isinstance(s.subject, NamedNode):
            continue
        if isinstance(s.object, NamedNode):
            value = Value(s.object.value, None, None)
        elif isinstance(s.object, Literal):
            value = Value(s.object.value, s.object.language, s.object.datatype.value)
        else:
            continue
        about.setdefault(s.subject.value, {}).setdefault(s.predicate.value, []).append(value)
    return about


class RecordView:
    """The statements of one record version. Terms are written as ``tkg:name``."""

    def __init__(self, statements: Iterable[Quad | Triple] | About) -> None:
        about = statements if isinstance(statements, dict) else values_of(statements)
        self._about: Mapping[str, Mapping[str, list[Value]]] = about
        self.memo: dict[object, Any] = {}  # what several rules work out from the same statements
        self._kinds: dict[str, list[str]] = defaultdict(list)
        for node in sorted(about):
            said = about[node]
            for values in said.values():
                if len(values) > 1:
                    values.sort(key=in_order)
            for kind in said.get(_TYPE, ()):
                self._kinds[kind.text].append(node)

    @property
    def record(self) -> str:
        """The IRI of the record."""
        return self.nodes("tkg:Record")[0]

    @property
    def registry(self) -> str:
        """The key of the source that published the record: chictr, clinconnect …"""
        return self.links(self.record, "tkg:publishedBy")[0].rsplit("/", 1)[1]

    def nodes(self, kind: str) -> Sequence[str]:
        """Every node of a class, sorted."""
        return self._kinds.get(expand(kind), ())

    def subjects(self) -> list[str]:
        """Every node that the record speaks about, sorted."""
        return sorted(self._about)

    def said(self, node: str) -> list[tuple[str, Sequence[Value]]]:
        """The properties that a node has, as full IRIs, with all values; both sorted."""
        return sorted(self._about.get(node, _NOTHING).items())

    def values(self, node: str, prop: str) -> Sequence[Value]:
        """All values of a property, sorted."""
        said = self._about.get(node)
        return said.get(expand(prop), ()) if said else ()

    def value(self, node: str, prop: str) -> str | None:
        """The first value, as text."""
        found = self.values(node, prop)
        return found[0].text if found else None

    def text(self, node: str, prop: str, language: str) -> str | None:
        """The text in one language."""
        return next((v.text for v in self.values(node, prop) if v.language == language), None)

    def links(self, node: str, prop: str) -> list[str]:
        """The nodes that a property leads to."""
        return [v.text for v in self.values(node, prop) if v.is_iri]

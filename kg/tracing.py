"""From a node of the graph back to its sources: file, place in it, line, path, printed text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import NamedNode, Store

from kg import lines
from kg.errors import ToolError
from kg.namespaces import ID, PREFIXES, expand

if TYPE_CHECKING:
    from kg.graph import Graph


class Trace(NamedTuple):
    """One printed value behind a node. ``line`` 0: the source has no lines; then ``path`` leads."""

    file: str
    place: str  # in the file: studies[17], row 3
    line: int
    path: str
    node: str
    field: str
    state: str
    printed: str


def traces(graph: Graph, name: str) -> Iterator[Trace]:
    """Every printed value behind a node: an IRI, ``person:…``, or a registration number.

    An entity is traced through all mentions that refer to it, a trial through its records; the
    parts of a record belong to it. Raises ToolError for a name that the graph does not hold.
    """
    store = graph.statements
    wanted = _asserted(store, _iri(store, name))
    starts = tuple(f"{node}/" for node in wanted if node.startswith(f"{ID}record/"))
    found = False
    for row in lines.read(graph.folder / "lines.tsv"):
        if row.node in wanted or row.node.startswith(starts):
            found = True
            file, place = (
                _one(store, row.version, prop) for prop in ("tkg:sourceFile", "tkg:sourcePlace")
            )
            yield Trace(
                file, place, row.line, row.path, row.node, row.field, row.state, row.printed
            )
    if not found:
        raise ToolError(f"{name}: the graph holds nothing printed under this name")


def _iri(store: Store, name: str) -> str:
    """The IRI that a name stands for: itself, ``prefix:name``, or a record's number."""
    if "://" in name:
        return name
    prefix, colon, rest = name.partition(":")
    if colon and prefix in PREFIXES:
        return expand(f"{prefix}:{rest}")
    if "/" in name:
        return f"{ID}{name}"
    number = NamedNode(expand("tkg:registrationNumber"))
    for quad in store.quads_for_pattern(None, number, None, None):
        if getattr(quad.object, "value", "") == name and isinstance(quad.subject, NamedNode):
            return quad.subject.value
    return name


def _asserted(store: Store, iri: str) -> frozenset[str]:
    """The node itself, or the mentions and records that refer to it."""
    try:
        node = NamedNode(iri)
    except ValueError:
        return frozenset()
    refers = store.quads_for_pattern(None, NamedNode(expand("tkg:refersTo")), node, None)
    found = {q.subject.value for q in refers if isinstance(q.subject, NamedNode)}
    return frozenset(found or {iri})


def _one(store: Store, subject: str, prop: str) -> str:
    found = store.quads_for_pattern(NamedNode(subject), NamedNode(expand(prop)), None, None)
    return min((getattr(q.object, "value", "") for q in found), default="")

"""From a node of the graph back to its sources: file, place in it, line, path, printed text."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from pyoxigraph import Literal, NamedNode, Store

from kg.errors import ToolError
from kg.namespaces import ID, PREFIXES, expand
from kg.outputs.bearers import bearer
from kg.outputs.naming import printed_number
from kg.sources import lines

if TYPE_CHECKING:
    from kg.outputs.graph import Graph


_FINDING = f"{ID}finding/"
_KEY = re.compile(r"[0-9a-f]{16}")  # of a finding, as its tables print it


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
    """Every printed value behind a node: an IRI, ``person:…``, a registration number, or a name.

    An entity is traced through all mentions that refer to it, a trial through its records, a
    finding through what it is about; the parts of a record belong to it. Raises ToolError for a
    name that the graph does not hold.
    """
    store = graph.store
    iri = _iri(store, name) or bearer(store, name, graph.folder)
    if iri.startswith(_FINDING):
        iri = _one(store, iri, "sh:focusNode") or _focus(graph.folder, iri) or iri
    nodes = _asserted(store, iri)
    wanted = {node.encode() for node in nodes}
    starts = tuple(f"{node}/".encode() for node in nodes if node.startswith(f"{ID}record/"))
    sources: dict[str, tuple[str, str]] = {}
    found = False
    table = graph.folder / "lines.tsv"
    for row in lines.about(table, lambda node: node in wanted or node.startswith(starts)):
        found = True
        if row.version not in sources:
            sources[row.version] = (
                _one(store, row.version, "tkg:sourceFile"),
                _one(store, row.version, "tkg:sourcePlace"),
            )
        yield Trace(
            *sources[row.version],
            row.line, row.path, row.node, row.field, row.state, row.printed,
        )  # fmt: skip
    if not found:
        raise ToolError(f"{name}: the graph holds nothing printed under this name")


def _iri(store: Store, name: str) -> str | None:
    """The IRI that an id stands for: itself, ``prefix:name``, a record's number, or the key of a
    finding; None where it has the form of none."""
    if "://" in name:
        return name
    if _KEY.fullmatch(name):
        return _FINDING + name
    prefix, colon, rest = name.partition(":")
    if colon and prefix in PREFIXES:
        return expand(f"{prefix}:{rest}")
    if "/" in name and " " not in name:
        return f"{ID}{name}"
    number = NamedNode(expand("tkg:registrationNumber"))
    for text in (name, printed_number(store, name)):
        found = store.quads_for_pattern(None, number, Literal(text), None) if text else ()
        if named := [q.subject.value for q in found if isinstance(q.subject, NamedNode)]:
            return min(named)
    return None


def _asserted(store: Store, iri: str) -> frozenset[str]:
    """The node itself, or the mentions and records that refer to it."""
    try:
        node = NamedNode(iri)
    except ValueError:
        return frozenset()
    refers = store.quads_for_pattern(None, NamedNode(expand("tkg:refersTo")), node, None)
    found = {q.subject.value for q in refers if isinstance(q.subject, NamedNode)}
    return frozenset(found or {iri})


def _focus(folder: Path, finding: str) -> str | None:
    """What a finding of the report is about: the store holds those of the build alone, the report
    those of the last check."""
    report, key = folder / "report" / "findings.jsonl", finding.removeprefix(_FINDING)
    if not report.is_file():
        return None
    with report.open(encoding="utf-8") as rows:
        found = (json.loads(row) for row in rows if key in row)
        return next((row["focus"] for row in found if row["key"] == key), None)


def _one(store: Store, subject: str, prop: str) -> str:
    found = store.quads_for_pattern(NamedNode(subject), NamedNode(expand(prop)), None, None)
    return min((getattr(q.object, "value", "") for q in found), default="")

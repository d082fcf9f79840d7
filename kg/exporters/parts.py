"""What pictures and tables are written from: nodes, edges, columns, and a view of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from kg.exporters.facts import Scalar
from kg.exporters.relations import COLOURS, RELATIONS, NodeType


class Column(NamedTuple):
    """A column of nodes or edges, by the names that Gephi, networkx and graphology share."""

    name: str
    type: Literal["string", "integer", "double"]


NODE_COLUMNS = (
    Column("node_type", "string"),
    Column("type_zh", "string"),
    Column("title", "string"),
    Column("title_en", "string"),
    Column("label_zh", "string"),
    Column("label_en", "string"),
    Column("registration_number", "string"),
    Column("registry", "string"),
    Column("study_type", "string"),
    Column("phase", "string"),
    Column("status", "string"),
    Column("year", "integer"),
    Column("start_year", "integer"),
    Column("target_sample_size", "integer"),
    Column("organization_kind", "string"),
    Column("country", "string"),
    Column("province", "string"),
    Column("city", "string"),
    Column("community", "integer"),
    Column("degree", "integer"),
    Column("weighted_degree", "double"),
    Column("k_core", "integer"),
    Column("completeness", "double"),
    Column("violations", "integer"),
    Column("warnings", "integer"),
    Column("iri", "string"),
)
EDGE_COLUMNS = (
    Column("relation", "string"),
    Column("relation_zh", "string"),
    Column("evidence", "integer"),
    Column("newman_weight", "double"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """A node, placed and coloured. ``columns`` holds only what is known."""

    id: str
    node_type: NodeType
    label: str
    columns: Mapping[str, Scalar]
    x: float
    y: float
    size: float

    @property
    def colour(self) -> tuple[int, int, int]:
        """Red, green and blue of the node's type."""
        return COLOURS[self.node_type]


class Edge(NamedTuple):
    """The only edge of its kind from ``source`` to ``target``.

    ``weight`` counts the trials behind it; ``evidence`` the records that state it.
    """

    source: str
    target: str
    kind: str
    weight: int
    evidence: int | None = None
    newman_weight: float | None = None

    @property
    def label(self) -> str:
        """The kind in English words."""
        return RELATIONS[self.kind].label

    def columns(self) -> dict[str, Scalar]:
        """The values of the edge columns, without those unknown."""
        found: dict[str, Scalar] = {
            "relation": self.kind,
            "relation_zh": RELATIONS[self.kind].label_zh,
        }
        if self.evidence is not None:
            found["evidence"] = self.evidence
        if self.newman_weight is not None:
            found["newman_weight"] = self.newman_weight
        return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """What a graph file says before its first node."""

    description: str
    directed: bool
    modified: str | None
    node_columns: tuple[Column, ...]
    edge_columns: tuple[Column, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """Nodes and edges ready to be written, sorted. ``notes`` say what was left out."""

    name: str
    head: Head
    nodes: Sequence[Node]
    edges: Sequence[Edge]
    notes: tuple[str, ...]

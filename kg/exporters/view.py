"""From a store to a view: names, numbers, colours, places."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from math import sqrt

from pyoxigraph import Store

from kg.counted import counted
from kg.errors import ToolError
from kg.exporters.around import around
from kg.exporters.bodies import NOTHING_KNOWN, Memory
from kg.exporters.facts import Entity, Facts, Scalar, facts
from kg.exporters.filters import heavy, narrowed, strongest
from kg.exporters.layout import LARGEST_FOR_FORCES, positions
from kg.exporters.measures import LARGEST_FOR_COMMUNITIES, communities, core_numbers, neighbours
from kg.exporters.part import WHOLE, Part
from kg.exporters.parts import EDGE_COLUMNS, NODE_COLUMNS, Column, Edge, Head, Node, View
from kg.exporters.relations import RELATIONS, TYPE_ZH
from kg.exporters.text import short
from kg.exporters.views import VIEWS, Selection, node_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality:
    """What the quality rules say about one node. ``completeness`` lies between 0 and 1."""

    completeness: float | None
    violations: int
    warnings: int


def view(
    store: Store,
    name: str,
    quality: Mapping[str, Quality] | None = None,
    memory: Memory = NOTHING_KNOWN,
    part: Part = WHOLE,
) -> View:
    """The view of that name, with its layout; the same graph gives the same view.

    ``memory`` knows where nodes of the same graph lay when it was last drawn; ``part`` says that
    some of it is shown only. Raises ToolError for a name that there is not, and for a part around
    something that is not in the view.
    """
    if name not in VIEWS:
        raise ToolError(f"no view {name!r}; known views: {', '.join(VIEWS)}")
    title, select = VIEWS[name]
    known, left_out = narrowed(facts(store), part.where)
    whole = select(known)
    weighty = heavy(whole, part.strongest.min_weight)
    near = around(weighty, part.centres, part.steps) if part.centres else weighty
    chosen = strongest(near, part.strongest)
    left_out += (*_less(whole, weighty), *_less(near, chosen))
    title = ", ".join((title, *_told(part, known)))
    edges = sorted(
        e._replace(source=node_id(e.source), target=node_id(e.target)) for e in chosen.edges
    )
    nodes = _nodes([known.entities[iri] for iri in chosen.nodes], edges, quality, memory)
    return View(
        name=name,
        head=Head(
            description=title,
            directed=chosen.directed,
            modified=known.refreshed,
            node_columns=_present(NODE_COLUMNS, (n.columns for n in nodes)),
            edge_columns=_present(EDGE_COLUMNS, _telling(edges)),
        ),
        nodes=nodes,
        edges=edges,
        notes=(*left_out, *chosen.notes, *_caps(len(nodes), len(edges))),
    )


def _told(part: Part, known: Facts) -> Iterator[str]:
    """What is shown, in words; nothing where all is."""
    if part.where:
        yield f"where {' and '.join(map(str, part.where))}"
    if part.centres:
        names = (known.entities[iri] for iri in part.centres)
        near = " and ".join(short(e.en or e.zh or node_id(e.iri)) for e in names)
        yield f"up to {counted(part.steps, 'edge')} from {near}"
    if said := str(part.strongest):
        yield said


def _less(before: Selection, after: Selection) -> Iterator[str]:
    """What an option took out of a view, in words."""
    nodes, edges = len(before.nodes) - len(after.nodes), len(before.edges) - len(after.edges)
    if nodes or edges:
        yield f"left out as asked: {counted(nodes, 'node')}, {counted(edges, 'edge')}"


def _caps(nodes: int, edges: int) -> Iterator[str]:
    """What a view of this size goes without."""
    if nodes > LARGEST_FOR_FORCES:
        yield (
            f"nodes placed by size, not by their ties: more than {LARGEST_FOR_FORCES:,} nodes; "
            "let Gephi lay them out"
        )
    if edges > LARGEST_FOR_COMMUNITIES:
        yield f"no communities: more than {LARGEST_FOR_COMMUNITIES:,} edges"


def _nodes(
    entities: list[Entity],
    edges: Sequence[Edge],
    quality: Mapping[str, Quality] | None,
    memory: Memory,
) -> list[Node]:
    entities = sorted(entities, key=lambda e: node_id(e.iri))
    index = {node_id(e.iri): i for i, e in enumerate(entities)}
    degree = [0] * len(entities)
    strength = [0] * len(entities)
    for edge in edges:
        for end in (index[edge.source], index[edge.target]):
            degree[end] += 1
            strength[end] += edge.weight
    near = neighbours(len(entities), ((index[e.source], index[e.target]) for e in edges))
    cores = core_numbers(near)
    ties = [(index[e.source], index[e.target], float(e.weight)) for e in edges]
    community = memory.once(
        "communities", (len(entities), ties), lambda: communities(len(entities), ties)
    )
    sizes = [_size(d) for d in degree]
    hosted = {edge.source for edge in edges if edge.kind == "committeeOf"}
    people_only = all(e.node_type == "person" for e in entities)
    core = [
        people_only or (e.node_type not in ("trial", "person") and node_id(e.iri) not in hosted)
        for e in entities
    ]
    best = _best_first(near, edges, index)
    at = memory.once("positions", (core, best, sizes), lambda: positions(core, best, sizes))
    nodes: list[Node] = []
    for i, entity in enumerate(entities):
        columns: dict[str, Scalar] = {
            **_names(entity),
            **entity.columns,
            "degree": degree[i],
            "weighted_degree": float(strength[i]),
            "k_core": cores[i],
            "iri": entity.iri,
        }
        if community:
            columns["community"] = community[i]
        if said := (quality or {}).get(entity.iri):
            columns["violations"] = said.violations
            columns["warnings"] = said.warnings
            if said.completeness is not None:
                columns["completeness"] = round(said.completeness, 4)
        nodes.append(
            Node(
                id=node_id(entity.iri),
                node_type=entity.node_type,
                label=short(entity.zh or entity.en or node_id(entity.iri)),
                columns={c.name: columns[c.name] for c in NODE_COLUMNS if c.name in columns},
                x=at[i][0],
                y=at[i][1],
                size=sizes[i],
            )
        )
    return nodes


def _names(entity: Entity) -> dict[str, Scalar]:
    names: dict[str, Scalar] = {
        "node_type": entity.node_type,
        "type_zh": TYPE_ZH[entity.node_type],
        "title": entity.zh or entity.en or node_id(entity.iri),
    }
    if entity.zh:
        names["label_zh"] = short(entity.zh)
    if entity.en:
        names["title_en"] = entity.en
        names["label_en"] = short(entity.en)
    return names


def _size(degree: int) -> float:
    """Radius from 4 to 40, growing with the square root of the number of edges."""
    return round(min(40.0, 4 + 3 * sqrt(degree)), 2)


def _best_first(
    near: list[list[int]], edges: Iterable[Edge], index: Mapping[str, int]
) -> list[list[int]]:
    """Neighbours, those first beside which a node is best drawn: its sponsor, its employer."""
    rank = {kind: i for i, kind in enumerate(RELATIONS)}
    best: list[dict[int, int]] = [{} for _ in near]
    for edge in edges:
        a, b, here = index[edge.source], index[edge.target], rank[edge.kind]
        best[a][b] = min(here, best[a].get(b, here))
        best[b][a] = min(here, best[b].get(a, here))
    return [
        sorted(ends, key=lambda other, mine=best[n]: (mine.get(other, 0), -len(near[other]), other))  # type: ignore[misc]
        for n, ends in enumerate(near)
    ]


def _telling(edges: Sequence[Edge]) -> Iterator[dict[str, Scalar]]:
    """The columns of as many edges as show which columns edges have."""
    yield from (edge.columns() for edge in edges[:1])
    yield from (e.columns() for e in islice((e for e in edges if e.evidence is not None), 1))
    yield from (e.columns() for e in islice((e for e in edges if e.newman_weight is not None), 1))


def _present(columns: Iterable[Column], rows: Iterable[Mapping[str, Scalar]]) -> tuple[Column, ...]:
    """The columns that some row has a value for."""
    found: set[str] = set()
    for row in rows:
        found.update(row)
    return tuple(column for column in columns if column.name in found)

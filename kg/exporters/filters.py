"""Smaller pictures: of the graph what some columns say, of a view its strongest ties.

Whole registries are too large to be drawn; what is left out is counted and told.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

from kg.counted import counted
from kg.errors import ToolError
from kg.exporters.facts import BETWEEN, Entity, Facts, Scalar
from kg.exporters.parts import NODE_COLUMNS
from kg.exporters.views import Selection

# What is known of a node before it is drawn; titles are no words to choose by.
# fmt: off
_KNOWN = frozenset({
    "node_type", "registration_number", "registry", "study_type", "phase", "status", "year",
    "start_year", "target_sample_size", "organization_kind", "country", "province", "city",
})
# fmt: on
COLUMNS = {c.name: c.type for c in NODE_COLUMNS if c.name in _KNOWN}
"""What a condition may ask, with the type of its values."""

_WRITTEN = re.compile(r"\s*([a-z_]+)\s*(>=|<=|!=|=)\s*(.*\S)\s*", re.DOTALL)


class Condition(NamedTuple):
    """What a column has to say: ``start_year>=2020``, ``country=CN``, ``status!=withdrawn``."""

    column: str
    sign: str
    value: str

    def __str__(self) -> str:
        return f"{self.column}{self.sign}{self.value}"

    def holds(self, said: Scalar) -> bool:
        """Whether a value is wanted; of several in one cell one is enough."""
        if self.sign in (">=", "<="):
            wanted = int(self.value)
            return int(said) >= wanted if self.sign == ">=" else int(said) <= wanted
        parts = {part.casefold() for part in str(said).split(BETWEEN)}
        return (self.value.casefold() in parts) == (self.sign == "=")


def condition(text: str) -> Condition:
    """A condition as it is written. Raises ToolError for one that cannot be asked.

    >>> condition("start_year >= 2020")
    Condition(column='start_year', sign='>=', value='2020')
    """
    found = _WRITTEN.fullmatch(text)
    if found is None or found[1] not in COLUMNS:
        raise ToolError(
            f"{text!r}: write 'COLUMN=VALUE', or with !=, >= or <=, in quotation marks; "
            f"columns: {', '.join(COLUMNS)}"
        )
    column, sign, value = found.groups()
    is_number = COLUMNS[column] == "integer"
    if is_number and not re.fullmatch(r"[0-9]{1,9}", value, re.ASCII):
        raise ToolError(f"{text!r}: {column} is a whole number")
    if not is_number and sign in (">=", "<="):
        raise ToolError(f"{text!r}: {column} is no number; write = or !=")
    return Condition(column, sign, value)


def narrowed(known: Facts, conditions: Sequence[Condition]) -> tuple[Facts, tuple[str, ...]]:
    """What of the graph the conditions leave, and in words how much.

    A node that has the column stays where all conditions hold; one without it stays where an edge
    ties it to one that stays for what it says: the hospitals and people of the trials that are
    wanted. The order of conditions does not matter.
    """
    if not conditions:
        return known, ()
    near: dict[str, list[str]] = defaultdict(list)
    for source, _, target in known.edges:
        near[source].append(target)
        near[target].append(source)
    kept = set(known.entities)
    before = -1
    while before != len(kept):  # one condition may take away what another one's node stood on
        before = len(kept)
        for one in conditions:
            kept &= _left(one, known.entities, near, kept)
    stay = [n for n, (source, _, target) in enumerate(known.edges) if {source, target} <= kept]
    less = replace(
        known,
        entities={iri: entity for iri, entity in known.entities.items() if iri in kept},
        edges=[known.edges[n] for n in stay],
        records=[known.records[n] for n in stay],
        trials=[known.trials[n] for n in stay],
    )
    return less, tuple(_told(known.entities, kept, conditions))


def _left(
    one: Condition, entities: dict[str, Entity], near: dict[str, list[str]], kept: set[str]
) -> set[str]:
    said = {iri: value for iri in kept if (value := _said(entities[iri], one.column)) is not None}
    wanted = {iri for iri, value in said.items() if one.holds(value)}
    tied = {iri for iri in kept - said.keys() if not wanted.isdisjoint(near[iri])}
    return wanted | tied


def _said(entity: Entity, column: str) -> Scalar | None:
    return entity.node_type if column == "node_type" else entity.columns.get(column)


def _told(
    entities: dict[str, Entity], kept: set[str], conditions: Sequence[Condition]
) -> Iterator[str]:
    of = " and ".join(map(str, conditions))
    yield f"where {of}: {len(kept):,} of {counted(len(entities), 'node')} of the graph stay"
    for one in conditions:
        said = {iri: _said(entity, one.column) is not None for iri, entity in entities.items()}
        telling = {entities[iri].node_type for iri, is_said in said.items() if is_said}
        silent = Counter(
            entities[iri].node_type
            for iri, is_said in said.items()
            if not is_said and iri not in kept and entities[iri].node_type in telling
        )
        if silent:
            shown = ", ".join(f"{n:,} of type {kind}" for kind, n in sorted(silent.items()))
            yield f"left out, since they say no {one.column}: {shown}"


class Strongest(NamedTuple):
    """What of a view stays, asked in this order."""

    min_weight: int = 1  # trials behind an edge
    min_degree: int = 0  # edges of a node
    component: bool = False  # only the largest part that hangs together
    top: int | None = None  # so many nodes, those with most edges

    def __str__(self) -> str:
        said = []
        if self.min_weight > 1:
            said.append(f"edges of weight {self.min_weight:,} or more")
        if self.min_degree:
            said.append(f"nodes with {counted(self.min_degree, 'edge')} or more")
        if self.component:
            said.append("the largest part that hangs together")
        if self.top is not None:
            said.append(f"the {counted(self.top, 'node')} with most edges")
        return ", ".join(said)


def heavy(chosen: Selection, least: int) -> Selection:
    """A view without edges of less weight; its nodes stay."""
    return replace(chosen, edges=[e for e in chosen.edges if e.weight >= least])


def strongest(chosen: Selection, asked: Strongest) -> Selection:
    """The nodes that are asked for with the edges between them; equal ones by their IRIs."""
    steps: list[tuple[bool, Callable[[Selection], set[str]]]] = [
        (asked.min_degree > 0, lambda it: _with_edges(it, asked.min_degree)),
        (asked.component, _largest_part),
        (asked.top is not None, lambda it: _with_most_edges(it, asked.top or 0)),
    ]
    for is_asked, step in steps:
        if is_asked:
            nodes = step(chosen)
            edges = [e for e in chosen.edges if e.source in nodes and e.target in nodes]
            chosen = replace(chosen, nodes=nodes, edges=edges)
    return chosen


def _degrees(chosen: Selection) -> Counter[str]:
    return Counter(end for edge in chosen.edges for end in (edge.source, edge.target))


def _with_edges(chosen: Selection, least: int) -> set[str]:
    return {node for node, n in _degrees(chosen).items() if n >= least}


def _with_most_edges(chosen: Selection, most: int) -> set[str]:
    degrees = _degrees(chosen)
    return set(sorted(chosen.nodes, key=lambda node: (-degrees[node], node))[:most])


def _largest_part(chosen: Selection) -> set[str]:
    near: dict[str, list[str]] = defaultdict(list)
    for edge in chosen.edges:
        near[edge.source].append(edge.target)
        near[edge.target].append(edge.source)
    largest: set[str] = set()
    left = set(chosen.nodes)
    for node in sorted(chosen.nodes):
        if node not in left:
            continue
        part, last = {node}, [node]
        while last:
            last = [n for n in {b for a in last for b in near[a]} if n not in part]
            part.update(last)
        left -= part
        if len(part) > len(largest):
            largest = part
    return largest

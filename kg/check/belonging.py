"""Whose records they are: the hospitals, committees, sponsors, provinces and year of each record.

Read from the current record versions and the identity graph, statement by statement: what one
record prints is counted for the entity that its mention was resolved to, and for nobody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.check.findings import Belonging, Kind
from kg.check.terms import Text, words
from kg.namespaces import ID, IDENTITY, code, expand

_PLACE = f"{ID}place/"
_UNNAMED = f"{_PLACE}x-"  # a place that no table of ours knows
_HOSPITAL = code("organization-kind", "hospital")
_LEAD = code("role", "lead-sponsor")


def belonging(store: Store, current: Iterable[NamedNode]) -> Belonging:
    """The groups that every record of the ``current`` versions belongs to.

    *Hospitals* are its sites and lead sponsors of that kind, *committees* those of its approvals
    whatever they decided, *sponsors* its lead sponsors, *provinces* those of its sites (a site
    abroad or without one counts for its country, a record without sites for its countries of
    recruitment), *year* that of its registration.
    """
    versions = set(current)
    record_of = dict(_pairs(store, "tkg:versionOf", versions))
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    entity = _entity(store)
    hospitals = {
        q.subject
        for q in store.quads_for_pattern(
            None, _node("tkg:organizationKind"), NamedNode(_HOSPITAL), NamedNode(IDENTITY)
        )
    }

    def add(graph: Any, kind: Kind, group: str) -> None:
        if (record := record_of.get(graph)) is not None:
            found[record.value][kind].add(group)

    for graph, _, mention in _quads(store, "tkg:siteOrganization", versions):
        if (one := entity.get(mention)) in hospitals:
            add(graph, "hospital", one.value)
    for graph, _, mention in _quads(store, "tkg:committee", versions):
        if (one := entity.get(mention)) is not None:
            add(graph, "committee", one.value)
    for graph, mention in _leads(store, versions):
        if (one := entity.get(mention)) is not None:
            add(graph, "sponsor", one.value)
            if one in hospitals:
                add(graph, "hospital", one.value)
    for graph, place in _places(store, versions, record_of):
        add(graph, "province", place)
    for graph, _, day in _quads(store, "tkg:registrationDate", versions):
        add(graph, "year", day.value[:4])
    of: dict[str, dict[str, tuple[str, ...]]] = {
        record: {kind: tuple(sorted(groups)) for kind, groups in kinds.items()}
        for record, kinds in found.items()
    }
    names = {g for kinds in of.values() for k, gs in kinds.items() if k != "year" for g in gs}
    trials: dict[str, list[str]] = defaultdict(list)
    for record in sorted(set(record_of.values()), key=lambda r: r.value):
        if (trial := entity.get(record)) is not None:
            trials[trial.value].append(record.value)
    return Belonging(
        of=of,
        labels=_labels(store, names),
        records={trial: tuple(records) for trial, records in trials.items()},
    )


def _node(curie: str) -> NamedNode:
    return NamedNode(expand(curie))


def _quads(store: Store, prop: str, graphs: set[NamedNode]) -> Iterator[tuple[Any, Any, Any]]:
    """Graph, subject and value of each statement in the graphs given."""
    for q in store.quads_for_pattern(None, _node(prop), None, None):
        if q.graph_name in graphs:
            yield q.graph_name, q.subject, q.object


def _pairs(store: Store, prop: str, graphs: set[NamedNode]) -> Iterator[tuple[Any, Any]]:
    """The same without the graph, where the graph speaks of itself."""
    for graph, subject, value in _quads(store, prop, graphs):
        if subject == graph and isinstance(value, NamedNode):
            yield graph, value


def _entity(store: Store) -> dict[Any, Any]:
    """What each mention and record was resolved to."""
    quads = store.quads_for_pattern(None, _node("tkg:refersTo"), None, NamedNode(IDENTITY))
    found: dict[Any, Any] = {}
    for q in quads:
        known = found.get(q.subject)
        if known is None or q.object.value < known.value:  # type: ignore[union-attr]
            found[q.subject] = q.object
    return found


def _leads(store: Store, graphs: set[NamedNode]) -> Iterator[tuple[Any, Any]]:
    """Graph and mention of each lead sponsor."""
    for q in store.quads_for_pattern(None, _node("tkg:role"), NamedNode(_LEAD), None):
        if q.graph_name in graphs:
            for said in store.quads_for_pattern(q.subject, _node("tkg:agent"), None, q.graph_name):
                yield q.graph_name, said.object


def _places(
    store: Store, graphs: set[NamedNode], record_of: Mapping[Any, Any]
) -> Iterator[tuple[Any, str]]:
    """Graph and province of each site; a country where none of its provinces is named."""
    whole = {
        q.subject.value: q.object.value  # type: ignore[union-attr]
        for q in store.quads_for_pattern(None, _node("dcterms:isPartOf"), None, None)
        if isinstance(q.object, NamedNode) and str(q.subject).startswith(f"<{_PLACE}")
    }
    sites = {(graph, part) for graph, _, part in _quads(store, "tkg:hasSiteParticipation", graphs)}
    found: dict[Any, set[str]] = defaultdict(set)
    for graph, part, place in _quads(store, "dcterms:spatial", graphs):
        if (graph, part) in sites and (known := _known(place.value, whole)):
            found[graph].add(known)
    for graph, record, place in _quads(store, "tkg:countryOfRecruitment", graphs):
        if record == record_of.get(graph) and (known := _known(place.value, whole)):
            found[graph].add(known)
    for graph, places in found.items():
        for place in places:
            if not any(other.startswith(f"{place}-") for other in places):
                yield graph, place


def _known(place: str, whole: Mapping[str, str]) -> str | None:
    """The place itself, or the nearest one around it that a table of ours names."""
    seen = set()
    while place.startswith(_UNNAMED) and place not in seen:
        seen.add(place)
        place = whole.get(place, "")
    return place if place.startswith(_PLACE) and not place.startswith(_UNNAMED) else None


def _labels(store: Store, nodes: Iterable[str]) -> dict[str, Text]:
    """What entities and places are called, in both languages."""
    found: dict[str, Text] = {}
    for node in nodes:
        texts: dict[str, str] = {}
        for q in store.quads_for_pattern(NamedNode(node), _node("rdfs:label"), None, None):
            if isinstance(q.object, Literal) and not isinstance(q.graph_name, DefaultGraph):
                tag = q.object.language or ""
                texts[tag] = min(q.object.value, texts.get(tag, q.object.value))
        other = next((texts[t] for t in sorted(texts)), words(node.rsplit("/", 1)[-1]))
        found[node] = Text(texts.get("en", other), texts.get("zh", other))
    return found

"""Structural rules that need the names of graphs, patterns of text or the ontology (rule book 3.5).

They run on the whole store and on what was seen in a pass over it (kg/check/scan.py); each yields
the nodes that are not well-formed. No value of ST-13 ever leaves that module.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import groupby, islice
from pathlib import Path
from typing import NamedTuple

from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    QuerySolutions,
    Store,
    Triple,
)

from kg.check.facts import Statements
from kg.check.graphs import CURRENT_VERSION, REFERS_TO, TYPE, name, nodes, record_graphs
from kg.check.scan import CONTACTS, NOTHING, Seen, Wanted, scanned
from kg.check.view import Hit
from kg.namespaces import BASE, CODE, DERIVED, FINDINGS, IDENTITY, REFERENCE, TKG, expand
from kg.runs import Runs, copied, dumped

_PART = 10_000
"""About so many statements of a graph are looked at together."""

_TOGETHER = 1_000
"""So many nodes are asked about at once: one by one takes four times as long."""

_ENTITIES_AT_HAND = 16_384
"""So many entities are kept with their classes: hospitals and people return."""

_NO_FILES: Mapping[str, Path] = {}

LABEL = NamedNode(expand("rdfs:label"))
_CONCEPT = NamedNode(expand("skos:Concept"))

# The list that a property takes its codes from.
SCHEMES = {
    TKG + prop: scheme
    for prop, scheme in (
        row.split()
        for row in (
            "declaredTiming registration-timing", "computedTiming registration-timing",
            "auditState audit-state", "studyType study-type", "phase phase",
            "designModel design-model", "allocation allocation", "masking masking",
            "maskedParty masked-party", "primaryPurpose primary-purpose",
            "timePerspective time-perspective", "recruitmentStatus recruitment-status",
            "siteStatus recruitment-status", "noAgeLimit age-limit", "sex sex",
            "healthyVolunteers answer", "resultsPublic results-public", "ipdSharing answer",
            "dataMonitoringCommittee answer", "registryKind registry-kind", "collects who-item",
            "role role", "channelKind channel-kind", "institutionLevel institution-level",
            "decision ethics-decision", "armType arm-type", "interventionType intervention-type",
            "outcomeType outcome-type", "specimenFate specimen-fate",
            "linkDecision link-decision", "organizationKind organization-kind",
            "statedKind organization-kind", "lastKnownStatus recruitment-status",
            "identifierStatus recruitment-status", "identifierRelation identifier-relation",
            "identifierType identifier-type", "hasFeature feature", "lacksFeature feature",
            "ageGroup age-group", "samplingMethod sampling-method",
            "ipdInformation ipd-information", "notPrinted who-item",
            "responsiblePartyType responsible-party-type",
            "specimenRetention specimen-retention", "topicKind topic-kind",
            "referenceKind reference-kind", "eventKind event-kind",
            "dateCertainty date-certainty",
        )
    )
}  # fmt: skip


class Part(NamedTuple):
    """Some statements of a graph, with all that is said of their subjects there.

    It can be looked through anywhere.
    """

    graph: str  # "" for the default graph
    lines: tuple[str, ...]  # of N-Triples
    record: bool
    keep: Wanted


def seen_in(
    store: Store, graphs: Iterable[NamedNode | DefaultGraph], keep: Wanted = NOTHING
) -> Seen:
    """What stands in some graphs of a store; ``keep`` is asked of the identity graph."""
    seen = Seen()
    for part in parts(store, graphs, keep):
        seen.add(looked_through(part))
    return seen


def parts(
    store: Store,
    graphs: Iterable[NamedNode | DefaultGraph],
    keep: Wanted = NOTHING,
    beside: Mapping[str, Path] = _NO_FILES,
) -> Iterator[Part]:
    """Some graphs of a store in parts; ``beside`` are files that hold the statements of one.

    ``keep`` is asked of the identity graph.
    """
    records = set(record_graphs(store))
    for graph in graphs:
        iri = "" if isinstance(graph, DefaultGraph) else graph.value
        runs = Runs()
        if iri in beside:
            copied(beside[iri], graph, runs)
        else:
            dumped(store, graph, runs)
        asked = keep if iri == IDENTITY else NOTHING
        for lines in _cut(runs.lines()):
            yield Part(iri, lines, graph in records, asked)


def looked_through(part: Part) -> Seen:
    """What stands in a part of a graph."""
    return scanned(
        part.graph,
        Statements(part.lines),
        record=part.record,
        derived=part.graph == DERIVED,
        keep=part.keep,
    )


def _cut(lines: Iterable[bytes]) -> Iterator[tuple[str, ...]]:
    some: list[str] = []
    for _, said in groupby(lines, lambda line: line.split(b" ", 1)[0]):
        some += (line[:-1].decode() for line in said)
        if len(some) >= _PART:
            yield tuple(some)
            some = []
    yield tuple(some)


def all_graphs(store: Store) -> list[NamedNode | DefaultGraph]:
    """The graphs of a store that a check looks at, the default one too, sorted."""
    # Not what a check found before: a store that is changed holds that until the end.
    named = [g for g in store.named_graphs() if isinstance(g, NamedNode) and g.value != FINDINGS]
    return [DefaultGraph(), *sorted(named, key=lambda g: g.value)]


def unnamed_nodes(store: Store, seen: Seen) -> Iterator[Hit]:
    """ST-01: subjects that are blank nodes or have no label in any graph."""
    left = seen.unlabelled()
    while some := list(islice(left, _TOGETHER)):
        blank = [node for node in some if node.startswith("_:")]
        yield from map(_nameless, blank)
        iris = " ".join(f"<{node}>" for node in some if not node.startswith("_:"))
        query = f"VALUES ?this {{ {iris} }} FILTER NOT EXISTS {{ ?this {LABEL} ?label }}"
        yield from map(_nameless, nodes(store, f"SELECT ?this {{ {query} }}", union=True))


def _nameless(node: str) -> Hit:
    return Hit(focus=node)


_ENTITY_OF = {
    NamedNode(expand(mention)): NamedNode(expand(entity))
    for mention, entity in (
        ("tkg:PersonMention", "foaf:Person"), ("tkg:OrganizationMention", "org:Organization"),
        ("tkg:CommitteeMention", "tkg:EthicsCommittee"), ("tkg:Record", "tkg:Trial"),
    )
}  # fmt: skip


def resolved_mentions(store: Store) -> Iterator[tuple[frozenset[str], list[Hit]]]:
    """ST-09: a current record's mentions and itself, each refers to one entity of its kind.

    Some records at a time: their mentions, and those of them that are not well-formed. The query of
    the shape says the same, as a test holds, with every mention of the store in memory.
    """
    identity = NamedNode(IDENTITY)

    @lru_cache(maxsize=_ENTITIES_AT_HAND)
    def kinds(entity: NamedNode) -> set[object]:
        return {q.object for q in store.quads_for_pattern(entity, TYPE, None, identity)}

    said = store.quads_for_pattern(None, CURRENT_VERSION, None, identity)
    versions = (q.object for q in said if isinstance(q.object, NamedNode))
    while some := set(islice(versions, _TOGETHER)):
        wanted: dict[NamedNode | BlankNode | Triple, set[NamedNode]] = defaultdict(set)
        for version in some:
            for mention, kind in _ENTITY_OF.items():
                for q in store.quads_for_pattern(None, TYPE, mention, version):
                    wanted[q.subject].add(kind)
        hits = []
        for node, of in wanted.items():
            found = {q.object for q in store.quads_for_pattern(node, REFERS_TO, None, identity)}
            named = (entity for entity in found if isinstance(entity, NamedNode))
            right = {kind for entity in named for kind in kinds(entity) & of}
            if len(found) != 1 or len(right) != 1:
                values = {"n": str(len(found)), "right": str(len(right))}
                hits.append(Hit(focus=name(node), values=values))
        if wanted:
            yield frozenset(map(name, wanted)), hits


def strange_tags(store: Store, seen: Seen) -> Iterator[Hit]:
    """ST-05: texts whose language tag is none of ours, or that are several in one language."""
    yield from seen.tags


def strange_codes(store: Store, seen: Seen) -> Iterator[Hit]:
    """ST-07: values of coded properties that are no code of their list."""
    reference = NamedNode(REFERENCE)
    known = {
        q.subject for q in store.quads_for_pattern(None, TYPE, _CONCEPT, reference)
    }  # empty while no reference graph is written: then the form of the IRI decides
    for prop, scheme in SCHEMES.items():
        form = re.compile(re.escape(f"{CODE}{scheme}/") + r"[A-Za-z0-9-]+")
        for code in _values(store, prop):
            fits = isinstance(code, NamedNode) and form.fullmatch(code.value)
            if fits and (not known or code in known):
                continue
            for q in store.quads_for_pattern(None, NamedNode(prop), code, None):
                yield Hit(
                    focus=name(q.subject),
                    field=prop.removeprefix(TKG),
                    values={"value": name(code)},
                )


def _values(store: Store, prop: str) -> list[NamedNode | BlankNode | Literal]:
    """What a property leads to in any graph, each once: few codes for many statements."""
    query = f"SELECT DISTINCT ?code {{ ?node <{prop}> ?code }}"
    found = store.query(query, use_default_graph_as_union=True)
    assert isinstance(found, QuerySolutions)
    return [row[0] for row in found]


def wrong_layer(store: Store, seen: Seen) -> Iterator[Hit]:
    """ST-08: entities and derived edges in record graphs; anything else in the derived graph."""
    yield from seen.misplaced


def contacts_in_text(store: Store, seen: Seen) -> Iterator[Hit]:
    """ST-13: texts that look like they hold an e-mail address or a telephone number."""
    yield from seen.contacts


def undeclared_terms(store: Store, seen: Seen) -> Iterator[Hit]:
    """ST-14: properties and classes of ours that the ontology does not declare, or has retired."""
    for term, user in seen.users.items():
        yield Hit(focus=user, values={"value": term})


def examined(store: Store) -> set[str]:
    """The graphs that structural rules without a class of their own have looked through."""
    graphs = {g.value for g in all_graphs(store) if isinstance(g, NamedNode)}
    return {g for g in graphs if g.startswith(BASE) and not g.endswith(CONTACTS)} | (
        {IDENTITY} & graphs
    )


IN_PARTS: dict[str, Callable[[Store], Iterator[tuple[frozenset[str], list[Hit]]]]] = {
    "ST-09": resolved_mentions,
}
"""Rules whose nodes are each of one record: what they look at, and find, some at a time."""

RULES: dict[str, Callable[[Store, Seen], Iterator[Hit]]] = {
    "ST-01": unnamed_nodes,
    "ST-05": strange_tags,
    "ST-07": strange_codes,
    "ST-08": wrong_layer,
    "ST-13": contacts_in_text,
    "ST-14": undeclared_terms,
}

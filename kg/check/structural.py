"""Structural rules that need the names of graphs, patterns of text or the ontology (rule book 3.5).

They run on the whole store; each yields the nodes that are not well-formed. No value of ST-13 ever
leaves this module.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from pyoxigraph import BlankNode, Literal, NamedNode, Quad, Store

from kg.check.graphs import CONTACTS, ENTITIES, TYPE, name, record_graphs
from kg.check.terms import terms
from kg.check.view import Hit
from kg.contacts import CONTACT
from kg.namespaces import BASE, CODE, DERIVED, IDENTITY, REFERENCE, TKG, expand

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

# Edges and classes that only resolve and derive write.
ENTITY_CLASSES = frozenset(
    map(expand, ("tkg:Trial", "foaf:Person", "org:Organization", "tkg:EthicsCommittee"))
)
_EDGES = (
    "refersTo record primarySponsor secondarySponsor collaborator site funder "
    "principalInvestigator siteInvestigator publicContact scientificContact approvedBy "
    "primaryOutcome secondaryOutcome computedTiming affiliatedWith contactPerson"
)
DERIVED_EDGES = frozenset(TKG + edge for edge in _EDGES.split())

# Literals that are no text of a source: digests, and numbers of registries, which have a form.
_NO_TEXT = frozenset(map(expand, ("tkg:sourceSha256", "tkg:registrationNumber", "skos:notation")))
_TEXT = frozenset((expand("xsd:string"), expand("rdf:langString")))


def _statements(store: Store) -> Iterator[Quad]:
    """Everything but contact graphs."""
    for graph in sorted(store.named_graphs(), key=str):
        if not name(graph).endswith(CONTACTS):
            yield from store.quads_for_pattern(None, None, None, graph)


def unnamed_nodes(store: Store) -> Iterator[Hit]:
    """ST-01: subjects that are blank nodes or have no label."""
    subjects = {q.subject for q in _statements(store)}
    for subject in subjects:
        blank = isinstance(subject, BlankNode)
        if blank or next(store.quads_for_pattern(subject, LABEL, None, None), None) is None:
            yield Hit(focus=name(subject))


def strange_codes(store: Store) -> Iterator[Hit]:
    """ST-07: values of coded properties that are no code of their list."""
    reference = NamedNode(REFERENCE)
    known = {
        q.subject for q in store.quads_for_pattern(None, TYPE, _CONCEPT, reference)
    }  # empty while no reference graph is written: then the form of the IRI decides
    for prop, scheme in SCHEMES.items():
        form = re.compile(re.escape(f"{CODE}{scheme}/") + r"[A-Za-z0-9-]+")
        for q in store.quads_for_pattern(None, NamedNode(prop), None, None):
            fits = isinstance(q.object, NamedNode) and form.fullmatch(q.object.value)
            if not fits or (known and q.object not in known):
                yield Hit(
                    focus=name(q.subject),
                    field=prop.removeprefix(TKG),
                    values={"value": name(q.object)},
                )


def wrong_layer(store: Store) -> Iterator[Hit]:
    """ST-08: entities and derived edges in record graphs; anything else in the derived graph."""
    for graph in record_graphs(store):
        for q in store.quads_for_pattern(None, None, None, graph):
            typed = q.predicate == TYPE and name(q.object) in ENTITY_CLASSES
            if typed or q.predicate.value in DERIVED_EDGES:
                value = name(q.object) if typed else q.predicate.value
                values = {"value": value, "graph": graph.value}
                yield Hit(focus=name(q.subject), values=values)
    for q in store.quads_for_pattern(None, None, None, NamedNode(DERIVED)):
        if not name(q.subject).startswith(ENTITIES):
            values = {"value": q.predicate.value, "graph": DERIVED}
            yield Hit(focus=name(q.subject), values=values)


def contacts_in_text(store: Store) -> Iterator[Hit]:
    """ST-13: texts that look like they hold an e-mail address or a telephone number."""
    for q in _statements(store):
        if (
            isinstance(q.object, Literal)
            and q.object.datatype.value in _TEXT
            and q.predicate.value not in _NO_TEXT
            and CONTACT.search(q.object.value)
        ):
            yield Hit(focus=name(q.subject), field=re.split(r"[#/]", q.predicate.value)[-1])


def undeclared_terms(store: Store) -> Iterator[Hit]:
    """ST-14: properties and classes of ours that the ontology does not declare, or has retired."""
    ontology = terms()
    users: dict[str, str] = {}  # each term with the smallest node that uses it
    for q in _statements(store):
        found = [q.predicate.value]
        if q.predicate == TYPE:
            found.append(name(q.object))
        user = name(q.subject)
        for term in found:
            users[term] = min(users.get(term, user), user)
    for term, user in users.items():
        ours = term.startswith(TKG)
        if (ours and term not in ontology.declared) or term in ontology.deprecated:
            yield Hit(focus=user, values={"value": term})


def examined(store: Store) -> set[str]:
    """The graphs that structural rules without a class of their own have looked through."""
    graphs = {name(g) for g in store.named_graphs()}
    return {g for g in graphs if g.startswith(BASE) and not g.endswith(CONTACTS)} | (
        {IDENTITY} & graphs
    )


RULES: dict[str, Callable[[Store], Iterator[Hit]]] = {
    "ST-01": unnamed_nodes,
    "ST-07": strange_codes,
    "ST-08": wrong_layer,
    "ST-13": contacts_in_text,
    "ST-14": undeclared_terms,
}

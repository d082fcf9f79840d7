"""The identity graph as N-Quads: entities, what refers to them, links with their reasons."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from kg.namespaces import ID, IDENTITY, code, expand
from kg.nquads import literal
from kg.resolve.entities import Entity
from kg.resolve.identity import Resolution
from kg.resolve.links import BY_A_PERSON, Kind, Link, decimal

_CLASSES: dict[Kind, str] = {
    "trial": "tkg:Trial",
    "person": "foaf:Person",
    "organization": "org:Organization",
    "committee": "tkg:EthicsCommittee",
}
_RELATIONS = {
    "committeeOf": "tkg:committeeOf",
    "departmentOf": "tkg:departmentOf",
    "isPartOf": "dcterms:isPartOf",
    "successorOf": "tkg:successorOf",
}
_END = f" <{IDENTITY}> .\n"


def _line(subject: str, predicate: str, written: str) -> str:
    return f"<{subject}> <{expand(predicate)}> {written}{_END}"


def quads(resolution: Resolution) -> Iterator[str]:
    """The identity graph as N-Quads lines: entities, what refers to them, links."""
    yield from placed(resolution, resolution.refers)
    for entity in resolution.entities:
        yield from _entity_lines(entity)
    for trial, relation, other in resolution.related:
        yield _line(trial, relation, f"<{other}>")
    for link in resolution.links:
        yield from _link_lines(link)
    for gone, kept in resolution.replaced.items():
        kind = gone.removeprefix(ID).partition("/")[0]
        yield _line(gone, "rdfs:label", literal(f"replaced {kind}", language="en"))
        yield _line(gone, "dcterms:isReplacedBy", f"<{kept}>")
    for part, whole in resolution.derived.items():
        yield _line(part, "prov:wasDerivedFrom", f"<{whole}>")


def placed(resolution: Resolution, members: Iterable[str]) -> Iterator[str]:
    """Of the identity graph, what it says of some mentions and records."""
    for member in members:
        yield _line(member, "tkg:refersTo", f"<{resolution.refers[member]}>")
        if (version := resolution.versions.get(member)) is not None:
            yield _line(member, "tkg:currentVersion", f"<{version}>")
        if (rank := resolution.ranks.get(member)) is not None:
            yield _line(member, "tkg:recordRank", literal(str(rank), datatype="xsd:integer"))


def _entity_lines(entity: Entity) -> Iterator[str]:
    yield _line(entity.iri, "rdf:type", f"<{expand(_CLASSES[entity.kind])}>")
    for text, language in entity.labels:
        yield _line(entity.iri, "rdfs:label", literal(text, language=language))
        if entity.kind != "trial":
            yield _line(entity.iri, "skos:prefLabel", literal(text, language=language))
    if not entity.labels:
        yield _line(entity.iri, "rdfs:label", literal(f"unnamed {entity.kind}", language="en"))
    for text, language in entity.alternatives:
        yield _line(entity.iri, "skos:altLabel", literal(text, language=language))
    if entity.organization_kind:
        kind = code("organization-kind", entity.organization_kind)
        yield _line(entity.iri, "tkg:organizationKind", f"<{kind}>")
    if entity.external:
        ror, certain = entity.external
        if ror not in entity.exact:
            yield _line(entity.iri, f"skos:{'exact' if certain else 'close'}Match", f"<{ror}>")
    for other in entity.exact:
        yield _line(entity.iri, "skos:exactMatch", f"<{other}>")
    for relation, other in sorted(entity.relations.items()):
        yield _line(entity.iri, _RELATIONS[relation], f"<{other}>")


def _link_lines(link: Link) -> Iterator[str]:
    iri, decision = link.iri, code("link-decision", link.decision)
    yield _line(iri, "rdf:type", f"<{expand('tkg:Link')}>")
    label = f"{link.decision} {link.kind}, rule {link.rule}"
    yield _line(iri, "rdfs:label", literal(label))
    yield _line(iri, "tkg:left", f"<{link.left}>")
    yield _line(iri, "tkg:right", f"<{link.right}>")
    yield _line(iri, "tkg:linkDecision", f"<{decision}>")
    yield _line(iri, "tkg:rule", literal(link.rule))
    if link.rule not in BY_A_PERSON:
        # XSD 1.1 has no ".0" in the canonical form, which Oxigraph writes too.
        score = decimal(link.score).removesuffix(".0")
        yield _line(iri, "tkg:score", literal(score, datatype="xsd:decimal"))
    yield _line(iri, "tkg:evidence", literal(link.evidence))

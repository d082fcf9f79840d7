"""Who is who: mentions in, entities and links out. A pure function; input order never matters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from kg.contacts import ContactKey
from kg.namespaces import IDENTITY, code, expand
from kg.nquads import literal
from kg.resolve.clusters import Clusters
from kg.resolve.committees import Committees
from kg.resolve.entities import Entity, labels, minted, named, trial_iri
from kg.resolve.kinds import organization_kind
from kg.resolve.links import Edge, Kind, Link, Refusal, decimal, judged
from kg.resolve.mentions import Mention, Mentions
from kg.resolve.names import han
from kg.resolve.organization_rules import Alias
from kg.resolve.organizations import Organizations
from kg.resolve.people import People
from kg.resolve.registrations import rank
from kg.resolve.ror import Index
from kg.resolve.trials import Trials

Contact = ContactKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Who is who. ``refers``: entity of each mention and trial of each record.

    ``replaced``: earlier entities that are now part of others. ``cut``: blocks not compared whole.
    """

    entities: tuple[Entity, ...]
    links: tuple[Link, ...]
    refused: tuple[Refusal, ...]
    refers: Mapping[str, str]
    versions: Mapping[str, str]
    ranks: Mapping[str, int]
    replaced: Mapping[str, str]
    cut: tuple[str, ...]
    names: Mapping[str, str]  # printed name of each mention, title of each record: for tables
    related: tuple[tuple[str, str, str], ...] = ()  # trial, property, trial
    aliases: tuple[Alias, ...] = ()  # pairs of names that the records teach

    def of_kind(self, kind: Kind) -> list[Entity]:
        """The entities of one kind, by IRI."""
        return [entity for entity in self.entities if entity.kind == kind]


def resolve(
    mentions: Mentions,
    contacts: Mapping[str, frozenset[Contact]],
    previous: Mapping[str, str] | None = None,
    ror: Index | None = None,
) -> Resolution:
    """Who is who among ``mentions``.

    ``contacts`` holds keyed digests of the mailboxes and telephones printed with a mention; nothing
    written depends on the key. ``previous`` says what mentions and records referred to before;
    their ids are kept. ``ror`` is what a dump of ROR holds.
    """
    earlier = previous or {}
    organizations = Organizations(mentions, ror)
    committees = Committees(mentions, organizations)
    people = People(mentions, contacts, organizations, committees)
    trials = Trials(mentions, organizations)
    entities = [*_organizations(mentions, organizations, earlier)]
    refers = {member: entity.iri for entity in entities for member in entity.members}
    entities += _committees(mentions, committees, refers, earlier)
    entities += _plain("person", people.clusters, mentions, earlier)
    entities += _trials(mentions, trials, earlier)
    refers = {member: entity.iri for entity in entities for member in entity.members}
    stages: tuple[tuple[Kind, Clusters, list[Edge]], ...] = (
        ("organization", organizations.clusters, organizations.possible),
        ("committee", committees.clusters, committees.possible),
        ("person", people.clusters, people.possible),
        ("trial", trials.clusters, trials.possible),
    )
    return Resolution(
        entities=tuple(sorted(entities, key=lambda entity: entity.iri)),
        links=tuple(_links(stages, refers)),
        refused=tuple(
            sorted((r for _, of, _ in stages for r in of.refused), key=lambda r: r.edge.rank)
        ),
        refers=dict(sorted(refers.items())),
        versions={iri: record.current for iri, record in sorted(mentions.records.items())},
        ranks=_ranks(mentions, trials),
        replaced=_replaced(earlier, refers),
        cut=tuple(sorted(people.cut)),
        names=_names(mentions),
        aliases=tuple(organizations.aliases()),
        related=tuple(
            sorted(
                {
                    (refers[a], relation, refers[b])
                    for a, relation, b in trials.relations
                    if refers[a] != refers[b]
                }
            )
        ),
    )


def _links(
    stages: tuple[tuple[Kind, Clusters, list[Edge]], ...], refers: Mapping[str, str]
) -> list[Link]:
    """One link per pair and rule; a veto weighs more than a question."""
    found: dict[str, Link] = {}
    for kind, clusters, possible in stages:
        for asked in sorted(possible, key=lambda e: (e.rank, e.evidence)):
            if refers[asked.left] != refers[asked.right]:
                link = judged(kind, "possible", asked)
                found.setdefault(link.iri, link)
        for refusal in sorted(clusters.refused, key=lambda r: (r.edge.rank, r.edge.evidence)):
            decision = "different" if refusal.veto else "possible"
            link = judged(kind, decision, refusal.edge, refusal.reason)  # type: ignore[arg-type]
            found[link.iri] = link
        for taken in sorted(clusters.taken, key=lambda e: (e.rank, e.evidence)):
            link = judged(kind, "same", taken)
            known = found.get(link.iri)
            if known is None or known.decision != "same":
                found[link.iri] = link
    return sorted(found.values(), key=lambda link: link.iri)


def _organizations(
    mentions: Mentions, organizations: Organizations, earlier: Mapping[str, str]
) -> list[Entity]:
    groups = list(organizations.clusters.groups())
    iris = named(groups, mentions, lambda m: minted("organization", m), earlier)
    refers = {member: iri for iri, group in zip(iris, groups, strict=True) for member in group}
    made = []
    for iri, group in zip(iris, groups, strict=True):
        preferred, others = labels(mentions.by_iri[m] for m in group)
        zh = next((text for text, _ in preferred if han(text)), None)
        en = next((text for text, _ in reversed(preferred) if not han(text)), None)
        made.append(
            Entity(
                iri=iri,
                kind="organization",
                members=tuple(group),
                labels=preferred,
                alternatives=others,
                organization_kind=organization_kind(zh, en),
                relations={
                    relation: refers[whole]
                    for relation, whole in organizations.parents(group).items()
                },
                external=organizations.external(group),
            )
        )
    return made


def _committees(
    mentions: Mentions,
    committees: Committees,
    refers: Mapping[str, str],
    earlier: Mapping[str, str],
) -> list[Entity]:
    made = []
    for entity in _plain("committee", committees.clusters, mentions, earlier):
        parent = committees.parent(list(entity.members))
        made.append(replace(entity, relations={"committeeOf": refers[parent]} if parent else {}))
    return made


def _plain(
    kind: Kind, clusters: Clusters, mentions: Mentions, earlier: Mapping[str, str]
) -> list[Entity]:
    groups = list(clusters.groups())
    made = []
    for iri, group in zip(
        named(groups, mentions, lambda m: minted(kind, m), earlier), groups, strict=True
    ):
        preferred, others = labels(mentions.by_iri[m] for m in group)
        made.append(
            Entity(
                iri=iri,
                kind=kind,
                members=tuple(group),
                labels=preferred,
                alternatives=others,
            )
        )
    return made


def _trials(mentions: Mentions, trials: Trials, earlier: Mapping[str, str]) -> list[Entity]:
    """Trials are named by their leading record: that of the best rank with a title."""
    groups = list(trials.clusters.groups())

    def mint(record: str) -> str:
        facts = mentions.records.get(record)
        return trial_iri(facts) if facts else minted("trial", record)

    made = []
    for iri, group in zip(named(groups, mentions, mint, earlier), groups, strict=True):
        records = sorted((mentions.records[m] for m in group), key=rank)
        titled = next((r for r in records if r.titles), None)
        names: dict[str, str] = {}
        for title in titled.titles if titled else ():  # public titles come first
            names.setdefault(title.language, title.text)
        made.append(
            Entity(
                iri=iri,
                kind="trial",
                members=tuple(group),
                labels=tuple((text, language) for language, text in sorted(names.items()))
                or ((records[0].number or iri.rpartition("/")[2], ""),),
            )
        )
    return made


def _ranks(mentions: Mentions, trials: Trials) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for group in trials.clusters.groups():
        ordered = sorted((mentions.records[m] for m in group), key=rank)
        ranks |= {record.iri: number for number, record in enumerate(ordered, start=1)}
    return dict(sorted(ranks.items()))


def _replaced(earlier: Mapping[str, str], refers: Mapping[str, str]) -> dict[str, str]:
    """Earlier ids that no group kept, with the entity of the smallest mention they had."""
    alive = set(refers.values())
    gone: dict[str, str] = {}
    for member, iri in sorted(earlier.items()):
        if iri not in alive and member in refers:
            gone.setdefault(iri, refers[member])
    return dict(sorted(gone.items()))


def _names(mentions: Mentions) -> dict[str, str]:
    names = {mention.iri: _printed(mention) for mention in mentions}
    for record in mentions.records.values():
        title = next((t.text for t in record.titles), "")
        names[record.iri] = title or record.number or record.iri.rpartition("/")[2]
    return names


def _printed(mention: Mention) -> str:
    return next((text for text, _ in mention.printed), "")


# -- N-Quads --------------------------------------------------------------------------------------

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
}
_END = f" <{IDENTITY}> .\n"


def _line(subject: str, predicate: str, written: str) -> str:
    return f"<{subject}> <{expand(predicate)}> {written}{_END}"


def quads(resolution: Resolution) -> Iterator[str]:
    """The identity graph as N-Quads lines: entities, what refers to them, links."""
    for member, iri in resolution.refers.items():
        yield _line(member, "tkg:refersTo", f"<{iri}>")
    for record, version in resolution.versions.items():
        yield _line(record, "tkg:currentVersion", f"<{version}>")
    for record, number in resolution.ranks.items():
        yield _line(record, "tkg:recordRank", literal(str(number), datatype="xsd:integer"))
    for entity in resolution.entities:
        yield from _entity_lines(entity)
    for trial, relation, other in resolution.related:
        yield _line(trial, relation, f"<{other}>")
    for link in resolution.links:
        yield from _link_lines(link)
    for gone, kept in resolution.replaced.items():
        yield _line(gone, "dcterms:isReplacedBy", f"<{kept}>")


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
        yield _line(entity.iri, f"skos:{'exact' if certain else 'close'}Match", f"<{ror}>")
    for relation, other in sorted(entity.relations.items()):
        yield _line(entity.iri, _RELATIONS[relation], f"<{other}>")


def _link_lines(link: Link) -> Iterator[str]:
    decision = code("link-decision", link.decision)
    yield _line(link.iri, "rdf:type", f"<{expand('tkg:Link')}>")
    label = f"{link.decision} {link.kind}, rule {link.rule}"
    yield _line(link.iri, "rdfs:label", literal(label))
    yield _line(link.iri, "tkg:left", f"<{link.left}>")
    yield _line(link.iri, "tkg:right", f"<{link.right}>")
    yield _line(link.iri, "tkg:linkDecision", f"<{decision}>")
    yield _line(link.iri, "tkg:rule", literal(link.rule))
    yield _line(link.iri, "tkg:score", literal(decimal(link.score), datatype="xsd:decimal"))
    yield _line(link.iri, "tkg:evidence", literal(link.evidence))

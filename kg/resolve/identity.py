"""Who is who: mentions in, entities and links out. A pure function; input order never matters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge
from itertools import chain
from types import MappingProxyType

from kg.contacts.digests import ContactKey
from kg.resolve.circles import Alias, Asked, answered
from kg.resolve.committees import Committees
from kg.resolve.corrected import accepted, spelled, spelled_organization
from kg.resolve.entities import Entity, labels, minted, trial_iri
from kg.resolve.groups import Groups
from kg.resolve.ledger import Ledger, Naming, borne_by, corrected
from kg.resolve.links import Decision, Kind, Link, Refusal, judged
from kg.resolve.mentions import Mentions
from kg.resolve.names.comparable import han
from kg.resolve.names.kinds import organization_kind
from kg.resolve.orcid import orcid_of
from kg.resolve.organization_rules import printed_ids
from kg.resolve.organizations import Organizations
from kg.resolve.overrides import RELATIONS, Decided, Override, decided
from kg.resolve.people import People
from kg.resolve.readings import Printed, Reading
from kg.resolve.registrations import rank
from kg.resolve.ror import Index
from kg.resolve.trials import Trials

Contact = ContactKey


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Who is who. ``refers``: entity of each mention and trial of each record.

    ``replaced``: earlier entities that are now part of others; ``derived``: those that were split
    off from others; ``ledger`` is what the next build reads. ``cut``: blocks not compared whole.
    ``gone``: rows of the overrides that speak of what is not there.
    """

    entities: tuple[Entity, ...]
    links: tuple[Link, ...]
    refused: tuple[Refusal, ...]
    refers: Mapping[str, str]
    versions: Mapping[str, str]
    ranks: Mapping[str, int]
    replaced: Mapping[str, str]
    cut: tuple[str, ...]
    names: Mapping[str, str]  # printed name or title of each end of a link: for tables
    related: tuple[tuple[str, str, str], ...] = ()  # trial, property, trial
    derived: Mapping[str, str] = field(default_factory=dict)
    ledger: Ledger = field(default_factory=Ledger)
    gone: tuple[Override, ...] = ()
    aliases: tuple[Alias, ...] = ()  # pairs of names that the records teach

    def of_kind(self, kind: Kind) -> list[Entity]:
        """The entities of one kind, by IRI."""
        return [entity for entity in self.entities if entity.kind == kind]


def resolve(
    mentions: Mentions,
    contacts: Mapping[str, Collection[Contact]],
    known: Ledger | None = None,
    overrides: Sequence[Override] = (),
    ror: Index | None = None,
    readings: Mapping[Printed, Reading] = MappingProxyType({}),
    asked: Asked = answered,
) -> Resolution:
    """Who is who among ``mentions``.

    ``contacts`` holds keyed digests of the mailboxes and telephones printed with a mention; nothing
    written depends on the key. ``known`` are the ids given before; they are kept, and the answer
    has a ledger for the next time; None: nobody keeps one. ``overrides`` are a person's word;
    ``ror`` is what a dump of ROR holds; ``readings`` are names of organizations that have
    been read already; ``asked`` answers circles, here or elsewhere. Raises ToolError where
    overrides contradict each other.
    """
    said = _decided(mentions, known or Ledger(), overrides)
    mentions = replace(mentions, decided=said)
    organizations = Organizations(mentions, ror, readings, asked)
    committees = Committees(mentions, organizations)
    found = _Found(said)
    # Of a million mentions, what was thought about them is large: only groups are kept.
    persons = People(mentions, contacts, organizations, committees, asked).groups
    cut = persons.cut
    found.take(persons)
    thought = Trials(mentions, organizations)
    trials, related = thought.groups, thought.relations
    del thought
    found.take(trials)
    naming = Naming(
        known,
        lambda iri: mentions.order(iri),
        lambda iri: _version(mentions, iri),
        lambda iri: accepted(mentions.by_iri[iri]) if iri in mentions.by_iri else frozenset(),
    )
    entities = [*_organizations(mentions, organizations, naming)]
    refers = {member: entity.iri for entity in entities for member in entity.members}
    entities += _committees(mentions, committees, refers, naming)
    found.take(organizations.groups)
    found.take(committees.groups)
    aliases = tuple(organizations.aliases())
    del organizations, committees
    mentions = replace(mentions)  # without the orders in which they were looked at
    entities += _people(mentions, persons, naming)
    entities += _trials(mentions, trials, naming)
    del persons, trials
    links = tuple(found.links())
    refused = tuple(sorted(found.refused, key=lambda r: r.edge.rank))
    del found
    refers = dict.fromkeys(sorted(chain(mentions.by_iri, mentions.records)), "")
    refers |= ((member, entity.iri) for entity in entities for member in entity.members)
    entities = sorted(_confirmed(entities, said, refers), key=lambda entity: entity.iri)
    alive = {entity.iri for entity in entities} if known and known.rows else set()
    return Resolution(
        entities=tuple(entities),
        links=links,
        refused=refused,
        refers=refers,
        versions={iri: mentions.records[iri].current for iri in sorted(mentions.records)},
        ranks=_ranks(mentions, entities),
        replaced=naming.replaced(alive),
        cut=tuple(sorted(cut)),
        names=_names(mentions, links),
        related=_related(mentions, related, said, refers),
        derived=naming.derived(alive),
        ledger=naming.ledger(),
        gone=said.gone,
        aliases=aliases,
    )


def _decided(mentions: Mentions, known: Ledger, overrides: Sequence[Override]) -> Decided:
    """What people decided about these mentions; an entity's id stands for its founder."""
    if not overrides:
        return mentions.decided
    kinds: dict[str, str] = {mention.iri: mention.kind for mention in mentions}
    kinds |= dict.fromkeys(mentions.records, "trial")
    founders = {minted(mention.kind, mention.iri): mention.iri for mention in mentions}
    founders |= {trial_iri(record): iri for iri, record in mentions.records.items()}
    return decided(overrides, kinds, founders | _standing(mentions, known, kinds))


def _standing(mentions: Mentions, known: Ledger, here: Mapping[str, str]) -> dict[str, str]:
    """What every id given before stands for: its founder, or who bears it now that he is gone."""
    heirs: dict[str, str] = {}
    if any(row.founder not in here for row in known.rows):
        had_one = {member for row in known.rows for member in row.members}
        apart = {mention.iri: mention.iri for mention in mentions}
        stands_for = corrected(
            borne_by(known.rows), apart, had_one, lambda iri: accepted(mentions.by_iri[iri])
        )
        for mention in sorted(stands_for, key=mentions.order, reverse=True):
            heirs[stands_for[mention].entity] = mention
    found = {}
    for row in known.rows:
        bearers = [row.founder] if row.founder in here else [m for m in row.members if m in here]
        found[row.iri] = min(bearers, key=mentions.order, default=heirs.get(row.iri, row.founder))
    return found


def _version(mentions: Mentions, iri: str) -> str:
    mention = mentions.by_iri.get(iri)
    return mentions.records[mention.record if mention else iri].current


def _confirmed(
    entities: Iterable[Entity], said: Decided, refers: Mapping[str, str]
) -> Iterator[Entity]:
    """The entities with what people say of them: ids, wholes, predecessors."""
    relations: dict[str, dict[str, str]] = defaultdict(dict)
    denied: dict[str, set[str]] = defaultdict(set)
    outside: dict[str, set[str]] = defaultdict(set)
    for subject, predicate, other, _ in said.relations:
        relations[refers[subject]][RELATIONS[predicate]] = refers[other]
    for subject, predicate, _, _ in said.denied:
        denied[refers[subject]].add(RELATIONS[predicate])
    for member, iri, _ in said.outside:
        outside[refers[member]].add(iri)
    for entity in entities:
        iri = entity.iri
        if iri in relations or iri in denied or iri in outside:
            kept = {k: v for k, v in entity.relations.items() if k not in denied[iri]}
            told = relations[iri] if entity.kind == "organization" else {}
            exact = tuple(sorted({*entity.exact, *outside[iri]}))
            yield replace(entity, relations=kept | told, exact=exact)
        else:
            yield entity


def _related(
    mentions: Mentions,
    stated: Iterable[tuple[str, str, str]],
    said: Decided,
    refers: Mapping[str, str],
) -> tuple[tuple[str, str, str], ...]:
    by_person = {(a, p, b) for a, p, b, _ in said.relations if a in mentions.records}
    denied = {(refers[a], p, refers[b]) for a, p, b, _ in said.denied}
    found = {(refers[a], relation, refers[b]) for a, relation, b in {*stated, *by_person}}
    return tuple(sorted((a, p, b) for a, p, b in found - denied if a != b))


class _Found:
    """What was judged of each kind: links, and the edges that were refused."""

    def __init__(self, said: Decided) -> None:
        self.refused: list[Refusal] = []
        self._by_kind: list[list[Link]] = []
        self._settled = [
            *((pair.left, pair.right) for pair in said.apart),
            *((subject, other) for subject, _, other, _ in said.denied),
        ]

    def take(self, groups: Groups) -> None:
        """Make links of the edges of a kind, and of these no more use."""
        by_iri = self._questions(groups)
        for taken in groups.taken:
            link = judged("same", taken)
            known = by_iri.get(iri := link.iri)
            if known is None or known.decision != "same" or link.evidence < known.evidence:
                by_iri[iri] = link
        self._by_kind.append([by_iri[iri] for iri in sorted(by_iri)])
        self.refused += groups.refused
        groups.taken.clear()

    def links(self) -> Iterator[Link]:
        """One link per pair and rule, by IRI."""
        return merge(*self._by_kind, key=lambda link: link.iri)

    def _questions(self, groups: Groups) -> dict[str, Link]:
        """What was asked or refused; a veto weighs more than a question, a person than both."""
        root = groups.root

        def ends(a: str, b: str) -> frozenset[str]:
            return frozenset((root(a), root(b)))

        settled = {ends(a, b) for a, b in self._settled if a in groups and b in groups}
        found: dict[str, Link] = {}
        for asked in sorted(groups.possible, key=lambda e: (e.rank, e.evidence)):
            between = ends(asked.left, asked.right)
            if len(between) == 2 and between not in settled:
                link = judged("possible", asked)
                found.setdefault(link.iri, link)
        for refusal in sorted(groups.refused, key=lambda r: (r.edge.rank, r.edge.evidence)):
            between = ends(refusal.edge.left, refusal.edge.right)
            if len(between) == 1:
                continue  # what one rule may not join another one did
            if not refusal.veto and between in settled:
                continue
            decision: Decision = "different" if refusal.veto else "possible"
            link = judged(decision, refusal.edge, refusal.reason)
            found[link.iri] = link
        return found


def _organizations(
    mentions: Mentions, organizations: Organizations, naming: Naming
) -> list[Entity]:
    groups = organizations.groups.groups()
    iris = naming.names(
        "organization",
        groups,
        lambda m: minted("organization", m),
        lambda m: spelled_organization(organizations.read[m]),
    )
    refers = {member: iri for iri, group in zip(iris, groups, strict=True) for member in group}
    made = []
    for iri, group in zip(iris, groups, strict=True):
        preferred, others = labels(mentions.by_iri[m] for m in group)
        ids = {id_ for m in group for id_ in printed_ids(mentions.by_iri[m])}
        printed = tuple(
            sorted(f"https://ror.org/{key}" for register, key in ids if "ROR" in register)
        )
        zh = next((text for text, _ in preferred if han(text)), None)
        en = next((text for text, _ in reversed(preferred) if not han(text)), None)
        made.append(
            Entity(
                iri=iri,
                kind="organization",
                members=group,
                labels=preferred,
                alternatives=others,
                organization_kind=organization_kind(
                    zh, en, (mentions.by_iri[m].stated_kind for m in group)
                ),
                relations={
                    relation: refers[whole]
                    for relation, whole in organizations.parents(group).items()
                },
                # What a record prints of itself weighs more than what a dump says of the name.
                exact=printed,
                external=None if printed else organizations.external(group),
            )
        )
    return made


def _committees(
    mentions: Mentions,
    committees: Committees,
    refers: Mapping[str, str],
    naming: Naming,
) -> list[Entity]:
    made = []
    for entity in _plain("committee", committees.groups, mentions, naming):
        parent = committees.parent(list(entity.members))
        made.append(replace(entity, relations={"committeeOf": refers[parent]} if parent else {}))
    return made


def _plain(kind: Kind, found: Groups, mentions: Mentions, naming: Naming) -> list[Entity]:
    groups = found.groups()
    made = []
    iris = naming.names(
        kind, groups, lambda m: minted(kind, m), lambda m: spelled(mentions.by_iri[m])
    )
    for iri, group in zip(iris, groups, strict=True):
        preferred, others = labels(mentions.by_iri[m] for m in group)
        made.append(
            Entity(
                iri=iri,
                kind=kind,
                members=group,
                labels=preferred,
                alternatives=others,
            )
        )
    return made


def _people(mentions: Mentions, people: Groups, naming: Naming) -> Iterator[Entity]:
    for entity in _plain("person", people, mentions, naming):
        orcids = {found for m in entity.members if (found := orcid_of(mentions.by_iri[m]))}
        exact = tuple(f"https://orcid.org/{found}" for found in sorted(orcids))
        yield replace(entity, exact=exact) if exact else entity


def _trials(mentions: Mentions, trials: Groups, naming: Naming) -> list[Entity]:
    """Trials are named by their leading record: that of the best rank with a title."""
    groups = trials.groups()

    def mint(record: str) -> str:
        facts = mentions.records.get(record)
        return trial_iri(facts) if facts else minted("trial", record)

    made = []
    for iri, group in zip(naming.names("trial", groups, mint), groups, strict=True):
        records = sorted((mentions.records[m] for m in group), key=rank)
        titled = next((r for r in records if r.titles), None)
        names: dict[str, str] = {}
        for title in titled.titles if titled else ():  # public titles come first
            names.setdefault(title.language, title.text)
        made.append(
            Entity(
                iri=iri,
                kind="trial",
                members=group,
                labels=tuple((text, language) for language, text in sorted(names.items()))
                or ((records[0].number or iri.rpartition("/")[2], ""),),
            )
        )
    return made


def _ranks(mentions: Mentions, entities: Iterable[Entity]) -> dict[str, int]:
    ranks: dict[str, int] = {}
    for trial in (entity for entity in entities if entity.kind == "trial"):
        ordered = sorted((mentions.records[m] for m in trial.members), key=rank)
        ranks |= {record.iri: number for number, record in enumerate(ordered, start=1)}
    return dict(sorted(ranks.items()))


def _names(mentions: Mentions, links: Iterable[Link]) -> dict[str, str]:
    names: dict[str, str] = {}
    for link in links:
        for end in (link.left, link.right):
            if end not in names:
                names[end] = _name(mentions, end)
    return names


def _name(mentions: Mentions, iri: str) -> str:
    if mention := mentions.by_iri.get(iri):
        return next((text for text, _ in mention.printed), "")
    record = mentions.records[iri]
    title = next((t.text for t in record.titles), "")
    return title or record.number or iri.rpartition("/")[2]

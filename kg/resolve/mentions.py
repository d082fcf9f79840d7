"""What the records name: every mention of a person, organization or committee, and the records.

Read from the graphs of record versions only. Where versions of one record differ, the newest one
that prints the mention speaks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from sys import intern
from typing import Any, Literal, NamedTuple

import pyoxigraph

from kg.namespaces import CODE, ID, expand
from kg.resolve.names import han
from kg.resolve.numbers import SAME, StatedNumber, protocol_number, stated
from kg.resolve.overrides import NOTHING, Decided
from kg.resolve.places import city_key

Kind = Literal["person", "organization", "committee"]

_KINDS: dict[str, Kind] = {
    expand("tkg:PersonMention"): "person",
    expand("tkg:OrganizationMention"): "organization",
    expand("tkg:CommitteeMention"): "committee",
}
_MENTION = f"{ID}mention/"
_PLACE = f"{ID}place/"
_RECORD = f"{ID}record/"
_REGISTRY = f"{ID}registry/"
_ROLE = f"{CODE}role/"
_SLOT_END = re.compile(r"-[0-9a-f]{8}(?:-\d+)?$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A person, organization or committee as one record prints it.

    ``slot`` opens the IRI ("site", "principal-investigator-affiliation").
    ``place`` is a province (CN-ZJ), ``country`` an ISO 3166-1 code, ``city`` a comparable name.
    ``in_field`` are the mentions printed beside this one in the same field. ``committee`` is the
    committee whose contact a person is. ``external`` are ids of other registers ("orcid:…").
    """

    iri: str
    kind: Kind
    record: str
    slot: str
    zh: str | None = None
    en: str | None = None
    plain: str | None = None
    affiliation: tuple[str, ...] = ()
    place: str | None = None
    country: str | None = None
    city: str | None = None
    in_field: tuple[str, ...] = ()
    committee: str | None = None
    external: tuple[str, ...] = ()
    approvals: tuple[str, ...] = ()  # of a committee: the numbers of what it approved

    @property
    def role(self) -> str:
        """What it is in the record: of an affiliation, the role of who is affiliated."""
        return self.slot.removesuffix("-affiliation")

    @property
    def printed(self) -> tuple[tuple[str, str], ...]:
        """The printed names with their languages, "" where none is given."""
        names = ((self.zh, "zh"), (self.en, "en"), (self.plain, ""))
        return tuple((text, language) for text, language in names if text)

    @property
    def by_script(self) -> tuple[str | None, str | None]:
        """The name in Chinese characters and the one without; the script decides, not the field."""
        zh = next((text for text, _ in self.printed if han(text)), None)
        latin = sorted(self.printed, key=lambda name: name[1] != "en")
        return zh, next((text for text, _ in latin if not han(text)), None)

    def __reduce__(self) -> tuple[Callable[..., Mention], tuple[object, ...]]:
        """A mention comes from another process with the texts that others here have already."""
        return _sent, tuple(getattr(self, name) for name in _FIELDS)


_FIELDS: tuple[str, ...] = Mention.__slots__
_OWN = frozenset({"iri", "record"})  # texts that no other record has


def _sent(*said: object) -> Mention:
    return Mention(**_held_once(_FIELDS, said, own=_OWN))


def _held_once(
    names: Iterable[str], said: Iterable[object], *, own: frozenset[str]
) -> dict[str, Any]:
    """What fields hold, by name; a text that other records have, too, is one object here."""
    return {
        name: intern(value) if isinstance(value, str) and name not in own else value
        for name, value in zip(names, said, strict=True)
    }


class Title(NamedTuple):
    """A printed title: where it stands (``publicTitle``), its language, its text."""

    field: str
    language: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """What identity asks of a record. ``current`` is its newest version, ``date`` may be empty.

    ``stated`` are registrations that its id fields name, ``protocol_numbers`` the sponsor's own
    numbers as they are compared, ``mentioned`` numbers of registrations in its free text. ``start``
    is the date of first enrolment at its printed precision, ``size`` the target sample size.
    """

    iri: str
    publisher: str
    issuer: str | None
    number: str | None
    date: str
    current: str
    titles: tuple[Title, ...]
    stated: tuple[StatedNumber, ...] = ()
    protocol_numbers: tuple[str, ...] = ()
    mentioned: tuple[str, ...] = ()
    start: str = ""
    size: str = ""
    countries: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[str, str]:
        """Older records first; those without a date last; then by IRI."""
        return (self.date or "9999", self.iri)

    def __reduce__(self) -> tuple[Callable[..., RecordFacts], tuple[object, ...]]:
        """As of a mention."""
        return _sent_record, tuple(getattr(self, name) for name in _FACTS)


_FACTS: tuple[str, ...] = RecordFacts.__slots__
_OWN_FACTS = frozenset({"iri", "number", "current"})


def _sent_record(*said: object) -> RecordFacts:
    return RecordFacts(**_held_once(_FACTS, said, own=_OWN_FACTS))


@dataclass(frozen=True)
class Mentions:
    """All mentions and records, by IRI."""

    by_iri: Mapping[str, Mention]
    records: Mapping[str, RecordFacts]
    decided: Decided = NOTHING  # a person's word on them

    def __iter__(self) -> Iterator[Mention]:
        return iter(self.by_iri.values())

    def __len__(self) -> int:
        return len(self.by_iri)

    def of_kind(self, kind: Kind) -> list[Mention]:
        """The mentions of one kind, oldest first: the order in which they found entities."""
        return self._sorted[kind]

    def order(self, iri: str) -> tuple[str, str, str]:
        """Older records first, then the IRIs of record and mention. Also takes a record's IRI."""
        mention = self.by_iri.get(iri)
        record = mention.record if mention else iri
        facts = self.records.get(record)
        return (*(facts.order if facts else ("9999", record)), iri)

    @cached_property
    def in_record(self) -> Mapping[str, tuple[str, ...]]:
        """The mentions of each record, by IRI."""
        found: dict[str, list[str]] = defaultdict(list)
        for iri in sorted(self.by_iri):
            found[self.by_iri[iri].record].append(iri)
        return {record: tuple(iris) for record, iris in found.items()}

    @cached_property
    def _sorted(self) -> dict[Kind, list[Mention]]:
        found: dict[Kind, list[Mention]] = {"person": [], "organization": [], "committee": []}
        for mention in sorted(self, key=lambda m: self.order(m.iri)):
            found[mention.kind].append(mention)
        return found


def joined(parts: Iterable[Mentions]) -> Mentions:
    """All mentions and records of several parts, in the order of names."""
    by_iri: dict[str, Mention] = {}
    records: dict[str, RecordFacts] = {}
    for part in parts:
        by_iri.update(part.by_iri)
        records.update(part.records)
    return Mentions(
        {iri: by_iri[iri] for iri in sorted(by_iri)},
        {iri: records[iri] for iri in sorted(records)},
    )


READS = frozenset(
    map(
        expand,
        (
            "dcterms:spatial", "rdf:type", "skos:notation", "tkg:CommitteeMention",
            "tkg:OrganizationMention", "tkg:PersonMention", "tkg:affiliation", "tkg:agent",
            "tkg:approvalNumber", "tkg:committee", "tkg:countryOfRecruitment",
            "tkg:externalIdentifier", "tkg:hasEthicsApproval", "tkg:hasRoleAssignment",
            "tkg:identifierRelation", "tkg:mentionedNumber",
            "tkg:nameAsGiven", "tkg:publicTitle", "tkg:publishedBy", "tkg:recruitmentStart",
            "tkg:registrationDate", "tkg:registrationNumber", "tkg:registry", "tkg:role",
            "tkg:scientificTitle", "tkg:secondaryIdentifier", "tkg:studyStart",
            "tkg:studySubjectId", "tkg:targetSampleSize", "tkg:versionOf",
        ),
    )
)  # fmt: skip
"""The properties and classes that ``mentions`` reads in records; others need not be there."""


class _Graphs:
    """The record-version graphs of a store."""

    def __init__(self, store: pyoxigraph.Store) -> None:
        self._store = store
        self.versions: dict[str, list[str]] = defaultdict(list)  # record -> its versions
        self._names: set[str] = set()
        for subject, graph, record in self._statements("tkg:versionOf"):
            if subject == graph and isinstance(record, str):
                self.versions[record].append(graph)
                self._names.add(graph)

    def _statements(self, curie: str) -> Iterator[tuple[str, str, pyoxigraph.Literal | str]]:
        for quad in self._store.quads_for_pattern(
            None, pyoxigraph.NamedNode(expand(curie)), None, None
        ):
            subject, graph, value = quad.subject, quad.graph_name, quad.object
            if isinstance(subject, pyoxigraph.NamedNode) and isinstance(
                graph, pyoxigraph.NamedNode
            ):
                if isinstance(value, pyoxigraph.NamedNode):
                    yield subject.value, graph.value, value.value
                elif isinstance(value, pyoxigraph.Literal):
                    yield subject.value, graph.value, value

    def values(self, curie: str) -> Iterator[tuple[str, str, pyoxigraph.Literal | str]]:
        """Subject, graph and object (the text of an IRI) of every statement with a property."""
        return (found for found in self._statements(curie) if found[1] in self._names)

    def newest(self, curie: str) -> dict[str, list[str]]:
        """The values of a property in the newest version that has any, sorted, by subject."""
        found: dict[str, tuple[str, set[str]]] = {}
        for subject, graph, value in self.values(curie):
            text = value if isinstance(value, str) else value.value
            known = found.get(subject)
            if known is None or graph > known[0]:
                found[subject] = (graph, {text})
            elif graph == known[0]:
                known[1].add(text)
        return {subject: sorted(values) for subject, (_, values) in found.items()}

    def current(self, curie: str) -> dict[str, list[str]]:
        """The values of a property of each record in its newest version only, sorted."""
        found: dict[str, set[str]] = defaultdict(set)
        for subject, graph, value in self.values(curie):
            if subject in self.versions and graph == max(self.versions[subject]):
                found[subject].add(value if isinstance(value, str) else value.value)
        return {subject: sorted(values) for subject, values in found.items()}

    def texts(self, curie: str) -> dict[str, dict[str, str]]:
        """Texts by subject and language, from the newest version that has the subject's."""
        found: dict[str, tuple[str, dict[str, str]]] = {}
        for subject, graph, value in self.values(curie):
            if isinstance(value, str):
                continue
            language = (value.language or "").partition("-")[0]
            known = found.get(subject)
            if known is None or graph > known[0]:
                found[subject] = (graph, {language: value.value})
            elif graph == known[0]:
                known[1][language] = min(value.value, known[1].get(language, value.value))
        return {subject: texts for subject, (_, texts) in found.items()}


def mentions(store: pyoxigraph.Store) -> Mentions:
    """Every mention and record of the record-version graphs in ``store``."""
    graphs = _Graphs(store)
    records = {facts.iri: facts for facts in _records(graphs)}
    its_own = {iri: iri for iri in records}  # one text for each IRI
    names = graphs.texts("tkg:nameAsGiven")
    affiliations = graphs.newest("tkg:affiliation")
    places = _places(store, graphs)
    in_field = _fields(graphs)
    committees = _committee_of_contact(graphs)
    external = graphs.newest("tkg:externalIdentifier")
    approvals = _approval_numbers(graphs)
    found: dict[str, Mention] = {}
    kinds: dict[str, str] = {}
    for subject, _, kind in graphs.values("rdf:type"):
        if isinstance(kind, str) and kind in _KINDS:
            kinds[subject] = max(kind, kinds.get(subject, ""))
    its_own |= zip(kinds, kinds, strict=True)
    shared: dict[tuple[str, ...], tuple[str, ...]] = {}
    for iri in sorted(kinds):
        registry, number, last = [*iri.removeprefix(_MENTION).split("/", 2), "", ""][:3]
        slot = _SLOT_END.sub("", last)
        province, country, city = places.get(iri, (None, None, None))
        printed = names.get(iri, {})
        record = f"{_RECORD}{registry}/{number}"
        at = tuple(its_own.get(a, a) for a in affiliations.get(iri, ()))
        found[iri] = Mention(
            iri=iri,
            kind=_KINDS[kinds[iri]],
            record=its_own.get(record, record),
            slot=slot,
            zh=printed.get("zh"),
            en=printed.get("en"),
            plain=printed.get(""),
            affiliation=shared.setdefault(at, at),
            place=province,
            country=country,
            city=city,
            in_field=in_field.get(iri, ()),
            committee=committees.get(iri),
            external=tuple(external.get(iri, ())),
            approvals=approvals.get(iri, ()),
        )
    return Mentions(found, records)


def _records(graphs: _Graphs) -> Iterator[RecordFacts]:
    publishers = graphs.newest("tkg:publishedBy")
    issuers = graphs.newest("tkg:registry")
    numbers = graphs.newest("tkg:registrationNumber")
    dates = graphs.newest("tkg:registrationDate")
    titles = {field: graphs.texts(f"tkg:{field}") for field in ("publicTitle", "scientificTitle")}
    stated_numbers, protocol_numbers = _stated_numbers(graphs, issuers)
    mentioned = graphs.current("tkg:mentionedNumber")
    starts = {**graphs.current("tkg:studyStart"), **graphs.current("tkg:recruitmentStart")}
    sizes = graphs.current("tkg:targetSampleSize")
    countries = graphs.current("tkg:countryOfRecruitment")
    for iri, versions in sorted(graphs.versions.items()):
        key = iri.removeprefix(_RECORD).partition("/")[0]
        yield RecordFacts(
            iri=iri,
            publisher=publishers.get(iri, [f"{_REGISTRY}{key}"])[0].removeprefix(_REGISTRY),
            issuer=issuers[iri][0].removeprefix(_REGISTRY) if iri in issuers else None,
            number=numbers[iri][0] if iri in numbers else None,
            date=dates[iri][0] if iri in dates else "",
            current=max(versions),
            titles=tuple(
                Title(field, language, text)
                for field, of in titles.items()
                for language, text in sorted(of.get(iri, {}).items())
            ),
            stated=stated_numbers.get(iri, ()),
            protocol_numbers=protocol_numbers.get(iri, ()),
            mentioned=tuple(mentioned.get(iri, ())),
            start=starts.get(iri, [""])[0],
            size=sizes.get(iri, [""])[0],
            countries=tuple(p.removeprefix(_PLACE) for p in countries.get(iri, ())),
        )


def _stated_numbers(
    graphs: _Graphs, issuers: Mapping[str, list[str]]
) -> tuple[dict[str, tuple[StatedNumber, ...]], dict[str, tuple[str, ...]]]:
    """The registrations and the sponsor's own numbers that each record states."""
    notations = graphs.newest("skos:notation")
    relations = graphs.newest("tkg:identifierRelation")
    own = {
        record: {key for text in texts if (key := protocol_number(text))}
        for record, texts in graphs.current("tkg:studySubjectId").items()
    }
    found: dict[str, set[StatedNumber]] = defaultdict(set)
    for record, nodes in graphs.current("tkg:secondaryIdentifier").items():
        for node in nodes:
            registry = issuers[node][0].removeprefix(_REGISTRY) if node in issuers else None
            relation = relations.get(node, [SAME])[0].rpartition("/")[2]
            for notation in notations.get(node, ()):
                numbers = stated(notation, registry, relation)
                found[record].update(numbers)
                if not numbers and relation == SAME and (key := protocol_number(notation)):
                    own.setdefault(record, set()).add(key)
    return (
        {record: tuple(sorted(numbers)) for record, numbers in found.items()},
        {record: tuple(sorted(keys)) for record, keys in own.items()},
    )


def _places(
    store: pyoxigraph.Store, graphs: _Graphs
) -> dict[str, tuple[str | None, str | None, str | None]]:
    """Province, country and city of each mention. A place without a code is a city.

    Labels of cities stand in the reference graph, so they are read from anywhere.
    """
    labels: dict[str, dict[str, str]] = {}
    found = {}
    for mention, places in graphs.newest("dcterms:spatial").items():
        if not mention.startswith(_MENTION):
            continue
        province = country = city = None
        for place in places:
            code = place.removeprefix(_PLACE)
            if code.startswith("x-"):
                if place not in labels:
                    labels[place] = _labels(store, place)
                printed = labels[place]
                city = city_key(printed.get("zh") or min(printed.values(), default=code))
            elif "-" in code:
                province, country = code, code.partition("-")[0]
            else:
                country = code
        found[mention] = (province, country, city)
    return found


def _labels(store: pyoxigraph.Store, node: str) -> dict[str, str]:
    labels: dict[str, str] = {}
    for quad in store.quads_for_pattern(
        pyoxigraph.NamedNode(node), pyoxigraph.NamedNode(expand("rdfs:label")), None, None
    ):
        if isinstance(quad.object, pyoxigraph.Literal):
            language = quad.object.language or ""
            labels[language] = min(quad.object.value, labels.get(language, quad.object.value))
    return labels


def _fields(graphs: _Graphs) -> dict[str, tuple[str, ...]]:
    """The people printed beside each person in one field."""
    roles = graphs.newest("tkg:role")
    agents = graphs.newest("tkg:agent")
    # By version: a correction from one person to another is no list of two.
    fields: dict[tuple[str, str, str], set[str]] = defaultdict(set)
    for node, version, assignment in graphs.values("tkg:hasRoleAssignment"):
        if not isinstance(assignment, str) or assignment not in agents:
            continue
        role = roles.get(assignment, [""])[0].removeprefix(_ROLE)
        for agent in agents[assignment]:
            fields[version, node, role].add(agent)
    beside: dict[str, set[str]] = defaultdict(set)
    for people in fields.values():
        if len(people) > 1:
            for person in people:
                beside[person] |= people - {person}
    return {person: tuple(sorted(others)) for person, others in beside.items()}


def _approval_numbers(graphs: _Graphs) -> dict[str, tuple[str, ...]]:
    """The approval numbers that stand beside each committee."""
    numbers = graphs.newest("tkg:approvalNumber")
    found: dict[str, set[str]] = defaultdict(set)
    for approval, committees in graphs.newest("tkg:committee").items():
        for committee in committees:
            found[committee].update(numbers.get(approval, ()))
    return {committee: tuple(sorted(printed)) for committee, printed in found.items()}


def _committee_of_contact(graphs: _Graphs) -> dict[str, str]:
    """The committee that each ethics contact speaks for, where an approval names one."""
    committees = graphs.newest("tkg:committee")
    agents = graphs.newest("tkg:agent")
    found: dict[str, str] = {}
    for approval, _, assignment in graphs.values("tkg:hasRoleAssignment"):
        if approval in committees and isinstance(assignment, str):
            for agent in agents.get(assignment, ()):
                committee = committees[approval][0]
                found[agent] = min(committee, found.get(agent, committee))
    return found

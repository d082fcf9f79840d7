"""The mentions and records of a graph, read from the graphs of its record versions.

Where versions of one record differ, the newest one that prints a mention speaks.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping

import pyoxigraph

from kg.namespaces import CODE, ID, expand
from kg.resolve.mentions import Kind, Mention, Mentions, RecordFacts, Title
from kg.resolve.names.places import city_key
from kg.resolve.numbers import SAME, StatedNumber, protocol_number, stated

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
_STATED = f"{CODE}organization-kind/"
_SLOT_END = re.compile(r"-[0-9a-f]{8}(?:-\d+)?$")

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
            "tkg:scientificTitle", "tkg:secondaryIdentifier", "tkg:siteOrganization",
            "tkg:statedKind", "tkg:studyStart",
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
    committees = _of_agents(graphs, graphs.newest("tkg:committee"))
    sites = _of_agents(graphs, graphs.newest("tkg:siteOrganization"))
    external = graphs.newest("tkg:externalIdentifier")
    approvals = _approval_numbers(graphs)
    stated_kinds = graphs.newest("tkg:statedKind")
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
            site=its_own.get(site, site) if (site := sites.get(iri)) else None,
            external=tuple(external.get(iri, ())),
            approvals=approvals.get(iri, ()),
            stated_kind=stated_kinds[iri][0].removeprefix(_STATED) if iri in stated_kinds else None,
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

    Labels of cities and the states around them stand in the reference graph, so they are read from
    anywhere. A state without a code tells apart the Springfields of the United States.
    """
    labels: dict[str, dict[str, str]] = {}
    states: dict[str, str | None] = {}
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
                    states[place] = _state(store, place)
                province = province or states[place]
                printed = labels[place]
                city = city_key(printed.get("zh") or min(printed.values(), default=code))
            elif "-" in code:
                province, country = code, code.partition("-")[0]
            else:
                country = code
        found[mention] = (province, country, city)
    return found


_WITH_STATES = "US"  # whose states every record names alike, and whose towns share their names
_SHORTEST_STATE = 3  # letters: an abbreviation is no name to compare


def _state(store: pyoxigraph.Store, city: str) -> str | None:
    """The state that a city lies in, as a comparable name behind its country: ``US-illinois``."""
    node = pyoxigraph.NamedNode(city)
    within = pyoxigraph.NamedNode(expand("dcterms:isPartOf"))
    for quad in store.quads_for_pattern(node, within, None, None):
        state = quad.object
        if not isinstance(state, pyoxigraph.NamedNode) or not state.value.startswith(f"{_PLACE}x-"):
            continue
        around = store.quads_for_pattern(
            state, within, pyoxigraph.NamedNode(f"{_PLACE}{_WITH_STATES}"), None
        )
        name = city_key(min(_labels(store, state.value).values(), default=""))
        if len(name) >= _SHORTEST_STATE and any(True for _ in around):
            return f"{_WITH_STATES}-{name}"
    return None


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


def _of_agents(graphs: _Graphs, named: Mapping[str, list[str]]) -> dict[str, str]:
    """What the node that a role hangs on names, by who has the role: of an ethics contact the
    committee of the approval, of people at a site its organization."""
    agents = graphs.newest("tkg:agent")
    found: dict[str, str] = {}
    for node, _, assignment in graphs.values("tkg:hasRoleAssignment"):
        if node in named and isinstance(assignment, str):
            for agent in agents.get(assignment, ()):
                what = named[node][0]
                found[agent] = min(what, found.get(agent, what))
    return found

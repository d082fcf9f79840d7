"""What pictures and tables are made of: trials, entities, and the direct edges between them.

Read from the derived and the identity graph, property by property: nothing is held but what a
column or an edge needs, each IRI once. Some columns come from elsewhere, since no trial or entity
carries them: the number, registries and countries of a trial and the place of an organization from
the current record versions, names of places from the reference graph. Contact graphs are never
read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from sys import intern
from typing import Any

from pyoxigraph import Literal, NamedNode, Quad, QuerySolution, QuerySolutions, Store

from kg.exporters.relations import RELATIONS, NodeType
from kg.exporters.text import plain
from kg.namespaces import DERIVED, ID, IDENTITY, PREFIXES, expand

_PROLOGUE = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n"
    for name in ("tkg", "rdf", "rdfs", "skos", "dcterms", "org", "foaf", "g")
)
_NUMBERS = """
SELECT ?trial ?rank ?number WHERE {
  GRAPH g:identity { ?record tkg:refersTo ?trial ; tkg:recordRank ?rank ;
                             tkg:currentVersion ?version }
  GRAPH ?version { ?record tkg:registrationNumber ?number } }
"""
_REGISTRIES = """
SELECT DISTINCT ?trial ?registry WHERE {
  GRAPH g:identity { ?record tkg:refersTo ?trial ; tkg:currentVersion ?version }
  GRAPH ?version { ?record tkg:registry ?registry } }
"""
_COUNTRIES = """
SELECT DISTINCT ?trial ?place WHERE {
  GRAPH g:identity { ?record tkg:refersTo ?trial ; tkg:currentVersion ?version }
  GRAPH ?version { { ?record tkg:countryOfRecruitment ?place }
    UNION { ?record tkg:hasSiteParticipation ?site . ?site dcterms:spatial ?place } } }
"""
_PLACES = """
SELECT DISTINCT ?organization ?m ?place WHERE {
  GRAPH g:identity { ?record tkg:currentVersion ?version }
  GRAPH ?version { { ?m dcterms:spatial ?place }
    UNION { ?site tkg:siteOrganization ?m ; dcterms:spatial ?place } }
  GRAPH g:identity { ?m tkg:refersTo ?organization } }
"""
_PLACE_NAMES = """
SELECT DISTINCT ?place ?name ?whole WHERE {
  GRAPH g:reference { { ?place rdfs:label ?name } UNION { ?place dcterms:isPartOf ?whole } }
  FILTER(STRSTARTS(STR(?place), "https://w3id.org/trialkg/id/place/")) }
"""
# The name of a mention does not tell whose employer it is: of two leaders each has their own.
_AFFILIATED = """
SELECT ?person ?organization ?record ?trial WHERE {
  GRAPH g:identity { ?record tkg:refersTo ?trial ; tkg:currentVersion ?version }
  GRAPH ?version { ?p tkg:affiliation ?m }
  GRAPH g:identity { ?p tkg:refersTo ?person . ?m tkg:refersTo ?organization } }
"""
_REFRESHED = """
SELECT (MAX(STR(?day)) AS ?last) WHERE { GRAPH ?version { ?version tkg:lastRefreshed ?day } }
"""

_TYPES: dict[str, NodeType] = {
    expand("tkg:Trial"): "trial",
    expand("org:Organization"): "organization",
    expand("tkg:EthicsCommittee"): "committee",
    expand("foaf:Person"): "person",
}
_KINDS = {expand(f"tkg:{kind}"): kind for kind in RELATIONS}
_LABELS = [expand("tkg:publicTitle"), expand("skos:prefLabel"), expand("rdfs:label")]
_TYPE = expand("rdf:type")
_REFERS_TO = expand("tkg:refersTo")
_REPLACED = expand("dcterms:isReplacedBy")
_KIND = expand("tkg:organizationKind")
_SIZE = expand("tkg:targetSampleSize")
_CODED = {
    "study_type": expand("tkg:studyType"),
    "phase": expand("tkg:phase"),
    "status": expand("tkg:recruitmentStatus"),
}
_YEARS = {
    "year": expand("tkg:registrationDate"),
    "start_year": expand("tkg:recruitmentStart"),
}
BETWEEN = " | "
"""What parts several values of one cell."""
_RECORD = ID + "record/"
_MENTION = ID + "mention/"
_SLOT = re.compile(r"(.+)-[0-9a-f]{8}(?:-[0-9]+)?", re.ASCII)
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_PROVINCE = re.compile(r"[A-Z]{2}-[A-Z0-9]+", re.ASCII)
_YEAR = re.compile(r"[0-9]{4}", re.ASCII)
_COUNT = re.compile(r"[0-9]+", re.ASCII)
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)

Scalar = str | int | float
Tie = tuple[str, str, str]  # source, kind, target


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """A trial, an organization, a committee or a person. ``columns`` holds what is known."""

    iri: str
    node_type: NodeType
    zh: str | None
    en: str | None
    columns: dict[str, Scalar]


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Entities by IRI and the direct edges between them, sorted; no edge twice.

    ``records`` and ``trials`` have one number for each edge, in the same order.
    """

    entities: dict[str, Entity]
    edges: list[Tie]
    records: Sequence[int]  # how many records state the edge; 0: it is said otherwise
    trials: Sequence[int]  # how many trials these records belong to
    refreshed: str | None  # the last day on which a record was refreshed


def facts(store: Store) -> Facts:
    """Read trials, entities and edges from the store."""
    entities = _entities(store)
    names = {iri: iri for iri in entities}  # the one object for each IRI
    edges: list[Tie] = []
    for iri, kind in _KINDS.items():
        edges += (
            (names[s.value], kind, names[o.value])
            for s, o in _pairs(store, iri)
            if s.value in names and o.value in names
        )
    edges.sort()
    records, trials = _evidence(store, edges, names)
    _add_numbers(store, entities)
    _add_registries(store, entities)
    _add_places(store, entities, edges)
    last = [row[0].value for row in _rows(store, _REFRESHED) if row[0] is not None]
    return Facts(
        entities=entities,
        edges=edges,
        records=records,
        trials=trials,
        refreshed=last[0] if last and _DAY.fullmatch(last[0]) else None,
    )


def _pairs(store: Store, predicate: str, value: str | None = None) -> Iterator[tuple[Any, Any]]:
    """Subject and object of each statement of the two graphs; what both say comes once."""
    name = NamedNode(predicate)
    wanted = NamedNode(value) if value else None
    derived = NamedNode(DERIVED)
    said = False
    for quad in store.quads_for_pattern(None, name, wanted, derived):
        said = True
        yield quad.subject, quad.object
    for quad in store.quads_for_pattern(None, name, wanted, NamedNode(IDENTITY)):
        if not said or Quad(quad.subject, name, quad.object, derived) not in store:
            yield quad.subject, quad.object


def _rows(store: Store, query: str) -> Iterator[QuerySolution]:
    answer = store.query(_PROLOGUE + query)
    if not isinstance(answer, QuerySolutions):
        raise TypeError("a SELECT gives rows")
    return answer


def _entities(store: Store) -> dict[str, Entity]:
    types: dict[str, NodeType] = {}
    for iri, node_type in _TYPES.items():
        for subject, _ in _pairs(store, _TYPE, iri):
            types.setdefault(subject.value, node_type)
    for subject, _ in _pairs(store, _REPLACED):
        types.pop(subject.value, None)
    columns: dict[str, dict[str, Scalar]] = {iri: {} for iri in sorted(types)}
    _add_trial_columns(store, columns, types)
    for organization, kind in _pairs(store, _KIND):
        iri, notation = organization.value, _notation(kind)
        if iri in types and types[iri] != "trial":
            first = columns[iri].get("organization_kind", notation)
            columns[iri]["organization_kind"] = min(str(first), notation)
            if notation == "hospital":
                types[iri] = "hospital"
    zh, en = _labels(store, types)
    return {
        iri: Entity(iri=iri, node_type=types[iri], zh=zh.get(iri), en=en.get(iri), columns=known)
        for iri, known in columns.items()
    }


def _labels(store: Store, types: Mapping[str, NodeType]) -> tuple[dict[str, str], dict[str, str]]:
    """Chinese names, and English names or else those of no language; the best property says it."""
    found: dict[str | None, dict[str, str]] = {"zh": {}, "en": {}, None: {}}
    for predicate in _LABELS:
        here: dict[str | None, dict[str, str]] = {"zh": {}, "en": {}, None: {}}
        for subject, said in _pairs(store, predicate):
            iri = subject.value
            if iri not in types or not isinstance(said, Literal) or said.language not in here:
                continue
            names = here[said.language]
            if text := plain(said.value):
                names[iri] = min(text, names.get(iri, text))
        for language, names in here.items():
            found[language] = names | found[language]  # an earlier property says it better
    return found["zh"], found[None] | found["en"]


def _add_trial_columns(
    store: Store, columns: Mapping[str, dict[str, Scalar]], types: Mapping[str, NodeType]
) -> None:
    def of_trials(predicate: str) -> Iterator[tuple[dict[str, Scalar], Any]]:
        for subject, said in _pairs(store, predicate):
            if types.get(subject.value) == "trial":
                yield columns[subject.value], said

    for column, name in _CODED.items():
        for known, said in of_trials(name):
            both = {*str(known[column]).split(BETWEEN)} if column in known else set()
            known[column] = BETWEEN.join(sorted(both | {_notation(said)}))
    for column, name in _YEARS.items():
        for known, said in of_trials(name):
            if year := _YEAR.match(said.value):
                known[column] = min(int(year[0]), int(known.get(column, 9999)))
    for known, said in of_trials(_SIZE):
        if _COUNT.fullmatch(said.value):
            size = int(said.value)
            known["target_sample_size"] = min(size, int(known.get("target_sample_size", size)))


def _notation(term: Literal | NamedNode) -> str:
    return term.value.rpartition("/")[2]


def _evidence(
    store: Store, edges: Sequence[Tie], names: Mapping[str, str]
) -> tuple[Sequence[int], Sequence[int]]:
    """Records and trials behind each edge, told by the slots in the names of mentions.

    Who works where is told by what the current records say.
    """
    mentioned: dict[str, list[str]] = defaultdict(list)  # slot, entity, slot, entity, …
    by_trial: dict[str, list[str]] = defaultdict(list)
    for mention, entity in _pairs(store, _REFERS_TO):
        iri, of = mention.value, names.get(entity.value)
        if of is None:
            continue
        if iri.startswith(_RECORD):
            by_trial[of].append(iri[len(_RECORD) :])
        elif iri.startswith(_MENTION):
            record, _, name = iri[len(_MENTION) :].rpartition("/")
            if slot := _SLOT.fullmatch(name):
                mentioned[record] += intern(slot[1]), of
    number = {edge: n for n, edge in enumerate(edges)}
    records, trials = [0] * len(edges), [0] * len(edges)
    for trial, its_records in by_trial.items():
        stated: set[int] = set()
        for record in its_records:
            slots: dict[str, set[str]] = defaultdict(set)
            said = mentioned.get(record, ())
            for slot_name, of in zip(said[::2], said[1::2], strict=True):
                slots[slot_name].add(of)
            ties = {number[tie] for tie in _stated(trial, slots) if tie in number}
            for tie in ties:
                records[tie] += 1
            stated |= ties
        for tie in stated:
            trials[tie] += 1
    _count_affiliations(store, number, records, trials)
    return records, trials


def _count_affiliations(
    store: Store, number: Mapping[Tie, int], records: list[int], trials: list[int]
) -> None:
    """Counted here and not by the store, which would hold a kilobyte for each person."""
    known: dict[str, int] = {}  # record -> its number
    trial_of: list[str] = []  # by the number of the record
    said: set[int] = set()  # edge and record in one number
    for person, organization, record, trial in _rows(store, _AFFILIATED):
        at = number.get((person.value, "affiliatedWith", organization.value))
        if at is None:
            continue
        its_number = known.setdefault(record.value, len(known))
        if its_number == len(trial_of):
            trial_of.append(trial.value)
        said.add(at << 32 | its_number)
    for at, together in groupby(sorted(said), key=lambda pair: pair >> 32):
        stating = [pair & 0xFFFFFFFF for pair in together]
        records[at], trials[at] = len(stating), len({trial_of[n] for n in stating})


def _stated(trial: str, slots: Mapping[str, set[str]]) -> Iterator[Tie]:
    for relation in RELATIONS.values():
        for slot in relation.slots:
            yield from ((trial, relation.kind, x) for x in slots.get(slot, ()))
    for committee in slots.get("committee", ()):
        yield from ((committee, "contactPerson", p) for p in slots.get("ethics-contact", ()))


def _add_numbers(store: Store, entities: Mapping[str, Entity]) -> None:
    """The number of the leading record that has one."""
    found = sorted(
        (int(rank.value), number.value, trial.value)
        for trial, rank, number in _rows(store, _NUMBERS)
        if _COUNT.fullmatch(rank.value)
    )
    for _, number, trial in found:
        if trial in entities:
            entities[trial].columns.setdefault("registration_number", plain(number))


def _add_registries(store: Store, entities: Mapping[str, Entity]) -> None:
    """The registries that gave a trial its numbers, whichever portal shows its records."""
    found: dict[str, set[str]] = defaultdict(set)
    for trial, registry in _rows(store, _REGISTRIES):
        found[trial.value].add(_notation(registry))
    _join(found, "registry", entities)


def _join(found: Mapping[str, set[str]], column: str, entities: Mapping[str, Entity]) -> None:
    for iri in found.keys() & entities.keys():
        entities[iri].columns[column] = BETWEEN.join(sorted(found[iri]))


def _add_places(store: Store, entities: Mapping[str, Entity], edges: list[Tie]) -> None:
    """Country, province and city most often printed for an organization, and countries of a trial.

    The people and committees of an organization follow it; one with organizations in two provinces
    or countries gets none.
    """
    names, wholes = _place_names(store)
    countries: dict[str, set[str]] = defaultdict(set)
    for trial, place in _rows(store, _COUNTRIES):
        if code := _country(place.value, wholes):
            countries[trial.value].add(code)
    _join(countries, "country", entities)
    printed: dict[str, Counter[str]] = defaultdict(Counter)
    for organization, _, place in _rows(store, _PLACES):
        printed[organization.value][place.value] += 1
    for organization in sorted(printed.keys() & entities.keys()):
        counts = printed[organization]
        ranked = sorted(counts, key=lambda iri: (-counts[iri], iri))
        provinces = [iri for iri in ranked if _is_province(iri)]
        cities = [iri for iri in ranked if iri.startswith(f"{ID}place/x-")]
        province = provinces[0] if provinces else wholes.get(cities[0]) if cities else None
        city = next((c for c in cities if wholes.get(c, province) == province), None)
        columns = entities[organization].columns
        if province in names and _is_province(province):
            columns["province"] = names[province]
        if city in names:
            columns["city"] = names[city]
        if code := next(
            filter(None, (_country(p, wholes) for p in (province, *ranked) if p)), None
        ):
            columns["country"] = code
    for column in ("country", "province"):
        shared: dict[str, set[Scalar | None]] = defaultdict(set)
        for source, kind, target in edges:
            if kind in ("affiliatedWith", "committeeOf"):
                shared[source].add(entities[target].columns.get(column))
        for iri, known in shared.items():
            if len(known - {None}) == 1:
                entities[iri].columns[column] = next(p for p in known if p is not None)


def _country(iri: str, wholes: Mapping[str, str]) -> str | None:
    """The two letters of the country that a place is or lies in; None where nobody says."""
    seen: set[str] = set()
    while iri not in seen:
        seen.add(iri)
        notation = iri.rpartition("/")[2]
        if _COUNTRY.fullmatch(notation):
            return notation
        iri = wholes.get(iri, iri)
    return None


def _is_province(iri: str) -> bool:
    return _PROVINCE.fullmatch(iri.rpartition("/")[2]) is not None


def _place_names(store: Store) -> tuple[dict[str, str], dict[str, str]]:
    """The Chinese, else the English name of each place; and the place it is part of."""
    names: dict[str, tuple[bool, str]] = {}
    wholes: dict[str, str] = {}
    for place, name, whole in _rows(store, _PLACE_NAMES):
        if whole is not None:
            wholes[place.value] = min(whole.value, wholes.get(place.value, whole.value))
        elif isinstance(name, Literal):
            said = (name.language != "zh", plain(name.value))
            names[place.value] = min(said, names.get(place.value, said))
    return {iri: text for iri, (_, text) in names.items()}, wholes

"""What pictures and tables are made of: trials, entities, and the direct edges between them.

Read by SPARQL from the derived and the identity graph. Three columns come from elsewhere, since
no trial or entity carries them: the number of a trial and the place of an organization from the
current record versions, names of places from the reference graph. Contact graphs are never read.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode, QuerySolution, QuerySolutions, Store

from kg.exporters.relations import RELATIONS, NodeType
from kg.exporters.text import plain
from kg.namespaces import DERIVED, ID, IDENTITY, PREFIXES, expand

_PROLOGUE = "".join(
    f"PREFIX {name}: <{PREFIXES[name]}>\n"
    for name in ("tkg", "rdf", "rdfs", "skos", "dcterms", "org", "foaf", "g")
)
_VALUES = (
    "rdf:type rdfs:label skos:prefLabel tkg:organizationKind tkg:publicTitle tkg:studyType "
    "tkg:phase tkg:recruitmentStatus tkg:registrationDate tkg:recruitmentStart "
    "tkg:targetSampleSize dcterms:isReplacedBy tkg:refersTo"
)
_STATEMENTS = f"""
SELECT DISTINCT ?s ?p ?o WHERE {{
  VALUES ?p {{ {_VALUES} {" ".join(f"tkg:{kind}" for kind in RELATIONS)} }}
  ?s ?p ?o }}
"""
_NUMBERS = """
SELECT ?trial ?rank ?number WHERE {
  GRAPH g:identity { ?record tkg:refersTo ?trial ; tkg:recordRank ?rank ;
                             tkg:currentVersion ?version }
  GRAPH ?version { ?record tkg:registrationNumber ?number } }
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
_RECORD = ID + "record/"
_MENTION = ID + "mention/"
_SLOT = re.compile(r"(.+)-[0-9a-f]{8}(?:-[0-9]+)?", re.ASCII)
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
    """Entities by IRI and the direct edges between them, sorted; no edge twice."""

    entities: dict[str, Entity]
    edges: list[Tie]
    records: Mapping[Tie, int]  # how many records state an edge
    trials: Mapping[Tie, int]  # how many trials these records belong to
    refreshed: str | None  # the last day on which a record was refreshed


def facts(store: Store) -> Facts:
    """Read trials, entities and edges from the store."""
    said: dict[str, dict[str, list[Literal | NamedNode]]] = defaultdict(lambda: defaultdict(list))
    mentions: list[tuple[str, str]] = []
    found: set[Tie] = set()
    both = [NamedNode(DERIVED), NamedNode(IDENTITY)]
    for s, p, o in _rows(store, _STATEMENTS, both):
        if p.value == _REFERS_TO:
            mentions.append((s.value, o.value))
        elif kind := _KINDS.get(p.value):
            found.add((s.value, kind, o.value))
        else:
            said[s.value][p.value].append(o)
    entities = _entities(said)
    edges = sorted(e for e in found if e[0] in entities and e[2] in entities)
    records, trials = _evidence(mentions, set(edges), entities)
    _add_numbers(store, entities)
    _add_places(store, entities, edges)
    last = [row[0].value for row in _rows(store, _REFRESHED) if row[0] is not None]
    return Facts(
        entities=entities,
        edges=edges,
        records=records,
        trials=trials,
        refreshed=last[0] if last and _DAY.fullmatch(last[0]) else None,
    )


def _rows(
    store: Store, query: str, graphs: list[NamedNode] | None = None
) -> Iterator[QuerySolution]:
    answer = store.query(_PROLOGUE + query, default_graph=graphs)  # type: ignore[arg-type]
    if not isinstance(answer, QuerySolutions):
        raise TypeError("a SELECT gives rows")
    return answer


def _entities(said: Mapping[str, Mapping[str, list[Literal | NamedNode]]]) -> dict[str, Entity]:
    entities: dict[str, Entity] = {}
    for iri in sorted(said):
        values = said[iri]
        node_type = next((_TYPES[o.value] for o in values[_TYPE] if o.value in _TYPES), None)
        if node_type is None or _REPLACED in values:
            continue
        columns: dict[str, Scalar] = {}
        if node_type == "trial":
            columns |= _trial_columns(values)
        elif kinds := sorted(_notation(o) for o in values.get(_KIND, ())):
            columns["organization_kind"] = kinds[0]
            node_type = "hospital" if "hospital" in kinds else node_type
        entities[iri] = Entity(
            iri=iri,
            node_type=node_type,
            zh=_label(values, "zh"),
            en=_label(values, "en") or _label(values, None),
            columns=columns,
        )
    return entities


def _label(values: Mapping[str, list[Literal | NamedNode]], language: str | None) -> str | None:
    for predicate in _LABELS:
        texts = (
            plain(o.value)
            for o in values.get(predicate, ())
            if isinstance(o, Literal) and o.language == language
        )
        if wanted := min(filter(None, texts), default=None):
            return wanted
    return None


def _trial_columns(values: Mapping[str, list[Literal | NamedNode]]) -> dict[str, Scalar]:
    columns: dict[str, Scalar] = {}
    for column, name in _CODED.items():
        if found := sorted({_notation(o) for o in values.get(name, ())}):
            columns[column] = " | ".join(found)
    for column, name in _YEARS.items():
        years = [y[0] for o in values.get(name, ()) if (y := _YEAR.match(o.value))]
        if years:
            columns[column] = int(min(years))
    sizes = [o.value for o in values.get(_SIZE, ()) if _COUNT.fullmatch(o.value)]
    if sizes:
        columns["target_sample_size"] = min(map(int, sizes))
    return columns


def _notation(term: Literal | NamedNode) -> str:
    return term.value.rpartition("/")[2]


def _evidence(
    mentions: list[tuple[str, str]], edges: set[Tie], entities: Mapping[str, Entity]
) -> tuple[Counter[Tie], Counter[Tie]]:
    """Records and trials behind each edge, told by the slots in the names of mentions."""
    slots: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    by_trial: dict[str, list[str]] = defaultdict(list)
    for iri, entity in mentions:
        if iri.startswith(_RECORD):
            by_trial[entity].append(iri[len(_RECORD) :])
        elif iri.startswith(_MENTION):
            record, _, name = iri[len(_MENTION) :].rpartition("/")
            if (slot := _SLOT.fullmatch(name)) and entity in entities:
                slots[record][slot[1]].add(entity)
    records: Counter[Tie] = Counter()
    trials: Counter[Tie] = Counter()
    for trial, its_records in by_trial.items():
        stated: set[Tie] = set()
        for record in its_records:
            ties = edges.intersection(_stated(trial, slots.get(record, {})))
            records.update(ties)
            stated |= ties
        trials.update(stated)
    return records, trials


def _stated(trial: str, slots: Mapping[str, set[str]]) -> Iterator[Tie]:
    for relation in RELATIONS.values():
        for slot in relation.slots:
            yield from ((trial, relation.kind, x) for x in slots.get(slot, ()))
    for slot, people in slots.items():
        for organization in slots.get(f"{slot}-affiliation", ()):
            yield from ((person, "affiliatedWith", organization) for person in people)
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


def _add_places(store: Store, entities: Mapping[str, Entity], edges: list[Tie]) -> None:
    """Province and city most often printed for an organization; its people and committees follow.

    A person or committee with organizations in two provinces gets none.
    """
    names, wholes = _place_names(store)
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
    shared: dict[str, set[Scalar | None]] = defaultdict(set)
    for source, kind, target in edges:
        if kind in ("affiliatedWith", "committeeOf"):
            shared[source].add(entities[target].columns.get("province"))
    for iri, known in shared.items():
        if len(known - {None}) == 1:
            entities[iri].columns["province"] = next(p for p in known if p is not None)


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

"""Whose records they are: the hospitals, committees, sponsors, provinces and year of each record.

What a record names is gathered where the record is checked. What one record prints is counted for
the entity that its mention was resolved to, and for nobody else.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from pyoxigraph import DefaultGraph, Literal, NamedNode, Store

from kg.check.findings import Belonging, Kind
from kg.check.graphs import name
from kg.check.terms import Text, words
from kg.check.view import About as Said
from kg.namespaces import ID, IDENTITY, code, expand

_PLACE = f"{ID}place/"
_UNNAMED = f"{_PLACE}x-"  # a place that no table of ours knows
_HOSPITAL = code("organization-kind", "hospital")
_LEAD = code("role", "lead-sponsor")


class Named(NamedTuple):
    """What one record version names: mentions, places and years, as it states them."""

    record: str
    sites: tuple[str, ...]
    committees: tuple[str, ...]
    leads: tuple[str, ...]  # lead sponsors
    places: tuple[str, ...]  # of its sites and of recruitment
    years: tuple[str, ...]  # of registration


def named_in(said: Said, version: str) -> Named | None:
    """What is named in a record version; None where it does not say of which record it is."""

    def values(node: str, curie: str) -> Iterator[str]:
        return (v.text for v in said.get(node, {}).get(expand(curie), ()))

    def all_values(curie: str) -> Iterator[str]:
        return (text for node in said for text in values(node, curie))

    record = next(values(version, "tkg:versionOf"), None)
    if record is None:
        return None
    sites = set(all_values("tkg:hasSiteParticipation"))
    places = [place for site in sites for place in values(site, "dcterms:spatial")]
    leads = (node for node in said if _LEAD in values(node, "tkg:role"))
    return Named(
        record=record,
        sites=_sorted(all_values("tkg:siteOrganization")),
        committees=_sorted(all_values("tkg:committee")),
        leads=_sorted(agent for node in leads for agent in values(node, "tkg:agent")),
        places=_sorted((*places, *values(record, "tkg:countryOfRecruitment"))),
        years=_sorted(day[:4] for day in all_values("tkg:registrationDate")),
    )


def _sorted(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted(set(texts)))


def belonging(store: Store, all_named: Iterable[Named]) -> Belonging:
    """The groups that every record belongs to that names anything.

    *Hospitals* are its sites and lead sponsors of that kind, *committees* those of its approvals
    whatever they decided, *sponsors* its lead sponsors, *provinces* those of its sites (a site
    abroad or without one counts for its country, a record without sites for its countries of
    recruitment), *year* that of its registration.
    """
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    entity, whole = _entity(store), _whole(store)
    hospitals = {
        name(q.subject)
        for q in store.quads_for_pattern(
            None, _node("tkg:organizationKind"), NamedNode(_HOSPITAL), NamedNode(IDENTITY)
        )
    }
    records: set[str] = set()
    for one in all_named:
        records.add(one.record)
        leads = {entity[mention] for mention in one.leads if mention in entity}
        takes_part = leads.union(entity[mention] for mention in one.sites if mention in entity)
        groups: dict[Kind, Iterable[str]] = {
            "hospital": takes_part & hospitals,
            "committee": (entity[mention] for mention in one.committees if mention in entity),
            "sponsor": leads,
            "province": _provinces(one.places, whole),
            "year": one.years,
        }
        for kind, members in groups.items():
            if members := set(members):
                found[one.record][kind] |= members
    of: dict[str, dict[str, tuple[str, ...]]] = {
        record: {kind: tuple(sorted(groups)) for kind, groups in kinds.items()}
        for record, kinds in found.items()
    }
    names = {g for kinds in of.values() for k, gs in kinds.items() if k != "year" for g in gs}
    trials: dict[str, list[str]] = defaultdict(list)
    for record in sorted(records):
        if (trial := entity.get(record)) is not None:
            trials[trial].append(record)
    return Belonging(
        of=of,
        labels=_labels(store, names),
        records={trial: tuple(of_trial) for trial, of_trial in trials.items()},
    )


def _node(curie: str) -> NamedNode:
    return NamedNode(expand(curie))


def _entity(store: Store) -> dict[str, str]:
    """What each mention and record was resolved to."""
    found: dict[str, str] = {}
    for q in store.quads_for_pattern(None, _node("tkg:refersTo"), None, NamedNode(IDENTITY)):
        mention, entity = name(q.subject), name(q.object)
        found[mention] = min(entity, found.get(mention, entity))
    return found


def _whole(store: Store) -> dict[str, str]:
    """Of each place the one around it."""
    return {
        q.subject.value: q.object.value
        for q in store.quads_for_pattern(None, _node("dcterms:isPartOf"), None, None)
        if isinstance(q.subject, NamedNode)
        and isinstance(q.object, NamedNode)
        and q.subject.value.startswith(_PLACE)
    }


def _provinces(places: Iterable[str], whole: Mapping[str, str]) -> Iterator[str]:
    """The provinces of places; a country where none of its provinces is named."""
    known = {near for place in places if (near := _known(place, whole))}
    for place in known:
        if not any(other.startswith(f"{place}-") for other in known):
            yield place


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

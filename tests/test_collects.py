"""What a registry is said not to ask for is never printed by a record of its."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import extracted
from pyoxigraph import RdfFormat, parse
from rdflib import Graph, Namespace, URIRef

from kg.namespaces import CODE, ID, TKG
from kg.resources import folder, samples
from kg.statements import crossed

REGISTRIES = Graph().parse(folder("ontology") / "registries.ttl")
WHO = Graph().parse(folder("shapes") / "who.ttl")
NS = Namespace(TKG)
# Properties that tell one sub-item and no other. Roles, channels and outcomes are told by codes.
TELLING = {
    "WHO-02": "registrationDate", "WHO-03": "secondaryIdentifier", "WHO-04": "hasFunding",
    "WHO-09": "publicTitle", "WHO-10": "scientificTitle", "WHO-12": "hasCondition",
    "WHO-13b": "interventionDescription", "WHO-14a": "inclusionCriteria",
    "WHO-14b": "exclusionCriteria", "WHO-14d": "sex", "WHO-15a": "studyType",
    "WHO-15b": "designModel", "WHO-15c": "masking", "WHO-15d": "randomizationMethod",
    "WHO-15e": "phase", "WHO-16": "recruitmentStart", "WHO-17a": "targetSampleSize",
    "WHO-17b": "armSize", "WHO-18": "recruitmentStatus", "WHO-21a": "decision",
    "WHO-22": "completionDate", "WHO-24a": "ipdSharing", "WHO-24b": "ipdSharingPlan",
}  # fmt: skip
EVERY = sorted(path for path in samples().rglob("*") if path.is_file())


def collected(registry: str) -> set[str]:
    items = REGISTRIES.objects(URIRef(f"{ID}registry/{registry}"), NS.collects)
    return {str(item).removeprefix(f"{CODE}who-item/") for item in items}


def told(data: bytes, name: str) -> Iterator[tuple[str, set[str], set[str]]]:
    """Registry, properties and sub-items that its form leaves out, of each record of a file."""
    for found in extracted(data, name):
        if found.record is None:
            continue
        quads = parse("".join(crossed(found.record).quads).encode(), format=RdfFormat.N_QUADS)
        properties = {q.predicate.value.removeprefix(TKG) for q in quads}
        yield found.record.publisher, properties, set(found.record.version.not_printed)


@pytest.mark.parametrize("path", EVERY, ids=lambda p: p.relative_to(samples()).as_posix())
def test_a_sample_prints_nothing_that_its_registry_does_not_ask_for(path: Path):
    for registry, properties, left_out in told(path.read_bytes(), path.name):
        asked = collected(registry) - left_out
        strange = {i: p for i, p in TELLING.items() if i not in asked and p in properties}
        where = f"registry:{registry} tkg:collects, ontology/registries.ttl"
        assert not strange, f"{where}: it prints these, though it is said not to ask for them"


def test_every_telling_property_is_one_that_its_rule_names():
    for item, name in TELLING.items():
        rules = WHO.subjects(NS.whoItem, URIRef(f"{CODE}who-item/{item}"))
        fields = [str(names) for rule in rules for names in WHO.objects(rule, NS.fieldName)]
        assert name in " ".join(fields).split(), item

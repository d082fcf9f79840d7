"""No rule fires on what a registry does not collect: every registry, every sub-item, every rule.

Four records, published by one registry after another. One says nothing but what it is, one that it
recruits, one that it is completed; the last has parts that lack all that rules ask of parts. What
is told of them is what the sub-items collected yield.
"""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse
from rdflib import Graph, Namespace

from kg.building import assembly
from kg.check import check
from kg.check.findings import Finding, Report
from kg.check.parameters import Parameters
from kg.check.rulebook import rulebook
from kg.namespaces import CODE, ID, REFERENCE, TKG, expand
from kg.reading import intake
from kg.resources import folder, samples

RECORDS = Path(__file__).parent.parent.parent / "shared" / "records"
REGISTRIES = folder("ontology") / "registries.ttl"
NEEDED = sorted({s.needs for of in rulebook().shapes.values() for s in of if s.needs})

PREFIXES = "".join(
    f"@prefix {name}: <{iri}> .\n"
    for name, iri in {
        "tkg": TKG, "g": "https://w3id.org/trialkg/graph/", "r": f"{ID}record/test/",
        "registry": f"{ID}registry/", "place": f"{ID}place/", "role": f"{CODE}role/",
        "phase": f"{CODE}phase/", "kind": f"{CODE}intervention-type/", "answer": f"{CODE}answer/",
        "status": f"{CODE}recruitment-status/", "decision": f"{CODE}ethics-decision/",
        "xsd": "http://www.w3.org/2001/XMLSchema#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    }.items()
)  # fmt: skip
KINDS = "tkg:Record , tkg:Registration , tkg:InterventionalRecord , tkg:RandomizedRecord"
# {registry} publishes them, {issuer} gave the numbers.
# What rules ask for is not there, or there without what they ask of it.
TEXT = """
<{id}record/test/bare/1> {{ <{id}record/test/bare/1> a tkg:RecordVersion ; tkg:versionOf r:bare .
  r:bare a {kinds} ; tkg:publishedBy registry:{registry} ;
    tkg:registry registry:{issuer} ; tkg:ipdSharing answer:yes . }}
<{id}record/test/recruits/1> {{ <{id}record/test/recruits/1> a tkg:RecordVersion ;
    tkg:versionOf r:recruits .
  r:recruits a {kinds} ; tkg:publishedBy registry:{registry} ; tkg:registry registry:{issuer} ;
    tkg:recruitmentStatus status:recruiting . }}
<{id}record/test/ended/1> {{ <{id}record/test/ended/1> a tkg:RecordVersion ; tkg:versionOf r:ended .
  r:ended a {kinds} ; tkg:publishedBy registry:{registry} ; tkg:registry registry:{issuer} ;
    tkg:recruitmentStatus status:completed . }}
<{id}record/test/parts/1> {{ <{id}record/test/parts/1> a tkg:RecordVersion ; tkg:versionOf r:parts .
  r:parts a {kinds} ; tkg:publishedBy registry:{registry} ; tkg:registry registry:{issuer} ;
    tkg:registrationNumber "nonsense" ; tkg:recruitmentStatus status:recruiting ;
    tkg:recruitmentStart "2020-01-01"^^xsd:date ; tkg:completionDate "2020-06-01"^^xsd:date ;
    tkg:phase phase:not-applicable ; tkg:ipdSharingPlan "On a platform."@en ;
    tkg:hasArm <{id}record/test/parts/arm-1> ;
    tkg:hasIntervention <{id}record/test/parts/intervention-1> ;
    tkg:hasSiteParticipation <{id}record/test/parts/site-1> ;
    tkg:hasCondition <{id}record/test/parts/condition-1> ;
    tkg:hasOutcomeMeasure <{id}record/test/parts/outcome-1> , <{id}record/test/parts/outcome-2> ;
    tkg:hasEthicsApproval <{id}record/test/parts/ethics-1> ;
    tkg:hasRoleAssignment <{id}record/test/parts/role-1> , <{id}record/test/parts/role-2> ,
      <{id}record/test/parts/role-3> .
  <{id}record/test/parts/arm-1> a tkg:Arm ; rdfs:label "Arm"@en .
  <{id}record/test/parts/intervention-1> a tkg:Intervention ; rdfs:label "A vaccine"@en .
  <{id}record/test/parts/condition-1> a tkg:Condition ; rdfs:label "Cough"@en .
  <{id}record/test/parts/site-1> a tkg:SiteParticipation ; rdfs:label "Site"@en ;
    tkg:siteOrganization <{id}mention/test/parts/d> .
  <{id}record/test/parts/outcome-1> a tkg:OutcomeMeasure , tkg:PrimaryOutcome ; rdfs:label "A"@en .
  <{id}record/test/parts/outcome-2> a tkg:OutcomeMeasure , tkg:SecondaryOutcome ;
    rdfs:label "B"@en .
  <{id}record/test/parts/ethics-1> a tkg:EthicsApproval ; tkg:decision decision:approved .
  <{id}record/test/parts/role-1> a tkg:RoleAssignment ; tkg:role role:public-contact ;
    tkg:agent <{id}mention/test/parts/a> .
  <{id}record/test/parts/role-2> a tkg:RoleAssignment ; tkg:role role:scientific-contact ;
    tkg:agent <{id}mention/test/parts/b> .
  <{id}record/test/parts/role-3> a tkg:RoleAssignment ; tkg:role role:ethics-contact ;
    tkg:agent <{id}mention/test/parts/c> .
  <{id}mention/test/parts/a> a tkg:PersonMention ; tkg:nameAsGiven "Li Invented"@en .
  <{id}mention/test/parts/b> a tkg:PersonMention ; tkg:nameAsGiven "Wu Invented"@en .
  <{id}mention/test/parts/c> a tkg:PersonMention ; tkg:nameAsGiven "Xu Invented"@en . }}
"""


@cache
def reference() -> tuple[Quad, ...]:
    """What the reference graph says, but for what registries collect."""
    return tuple(
        Quad(q.subject, q.predicate, q.object, NamedNode(REFERENCE))
        for name in ("codes.ttl", "places.ttl", "registries.ttl")
        for q in parse(
            path=str(folder("ontology") / name),
            format=RdfFormat.TURTLE,
            base_iri="https://w3id.org/trialkg/",
        )
        if q.predicate.value != expand("tkg:collects")
    )


@cache
def collected() -> dict[str, frozenset[str]]:
    """The sub-items that each registry asks for, as its table says."""
    found: dict[str, set[str]] = defaultdict(set)
    for registry, item in Graph().parse(REGISTRIES).subject_objects(Namespace(TKG).collects):
        found[str(registry).removeprefix(f"{ID}registry/")].add(str(item).rsplit("/", 1)[1])
    return {registry: frozenset(items) for registry, items in found.items()}


Tables = tuple[tuple[str, frozenset[str]], ...]  # registries with what they collect


@cache
def found_in(tables: Tables, publisher: str, issuer: str) -> frozenset[str]:
    """What is told of the records where registries ask for these sub-items."""
    store = Store()
    store.bulk_extend(reference())
    text = PREFIXES + TEXT.format(id=ID, kinds=KINDS, registry=publisher, issuer=issuer)
    store.load(text.encode(), format=RdfFormat.TRIG)
    for registry, items in tables:
        for item in items:
            store.add(
                Quad(
                    NamedNode(f"{ID}registry/{registry}"),
                    NamedNode(expand("tkg:collects")),
                    NamedNode(f"{CODE}who-item/{item}"),
                    NamedNode(REFERENCE),
                )
            )
    report = check(store, lines=(), parameters=Parameters(as_of="2026-11-22"))
    assert not report.errors
    return frozenset(map(told, (f for f in report.findings if rule_needs(f.rule))))


@cache
def yields(item: str) -> frozenset[str]:
    """What is told where this sub-item alone is collected.

    Something has to be asked for: a registry that says nothing asks for everything.
    """
    return found_in((("isrctn", frozenset({item})),), "isrctn", "isrctn")


def told(f: Finding) -> str:
    return " ".join((f.rule, f.focus, f.field or "", f.values.get("part", "")))


def rule_needs(rule: str) -> frozenset[str]:
    """The sub-items that the shapes of a rule are about."""
    return frozenset(s.needs for s in rulebook().shapes[rule] if s.needs)


@pytest.mark.parametrize("item", NEEDED)
def test_a_sub_item_collected_alone_yields_its_rules_and_no_other(item):
    assert {t.split()[0] for t in yields(item)} == {
        rule for rule in rulebook().shapes if item in rule_needs(rule) and rule.startswith("WHO-")
    }


ISSUERS = sorted(set(collected()) - {"ictrp"})


@pytest.mark.parametrize("registry", ISSUERS)
def test_a_registry_is_told_of_what_it_collects_and_of_nothing_else(registry):
    tables = tuple(collected().items())
    assert_told(found_in(tables, registry, registry), collected()[registry])


@pytest.mark.parametrize("issuer", ISSUERS)
def test_a_portal_is_not_told_of_what_the_registry_behind_it_does_not_collect(issuer):
    tables = tuple(collected().items())
    assert_told(found_in(tables, "ictrp", issuer), collected()["ictrp"] & collected()[issuer])


def assert_told(found: frozenset[str], items: frozenset[str]) -> None:
    """Each sub-item yields what it yields alone, and nothing else is told."""
    assert found <= frozenset().union(*(yields(item) for item in items))
    assert [item for item in NEEDED if item in items and not yields(item) & found] == []


def uncollected(folder: Path) -> tuple[Report, list[str]]:
    """A check of real records, and its findings on what their registries do not collect."""
    read = intake.read([folder])
    versions, _ = intake.kept(read, history=False)
    graph = assembly.assembled(versions)
    report = check(graph.store, lines=graph.lines(), parameters=Parameters(as_of="2026-11-22"))
    record, left_out = {}, defaultdict(set)
    for q in graph.store.quads_for_pattern(None, NamedNode(expand("tkg:versionOf")), None, None):
        record[q.graph_name] = q.object.value
    for q in graph.store.quads_for_pattern(None, NamedNode(expand("tkg:notPrinted")), None, None):
        left_out[record[q.graph_name]].add(q.object.value.rsplit("/", 1)[1])
    asked = {}
    for node in set(record.values()):
        who = [
            q.object.value.rsplit("/", 1)[1]
            for prop in ("tkg:publishedBy", "tkg:registry")
            for q in graph.store.quads_for_pattern(
                NamedNode(node), NamedNode(expand(prop)), None, None
            )
        ]
        tables = [collected()[registry] for registry in who if registry in collected()]
        asked[node] = frozenset(NEEDED).intersection(*tables) - left_out[node]
    return report, [
        told(f)
        for f in report.findings
        if f.record and rule_needs(f.rule) and not rule_needs(f.rule) & asked[f.record]
    ]


def test_no_sample_is_told_of_what_its_registry_does_not_collect():
    report, wrong = uncollected(samples())
    assert len(report.findings) > 200
    assert wrong == []


@pytest.mark.slow
@pytest.mark.skipif(not RECORDS.is_dir(), reason="the real records lie outside the project")
@pytest.mark.parametrize("name", sorted(p.name for p in RECORDS.glob("*") if p.is_dir()))
def test_no_real_record_is_told_of_what_its_registry_does_not_collect(name):
    report, wrong = uncollected(RECORDS / name)
    assert report.records
    assert wrong == []

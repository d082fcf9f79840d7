"""Views hold the right nodes, edges, columns and places, and are the same every time."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections import Counter
from itertools import combinations
from math import dist
from pathlib import Path

import networkx as nx
import pytest
from exporters_samples import example, iri, say, synthetic, text
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg.errors import ToolError
from kg.exporters import views
from kg.exporters.gexf import gexf
from kg.exporters.layout import positions
from kg.exporters.measures import communities, core_numbers, neighbours
from kg.exporters.part import Part
from kg.exporters.parts import View
from kg.exporters.text import plain, short
from kg.exporters.view import Quality, view
from kg.exporters.views import VIEWS, node_id
from kg.namespaces import DERIVED, ID, IDENTITY, REFERENCE, TKG, code, h8

TRIAL = ID + "trial/chictr-ChiCTR2699990001"


def node(drawn: View, name: str) -> dict[str, object]:
    (found,) = (n for n in drawn.nodes if n.id == name)
    return {"label": found.label, **found.columns}


def kinds(drawn: View) -> Counter[str]:
    return Counter(edge.kind for edge in drawn.edges)


@pytest.fixture(scope="module")
def many() -> Store:
    return synthetic(200)


@pytest.fixture(scope="module")
def some() -> Store:
    return synthetic(60)


def test_the_example_gives_a_trial_its_hospital_committee_and_investigator():
    drawn = view(example(), "full")
    assert [n.id for n in drawn.nodes] == [
        "committee:0f1e2d3c4b5a",
        "organization:a0b1c2d3e4f5",
        "person:b1c2d3e4f506",
        "trial:chictr-ChiCTR2699990001",
    ]
    trial = "trial:chictr-ChiCTR2699990001"
    assert [(e.source, e.kind, e.target, e.weight, e.evidence) for e in drawn.edges] == [
        ("committee:0f1e2d3c4b5a", "committeeOf", "organization:a0b1c2d3e4f5", 1, None),
        ("person:b1c2d3e4f506", "affiliatedWith", "organization:a0b1c2d3e4f5", 1, 1),
        (trial, "approvedBy", "committee:0f1e2d3c4b5a", 1, 1),
        (trial, "site", "organization:a0b1c2d3e4f5", 1, 1),
        (trial, "principalInvestigator", "person:b1c2d3e4f506", 1, 1),
    ]


def test_columns_of_a_trial_say_what_is_known_in_both_languages():
    trial = node(view(example(), "full"), "trial:chictr-ChiCTR2699990001")
    assert trial == {
        "label": "示例药物治疗慢性示例病",
        "node_type": "trial",
        "type_zh": "临床试验",
        "title": "示例药物治疗慢性示例病",
        "title_en": "Example drug for chronic example disease",
        "label_zh": "示例药物治疗慢性示例病",
        "label_en": "Example drug for chronic examp…",
        "registration_number": "ChiCTR2699990001",
        "registry": "chictr",
        "country": "CN",
        "study_type": "interventional",
        "phase": "phase-2 | phase-3",
        "status": "recruiting",
        "year": 2026,
        "start_year": 2025,
        "community": 1,
        "degree": 3,
        "weighted_degree": 3.0,
        "k_core": 2,
        "iri": TRIAL,
    }


def test_a_hospital_has_the_province_of_its_sites_and_its_people_and_committee_share_it():
    drawn = view(example(), "full")
    hospital = node(drawn, "organization:a0b1c2d3e4f5")
    assert (hospital["node_type"], hospital["province"]) == ("hospital", "浙江")
    assert node(drawn, "person:b1c2d3e4f506")["province"] == "浙江"
    assert node(drawn, "committee:0f1e2d3c4b5a")["province"] == "浙江"


def test_a_hospital_its_people_and_its_committee_have_the_country_of_its_place():
    drawn = view(example(), "full")
    for name in ("organization:a0b1c2d3e4f5", "person:b1c2d3e4f506", "committee:0f1e2d3c4b5a"):
        assert node(drawn, name)["country"] == "CN"


def test_a_trial_has_the_registries_and_countries_of_all_its_records():
    """A portal shows a second record of it, which names no site: ISO codes, whatever language."""
    store = example()
    record = ID + "record/ictrp/NCT09999901"
    version = record + "/20260110T101500"
    say(store, IDENTITY, record, "tkg:refersTo", NamedNode(TRIAL))
    say(store, IDENTITY, record, "tkg:currentVersion", NamedNode(version))
    say(store, version, record, "tkg:publishedBy", NamedNode(ID + "registry/ictrp"))
    say(store, version, record, "tkg:registry", NamedNode(ID + "registry/ctgov"))
    for place in ("FR", "CN", "x-0a1b2c3d"):  # the last is a place of which nobody says where
        say(store, version, record, "tkg:countryOfRecruitment", NamedNode(f"{ID}place/{place}"))
    trial = node(view(store, "full"), "trial:chictr-ChiCTR2699990001")
    assert (trial["registry"], trial["country"]) == ("chictr | ctgov", "CN | FR")
    assert trial["registration_number"] == "ChiCTR2699990001"


def test_a_hospital_of_a_country_without_provinces_has_its_country():
    store = example()
    site = ID + "mention/chictr/ChiCTR2699990001/site-e40d0fae"
    hospital = ID + "organization/0a0a0a0a0a0a"
    version = ID + "record/chictr/ChiCTR2699990001/20260210T101500"
    city = ID + "place/x-0a1b2c3d"
    say(store, REFERENCE, city, "rdfs:label", text("Exampleville", "en"))
    say(store, REFERENCE, city, "dcterms:isPartOf", NamedNode(ID + "place/FR"))
    say(store, IDENTITY, hospital, "rdf:type", iri("org:Organization"))
    say(store, IDENTITY, site + "-2", "tkg:refersTo", NamedNode(hospital))
    say(store, version, site + "-2", "dcterms:spatial", NamedNode(city))
    shown = node(view(store, "full"), "organization:0a0a0a0a0a0a")
    assert (shown["country"], shown["city"]) == ("FR", "Exampleville")
    assert "province" not in shown


def test_a_person_of_hospitals_in_two_provinces_has_none():
    store = synthetic(1, hospitals=2)
    (person, *_) = (n for n in view(store, "full").nodes if n.node_type == "person")
    for number, place in enumerate(["CN-ZJ", "CN-BJ"]):
        hospital = f"{ID}organization/{number:012x}"
        say(store, DERIVED, str(person.columns["iri"]), "tkg:affiliatedWith", NamedNode(hospital))
        mention = f"{ID}mention/chictr/ChiCTR2600000000/site-{number:08x}"
        say(store, IDENTITY, mention, "tkg:refersTo", NamedNode(hospital))
        version = next(
            q.object for q in store.quads_for_pattern(None, iri("tkg:currentVersion"), None, None)
        )
        say(store, version.value, mention, "dcterms:spatial", NamedNode(f"{ID}place/{place}"))
    drawn = view(store, "full")
    assert "province" in node(drawn, "organization:000000000000")
    assert "province" not in node(drawn, person.id)


def test_quality_colours_the_nodes_that_it_knows_and_no_other():
    known = {TRIAL: Quality(completeness=0.7321987, violations=3, warnings=0)}
    drawn = view(example(), "full", known)
    trial = node(drawn, "trial:chictr-ChiCTR2699990001")
    assert (trial["completeness"], trial["violations"], trial["warnings"]) == (0.7322, 3, 0)
    assert "violations" not in node(drawn, "person:b1c2d3e4f506")
    assert [c.name for c in drawn.head.node_columns][-4:] == [
        "completeness",
        "violations",
        "warnings",
        "iri",
    ]


def test_without_quality_or_score_there_is_no_such_column():
    assert "violations" not in {c.name for c in view(example(), "full").head.node_columns}
    known = {TRIAL: Quality(completeness=None, violations=0, warnings=0)}
    columns = {c.name for c in view(example(), "full", known).head.node_columns}
    assert "completeness" not in columns
    assert "violations" in columns


def test_an_unknown_view_names_the_known_ones():
    with pytest.raises(ToolError) as error:
        view(example(), "ego")
    assert error.value.message == (
        "no view 'ego'; known views: full, trial-hospital-committee-investigator, "
        "hospital-collaboration, ethics-oversight, co-investigator"
    )


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("steps", [1, 2, 3])
def test_what_lies_around_a_node_is_what_networkx_finds_there(name, steps, some):
    whole = view(some, name)
    ties = nx.Graph([(e.source, e.target) for e in whole.edges])
    iris = {n.id: str(n.columns["iri"]) for n in whole.nodes}
    for centres in random.Random(steps).sample(sorted(combinations(sorted(ties), 2)), 2):
        near = set().union(*(nx.ego_graph(ties, centre, steps) for centre in centres))
        drawn = view(some, name, part=Part(tuple(iris[centre] for centre in centres), steps))
        assert {n.id for n in drawn.nodes} == near
        told = [e for e in whole.edges if e.source in near and e.target in near]
        assert drawn.edges == told
        assert f"up to {steps} edge" in drawn.head.description


def test_a_node_without_ties_stands_alone_and_one_of_another_view_is_refused(many):
    lonely = synthetic(1)
    say(lonely, IDENTITY, ID + "person/000000000000", "rdf:type", iri("foaf:Person"))
    drawn = view(lonely, "full", part=Part((ID + "person/000000000000",), 3))
    assert [n.id for n in drawn.nodes] == ["person:000000000000"]
    assert not drawn.edges
    with pytest.raises(ToolError, match="person:000000000000: not in this view"):
        view(lonely, "hospital-collaboration", part=Part((ID + "person/000000000000",)))


@pytest.mark.parametrize("name", VIEWS)
def test_every_edge_end_is_a_node_and_no_edge_comes_twice(name, many):
    drawn = view(many, name)
    ids = [n.id for n in drawn.nodes]
    assert len(ids) == len(set(ids))
    assert {end for e in drawn.edges for end in (e.source, e.target)} <= set(ids)
    keys = Counter((e.source, e.target, e.kind) for e in drawn.edges)
    assert set(keys.values()) <= {1}
    assert all(e.weight > 0 for e in drawn.edges)


def test_the_full_view_has_every_direct_edge_of_the_graph(many):
    drawn = view(many, "full")
    wanted = Counter(
        quad.predicate.value.removeprefix(TKG)
        for graph in (DERIVED, IDENTITY)
        for quad in many.quads_for_pattern(None, None, None, NamedNode(graph))
        if isinstance(quad.object, NamedNode)
        and quad.object.value.startswith(ID)
        and quad.predicate.value.removeprefix(TKG) not in ("refersTo", "currentVersion")
    )
    assert kinds(drawn) == wanted
    assert len(wanted) >= 7


def test_the_oversight_view_keeps_hospitals_committees_and_leaders_only(many):
    drawn = view(many, "trial-hospital-committee-investigator")
    assert {n.node_type for n in drawn.nodes} == {"trial", "hospital", "committee", "person"}
    assert set(kinds(drawn)) == {
        "site",
        "primarySponsor",
        "approvedBy",
        "principalInvestigator",
        "committeeOf",
        "affiliatedWith",
    }
    leaders = {e.target for e in drawn.edges if e.kind == "principalInvestigator"}
    assert leaders == {n.id for n in drawn.nodes if n.node_type == "person"}


def test_hospitals_are_tied_by_the_trials_they_share():
    store = Store()
    for number in range(4):
        hospital = f"{ID}organization/{number:012x}"
        say(store, IDENTITY, hospital, "rdf:type", iri("org:Organization"))
        say(store, IDENTITY, hospital, "rdfs:label", text(f"示例{number}医院", "zh"))
        kind = NamedNode(code("organization-kind", "hospital"))
        say(store, IDENTITY, hospital, "tkg:organizationKind", kind)
    for trial, members in enumerate([(0, 1), (0, 1, 2), (3,)]):
        name = f"{ID}trial/chictr-{trial}"
        say(store, IDENTITY, name, "rdf:type", iri("tkg:Trial"))
        for member in members:
            say(store, DERIVED, name, "tkg:site", NamedNode(f"{ID}organization/{member:012x}"))
    drawn = view(store, "hospital-collaboration")
    ties = {(e.source[-1], e.target[-1]): (e.weight, e.newman_weight) for e in drawn.edges}
    assert ties == {("0", "1"): (2, 1.5), ("0", "2"): (1, 0.5), ("1", "2"): (1, 0.5)}
    assert not drawn.head.directed
    assert len(drawn.nodes) == 4  # a hospital that shares nothing is still one of them


def test_committees_are_tied_to_the_hospitals_whose_trials_they_approved():
    store = Store()
    kinds_of = {"a": "hospital", "b": "hospital", "c": "university", "d": "hospital"}
    for letter, kind in kinds_of.items():
        organization = f"{ID}organization/{letter * 12}"
        say(store, IDENTITY, organization, "rdf:type", iri("org:Organization"))
        named = NamedNode(code("organization-kind", kind))
        say(store, IDENTITY, organization, "tkg:organizationKind", named)
    for digit in "123":
        say(store, IDENTITY, f"{ID}committee/{digit * 12}", "rdf:type", iri("tkg:EthicsCommittee"))
    for committee, home in (("1", "a"), ("2", "c")):
        at_home = NamedNode(f"{ID}organization/{home * 12}")
        say(store, IDENTITY, f"{ID}committee/{committee * 12}", "tkg:committeeOf", at_home)
    trials = {  # approved by, run at, sponsored by
        "x": ("1", "ab", ""),
        "y": ("12", "b", "c"),  # a university runs nothing here
        "z": ("", "d", ""),  # nobody says who approved it
        "w": ("1", "", "b"),  # a hospital that sponsors runs it
    }
    for name, (committees, sites, sponsors) in trials.items():
        trial = f"{ID}trial/chictr-{name}"
        say(store, IDENTITY, trial, "rdf:type", iri("tkg:Trial"))
        for edge, kind, ends in (
            ("approvedBy", "committee", committees),
            ("site", "organization", sites),
            ("primarySponsor", "organization", sponsors),
        ):
            for end in ends:
                say(store, DERIVED, trial, f"tkg:{edge}", NamedNode(f"{ID}{kind}/{end * 12}"))
    drawn = view(store, "ethics-oversight")
    ties = {(e.source[-1], e.kind, e.target[-1]): e.weight for e in drawn.edges}
    assert ties == {
        ("1", "approvedTrialsAt", "a"): 1,
        ("1", "approvedTrialsAt", "b"): 3,
        ("2", "approvedTrialsAt", "b"): 1,
        ("1", "committeeOf", "a"): 1,
        ("2", "committeeOf", "c"): 1,
    }
    # A committee that approved nothing here is still one of them; hospital d has none.
    assert {n.id[-1] for n in drawn.nodes} == set("123abc")
    assert drawn.head.directed


@pytest.mark.parametrize("name", ["hospital-collaboration", "ethics-oversight"])
def test_a_very_large_trial_ties_nobody_and_that_is_said(name, monkeypatch):
    monkeypatch.setattr(views, "LARGEST_TRIAL", 2)
    drawn = view(synthetic(40), name)
    (note,) = drawn.notes
    assert note.startswith("no ties from ")
    assert "trials with more than 2 members: trial:chictr-ChiCTR26" in note


def test_a_second_record_of_a_trial_is_evidence_but_no_weight():
    store = example()
    record = ID + "record/clinconnect/00000001"
    mentions = ID + "mention/clinconnect/00000001/"
    version = record + "/20260110T101500"
    leader = mentions + "principal-investigator-e958271e"
    employer = mentions + "principal-investigator-affiliation-e40d0fae"
    say(store, IDENTITY, record, "tkg:refersTo", NamedNode(TRIAL))
    say(store, IDENTITY, record, "tkg:currentVersion", NamedNode(version))
    say(store, IDENTITY, leader, "tkg:refersTo", NamedNode(ID + "person/b1c2d3e4f506"))
    say(store, IDENTITY, employer, "tkg:refersTo", NamedNode(ID + "organization/a0b1c2d3e4f5"))
    say(store, version, leader, "tkg:affiliation", NamedNode(employer))
    found = {e.kind: (e.weight, e.evidence) for e in view(store, "full").edges}
    assert found["principalInvestigator"] == (1, 2)
    assert found["affiliatedWith"] == (1, 2)
    assert found["site"] == (1, 1)


def test_an_affiliation_weighs_as_many_trials_as_state_it(many):
    drawn = view(many, "full")
    trials: dict[str, set[str]] = {}
    for e in drawn.edges:
        if e.source.startswith("trial:") and e.target.startswith("person:"):
            trials.setdefault(e.target, set()).add(e.source)
    # people of the synthetic graph belong to one hospital in all their trials
    weights = {e.source: e.weight for e in drawn.edges if e.kind == "affiliatedWith"}
    assert weights == {person: len(found) for person, found in trials.items()}
    assert max(weights.values()) > 1


def test_an_affiliation_is_told_by_what_the_record_says_not_by_the_name_of_its_mention():
    """A leader may work at the trial's site or sponsor, and two leaders at an organization each."""
    store = synthetic(1, hospitals=2)
    record = f"{ID}record/chictr/ChiCTR2600000000"
    mention = f"{ID}mention/chictr/ChiCTR2600000000"
    version = f"{record}/20260110T101500"
    sites = [f"{ID}organization/{n:012x}" for n in range(2)]
    people = [f"{ID}person/{n:012x}" for n in (800, 801)]
    for person, site in zip(people, sites, strict=True):
        role = f"{mention}/principal-investigator-{h8(person)}"
        place = f"{mention}/site-{h8(site)}"
        say(store, IDENTITY, person, "rdf:type", iri("foaf:Person"))
        say(store, IDENTITY, role, "tkg:refersTo", NamedNode(person))
        say(store, IDENTITY, place, "tkg:refersTo", NamedNode(site))
        say(store, version, role, "tkg:affiliation", NamedNode(place))
        say(store, DERIVED, person, "tkg:affiliatedWith", NamedNode(site))
    # what another record says of the first leader, this one does not
    say(store, DERIVED, people[0], "tkg:affiliatedWith", NamedNode(sites[1]))
    found = {
        (e.source, e.target): e.evidence
        for e in view(store, "full").edges
        if e.kind == "affiliatedWith"
    }
    told = {(node_id(p), node_id(s)): 1 for p, s in zip(people, sites, strict=True)}
    assert {pair: found[pair] for pair in told} == told
    assert found[node_id(people[0]), node_id(sites[1])] is None


def test_an_entity_that_was_merged_away_is_no_node():
    store = example()
    old = ID + "person/000000000001"
    say(store, IDENTITY, old, "rdf:type", iri("foaf:Person"))
    say(store, IDENTITY, old, "dcterms:isReplacedBy", NamedNode(ID + "person/b1c2d3e4f506"))
    say(store, DERIVED, TRIAL, "tkg:publicContact", NamedNode(old))
    drawn = view(store, "full")
    assert "person:000000000001" not in {n.id for n in drawn.nodes}
    assert "publicContact" not in kinds(drawn)


def test_records_mentions_links_and_contacts_are_never_nodes():
    store = example()
    contacts = ID + "record/chictr/ChiCTR2699990001/20260210T101500/contacts"
    say(store, contacts, ID + "person/b1c2d3e4f506", "rdfs:label", text("someone@example.cn", "zh"))
    drawn = view(store, "full")
    assert {n.id.partition(":")[0] for n in drawn.nodes} == {
        "trial",
        "organization",
        "committee",
        "person",
    }
    assert "someone" not in "".join(gexf(drawn.head, drawn.nodes, drawn.edges))


def test_degree_counts_parallel_edges_as_gephi_does(many):
    drawn = view(many, "full")
    counted: Counter[str] = Counter()
    strength: Counter[str] = Counter()
    for e in drawn.edges:
        for end in (e.source, e.target):
            counted[end] += 1
            strength[end] += e.weight
    assert {n.id: n.columns["degree"] for n in drawn.nodes} == {
        n.id: counted[n.id] for n in drawn.nodes
    }
    assert {n.id: n.columns["weighted_degree"] for n in drawn.nodes} == {
        n.id: float(strength[n.id]) for n in drawn.nodes
    }


PAIRS = st.lists(st.tuples(st.integers(0, 14), st.integers(0, 14)), max_size=60)


@given(PAIRS)
def test_core_numbers_are_those_of_networkx(pairs):
    graph = nx.Graph(p for p in pairs if p[0] != p[1])
    graph.add_nodes_from(range(15))
    assert core_numbers(neighbours(15, pairs)) == [nx.core_number(graph)[n] for n in range(15)]


def test_two_cliques_are_two_communities_the_larger_first():
    edges = [(a, b, 1.0) for a in range(4) for b in range(a)]
    edges += [(a, b, 1.0) for a in range(4, 9) for b in range(4, a)]
    assert communities(9, [*edges, (0, 8, 1.0)]) == [2] * 4 + [1] * 5


def test_too_many_edges_leave_out_communities():
    assert communities(2, [(0, 1, 1.0)] * 20_001) is None


def test_no_two_nodes_lie_on_each_other(many):
    drawn = view(many, "full")
    close = [
        (a.id, b.id)
        for i, a in enumerate(drawn.nodes)
        for b in drawn.nodes[:i]
        if dist((a.x, a.y), (b.x, b.y)) < max(a.size, b.size)
    ]
    assert not close


def test_a_committee_lies_nearer_to_its_hospital_than_to_most(many):
    drawn = view(many, "full")
    at = {n.id: (n.x, n.y) for n in drawn.nodes}
    hospitals = [n.id for n in drawn.nodes if n.node_type == "hospital"]
    ties = [e for e in drawn.edges if e.kind == "committeeOf" and e.source in at]
    assert ties
    for e in ties:
        nearer = sum(
            dist(at[e.source], at[h]) < dist(at[e.source], at[e.target]) for h in hospitals
        )
        assert nearer <= 2, e


@settings(max_examples=200, deadline=None)
@given(PAIRS, st.lists(st.booleans(), min_size=15, max_size=15))
def test_any_graph_has_a_place_for_every_node(pairs, core):
    near = neighbours(15, pairs)
    at = positions(core, near, [4.0 + len(n) for n in near])
    assert len(set(at)) == 15
    assert all(abs(x) < 1e5 and abs(y) < 1e5 for x, y in at)
    assert all((round(x, 2), round(y, 2)) == (x, y) for x, y in at)


def test_nodes_without_edges_lie_below_the_rest():
    at = positions([True, True, False, False], [[1], [0], [], []], [5.0, 5.0, 5.0, 5.0])
    assert max(at[2][1], at[3][1]) < min(at[0][1], at[1][1])


def test_nothing_gives_an_empty_view():
    drawn = view(Store(), "full")
    assert (list(drawn.nodes), list(drawn.edges)) == ([], [])


@pytest.mark.parametrize("name", VIEWS)
def test_the_order_of_statements_never_matters(name, many):
    quads = list(many)
    random.Random(7).shuffle(quads)
    other = Store()
    for quad in quads:
        other.add(quad)
    assert view(other, name) == view(many, name)


def test_another_hash_seed_gives_the_same_bytes():
    script = (
        "from exporters_samples import synthetic\n"
        "from kg.exporters.view import view\n"
        "from kg.exporters.gexf import gexf\n"
        "import sys\n"
        "v = view(synthetic(25), 'full')\n"
        "sys.stdout.write(''.join(gexf(v.head, v.nodes, v.edges)))\n"
    )
    here = Path(__file__).parent
    texts = {
        subprocess.run(
            [sys.executable, "-c", script],
            capture_output=True,
            check=True,
            env={
                **os.environ,
                "PYTHONHASHSEED": seed,
                "PYTHONPATH": f"{here.parent}{os.pathsep}{here}",
                "PYTHONIOENCODING": "utf-8",
            },
        ).stdout
        for seed in ("0", "1", "4711")
    }
    assert len(texts) == 1
    assert len(texts.pop()) > 10_000


def test_labels_are_short_and_titles_whole():
    store = example()
    long = "示例药物" * 20
    say(store, DERIVED, TRIAL, "tkg:publicTitle", Literal("An example " * 20, language="fr"))
    titles = list(store.quads_for_pattern(None, iri("tkg:publicTitle"), None, None))
    for quad in titles:
        store.remove(quad)
    store.add(Quad(iri(TRIAL), iri("tkg:publicTitle"), text(long, "zh"), NamedNode(DERIVED)))
    trial = node(view(store, "full"), "trial:chictr-ChiCTR2699990001")
    assert trial["title"] == long
    assert trial["label"] == trial["label_zh"] == long[:15] + "…"


@given(st.text(st.sampled_from("ab 示例。\u0301"), max_size=80))
def test_short_text_is_a_beginning_that_fits(given_text):
    made = short(given_text)
    wide = sum(c in "示例。…" for c in made) + sum(c != "\u0301" for c in made)
    assert made == given_text or (made.endswith("…") and given_text.startswith(made[:-1]))
    assert wide <= 32


@given(st.text(st.characters()))
def test_plain_text_has_one_line_and_only_characters_of_xml(given_text):
    made = plain(given_text)
    assert made == " ".join(made.split())
    assert not any(ord(c) < 32 or 0xD800 <= ord(c) < 0xE000 or c in "\ufffe\uffff" for c in made)


def test_a_large_view_is_placed_by_size_and_says_so(monkeypatch, many):
    usual = view(many, "full")
    assert usual.notes == ()
    for module in ("layout", "view"):
        monkeypatch.setattr(f"kg.exporters.{module}.LARGEST_FOR_FORCES", len(usual.nodes) - 1)
    for module in ("measures", "view"):
        monkeypatch.setattr(f"kg.exporters.{module}.LARGEST_FOR_COMMUNITIES", 3)
    drawn = view(many, "full")
    assert [note.partition(":")[0] for note in drawn.notes] == [
        "nodes placed by size, not by their ties",
        "no communities",
    ]
    assert [n.id for n in drawn.nodes] == [n.id for n in usual.nodes]
    assert len({(n.x, n.y) for n in drawn.nodes}) == len(drawn.nodes)
    overlapping = sum(
        dist((a.x, a.y), (b.x, b.y)) < a.size + b.size for a, b in combinations(drawn.nodes, 2)
    )
    assert overlapping <= len(drawn.nodes) // 100
    hospitals = {n.id: n for n in drawn.nodes if n.node_type == "hospital"}
    middle = max(hospitals.values(), key=lambda n: n.size)
    for edge in drawn.edges:  # what hangs on one hospital alone lies beside it
        if edge.kind == "committeeOf" and edge.target == middle.id:
            board = next(n for n in drawn.nodes if n.id == edge.source)
            assert dist((board.x, board.y), (middle.x, middle.y)) < 10 * middle.size

"""Smaller pictures hold what was asked for, whatever the order of asking, and tell what is left."""

from __future__ import annotations

from itertools import permutations

import networkx as nx
import pytest
from exporters_samples import synthetic
from hypothesis import given
from hypothesis import strategies as st

from kg.errors import ToolError
from kg.exporters.facts import Entity, Facts
from kg.exporters.filters import COLUMNS, Strongest, condition, heavy, narrowed, strongest
from kg.exporters.part import Part
from kg.exporters.parts import Edge
from kg.exporters.view import view
from kg.exporters.views import VIEWS, Selection


def entity(iri: str, node_type: str, **columns: str | int) -> Entity:
    return Entity(iri=iri, node_type=node_type, zh=None, en=None, columns=columns)  # type: ignore[arg-type]


def graph(entities: list[Entity], ties: list[tuple[str, str, str]]) -> Facts:
    return Facts(
        entities={e.iri: e for e in entities},
        edges=ties,
        records=[n for n, _ in enumerate(ties)],
        trials=[1] * len(ties),
        refreshed=None,
    )


KNOWN = graph(
    [
        entity("old", "trial", start_year=2015, country="CN", status="completed"),
        entity("new", "trial", start_year=2021, country="CN | FR", status="recruiting"),
        entity("silent", "trial", status="recruiting"),
        entity("cn", "hospital", country="CN"),
        entity("fr", "hospital", country="FR"),
        entity("nowhere", "hospital"),
        entity("leader", "person"),
        entity("other", "person"),
    ],
    [
        ("leader", "affiliatedWith", "cn"),
        ("new", "principalInvestigator", "leader"),
        ("new", "site", "cn"),
        ("new", "site", "fr"),
        ("old", "principalInvestigator", "other"),
        ("old", "site", "cn"),
        ("silent", "site", "nowhere"),
    ],
)


def kept(*conditions: str) -> set[str]:
    less, _ = narrowed(KNOWN, [condition(text) for text in conditions])
    return set(less.entities)


def test_of_trials_since_a_year_hospitals_and_people_stay():
    assert kept("start_year>=2020") == {"new", "cn", "fr", "leader"}
    assert kept("start_year<=2020") == {"old", "cn", "other"}
    assert kept("start_year=2021") == kept("start_year>=2020")
    assert kept("start_year!=2021") == kept("start_year<=2020")


def test_one_of_several_countries_is_enough():
    assert kept("country=fr") == {"new", "fr", "leader"}
    assert kept("country!=FR") == {"old", "cn", "leader", "other"}


def test_what_says_nothing_stays_with_what_does():
    assert kept("status=recruiting") == {"new", "silent", "cn", "fr", "nowhere", "leader"}


def test_all_conditions_hold_in_any_order():
    asked = ("country=CN", "start_year>=2020", "status=recruiting")
    assert {frozenset(kept(*order)) for order in permutations(asked)} == {
        frozenset({"new", "cn", "leader"})
    }


def test_a_type_of_node_can_be_left_out():
    assert kept("node_type!=person") == set(KNOWN.entities) - {"leader", "other"}


def test_edges_keep_their_numbers():
    less, _ = narrowed(KNOWN, [condition("start_year>=2020")])
    assert dict(zip(less.edges, less.records, strict=True)) == {
        ("leader", "affiliatedWith", "cn"): 0,
        ("new", "principalInvestigator", "leader"): 1,
        ("new", "site", "cn"): 2,
        ("new", "site", "fr"): 3,
    }


def test_how_much_is_left_is_told_and_who_said_nothing():
    _, told = narrowed(KNOWN, [condition("start_year>=2020")])
    assert told == (
        "where start_year>=2020: 4 of 8 nodes of the graph stay",
        "left out, since they say no start_year: 1 of type trial",
    )
    assert narrowed(KNOWN, []) == (KNOWN, ())


@pytest.mark.parametrize(
    ("written", "told"),
    [
        (
            "year",
            "write 'COLUMN=VALUE', or with !=, >= or <=, in quotation marks; columns: node_type",
        ),
        ("colour=red", "columns: "),
        ("year>=soon", "year is a whole number"),
        ("year=²", "year is a whole number"),
        ("country>=CN", "country is no number; write = or !="),
        ("degree>=2", "columns: "),
    ],
)
def test_what_cannot_be_asked_is_said(written, told):
    with pytest.raises(ToolError) as error:
        condition(written)
    assert repr(written) in error.value.message
    assert told in error.value.message


names = st.sampled_from("abcdefgh")
ties = st.dictionaries(st.tuples(names, names).filter(lambda e: e[0] < e[1]), st.integers(1, 4))


def drawn(weights: dict[tuple[str, str], int]) -> tuple[Selection, nx.Graph]:
    edges = [Edge(a, b, "sharedTrials", n) for (a, b), n in weights.items()]
    same: nx.Graph = nx.Graph(list(weights))
    same.add_nodes_from("abcdefgh")
    return Selection(nodes=set("abcdefgh"), edges=edges, directed=False), same


@given(ties)
def test_the_largest_part_is_what_networkx_finds(weights):
    chosen, same = drawn(weights)
    found = strongest(chosen, Strongest(component=True)).nodes
    largest = max(map(len, nx.connected_components(same)))
    assert len(found) == largest
    assert found in list(nx.connected_components(same))


@given(ties, st.integers(1, 4), st.integers(0, 9))
def test_degrees_and_weights_are_those_of_networkx(weights, least, most):
    chosen, same = drawn(weights)
    kept_edges = heavy(chosen, least).edges
    assert {(e.source, e.target) for e in kept_edges} == {
        e for e, n in weights.items() if n >= least
    }
    dense = strongest(chosen, Strongest(min_degree=least))
    assert dense.nodes == {n for n, d in same.degree() if d >= least}
    assert {frozenset(e[:2]) for e in dense.edges} == set(
        map(frozenset, same.subgraph(dense.nodes).edges)
    )
    best = strongest(chosen, Strongest(top=most)).nodes
    assert len(best) == min(most, 8)
    left = [same.degree(n) for n in chosen.nodes - best]
    assert min((same.degree(n) for n in best), default=9) >= max(left, default=0)


def test_every_column_that_can_be_asked_is_one_of_a_node():
    entities = [entity("a", "trial", **{name: 1 for name in COLUMNS if name != "node_type"})]
    for name in COLUMNS:
        value = "trial" if name == "node_type" else "1"
        less, _ = narrowed(graph(entities, []), [condition(f"{name}={value}")])
        assert set(less.entities) == {"a"}
    assert {"node_type", "country", "start_year", "status"} < COLUMNS.keys()


@pytest.fixture(scope="module")
def store():
    return synthetic(40)


@pytest.mark.parametrize("name", VIEWS)
def test_every_view_can_be_made_smaller_and_says_how(name, store):
    asked = Strongest(min_weight=1, min_degree=1, component=True, top=5)
    part = Part(where=(condition("year>=2000"),), strongest=asked)
    smaller = view(store, name, part=part)
    assert 0 < len(smaller.nodes) <= 5
    assert {end for e in smaller.edges for end in (e.source, e.target)} <= {
        n.id for n in smaller.nodes
    }
    assert smaller.head.description.endswith(
        "where year>=2000, nodes with 1 edge or more, the largest part that hangs together, "
        "the 5 nodes with most edges"
    )
    assert smaller.notes[0].startswith("where year>=2000: ")


def test_nodes_and_edges_that_an_option_takes_out_are_counted(store):
    whole = view(store, "hospital-collaboration")
    least = sorted(edge.weight for edge in whole.edges)[len(whole.edges) // 2]
    asked = Strongest(min_weight=least, min_degree=1, top=3)
    smaller = view(store, "hospital-collaboration", part=Part(strongest=asked))
    heavier = sum(edge.weight >= least for edge in whole.edges)
    assert 0 < heavier < len(whole.edges)
    light = len(whole.edges) - heavier
    told = [note for note in smaller.notes if note.startswith("left out as asked: ")]
    assert told[0] == f"left out as asked: 0 nodes, {light:,} edges"
    nodes = len(whole.nodes) - len(smaller.nodes)
    assert told[1].startswith(f"left out as asked: {nodes:,} nodes, ")
    assert not [note for note in whole.notes if "as asked" in note]


def test_hospitals_are_tied_by_the_trials_that_stay_alone(store):
    whole, none = (
        view(store, "hospital-collaboration", part=Part(where=(condition(f"year{sign}2000"),)))
        for sign in (">=", "<=")
    )
    assert whole.edges
    assert not none.edges

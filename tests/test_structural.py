"""Structural rules that a pass over the lines of a graph answers."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.check import engine, structural
from kg.check.graphs import distinct
from kg.check.rulebook import rulebook
from kg.check.runner import hit, set_of
from kg.check.scan import Gathered
from kg.namespaces import DERIVED, FINDINGS, IDENTITY, PREFIXES, REFERENCE, expand

# The sentence of the rule book (ST-05) as a query over all graphs.
TAGS = """SELECT $this ?field ?tag WHERE {
  { SELECT $this ?g ?p ?tag (COUNT(DISTINCT ?v) AS ?n) WHERE {
      GRAPH ?g { $this ?p ?v FILTER(LANG(?v) != "") }
      FILTER(?g != g:reference && ?p != skos:altLabel && !STRENDS(STR(?g), "/contacts"))
      BIND(LCASE(LANG(?v)) AS ?tag) } GROUP BY $this ?g ?p ?tag }
  FILTER(!(?tag IN ("zh", "en") && ?p != tkg:pinyin && ?n = 1)
      && !(?p = tkg:pinyin && ?tag = "zh-latn-pinyin"))
  BIND(REPLACE(STR(?p), "^.*[/#]", "") AS ?field) }"""
QUERY = "".join(f"PREFIX {p}: <{PREFIXES[p]}>\n" for p in ("tkg", "skos", "g")) + TAGS

NODES = [f"https://example.org/{n}" for n in "abc"]
PROPERTIES = [*map(expand, ("tkg:publicTitle", "rdfs:label", "skos:altLabel", "tkg:pinyin"))]
GRAPHS = [
    DefaultGraph(),
    *map(
        NamedNode,
        (IDENTITY, DERIVED, REFERENCE, *(f"{NODES[0]}{end}" for end in ("", "/contacts"))),
    ),
]
TEXTS = st.builds(
    lambda text, tag: Literal(text, language=tag) if tag else Literal(text),
    st.sampled_from(['one"@de', "two", "@en", 'three"']),
    st.sampled_from(["", "zh", "en", "EN", "de", "zh-Latn-pinyin", "x-long-tag"]),
)
STATEMENTS = st.builds(
    Quad,
    st.sampled_from(NODES).map(NamedNode),
    st.sampled_from(PROPERTIES).map(NamedNode),
    TEXTS,
    st.sampled_from(GRAPHS),
)


def store_of(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


@given(st.lists(STATEMENTS, max_size=12))
def test_odd_tags_are_those_that_a_query_finds(quads):
    store = store_of(quads)
    seen = structural.seen_in(store, structural.all_graphs(store))
    rows = distinct(store, QUERY, union=True)
    assert set_of(structural.strange_tags(store, seen)) == set_of(hit(dict(row)) for row in rows)


@given(st.lists(STATEMENTS, max_size=12))
def test_a_graph_may_be_passed_in_parts(quads):
    store = store_of(quads)
    graphs = structural.all_graphs(store)
    whole = structural.seen_in(store, graphs)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structural, "_PART", 1)
        parts = structural.seen_in(store, graphs)
    assert parts.total == whole.total
    for rule, found in structural.RULES.items():
        assert set_of(found(store, parts)) == set_of(found(store, whole)), rule


@pytest.mark.parametrize("together", [1, 1_000])
def test_labels_are_looked_for_in_every_graph(together, monkeypatch):
    """A node of a graph without its label has it elsewhere: in a record, or in another graph."""
    monkeypatch.setattr(structural, "_TOGETHER", together)
    label, prop = NamedNode(expand("rdfs:label")), NamedNode(expand("tkg:refersTo"))
    a, b, c = map(NamedNode, NODES)
    record, identity = NamedNode(f"{NODES[0]}/1"), NamedNode(IDENTITY)
    store = store_of(
        [
            Quad(a, prop, b, identity),
            Quad(b, label, Literal("Example", language="en"), identity),
            Quad(a, label, Literal("Example", language="en"), record),
            Quad(b, prop, a, NamedNode(DERIVED)),
            Quad(c, prop, a, NamedNode(DERIVED)),
            Quad(record, prop, a, NamedNode(FINDINGS)),  # of a check before: not looked at
        ]
    )
    assert NamedNode(FINDINGS) in set(store.named_graphs())
    seen = structural.seen_in(store, structural.all_graphs(store))
    assert [h.focus for h in structural.unnamed_nodes(store, seen)] == [c.value]


@given(st.lists(STATEMENTS, max_size=12), st.integers(1, 5))
def test_names_that_wait_on_disk_are_those_without_a_label(quads, cut):
    store = store_of(quads)
    whole = structural.seen_in(store, structural.all_graphs(store))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structural, "_PART", cut)
        gathered = Gathered()
        for part in structural.parts(store, structural.all_graphs(store)):
            gathered.add(structural.looked_through(part))
    assert not gathered.nameless | gathered.named
    assert list(gathered.unlabelled()) == sorted(whole.unlabelled())


A, REFERS_TO, CURRENT = (
    NamedNode(expand(prop)) for prop in ("rdf:type", "tkg:refersTo", "tkg:currentVersion")
)
MENTIONED = [
    NamedNode(expand(f"tkg:{kind}"))
    for kind in ("PersonMention", "OrganizationMention", "CommitteeMention", "Record", "Arm")
]
RESOLVED_TO = [
    NamedNode(expand(kind))
    for kind in ("foaf:Person", "org:Organization", "tkg:EthicsCommittee", "tkg:Trial")
]


@st.composite
def resolved(draw) -> Quad:
    """A statement about a mention, in its record version, or about what it refers to."""
    node = draw(st.sampled_from(NODES))
    mention, version = NamedNode(f"{node}/m"), NamedNode(f"{node}/1")
    entity = NamedNode(f"{draw(st.sampled_from(NODES))}/e")
    identity = NamedNode(IDENTITY)
    return draw(
        st.one_of(
            st.sampled_from([Quad(mention, A, kind, version) for kind in MENTIONED]),
            st.sampled_from([Quad(entity, A, kind, identity) for kind in RESOLVED_TO]),
            st.just(Quad(mention, REFERS_TO, entity, identity)),
            st.just(Quad(NamedNode(node), CURRENT, version, identity)),
        )
    )


@given(st.lists(resolved(), max_size=30), st.integers(1, 3))
def test_mentions_some_at_a_time_are_told_as_the_query_tells_them_all(quads, at_once):
    store = store_of(quads)
    (shape,) = rulebook().shapes["ST-09"]
    asked = engine.store_outcome(shape, store, Store())
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(structural, "_TOGETHER", at_once)
        parts = list(engine.outcomes_in_parts(shape, store))
    assert frozenset().union(*(part.applicable for part in parts)) == asked.applicable
    assert set_of(hit for part in parts for hit in part.hits) == asked.hits
    assert len(parts) == 1 or all(part.applicable for part in parts)


def test_the_rule_about_tags_is_asked_in_the_pass():
    (shape,) = rulebook().shapes["ST-05"]
    assert shape.kind == "python"
    assert set(structural.RULES) == {
        s.rule for of in rulebook().shapes.values() for s in of
        if s.kind == "python" and s.file == "structural"
    }  # fmt: skip

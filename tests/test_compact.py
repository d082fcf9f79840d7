"""Statements held close together say what they say in an index."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from kg.check.compact import CompactView, said_in
from kg.check.facts import Statements, text_from
from kg.check.graphs import CheckedGraph, MergedGraph
from kg.check.scan import packed
from kg.check.view import RecordView
from kg.namespaces import expand

KINDS = ("tkg:Record", "org:Organization")
PROPERTIES = ("rdf:type", "rdfs:label", "tkg:refersTo")
NODES = [NamedNode(f"https://example.org/{n}") for n in "abc"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
VALUES = st.one_of(
    st.sampled_from([*NODES, *(NamedNode(expand(kind)) for kind in KINDS), BlankNode("b")]),
    st.builds(Literal, TEXT),
    st.builds(lambda text, tag: Literal(text, language=tag), TEXT, st.sampled_from(["zh", "en"])),
    st.builds(lambda n: Literal(n), st.integers(0, 3)),
)
TRIPLES = st.builds(
    Triple,
    st.sampled_from([*NODES, BlankNode("b")]),
    st.sampled_from([NamedNode(expand(prop)) for prop in PROPERTIES]),
    VALUES,
)


def told(view: RecordView) -> list[object]:
    """All that a rule can ask of a view."""
    nodes = [node.value for node in NODES]
    return [
        view.subjects(),
        *(list(view.nodes(kind)) for kind in (*KINDS, "foaf:Person")),
        *([(prop, list(of)) for prop, of in view.said(node)] for node in nodes),
        *(list(view.values(node, prop)) for node in nodes for prop in PROPERTIES),
        *(view.links(node, prop) for node in nodes for prop in PROPERTIES),
        *(view.value(node, prop) for node in nodes for prop in PROPERTIES),
        *(view.text(node, "rdfs:label", tag) for node in nodes for tag in ("zh", "en")),
    ]


@given(st.lists(st.lists(TRIPLES, max_size=6), max_size=4))
def test_a_compact_view_says_what_an_index_says(pieces):
    """However the statements are cut, and however often they are said."""
    parts = [Statements(text_from(piece).split("\n")).parts for piece in pieces]
    every = dict.fromkeys(triple for piece in pieces for triple in piece)
    plain = [t for t in every if not isinstance(t.object, BlankNode)]
    assert told(CompactView(said_in(parts))) == told(RecordView(plain))


def test_statements_about_statements_are_left_out():
    line = (
        "<https://example.org/a> <https://example.org/p> <<( <https://example.org/b> "
        '<https://example.org/p> "c" )>> .'
    )
    assert not said_in([Statements([line]).parts])


@given(st.lists(st.lists(TRIPLES, max_size=6), max_size=4))
def test_the_nodes_of_a_class_are_those_of_all_statements(pieces):
    """Blank nodes among them, which a view leaves out: a shape looks at those too."""
    graph = MergedGraph(packed(text_from(piece)) for piece in pieces)
    every = CheckedGraph(dict.fromkeys(triple for piece in pieces for triple in piece))
    assert graph.instances == every.instances

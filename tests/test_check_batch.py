"""Batches: however records are cut and whoever checks them, the report is one."""

from __future__ import annotations

import hashlib
import pickle
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, Store

from kg.building import assembly
from kg.check import check, engine, graphs
from kg.check.facts import Reader, statements_of, text_from, text_of
from kg.check.findings import Report
from kg.check.parameters import Parameters
from kg.check.records import checked
from kg.check.waivers import Waiver, Waivers
from kg.contacts.forms import CONTACT
from kg.contacts.masking import holds_contact
from kg.namespaces import IDENTITY, expand
from kg.reading import intake
from kg.resources import samples

PARAMETERS = Parameters(as_of="2026-11-22", optional_rules=("I04",))
WAIVERS = Waivers((Waiver(rule="X01", record="chictr:ChiCTR2699990001", reason="r", by="b"),))


@pytest.fixture(scope="module")
def graph(tmp_path_factory) -> assembly.Graph:
    """The packaged samples, older versions of records too."""
    read = intake.read([samples()], work=tmp_path_factory.mktemp("work"))
    versions, _ = intake.kept(read, history=True)
    return assembly.assembled(versions)


def report(graph: assembly.Graph, **options) -> Report:
    return check(
        graph.store, lines=graph.lines(), parameters=PARAMETERS, waivers=WAIVERS, **options
    )


@pytest.fixture(scope="module")
def whole(graph) -> Report:
    return report(graph)


@pytest.mark.slow
def test_the_samples_are_told_alike_by_pyshacl(graph, whole):
    assert report(graph, engine="pyshacl") == whole
    assert whole.findings


@pytest.mark.parametrize("size", [1, 3, 17])
def test_the_report_does_not_depend_on_how_records_are_cut(graph, whole, size):
    assert report(graph, size=size) == whole


def test_processes_say_the_same(graph, whole):
    assert report(graph, jobs=2, size=9) == whole


def test_a_store_and_the_pieces_on_disk_say_the_same(graph, whole):
    told = {"parameters": PARAMETERS, "waivers": WAIVERS}
    assert check(graph.store, pieces=graph.pieces(), **told) == whole
    assert check(graph.store, pieces=graph.pieces(), jobs=2, size=9, **told) == whole


@pytest.mark.slow
def test_versions_of_one_record_are_checked_apart(graph):
    """Without an identity graph every version counts, though versions share their nodes."""
    record_of = {of: of.value.rsplit("/", 1)[0] for of in graphs.record_graphs(graph.store)}
    versions = Counter(record_of.values())
    alone = {of for of, record in record_of.items() if versions[record] == 1}
    left_out = {*alone, NamedNode(IDENTITY)}
    store = Store()
    store.extend(q for q in graph.store if q.graph_name not in left_out)
    both = [
        check(store, lines=graph.lines(), parameters=PARAMETERS, engine=name)
        for name in ("oxigraph", "pyshacl")
    ]
    assert len(both[0].records) == len(record_of.keys() - alone) > 1
    assert both[0] == both[1]


def test_a_batch_and_what_is_found_in_it_can_be_handed_on(graph, whole):
    current = graphs.current_graphs(graph.store)
    run = engine._Run(graph.store, current, graph.pieces(), PARAMETERS, WAIVERS, "oxigraph", ())
    (batch,) = run.batches(None, len(current), None)
    found = pickle.loads(pickle.dumps(checked(pickle.loads(pickle.dumps(batch)))))
    assert len(found.records) == len(whole.records)
    assert all(f in whole.findings for f in found.findings)


# Texts

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)


@given(TEXT, st.sampled_from([None, "en", "zh", "zh-latn-pinyin"]))
def test_any_text_is_read_as_it_was_written(text, language):
    node, graph = NamedNode("https://example.org/s"), NamedNode("https://example.org/g")
    value = Literal(text, language=language)
    store = Store()
    store.add(Quad(node, NamedNode(expand("rdfs:label")), value, graph))
    about = Reader().index(statements_of(text_of(store, graph), ""))
    ((prop, (found,)),) = about.pop(node.value).items()
    assert prop == expand("rdfs:label")
    assert not about
    assert (found.text, found.language) == (text, value.language)
    assert found.datatype == value.datatype.value
    assert text_from(q.triple for q in store) == text_of(store, graph)


@given(TEXT, st.booleans())
def test_the_checksum_is_that_of_the_statements(text, named):
    store = Store()
    where = NamedNode("https://example.org/g") if named else DefaultGraph()
    node = NamedNode("https://example.org/s")
    for value in (Literal(text), Literal(text, language="en"), node):
        store.add(Quad(node, NamedNode(expand("rdfs:label")), value, where))
    digests = [hashlib.sha256(str(quad).encode()).digest() for quad in store]
    total = sum(int.from_bytes(digest, "big") for digest in digests) % 2**256
    assert engine.checksum(store) == f"{total:064x}"


@given(st.from_regex(CONTACT))
def test_the_quick_look_overlooks_no_contact(text):
    assert holds_contact(text) == bool(CONTACT.search(text))

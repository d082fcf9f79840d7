"""RDF files bring back what was written, whoever reads them, and read well."""

from __future__ import annotations

import json
import re
import warnings

import pytest
import rdflib
from exporters_samples import EXAMPLE, example, say, synthetic
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import (
    BlankNode,
    DefaultGraph,
    Literal,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    Triple,
    parse,
)

from kg.exporters import runs
from kg.exporters.jsonld import jsonld
from kg.exporters.rdf import nquads, ntriples
from kg.exporters.turtle import trig, turtle
from kg.namespaces import BASE, CODE, DERIVED, ID, PREFIXES, TKG

XSD = PREFIXES["xsd"]

TEXTS = st.one_of(
    st.sampled_from(
        [
            "",
            '"',
            '""',
            '"""',
            'ends with a quote"',
            'line one\nline two"""',
            '\n"',
            '""\n""',
            "\\",
            "\\n\n\\",
            "a\r\nb",
            "\r",
            "tab\tbell\x07\x7f\x01",
            "trailing dot.",
            "示例，。𠮷\u200b\u2028\ufeff",
            "\x85\xa0",
            "#no comment",
            "<a> . }",
            "@en",
            "^^x",
        ]
    ),
    st.text(st.characters(exclude_categories=["Cs"]), max_size=30),
)
LOCALS = st.one_of(
    st.sampled_from(["", "a", "a.b", "a.", ".a", "a-b", "-a", "1a", "1e5", "é", "a/b", "a//b"]),
    st.sampled_from(["../a", "a/../b", "./a", "a:b", "a%20b", "a~b", "a,b", "a'b", "a(b)", "a;b"]),
    st.sampled_from(
        ["a?q=1", "a#b", "true", "a", "_", "0", "chictr/ChiCTR2699990001/arm-985cddbf"]
    ),
    st.text(st.sampled_from("abz09AZ._-~!$&'()*+,;=:@/%2F?#\u793a"), max_size=8).filter(
        lambda text: not re.search("%(?![0-9A-F]{2})", text) and text.count("#") < 2
    ),
)
NAMESPACES = st.sampled_from(
    [
        BASE,
        ID + "record/",
        ID + "trial/",
        TKG,
        CODE + "phase/",
        CODE + "organization-kind/",
        PREFIXES["geo"],
        "https://example.org/",
        "https://example.org",
        "geo:",
        "urn:x:",
        "link:",
    ]
)


@st.composite
def iris(draw: st.DrawFn) -> NamedNode:
    text = draw(NAMESPACES) + draw(LOCALS)
    try:
        return NamedNode(text)
    except ValueError:
        return NamedNode("https://example.org/other")


# Readers that know a type rewrite its values; here only forms are drawn that are already normal.
NUMBERS = st.one_of(
    st.integers(-(10**20), 10**20).map(
        lambda n: Literal(str(n), datatype=NamedNode(XSD + "integer"))
    ),
    st.sampled_from(["0.5", "-12.25", "3.125"]).map(
        lambda n: Literal(n, datatype=NamedNode(XSD + "decimal"))
    ),
    st.booleans().map(lambda b: Literal(str(b).lower(), datatype=NamedNode(XSD + "boolean"))),
    st.sampled_from(["2026-02-10", "1999-12-31"]).map(
        lambda d: Literal(d, datatype=NamedNode(XSD + "date"))
    ),
    st.just(Literal("2027-06", datatype=NamedNode(XSD + "gYearMonth"))),
    st.just(Literal("2026-02-10T10:15:00+08:00", datatype=NamedNode(XSD + "dateTime"))),
)
LITERALS = st.one_of(
    TEXTS.map(Literal),
    st.builds(Literal, TEXTS, language=st.sampled_from(["zh", "en", "zh-latn-pinyin"])),
    st.builds(Literal, TEXTS, datatype=st.just(NamedNode("https://example.org/own"))),
    NUMBERS,
)
GRAPHS = st.one_of(iris(), st.just(NamedNode(BASE + "graph/derived")))
PREDICATES = st.one_of(
    iris(),
    st.sampled_from([PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label"]).map(NamedNode),
)
QUADS = st.lists(
    st.builds(Quad, iris(), PREDICATES, st.one_of(iris(), LITERALS), GRAPHS), max_size=8
)
RELAXED = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))


def store_of(quads: list[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def triples(store: Store) -> set[Triple]:
    return {Triple(q.subject, q.predicate, q.object) for q in store}


def read_by_oxigraph(text: str, format: RdfFormat) -> set[Quad]:
    return set(parse(text.encode(), format=format))


def read_by_rdflib(text: str, format: str) -> set[Quad]:
    """What rdflib reads, with its values left as they are written."""
    before, rdflib.NORMALIZE_LITERALS = rdflib.NORMALIZE_LITERALS, False
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            if format == "turtle":
                rows = ((*t, None) for t in rdflib.Graph().parse(data=text, format=format))
            else:
                rows = rdflib.Dataset().parse(data=text, format=format).quads()
            return {
                Quad(_term(s), _term(p), _term(o), _term(g) if g else DefaultGraph())
                for s, p, o, g in rows
            }
    finally:
        rdflib.NORMALIZE_LITERALS = before


def _term(term: rdflib.term.Node) -> NamedNode | BlankNode | Literal:
    if isinstance(term, rdflib.URIRef):
        return NamedNode(str(term))
    if isinstance(term, rdflib.BNode):
        return BlankNode(str(term))
    assert isinstance(term, rdflib.Literal)
    if term.language:
        return Literal(str(term), language=term.language)
    return Literal(str(term), datatype=NamedNode(str(term.datatype or XSD + "string")))


@RELAXED
@given(QUADS)
def test_nquads_and_ntriples_bring_back_what_was_written(quads):
    store = store_of(quads)
    assert read_by_oxigraph(b"".join(nquads(store)).decode(), RdfFormat.N_QUADS) == set(store)
    union = read_by_oxigraph(b"".join(ntriples(store)).decode(), RdfFormat.N_TRIPLES)
    assert {Triple(q.subject, q.predicate, q.object) for q in union} == {
        Triple(q.subject, q.predicate, q.object)
        for q in store
        if not q.graph_name.value.endswith("/contacts")
    }


@RELAXED
@given(QUADS)
def test_turtle_brings_back_each_statement_once_for_both_readers(quads):
    store = store_of(quads)
    text = "".join(turtle(store))
    wanted = {Quad(t.subject, t.predicate, t.object) for t in triples(store)}
    assert read_by_oxigraph(text, RdfFormat.TURTLE) == wanted
    assert read_by_rdflib(text, "turtle") == wanted


@RELAXED
@given(QUADS)
def test_trig_brings_back_every_quad_for_both_readers(quads):
    store = store_of(quads)
    text = "".join(trig(store))
    assert read_by_oxigraph(text, RdfFormat.TRIG) == set(store)
    assert read_by_rdflib(text, "trig") == set(store)


@RELAXED
@given(QUADS)
def test_jsonld_brings_back_every_quad(quads):
    store = store_of(quads)
    assert read_by_oxigraph("".join(jsonld(store)), RdfFormat.JSON_LD) == set(store)


@pytest.mark.parametrize("store", [example(), synthetic(20)], ids=["example", "synthetic"])
def test_rdflib_reads_the_same_quads_from_jsonld_trig_and_nquads(store):
    assert read_by_rdflib("".join(jsonld(store)), "json-ld") == set(store)
    assert read_by_rdflib("".join(trig(store)), "trig") == set(store)
    assert read_by_rdflib(b"".join(nquads(store)).decode(), "nquads") == set(store)


def test_blank_nodes_of_foreign_data_survive():
    store = Store()
    store.add(Quad(BlankNode("b1"), NamedNode(TKG + "p"), BlankNode("b2"), NamedNode(BASE + "g")))
    for text, form in (
        ("".join(trig(store)), RdfFormat.TRIG),
        ("".join(jsonld(store)), RdfFormat.JSON_LD),
        (b"".join(nquads(store)).decode(), RdfFormat.N_QUADS),
    ):
        (quad,) = read_by_oxigraph(text, form)
        assert isinstance(quad.subject, BlankNode)
        assert isinstance(quad.object, BlankNode)
        assert quad.subject != quad.object


def _nquads(store: Store) -> list[str]:
    return [line.decode() for line in nquads(store)]


def _ntriples(store: Store) -> list[str]:
    return [line.decode() for line in ntriples(store)]


def test_the_same_statements_in_another_order_give_the_same_bytes():
    quads = list(synthetic(30))
    one, other = store_of(quads), store_of(quads[::-1])
    for write in (turtle, trig, jsonld, _nquads, _ntriples):
        assert "".join(write(one)) == "".join(write(other))


def test_turtle_reads_from_trials_to_mentions_and_links():
    text = "".join(turtle(example()))
    assert re.findall(r"^# (.+)$", text, re.MULTILINE) == [
        "Trials",
        "Organizations",
        "Ethics committees",
        "People",
        "Record ChiCTR2699990001 (chictr)",
        "Links",
        "Places",
    ]
    record = text.index("<id/record/chictr/ChiCTR2699990001> a")
    parts = ["/20260210T101500> a", "/role-", "/site-", "/ethics-", "/arm-985cddbf> a"]
    places = [text.index(f"\n<id/record/chictr/ChiCTR2699990001{p}") for p in parts]
    assert sorted(places) == places
    assert record < places[0]
    assert places[-1] < text.index("\n<id/mention/")


def test_a_subject_opens_with_its_type_and_label_chinese_first():
    assert (
        'person:b1c2d3e4f506 a foaf:Person ;\n  rdfs:label "王示例"@zh, "Wang Shili"@en ;\n'
    ) in "".join(turtle(example()))


def test_turtle_declares_only_the_prefixes_it_uses():
    text = "".join(turtle(example()))
    head, _, body = text.partition("\n\n")
    for prefix in re.findall(r"^@prefix ([\w-]+): ", head, re.MULTILINE):
        assert re.search(rf"(?<![\w-]){prefix}:[A-Za-z0-9]", body), prefix


def test_numbers_stand_bare_and_dates_keep_their_type():
    text = "".join(turtle(example()))
    assert "tkg:armSize 60 ;" in text
    assert 'tkg:registrationDate "2026-02-10"^^xsd:date ;' in text
    assert 'tkg:recruitmentEnd "2027-06"^^xsd:gYearMonth ;' in text


def test_a_text_with_line_breaks_stays_one_literal_over_several_lines():
    store = Store()
    store.add(Quad(NamedNode(ID + "x/1"), NamedNode(TKG + "p"), Literal("one\ntwo", language="en")))
    assert 'tkg:p """one\ntwo"""@en .' in "".join(turtle(store))


def test_no_line_ends_in_a_blank():
    for written in (turtle(synthetic(5)), trig(synthetic(5)), jsonld(synthetic(5))):
        assert not re.search(r"[ \t]$", "".join(written), re.MULTILINE)


def test_trig_lists_derived_identity_versions_and_reference_in_this_order():
    graphs = re.findall(r"^(\S+) \{$", "".join(trig(example())), re.MULTILINE)
    assert graphs == [
        "g:derived",
        "g:identity",
        "<id/record/chictr/ChiCTR2699990001/20260210T101500>",
        "g:reference",
    ]


def test_nquads_are_canonical():
    store = Store()
    store.add(
        Quad(NamedNode("urn:a"), NamedNode("urn:p"), Literal('é\t\x01"\\\x7f'), NamedNode("urn:g"))
    )
    assert [line.decode() for line in nquads(store)] == [
        '<urn:a> <urn:p> "é\\t\\u0001\\"\\\\\\u007F" <urn:g> .\n'
    ]


def test_jsonld_has_one_node_object_per_subject_and_graph():
    data = json.loads("".join(jsonld(example())))
    for graph in data["@graph"]:
        names = [node["@id"] for node in graph["@graph"]]
        assert len(names) == len(set(names)), graph["@id"]
    assert data["@context"]["tkg"] == TKG


def test_contact_graphs_stay_out_where_graph_names_are_lost():
    store = Store()
    version = ID + "record/chictr/ChiCTR2699990001/20260210T101500"
    contact = Literal("someone@example.cn")
    mail = NamedNode(PREFIXES["vcard"] + "hasEmail")
    mention = NamedNode(ID + "mention/chictr/ChiCTR2699990001/public-contact-00000000")
    store.add(Quad(mention, mail, contact, NamedNode(f"{version}/contacts")))
    store.add(Quad(mention, NamedNode(TKG + "p"), Literal("kept"), NamedNode(version)))
    for write in (turtle, _ntriples):
        text = "".join(write(store))
        assert "someone" not in text
        assert "kept" in text
        assert "vcard" not in text
    graphs = re.split(r"^(?=\S+ \{$)", "".join(trig(store)), flags=re.MULTILINE)
    assert [g.splitlines()[0].endswith("/contacts> {") for g in graphs if "someone" in g] == [True]


def test_the_example_is_the_one_the_vocabulary_prints():
    assert len(set(parse(EXAMPLE.read_bytes(), format=RdfFormat.TRIG))) == 104


def test_a_graph_of_many_runs_gives_the_same_bytes(monkeypatch):
    store = synthetic(30)
    say(store, DERIVED, ID + "x", "tkg:p", Literal("a\r\n\u2028b\0"))
    formats = (_nquads, _ntriples, turtle, trig, jsonld)
    whole = ["".join(write(store)) for write in formats]
    monkeypatch.setattr(runs, "RUN", 9_000)  # Oxigraph hands out about 8,000 bytes at a time
    monkeypatch.setattr(runs, "MERGED", 3)
    assert ["".join(write(store)) for write in formats] == whole


def test_the_parts_of_a_record_stay_in_printed_order_when_they_come_from_several_runs(monkeypatch):
    store = Store()
    record = ID + "record/chictr/ChiCTR2699990001"
    for number in range(300):
        part = f"{record}/arm-{number * 7919 % 300:08x}"
        say(store, DERIVED, part, "tkg:listPosition", Literal(number))
        say(store, DERIVED, f"{record}x/arm-{number:08x}", "tkg:listPosition", Literal(number))
    monkeypatch.setattr(runs, "RUN", 9_000)
    found = re.findall(r"ChiCTR2699990001/arm-\S+ tkg:listPosition (\d+)", "".join(turtle(store)))
    assert found == [str(number) for number in range(300)]


def test_statements_about_statements_are_refused(tmp_path):
    store = Store()
    about = Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"))
    say(store, DERIVED, ID + "x", "tkg:p", Literal("> <<( fine as a text"))
    for write in (_nquads, turtle, trig, jsonld):
        "".join(write(store))
    store.add(Quad(NamedNode("urn:b"), NamedNode("urn:q"), about, NamedNode("urn:g")))
    for write in (_nquads, _ntriples, turtle, trig, jsonld):
        with pytest.raises(TypeError, match="a statement about a statement"):
            "".join(write(store))

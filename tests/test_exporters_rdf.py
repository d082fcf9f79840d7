"""RDF files bring back what was written, whoever reads them, and read well."""

from __future__ import annotations

import hashlib
import json
import re
import warnings
from collections.abc import Iterator
from typing import NamedTuple

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

from kg import runs
from kg.exporters.bodies import Body, Earlier
from kg.exporters.jsonld import jsonld
from kg.exporters.statements import Statements
from kg.exporters.turtle import trig, turtle
from kg.namespaces import BASE, CODE, DERIVED, ID, IDENTITY, PREFIXES, TKG

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


def nquads(statements: Statements, body: Body) -> Iterator[bytes]:
    return statements.quads()


def ntriples(statements: Statements, body: Body) -> Iterator[bytes]:
    return statements.triples()


FORMS = (nquads, ntriples, turtle, trig, jsonld)


def text_of(form, given: Store | Statements) -> str:
    """What a form makes of a graph."""
    statements = Statements(given) if isinstance(given, Store) else given
    with Body() as body:
        return b"".join(form(statements, body)).decode()


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
    assert read_by_oxigraph(text_of(nquads, store), RdfFormat.N_QUADS) == set(store)
    union = read_by_oxigraph(text_of(ntriples, store), RdfFormat.N_TRIPLES)
    assert {Triple(q.subject, q.predicate, q.object) for q in union} == {
        Triple(q.subject, q.predicate, q.object)
        for q in store
        if not q.graph_name.value.endswith("/contacts")
    }


@RELAXED
@given(QUADS)
def test_turtle_brings_back_each_statement_once_for_both_readers(quads):
    store = store_of(quads)
    text = text_of(turtle, store)
    wanted = {Quad(t.subject, t.predicate, t.object) for t in triples(store)}
    assert read_by_oxigraph(text, RdfFormat.TURTLE) == wanted
    assert read_by_rdflib(text, "turtle") == wanted


@RELAXED
@given(QUADS)
def test_trig_brings_back_every_quad_for_both_readers(quads):
    store = store_of(quads)
    text = text_of(trig, store)
    assert read_by_oxigraph(text, RdfFormat.TRIG) == set(store)
    assert read_by_rdflib(text, "trig") == set(store)


@RELAXED
@given(QUADS)
def test_jsonld_brings_back_every_quad(quads):
    store = store_of(quads)
    assert read_by_oxigraph(text_of(jsonld, store), RdfFormat.JSON_LD) == set(store)


@pytest.mark.parametrize("store", [example(), synthetic(20)], ids=["example", "synthetic"])
def test_rdflib_reads_the_same_quads_from_jsonld_trig_and_nquads(store):
    assert read_by_rdflib(text_of(jsonld, store), "json-ld") == set(store)
    assert read_by_rdflib(text_of(trig, store), "trig") == set(store)
    assert read_by_rdflib(text_of(nquads, store), "nquads") == set(store)


def test_blank_nodes_of_foreign_data_survive():
    store = Store()
    store.add(Quad(BlankNode("b1"), NamedNode(TKG + "p"), BlankNode("b2"), NamedNode(BASE + "g")))
    for text, form in (
        (text_of(trig, store), RdfFormat.TRIG),
        (text_of(jsonld, store), RdfFormat.JSON_LD),
        (text_of(nquads, store), RdfFormat.N_QUADS),
    ):
        (quad,) = read_by_oxigraph(text, form)
        assert isinstance(quad.subject, BlankNode)
        assert isinstance(quad.object, BlankNode)
        assert quad.subject != quad.object


def test_the_same_statements_in_another_order_give_the_same_bytes():
    quads = list(synthetic(30))
    one, other = store_of(quads), store_of(quads[::-1])
    for form in FORMS:
        assert text_of(form, one) == text_of(form, other)


def test_turtle_reads_from_trials_to_mentions_and_links():
    text = text_of(turtle, example())
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
    ) in text_of(turtle, example())


def test_turtle_declares_only_the_prefixes_it_uses():
    text = text_of(turtle, example())
    head, _, body = text.partition("\n\n")
    for prefix in re.findall(r"^@prefix ([\w-]+): ", head, re.MULTILINE):
        assert re.search(rf"(?<![\w-]){prefix}:[A-Za-z0-9]", body), prefix


def test_numbers_stand_bare_and_dates_keep_their_type():
    text = text_of(turtle, example())
    assert "tkg:armSize 60 ;" in text
    assert 'tkg:registrationDate "2026-02-10"^^xsd:date ;' in text
    assert 'tkg:recruitmentEnd "2027-06"^^xsd:gYearMonth ;' in text


def test_a_text_with_line_breaks_stays_one_literal_over_several_lines():
    store = Store()
    store.add(Quad(NamedNode(ID + "x/1"), NamedNode(TKG + "p"), Literal("one\ntwo", language="en")))
    assert 'tkg:p """one\ntwo"""@en .' in text_of(turtle, store)


def test_no_line_ends_in_a_blank():
    for form in (turtle, trig, jsonld):
        assert not re.search(r"[ \t]$", text_of(form, synthetic(5)), re.MULTILINE)


def test_trig_lists_derived_identity_versions_and_reference_in_this_order():
    graphs = re.findall(r"^(\S+) \{$", text_of(trig, example()), re.MULTILINE)
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
    assert text_of(nquads, store) == '<urn:a> <urn:p> "é\\t\\u0001\\"\\\\\\u007F" <urn:g> .\n'


def test_jsonld_has_one_node_object_per_subject_and_graph():
    data = json.loads(text_of(jsonld, example()))
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
    for form in (turtle, ntriples):
        text = text_of(form, store)
        assert "someone" not in text
        assert "kept" in text
        assert "vcard" not in text
    graphs = re.split(r"^(?=\S+ \{$)", text_of(trig, store), flags=re.MULTILINE)
    assert [g.splitlines()[0].endswith("/contacts> {") for g in graphs if "someone" in g] == [True]


def test_the_example_is_the_one_the_vocabulary_prints():
    assert len(set(parse(EXAMPLE.read_bytes(), format=RdfFormat.TRIG))) == 104


def test_a_graph_of_many_runs_gives_the_same_bytes(monkeypatch):
    store = synthetic(30)
    say(store, DERIVED, ID + "x", "tkg:p", Literal("a\r\n\u2028b\0"))
    whole = [text_of(form, store) for form in FORMS]
    monkeypatch.setattr(runs, "RUN", 9_000)  # Oxigraph hands out about 8,000 bytes at a time
    monkeypatch.setattr(runs, "MERGED", 3)
    assert [text_of(form, store) for form in FORMS] == whole


def test_the_parts_of_a_record_stay_in_printed_order_when_they_come_from_several_runs(monkeypatch):
    store = Store()
    record = ID + "record/chictr/ChiCTR2699990001"
    for number in range(300):
        part = f"{record}/arm-{number * 7919 % 300:08x}"
        say(store, DERIVED, part, "tkg:listPosition", Literal(number))
        say(store, DERIVED, f"{record}x/arm-{number:08x}", "tkg:listPosition", Literal(number))
    monkeypatch.setattr(runs, "RUN", 9_000)
    found = re.findall(r"ChiCTR2699990001/arm-\S+ tkg:listPosition (\d+)", text_of(turtle, store))
    assert found == [str(number) for number in range(300)]


def test_statements_about_statements_are_refused(tmp_path):
    store = Store()
    about = Triple(NamedNode("urn:a"), NamedNode("urn:p"), Literal("x"))
    say(store, DERIVED, ID + "x", "tkg:p", Literal("> <<( fine as a text"))
    for form in FORMS:
        text_of(form, store)
    store.add(Quad(NamedNode("urn:b"), NamedNode("urn:q"), about, NamedNode("urn:g")))
    for form in FORMS:
        with pytest.raises(TypeError, match="a statement about a statement"):
            text_of(form, store)


class Held(NamedTuple):
    """Statements of a graph that stand outside the store."""

    text: bytes
    stamp: bytes = b"no stamp"

    @property
    def digest(self) -> bytes:
        return hashlib.sha256(self.text.replace(self.stamp, b"")).digest()

    def data(self) -> bytes:
        return self.text


# One number begins like another: their nodes sort between each other's.
RECORDS = ["record/chictr/A1", "record/chictr/A10", "record/chictr/A1.5", "record/isrctn/A1"]
OWN = [
    f"{record.replace('record', space)}{rest}"
    for record in RECORDS
    for space, rest in (
        *(("record", rest) for rest in ("", "/20260101", "/arm-1")),
        *(("mention", rest) for rest in ("/site-1", "/a")),
    )
]
NODES = [ID + name for name in (*OWN, "run/kg-1", "organization/x", "link/x", "place/CN", "zzz")]
RECORD_GRAPHS = [f"{ID}{r}/{day}" for r in RECORDS for day in ("20260101", "20260202")]
OF_RECORDS = st.lists(
    st.builds(
        Quad,
        st.sampled_from(NODES).map(NamedNode),
        st.sampled_from([TKG + "p", TKG + "hasArm", PREFIXES["rdfs"] + "label"]).map(NamedNode),
        st.one_of(st.sampled_from(NODES).map(NamedNode), TEXTS.map(Literal)),
        st.sampled_from(
            [*RECORD_GRAPHS, f"{RECORD_GRAPHS[0]}/contacts", IDENTITY, DERIVED, BASE + "graph/x"]
        ).map(NamedNode),
    ),
    max_size=40,
)


def apart(store: Store, *, left: bool) -> Statements:
    """The same, with the graphs of records as text; ``left``: some of it is in the store still."""
    texts: dict[str, list[bytes]] = {}
    kept = Store()
    for n, quad in enumerate(sorted(store, key=str)):
        if (graph := quad.graph_name.value).startswith(ID + "record/"):
            of_one = Store()
            of_one.add(quad)
            line = of_one.dump(format=RdfFormat.N_QUADS)
            texts.setdefault(graph, []).append(line)
        if not graph.startswith(ID + "record/") or (left and n % 2):
            kept.add(quad)
    return Statements(kept, {g: Held(b"".join(sorted(lines))) for g, lines in texts.items()})


@RELAXED
@given(OF_RECORDS, st.booleans())
def test_records_that_stand_as_text_give_the_same_bytes(quads, left):
    store = store_of(quads)
    statements = apart(store, left=left)
    for form in FORMS:
        assert text_of(form, statements) == text_of(form, store)


@pytest.mark.parametrize("form", [turtle, trig, jsonld])
def test_what_an_earlier_file_says_of_a_record_is_not_made_again(form, tmp_path, monkeypatch):
    def stamped(stamp: str, *more: Quad) -> Statements:
        store = store_of([*synthetic(6), *more])
        said = apart(store, left=False)
        graph, text = sorted(said.texts.items())[0]
        checksum = f'<{graph}> <{TKG}sourceSha256> "{stamp}" <{graph}> .\n'.encode()
        lines = sorted([*text.data().splitlines(keepends=True), checksum])
        return Statements(said.store, {**said.texts, graph: Held(b"".join(lines), stamp.encode())})

    path = tmp_path / "before"
    with Body() as body:
        path.write_bytes(b"".join(form(stamped("0" * 64), body)))
        earlier = Earlier(path, body.blocks)
    graph = NamedNode(sorted(apart(synthetic(6), left=False).texts)[-1])
    change = Quad(graph, NamedNode(TKG + "p"), Literal("changed"), graph)
    now = stamped("1" * 64, change)
    wanted = text_of(form, now)
    read: list[Held] = []
    monkeypatch.setattr(Held, "data", lambda held: read.append(held) or held.text)
    with Body(earlier) as body:
        assert b"".join(form(now, body)).decode() == wanted
    # Turtle looks in each text where the nodes of its record stand, and reads these stretches.
    assert len(read) == (len(now.texts) + 3 if form is turtle else 1)

"""Each rule rejects the bad nodes of its case file and no other; the shapes say what the book says.

A case file ``tests/shapes/<ID>.ttl`` (``.trig`` where a rule compares graphs) holds nodes
``ex:good…``, ``ex:bad…`` and ``ex:na…``; ``ex:expectedRows`` says how many findings a bad node has.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, Triple, parse
from rdflib import RDF, SH, Graph, URIRef
from rdflib.compare import isomorphic

from kg.check import engine, facts, graphs, together
from kg.check.about import About
from kg.check.compose import Composer
from kg.check.graphs import CheckedGraph, PreparedGraph
from kg.check.messages import NONE, Labels
from kg.check.parameters import Parameters
from kg.check.profiles import profiles
from kg.check.reasons import reason
from kg.check.rulebook import SHAPES, Shape, read, reads, rulebook, tkg
from kg.check.runner import Outcome, Runner
from kg.check.scan import packed
from kg.check.shacl import Shacl
from kg.check.states import Lines
from kg.check.terms import terms
from kg.check.view import RecordView
from kg.errors import ToolError
from kg.namespaces import PREFIXES, expand
from kg.resources import folder

HERE = Path(__file__).parent / "shapes"
EX = "https://example.org/test/"
ROWS = EX + "expectedRows"
PARAMETERS = Parameters(as_of="2026-11-22", optional_rules=("I04",))

# Rule book, sections 3.1 to 3.5: id, severity (V W I), dimension.
BOOK = """
WHO-01 V Cm|WHO-01b V Cf|WHO-02 V Cm|WHO-03 I Cm|WHO-04 W Cm|WHO-05 V Cm|WHO-06 I Cm
WHO-07 W Cm|WHO-08 W Cm|WHO-09 V Cm|WHO-10 W Cm|WHO-11 V Cm|WHO-11b I Cm|WHO-12 V Cm
WHO-12b I Cm|WHO-13 V Cm|WHO-13b W Cm|WHO-14a V Cm|WHO-14b W Cm|WHO-14c W Cm|WHO-14d W Cm
WHO-15a V Cm|WHO-15b W Cm|WHO-15c W Cm|WHO-15d W Cm|WHO-15e W Cm|WHO-15f I Pl|WHO-16 V Cm
WHO-17a V Cm|WHO-17b W Cm|WHO-18 V Cm|WHO-19a V Cm|WHO-19b W Cm|WHO-19c W Cm|WHO-20a I Cm
WHO-20b I Cm|WHO-21a V Cm|WHO-21b V Cm|WHO-21c I Cm|WHO-22 W Cm|WHO-23 W Ti|WHO-24a W Cm
WHO-24b W Cm|WHO-24c I Cm|X01 W Ti|X02 W Pl|X03 V Pl|X04 W Pl|X05 W Pl
X06 W Pl|X07 V Pl|X08 W Ti|X09 I Ti|X10 W Pl|X11 V Pl|X12 I Pl
X13 W Pl|X14 I Pl|X15 I Pl|X16 I Pl|X17 I Pl|X18 W Pl|X19 I Pl
X20 I Pl|X21 W Pl|X22 I Pl|X23 I Cf|L01 W Bi|L02 I Bi|L03 W Bi
L04 I Bi|F01 I Cf|F02 W Cf|F03 W Cf|P02 I Pr|P03 I Pr|CH-01 W Cm
AG-01 W Cm|AG-02 W Pl|IC-01 V Ti|IC-02 V Cm|IC-03 W Cf|H01 W Hi|H02 W Hi|H03 I Hi|I01 I Id|I02 I Id
I03 W Id|I04 I Id|I05 I Id|I06 I Id|I07 I Id|I08 W Id|I09 W Id
I10 W Id|I11 W Id|I12 W Id|I13 W Id|I14 W Id|ST-01 V St
ST-02 V St|ST-03 V St|ST-04 V St|ST-05 V St|ST-06 V St|ST-07 V St|ST-08 V St
ST-09 V St|ST-10 V St|ST-11 V St|ST-12 V St|ST-13 V St|ST-14 V St
"""
LETTERS = {"violation": "V", "warning": "W", "info": "I"}
REMEDIES = {
    "fill", "open", "date", "retro", "status", "ask", "ethics", "name", "source", "office", "tool",
}  # fmt: skip
SCOPES = {
    "all", "int", "rnd", "bi", "reg", "agg", "2 versions", "merged graph", "structure", "chictr",
}  # fmt: skip

CASES = sorted([*HERE.glob("*.ttl"), *HERE.glob("*.trig")])
QUALITY = [rule for rule in rulebook().rules.values() if not rule.structural]


@cache
def runner() -> Runner:
    return Runner(Shacl(rulebook().graph), engine.functions())


@cache
def ontology() -> tuple[Quad, ...]:
    return tuple(
        quad
        for name in ("codes.ttl", "places.ttl", "registries.ttl")
        for quad in parse(
            path=str(folder("ontology") / name),
            format=RdfFormat.TURTLE,
            base_iri="https://w3id.org/trialkg/",
        )
    )


@cache
def _codes() -> Store:
    store = Store()
    store.bulk_extend(ontology())
    return store


@contextmanager
def beside_ontology(case: Store) -> Iterator[Store]:
    """The statements of a case file in the store of the ontology, as long as the block runs."""
    store = _codes()
    added = [q for q in case if q not in store]
    store.extend(added)
    yield store
    for q in added:
        store.remove(q)


def loaded(case: Path) -> Store:
    store = Store()
    store.load(path=str(case), format=RdfFormat.from_extension(case.suffix[1:]))
    return store


def closure(store: Store, record: str) -> list[Triple]:
    """A record of a case file with all that it leads to, and its version."""
    version = [
        q.subject.value
        for q in store.quads_for_pattern(
            None, NamedNode(expand("tkg:versionOf")), NamedNode(record), None
        )
    ]
    waiting, done, found = [record, *version], set(), []
    while waiting:
        node = waiting.pop()
        if node in done:
            continue
        done.add(node)
        for q in store.quads_for_pattern(NamedNode(node), None, None, None):
            found.append(q.triple)
            if isinstance(q.object, NamedNode):
                waiting.append(q.object.value)
    return found


def checked_graphs(store: Store, shape: Shape) -> list[CheckedGraph]:
    """What a shape runs on: the whole file, or one record at a time for rules in Python."""
    everything = [q.triple for q in store.quads_for_pattern(None, None, None, None)]
    added = [*PARAMETERS.statements(), *_places()]
    if shape.kind != "python" or shape.file == engine.MERGED:
        return [CheckedGraph([*everything, *added])]
    view = RecordView(everything)
    return [CheckedGraph([*closure(store, record), *added]) for record in view.nodes("tkg:Record")]


@cache
def _places() -> tuple[Triple, ...]:
    wanted = {expand("dcterms:isPartOf"), expand("tkg:registryKind")}
    return tuple(q.triple for q in ontology() if q.predicate.value in wanted)


def outcomes(store: Store, shape: Shape) -> list[Outcome]:
    """What a shape says of a case file."""
    if engine.on_store(shape):
        return [engine.store_outcome(shape, store, graphs.histories(store, _assessment()))]
    return [runner().outcome(shape, data, PARAMETERS) for data in checked_graphs(store, shape)]


def _assessment() -> list[Triple]:
    return list(PARAMETERS.statements())


@cache
def told(case: Path) -> tuple[Store, tuple[Outcome, ...]]:
    """A case file, only to be read, and what its rule says of it."""
    store = loaded(case)
    shapes = rulebook().shapes[case.stem]
    return store, tuple(o for shape in shapes for o in outcomes(store, shape))


def said_by(shape: Shape, case: Path) -> Outcome:
    """What a shape says of a case file that it runs on as a whole."""
    (found,) = (o for o in told(case)[1] if o.shape == shape)
    return found


def named(store: Store, kind: str) -> set[str]:
    """The nodes of a case file whose name begins with good, bad or na."""
    return {
        q.subject.value
        for q in store.quads_for_pattern(None, None, None, None)
        if isinstance(q.subject, NamedNode) and is_a(q.subject.value, kind)
    }


def is_a(node: str, kind: str) -> bool:
    name = node.removeprefix(EX)
    return node.startswith(EX) and (name == kind or name.startswith((f"{kind}-", f"{kind}/")))


def belongs(node: str, to: str) -> bool:
    return node == to or node.startswith((f"{to}-", f"{to}/"))


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_a_rule_rejects_the_bad_nodes_and_no_other(case):
    store, found = told(case)
    assert not [o.error for o in found if o.error]
    rejected = {h.focus for o in found for h in o.hits}
    bad = named(store, "bad")
    assert bad, "a case file needs a bad node"
    assert {n for n in rejected if not is_a(n, "bad")} == set(), "rejects what is not bad"
    looked_at = {n for o in found for n in o.applicable | o.other}
    roots = {n for n in bad if not any(n != other and belongs(n, other) for other in bad)}
    missed = {n for n in roots | (bad & looked_at) if not any(belongs(r, n) for r in rejected)}
    assert missed == set(), "accepts a bad node"


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_good_nodes_are_examined_and_pass_and_other_nodes_are_not_applicable(case):
    store, found = told(case)
    applicable = {n for o in found for n in o.applicable}
    looked_at = {n for o in found for n in o.applicable | o.other}
    good, other = named(store, "good"), named(store, "na")
    if any(n.startswith(EX) for n in looked_at):
        assert good & applicable, "no good node is examined"
    assert {n for n in good if n in looked_at} <= applicable, "a good node is not applicable"
    assert other & applicable == set(), "an ex:na node is examined"


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_a_bad_node_yields_as_many_findings_as_expected(case):
    store, found = told(case)
    expected = {
        q.subject.value: int(q.object.value)
        for q in store.quads_for_pattern(None, NamedNode(ROWS), None, None)
    }
    counted = dict.fromkeys(expected, 0)
    for focus in (h.focus for o in found for h in o.hits):
        # ex:bad-two-days is not a part of ex:bad-two when both say what they expect.
        nearest = max((n for n in expected if belongs(focus, n)), key=len, default=None)
        if nearest is not None:
            counted[nearest] += 1
    assert counted == expected


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_the_messages_of_a_rule_are_filled_in_both_languages(case):
    store, found = told(case)
    view = RecordView(q.triple for q in store)
    with beside_ontology(store) as both:
        composer = Composer(rulebook(), Labels(both), Lines(), PARAMETERS)
        findings = [
            composer.finding(outcome.shape, h, about(h.focus), view)
            for outcome in found
            for h in outcome.hits
        ]
    for finding in findings:
        for message in (finding.message_en, finding.message_zh):
            assert message
            assert not {c for c in "{}" if c in message}, message
            assert NONE not in message.split(), message
            structural = rulebook().rules[finding.rule].structural
            assert "w3id.org/trialkg" not in message or structural, message


def about(record: str) -> About:
    return About(
        record=record, version=EX + "version", registry="chictr", number="ChiCTR2699990001",
        title_en=None, title_zh=None, file="invented.txt", layout="web-CN", trial=None,
        profile=profiles()["chictr"], collects=None, not_printed=frozenset(), aggregator=False,
        bilingual=True, dates={},
    )  # fmt: skip


@pytest.mark.parametrize(
    "case",
    [c for c in CASES if any(s.kind == "sparql" for s in rulebook().shapes.get(c.stem, ()))],
    ids=lambda p: p.stem,
)
def test_a_query_gives_the_same_rows_in_rdflib_and_oxigraph(case):
    store, _ = told(case)
    for shape in rulebook().shapes[case.stem]:
        if shape.kind == "sparql":
            (data,) = checked_graphs(store, shape)
            if shape.applies:
                rows = PreparedGraph.query(data.graph, shape.applies)
                assert {str(r.this) for r in rows} == data.nodes(shape.applies)
            for focus in said_by(shape, case).applicable:
                found = data.graph.query(shape.select, initBindings={"this": URIRef(focus)})
                theirs = {
                    tuple(sorted((str(k), str(v)) for k, v in row.asdict().items()))
                    for row in found
                }
                ours = {tuple(sorted(row.items())) for row in data.rows(shape.select, focus)}
                assert theirs == ours, focus


@pytest.mark.parametrize(
    "case",
    [
        c
        for c in CASES
        if any(s.kind in ("core", "sparql") for s in rulebook().shapes.get(c.stem, ()))
    ],
    ids=lambda p: p.stem,
)
def test_oxigraph_alone_finds_what_pyshacl_finds(case):
    fast = Runner(Shacl(rulebook().graph), engine.functions(), "oxigraph")
    for shape in rulebook().shapes[case.stem]:
        if shape.kind in ("core", "sparql"):
            (data,) = checked_graphs(told(case)[0], shape)
            assert fast.outcome(shape, data, PARAMETERS) == said_by(shape, case)


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_a_query_finds_the_same_in_the_statements_that_it_reads(case):
    everything = facts.text_from(
        [*(q.triple for q in loaded(case)), *PARAMETERS.statements(), *_places()]
    )
    for shape in rulebook().shapes[case.stem]:
        for query in (shape.select, shape.applies) if shape.kind == "sparql" else ():
            part = together.lines_read(facts.statements_of(everything, ""), reads((shape,)))
            found = [graphs.MergedGraph([packed(text)]) for text in (everything, part)]
            if query:
                assert found[0].all_rows(query) == found[1].all_rows(query)


def test_the_rules_are_those_of_the_book_with_their_severities_and_dimensions():
    expected = {
        tuple(row.split()) for line in BOOK.split("\n") for row in line.split("|") if row.strip()
    }
    found = {(r.id, LETTERS[r.severity], r.dimension) for r in rulebook().rules.values()}
    assert found == expected, "a new rule has its place in BOOK above"


def test_a_shape_that_does_not_say_what_reports_need_is_refused(tmp_path):
    path = tmp_path / "mine.ttl"
    whole = """
        @prefix dcterms: <http://purl.org/dc/terms/> .
        @prefix sh: <http://www.w3.org/ns/shacl#> .
        @prefix tkg: <https://w3id.org/trialkg/ns#> .
        <a> sh:targetClass tkg:Record ; dcterms:identifier "OUR-01" ; sh:nodeKind sh:IRI ;
            sh:severity sh:Warning ; sh:name "a"@en , "甲"@zh ; sh:message "A."@en , "甲。"@zh ;
            sh:order 1 ; tkg:dimension "Cf" ; tkg:scope "all" ."""
    path.write_text(whole, encoding="utf-8")
    assert read([path]).rules["OUR-01"].scope == "all"
    for said in ("sh:order 1 ;", 'tkg:dimension "Cf" ;', ' ; tkg:scope "all"'):
        path.write_text(whole.replace(said, ""), encoding="utf-8")
        with pytest.raises(ToolError, match=r"mine\.ttl: OUR-01: .* are needed"):
            read([path])
    path.write_text(whole.replace('"Cf"', '"Form"'), encoding="utf-8")
    with pytest.raises(ToolError, match=r"mine\.ttl: OUR-01: tkg:dimension 'Form' is none of"):
        read([path])


@pytest.mark.parametrize("rule", rulebook().rules)
def test_a_rule_says_when_it_fires_why_and_where_it_comes_from(rule):
    found = reason(rulebook(), rule)
    assert found.source, f"write the reason of {rule} into shapes/reasons.ttl"
    for text in (found.fires, found.why):
        assert text
        assert text.en.endswith(".")
        assert text.zh.endswith("。")
        assert re.search(r"[\u4e00-\u9fff]", text.zh)
        assert not re.search(r"minCount|SPARQL|SHACL|[{}]", text.en + text.zh)


@pytest.mark.parametrize("rule", QUALITY, ids=lambda r: r.id)
def test_a_quality_rule_says_all_that_a_report_needs(rule):
    assert rule.name_en
    assert rule.name_zh
    assert rule.message_en
    assert rule.message_zh
    assert rule.remedy in REMEDIES
    assert rule.scope in SCOPES
    for shape in rulebook().shapes[rule.id]:
        assert shape.targets or shape.kind == "store", shape.iri
        assert (shape.item is not None) == rule.id.startswith("WHO-")
        if shape.item is not None:
            assert shape.item.startswith(rule.id)
        if shape.kind == "python":
            assert rule.id in engine.functions().rules


@pytest.mark.parametrize("rule", rulebook().rules.values(), ids=lambda r: r.id)
def test_a_rule_has_a_case_file_with_a_good_and_a_bad_node(rule):
    cases = [c for c in CASES if c.stem == rule.id]
    assert cases, f"write tests/shapes/{rule.id}.ttl"
    store = loaded(cases[0])
    assert named(store, "bad")
    assert named(store, "good")


@pytest.mark.parametrize("case", CASES, ids=lambda p: p.stem)
def test_a_case_file_belongs_to_a_rule(case):
    assert case.stem in rulebook().rules


@pytest.mark.slow
def test_the_shapes_are_valid_shacl():
    import pyshacl

    shapes = Graph()
    for triple in rulebook().graph:
        shapes.add(triple)
    conforms, _, text = pyshacl.validate(Graph(), shacl_graph=shapes, meta_shacl=True)
    assert conforms, text


@pytest.mark.slow
def test_rdflib_reads_the_shapes_as_oxigraph_does():
    files = sorted(folder("shapes").glob("*.ttl"))
    theirs = Graph()
    for path in files:
        theirs.parse(path, format="turtle", publicID=SHAPES)
    assert isomorphic(theirs, read(files).graph)  # pySHACL adds to the one that is shared


def test_every_term_of_ours_that_the_shapes_use_is_declared():
    graph = rulebook().graph
    used = {str(p) for p in graph.predicates()} | {str(o) for o in graph.objects(None, RDF.type)}
    used |= {str(o) for p in (SH.path, SH.targetClass) for o in graph.objects(None, p)}
    used |= {
        PREFIXES["tkg"] + name
        for shapes in rulebook().shapes.values()
        for shape in shapes
        for text in (shape.select, shape.applies)
        for name in _names(text or "")
    }
    ours = {iri for iri in used if iri.startswith(PREFIXES["tkg"])}
    missing = sorted(iri.removeprefix(PREFIXES["tkg"]) for iri in ours - terms().declared)
    assert not missing, f"declare in ontology/trial.ttl: {missing}"


def _names(query: str) -> set[str]:
    import re

    body = re.sub(r"^PREFIX .*$", "", query, flags=re.M)
    return set(re.findall(r"\btkg:([A-Za-z0-9]+)", body))


def test_a_condition_with_two_steps_never_stands_inside_not_exists():
    """Two-hop NOT EXISTS is quadratic in Oxigraph (vocabulary, section 11)."""
    import re

    for shapes in rulebook().shapes.values():
        for shape in shapes:
            for text in (shape.select or "", shape.applies or ""):
                for inner in re.findall(r"NOT EXISTS\s*\{([^{}]*)\}", text):
                    steps = [t for t in re.split(r"\s\.\s|\.\n", inner.strip(" .")) if t.strip()]
                    variables = {m for s in steps[1:] for m in re.findall(r"^\s*\?(\w+)", s)}
                    assert not variables, f"{shape.iri}: {inner}"


def test_shapes_name_each_remedy_and_note():
    assert set(rulebook().remedies) == REMEDIES
    assert set(rulebook().notes) == {"lost-in-copy", "unreadable"}
    assert (None, tkg("sentence"), None) in rulebook().graph

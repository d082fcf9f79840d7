"""Apache Jena, which shares no code with ours, says the same of every rule stated in SHACL.

The graphs: each record of the samples, all of them merged, all of them with their names, the case
files of the rules, and real records where their folder is there. Jena validates a graph as a whole;
of its results those count whose node the rule applies to, which Jena is asked as well
(``tkg:appliesWhen`` is no part of SHACL).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from conftest import AS_OF, called
from ctgov_studies import RECORDS
from jena import Answer, Jena, Result, Term, missing
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, RdfFormat, Store, Triple, parse
from pyshacl.pytypes import SHACLExecutor
from pyshacl.shape import Shape as PyShape
from pyshacl.shapes_graph import ShapesGraph
from rdflib import SH, BNode, Graph, URIRef
from rdflib import Literal as RdfLiteral
from rdflib.term import Node
from test_shapes import CASES, PARAMETERS, checked_graphs, loaded

import kg
from kg.check import engine, graphs
from kg.check.about import About, Reference, about
from kg.check.facts import Reader, statements_of, text_of
from kg.check.graphs import CheckedGraph, name
from kg.check.rulebook import MERGED, Shape, rulebook
from kg.check.runner import Outcome, Runner, hit, rejected, set_of, target_nodes
from kg.check.shacl import Failure, Shacl
from kg.check.terms import terms
from kg.namespaces import TKG, expand
from kg.sources import lines
from kg.store import in_memory

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(missing() is not None, reason=missing() or ""),
]

STATED = [s for of in rulebook().shapes.values() for s in of if s.kind in ("core", "sparql")]
STORED = [s for of in rulebook().shapes.values() for s in of if s.kind == "store"]


REAL = RECORDS / "ctgov_v2"
REAL_FILES = 12
"""So many files of real records, the smallest ones, are shown to Jena: some twenty records."""

STORES = [c for c in CASES if any(s.rule == c.stem for s in STORED)]


# Properties of a datatype: the class that has them, and which of the texts below are right.
DAY = ("2020-02-29",)
PARTIAL = (*DAY, "2020-06", "2020", "0000")
STAMP = ("2020-01-01T00:00:00", "2020-01-01T00:00:00Z", "2020-01-01T00:00:00.5+08:00")
COUNT = ("0", "7", "07", "2020", "0000", "20", "20200", "20200101", "202006")
AGE = (*COUNT, "-7", "-0", "-2020", "7.0", "7.50")
PROPERTIES = {
    "tkg:registrationDate": ("tkg:Record", PARTIAL),
    "tkg:studyEnd": ("tkg:Record", PARTIAL),
    "tkg:lastRefreshed": ("tkg:RecordVersion", DAY),
    "tkg:refreshedAt": ("tkg:RecordVersion", STAMP),
    "tkg:submittedAt": ("tkg:RecordVersion", STAMP),
    "tkg:targetSampleSize": ("tkg:Record", COUNT),
    "tkg:actualSampleSize": ("tkg:Record", COUNT),
    "tkg:armSize": ("tkg:Arm", COUNT),
    "tkg:minAge": ("tkg:Record", AGE),
    "tkg:maxAge": ("tkg:Record", AGE),
}
DATATYPES = (
    "xsd:date", "xsd:gYearMonth", "xsd:gYear", "xsd:dateTime", "xsd:integer", "xsd:decimal",
    "xsd:string",
)  # fmt: skip
TEXTS = (
    *dict.fromkeys((*PARTIAL, *STAMP, *AGE)),
    "2019-02-29", "2020-02-30", "2020-13-01", "2020-00-10", "2020-1-1",
    "2020-01-01Z", "2020-01-01+08:00", "-2020-01-01", "12020-01-01", "2020-01-01T25:00:00",
    "2020-01-01T24:00:00", "2020-01-01 00:00:00", "20200101T000000", "2020-01-01T00:00", "2020-13",
    "2020-00", "2020-6", "2020Z", "2020-W01", "2020-001", "+7", "7.", ".5", "7e1", "NaN", "INF",
    "many", "", " 7", "7 ", " 2020-01-01", "1_000", "1,000", "٣", "７",
)  # fmt: skip


# -- what is asked ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A graph with the shapes that it is checked against."""

    data: CheckedGraph
    shapes: tuple[Shape, ...]


@pytest.fixture(scope="module")
def store(built: Path) -> Store:
    return in_memory(kg.open(built).nquads())


@pytest.fixture(scope="module")
def asked(store: Store) -> dict[str, Asked]:
    """Every graph by name."""
    found = {f"record-{n}": Asked(g, _of_records()) for n, g in enumerate(_records(store))}
    found |= {title: Asked(g, _of_records()) for title, g in _silent(store)}
    current = graphs.current_graphs(store)
    merged = graphs.merged(store, current, engine.merged_graph(rulebook()))
    found["merged"] = Asked(merged, tuple(s for s in STATED if s.file == MERGED))
    for case in CASES:
        shapes = tuple(s for s in rulebook().shapes[case.stem] if s in STATED)
        if shapes:
            (data,) = checked_graphs(loaded(case), shapes[0])
            found[case.stem] = Asked(data, shapes)
    return found


def _silent(store: Store) -> Iterator[tuple[str, CheckedGraph]]:
    """A record of each registry that says nothing but who published it: all is missing there."""
    publisher = NamedNode(expand("tkg:publishedBy"))
    registries = {q.object for q in store.quads_for_pattern(None, publisher, None, None)}
    for registry in sorted(registries, key=str):
        record = NamedNode("https://example.org/silent")
        kind = Triple(record, NamedNode(expand("rdf:type")), NamedNode(expand("tkg:Record")))
        said = (kind, Triple(record, publisher, registry))
        yield (
            f"silent-{registry.value.rpartition('/')[2]}",
            CheckedGraph([*said, *PARAMETERS.statements()]),
        )


def _of_records() -> tuple[Shape, ...]:
    return tuple(s for s in STATED if s.file != MERGED)


def _records(store: Store) -> Iterator[CheckedGraph]:
    """Each record as the reference sees it: with what it names, and the day of the check."""
    reference = Reference(store)
    for graph in graphs.current_graphs(store):
        said = statements_of(text_of(store, graph), "")
        text = "".join((said.text, *reference.lines_of(reference.said_of(said))))
        statements = {q.triple for q in parse(text.encode(), format=RdfFormat.N_TRIPLES)}
        yield CheckedGraph([*statements, *PARAMETERS.statements()])


@pytest.fixture(scope="module")
def answers(
    asked: dict[str, Asked], store: Store, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Answer]:
    """What Jena says of every graph, by name."""
    return _answers(tmp_path_factory.mktemp("jena"), asked, _stores(store))


def _answers(
    folder: Path, asked: Mapping[str, Asked], stores: Mapping[str, list[Quad]]
) -> dict[str, Answer]:
    jena = Jena(folder)
    jena.shapes(_named(rulebook().graph))
    jena.queries({f"{key(s)}.{part}": text for s in (*STATED, *STORED) for part, text in _texts(s)})
    for title, one in asked.items():
        jena.triples(title, [*one.data.statements, *_subclasses()], _queries(one.shapes))
    for title, quads in stores.items():
        jena.quads(title, quads, _queries(STORED))
    return jena.run()


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Asked]:
    """Real records of ClinicalTrials.gov, by number, each as the samples' are."""
    if not REAL.is_dir():
        pytest.skip("the real records lie outside the project")
    files = sorted(REAL.glob("*.json"), key=lambda p: (p.stat().st_size, p.name))[:REAL_FILES]
    out = tmp_path_factory.mktemp("real") / "out"
    done = called("build", *files, "-o", out, "--as-of", AS_OF, "--formats", "csv")
    assert done.returncode == 0, done.stderr
    return {
        f"real-{n}": Asked(data, _of_records())
        for n, data in enumerate(_records(in_memory(kg.open(out).nquads())))
    }


@pytest.fixture(scope="module")
def real_answers(
    real: dict[str, Asked], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Answer]:
    """What Jena says of them."""
    return _answers(tmp_path_factory.mktemp("jena-real"), real, {})


def _named(shapes: Graph) -> Graph:
    """The shapes with an IRI for each property shape, so that their results can be told apart.

    Nodes of paths stay blank: an IRI would be a property.
    """
    parts = {part for part in shapes.objects(None, SH.property) if isinstance(part, BNode)}
    found = Graph()
    for s, p, o in shapes:
        found.add((_iri(s) if s in parts else s, p, _iri(o) if o in parts else o))
    return found


def _iri(node: Node) -> Node:
    return URIRef(f"urn:blank:{node}") if isinstance(node, BNode) else node


def _stores(store: Store) -> dict[str, list[Quad]]:
    """What rules over named graphs look at: all of the samples, and the case files."""
    found = {"store": list(store), "history": list(_histories(store))}
    for case in STORES:
        structural = rulebook().rules[case.stem].structural
        found[f"store-{case.stem}"] = list(loaded(case) if structural else _histories(loaded(case)))
    return found


def _histories(store: Store) -> Store:
    return graphs.histories(store, PARAMETERS.statements())


def _texts(shape: Shape) -> Iterator[tuple[str, str]]:
    if shape.select is not None:
        yield "select", shape.select
    if shape.applies is not None:
        yield "applies", shape.applies


def _queries(shapes: Iterable[Shape]) -> list[str]:
    return [f"{key(shape)}.{part}" for shape in shapes for part, _ in _texts(shape)]


def key(shape: Shape) -> str:
    return shape.iri.rsplit("#", 1)[1]


@cache
def _subclasses() -> tuple[Triple, ...]:
    below = NamedNode(expand("rdfs:subClassOf"))
    return tuple(
        Triple(NamedNode(kind), below, NamedNode(parent))
        for kind, parents in terms().parents.items()
        for parent in sorted(parents)
    )


# -- what Jena says, in our words ------------------------------------------------------------------


@cache
def _owners() -> Mapping[Node, str]:
    """The shape with a rule that each property shape without a name belongs to."""
    graph = rulebook().graph
    found = {URIRef(shape.iri): shape.iri for shape in STATED}
    waiting = list(found)
    while waiting:
        owner = waiting.pop()
        for part in graph.objects(owner, SH.property):
            if isinstance(part, BNode):
                found[part] = found[owner]
                waiting.append(part)
    return {_iri(node): owner for node, owner in found.items()}


def results_of(answer: Answer, shape: Shape, nodes: Iterable[str]) -> set[Result]:
    """The results of one shape at these nodes."""
    wanted, owners = set(nodes), _owners()
    return {
        r
        for r in answer.results
        if owners.get(URIRef(name(r.source))) == shape.iri and name(r.focus) in wanted
    }


def rows_of(answer: Answer, shape: Shape, part: str) -> list[dict[str, str]]:
    return [
        {variable: name(term) for variable, term in row.items()}
        for row in answer.rows[f"{key(shape)}.{part}"]
    ]


def outcome_of(answer: Answer, shape: Shape, data: CheckedGraph) -> Outcome:
    """What Jena says, as one of our engines would say it."""
    targets = target_nodes(shape, data)
    applicable = targets
    if shape.applies is not None:
        applicable = targets & {row["this"] for row in rows_of(answer, shape, "applies")}
    results = results_of(answer, shape, applicable)
    if shape.kind == "core":
        failures = {Failure(name(r.focus), name(r.path) if r.path else None) for r in results}
        hits = set_of(rejected(shape, f) for f in failures)
    else:
        rows = [row for row in rows_of(answer, shape, "select") if row["this"] in applicable]
        assert {name(r.focus) for r in results} == {row["this"] for row in rows}
        hits = set_of(map(hit, rows))
    return Outcome(
        shape=shape,
        applicable=frozenset(applicable),
        other=frozenset(targets - applicable),
        hits=hits,
    )


# -- the tests -------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["oxigraph", "pyshacl"])
def test_jena_finds_what_our_engines_find(which, asked, answers):
    assert _same_hits(which, asked, answers) > 1000


@pytest.mark.parametrize("which", ["oxigraph", "pyshacl"])
def test_jena_finds_in_real_records_what_our_engines_find(which, real, real_answers):
    assert len(real) > 10
    assert _same_hits(which, real, real_answers) > 200


def _same_hits(which: str, asked: Mapping[str, Asked], answers: Mapping[str, Answer]) -> int:
    """How many hits an engine of ours and Jena agree upon; they have to agree upon all."""
    runner = Runner(Shacl(rulebook().graph), engine.functions(), which)
    hits = 0
    for title, one in asked.items():
        for shape in one.shapes:
            ours = runner.outcome(shape, one.data, PARAMETERS)
            assert outcome_of(answers[title], shape, one.data) == ours, (title, shape.iri)
            hits += len(ours.hits)
    return hits


def test_the_results_of_core_shapes_are_those_of_pyshacl_term_by_term(asked, answers):
    """Focus, path, source shape, component, severity and value of every result."""
    assert _same_results(asked, answers) > 500


def test_the_results_in_real_records_are_those_of_pyshacl_term_by_term(real, real_answers):
    assert _same_results(real, real_answers) > 100


def _same_results(asked: Mapping[str, Asked], answers: Mapping[str, Answer]) -> int:
    """How many results of core shapes pySHACL and Jena give alike; all of them have to be."""
    shapes_graph = ShapesGraph(rulebook().graph)
    known = {str(shape.node): shape for shape in shapes_graph.shapes}
    compared = 0
    for title, one in asked.items():
        for shape in (s for s in one.shapes if s.kind == "core"):
            nodes = sorted(outcome_of(answers[title], shape, one.data).applicable)
            theirs = results_of(answers[title], shape, nodes)
            ours = _pyshacl_results(known[shape.iri], one.data.graph, nodes) if nodes else set()
            assert theirs == ours, (title, shape.iri)
            compared += len(ours)
    return compared


def _pyshacl_results(shape: PyShape, data: Graph, nodes: list[str]) -> set[Result]:
    _, results = shape.validate(SHACLExecutor(), data, focus=[URIRef(node) for node in nodes])
    found = set()
    for _, node, statements in results:
        said = {p: o[1] if isinstance(o, tuple) else o for s, p, o in statements if s == node}
        path = said.get(SH.resultPath)
        found.add(
            Result(
                focus=_term(said[SH.focusNode]),
                path=_term(path) if isinstance(path, URIRef) else None,
                source=_term(_iri(said[SH.sourceShape])),
                component=_term(said[SH.sourceConstraintComponent]),
                severity=_term(said[SH.resultSeverity]),
                value=_term(said[SH.value]) if SH.value in said else None,
            )
        )
    return found


def _term(node: Node) -> Term:
    if isinstance(node, URIRef):
        return NamedNode(node)
    if isinstance(node, BNode):
        return BlankNode(node)
    assert isinstance(node, RdfLiteral)
    if node.language:
        return Literal(str(node), language=node.language)
    return Literal(str(node), datatype=NamedNode(node.datatype or expand("xsd:string")))


def test_jena_finds_what_a_check_of_the_samples_reports(built, store, asked, answers):
    """``kg check`` itself: many records at once, each asked for what its source collects."""
    report = engine.check(
        store, lines=lines.read(built / "lines.tsv"), parameters=PARAMETERS, profile="chictr"
    )
    assert not report.errors
    found = [
        (shape, h)
        for title, one in asked.items()
        if title.startswith("record-") or title == "merged"
        for shape in one.shapes
        if _counts(store, title, shape)
        for h in outcome_of(answers[title], shape, one.data).hits
    ]
    for shape in STORED:
        rows = rows_of(answers["store" if shape.dimension == "St" else "history"], shape, "select")
        found += [(shape, h) for h in set_of(map(hit, rows))]
    stated = {shape.iri for shape in (*STATED, *STORED)}
    rules = {rule for rule, of in rulebook().shapes.items() if {s.iri for s in of} <= stated}
    ours = Counter((f.rule, f.focus) for f in report.findings if f.rule in rules)
    assert ours == Counter((s.rule, h.focus) for s, h in found if s.rule in rules)
    assert ours.total() > 400


def _counts(store: Store, title: str, shape: Shape) -> bool:
    """Whether what a shape says of a record is reported."""
    if title == "merged":
        return True
    one = _abouts(store)[int(title.removeprefix("record-"))]
    scope = rulebook().rules[shape.rule].scope
    return (
        one.collected(shape)
        and shape.file in one.profile.files
        and not (one.aggregator and scope == "reg")
        and (one.bilingual or scope != "bi")
    )


@cache
def _abouts(store: Store) -> list[About]:
    reference = Reference(store)
    return [
        about(
            Reader().index(statements_of(text_of(store, graph), "")),
            graph.value,
            reference,
            None,
            "chictr",
        )
        for graph in graphs.current_graphs(store)
    ]


@pytest.mark.parametrize("case", STORES, ids=lambda p: p.stem)
def test_jena_finds_what_a_rule_over_named_graphs_finds(case, answers):
    for shape in (s for s in STORED if s.rule == case.stem):
        data = loaded(case)
        ours = engine.store_outcome(shape, data, _histories(data))
        rows = rows_of(answers[f"store-{case.stem}"], shape, "select")
        assert set_of(map(hit, rows)) == ours.hits


@pytest.fixture(scope="module")
def odd_values() -> Asked:
    """Every property of a datatype, with values that are almost right; a node for each."""
    statements = []
    for prop, (kind, _) in PROPERTIES.items():
        for n, (text, datatype) in enumerate(itertools.product(TEXTS, DATATYPES)):
            node = NamedNode(f"https://example.org/{prop}/{n}")
            value = Literal(text, datatype=NamedNode(expand(datatype)))
            statements.append(Triple(node, NamedNode(expand("rdf:type")), NamedNode(expand(kind))))
            statements.append(Triple(node, NamedNode(expand(prop)), value))
    shapes = tuple(s for s in STATED if s.kind == "core" and s.rule in ("ST-04", "ST-12"))
    return Asked(CheckedGraph(statements), shapes)


@pytest.fixture(scope="module")
def odd_answer(odd_values: Asked, tmp_path_factory: pytest.TempPathFactory) -> Answer:
    """What Jena says of them, asked for these shapes alone."""
    shapes = _named(rulebook().graph)
    mine = {URIRef(shape.iri) for shape in odd_values.shapes}
    for shape, _, kind in list(shapes.triples((None, SH.targetClass, None))):
        if shape not in mine:
            shapes.remove((shape, SH.targetClass, kind))
    jena = Jena(tmp_path_factory.mktemp("jena-odd"))
    jena.shapes(shapes)
    jena.queries({})
    jena.triples("odd", [*odd_values.data.statements, *_subclasses()], ())
    return jena.run()["odd"]


@pytest.mark.parametrize("which", ["oxigraph", "pyshacl"])
def test_a_value_that_is_almost_right_fails_in_each_engine(which, odd_values, odd_answer):
    """Datatypes alone would not do: rdflib takes a day for an xsd:dateTime, Jena does not."""
    runner = Runner(Shacl(rulebook().graph), engine.functions(), which)
    failed = set()
    for shape in odd_values.shapes:
        ours = runner.outcome(shape, odd_values.data, PARAMETERS)
        assert outcome_of(odd_answer, shape, odd_values.data) == ours, shape.iri
        failed |= ours.failed
    accepted: dict[str, set[str]] = {prop: set() for prop in PROPERTIES}
    for t in odd_values.data.statements:
        if isinstance(t.object, Literal) and name(t.subject) not in failed:
            accepted[f"tkg:{t.predicate.value.removeprefix(TKG)}"].add(t.object.value)
    assert accepted == {prop: set(right) for prop, (_, right) in PROPERTIES.items()}

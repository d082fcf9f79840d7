"""The ontology, its codes, places, registries and word tables agree with one another."""

from __future__ import annotations

import csv
import dataclasses
import re
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from rdflib import OWL, RDF, RDFS, SKOS, BNode, Graph, Literal, URIRef
from rdflib.namespace import DCTERMS
from rdflib.term import Node

from kg import model
from kg.namespaces import CODE, CODE_SCHEMES, ID, TKG, expand, folded
from kg.resources import folder, queries

ONTOLOGY = folder("ontology")
FILES = ("trial", "codes", "places", "registries", "alignments")
TABLES = sorted((ONTOLOGY / "codes").glob("*.tsv"))
RULES = sorted((ONTOLOGY / "derive").glob("*.rq"))
QUERIES = sorted(queries().glob("*.rq"))

PROMISED = tomllib.loads((Path(__file__).parent / "data" / "vocabulary.toml").read_text("utf-8"))
CLASSES: dict[str, str] = PROMISED["classes"]
PROPERTIES: list[str] = PROMISED["properties"].split()
BEST_KNOWN: list[str] = PROMISED["best_known"].split()
DERIVED: list[str] = PROMISED["derived"].split()
REGISTRIES: list[str] = PROMISED["registries"].split()
CODES: dict[str, list[str]] = {name: codes.split() for name, codes in PROMISED["codes"].items()}


@pytest.fixture(scope="module")
def graphs() -> dict[str, Graph]:
    return {name: Graph().parse(ONTOLOGY / f"{name}.ttl") for name in FILES}


@pytest.fixture(scope="module")
def whole(graphs: dict[str, Graph]) -> Graph:
    return graphs["trial"] + graphs["codes"] + graphs["places"] + graphs["registries"]


def iri(curie: str) -> URIRef:
    return URIRef(expand(curie))


def tkg(name: str) -> URIRef:
    return URIRef(TKG + name)


def ours(graph: Graph) -> list[URIRef]:
    """The terms of our own namespace that a graph declares."""
    found = {s for s in graph.subjects(RDF.type) if isinstance(s, URIRef) and s.startswith(TKG)}
    return sorted(found)


def in_two_languages(graph: Graph, subject: Node, predicate: URIRef) -> bool:
    """Whether a text is there exactly once in English and once in Chinese."""
    texts = list(graph.objects(subject, predicate))
    languages = sorted(str(t.language) for t in texts if isinstance(t, Literal))
    return languages == ["en", "zh"] and all(str(t).strip() == str(t) != "" for t in texts)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


# -- terms --------------------------------------------------------------------------------------


def test_the_header_says_what_this_is_and_which_version(graphs: dict[str, Graph]) -> None:
    graph = graphs["trial"]
    (ontology,) = graph.subjects(RDF.type, OWL.Ontology)
    assert in_two_languages(graph, ontology, DCTERMS.title)
    assert in_two_languages(graph, ontology, DCTERMS.description)
    assert graph.value(ontology, OWL.versionIRI) == URIRef("https://w3id.org/trialkg/ns/1.1.0")
    assert str(graph.value(ontology, OWL.versionInfo)) == "1.1.0"
    prior = URIRef("https://w3id.org/trialkg/ns/1.0.0")
    assert graph.value(ontology, OWL.priorVersion) == prior
    for name in ("creator", "created", "modified", "license", "bibliographicCitation"):
        assert graph.value(ontology, DCTERMS[name]) is not None, name
    vann = "http://purl.org/vocab/vann/preferredNamespace"
    assert str(graph.value(ontology, URIRef(f"{vann}Prefix"))) == "tkg"
    assert str(graph.value(ontology, URIRef(f"{vann}Uri"))) == TKG


def test_every_class_is_declared_under_its_parent(graphs: dict[str, Graph]) -> None:
    graph = graphs["trial"]
    for name, parent in CLASSES.items():
        assert (tkg(name), RDF.type, OWL.Class) in graph, name
        expected = [iri(parent)] if parent else []
        assert list(graph.objects(tkg(name), RDFS.subClassOf)) == expected, name


def test_every_property_is_declared_and_no_other_kind_of_term(graphs: dict[str, Graph]) -> None:
    kinds = {OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty}
    graph = graphs["trial"]
    declared = {s for kind in kinds for s in graph.subjects(RDF.type, kind)}
    assert {tkg(name) for name in PROPERTIES + DERIVED} <= declared
    assert declared | set(graph.subjects(RDF.type, OWL.Class)) == set(ours(graph))
    for term in ours(graph):
        assert len(list(graph.objects(term, RDF.type))) == 1, term


def test_every_term_has_label_and_definition_in_both_languages(graphs: dict[str, Graph]) -> None:
    graph = graphs["trial"]
    for term in ours(graph):
        assert in_two_languages(graph, term, RDFS.label), term
        assert in_two_languages(graph, term, SKOS.definition), term
        assert graph.value(term, RDFS.isDefinedBy) == URIRef(TKG.removesuffix("#")), term
        for text in graph.objects(term, SKOS.definition):
            assert isinstance(text, Literal)
            assert str(text).endswith("." if text.language == "en" else "。"), text


def test_chinese_texts_are_chinese_and_english_texts_are_not(whole: Graph) -> None:
    han = re.compile("[\u3400-\u9fff]")
    quoted = {"submittedAt"}  # its English definition names the Chinese label
    for subject, predicate, text in whole:
        if predicate not in (RDFS.label, SKOS.prefLabel, SKOS.definition, DCTERMS.rights):
            continue
        assert isinstance(text, Literal), text
        if text.language == "zh":
            assert han.search(text), (subject, text)
        elif str(subject).removeprefix(TKG) not in quoted:
            assert not han.search(text), (subject, text)


def test_terms_infer_nothing(graphs: dict[str, Graph]) -> None:
    graph = graphs["trial"]
    for predicate in (RDFS.domain, RDFS.range, OWL.inverseOf, OWL.imports, OWL.equivalentClass):
        assert not list(graph.subject_objects(predicate)), predicate
    assert not list(graph.subjects(RDF.type, OWL.Restriction))
    assert list(graph.subject_objects(RDFS.subPropertyOf)) == [
        (tkg("committeeOf"), iri("org:unitOf"))
    ]
    for name in FILES:
        nodes = {x for triple in Graph().parse(ONTOLOGY / f"{name}.ttl") for x in triple}
        assert not [x for x in nodes if isinstance(x, BNode)], name


def test_domains_and_ranges_name_declared_classes(graphs: dict[str, Graph]) -> None:
    graph = graphs["trial"]
    for predicate in (iri("schema:domainIncludes"), iri("schema:rangeIncludes")):
        for term, target in graph.subject_objects(predicate):
            if str(target).startswith(TKG):
                assert (target, RDF.type, OWL.Class) in graph, (term, target)
    for name in set(PROPERTIES + DERIVED):
        assert graph.value(tkg(name), iri("schema:rangeIncludes")) is not None, name


def test_derived_properties_name_their_rule_and_every_rule_its_property(
    graphs: dict[str, Graph],
) -> None:
    graph = graphs["trial"]
    named = {str(s).removeprefix(TKG): str(o) for s, o in graph.subject_objects(tkg("derivedBy"))}
    assert named == {name: f"{name}.rq" for name in BEST_KNOWN + DERIVED}
    assert {path.name for path in RULES} == set(named.values())


def test_code_lists_of_properties_exist(graphs: dict[str, Graph]) -> None:
    for term, scheme in graphs["trial"].subject_objects(tkg("codeList")):
        assert (scheme, RDF.type, SKOS.ConceptScheme) in graphs["codes"], term


def test_model_and_ontology_name_the_same_properties_and_code_lists(
    graphs: dict[str, Graph],
) -> None:
    declared = set(ours(graphs["trial"]))
    classes = [c for c in vars(model).values() if dataclasses.is_dataclass(c)]
    checked = 0
    for cls in classes:
        for field in dataclasses.fields(cls):
            predicate = field.metadata.get("predicate", "")
            if not predicate.startswith("tkg:"):
                continue
            checked += 1
            assert iri(predicate) in declared, (cls, predicate)
            if scheme := field.metadata.get("scheme"):
                code_list = graphs["trial"].value(iri(predicate), tkg("codeList"))
                assert code_list == URIRef(CODE + scheme), predicate
    assert checked > 80


def test_alignments_speak_of_our_terms_and_are_imported_nowhere(graphs: dict[str, Graph]) -> None:
    known = set(ours(graphs["trial"])) | set(graphs["codes"].subjects())
    subjects = {s for s in graphs["alignments"].subjects() if "ns/alignments" not in str(s)}
    assert len(subjects) > 20
    assert subjects <= known
    assert "alignments" not in (ONTOLOGY / "trial.ttl").read_text(encoding="utf-8").replace(
        "Alignments with other vocabularies: alignments.ttl", ""
    )


# -- codes, places, registries --------------------------------------------------------------------


def test_code_lists_are_those_the_namespaces_know(graphs: dict[str, Graph]) -> None:
    schemes = set(graphs["codes"].subjects(RDF.type, SKOS.ConceptScheme))
    assert schemes == {URIRef(CODE + name) for name in CODE_SCHEMES}
    assert set(CODES) == set(CODE_SCHEMES)


@pytest.mark.parametrize("scheme", sorted(CODES))
def test_a_code_list_holds_its_codes(graphs: dict[str, Graph], scheme: str) -> None:
    graph = graphs["codes"]
    members = set(graph.subjects(SKOS.inScheme, URIRef(CODE + scheme)))
    assert members == {URIRef(f"{CODE}{scheme}/{code}") for code in CODES[scheme]}
    for code in members:
        assert (code, RDF.type, SKOS.Concept) in graph
        assert str(graph.value(code, SKOS.notation)) == str(code).rpartition("/")[2]


def test_every_code_and_code_list_has_labels_in_both_languages(graphs: dict[str, Graph]) -> None:
    graph = graphs["codes"]
    for node in set(graph.subjects(RDF.type)):
        assert in_two_languages(graph, node, RDFS.label), node
        assert set(graph.objects(node, RDFS.label)) == set(graph.objects(node, SKOS.prefLabel)), (
            node
        )


@pytest.mark.parametrize(
    ("code", "zh"),
    [
        ("phase/phase-4", "Ⅳ期"),
        ("recruitment-status/recruiting", "正在进行"),
        ("recruitment-status/not-recruiting", "未征募(阶段不明)"),
        ("role/lead-sponsor", "牵头单位"),
        ("organization-kind/hospital", "医院"),
        ("registration-timing/retrospective", "补注册"),
        ("who-item/WHO-14a", "纳入标准"),
    ],
)
def test_chinese_labels_are_the_registry_s_own(
    graphs: dict[str, Graph], code: str, zh: str
) -> None:
    assert Literal(zh, lang="zh") in set(graphs["codes"].objects(URIRef(CODE + code), RDFS.label))


def test_places_are_the_countries_and_the_provinces_of_china(graphs: dict[str, Graph]) -> None:
    graph = graphs["places"]
    names = {str(s).removeprefix(f"{ID}place/") for s in graph.subjects(RDF.type)}
    assert len([n for n in names if re.fullmatch("[A-Z]{2}", n)]) == 249
    provinces = [n for n in names if re.fullmatch("CN-[A-Z]{2}", n)]
    assert len(provinces) == 34
    assert len(names) == 249 + 34
    for name in provinces:
        place = URIRef(f"{ID}place/{name}")
        assert graph.value(place, DCTERMS.isPartOf) == URIRef(f"{ID}place/CN")
    for place in set(graph.subjects(RDF.type)):
        assert in_two_languages(graph, place, RDFS.label), place
    zhejiang = set(graph.objects(URIRef(f"{ID}place/CN-ZJ"), RDFS.label))
    assert zhejiang == {Literal("浙江省", lang="zh"), Literal("Zhejiang", lang="en")}


def test_no_two_countries_share_a_label(graphs: dict[str, Graph]) -> None:
    labels = [
        (str(label), label.language)
        for place, label in graphs["places"].subject_objects(RDFS.label)
        if isinstance(label, Literal) and "CN-" not in str(place)
    ]
    assert not [label for label, n in Counter(labels).items() if n > 1]


def test_every_registry_is_described(graphs: dict[str, Graph]) -> None:
    graph = graphs["registries"]
    known = set(graph.subjects(RDF.type, tkg("Registry")))
    assert {URIRef(f"{ID}registry/{key}") for key in REGISTRIES} <= known
    for node in known:
        assert in_two_languages(graph, node, RDFS.label), node
        assert in_two_languages(graph, node, DCTERMS.rights), node
        (kind,) = graph.objects(node, tkg("registryKind"))
        assert kind in set(graphs["codes"].subjects(RDF.type, SKOS.Concept))


def test_registries_whose_numbers_are_recognised_are_described(graphs: dict[str, Graph]) -> None:
    numbers = rows(ONTOLOGY / "registry-numbers.tsv")
    keys = {row["registry"] for row in numbers if row["kind"] == "registry"}
    known = set(graphs["registries"].subjects(RDF.type, tkg("Registry")))
    assert {URIRef(f"{ID}registry/{key}") for key in keys} <= known


def items_not_collected(graph: Graph, registry: str) -> set[str]:
    collected = graph.objects(URIRef(f"{ID}registry/{registry}"), tkg("collects"))
    names = {str(item).rpartition("/")[2] for item in collected}
    assert names <= set(CODES["who-item"])
    return set(CODES["who-item"]) - names


@pytest.mark.parametrize(
    ("registry", "missing"),
    [
        ("chictr", ""),
        ("itmctr", ""),
        ("amctr", ""),
        (
            "ctgov",
            "WHO-04 WHO-07-affiliation WHO-08-channel WHO-12b WHO-15d WHO-17b"
            " WHO-21a WHO-21b WHO-21c",
        ),
        ("ictrp", "WHO-11b WHO-21b"),
        # its form for contacts has name, ORCID, postal address, telephone and e-mail
        ("isrctn", "WHO-07-affiliation WHO-08-affiliation WHO-12b WHO-15d WHO-17b"),
        (
            "ctis",
            "WHO-02 WHO-15b WHO-15c WHO-15d WHO-17b WHO-19b WHO-19c WHO-20b WHO-20b-method"
            " WHO-21a WHO-21b WHO-21c",
        ),
        (
            "euctr",
            "WHO-11b WHO-14c WHO-15d WHO-16 WHO-17b WHO-19c WHO-20b-method WHO-21b WHO-21c"
            " WHO-24a WHO-24b WHO-24c",
        ),
        ("cris", "WHO-11b WHO-15d WHO-19c WHO-20b-method"),
        # committees are named without somebody to ask
        ("ctri", "WHO-17b WHO-21c"),
        ("irct", "WHO-17b WHO-21c"),
        ("anzctr", "WHO-17b WHO-21c"),
    ],
)
def test_a_registry_does_not_collect(graphs: dict[str, Graph], registry: str, missing: str) -> None:
    assert items_not_collected(graphs["registries"], registry) == set(missing.split())


def test_the_aggregator_shows_little(graphs: dict[str, Graph]) -> None:
    shown = set(CODES["who-item"]) - items_not_collected(graphs["registries"], "clinconnect")
    expected = (
        "WHO-05 WHO-07 WHO-07-affiliation WHO-08 WHO-08-affiliation WHO-09 WHO-11 WHO-11b "
        "WHO-14a WHO-14b WHO-14d WHO-18 WHO-22"
    )
    assert shown == set(expected.split())


# -- words ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_a_word_table_is_well_formed(graphs: dict[str, Graph], path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    lines = text.split("\n")
    assert lines[0] == "registry\tword\tconcept\tnote"
    assert lines[-1] == ""
    assert all(line.count("\t") == 3 for line in lines[:-1])
    keys = {str(s).rpartition("/")[2] for s in graphs["registries"].subjects(RDF.type)}
    for row in rows(path):
        assert row["registry"] in keys | {"*"}, row
        assert row["word"] == row["word"].strip() != "", row
    twice = Counter((row["registry"], folded(row["word"])) for row in rows(path))
    assert not [key for key, n in twice.items() if n > 1]


@pytest.mark.parametrize("path", TABLES, ids=lambda p: p.stem)
def test_a_word_table_leads_to_known_codes(graphs: dict[str, Graph], path: Path) -> None:
    if path.stem == "place":
        known = {str(s).rpartition("/")[2] for s in graphs["places"].subjects(RDF.type)}
    else:
        known = set(CODES[path.stem])
    table = rows(path)
    assert table
    for row in table:
        assert row["concept"].split(), row
        assert set(row["concept"].split()) <= known, row


def test_every_place_can_be_said(graphs: dict[str, Graph]) -> None:
    said = {
        code for row in rows(ONTOLOGY / "codes" / "place.tsv") for code in row["concept"].split()
    }
    assert said == {str(s).rpartition("/")[2] for s in graphs["places"].subjects(RDF.type)}


# -- rules and queries ----------------------------------------------------------------------------

DECLARED = re.compile(r"^PREFIX ([\w-]+): <([^>]+)>$", re.MULTILINE)
USED = re.compile(r"(?<![\w$?\"])([a-z][\w-]*):([A-Za-z][\w-]*)?")


@pytest.mark.parametrize("path", RULES + QUERIES, ids=lambda p: p.stem)
def test_a_query_uses_declared_terms_only(whole: Graph, path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    prefixes = dict(DECLARED.findall(text))
    body = "\n".join(line for line in text.splitlines() if not line.startswith(("#", "PREFIX")))
    used = {(prefix, name) for prefix, name in USED.findall(body)}
    assert {prefix for prefix, _ in used} == set(prefixes), "prefixes declared and used"
    known = set(whole.subjects())
    for prefix, name in used:
        term = prefixes[prefix] + name
        if name and term.startswith((TKG, CODE)):
            assert URIRef(term) in known, term


def test_every_term_of_the_example_is_declared(whole: Graph) -> None:
    text = (Path(__file__).parent / "data" / "example.trig").read_text(encoding="utf-8")
    known = set(whole.subjects())
    names = set(re.findall(r"\btkg:(\w+)", text))
    codes = set(re.findall(r"<(code/[\w-]+/[\w-]+)>", text))
    assert names
    assert codes
    assert {tkg(name) for name in names} <= known
    assert {URIRef(f"https://w3id.org/trialkg/{code}") for code in codes} <= known

"""Model, ontology, shapes, rules and queries name the same things."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest
from conftest import ROOT
from rdflib import RDF, RDFS, Graph, URIRef

from kg.model import KINDS, STUDY_CLASSES
from kg.namespaces import CODE_SCHEMES, TKG, expand

ONTOLOGY = Graph().parse(ROOT / "ontology" / "trial.ttl")
CODES = Graph().parse(ROOT / "ontology" / "codes.ttl")
DECLARED = {str(term) for term in ONTOLOGY.subjects(RDF.type) if str(term).startswith(TKG)}
FIELDS = [
    (kind.__name__, f.name, f.metadata)
    for kind in KINDS
    for f in dataclasses.fields(kind)
    if "predicate" in f.metadata
]


@pytest.mark.parametrize(("kind", "name", "metadata"), FIELDS, ids=lambda v: str(v)[:30])
def test_every_field_of_the_model_names_a_declared_property(kind, name, metadata):
    predicate = metadata["predicate"]
    if predicate.startswith("tkg:"):
        assert expand(predicate) in DECLARED, f"declare {predicate} in ontology/trial.ttl"


@pytest.mark.parametrize(("kind", "name", "metadata"), FIELDS, ids=lambda v: str(v)[:30])
def test_every_coded_field_names_a_list_that_exists(kind, name, metadata):
    if scheme := metadata.get("scheme"):
        assert scheme in CODE_SCHEMES


def test_every_class_of_the_model_is_declared():
    kinds = {kind.KIND for kind in KINDS} | set(STUDY_CLASSES.values())
    kinds |= {"tkg:PrimaryOutcome", "tkg:SecondaryOutcome", "tkg:RandomizedRecord"}
    assert {expand(kind) for kind in kinds if kind.startswith("tkg:")} <= DECLARED


def test_every_study_type_has_its_class():
    scheme = URIRef("https://w3id.org/trialkg/code/study-type")
    known = {
        str(code).rsplit("/", 1)[1] for code in CODES.subjects(expand_ref("skos:inScheme"), scheme)
    }
    assert known == set(STUDY_CLASSES)


def expand_ref(curie: str) -> URIRef:
    return URIRef(expand(curie))


FILES = sorted(
    [
        *(ROOT / "shapes").glob("*.ttl"),
        *(ROOT / "ontology" / "derive").glob("*.rq"),
        *(ROOT / "kg" / "queries").glob("*.rq"),
        *(ROOT / "kg").rglob("*.py"),
    ]
)


@pytest.mark.parametrize("path", FILES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_term_of_ours_that_a_file_uses_is_declared(path: Path):
    text = path.read_text(encoding="utf-8")
    used = {TKG + name for name in re.findall(r"\btkg:([A-Za-z]\w*)", text)}
    examples = {TKG + word for word in ("name", "x", "has")}  # in docstrings, and a prefix
    assert used - DECLARED <= examples


def test_every_term_has_a_label_in_both_languages():
    for term in DECLARED:
        languages = {label.language for label in ONTOLOGY.objects(URIRef(term), RDFS.label)}
        assert languages >= {"zh", "en"}, term

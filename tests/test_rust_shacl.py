"""The Rust engine ``shacl`` rejects the nodes that our reading of SHACL's core rejects.

It is no engine of ours (docs/decisions/0009): where it is installed, it is one more witness.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import NamedNode
from rdflib import SH
from test_foreign_shacl import STATED, _records, _subclasses

import kg
from kg import store
from kg.check.core import Core
from kg.check.facts import text_from
from kg.check.rulebook import MERGED, rulebook
from kg.check.runner import target_nodes

shacl = pytest.importorskip("shacl", reason="shacl is not installed")

CORE = [s for s in STATED if s.kind == "core" and s.file != MERGED]


def shapes() -> str:
    """Our shapes without their queries, which that engine asks node by node: for minutes."""
    graph = rulebook().graph
    plain = graph.__class__()
    plain += graph
    plain.remove((None, SH.sparql, None))
    return plain.serialize(format="turtle")


@pytest.mark.slow
def test_the_rust_engine_rejects_the_same_nodes(built: Path):
    theirs, ours = shacl.Shapes.from_turtle(shapes()), Core(rulebook().graph)
    rejected = 0
    for data in _records(store.in_memory(kg.open(built).nquads())):
        report = theirs.validate_text(text_from([*data.statements, *_subclasses()]), "ntriples")
        told: dict[str, set[str]] = defaultdict(set)
        for result in report.results:
            for shape in {result.source_shape, result.root_shape} - {None}:
                told[shape].add(result.focus_node)
        for shape in CORE:
            failures = ours.failures(shape.iri, data.index, target_nodes(shape, data))
            found = {str(NamedNode(failure.focus)) for failure in failures}
            assert told[str(NamedNode(shape.iri))] == found, shape.iri
            rejected += len(found)
    assert rejected > 100

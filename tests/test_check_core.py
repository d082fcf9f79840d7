"""Core shapes: the engine's own reading of them says what pySHACL says, or that it cannot."""

from __future__ import annotations

import pytest
from pyoxigraph import RdfFormat, Store
from rdflib import Graph

from kg.check.core import Core
from kg.check.graphs import CheckedGraph
from kg.check.rulebook import rulebook
from kg.check.shacl import EngineError, Shacl

PREFIXES = """
@prefix ex: <https://example.org/> .
@prefix sh: <http://www.w3.org/ns/shacl#> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
"""
DATA = """
ex:a a ex:Thing ; ex:p "x" , "y"@en , 1 , -1 , 2.5 , true , ex:b , "2020-13-01"^^xsd:date ,
    "2020-02-30"^^xsd:date , "2020-02-29"^^xsd:date , "2020-13"^^xsd:gYearMonth , "07"^^xsd:integer,
    "many"^^xsd:integer , "2020-01-01T00:00:00Z"^^xsd:dateTime , "2020-01-01"^^xsd:dateTime , [] ;
    ex:q ex:b , ex:c ; ex:text "https://example.org/b" .
ex:b a ex:Other ; ex:q ex:c ; ex:p "b" . ex:c ex:p "b" , "c" ; ex:q ex:a . ex:d ex:r ex:a .
"""
CONSTRAINTS = [
    "sh:path ex:p ; sh:minCount 99", "sh:path ex:p ; sh:minCount 2", "sh:path ex:p ; sh:maxCount 1",
    "sh:path ex:p ; sh:nodeKind sh:IRI", "sh:path ex:q ; sh:nodeKind sh:IRI",
    *(f"sh:path ex:p ; sh:datatype xsd:{name}" for name in (
        "string", "integer", "decimal", "date", "dateTime", "gYear", "gYearMonth", "boolean")),
    "sh:path ex:p ; sh:pattern '^[a-z]$'", "sh:path ex:p ; sh:pattern '.'",
    "sh:path ex:p ; sh:minInclusive 0", "sh:path ex:p ; sh:hasValue 1",
    "sh:path ex:p ; sh:hasValue 'x'", "sh:path ex:p ; sh:hasValue 'y'",
    "sh:path ( ex:q ex:p ) ; sh:minCount 2", "sh:path ( ex:q ex:p ) ; sh:minCount 3",
    "sh:path ( ex:text ex:p ) ; sh:minCount 1", "sh:path ( ex:q ex:q ex:p ) ; sh:maxCount 1",
    "sh:path [ sh:inversePath ex:q ] ; sh:minCount 1 ; sh:maxCount 1",
    "sh:path [ sh:inversePath ex:r ] ; sh:minCount 1", "sh:path ex:q ; sh:class ex:Other",
    "sh:path [ sh:alternativePath ( ex:r ( ex:q ex:p ) [ sh:inversePath ex:r ] ) ] ; sh:minCount 3",
    "sh:path ex:p ; sh:node [ sh:or ( [ sh:datatype xsd:date ] [ sh:datatype xsd:integer ] ) ]",
    "sh:path ex:p ; sh:not [ sh:datatype xsd:gYear ]",
    "sh:path ex:q ; sh:not [ sh:class ex:Other ]",
]  # fmt: skip
NODES = [f"https://example.org/{name}" for name in "abcd"]


def read(text: str) -> tuple[Graph, CheckedGraph]:
    store = Store()
    store.load(input=PREFIXES + DATA, format=RdfFormat.TURTLE)
    data = CheckedGraph(q.triple for q in store)
    return Graph().parse(data=PREFIXES + text, format="turtle"), data


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_a_constraint_fails_where_pyshacl_says(constraint):
    shapes, data = read(f"ex:S a sh:PropertyShape ; {constraint} .")
    shape = "https://example.org/S"
    expected = Shacl(shapes).failures(shape, data.graph, NODES)
    assert Core(shapes).failures(shape, data.index, NODES) == expected


@pytest.mark.parametrize("constraint", CONSTRAINTS)
def test_a_constraint_inside_a_node_shape_fails_where_pyshacl_says(constraint):
    shapes, data = read(
        f"ex:S a sh:NodeShape ; sh:property [ {constraint} ] ; sh:not [ sh:class ex:Thing ] ."
    )
    shape = "https://example.org/S"
    expected = Shacl(shapes).failures(shape, data.graph, NODES)
    assert Core(shapes).failures(shape, data.index, NODES) == expected


@pytest.mark.parametrize(
    "constraint", ["sh:path ex:p ; sh:lessThan ex:q", "sh:path [ sh:oneOrMorePath ex:p ]"]
)
def test_a_constraint_of_another_kind_is_an_error(constraint):
    shapes, data = read(f"ex:S a sh:PropertyShape ; {constraint} .")
    with pytest.raises(EngineError):
        Core(shapes).failures("https://example.org/S", data.index, NODES)


def test_every_core_shape_of_ours_can_be_read():
    core, (_, data) = Core(rulebook().graph), read("")
    for shapes in rulebook().shapes.values():
        for shape in shapes:
            if shape.kind == "core":
                core.failures(shape.iri, data.index, NODES)

"""Every value of the graph leads back to its file, and to its line or its path."""

from __future__ import annotations

import csv
import re
import shutil

import pytest
from conftest import AS_OF, called
from pyoxigraph import Literal, NamedNode

from kg import store
from kg.inspection import statistics
from kg.namespaces import BASE, ID, expand
from kg.outputs.graph import Graph
from kg.outputs.tracing import traces
from kg.sources import lines

# What we say of the reading itself, and labels and places in lists, which repeat printed values.
OURS = frozenset(
    map(
        expand,
        (
            "rdfs:label", "tkg:listPosition", "tkg:blankField", "tkg:sourceFile",
            "tkg:sourceSha256", "tkg:sourceLayout", "tkg:sourcePlace", "tkg:unparsedLabel",
            "tkg:unparsedWord", "tkg:degree", "skos:altLabel", "tkg:mentionedNumber",
        ),
    )
)  # fmt: skip


def test_every_literal_of_a_record_has_its_row_in_the_table_of_lines(built):
    rows = list(lines.read(built / "lines.tsv"))
    told = {(r.version, r.node, r.field.partition("@")[0]) for r in rows}
    missing = set()
    for quad in store.in_memory(Graph(built).nquads()):
        graph = quad.graph_name
        if not isinstance(graph, NamedNode) or graph.value.startswith(f"{BASE}graph/"):
            continue
        if isinstance(quad.object, Literal) and quad.predicate.value not in OURS:
            name = re.split(r"[#/]", quad.predicate.value)[-1]
            if (graph.value, quad.subject.value, name) not in told:
                missing.add((quad.subject.value, name))
    assert not missing


def test_every_row_leads_to_a_line_or_a_path(built):
    rows = list(lines.read(built / "lines.tsv"))
    assert len(rows) > 1000
    for row in rows:
        assert row.line or row.path or row.state == "value", row
        if row.printed and not row.line:
            assert row.path, row


@pytest.mark.parametrize(
    ("node", "file", "printed"),
    [
        ("NCT09999901", "v2-drug-trial-in-four-countries.json", "EXAMPLE-1"),
        ("ChiCTR2699990001", "clean-single-centre-web-cn.txt", "ChiCTR2699990001"),
    ],
)
def test_a_record_is_traced_to_its_file(built, node, file, printed):
    found = list(traces(Graph(built), node))
    assert {row.file for row in found} == {file}
    assert printed in {row.printed for row in found}
    assert all(row.line or row.path for row in found if row.printed)


def test_a_value_is_traced_and_a_build_counted(built):
    graph = Graph(built)
    (number, *_) = graph.manifest["inputs"][0]["records"]
    found = list(traces(graph, number.partition(":")[2]))
    counted = statistics(graph)
    assert found
    assert sum(counted["statements"].values()) == counted["graph"]["statements"]


def test_a_person_is_traced_through_every_record_that_names_it(built):
    done = called("query", built, "--named", "people-in-several-roles", "--format", "csv")
    person = done.stdout.split("\n")[1].split(",")[0]
    done = called("trace", built, person)
    assert done.returncode == 0, done.stderr
    assert len({line.split(":")[0] for line in done.stdout.strip().split("\n")}) >= 1


def test_a_finding_is_traced_through_what_it_is_about(built):
    rows = csv.DictReader((built / "report" / "findings.csv").open(encoding="utf-8", newline=""))
    (row,) = [r for r in rows if r["rule"] == "X14" and r["number"] == "ISRCTN99999901"]
    for name in (row["key"], f"finding/{row['key']}", f"{ID}finding/{row['key']}"):
        assert list(traces(Graph(built), name)) == list(traces(Graph(built), "ISRCTN99999901"))
    done = called("trace", built, "0" * 16)
    assert done.returncode == 2


def test_a_finding_of_a_later_check_is_traced_too(built, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(built, out)
    done = called("check", out, "--as-of", AS_OF, "--profile", "icmje")
    assert done.returncode == 0, done.stderr
    rows = csv.DictReader((out / "report" / "findings.csv").open(encoding="utf-8", newline=""))
    row = next(r for r in rows if r["rule"] == "IC-01")
    assert list(traces(Graph(out), row["key"])) == list(traces(Graph(out), row["number"]))


def test_a_name_that_the_graph_does_not_hold_is_said(built):
    done = called("trace", built, "person/000000000000")
    assert done.returncode == 2
    assert done.stderr.startswith("Error: person/000000000000: ")

"""Nodes of pictures carry the figures of the report: completeness, violations, warnings."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import networkx
import pytest

import kg
from kg.building import quality
from kg.errors import ToolError
from kg.namespaces import ID

FIGURES = ("completeness", "violations", "warnings")
# A hospital that sponsors has two rows; the one as a hospital holds all of its trials.
ROWS = ("sponsor", "committee", "hospital")


@pytest.fixture(scope="module")
def told(built: Path) -> dict[str, tuple[float | None, int, int]]:
    """The rows of the report that sum up a node, by IRI."""
    groups = json.loads((built / "report" / "findings.json").read_text("utf-8"))["groups"]
    return {
        g["group"]: (
            g["completeness"]["share"] if g["completeness"] else None,
            g["found"]["violation"],
            g["found"]["warning"],
        )
        for kind in ROWS
        for g in groups
        if g["kind"] == kind and g["group"]
    }


def figures(node: dict[str, object]) -> tuple[object, ...] | None:
    """What a node of a picture carries; None where it carries nothing."""
    found = tuple(node.get(name) for name in FIGURES)
    return None if found == (None, None, None) else found


def expected(nodes: list[dict[str, object]], told: dict[str, tuple[float | None, int, int]]):
    return {n["iri"]: told.get(str(n["iri"])) for n in nodes}


@pytest.mark.parametrize("name", ["graph.gexf", "graph.graphml"])
def test_hospitals_committees_and_sponsors_carry_the_rows_of_the_report(name, built, told):
    read = networkx.read_gexf if name.endswith("gexf") else networkx.read_graphml
    nodes = [n for _, n in read(built / name).nodes(data=True)]
    groups = [n for n in nodes if n["node_type"] != "trial"]
    assert {n["iri"]: figures(n) for n in groups} == expected(groups, told)
    kinds = {(n["node_type"], n.get("organization_kind")) for n in groups if figures(n)}
    assert {t for t, _ in kinds} == {"hospital", "organization", "committee", "person"}
    assert [n for n in groups if not figures(n)], "those that nothing is known of"
    assert [n for n in nodes if n["node_type"] == "trial" and figures(n)]


def test_the_table_of_nodes_carries_them_too(built, told):
    with (built / "nodes.csv").open(encoding="utf-8", newline="") as file:
        rows = [r for r in csv.DictReader(file) if r["node_type"] != "trial"]
    found = {
        r["iri"]: (float(r["completeness"]) if r["completeness"] else None, int(r["violations"]),
                   int(r["warnings"]))
        for r in rows if r["violations"]
    }  # fmt: skip
    assert found == {iri: row for iri, row in told.items() if iri in {r["iri"] for r in rows}}


def test_a_picture_made_later_carries_the_same(built):
    graph = kg.open(built)
    assert graph.quality == quality.of_report(graph.check())
    assert any(key.startswith(f"{ID}organization/") for key in graph.quality or ())


def test_the_figures_are_read_whatever_the_order_of_the_report_and_a_broken_one_is_a_line(
    built, tmp_path
):
    told = json.loads((built / "report" / "findings.json").read_text("utf-8"))
    known = quality.of_file(built / "report" / "findings.json")
    assert known
    file = tmp_path / "findings.json"
    for order in (sorted(told), sorted(told, reverse=True)):
        file.write_text(json.dumps({k: told[k] for k in order}, indent=1), "utf-8")
        assert quality.of_file(file) == known
    file.write_text('{"records": [{"trial": "x"}]}', "utf-8")
    with pytest.raises(ToolError, match=r"no findings\.json of kg check: 'score'"):
        quality.of_file(file)
    assert quality.of_file(tmp_path / "nowhere.json") is None


def test_of_the_report_no_more_is_held_than_a_row(built, tmp_path):
    """What stands behind the figures is not even read: it may be most of a gigabyte."""
    text = (built / "report" / "findings.json").read_text("utf-8")
    head, found, _ = text.partition('"findings": [')
    (tmp_path / "findings.json").write_text(head + found + "no JSON any more", "utf-8")
    known = quality.of_file(built / "report" / "findings.json")
    assert quality.of_file(tmp_path / "findings.json") == known

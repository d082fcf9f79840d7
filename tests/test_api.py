"""The Python interface: what ``import kg`` hands out."""

from __future__ import annotations

import networkx as nx
import pytest
import rdflib
from conftest import SAMPLES

import kg
from kg.errors import ToolError


@pytest.fixture(scope="module")
def graph(built):
    return kg.open(built)


def test_a_named_query_gives_rows_of_python_values(graph):
    rows = list(graph.query("trials-per-hospital"))
    assert rows
    assert all(isinstance(row["trials"], int) for row in rows)


def test_a_parameter_is_a_value_and_never_syntax(graph):
    evil = '") } DELETE WHERE { ?s ?p ?o } #'
    assert list(graph.query("condition-across-registries", A=evil)) == []


def test_every_view_is_a_clean_networkx_graph_that_its_writers_accept(graph, tmp_path):
    for view in ("full", "trial-hospital-committee-investigator"):
        network = graph.networkx(view)
        assert isinstance(network, nx.MultiDiGraph)
        nx.write_gexf(network, tmp_path / "n.gexf")
        nx.write_graphml(network, tmp_path / "n.graphml")
        back = nx.read_gexf(tmp_path / "n.gexf")
        assert back.number_of_nodes() == network.number_of_nodes()
        assert back.number_of_edges() == network.number_of_edges()


def test_the_exported_picture_and_the_network_agree(graph, built):
    network = graph.networkx("full")
    picture = nx.read_gexf(built / "graph.gexf")
    assert set(picture) == set(network)
    assert picture.number_of_edges() == network.number_of_edges()
    data = picture.nodes["trial:chictr-ChiCTR2699990001"]
    assert data["completeness"] > 0.95
    assert data["label_zh"]
    assert data["label_en"]


def test_an_rdflib_dataset_of_all_or_of_one_record(graph):
    everything = graph.rdflib()
    one = graph.rdflib("ChiCTR2699990001")
    assert isinstance(one, rdflib.Dataset)
    assert 50 < len(list(one.quads())) < len(list(everything.quads()))
    with pytest.raises(ToolError, match="no such record"):
        graph.rdflib("ChiCTR2699999999")


def test_a_check_finds_what_the_build_found(graph):
    report = graph.check()
    assert len(report.findings) == sum(graph.manifest["findings"].values())


def test_the_store_holds_the_graph_and_the_findings(graph, built):
    lines = set((built / "graph.nq").read_text("utf-8").split("\n")) - {""}
    stored = {str(quad) + " ." for quad in graph.store}
    findings = {
        line for line in stored if line.endswith("<https://w3id.org/trialkg/graph/findings> .")
    }
    assert len(stored) == len(lines) + len(findings)
    assert findings


def test_build_opens_what_it_built(tmp_path):
    sample = SAMPLES / "chictr" / "clean-single-centre-web-cn.txt"
    built = kg.build([sample], tmp_path / "out", check=False, formats=("ttl",))
    assert built.manifest["counts"]["trials"] == 1


def test_there_is_nothing_to_open_in_an_empty_folder(tmp_path):
    with pytest.raises(ToolError, match="run kg build first"):
        kg.open(tmp_path)

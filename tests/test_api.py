"""The Python interface: what ``import kg`` hands out."""

from __future__ import annotations

import re
from datetime import date

import networkx as nx
import pytest
import rdflib
from conftest import SAMPLES

import kg
from kg import queries
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
    assert set(graph.rdflib("chictr2699990001").quads()) == set(one.quads())
    with pytest.raises(ToolError, match="no such record"):
        graph.rdflib("ChiCTR2699999999")


def test_truth_values_of_a_query_are_those_of_python(graph):
    """Text would be true, whatever it says."""
    (row,) = graph.query("SELECT (1 = 2 AS ?no) (1 = 1 AS ?yes) ('false' AS ?word) {}")
    assert row == {"no": False, "yes": True, "word": "false"}


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


@pytest.mark.slow
def test_one_path_is_no_list_of_letters_and_files_are_named_by_texts(tmp_path):
    sample = SAMPLES / "chictr" / "clean-single-centre-web-cn.txt"
    out = tmp_path / "out"
    waivers = tmp_path / "w.toml"
    waivers.write_text('[[waive]]\nrule = "F01"\nrecord = "x:1"\nreason = "r"\nby = "b"\n')
    for given in (str(sample), sample, [str(sample)], iter([sample])):
        built = kg.build(
            given,
            out=str(out),
            formats="gexf, csv",
            as_of=date(2026, 11, 22),
            waivers=str(waivers),
            ledger=str(tmp_path / "ids.tsv"),
        )
        assert built.manifest["counts"]["trials"] == 1
        assert built.manifest["as_of"] == "2026-11-22"
        assert {"graph.gexf", "nodes.csv", "edges.csv"} <= {path.name for path in out.iterdir()}
        assert not (out / "graph.ttl").exists()
    with pytest.raises(ToolError, match="no format 'doc'"):
        kg.build(sample, out, formats="gexf,doc")
    with pytest.raises(ToolError, match=r"nowhere\.ttl: "):
        kg.build(sample, out, shapes=str(tmp_path / "nowhere.ttl"))


def test_a_day_that_is_none_is_told_in_one_line(tmp_path, graph):
    said = "'22.11.2026' is no date; write YYYY-MM-DD"
    with pytest.raises(ToolError, match=re.escape(said)):
        kg.build(tmp_path / "nowhere", tmp_path / "out", as_of="22.11.2026")
    with pytest.raises(ToolError, match=re.escape(said)):
        graph.check(as_of="22.11.2026")


def test_a_query_without_rows_says_at_the_call_who_answers_it(graph):
    asked = "ASK { ?trial a tkg:Trial }"
    with pytest.raises(ToolError, match=r"yes or no: Graph\.ask"):
        graph.query(asked)
    assert graph.ask(asked) is True
    assert graph.ask("ASK { ?trial a tkg:NoSuchThing }") is False
    with pytest.raises(ToolError, match="only an ASK query"):
        graph.ask("SELECT * { ?s a tkg:Trial }")
    built = "CONSTRUCT { ?s a tkg:Trial } { ?s a tkg:Trial }"
    with pytest.raises(ToolError, match=r"kg\.queries\.run\(graph\.store, query\)"):
        graph.query(built)
    assert list(queries.run(graph.store, built))
    with pytest.raises(ToolError, match="does not parse"):
        graph.query("SELECT { oops")


def test_what_a_view_does_not_show_is_told_without_an_option_of_the_command(graph):
    person = next(iter(graph.query("SELECT ?p { ?p a foaf:Person }")))["p"]
    with pytest.raises(ToolError, match="not in this view; the view full shows all"):
        graph.networkx("hospital-collaboration", around=person)


@pytest.mark.parametrize(
    ("file", "options", "words"),
    [
        ("a.ttl", {"view": "full"}, "view changes nothing in {}"),
        ("a.nq", {"around": ["NCT09999901"]}, "around changes nothing in {}"),
        ("a.nq", {"top": 5}, "top changes nothing in {}"),
        ("a.gexf", {"top": 0}, "top: a whole number from 1, not 0"),
        ("a.gexf", {"depth": 2}, "depth changes nothing in {} without around"),
        ("a.gexf", {"excel": True}, "excel changes nothing in {}"),
        ("a.csv", {"same_as": True}, "same_as changes nothing in {}"),
    ],
)
def test_what_changes_nothing_is_refused_as_on_the_command_line(
    graph, tmp_path, file, options, words
):
    path = tmp_path / file
    with pytest.raises(ToolError) as error:
        graph.export(path, **options)
    assert error.value.message == words.format(path)
    assert not list(tmp_path.iterdir())


def test_a_depth_around_nothing_is_refused_for_a_network_too(graph):
    with pytest.raises(ToolError, match="depth changes nothing in a network without around"):
        graph.networkx(depth=2)
    assert len(graph.networkx(around="NCT09999901", depth=0)) == 1


def test_a_network_of_what_columns_say(graph):
    recent = graph.networkx(where=["year>=2000", "node_type!=person"], min_degree=1)
    types = {data["node_type"] for _, data in recent.nodes(data=True)}
    assert "trial" in types
    assert "person" not in types
    assert all(degree for _, degree in recent.degree())
    assert len(graph.networkx(top=4, component=True)) == 4


def test_an_option_of_several_files_has_to_change_one_of_them(graph, tmp_path):
    files = [tmp_path / "a.ttl", tmp_path / "a.gexf"]
    written = list(graph.exports(files, around="jose inventado", same_as=True))
    assert [file for file, _ in written] == files
    assert written[0][1] == []  # holds everything, whoever is meant
    assert written[1][1][0].startswith("around person/")


def test_there_is_nothing_to_open_in_an_empty_folder(tmp_path):
    with pytest.raises(ToolError, match="run kg build first"):
        kg.open(tmp_path)

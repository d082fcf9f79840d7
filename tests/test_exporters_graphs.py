"""GEXF, GraphML, CSV, JSON and networkx tell the same graph to readers that are not ours."""

from __future__ import annotations

import csv
import gzip
import json
import re
import shutil
import subprocess
import tracemalloc
from collections.abc import Iterator
from pathlib import Path

import networkx as nx
import pytest
from conftest import later
from exporters_samples import example, iri, say, synthetic, text
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree
from pyoxigraph import Literal, NamedNode, Quad

from kg.exporters import GraphSource
from kg.exporters.formats import CSV, FORMATS
from kg.exporters.gexf import gexf
from kg.exporters.graphml import graphml
from kg.exporters.lint import problems
from kg.exporters.networkx_ import HIJACKED_ON_EDGES, HIJACKED_ON_NODES, multidigraph
from kg.exporters.parts import EDGE_COLUMNS, NODE_COLUMNS, Edge, Head, Node, View
from kg.exporters.view import Quality, view
from kg.exporters.views import VIEWS
from kg.namespaces import DERIVED, ID, IDENTITY

TRIAL = ID + "trial/chictr-ChiCTR2699990001"
HOSPITAL = ID + "organization/a0b1c2d3e4f5"
READER = Path(__file__).parent / "node" / "read_graph.mjs"
GEXF = "{http://gexf.net/1.3}"
VIZ = "{http://gexf.net/1.3/viz}"
ML = "{http://graphml.graphdrawing.org/xmlns}"

Columns = dict[str, object]
Told = tuple[dict[str, Columns], dict[tuple[str, str, str], Columns]]


def source(name: str = "full", trials: int = 60) -> GraphSource:
    store = synthetic(trials)
    numbers = [f"{ID}trial/chictr-ChiCTR26{i:08d}" for i in range(trials)]
    known = {
        n: Quality(completeness=i / trials, violations=i % 3, warnings=0)
        for i, n in enumerate(numbers)
    }
    return GraphSource(store=store, view=name, quality=known)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[View, Path]]:
    """Every format of every view, in a folder per view."""
    made = {}
    for name in VIEWS:
        given_source = source(name)
        folder = tmp_path_factory.mktemp(name)
        for form in FORMATS:
            if form.takes_view:
                form.write(given_source, folder / f"graph{form.suffix}")
        CSV.write(given_source, folder)
        nx.write_gexf(multidigraph(given_source.drawing), folder / "networkx.gexf")
        nx.write_graphml(multidigraph(given_source.drawing), folder / "networkx.graphml")
        made[name] = given_source.drawing, folder
    return made


def told_by_view(drawn: View) -> Told:
    return (
        {n.id: {"label": n.label, **n.columns} for n in drawn.nodes},
        {
            (e.source, e.target, e.kind): {
                "label": e.label,
                "weight": e.weight,
                **e.columns(),
            }
            for e in drawn.edges
        },
    )


NODE_NAMES = {c.name for c in NODE_COLUMNS} | {"label"}
EDGE_NAMES = {c.name for c in EDGE_COLUMNS} | {"label", "weight"}


def told_by_networkx(graph: nx.Graph) -> Told:
    nodes = {
        n: {k: unbroken(v) for k, v in data.items() if k in NODE_NAMES}
        for n, data in graph.nodes(data=True)
    }
    edges = {
        (*ends(graph, a, b), data["relation"]): {k: v for k, v in data.items() if k in EDGE_NAMES}
        for a, b, data in graph.edges(data=True)
    }
    return nodes, edges


def ends(graph: nx.Graph, a: str, b: str) -> tuple[str, str]:
    return (a, b) if graph.is_directed() else (min(a, b), max(a, b))


def unbroken(value: object) -> object:
    return value.replace("\u200b", "") if isinstance(value, str) else value


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize(
    "file", ["graph.gexf", "graph.graphml", "networkx.gexf", "networkx.graphml"]
)
def test_networkx_reads_the_nodes_edges_and_attributes_of_the_view(name, file, files):
    drawn, folder = files[name]
    if file.endswith("gexf"):
        graph = nx.read_gexf(folder / file)
    else:
        graph = nx.read_graphml(folder / file, force_multigraph=True)
    nodes, edges = told_by_view(drawn)
    if not graph.is_multigraph():  # networkx reads GEXF without parallel edges as a simple graph
        assert len({(s, t) for s, t, _ in edges}) == len(edges)
    assert told_by_networkx(graph) == (nodes, edges)


@pytest.mark.parametrize("name", VIEWS)
def test_the_tables_hold_the_nodes_edges_and_attributes_of_the_view(name, files):
    drawn, folder = files[name]
    nodes, edges = told_by_view(drawn)
    types = {c.name: c.type for c in (*NODE_COLUMNS, *EDGE_COLUMNS)}
    parse = {"integer": int, "double": float, "string": str}

    def typed(row: dict[str, str]) -> Columns:
        return {k: parse[types[k]](v) for k, v in row.items() if k in types and v != ""}

    with (folder / "nodes.csv").open(encoding="utf-8", newline="") as file:
        assert {r["Id"]: {"label": r["Label"], **typed(r)} for r in csv.DictReader(file)} == nodes
    with (folder / "edges.csv").open(encoding="utf-8", newline="") as file:
        assert {
            (r["Source"], r["Target"], r["Kind"]): {
                "label": r["Label"],
                "weight": int(float(r["Weight"])),
                **typed(r),
            }
            for r in csv.DictReader(file)
        } == edges


def read_by_graphology(path: Path) -> dict[str, object]:
    if not shutil.which("node"):
        pytest.skip("node is not installed")
    if not (READER.parent / "node_modules" / "graphology-gexf").is_dir():
        pytest.skip("no npm packages: run npm install in tests/node")
    done = subprocess.run(
        ["node", READER, path], capture_output=True, encoding="utf-8", check=False
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.node
@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("file", ["graph.gexf", "graph.graphml", "graph.json"])
def test_graphology_reads_the_nodes_edges_and_attributes_of_the_view(name, file, files):
    drawn, folder = files[name]
    graph = read_by_graphology(folder / file)
    nodes, edges = told_by_view(drawn)
    assert graph["options"]["type"] == ("directed" if drawn.head.directed else "undirected")
    assert {
        n["key"]: {k: unbroken(v) for k, v in n["attributes"].items() if k in NODE_NAMES}
        for n in graph["nodes"]
    } == nodes
    assert {
        (e["source"], e["target"], e["attributes"]["relation"]): {
            k: v for k, v in e["attributes"].items() if k in EDGE_NAMES
        }
        for e in graph["edges"]
    } == edges
    placed = {n["key"]: (n["attributes"]["x"], n["attributes"]["y"]) for n in graph["nodes"]}
    assert placed == {n.id: (n.x, n.y) for n in drawn.nodes}


@pytest.mark.parametrize("name", VIEWS)
def test_gexf_keeps_the_rules_that_gephi_needs(name, files):
    drawn, folder = files[name]
    root = etree.parse(folder / "graph.gexf").getroot()
    assert (root.tag, root.get("version"), len(root.attrib)) == (f"{GEXF}gexf", "1.3", 1)
    meta, graph = root
    assert meta.get("lastmodifieddate") == drawn.head.modified
    assert not meta.findtext(f"{GEXF}description").isascii()
    order = [child.tag for child in graph]
    assert order[-2:] == [f"{GEXF}nodes", f"{GEXF}edges"]
    assert set(order[:-2]) <= {f"{GEXF}attributes"}
    for column in graph.iter(f"{GEXF}attribute"):
        assert column.get("id") == column.get("title") == column.get("title").lower()
        assert column.get("type") in ("string", "integer", "double")
    for node in graph.iter(f"{GEXF}node"):
        assert [child.tag for child in node] == [
            f"{GEXF}attvalues",
            f"{VIZ}color",
            f"{VIZ}position",
            f"{VIZ}size",
        ]
        assert re.fullmatch(r"[!-~]+", node.get("id"))
        assert 4 <= float(node.find(f"{VIZ}size").get("value")) <= 40
    for edge in graph.iter(f"{GEXF}edge"):
        assert float(edge.get("weight")) > 0
        assert edge.get("type") is None
        assert edge.get("kind")
    assert not {"pid", "thickness", "shape"} & {
        etree.QName(e).localname for e in root.iter() if isinstance(e.tag, str)
    }
    assert all("INF" not in value.get("value") for value in root.iter(f"{GEXF}attvalue"))
    assert all(value.get("value") for value in root.iter(f"{GEXF}attvalue"))


def test_infliximab_keeps_its_letters_with_a_space_of_no_width():
    text_of_file = "".join(_gexf_of(view(synthetic(3), "full")))
    assert "I\u200bNFLIXIMAB" in text_of_file
    assert "INFLIXIMAB" not in "".join(re.findall(r'value="([^"]*)"', text_of_file))


def _gexf_of(drawn: View) -> Iterator[str]:
    return gexf(drawn.head, drawn.nodes, drawn.edges)


def test_graphml_has_the_names_that_gephi_and_cytoscape_map(files):
    _, folder = files["full"]
    root = etree.parse(folder / "graph.graphml").getroot()
    keys = {k.get("id"): k for k in root.iter(f"{ML}key")}
    assert len(keys) == len(list(root.iter(f"{ML}key")))
    names = {(k.get("for"), k.get("attr.name")) for k in keys.values()}
    assert {("node", n) for n in ("label", "x", "y", "size", "r", "g", "b")} <= names
    assert {("edge", n) for n in ("weight", "interaction", "label")} <= names
    assert {k.get("attr.type") for k in keys.values()} <= {"boolean", "int", "double", "string"}
    edges = list(root.iter(f"{ML}edge"))
    assert len({e.get("id") for e in edges}) == len(edges)
    for edge in edges:
        (relation,) = (d.text for d in edge if d.get("key") == "e_interaction")
        assert edge.get("label") == relation


def test_yed_gets_boxes_with_labels_and_lines(tmp_path):
    path = tmp_path / "a.graphml"
    given_source = GraphSource(store=example(), flavour="yed")
    next(f for f in FORMATS if f.name == "graphml").write(given_source, path)
    root = etree.parse(path).getroot()
    yed = "{http://www.yworks.com/xml/graphml}"
    labels = [e.text for e in root.iter(f"{yed}NodeLabel")]
    assert labels == [n.label for n in given_source.drawing.nodes]
    assert len(list(root.iter(f"{yed}PolyLineEdge"))) == len(given_source.drawing.edges)
    assert (
        told_by_networkx(nx.read_graphml(path, force_multigraph=True))[1]
        == told_by_view(given_source.drawing)[1]
    )


HOSTILE = ["<b>&\"'", "a\x01b\x1bc\ufffe", "line\nbreak\r\ttab", " ", "=1+1", "INF-γ", "]]>", "--"]


@pytest.mark.parametrize("title", HOSTILE, ids=ascii)
def test_hostile_titles_leave_every_file_readable(title, tmp_path):
    store = example()
    for quad in list(store.quads_for_pattern(iri(TRIAL), iri("tkg:publicTitle"), None, None)):
        store.remove(quad)
    for language in ("zh", "en"):
        store.add(
            Quad(
                iri(TRIAL),
                iri("tkg:publicTitle"),
                text("示" + title, language),
                NamedNode(DERIVED),
            )
        )
    given_source = GraphSource(store=store)
    nodes, edges = told_by_view(given_source.drawing)
    for form in FORMATS:
        if form.takes_view:
            form.write(given_source, tmp_path / f"graph{form.suffix}")
    read = nx.read_gexf(tmp_path / "graph.gexf")
    assert told_by_networkx(read) == (nodes, edges)
    assert told_by_networkx(nx.read_graphml(tmp_path / "graph.graphml")) == (nodes, edges)
    told = nodes["trial:chictr-ChiCTR2699990001"]["title"]
    assert str(told).startswith("示")
    assert not any(ord(c) < 32 for c in str(told))


def test_no_cell_runs_as_a_formula_with_or_without_excel(tmp_path):
    store = example()
    for quad in list(store.quads_for_pattern(iri(HOSPITAL), iri("rdfs:label"), None, None)):
        store.remove(quad)
    say(store, IDENTITY, HOSPITAL, "rdfs:label", text("=HYPERLINK(1)", "zh"), text("@SUM(1)", "en"))
    for excel in (False, True):
        CSV.write(GraphSource(store=store, excel=excel), tmp_path)
        raw = (tmp_path / "nodes.csv").read_text(encoding="utf-8")
        assert raw.startswith("\ufeff") == excel
        rows = list(csv.DictReader(raw.removeprefix("\ufeff").splitlines()))
        (hospital,) = (r for r in rows if r["node_type"] == "hospital")
        assert hospital["Label"] == "\u200b=HYPERLINK(1)"
        assert hospital["title_en"] == "\u200b@SUM(1)"
        for row in rows:
            for name, cell in row.items():
                if name not in ("x", "y"):  # numbers of ours, which may be negative
                    assert not cell.startswith(tuple("=+-@")), (name, cell)


def test_edges_for_excel_name_both_ends(tmp_path):
    for excel in (False, True):
        CSV.write(GraphSource(store=example(), excel=excel), tmp_path)
        table = (tmp_path / "edges.csv").read_text(encoding="utf-8-sig")
        site = next(r for r in csv.DictReader(table.splitlines()) if r["Kind"] == "site")
        named = {k: v for k, v in site.items() if k.endswith("_title")}
        assert named == (
            {"source_title": "示例药物治疗慢性示例病", "target_title": "示例大学附属第一医院"}
            if excel
            else {}
        )
        assert site["Source"] == "trial:chictr-ChiCTR2699990001"
        assert problems(tmp_path / "edges.csv") == []


def test_the_first_rows_of_a_table_show_the_type_of_each_column(files):
    for name in ("nodes.csv", "edges.csv"):
        with (files["full"][1] / name).open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        assert len(rows) > 100
        for column in rows[0]:
            known = [r[column] for r in rows if r[column]]
            leading = [r[column] for r in rows[:25] if r[column]]
            assert bool(leading) == bool(known), column
            if any("." in cell and cell.replace(".", "").isdigit() for cell in known):
                assert any("." in cell for cell in leading), column


def test_a_csv_path_gives_two_tables_beside_each_other(tmp_path):
    CSV.write(GraphSource(store=example()), tmp_path / "trials.csv")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["trials-edges.csv", "trials-nodes.csv"]


@pytest.mark.parametrize("name", VIEWS)
def test_networkx_attributes_are_plain_and_named_safely(name, files):
    graph = multidigraph(files[name][0])
    for _, data in graph.nodes(data=True):
        assert not HIJACKED_ON_NODES & data.keys()
        assert {type(v) for v in data.values()} <= {str, int, float}
    for _, _, data in graph.edges(data=True):
        assert not HIJACKED_ON_EDGES & data.keys()
        assert {type(v) for v in data.values()} <= {str, int, float}
    json.dumps(nx.node_link_data(graph, edges="edges"))


def test_every_column_has_one_type_throughout(files):
    graph = multidigraph(files["full"][0])
    types: dict[str, set[type]] = {}
    for _, data in graph.nodes(data=True):
        for name, value in data.items():
            types.setdefault(name, set()).add(type(value))
    assert {name: found for name, found in types.items() if len(found) > 1} == {}


def test_compressed_files_hold_the_same_and_are_the_same_every_time(tmp_path):
    given_source = GraphSource(store=example())
    form = next(f for f in FORMATS if f.name == "gexf")
    for name in ("a.gexf.gz", "b.gexf.gz", "c.gexf"):
        form.write(given_source, tmp_path / name)
    packed = (tmp_path / "a.gexf.gz").read_bytes()
    assert packed == (tmp_path / "b.gexf.gz").read_bytes()
    assert gzip.decompress(packed) == (tmp_path / "c.gexf").read_bytes()


HEAD = Head(
    description="示例",
    directed=True,
    modified=None,
    node_columns=(NODE_COLUMNS[0],),
    edge_columns=EDGE_COLUMNS[:2],
)


def _nodes(count: int) -> Iterator[Node]:
    for n in range(count):
        yield Node(
            id=f"trial:{n}",
            node_type="trial",
            label="示例",
            columns={"node_type": "trial"},
            x=0.0,
            y=0.0,
            size=4.0,
        )


def _edges(count: int) -> Iterator[Edge]:
    return (Edge(f"trial:{n}", f"trial:{n + 1}", "site", 1) for n in range(count))


@pytest.mark.parametrize("write", [gexf, *later(graphml)])
def test_writers_hold_no_document(write):
    tracemalloc.start()
    length = sum(map(len, write(HEAD, _nodes(20_000), _edges(19_999))))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert length > 5_000_000
    assert most < 500_000


@settings(max_examples=100, deadline=None)
@given(st.text(st.characters(), max_size=20), st.text(st.characters(), min_size=1, max_size=20))
def test_any_text_comes_back_from_gexf_and_graphml_as_far_as_xml_allows(label, title):
    (node,) = _nodes(1)
    one = Node(
        id=node.id,
        node_type="trial",
        label=label,
        columns={"node_type": title},
        x=0.0,
        y=0.0,
        size=4.0,
    )
    root = etree.fromstring("".join(gexf(HEAD, [one], [])).encode())
    (value,) = (v.get("value") for v in root.iter(f"{GEXF}attvalue"))
    wanted = re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "", title)
    wanted = re.sub(r"[\t\n\r]", " ", wanted.replace("\r\n", "\n"))
    assert value.replace("\u200b", "") == wanted.replace("\u200b", "")
    root = etree.fromstring("".join(graphml(HEAD, [one], [])).encode())
    (value,) = (d.text for d in root.iter(f"{ML}data") if d.get("key") == "n_node_type")
    assert re.sub(r"[\t\n\r]", " ", value or "") == wanted


def test_the_modification_date_is_the_last_refresh_and_absent_if_unknown():
    assert 'lastmodifieddate="2026-02-10"' in "".join(_gexf_of(view(example(), "full")))
    store = example()
    for quad in list(store.quads_for_pattern(None, iri("tkg:lastRefreshed"), None, None)):
        store.remove(quad)
    assert "lastmodifieddate" not in "".join(_gexf_of(view(store, "full")))


def test_a_number_of_a_record_in_a_title_is_no_number():
    store = example()
    for quad in list(store.quads_for_pattern(iri(TRIAL), iri("tkg:publicTitle"), None, None)):
        store.remove(quad)
    store.add(
        Quad(iri(TRIAL), iri("tkg:publicTitle"), Literal("2025", language="zh"), NamedNode(DERIVED))
    )
    assert told_by_view(view(store, "full"))[0]["trial:chictr-ChiCTR2699990001"]["title"] == "2025"

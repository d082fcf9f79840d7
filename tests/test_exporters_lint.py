"""The lint passes what we write and names what is wrong with what others write."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest
from exporters_samples import example, synthetic

from kg.errors import ToolError
from kg.exporters import GraphSource
from kg.exporters.formats import CSV, FORMATS
from kg.exporters.lint import CHECKS, problems
from kg.exporters.views import VIEWS


@pytest.mark.parametrize("name", VIEWS)
@pytest.mark.parametrize("make", [example, lambda: synthetic(40)], ids=["example", "synthetic"])
def test_our_own_files_are_clean(name, make, tmp_path):
    source = GraphSource(store=make(), view=name)
    written = []
    for form in FORMATS:
        if form.suffix in CHECKS:
            written.append(tmp_path / f"graph{form.suffix}")
            form.write(source, written[-1])
    CSV.write(source, tmp_path)
    for path in (*written, tmp_path / "nodes.csv", tmp_path / "edges.csv"):
        assert problems(path) == [], path.name


GEXF = """<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="http://gexf.net/1.3" xmlns:viz="http://gexf.net/1.3/viz" version="1.3">
  <graph mode="static" defaultedgetype="directed">
    <attributes class="node"><attribute id="kind" title="kind" type="string"/></attributes>
    <attributes class="edge"><attribute id="n" title="n" type="integer"/></attributes>
    <nodes>
      <node id="a" label="A"><attvalues><attvalue for="kind" value="x"/></attvalues></node>
      <node id="b" label="B"/>
    </nodes>
    <edges>
      <edge id="e1" source="a" target="b" kind="k" weight="1"/>
    </edges>
  </graph>
</gexf>
"""


def lint(tmp_path: Path, name: str, text: str) -> list[str]:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8", newline="")
    return problems(path)


def test_the_smallest_good_gexf_is_clean(tmp_path):
    assert lint(tmp_path, "a.gexf", GEXF) == []


ATTRIBUTE = '<attribute id="kind" title="kind" type="string"/>'


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('target="b"', 'target="c"', "edge to something that is no node: line 11, 'c'"),
        ('target="b"', 'target=""', "edge without source or target: line 11"),
        ('weight="1"', 'weight="0"', "weight that is not greater than 0, with which Gephi drops"),
        ('weight="1"', 'weight="-1"', "weight that is not greater than 0"),
        ('weight="1"', 'weight="heavy"', "weight that is not greater than 0"),
        ('weight="1"', 'weight="NaN"', "weight that is not greater than 0"),
        ('kind="k"', 'kind="k" type="undirected"', "edge of type 'undirected', not that of the"),
        ('"directed"', '"mutual"', "direction 'mutual', which Gephi does not know"),
        ('<node id="b"', '<node id="a"', "two nodes with one id: line 8, 'a'"),
        ('<node id="b"', '<node id="b c"', "blank in the id of a node"),
        ('<node id="b"', "<node", "node without id"),
        (' label="B"', "", "node without label: line 8, 'b'"),
        ('label="B"', 'label="B" pid="a"', "pid, which Gephi no longer reads"),
        ('type="string"', 'type="anyURI"', "column of type 'anyURI', which Gephi or Tulip drops"),
        ('type="string"', 'type="liststring"', "column of type 'liststring'"),
        ('type="integer"', 'type="long"', "column of type 'long'"),
        ('title="kind"', 'title="Kind"', "column whose id is not its title"),
        (ATTRIBUTE, ATTRIBUTE + ATTRIBUTE.replace('"kind"', '"Kind"'), "two columns that Gephi"),
        ('id="kind" title="kind"', 'id="0" title="type"', 'node column "type", which sigma'),
        ('for="kind"', 'for="other"', "value of a column that is not declared"),
        ('value="x"', 'value=""', "empty value: leave it out"),
        ('value="x"', 'value="None"', "a word for nothing, read as data"),
        ('value="x"', 'value="INFLIXIMAB"', '"INF" in a value, which Gephi turns into "Infinity"'),
        ('type="string"', 'type="integer"', "value that is no integer: line 7, kind = 'x'"),
        ('value="x"', 'value="x\x01"', "control character, which ends Gephi's import: line 7"),
        ('value="x"', 'value="&#27;"', "control character, which ends Gephi's import: line 7"),
        ('label="B"/>', 'label="B"><nodes/></node>', "nodes inside a node, which Gephi refuses"),
        ('label="B"/>', 'label="B"><viz:shape value="disc"/></node>', "viz:shape, which Gephi"),
        ('label="B"/>', 'label="B"><viz:size value="big"/></node>', "viz:size without numbers"),
        ("</graph>", "", "not XML, line 14: mismatched tag"),
        ('encoding="UTF-8"', "", 'no encoding="UTF-8" in the XML declaration'),
        ('xmlns="http://gexf.net/1.3"', 'xmlns="http://e.org"', "not a namespace of GEXF"),
        ('version="1.3"', 'version="1.3" schemaLocation="x"', "xsi:schemaLocation"),
        (
            "<attvalues>",
            '<viz:size value="1"/><attvalues>',
            "attvalues after viz, which the schema forbids",
        ),
        (
            "</edges>",
            '<edge id="e2" source="a" target="b" kind="k"/></edges>',
            "second edge of one kind between two nodes, which Gephi merges: line 12, a -> b",
        ),
        (
            "</edges>",
            '<edge id="e1" source="b" target="a" kind="k"/></edges>',
            "two edges with one id: line 12, 'e1'",
        ),
        (
            "</nodes>",
            '</nodes><attributes class="node"/>',
            "columns declared after nodes",
        ),
        (
            "<gexf ",
            '<!DOCTYPE g [<!ENTITY a "aaaa">]><gexf ',
            "declares entities, which no graph file needs: not read further",
        ),
    ],
)
def test_a_broken_gexf_is_told_what_is_wrong(old, new, problem, tmp_path):
    assert old in GEXF
    found = lint(tmp_path, "a.gexf", GEXF.replace(old, new, 1))
    assert any(line.startswith(problem) for line in found), found


def test_edges_of_other_kinds_or_the_other_way_are_no_repetition(tmp_path):
    more = '<edge id="e2" source="b" target="a" kind="k"/><edge source="a" target="b" kind="l"/>'
    assert lint(tmp_path, "a.gexf", GEXF.replace("</edges>", more + "</edges>")) == []


def test_the_other_way_is_a_repetition_where_edges_have_no_direction(tmp_path):
    text = GEXF.replace('"directed"', '"undirected"')
    more = '<edge id="e2" source="b" target="a" kind="k"/></edges>'
    (line,) = lint(tmp_path, "a.gexf", text.replace("</edges>", more))
    assert line.startswith("second edge of one kind")


def test_one_sort_of_problem_is_one_line_with_a_count(tmp_path):
    more = "".join(f'<edge source="a" target="x{n}"/>' for n in range(5))
    (line,) = lint(tmp_path, "a.gexf", GEXF.replace("</edges>", more + "</edges>"))
    assert line == "edge to something that is no node: line 12, 'x0' (and 4 more)"


GRAPHML = """<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="n_year" for="node" attr.name="year" attr.type="int"/>
  <key id="e_weight" for="edge" attr.name="weight" attr.type="double"/>
  <graph id="G" edgedefault="directed">
    <node id="a"><data key="n_year">2025</data></node>
    <node id="b"/>
    <edge id="e1" source="a" target="b" label="k"><data key="e_weight">1.0</data></edge>
  </graph>
</graphml>
"""


def test_the_smallest_good_graphml_is_clean(tmp_path):
    assert lint(tmp_path, "a.graphml", GRAPHML) == []


EDGE = '<edge id="e1" source="a" target="b" label="k"/>'


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ('target="b"', 'target="c"', "edge to something that is no node: line 8, 'c'"),
        (">1.0<", ">0<", "weight that is not greater than 0"),
        (">1.0<", ">x<", "value that is no double: line 8, e_weight = 'x'"),
        (">2025<", ">2025.5<", "value that is no int: line 6, n_year = '2025.5'"),
        (">2025<", ">None<", "value that is no int"),
        ('for="node"', 'for="graph"', "key that is not for node or edge, which Gephi refuses"),
        ('for="node" ', "", "key that is not for node or edge"),
        ('attr.type="int"', 'attr.type="long"', "key of type 'long', which some tool drops"),
        (' attr.type="int"', "", "key of type '', which some tool drops"),
        (' attr.name="year"', "", "key without attr.name"),
        ('id="e_weight"', 'id="n_year"', "two keys with one id: line 4, 'n_year'"),
        ('key="n_year"', 'key="other"', "value of a key that is not declared"),
        ('key="n_year"', 'key="e_weight"', "value for the wrong sort: edge column, node element"),
        ('<node id="b"/>', '<node id="a"/>', "two nodes with one id"),
        ('label="k"', 'label="k" directed="false"', "edge with a direction of its own"),
        ('edgedefault="directed"', "", "edgedefault is '', not directed or undirected"),
        ("</graph>", EDGE + "</graph>", "two edges with one id: line 9, 'e1'"),
        ("</graph>", EDGE + "</graph>", "second edge of one kind between two nodes"),
        ("</graph>", "<hyperedge/></graph>", "hyperedge, which most readers refuse"),
        ('xmlns="http://graphml', 'xmlns="http://other', "not the namespace of GraphML"),
        (">2025<", ">&#x1;<", "control character"),
        ("</graphml>", "", "not XML, line 11: no element found"),
        ('<node id="b"/>', '<node id="b"><graph/></node>', "graph inside a node"),
    ],
)
def test_a_broken_graphml_is_told_what_is_wrong(old, new, problem, tmp_path):
    assert old in GRAPHML
    found = lint(tmp_path, "a.graphml", GRAPHML.replace(old, new, 1))
    assert any(line.startswith(problem) for line in found), found


NODES = "Id,Label,year\na,A,2025\nb,B,\n"
EDGES = "Source,Target,Type,Kind,Weight\na,b,Directed,k,1.0\n"


def test_small_good_tables_are_clean(tmp_path):
    assert lint(tmp_path, "nodes.csv", NODES) == []
    assert lint(tmp_path, "edges.csv", EDGES) == []
    assert lint(tmp_path, "excel.csv", "\ufeff" + NODES.replace(",", ";")) == []


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("nodes.csv", NODES + "a,C,\n", "two nodes with one id: line 4, 'a'"),
        ("nodes.csv", NODES + ",C,\n", "node without id: line 4"),
        ("nodes.csv", NODES + "c,C\n", "row with more or fewer cells than the header: line 4"),
        ("nodes.csv", NODES + "c,=1+1,\n", "text that Excel runs as a formula: line 4, label"),
        ("nodes.csv", NODES + "c,@x,\n", "text that Excel runs as a formula"),
        ("nodes.csv", NODES + "c,None,\n", "a word for nothing, read as data"),
        ("nodes.csv", NODES + "c,a\x1bb,\n", "control character: line 4"),
        ("nodes.csv", "Id,id,x\na,a,\n", "two columns that Gephi takes for one: 'id'"),
        ("other.csv", "Name,Age\nx,1\n", "neither a column Id nor columns Source and Target"),
        ("empty.csv", "", "no header"),
        ("edges.csv", EDGES + "a,c,Directed,k,1.0\n", "edge to something that is no node: line 3"),
        ("edges.csv", EDGES + "b,a,site,k,1.0\n", "a Type that is no direction: put the relation"),
        ("edges.csv", EDGES + "b,a,Undirected,l,1.0\n", "directed and undirected edges in one"),
        ("edges.csv", EDGES + "b,a,Directed,k,0\n", "weight that is not greater than 0"),
        ("edges.csv", EDGES + "a,b,Directed,k,1.0\n", "second edge of one kind between two nodes"),
        ("edges.csv", EDGES + "a,,Directed,k,1.0\n", "edge without source or target: line 3"),
        (
            "nodes.csv",
            "Id,share\n" + "".join(f"n{n},{n}\n" for n in range(25)) + "z,0.5\n",
            "value that does not fit the first 25 rows, from which Gephi guesses the type of a "
            "column: line 27, share = '0.5'",
        ),
        (
            "nodes.csv",
            "Id,year\n" + "".join(f"n{n},\n" for n in range(25)) + "z,2025\n",
            "value that does not fit the first 25 rows",
        ),
    ],
)
def test_a_broken_table_is_told_what_is_wrong(name, text, problem, tmp_path):
    (tmp_path / "nodes.csv").write_text(NODES, encoding="utf-8")
    found = lint(tmp_path, name, text)
    assert any(line.startswith(problem) for line in found), found


def test_a_table_in_another_encoding_is_told_so(tmp_path):
    path = tmp_path / "nodes.csv"
    path.write_bytes("Id,Label\na,示例\n".encode("gb18030"))
    assert problems(path) == ["not UTF-8: invalid start byte"]


def test_compressed_files_are_read_too(tmp_path):
    path = tmp_path / "a.gexf.gz"
    path.write_bytes(gzip.compress(GEXF.replace('target="b"', 'target="c"').encode()))
    assert problems(path) == ["edge to something that is no node: line 11, 'c'"]
    path.write_bytes(b"no gzip at all")
    with pytest.raises(ToolError, match="cannot be read"):
        problems(path)


def test_a_file_of_another_kind_or_none_is_an_error_of_the_call(tmp_path):
    with pytest.raises(ToolError, match=r"a.doc: no checks for '.doc'; known: .gexf, .graphml"):
        problems(tmp_path / "a.doc")
    with pytest.raises(ToolError, match="cannot be read: No such file or directory"):
        problems(tmp_path / "a.gexf")

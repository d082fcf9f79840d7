"""An output is asked where it lies: its graph never comes into memory, and gives what it gave."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import networkx as nx
import pytest
from conftest import AS_OF, called
from pyoxigraph import Literal, NamedNode, Quad, Store

import kg
from kg.check.report import TEXTS
from kg.exporters.lint import problems
from kg.namespaces import ID, IDENTITY, REFERENCE, expand
from kg.outputs.naming import entity_named


@pytest.fixture(scope="module")
def stored(built: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An output that has its store alone: nobody can read its statements anew."""
    folder = tmp_path_factory.mktemp("stored") / "out"
    shutil.copytree(built, folder)
    (folder / "graph.nq").unlink()
    return folder


@pytest.mark.parametrize(
    "name", ["graph.nq", "graph.trig", "graph.ttl", "graph.jsonld", "graph.gexf", "graph.graphml"]
)
def test_the_store_gives_the_files_of_its_build(stored, built, tmp_path, name):
    kg.open(stored).export(tmp_path / name)
    assert (tmp_path / name).read_bytes() == (built / name).read_bytes()


@pytest.mark.slow
def test_the_store_gives_the_report_of_its_build(stored, built):
    done = called("check", stored, "--as-of", AS_OF)
    assert done.returncode == 0, done.stderr
    for name in TEXTS:
        assert (stored / "report" / name).read_bytes() == (built / "report" / name).read_bytes()


def test_what_an_earlier_check_found_is_no_part_of_the_graph(stored):
    graph = kg.open(stored)
    assert any("graph/findings" in g.value for g in graph.store.named_graphs())
    assert graph.check(as_of=AS_OF) == graph.check(as_of=AS_OF, jobs=2)
    drawn = graph.networkx()
    assert not [name for name in drawn if "/finding/" in name]


def test_a_part_of_a_view_is_drawn_around_whatever_name_a_thing_has(built, tmp_path):
    number = "NCT09999901"
    graph = kg.open(built)
    trial = entity_named(graph.store, number)
    referred = NamedNode(expand("tkg:refersTo"))
    (record, *_) = graph.store.quads_for_pattern(None, referred, NamedNode(trial), None)
    names = (number, f"ctgov:{number}", trial, trial.removeprefix(ID), record.subject.value)
    files = []
    for n, name in enumerate(names):
        files.append(tmp_path / f"{n}.gexf")
        done = called("export", built, files[-1], "--around", name, "--depth", "2")
        assert f", up to 2 edges from {trial.removeprefix(ID)}: " in done.stderr
        assert problems(files[-1]) == []
    assert len({file.read_bytes() for file in files}) == 1
    drawn = nx.read_gexf(files[0])
    assert f"trial:{trial.rpartition('/')[2]}" in drawn
    assert 2 < len(drawn) < len(graph.networkx())
    assert set(graph.networkx(around=number, depth=2)) == set(drawn)


def test_an_export_says_how_many_nodes_stand_alone_in_the_view(built, tmp_path):
    """A sponsor that is no hospital is no part of this view: its trials may stand alone in it."""
    view = "trial-hospital-committee-investigator"
    graph = kg.open(built)
    (said, *_) = graph.export(tmp_path / "a.gexf", view=view)
    drawn = nx.read_gexf(tmp_path / "a.gexf")
    alone = Counter(drawn.nodes[n]["node_type"] for n in nx.isolates(drawn))
    assert set(alone) == {"trial", "committee"}
    words = [f"{n} {kind}{'s' * (n > 1)}" for kind, n in alone.most_common()]
    assert said.endswith(f" edges; without an edge: {', '.join(words)}")
    (said, *_) = graph.export(tmp_path / "b.gexf", view=view, around="ChiCTR2699990001")
    assert said.endswith(" edges")


def test_a_record_is_found_by_the_number_that_its_id_ends_with():
    """A portal prints 2016-999999-23 and says elsewhere that it is the record of one country."""
    store = Store()
    record, trial = f"{ID}record/ictrp/2016-999999-23-PT", f"{ID}trial/ictrp-2016-999999-23-PT"
    for subject, prop, value, graph in (
        (f"{ID}registry/ictrp", "rdf:type", NamedNode(expand("tkg:Registry")), REFERENCE),
        (record, "tkg:registrationNumber", Literal("2016-999999-23"), f"{record}/20260101"),
        (record, "tkg:refersTo", NamedNode(trial), IDENTITY),
    ):
        terms = NamedNode(subject), NamedNode(expand(prop)), value, NamedNode(graph)
        store.add(Quad(*terms))
    for name in ("2016-999999-23-PT", "2016-999999-23", "record/ictrp/2016-999999-23-PT"):
        assert entity_named(store, name) == trial
    for name in ("2016-999999-23-ES", "no number", "", "<>"):
        assert entity_named(store, name) is None

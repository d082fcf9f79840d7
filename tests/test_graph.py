"""An output is asked where it lies: its graph never comes into memory, and gives what it gave."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import AS_OF, called

import kg
from kg.check.report import TEXTS


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

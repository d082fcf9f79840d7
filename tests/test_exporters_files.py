"""Formats are found by name and ending; files appear whole or not at all."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from exporters_samples import example

from kg.errors import ToolError
from kg.exporters import GraphSource
from kg.exporters.formats import CSV, FORMATS, TABLES, format_named, format_of
from kg.exporters.source import replacing, write_text

ALL = (*FORMATS, *TABLES, CSV)


@pytest.mark.parametrize(
    ("file", "name"),
    [
        ("graph.nq", "nquads"),
        ("graph.trig", "trig"),
        ("graph.ttl", "turtle"),
        ("graph.nt", "ntriples"),
        ("graph.jsonld", "jsonld"),
        ("a.b.gexf", "gexf"),
        ("trials.gexf.gz", "gexf"),
        ("trials.graphml", "graphml"),
        ("trials.csv", "csv"),
        ("trials.json", "graphology"),
    ],
)
def test_the_ending_of_a_file_names_its_format(file, name):
    assert format_of(Path(file)).name == name


def test_nodes_and_edges_are_tables_of_their_own():
    assert [format_of(Path(f"{n}.csv")).file for n in ("nodes", "edges")] == ["nodes", "edges"]


def test_an_unknown_ending_names_the_known_ones():
    with pytest.raises(ToolError) as error:
        format_of(Path("trials.doc"))
    assert error.value.message == (
        "trials.doc: no exporter for '.doc'; known endings: "
        ".nq, .trig, .ttl, .nt, .jsonld, .gexf, .graphml, .json, .csv"
    )
    assert error.value.exit_code == 2


@pytest.mark.parametrize(
    ("file", "instead"),
    [("ours.xlsx", "write .csv with --excel"), ("net.PNG", "open a .gexf in Gephi")],
)
def test_an_ending_that_others_know_says_what_serves_instead(file, instead):
    with pytest.raises(ToolError) as error:
        format_of(Path(file))
    assert instead in error.value.message


def test_an_unknown_name_names_the_known_ones():
    assert format_named("trig").suffix == ".trig"
    with pytest.raises(ToolError, match="no format 'xml'; known formats: nquads, trig"):
        format_named("xml")


def test_names_and_endings_are_unique_and_described():
    assert len({f.name for f in FORMATS}) == len({f.suffix for f in FORMATS}) == len(FORMATS)
    assert all(f.description and f.keeps for f in ALL)


@pytest.mark.parametrize("form", ALL, ids=lambda f: f"{f.name}-{f.file}")
def test_each_format_writes_the_same_bytes_again(form, tmp_path):
    written = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        form.write(GraphSource(store=example()), tmp_path / name / f"graph{form.suffix}")
        written.append({p.name: p.read_bytes() for p in (tmp_path / name).iterdir()})
    assert written[0] == written[1]
    assert all(written[0].values())


@pytest.mark.parametrize("form", ALL, ids=lambda f: f"{f.name}-{f.file}")
def test_no_file_holds_a_contact_the_store_keeps_apart(form, tmp_path):
    """Without --contacts there are none in the store; formats with graph names keep them apart."""
    store = example()
    form.write(GraphSource(store=store), tmp_path / f"graph{form.suffix}")
    assert "vcard" not in "".join(p.read_text(encoding="utf-8") for p in tmp_path.iterdir())


def test_what_fails_leaves_the_old_file_and_nothing_else(tmp_path):
    path = tmp_path / "graph.ttl"
    path.write_text("old", encoding="utf-8")

    def parts():
        yield "new" * 100_000
        raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        write_text(parts(), path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_killed_export_leaves_the_old_file_whole(tmp_path):
    path = tmp_path / "graph.ttl"
    path.write_text("old", encoding="utf-8")
    script = (
        "import os, signal, sys\n"
        "from pathlib import Path\n"
        "from kg.exporters.source import replacing\n"
        "with replacing(Path(sys.argv[1])) as file:\n"
        "    file.write(b'new' * 1000000)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, path], cwd=Path(__file__).parent.parent, check=False
    )
    assert done.returncode != 0
    assert path.read_text(encoding="utf-8") == "old"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
def test_a_full_disk_is_one_line_and_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "graph.ttl"
    path.write_text("old", encoding="utf-8")

    def full(*_: object, **__: object) -> tuple[int, str]:
        name = str(tmp_path / ".part")
        Path(name).touch()
        return os.open("/dev/full", os.O_WRONLY), name

    monkeypatch.setattr("kg.exporters.source.tempfile.mkstemp", full)
    with pytest.raises(ToolError, match="cannot be written: No space left on device"):
        write_text(["new"], path)
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_folder_that_is_not_there_is_one_line(tmp_path):
    path = tmp_path / "none" / "graph.ttl"
    with pytest.raises(ToolError) as error:
        write_text(["x"], path)
    assert error.value.message == f"{path}: cannot be written: No such file or directory"


@pytest.mark.skipif(os.name == "nt", reason="modes are those of POSIX")
def test_a_file_has_the_mode_that_the_umask_gives(tmp_path):
    before = os.umask(0o027)
    try:
        write_text(["x"], tmp_path / "graph.ttl")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "graph.ttl").stat().st_mode) == 0o640


def test_a_file_is_there_only_when_it_is_complete(tmp_path):
    path = tmp_path / "graph.ttl"
    with replacing(path) as file:
        file.write(b"x")
        assert not path.exists()
    assert path.read_bytes() == b"x"

"""Inputs and outputs elsewhere: the same graph, and never half of one."""

from __future__ import annotations

import json
import os
import re
import shutil
import sys
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from click.testing import CliRunner, Result

import kg
from benchmarks import corpus
from kg import pipeline
from kg.building import upload
from kg.cli import main
from kg.errors import ToolError
from kg.issues import Issue
from kg.resources import samples
from kg.sources import remote
from kg.sources.cutting import File
from kg.sources.remote import Remote, fetched, place

fsspec = pytest.importorskip("fsspec", reason="fsspec is not installed")

AS_OF = ("--as-of", "2026-11-22", "--formats", "nq", "--fail-on", "never")


class Place(NamedTuple):
    """Where a test puts things: a URL, and what reaches it beside kg."""

    url: str
    store: fsspec.AbstractFileSystem

    def put(self, folder: Path, name: str) -> str:
        """Upload a folder; its URL."""
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                self.write(f"{name}/{path.relative_to(folder).as_posix()}", path.read_bytes())
        return f"{self.url}/{name}"

    def write(self, name: str, data: bytes) -> None:
        path = self.path(name)
        self.store.makedirs(path.rpartition("/")[0], exist_ok=True)
        self.store.pipe_file(path, data)

    def path(self, name: str) -> str:
        return self.store._strip_protocol(f"{self.url}/{name}")

    def files(self, name: str) -> dict[str, bytes]:
        """All below a name."""
        self.store.invalidate_cache()
        root = self.path(name)
        try:
            found = self.store.find(root)
        except FileNotFoundError:
            return {}
        return {path[len(root) + 1 :]: self.store.cat_file(path) for path in found}

    def shown(self, name: str) -> dict[str, bytes]:
        """The output that a reader sees there."""
        files = self.files(name)
        folder = json.loads(files["manifest.json"])["folder"] + "/"
        return {n[len(folder) :]: data for n, data in files.items() if n.startswith(folder)}


@pytest.fixture(params=["memory", "s3"])
def elsewhere(request, tmp_path, monkeypatch) -> Iterator[Place]:
    """A store in this process; and an S3-like one behind a server, where moto and s3fs are there.

    pip install 's3fs' 'moto[server]'
    """
    monkeypatch.chdir(tmp_path)
    if request.param == "memory":
        yield Place(f"memory://{tmp_path.name}", fsspec.filesystem("memory"))
        fsspec.filesystem("memory").store.clear()
        return
    pytest.importorskip("s3fs", reason="s3fs is not installed")
    server = pytest.importorskip("moto.server", reason="moto is not installed")
    running = server.ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    running.start()
    host, port = running.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "invented")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "invented-secret")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    store = fsspec.filesystem("s3", skip_instance_cache=True)
    fsspec.filesystem("s3").clear_instance_cache()
    bucket = re.sub("[^a-z0-9]+", "-", tmp_path.name.lower()).strip("-")
    store.mkdir(bucket)
    yield Place(f"s3://{bucket}/a", store)
    running.stop()


@pytest.fixture
def records(tmp_path) -> Path:
    """Samples of every kind, some studies, an archive and a file that is no record."""
    folder = tmp_path / "records"
    shutil.copytree(samples(), folder)
    corpus.write(folder / "deep", 6, per_file=3)
    corpus.write(tmp_path / "packed", 2, seed=2)
    shutil.make_archive(str(folder / "more"), "zip", tmp_path / "packed")
    shutil.rmtree(folder / "isrctn")
    (folder / "deep" / "notes").write_text("nothing of interest")
    (folder / ".hidden").write_text("left alone")
    return folder


def kg_build(*arguments: str | Path) -> Result:
    return CliRunner().invoke(main, ["build", *map(str, arguments), *AS_OF])


def one_line(result: Result) -> str:
    """What a refusal says: one line, and code 2."""
    assert isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code == 2, result.output
    (line,) = result.output.splitlines()
    return line


def same_as_run(files: dict[str, bytes]) -> dict[str, bytes]:
    """A build without what differs from run to run."""
    return {
        name: data
        for name, data in files.items()
        if name != "run.json" and not name.startswith("store/")
    }


def graph(out: str, url: str) -> list[str]:
    """The statements, with files called as they are where they lie beside."""
    text = Path(out, "graph.nq").read_text(encoding="utf-8")
    return sorted(re.sub(rf'"{re.escape(url)}/(?:[^"!]*/)?', '"', text).split("\n"))


def local(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.slow
def test_a_folder_elsewhere_gives_the_same_graph(elsewhere, records):
    url = elsewhere.put(records, "records")
    assert kg_build(records, "-o", "near").exit_code == 0
    far = kg_build(url, "-o", "far")
    assert far.exit_code == 0, far.output
    assert graph("far", url) == graph("near", url)
    named = [line.split("\t")[0] for line in Path("far/files.tsv").read_text().splitlines()[1:]]
    beside = [line.split("\t")[0] for line in Path("near/files.tsv").read_text().splitlines()[1:]]
    assert len(named) == len(beside)
    assert all(name.startswith(f"{url}/") for name in named)
    assert f"{url}/deep/notes" in named
    assert any(name.startswith(f"{url}/more.zip!") for name in named)
    assert not any(".hidden" in name for name in named)
    assert sorted(p.name for p in Path("far").iterdir()) == sorted(
        p.name for p in Path("near").iterdir()
    )  # nothing fetched is left


@pytest.mark.slow
def test_a_file_elsewhere_and_processes_that_share_it(elsewhere, tmp_path, monkeypatch):
    (file,) = corpus.write(tmp_path / "one", 30, per_file=30)
    url = elsewhere.put(tmp_path / "one", "one")
    monkeypatch.setattr("kg.sources.cutting.SMALL", 20_000)
    monkeypatch.setattr("kg.reading.intake.WORTH_IT", 0)
    assert kg_build(f"{url}/{file.name}", "-o", "far", "--jobs", "2").exit_code == 0
    assert kg_build(file, "-o", "near", "--jobs", "1").exit_code == 0
    assert graph("far", url) == graph("near", url)
    assert Path("far/lines.tsv").read_text().split("\t")[0]
    assert f"{url}/{file.name}\tbuilt\t30" in Path("far/files.tsv").read_text()


@pytest.mark.slow
def test_an_output_elsewhere_is_that_of_a_folder(elsewhere, records):
    url = f"{elsewhere.url}/out"
    made = kg_build(records, "-o", url)
    assert made.exit_code == 0, made.output
    assert made.output.splitlines()[-1] == f"wrote {url}"
    assert kg_build(records, "-o", "near", "--no-cache").exit_code == 0
    assert same_as_run(elsewhere.shown("out")) == same_as_run(local(Path("near")))
    assert any(name.startswith("store/") for name in elsewhere.shown("out"))
    tops = {name.split("/")[0] for name in elsewhere.files("out")}
    assert ".building" not in tops


@pytest.mark.slow
def test_who_has_begun_to_read_an_output_can_end(elsewhere, tmp_path):
    url = f"{elsewhere.url}/out"
    seen = []
    for n in (2, 3, 4):
        corpus.write(tmp_path / str(n), n)
        assert kg_build(tmp_path / str(n), "-o", url).exit_code == 0
        seen.append(json.loads(elsewhere.files("out")["manifest.json"])["folder"])
    assert len(set(seen)) == 3
    tops = {name.split("/")[0] for name in elsewhere.files("out")}
    assert tops == {"manifest.json", *seen[1:]}  # this one and the one before
    assert kg_build(tmp_path / "4", "-o", url).exit_code == 0  # the same again: the same name
    assert json.loads(elsewhere.files("out")["manifest.json"])["folder"] == seen[2]


@pytest.mark.slow
def test_an_upload_that_ends_on_the_way_shows_the_old_output(elsewhere, tmp_path, monkeypatch):
    url = f"{elsewhere.url}/out"
    corpus.write(tmp_path / "old", 2)
    corpus.write(tmp_path / "new", 3)
    assert kg_build(tmp_path / "old", "-o", url).exit_code == 0
    old = elsewhere.shown("out")

    class Breaking:
        """The store, whose line breaks at the fourth file."""

        def __init__(self, store: fsspec.AbstractFileSystem) -> None:
            self.store = store
            self.sent: list[str] = []

        def __getattr__(self, name: str) -> object:
            return getattr(self.store, name)

        def put_file(self, here: str, there: str) -> None:
            self.sent.append(there)
            if len(self.sent) == 4:
                raise ConnectionResetError("the line is dead")
            self.store.put_file(here, there)

    def breaking(to: Remote) -> tuple[Breaking, str]:
        store, root = remote.filesystem(to)
        return Breaking(store), root

    with monkeypatch.context() as broken:
        broken.setattr(upload, "filesystem", breaking)
        made = kg_build(tmp_path / "new", "-o", url, "-q")
        assert one_line(made) == f"Error: {url}: the line is dead"
    halves = {name.split("/")[0] for name in elsewhere.files("out")} - {"manifest.json"}
    assert len(halves) == 2
    assert elsewhere.shown("out") == old
    assert kg_build(tmp_path / "new", "-o", url).exit_code == 0  # and heals
    assert elsewhere.shown("out")["manifest.json"] != old["manifest.json"]
    folders = {name.split("/")[0] for name in elsewhere.files("out")} - {"manifest.json"}
    assert len(folders) == 2


def test_the_second_of_two_builds_refuses(elsewhere, tmp_path):
    url = f"{elsewhere.url}/out"
    corpus.write(tmp_path / "records", 2)
    with upload.uploading(Remote(url)) as here:
        said = one_line(kg_build(tmp_path / "records", "-o", url, "-q"))
        assert f"{url}: another kg is writing here (process {os.getpid()} of " in said
        pipeline.build([tmp_path / "records"], here, pipeline.Options(formats=(), check=False))
    assert elsewhere.shown("out")["graph.nq"]


def test_what_a_killed_build_holds_is_taken_with_force(elsewhere, tmp_path):
    url = f"{elsewhere.url}/out"
    corpus.write(tmp_path / "records", 2)
    elsewhere.write("out/.building", b"process 1 of elsewhere since yesterday 00000000")
    said = one_line(kg_build(tmp_path / "records", "-o", url, "-q"))
    assert "process 1 of elsewhere since yesterday); " in said
    assert "--force" in said
    assert kg_build(tmp_path / "records", "-o", url, "--force").exit_code == 0
    assert ".building" not in elsewhere.files("out")


def test_a_build_that_was_taken_over_shows_nothing(elsewhere, tmp_path):
    url = f"{elsewhere.url}/out"
    corpus.write(tmp_path / "records", 2)

    def overtaken() -> None:
        with upload.uploading(Remote(url)) as here:
            pipeline.build([tmp_path / "records"], here, pipeline.Options(formats=(), check=False))
            elsewhere.write("out/.building", b"another")

    with pytest.raises(ToolError, match="another build took over"):
        overtaken()
    assert "manifest.json" not in elsewhere.files("out")
    assert elsewhere.files("out")[".building"] == b"another"


def test_files_of_others_are_not_replaced(elsewhere, tmp_path):
    corpus.write(tmp_path / "records", 2)
    elsewhere.write("out/thesis.txt", b"years of work")
    said = one_line(kg_build(tmp_path / "records", "-o", f"{elsewhere.url}/out", "-q"))
    assert said.endswith("holds files that kg did not write; name another or --force")
    assert elsewhere.files("out") == {"thesis.txt": b"years of work"}


def test_a_build_that_fails_leaves_nothing(elsewhere, tmp_path):
    (tmp_path / "empty").write_text("no record")
    made = kg_build(tmp_path / "empty", "-o", f"{elsewhere.url}/out", "-q")
    assert made.exit_code == 1
    assert made.output.splitlines()[-1] == "Error: nothing was built: no record in 1 file"
    assert elsewhere.files("out") == {}
    said = one_line(kg_build(samples(), "-o", f"{elsewhere.url}/out", "--ror", "nowhere", "-q"))
    assert "nowhere" in said
    assert elsewhere.files("out") == {}


def test_what_is_not_there_is_one_line(elsewhere):
    url = f"{elsewhere.url}/nowhere"
    assert one_line(kg_build(url, "-o", "out", "-q")) == f"Error: {url}: no such file or folder"
    assert not Path("out").exists()


def test_a_file_that_cannot_be_fetched_is_an_issue(elsewhere, records, monkeypatch, tmp_path):
    url = elsewhere.put(records / "ctgov", "records")
    kind = type(elsewhere.store)
    opened = kind.open

    def refuses(self: object, path: str, *args: object, **named: object) -> object:
        if "xml" in path:
            raise PermissionError(13, f"not for you: {url}?key=secret")
        return opened(self, path, *args, **named)

    monkeypatch.setattr(kind, "open", refuses)
    found = fetched([Remote(url)], tmp_path / "here")
    issues = [one for one in found if isinstance(one, Issue)]
    assert issues
    assert {i.kind for i in issues} == {"unreadable"}
    assert all(i.file.startswith(url) and "not for you" in i.expected for i in issues)
    assert not any("secret" in i.expected for i in issues)
    files = [one for one in found if isinstance(one, File)]
    assert files
    assert all(one.path.is_file() for one in files)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("ftp://user:pass@host.example:21/a/b.json", "ftp://host.example:21/a/b.json"),
        ("https://host.example/a?token=secret#part", "https://host.example/a"),
        ("https://host.example?token=a/b@c", "https://host.example"),
        ("s3://bucket/a\tb\nc", "s3://bucket/a b c"),
        ("webhdfs://user:p@ss@host.example/a", "webhdfs://host.example/a"),
    ],
)
def test_what_is_shown_holds_no_secret(url, shown):
    assert Remote(url).shown == shown


@pytest.mark.slow
def test_a_url_of_this_machine_is_a_path(records, tmp_path):
    assert place(records.as_uri()) == records
    made = kg_build(records.as_uri(), "-o", (tmp_path / "out").as_uri())
    assert made.exit_code == 0, made.output
    assert "file://" not in (tmp_path / "out" / "files.tsv").read_text()
    assert str(tmp_path) not in (tmp_path / "out" / "files.tsv").read_text()
    said = one_line(kg_build("file://other/records", "-o", tmp_path / "out"))
    assert said == "Error: file://other/records: a file of another machine? write file:///path"


@pytest.mark.parametrize(
    "arguments", [("strange://host/a", "-o", "out"), (".", "-o", "strange://host/a")]
)
def test_a_kind_of_url_that_nobody_knows_is_one_line(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    said = one_line(kg_build(*arguments, "-q"))
    assert said.startswith("Error: strange://host/a: ")
    assert "strange" in said.split(": ", 2)[2]


def test_without_the_package_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "fsspec.core", None)
    said = one_line(kg_build("s3://bucket/a", "-o", tmp_path / "out", "-q"))
    assert said == "Error: s3://bucket/a: needs fsspec: pip install 'trialkg[cluster]'"


def test_nothing_is_fetched_from_the_web_unasked(tmp_path):
    asked: list[str] = []

    class Page(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            super().do_GET()

        do_HEAD = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    (page,) = corpus.write(tmp_path / "web", 2)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Page, directory=str(tmp_path / "web")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{server.server_port}/{page.name}?key=secret"
    try:
        said = one_line(kg_build(url, "-o", tmp_path / "out", "-q"))
        assert "--web" in said
        assert "secret" not in said
        assert not asked
        pytest.importorskip("aiohttp", reason="aiohttp is not installed")
        made = kg_build(url, "-o", tmp_path / "out", "--web")
        assert made.exit_code == 0, made.output
        assert asked
        files = (tmp_path / "out" / "files.tsv").read_text()
        assert f"{url.partition('?')[0]}\tbuilt\t2" in files
        assert "secret" not in files
    finally:
        server.shutdown()
        server.server_close()
    nobody = kg_build(url, "-o", tmp_path / "out", "--web", "-q")
    assert nobody.exit_code == 1
    assert "could not be fetched: Connect call failed" in nobody.output.splitlines()[0]
    said = one_line(kg_build(page, "-o", url, "-q"))
    assert "the web is no place to write to" in said


def test_in_python_inputs_may_be_elsewhere_and_outputs_not(elsewhere, records):
    url = elsewhere.put(records / "ctgov", "records")
    made = kg.build([url], "out", as_of="2026-11-22", formats=(), check=False)
    assert made.query("trial-leaders")
    with pytest.raises(ToolError, match="kg build -o URL"):
        kg.build([url], f"{elsewhere.url}/out")


def test_a_full_disk_here_is_no_fault_of_the_store(elsewhere, records, tmp_path, monkeypatch):
    url = elsewhere.put(records / "ctgov", "records")
    (tmp_path / "here").mkdir()
    monkeypatch.setattr(remote, "_BLOCK", 10)
    (tmp_path / "here" / "00000000").symlink_to("/dev/full")
    with pytest.raises(ToolError, match=r"No space left on device; files are fetched there"):
        fetched([Remote(url)], tmp_path / "here")

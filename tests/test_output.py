"""The folder of a build: locked, whole at every moment, healed after every kill."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pyoxigraph
import pytest
from conftest import AS_OF, ROOT, SAMPLES, bound, called, files_up_to, later, run_kg

import kg
from kg.building import output
from kg.errors import ToolError
from kg.running.locks import locked

CLEAN = SAMPLES / "chictr" / "clean-single-centre-web-cn.txt"
OTHER = SAMPLES / "chictr" / "hostile-text-web-cn.txt"


def filled(out: Path, word: str) -> None:
    """A small output, whole when all its files hold the same word."""
    with output.replacing(out) as folder:
        (folder / "graph.nq").write_text(word)
        (folder / "report").mkdir()
        (folder / "report" / "index.html").write_text(word)
        output.write_json(word, folder / output.MANIFEST)


def word_of(out: Path) -> str:
    """The word of a whole output."""
    files = sorted(str(f.relative_to(out)) for f in out.rglob("*") if f.is_file())
    assert files == ["graph.nq", "manifest.json", "report/index.html"]
    (word,) = {(out / name).read_text().strip().strip('"') for name in files}
    return word


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def child(code: str, *arguments: object) -> subprocess.Popen[str]:
    """A Python process that runs this code."""
    return subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(code), *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "tests")])},
    )


HOLDS = """
    import sys
    from pathlib import Path
    from kg.building import output
    with output.replacing(Path(sys.argv[1])) as folder:
        (folder / "half").write_text("half")
        print("holds", flush=True)
        sys.stdin.read()
"""


def holding(out: Path) -> subprocess.Popen[str]:
    """A process that builds into ``out`` until it is killed."""
    process = child(HOLDS, out)
    assert process.stdout is not None
    assert process.stdout.readline() == "holds\n"
    return process


def killed(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


# -- two at once ------------------------------------------------------------------------------


def test_a_second_build_is_refused_before_it_reads_and_says_by_whom_and_since_when(tmp_path):
    out = tmp_path / "not" / "yet" / "graph"
    first = holding(out)
    try:
        # A pipe that nobody writes to: a build that reads it waits for ever.
        second = subprocess.run(
            [sys.executable, "-m", "kg", "build", "-", "-o", str(out)],
            stdin=first.stdout,
            capture_output=True,
            text=True,
            timeout=30,
            check=False,
        )
        (line,) = second.stderr.splitlines()
        assert second.returncode == 2
        assert str(out) in line
        assert f"process {first.pid} " in line
        assert f"since {time.strftime('%Y-', time.gmtime())}" in line
        assert names(out.parent / ".graph.building" / "new") == ["half"]  # the first one's
    finally:
        killed(first)
    filled(out, "next")  # the lock died with its process
    assert names(out.parent) == ["graph"]


def test_other_spellings_and_links_of_a_folder_are_the_same_folder(tmp_path, monkeypatch):
    out = tmp_path / "graph"
    filled(out, "old")
    (tmp_path / "link").symlink_to("graph")
    (tmp_path / "above").symlink_to(".")
    monkeypatch.chdir(tmp_path)
    spellings = ("graph", "./graph/", "graph/../graph", "link", "above/graph", str(out))
    with output.replacing(out) as folder:
        for spelling in spellings:
            with pytest.raises(ToolError, match="another kg"), output.replacing(Path(spelling)):
                pytest.fail("both build")
        output.write_json("new", folder / output.MANIFEST)
    assert names(out) == ["manifest.json"]


def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path):
    filled(tmp_path / "graph", "old")
    (tmp_path / "link").symlink_to("graph")
    filled(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert word_of(tmp_path / "graph") == "new"
    assert names(tmp_path) == ["graph", "link"]


def test_a_worker_that_outlives_its_killed_build_holds_no_lock(tmp_path):
    out = tmp_path / "graph"
    build = child(
        """
        import os, sys, time
        from pathlib import Path
        from kg.building import output
        with output.replacing(Path(sys.argv[1])):
            worker = os.fork()
            if not worker:
                os.close(1); os.close(2)
                time.sleep(60)
                os._exit(0)
            print(worker, flush=True)
            sys.stdin.read()
        """,
        out,
    )
    assert build.stdout is not None
    worker = int(build.stdout.readline())
    try:
        with pytest.raises(ToolError, match="another kg"):
            filled(out, "too early")
        killed(build)
        filled(out, "new")
        os.kill(worker, 0)  # it lives
    finally:
        os.kill(worker, signal.SIGKILL)
    assert names(tmp_path) == ["graph"]


def test_of_many_that_want_a_lock_one_at_a_time_has_it(tmp_path):
    """The file is removed by each holder: nobody may lock a file that is gone."""
    code = """
        import sys
        from pathlib import Path
        from kg.errors import ToolError
        from kg.running.locks import locked
        folder, had = Path(sys.argv[1]), 0
        for _ in range(300):
            try:
                with locked(folder / ".lock"):
                    (folder / "alone").mkdir()
                    (folder / "alone").rmdir()
                    had += 1
            except ToolError:
                pass
        print(had)
    """
    processes = [child(code, tmp_path) for _ in range(4)]
    told = [process.communicate(timeout=60) for process in processes]
    assert [error for _, error in told] == [""] * 4
    assert sum(int(had) for had, _ in told)
    assert names(tmp_path) == []


def test_a_planted_link_in_place_of_the_lock_is_not_followed(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / ".graph.lock").symlink_to("mine")
    with pytest.raises(ToolError, match=r"\.graph\.lock"):
        filled(tmp_path / "graph", "new")
    assert (tmp_path / "mine").read_text() == "mine"


def test_the_lock_is_free_after_an_error(tmp_path):
    for _ in range(2):
        with pytest.raises(ZeroDivisionError), locked(tmp_path / ".lock"):
            1 / 0  # noqa: B018
    assert names(tmp_path) == []


# -- killed at every step ---------------------------------------------------------------------

# Each child kills itself when Python is about to do its n-th thing with the disk, and says by its
# end whether it came so far. Without exchange, as on a filesystem that knows none, the output is
# moved in two steps.
KILLS = """
    import os, signal, sys
    from pathlib import Path
    from kg.building import output
    from test_output import filled, judged
    out, way = Path(sys.argv[1]), sys.argv[2]
    if way != "exchange":
        output.exchanged = lambda one, other: False
    TOUCHES = ("open", "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.scandir", "os.listdir")
    left = 0
    def watch(event, arguments):
        global left
        if left and (event in TOUCHES or event.startswith(("ctypes.dlsym", "shutil."))):
            left -= 1
            if not left and way == "interrupted":
                raise KeyboardInterrupt
            if not left:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(watch)
    filled(out, "0")
    for step in range(1, 500):
        child = os.fork()
        if not child:
            left = step
            try:
                filled(out, str(step))
            except KeyboardInterrupt:
                os._exit(130)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        if status == 0:
            break
        assert os.waitstatus_to_exitcode(status) in (-signal.SIGKILL, 130), status
        print(judged(out, str(step), way))
    print("done", step)
"""


def judged(out: Path, word: str, way: str) -> str:
    """What a kill left, ``old``, ``new`` or ``away``, after the healing was seen to work."""
    away = way == "two moves" and not out.exists()
    before = word_of(out.parent / ".graph.building" / "old" if away else out)
    assert set(names(out.parent)) <= {"graph", ".graph.lock", ".graph.building"}
    try:
        with output.replacing(out):
            1 / 0  # noqa: B018
    except ZeroDivisionError:
        assert word_of(out) == before
        assert names(out.parent) == ["graph"]
    return "away" if away else "new" if before == word else "old"


@pytest.mark.parametrize("way", ["exchange", *later("two moves", "interrupted")])
def test_killed_at_any_step_the_output_is_the_old_or_the_new_one_and_the_next_build_heals(
    way, tmp_path
):
    out = tmp_path / "graph"
    process = child(KILLS, out, way)
    said, told = process.communicate(timeout=120)
    assert (process.returncode, told) == (0, "")
    *ends, last = said.splitlines()
    assert last == f"done {word_of(out)}"
    assert names(tmp_path) == ["graph"]
    assert len(ends) > 30
    assert {"old", "new"} <= set(ends)
    assert ("away" in ends) == (way == "two moves")


def test_two_names_are_swapped_in_one_step_where_the_disk_can(tmp_path):
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        (tmp_path / name / name).touch()
    if not output.exchanged(tmp_path / "one", tmp_path / "other"):
        pytest.skip("this disk swaps no names")
    assert names(tmp_path / "one") == ["other"]
    assert names(tmp_path / "other") == ["one"]
    with pytest.raises(FileNotFoundError, match="nowhere"):
        output.exchanged(tmp_path / "one", tmp_path / "nowhere")


def test_left_overs_are_removed_and_those_of_others_are_not(tmp_path):
    out = tmp_path / "graph"
    killed(holding(out))
    assert names(tmp_path) == [".graph.building", ".graph.lock"]
    strangers = [tmp_path / name for name in (".graph.new", ".graph.building2", ".other.building")]
    for stranger in strangers:
        stranger.mkdir()
    filled(out, "new")
    assert names(tmp_path) == sorted(["graph", *(s.name for s in strangers)])
    beside = tmp_path / ".graph.building"
    beside.mkdir()
    (beside / "thesis.doc").write_text("mine")
    with pytest.raises(ToolError, match="in the way"):
        filled(out, "newer")
    assert (beside / "thesis.doc").read_text() == "mine"
    assert word_of(out) == "new"


def test_what_a_killed_export_left_is_removed_by_the_next_one_and_a_running_ones_is_not(tmp_path):
    from kg.exporters.source import write_text

    target = tmp_path / "trials.gexf"
    writes = """
        import sys
        from pathlib import Path
        from kg.exporters.source import replacing
        with replacing(Path(sys.argv[1])) as file:
            file.write(b"half")
            print("holds", flush=True)
            sys.stdin.read()
    """
    dead, running = child(writes, target), child(writes, target)
    for process in (dead, running):
        assert process.stdout is not None
        process.stdout.readline()
    assert len(names(tmp_path)) == 2
    killed(dead)
    (tmp_path / ".trials.gexf.part").touch()  # not of our making
    (tmp_path / ".trials.csv.abcdefgh.part").touch()  # of another file
    write_text(["whole"], target)
    assert target.read_text() == "whole"
    assert len(names(tmp_path)) == 4
    _, told = running.communicate("", timeout=30)
    assert told == ""
    assert target.read_text() == "half"  # it ended later
    assert names(tmp_path) == [".trials.csv.abcdefgh.part", ".trials.gexf.part", "trials.gexf"]


def test_force_replaces_a_file_and_a_folder_of_others_and_leaves_no_rest(tmp_path):
    for name in ("file", "folder"):
        out = tmp_path / name / "graph"
        out.parent.mkdir()
        if name == "file":
            out.write_text("mine")
        else:
            out.mkdir()
            (out / "thesis.doc").write_text("mine")
        with pytest.raises(ToolError, match="name a"), output.replacing(out):
            pytest.fail("it was replaced")
        with output.replacing(out, force=True) as folder:
            output.write_json("new", folder / output.MANIFEST)
        assert names(out) == ["manifest.json"]
        assert names(out.parent) == ["graph"]


def test_a_build_that_fails_leaves_no_folders_above_its_place(tmp_path):
    with pytest.raises(ZeroDivisionError), output.replacing(tmp_path / "a" / "b" / "graph"):
        1 / 0  # noqa: B018
    assert names(tmp_path) == []


def test_what_a_store_writes_while_its_broken_build_is_removed_does_not_stay(tmp_path):
    """RocksDB has threads of its own: files come and go until its store is closed."""
    breaks = """
        import os, sys
        from pathlib import Path
        from kg.building import output
        late, early = [], []
        def watch(event, arguments):
            if event == "os.rmdir" and late:
                late.pop().touch()
            if event == "os.remove" and early:
                early.pop().unlink()
        sys.addaudithook(watch)
        with output.replacing(Path(sys.argv[1])) as folder:
            (folder / "store").mkdir()
            for name in ("1.sst", "2.sst"):
                (folder / "store" / name).touch()
            late += [folder / "store" / "3.sst"]
            early += [folder / "store" / name for name in ("1.sst", "2.sst")]
            1 / 0
    """
    _, told = child(breaks, tmp_path / "graph").communicate(timeout=30)
    assert told.splitlines()[-1].startswith("ZeroDivisionError")
    assert names(tmp_path) == []


def test_a_place_where_a_disk_is_mounted_is_refused_at_once():
    with pytest.raises(ToolError, match="mounted"), output.replacing(Path("/"), force=True):
        pytest.fail("it was replaced")


# -- a disk that refuses ----------------------------------------------------------------------


@pytest.mark.parametrize("limit", [0, 1_000, 40_000, 120_000, 400_000])
def test_a_file_that_may_not_grow_is_one_line_and_the_old_output_stays(limit, tmp_path):
    out = tmp_path / "graph"
    filled(out, "old")
    with files_up_to(limit):
        done = called("build", SAMPLES, "-o", out, "-q", "--no-check")
    (line,) = done.stderr.splitlines()
    assert done.returncode == 2
    assert str(out) in line
    assert "too large" in line
    assert word_of(out) == "old"
    assert names(tmp_path) == ["graph"]


@pytest.mark.parametrize("size", ["64k", "3500k", "4500k", "6m", "8m"])
def test_a_full_disk_is_one_line_and_the_old_output_stays(size, tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", f"size={size}", "small", str(disk)]
    if os.name != "posix" or os.geteuid() or subprocess.run(mount, check=False).returncode:
        pytest.skip("no small disk can be mounted here")
    try:
        out = disk / "graph"
        filled(out, "old")
        # The sizes end it in one file after another: graph.nq, graph.ttl, tables, the store.
        done = called("build", SAMPLES, "-o", out, "-q", "--no-check", "--formats", "ttl")
        (line,) = done.stderr.splitlines()
        assert done.returncode == 2
        assert str(out) in line
        assert "No space left" in line
        assert word_of(out) == "old"
        assert names(disk) == ["graph"]
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


def test_a_place_that_may_not_be_written_is_one_line(tmp_path):
    folders = [tmp_path / "read-only", tmp_path / "closed"]
    for folder, mode in zip(folders, (0o500, 0), strict=True):
        folder.mkdir()
        folder.chmod(mode)
    outs = [folder / out for folder in folders for out in ("graph", "not/yet")]
    for out, done in zip(
        outs, bound(*(["build", CLEAN, "-o", o, "-q"] for o in outs)), strict=True
    ):
        assert done.returncode == 2
        assert "Traceback" not in done.stderr
        (line,) = done.stderr.splitlines()
        assert str(out) in line
        assert "Permission denied" in line
    for folder in folders:
        folder.chmod(0o700)
        assert names(folder) == []


@pytest.mark.parametrize("name", ["graph", "graph/report"])
def test_an_output_that_is_write_protected_is_told_before_the_work(name, tmp_path):
    """It was told when the new one was to be moved; of a folder in it, by every later build."""
    out = tmp_path / "graph"
    filled(out, "old")
    (tmp_path / name).chmod(0o500)
    # Nothing is there to build: that would be told later.
    (done,) = bound(["build", tmp_path, "-o", out, "-q"])
    (tmp_path / name).chmod(0o700)
    assert done.returncode == 2
    (line,) = done.stderr.splitlines()
    assert line == f"Error: {tmp_path / name} is write-protected, so no build can replace it"
    assert word_of(out) == "old"
    assert names(tmp_path) == ["graph"]


def test_what_a_build_left_and_nobody_may_remove_is_told(tmp_path):
    killed(holding(tmp_path / "graph"))
    left = tmp_path / ".graph.building"
    (left / "new").chmod(0o500)
    (done,) = bound(["build", CLEAN, "-o", tmp_path / "graph", "-q"])
    (left / "new").chmod(0o700)
    why = "was left by a build and cannot be removed: Permission denied"
    assert (done.returncode, done.stderr) == (2, f"Error: {left} {why}\n")


def test_an_input_that_may_not_be_read_is_one_line(tmp_path):
    closed, out = tmp_path / "closed", tmp_path / "out"
    closed.mkdir()
    for page in (closed / "page.txt", tmp_path / "page.txt"):
        page.write_bytes(CLEAN.read_bytes())
    (tmp_path / "page.txt").chmod(0)
    closed.chmod(0)
    given = (tmp_path / "page.txt", closed, closed / "page.txt")
    ended = bound(*(["build", one, "-o", out / "graph", "-q"] for one in given))
    for one, done in zip(given, ended, strict=True):
        assert done.returncode in (1, 2)
        assert "Traceback" not in done.stderr
        assert "Permission denied" in done.stderr or "is not readable" in done.stderr
        assert str(out) not in done.stderr
        assert one.name in done.stderr
    closed.chmod(0o700)
    assert not out.exists()


# -- readers ----------------------------------------------------------------------------------


def test_a_reader_keeps_its_graph_while_the_folder_is_built_anew(tmp_path):
    out = tmp_path / "graph"
    options = ("-o", out, "-q", "--no-check", "--formats", "ttl")
    assert called("build", CLEAN, *options).returncode == 0
    reader = child(
        """
        import sys
        from pathlib import Path
        from kg import store
        opened = store.opened(Path(sys.argv[1]) / "store")
        print(len(opened), flush=True)
        sys.stdin.readline()
        lines = store.lines(opened)
        print(len(opened), len(lines), flush=True)
        """,
        out,
    )
    assert reader.stdout is not None
    before = int(reader.stdout.readline())
    assert called("build", OTHER, *options).returncode == 0
    said, told = reader.communicate("go\n", timeout=30)
    assert told == ""
    assert said.split() == [str(before)] * 2
    assert called("query", out, "-q", "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }").returncode == 0


@pytest.mark.slow
def test_readers_always_find_a_whole_store_while_it_is_replaced_again_and_again(tmp_path):
    """Each output holds one store and says how many quads it has; no reader sees a mixture."""
    from kg.building.filling import Filling

    out = tmp_path / "graph"

    def made(size: int) -> None:
        with output.replacing(out) as folder:
            filling = Filling(folder / "store", {})
            filling.finish(f"<x:{size}> <x:p> <x:{n}> <x:g> .\n" for n in range(size))
            del filling
            output.write_json(size, folder / output.MANIFEST)

    made(10)
    if not output.exchanged(out, out):
        pytest.skip("this disk swaps no names")
    reader = child(
        """
        import sys
        from pathlib import Path
        from kg import store
        path, seen = Path(sys.argv[1]) / "store", 0
        print("reads", flush=True)
        while not (path.parent.parent / "enough").exists():
            opened = store.opened(path)
            subjects = {str(quad.subject) for quad in opened}
            assert len(subjects) == 1, subjects
            assert subjects == {f"<x:{len(opened)}>"}
            seen += 1
        print(seen)
        """,
        out,
    )
    assert reader.stdout is not None
    reader.stdout.readline()
    for n in range(25):
        made(10 + n % 7)
    (tmp_path / "enough").touch()
    seen, told = reader.communicate(timeout=60)
    assert told == ""
    assert int(seen) > 5


MANY = 16  # files of a store that RocksDB opens at once; others when it looks into them
LOADS = 20


def stored(out: Path, word: str) -> None:
    """An output with a store of many files, some of whose subjects are this word."""
    with output.replacing(out) as folder:
        for n in range(10 * LOADS):
            made = pyoxigraph.Store(str(folder / "store"))
            lines = "".join(f"<x:{word}> <x:p> <x:{n}-{m}> <x:g> .\n" for m in range(50))
            made.bulk_load(lines.encode(), format=pyoxigraph.RdfFormat.N_QUADS)
            del made
            if n > LOADS and len(list((folder / "store").glob("*.sst"))) > MANY:
                break  # RocksDB has not brought them together yet
        output.write_json(word, folder / output.MANIFEST)


READS = """
    import sys
    from pathlib import Path
    import kg
    graph = kg.open(sys.argv[1])
    assert graph.store
    print("open", flush=True)
    sys.stdin.readline()
    print({quad.subject.value for quad in graph.store}, flush=True)
    sys.stdin.readline()
"""


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux names open folders")
def test_a_reader_keeps_a_store_of_many_files_and_what_it_keeps_goes_with_it(tmp_path):
    out = tmp_path / "graph"
    stored(out, "first")
    readers = []
    for word in ("second", "third"):
        reader = child(READS, out)
        assert reader.stdout is not None
        assert reader.stdout.readline() == "open\n"
        readers.append(reader)
        stored(out, word)
    assert names(tmp_path) == [".graph.read", "graph"]
    assert names(tmp_path / ".graph.read") == ["0", "1", output.MARK]
    told = []
    for reader in readers:
        assert reader.stdin is not None
        reader.stdin.write("go\n")
        reader.stdin.flush()
        told.append(reader.stdout.readline().strip())
    assert told == ["{'x:first'}", "{'x:second'}"]
    assert readers[1].communicate("end\n", timeout=30) == ("", "")
    stored(out, "fourth")
    assert names(tmp_path / ".graph.read") == ["0", output.MARK]
    assert readers[0].communicate("end\n", timeout=30) == ("", "")
    stored(out, "fifth")
    assert names(tmp_path) == ["graph"]


@pytest.mark.slow
def test_a_graph_that_nobody_holds_any_more_keeps_nothing(tmp_path):
    out = tmp_path / "graph"
    stored(out, "first")
    left = kg.open(out).store  # its graph is gone
    assert len(left) > LOADS * 50
    graph = kg.open(out)
    assert len(graph.store) == len(left)
    stored(out, "second")
    assert names(tmp_path / ".graph.read") == ["0", output.MARK]
    assert {quad.subject.value for quad in graph.store} == {"x:first"}
    del graph
    gc.collect()
    stored(out, "third")
    assert names(tmp_path) == ["graph"]
    assert {quad.subject.value for quad in kg.open(out).store} == {"x:third"}


@pytest.mark.slow
def test_a_folder_for_read_outputs_that_a_kill_left_empty_is_ours(tmp_path):
    (tmp_path / ".graph.read").mkdir()
    stored(tmp_path / "graph", "one")
    assert names(tmp_path) == ["graph"]
    graph = kg.open(tmp_path / "graph")
    assert graph.store
    (tmp_path / ".graph.read").mkdir()
    stored(tmp_path / "graph", "two")
    assert names(tmp_path / ".graph.read") == ["0", output.MARK]
    (tmp_path / ".graph.read" / ".of another").touch()  # it stands in no build's way
    del graph
    gc.collect()
    stored(tmp_path / "graph", "three")
    assert names(tmp_path / ".graph.read") == [".of another", output.MARK]


@pytest.mark.slow
def test_what_stands_where_read_outputs_are_put_and_is_not_ours_stays(tmp_path):
    other = tmp_path / ".graph.read"
    other.mkdir()
    (other / "mine.txt").write_text("mine")
    stored(tmp_path / "graph", "one")
    graph = kg.open(tmp_path / "graph")
    assert graph.store
    stored(tmp_path / "graph", "two")
    stored(tmp_path / "graph", "three")
    assert names(other) == ["mine.txt"]
    assert names(tmp_path) == [".graph.read", "graph"]


@pytest.mark.slow
def test_an_output_below_what_is_read_is_no_input_of_the_next_build(tmp_path):
    records = tmp_path / "records"
    shutil.copytree(SAMPLES / "isrctn", records)
    built = []
    for _ in range(2):
        done = run_kg("build", records, "-o", records / "graph", "-q", "--as-of", AS_OF)
        assert done.returncode == 0, done.stderr
        built.append(output.read_json(records / "graph" / "manifest.json"))
        (records / "graph.push.sqlite-wal").touch()  # of kg push
    assert built[0] == built[1]
    assert {file["file"] for file in built[1]["inputs"]} == {
        path.name for path in (SAMPLES / "isrctn").iterdir()
    }


@pytest.mark.parametrize("out", ["records/kept", "link", *later("records", ".")])
def test_no_build_takes_the_place_of_what_it_reads(out, tmp_path):
    records = tmp_path / "records"
    shutil.copytree(SAMPLES / "isrctn", records)
    shutil.copytree(SAMPLES / "cris", records / "kept")
    (tmp_path / "link").symlink_to(records)
    before = sorted(records.rglob("*"))
    done = run_kg("build", records, "-o", tmp_path / out, "-q", "--force")
    assert (done.returncode, done.stderr.count("\n")) == (2, 1)
    assert sorted(records.rglob("*")) == before

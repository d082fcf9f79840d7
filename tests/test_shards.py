"""Reading in shards: what comes out does not depend on how the work was cut."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import zipfile
from concurrent.futures import Executor, Future
from contextlib import nullcontext
from pathlib import Path

import pyoxigraph
import pytest
from conftest import called

from benchmarks import corpus
from kg import resolve as resolving
from kg import store
from kg.building import slices
from kg.errors import ToolError
from kg.namespaces import DERIVED
from kg.reading import intake
from kg.resolve import readings
from kg.resources import samples
from kg.running import slicing
from kg.running.cache import Cache, Shelf, keep
from kg.running.processes import Workers, processes
from kg.sources import cutting
from kg.sources.cutting import Stripe, tasks


def everything(read: intake.Reading) -> tuple[object, ...]:
    """What a reading says, with the statements that lie on disk."""
    versions = sorted(
        (v.version, v.sha256, v.place, v.quads.text(), v.lines.text(), v.places, v.contacts.text())
        for v in read.versions
    )
    return versions, intake.sorted_issues(read.issues), read.files, read.accounts


@pytest.fixture(scope="module")
def records(tmp_path_factory) -> Path:
    """Records in one large file, in an archive, in pages, broken and whole."""
    folder = tmp_path_factory.mktemp("records")
    corpus.write(folder, 60, per_file=40)
    for sample in samples().rglob("*"):
        if sample.is_file():
            (folder / f"{sample.parent.name}-{sample.name}").write_bytes(sample.read_bytes())
    return folder


@pytest.mark.parametrize("jobs", [2, 3])
def test_the_result_does_not_depend_on_how_the_work_was_cut(records, jobs, monkeypatch):
    whole = everything(intake.read([records], contacts=True))
    monkeypatch.setattr(cutting, "SMALL", 6_000)  # nearly every file is striped
    monkeypatch.setattr(intake, "WORTH_IT", 0)
    assert everything(intake.read([records], jobs=jobs, contacts=True)) == whole


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_place_that_many_records_name_is_held_once(tmp_path, jobs, monkeypatch):
    corpus.write(tmp_path, 60, per_file=10)
    monkeypatch.setattr(intake, "WORTH_IT", 0)
    monkeypatch.setattr(cutting, "SMALL", 6_000)
    named = [quad for v in intake.read([tmp_path], jobs=jobs).versions for quad in v.places]
    assert len({id(quad) for quad in named}) == len(set(named)) < len(named)


class OneByOne(Executor):
    """Work is done at once, and ``between`` after the first piece."""

    def __init__(self, between):
        self.between = between

    def submit(self, fn, /, *args, **kwargs):
        done = Future()
        done.set_result(fn(*args, **kwargs))
        self.between()
        self.between = lambda: None
        return done


def moved_there(file):
    """Another page takes its place, as downloads do."""
    corpus.write(file.parent / ".new", 40, seed=2)
    (file.parent / ".new" / file.name).replace(file)


def with_a_member_more(file):
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(
            "studies-more.json", corpus.json.dumps({"studies": list(corpus.studies(9))})
        )


CHANGED = "changed while it was read; build again"


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        ("studies-0000000.json", moved_there, {("studies-0000000.json", CHANGED)}),
        (
            "studies-0000000.json",
            Path.unlink,
            {("studies-0000000.json", why) for why in (CHANGED, "No such file or directory")},
        ),
        ("all.zip", with_a_member_more, {("all.zip!studies-more.json", CHANGED)}),
    ],
)
def test_a_large_file_that_changes_between_two_processes_is_told(
    name, change, told, tmp_path, monkeypatch
):
    """Each reads a part of it: of two files half each would be left, and nobody told."""
    monkeypatch.setattr(intake, "WORTH_IT", 0)
    monkeypatch.setattr(cutting, "SMALL", 6_000)
    (page,) = corpus.write(tmp_path, 40)
    if name == "all.zip":
        with zipfile.ZipFile(tmp_path / name, "w") as archive:
            archive.write(page, page.name)
        page.unlink()
    pool = OneByOne(lambda: change(tmp_path / name))
    read = intake.read([tmp_path], workers=Workers(2, lambda: nullcontext(pool)))
    assert {(i.file, i.expected) for i in read.issues if i.kind == "unreadable"} == told
    assert {file.file for file in read.files if file.state != "built"} == {n for n, _ in told}


def test_each_record_of_a_file_belongs_to_one_stripe():
    stripes = [Stripe(at, 3) for at in range(3)]
    owners = [[stripe.mine() for stripe in stripes] for _ in range(10)]
    assert all(sum(row) == 1 for row in owners)
    assert [stripe.first for stripe in stripes] == [True, False, False]


def test_small_files_go_together_and_a_large_one_is_shared(tmp_path, monkeypatch):
    monkeypatch.setattr(cutting, "SMALL", 100)
    sizes = [40, 40, 40, 500, 10]
    files = []
    for n, size in enumerate(sizes):
        path = tmp_path / str(n)
        path.write_bytes(b"x" * size)
        files.append((n, cutting.File(path)))
    cut = [([n for n, _ in t.files], t.stripe, t.stripes) for t in tasks(files, 2)]
    assert cut == [([0, 1], 0, 1), ([3], 0, 2), ([3], 1, 2), ([2, 4], 0, 1)]
    assert [[n for n, _ in t.files] for t in tasks(files, 1)] == [[0, 1], [2], [3], [4]]


@pytest.mark.parametrize(("pages", "stripes"), [(2, 2), (15, 2), (16, 1), (40, 1)])
def test_pages_are_striped_only_where_they_are_few(tmp_path, monkeypatch, pages, stripes):
    monkeypatch.setattr(cutting, "SMALL", 100)
    page = tmp_path / "page"
    page.write_bytes(b"x" * 500)
    cut = list(tasks([(n, cutting.File(page)) for n in range(pages)], 2))
    assert {task.stripes for task in cut} == {stripes}
    assert sorted((task.files[0][0], task.stripe) for task in cut) == [
        (n, at) for n in range(pages) for at in range(stripes)
    ]


def test_contacts_reach_the_disk_only_when_asked(records, tmp_path):
    work = tmp_path / "work"
    work.mkdir()
    intake.read([records], work=work)
    assert b"@example.org" not in b"".join(p.read_bytes() for p in work.iterdir())


def test_a_copy_that_says_something_else_is_told(tmp_path):
    study = corpus.study(1)
    other = corpus.study(1)
    del other["protocolSection"]["descriptionModule"]["detailedDescription"]
    other["protocolSection"]["identificationModule"]["briefTitle"] = "Another title"
    less = corpus.study(1)
    del less["protocolSection"]["descriptionModule"]["detailedDescription"]
    for name, one in (("whole", study), ("other", other), ("less", less)):
        (tmp_path / f"{name}.json").write_text(corpus.json.dumps(one))
    read = intake.read([tmp_path])
    (kept,), issues = intake.kept(read, history=False)
    assert kept.file == "whole.json"
    said = {issue.file: issue.expected for issue in issues}
    assert said["less.json"].endswith("says at least as much")
    assert said["other.json"].endswith("the two differ in label, publicTitle")


def test_a_field_nobody_reads_is_told_at_the_same_place_whatever_the_names(tmp_path):
    for folder, names in (("a", ("1", "2")), ("b", ("2", "1"))):
        (tmp_path / folder).mkdir()
        for n, name in enumerate(names):
            one = corpus.study(n) | {"newSection": {"x": "y"}}
            (tmp_path / folder / f"{name}.json").write_text(corpus.json.dumps(one))
    a, b = (
        next(i for i in intake.read([tmp_path / f]).issues if i.kind == "unknown label")
        for f in "ab"
    )
    assert (a.record, a.line, a.value) == (b.record, b.line, b.value) != ("", 0, "")


def test_a_full_disk_is_one_clear_error(tmp_path):
    corpus.write(tmp_path, 2)
    with pytest.raises(ToolError, match="No such file"):
        intake.read([tmp_path], work=tmp_path / "gone")


@pytest.fixture(scope="module")
def many(tmp_path_factory) -> Path:
    """So many records that there is time to kill who reads them."""
    folder = tmp_path_factory.mktemp("many")
    corpus.write(folder, 2_000, per_file=500)
    return folder


@pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="finds processes in /proc")
def test_a_killed_worker_is_one_clear_error_and_leaves_nothing(tmp_path, many):
    run = subprocess.Popen(
        [sys.executable, "-m", "kg", "build", many, "-o", tmp_path / "out", "-j", "2"],
        stderr=subprocess.PIPE,
        text=True,
    )
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    for _ in range(600):
        if found := children.read_text().split():
            break
        time.sleep(0.05)
    os.kill(int(found[0]), signal.SIGKILL)
    said = run.communicate(timeout=120)[1]
    assert run.returncode == 2
    assert "was killed" in said
    assert "Traceback" not in said
    assert not (tmp_path / "out").exists()


def test_slices_do_not_show_in_what_is_made_of_them(tmp_path, monkeypatch):
    read = intake.read([samples()], work=tmp_path)
    versions, _ = intake.kept(read, history=True)
    made = []
    for together, size, jobs in ((1, 1, 1), (3, 7, 2), (1_000_000, 1000, 1)):
        monkeypatch.setattr(slicing, "TOGETHER", together)
        mentions, contacts, used = slices.told(versions, processes(jobs), size)
        resolution = resolving.resolve(mentions, contacts)
        edges = {
            line
            for text in slices.derived(versions, resolution, processes(jobs), size)
            for line in text.splitlines()
        }
        made.append((list(mentions.by_iri.items()), mentions.records, contacts, used, edges))
    assert made[0] == made[1] == made[2]
    # A slice holds a part of each record's statements; a store with all of them says the same.
    whole = store.in_memory(v.quads.text() for v in versions)
    store.add(whole, sorted({line for v in versions for line in v.places}))
    mentions = resolving.mentions(whole)
    assert list(mentions.by_iri.items()) == made[0][0]
    assert mentions.records == made[0][1]
    store.add(whole, resolving.quads(resolution))
    store.derive(whole)
    derived = pyoxigraph.NamedNode(DERIVED)
    edges = whole.quads_for_pattern(None, None, None, derived)
    assert {f"{quad} ." for quad in edges} == made[0][-1] != set()


def test_a_slice_that_says_the_same_is_worked_out_once(tmp_path, monkeypatch):
    cache = Cache(tmp_path / "cache.sqlite", b"k" * 32)
    read = intake.read([samples()], work=tmp_path, cache=cache)
    versions, _ = intake.kept(read, history=False)

    def worked_out(some: list) -> tuple[object, int, bool]:
        """What the records say; how many slices were known; whether any were not."""
        shelf = Shelf(cache, tmp_path / "new")
        done: list[tuple[int, int]] = []
        far = {"shelf": shelf, "progress": lambda n, of: done.append((n, of))}
        told = slices.told(some, processes(2), **far)
        resolution = resolving.resolve(told.mentions, told.contacts)
        edges = {
            line
            for text in slices.derived(some, resolution, processes(2), **far)
            for line in text.splitlines()
        }
        shelf.close()
        assert [n for n, of in done if n == of] == 2 * [len(some)], "how far it is"
        assert {of for _, of in done} == {len(some)}
        new = shelf.file.is_file()
        keep(cache, [shelf.file] if new else [], shelf.used)
        shelf.file.unlink(missing_ok=True)
        said = list(told.mentions.by_iri.items()), told.mentions.records
        return (*said, told.contacts, told.used, edges), shelf.found, new

    first, known, new = worked_out(versions)
    assert (known, new) == (0, True)
    again, known, new = worked_out(versions)
    assert again == first
    assert known > 6
    assert not new
    monkeypatch.setattr(slicing, "_KNOWN", 2)
    shelf = Shelf(cache, tmp_path / "new")
    resolution = resolving.resolve(*slices.told(versions)[:2])
    next(slices.derived(versions, resolution, shelf=shelf))
    assert 2 <= shelf.found < known / 2, "what is known does not pile up"
    shelf.close()
    assert worked_out(versions) == (first, known, False)
    fewer = versions[:-1]
    mentions = slices.told(fewer).mentions
    made, still_known, new = worked_out(fewer)
    assert made[0] == list(mentions.by_iri.items())
    assert known - 3 < still_known < known, "the slice of the one that left, and no other"
    assert new


def is_alive(pid: str) -> bool:
    """Whether a process runs; one that ended and waits for its parent does not."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] != "Z"


def test_names_that_were_read_before_are_not_read_again(tmp_path, monkeypatch):
    read = intake.read([samples()], work=tmp_path)
    versions, _ = intake.kept(read, history=False)
    mentions = slices.told(versions).mentions
    alone = slices.readings(mentions, {})
    monkeypatch.setattr(slices, "SIZE", 3)
    done: list[tuple[int, int]] = []

    def heard(n: int, of: int) -> None:
        done.append((n, of))

    assert slices.readings(mentions, {}, processes(2), heard) == alone
    assert done[0] == (3, len(alone))
    assert done[-1] == (len(alone), len(alone))
    assert len(alone) > 6
    for mention in mentions.of_kind("organization"):
        assert alone[resolving.printed(mention)] == readings.reading(mention)
    # What is known is taken as it is, what is not is read, what nobody prints any more is let go.
    first, *others = alone
    known = {first: alone[others[0]], resolving.Printed("示例", None, True): alone[first]}
    again = slices.readings(mentions, known)
    assert again.pop(first) == alone[others[0]]
    assert again == {name: alone[name] for name in others}


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="asks Linux to end children with their parent")
def test_workers_die_with_a_killed_build_and_its_lock_is_free(tmp_path, many):
    command = [sys.executable, "-m", "kg", "build", many, "-o", tmp_path / "out", "-j", "2"]
    run = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    children = Path(f"/proc/{run.pid}/task/{run.pid}/children")
    for _ in range(600):
        if found := children.read_text().split():
            break
        time.sleep(0.05)
    assert found
    run.kill()
    run.wait()
    for _ in range(600):  # the kernel ends them a moment later
        if not (left := [pid for pid in found if is_alive(pid)]):
            break
        time.sleep(0.05)
    assert not left
    (tmp_path / "one.json").write_text(corpus.json.dumps(corpus.study(1)))
    again = called("build", tmp_path / "one.json", *command[5:], "--as-of", "2026-01-01")
    assert again.returncode == 0, again.stderr
    assert not list(tmp_path.glob(".out.building"))

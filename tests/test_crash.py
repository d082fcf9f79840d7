"""Builds killed at any moment: the folder holds wholly the old or wholly the new output."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from conftest import ROOT, Done, called, interruptible, later, run_kg

from benchmarks import corpus
from kg import store

SEED = 20261122
# (bytes of each file, store/ excepted; the quads of the store)
Whole = tuple[dict[str, bytes], list[str]]


def options(out: Path) -> tuple[object, ...]:
    return ("-o", out, "-q", "--as-of", "2026-11-22", "--fail-on", "never")


def whole(out: Path) -> Whole:
    """All that an output says."""
    files = {
        str(path.relative_to(out)): path.read_bytes()
        for path in sorted(out.rglob("*"))
        if path.is_file() and path.relative_to(out).parts[0] not in ("store", "run.json")
    }
    return files, store.lines(store.opened(out / "store"))


def built(records: Path, out: Path, by: Callable[..., Done] = called) -> None:
    """Build undisturbed."""
    done = by("build", records, *options(out))
    assert done.returncode == 0, done.stderr


def killed_after(seconds: float, records: Path, out: Path) -> bool:
    """Whether a build was still running when it was killed."""
    process = subprocess.Popen(
        [sys.executable, "-m", "kg", "build", str(records), *map(str, options(out))],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,  # workers are killed with it
    )
    try:
        _, told = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return True
    assert process.returncode == 0, told
    return False


def kills(tmp_path: Path, records: int, moments: Sequence[float]) -> None:
    """Kill one build at each of these moments, 0 its begin and 1 its end, and look each time.

    The builds go from one state of a corpus to the other and back.
    """
    states: list[Whole] = []
    folder = tmp_path / "place"
    folder.mkdir()
    out = folder / "graph"
    for n, changed in enumerate((0.0, 0.1)):
        corpus.write(tmp_path / f"records{n}", records, changed=changed)
        built(tmp_path / f"records{n}", out)
        states.append(whole(out))
    assert states[0] != states[1]
    # As long as those that are killed, which know what was read before.
    begun = time.monotonic()
    built(tmp_path / "records0", out, run_kg)
    seconds = time.monotonic() - begun
    assert whole(out) == states[0]
    now, ended = 0, 0
    for moment in moments:
        ended += not killed_after(moment * seconds, tmp_path / f"records{1 - now}", out)
        found = whole(out)
        assert found in states, f"killed at {moment:.3f} of {seconds:.1f} s"
        now = states.index(found)
        assert {path.name for path in folder.iterdir()} <= {
            "graph",
            ".graph.lock",
            ".graph.building",
            ".graph.cache.sqlite",
            ".graph.cache.sqlite-journal",
        }
    assert ended < len(moments) / 2
    built(tmp_path / f"records{1 - now}", out)
    assert whole(out) == states[1 - now]
    assert sorted(path.name for path in folder.iterdir()) == [".graph.cache.sqlite", "graph"]


def spread(count: int, most: float) -> list[float]:
    """One random moment in each of ``count`` equal parts of the time up to ``most``, mixed."""
    draw = random.Random(SEED)
    found = [(n + draw.random()) / count * most for n in range(count)]
    draw.shuffle(found)
    return found


def test_a_build_killed_three_times_leaves_a_whole_output_each_time(tmp_path):
    kills(tmp_path, 10, spread(3, 0.8))


@pytest.mark.slow
def test_a_build_killed_twelve_times_leaves_a_whole_output_each_time(tmp_path):
    kills(tmp_path, 40, spread(12, 1.0))


WRITING = "*.nt"  # laid out for the processes that write files


def in_processes(records: Path, out: Path, stage: str) -> subprocess.Popen[str]:
    """A build of enough records for two processes that work for it, as soon as a file is begun."""
    building = interruptible(
        [
            sys.executable,
            *("-m", "kg", "build", records, *options(out), "--jobs", "2"),
            *("--formats", "trig,gexf"),
        ],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    while not list(out.parent.glob(f".graph.building/**/{stage}")):
        assert building.poll() is None, building.communicate()
        time.sleep(0.01)
    while not children(building):
        assert building.poll() is None, building.communicate()
        time.sleep(0.01)
    return building


def children(building: subprocess.Popen[str]) -> list[int]:
    """The processes that work for a build now."""
    told = Path(f"/proc/{building.pid}/task/{building.pid}/children").read_text()
    return [int(pid) for pid in told.split()]


@pytest.fixture(scope="module")
def enough(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many records that their files are written for a while."""
    folder = tmp_path_factory.mktemp("enough")
    corpus.write(folder, 120, per_file=60)
    return folder


def alive(group: int) -> bool:
    """Whether any process of a group is left."""
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


ENDS = {signal.SIGINT: "interrupted", signal.SIGTERM: "terminated", signal.SIGHUP: "terminated"}


@pytest.mark.parametrize("sign", [signal.SIGTERM, *later(signal.SIGINT, signal.SIGHUP)])
def test_a_build_that_is_told_to_end_says_so_in_one_line_and_leaves_nothing(tmp_path, sign):
    (tmp_path / "place").mkdir()
    building = interruptible(  # it waits for its input
        [sys.executable, "-m", "kg", "build", "-", *options(tmp_path / "place" / "graph")],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    while not list((tmp_path / "place").glob(".graph.building/new/.work/shard*")):
        assert building.poll() is None, building.communicate()
        time.sleep(0.01)
    building.send_signal(sign)
    _, told = building.communicate(timeout=30)
    assert (building.returncode, told.strip()) == (128 + sign, ENDS[sign])
    assert not list((tmp_path / "place").iterdir())


@pytest.mark.parametrize("sign", later(signal.SIGINT, signal.SIGTERM, signal.SIGKILL))
def test_processes_that_write_end_with_the_build(tmp_path, enough, sign):
    out = tmp_path / "graph"
    built(ROOT / "kg" / "samples" / "chictr", out)
    before = whole(out)
    building = in_processes(enough, out, WRITING)
    os.kill(building.pid, sign)  # the build itself, not those that work for it
    _, told = building.communicate(timeout=30)
    assert building.returncode == (128 + sign if sign in ENDS else -sign), told
    if sign in ENDS:
        assert told.strip() == ENDS[sign]
    for _ in range(100):
        if not alive(building.pid):
            break
        time.sleep(0.02)
    assert not alive(building.pid)
    assert whole(out) == before


def test_who_interrupts_the_reading_of_a_large_file_does_not_wait_for_its_end(tmp_path, enough):
    (tmp_path / "records").mkdir()
    with zipfile.ZipFile(tmp_path / "records" / "all.zip", "w") as large:  # shared by processes
        for n in range(40):
            large.write(next(iter(enough.iterdir())), f"{n}.json")
    building = in_processes(tmp_path / "records", tmp_path / "graph", "shard-000001.*")
    os.kill(building.pid, signal.SIGINT)
    _, told = building.communicate(timeout=5)
    assert (building.returncode, told.strip()) == (130, "interrupted")


@pytest.mark.slow
def test_a_writer_that_is_killed_is_told_and_the_old_output_stays(tmp_path, enough):
    out = tmp_path / "graph"
    built(ROOT / "kg" / "samples" / "chictr", out)
    before = whole(out)
    building = in_processes(enough, out, WRITING)
    os.kill(children(building)[0], signal.SIGKILL)
    _, told = building.communicate(timeout=60)
    assert building.returncode != 0
    assert "a process that shared the work was killed" in told
    assert "Traceback" not in told
    assert whole(out) == before


@pytest.mark.slow
@pytest.mark.skipif(not os.environ.get("KG_SLOW"), reason="hours; KG_SLOW=1 runs it")
def test_a_build_of_5000_records_killed_fifty_times(tmp_path):
    # Half of the kills fall into the last fifth, where files are written and moved.
    moments = [*spread(25, 1.0), *(0.8 + moment for moment in spread(25, 0.22))]
    kills(tmp_path, 5_000, moments)

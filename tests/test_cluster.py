"""Work on the workers of a Dask cluster: the same bytes, whatever happens to a worker."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from conftest import later

from benchmarks import corpus
from kg import pipeline
from kg.errors import ToolError
from kg.resources import samples
from kg.running.stages import Step
from kg.sources import cutting

distributed = pytest.importorskip("distributed", reason="Dask is not installed")

ROOT = Path(__file__).parent.parent
FORMATS = ("trig", "gexf")


@pytest.fixture
def workers(tmp_path) -> Iterator[distributed.LocalCluster]:
    """Two worker processes on this machine, which run in another folder than the build."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address=None,
        local_directory=str(tmp_path / "dask"),
        silence_logs=50,
    ) as cluster:
        yield cluster


@pytest.fixture
def records(tmp_path, monkeypatch) -> Path:
    """Samples of every kind and a large file, in many shards; named from the folder they are in."""
    return laid(tmp_path, monkeypatch)


def laid(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    shutil.copytree(samples(), tmp_path / "records")
    corpus.write(tmp_path / "records", 30, per_file=15)
    monkeypatch.setattr(cutting, "SMALL", 20_000)
    monkeypatch.setattr("kg.reading.intake.WORTH_IT", 0)
    monkeypatch.setattr("kg.check.engine.BATCH", 10)
    monkeypatch.chdir(tmp_path)
    return Path("records")


def built(records: Path, name: str, progress=None, **options) -> dict[str, bytes]:
    """All that a build writes but what differs from run to run."""
    out = Path(name)
    chosen = pipeline.Options(as_of="2026-11-22", formats=FORMATS, **options)
    pipeline.build([records], out, chosen, progress=progress)
    files = [p for p in out.rglob("*") if p.is_file() and "store" not in p.parts]
    return {str(p.relative_to(out)): p.read_bytes() for p in files if p.name != "run.json"}


@pytest.fixture(scope="module")
def here(tmp_path_factory) -> dict[str, bytes]:
    """What a build without a cluster makes of the same records."""
    with pytest.MonkeyPatch.context() as patched:
        records = laid(tmp_path_factory.mktemp("here"), patched)
        return built(records, "here", jobs=2, cache=False)


@pytest.mark.slow
def test_workers_elsewhere_give_the_same_bytes(here, records, workers):
    there = built(records, "there", scheduler=workers.scheduler_address)
    assert {"graph.nq", "graph.trig", "report/findings.jsonl"} <= there.keys()
    assert there == here
    # What the workers kept for the next build is known there, and at home.
    again = built(records, "there", scheduler=workers.scheduler_address)
    assert again == here
    assert '"records_read_before": 0' not in Path("there/run.json").read_text()


@pytest.mark.slow
@pytest.mark.parametrize("stage", ["reading records", "checking"])
def test_a_killed_worker_changes_nothing(here, records, workers, stage):
    killed: list[int] = []

    def kill(step: Step) -> None:
        if step.stage == stage and not killed:
            pid = workers.workers[0].pid
            os.kill(pid, signal.SIGKILL)
            killed.append(pid)

    there = built(records, "there", kill, scheduler=workers.scheduler_address)
    assert killed
    assert there == here


def test_a_worker_that_runs_another_kg_is_told_before_the_work(records, tmp_path):
    other = tmp_path / "other"
    for part in ("kg", "ontology", "shapes"):
        shutil.copytree(ROOT / part, other / part)
    with (other / "kg" / "values.py").open("a") as file:
        file.write("# another version\n")
    with distributed.LocalCluster(n_workers=0, host="127.0.0.1", dashboard_address=None) as cluster:
        address = cluster.scheduler_address
        with pytest.raises(ToolError, match="no worker is connected"):
            built(records, "there", scheduler=address)
        run = subprocess.Popen(
            [sys.executable, "-m", "dask", "worker", address, "--no-nanny", "--no-dashboard"],
            env=os.environ | {"PYTHONPATH": str(other)},
            cwd=other,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            with distributed.Client(address, set_as_default=False) as client:
                client.wait_for_workers(1, timeout=60)
            with pytest.raises(ToolError, match="runs another kg"):
                built(records, "there", scheduler=address)
        finally:
            run.terminate()
            run.wait()
    assert not Path("there").exists()


@pytest.mark.slow
def test_dask_says_nothing_between_our_lines(tmp_path, workers):
    address = workers.scheduler_address
    command = [sys.executable, "-m", "kg", "build", samples(), "-q", "--scheduler", address]
    run = subprocess.run(
        [*command, "-o", tmp_path / "out", "--formats", "nq", "--fail-on", "never"],
        env=os.environ | {"DASK_DISTRIBUTED__ADMIN__LARGE_GRAPH_WARNING_THRESHOLD": "1 kiB"},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert (tmp_path / "out" / "graph.nq").is_file()
    assert "distributed" not in run.stderr


@pytest.mark.slow  # a scheduler and a worker of their own begin
def test_a_scheduler_that_goes_away_is_one_line(tmp_path):
    port = free_port()
    address = f"tcp://127.0.0.1:{port}"
    dask = [sys.executable, "-m", "dask"]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": ROOT}
    with ExitStack() as ends:
        begun = []
        for more in (
            ["scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard"],
            ["worker", address, "--no-nanny", "--no-dashboard", "--nthreads", "1"],
        ):
            begun.append(subprocess.Popen([*dask, *more], **quiet))
            ends.callback(begun[-1].wait)
            ends.callback(begun[-1].kill)
        with distributed.Client(address, set_as_default=False, timeout=60) as client:
            client.wait_for_workers(1, timeout=60)
        command = [sys.executable, "-m", "kg", "build", samples(), "-q", "--scheduler", address]
        build = subprocess.Popen(
            [*command, "-o", tmp_path / "out"], stderr=subprocess.PIPE, text=True, cwd=ROOT
        )
        while build.poll() is None and not list(tmp_path.glob(".out.building/new/.work/shard-*")):
            time.sleep(0.01)
        begun[0].kill()
        _, told = build.communicate(timeout=60)
    assert build.returncode == 2
    assert told == f"Error: --scheduler {address}: the scheduler went away\n"


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return asked.getsockname()[1]


NOBODY = pytest.param(None, marks=pytest.mark.slow)  # it is waited for


@pytest.mark.parametrize("address", [NOBODY, *later("nonsense", "strange://host:1")])
def test_a_scheduler_that_does_not_answer_is_one_line(tmp_path, address):
    address = address or f"tcp://127.0.0.1:{free_port()}"
    out = tmp_path / "out"
    command = [sys.executable, "-m", "kg", "build", samples(), "-o", out, "--scheduler", address]
    run = subprocess.run(command, capture_output=True, text=True, timeout=60, cwd=ROOT)
    assert run.returncode == 2
    said = run.stderr.splitlines()
    assert len(said) == 1
    assert address in said[0]
    assert not out.exists()


def test_without_the_package_one_line_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ToolError, match=r"pip install 'trialkg\[cluster\]'"):
        built(samples(), str(tmp_path / "out"), scheduler="tcp://127.0.0.1:1")

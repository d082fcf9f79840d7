"""Processes that share the work: a kill or Ctrl-C is told, and nobody waits for ever."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from conftest import ROOT, interruptible

from kg.running.processes import in_order, processes, side_by_side

# A fork that writes its id and stays at its task; the build takes over the rest meanwhile.
KILLED = """
import os, pathlib, signal, sys, time
from kg.running.processes import side_by_side

told = pathlib.Path(sys.argv[1])

def stays():
    told.with_suffix(".new").write_text(str(os.getpid()))
    told.with_suffix(".new").rename(told)
    time.sleep(60)

def waits():
    while not told.exists():
        time.sleep(0.01)

def ends():
    os.kill(int(told.read_text()) if sys.argv[2] == "fork" else os.getpid(), int(sys.argv[3]))
    time.sleep(0.5)

rest = [lambda: None] * 5
side_by_side(2, [waits, stays, *(rest if sys.argv[2] == "fork" else []), ends, *rest])
"""


def ended(who: str, sign: int, tmp_path: Path) -> tuple[int, str]:
    running = interruptible(
        [sys.executable, "-c", KILLED, tmp_path / "told", who, int(sign)],
        stderr=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    try:
        _, told = running.communicate(timeout=20)
    finally:
        running.kill()  # who waits for ever does not outlive the test; who ended does not mind
    return running.returncode, told


def test_a_fork_that_is_killed_while_its_tasks_are_taken_over_is_told(tmp_path):
    code, told = ended("fork", signal.SIGKILL, tmp_path)
    assert code == 1
    assert told.splitlines()[-1].startswith("kg.errors.ToolError: a process that shared the work")
    assert "InvalidStateError" not in told


def test_who_interrupts_does_not_wait_for_forks(tmp_path):
    _, told = ended("build", signal.SIGINT, tmp_path)
    assert told.splitlines()[-1] == "KeyboardInterrupt"
    assert "InvalidStateError" not in told


def test_each_task_runs_once_and_answers_in_its_place(tmp_path):
    def task(n: int) -> int:
        with (tmp_path / "ran").open("a") as file:
            file.write(f"{n}\n")
        time.sleep(0.01)
        return n * n

    made = side_by_side(3, [lambda n=n: task(n) for n in range(20)])
    assert made == [n * n for n in range(20)]
    assert sorted(map(int, (tmp_path / "ran").read_text().split())) == list(range(20))


def test_after_an_error_nothing_more_is_begun(tmp_path):
    def fails() -> None:
        raise ValueError("no room")

    def runs() -> None:
        (tmp_path / str(time.monotonic_ns())).touch()
        time.sleep(0.2)

    with pytest.raises(ValueError, match="no room"):
        side_by_side(2, [fails, *[runs] * 20])
    assert len(list(tmp_path.iterdir())) < 5


def test_who_interrupts_while_processes_begin_is_heard_when_they_have_begun(monkeypatch, request):
    """An executor whose thread is only half begun could not be ended: a traceback, not 130."""
    start = threading.Thread.start

    def interrupted(thread):
        # Threads that the executor's own thread begins come later, or in the midst of the end.
        if threading.current_thread() is threading.main_thread():
            signal.raise_signal(signal.SIGINT)
        start(thread)

    monkeypatch.setattr(threading.Thread, "start", interrupted)
    # Where a shell started the tests in the background they ignore it.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    with pytest.raises(KeyboardInterrupt):
        list(in_order(processes(2), str, range(4)))
    assert not multiprocessing.active_children()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler

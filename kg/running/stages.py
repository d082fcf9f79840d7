"""The clock of a build: which stage it is in, how far, how long each took and how much memory.

What it says goes to the terminal and to ``run.json``, never into a file that has to be the same
for the same input. Stages that ran side by side overlap: their seconds add up to more than the
whole took.
"""

from __future__ import annotations

import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import NamedTuple, TypeVar

from kg.running.processes import give_back, side_by_side

_T = TypeVar("_T")


class Step(NamedTuple):
    """How far a stage is. ``share`` is the part that is done, 0 to 1; 0 where nobody knows."""

    stage: str
    done: int = 0
    share: float = 0.0
    issues: int = 0


Progress = Callable[[Step], None]


class Stage(NamedTuple):
    """A stage that is over: its seconds, and the highest memory so far in MiB."""

    stage: str
    seconds: float  # by the clock
    processor: float  # seconds of processors, those of processes that it started and ended too
    peak_memory: int  # of this process
    peak_memory_of_readers: int  # of the largest process that it started and that has ended


@dataclass(slots=True)
class Stages:
    """The stages of one build, as they pass."""

    tell: Progress | None = None
    over: list[Stage] = field(default_factory=list)
    began: float = field(default_factory=time.perf_counter)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """One stage, from here to the end of the block."""
        self.step(Step(name))
        start, busy = time.perf_counter(), _processor()
        yield
        give_back()
        seconds, busy = time.perf_counter() - start, _processor() - busy
        readers = _mebibytes(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
        self.over.append(Stage(name, round(seconds, 3), round(busy, 3), peak_memory(), readers))

    def side_by_side(
        self, name: str, jobs: int, tasks: Sequence[Callable[[Stages], _T]]
    ) -> list[_T]:
        """What each task returns, in their order; up to ``jobs`` of them run at once.

        The first runs in this process, others in forks of it (``processes.side_by_side``). The
        stages that a task passes become stages of this build, each with the seconds and the memory
        of the process that it ran in.
        """
        self.step(Step(name))
        made = []
        apart = [partial(_apart, task, self.tell) for task in tasks]
        for told, stages in side_by_side(jobs, apart):
            self.over += stages
            made.append(told)
        return made

    def step(self, step: Step) -> None:
        """Say how far the stage is."""
        if self.tell:
            self.tell(step)

    def far(self, stage: str) -> Callable[[int, int], None]:
        """What hears how many of how many are done in a stage, or in a part of one."""
        return lambda n, of: self.step(Step(stage, n, n / of if of else 0))

    def report(self, *, records: int, jobs: int) -> dict[str, object]:
        """What ``run.json`` holds."""
        seconds = time.perf_counter() - self.began
        return {
            "records": records,
            "seconds": round(seconds, 3),
            "records_per_second": round(records / seconds, 1) if seconds else None,
            "processes": jobs,
            "peak_memory_mib": max((s.peak_memory for s in self.over), default=0),
            "stages": [stage._asdict() for stage in self.over],
            "python": platform.python_version(),
            "machine": platform.machine(),
        }


def _apart(task: Callable[[Stages], _T], tell: Progress | None = None) -> tuple[_T, list[Stage]]:
    """What a task returns, and the stages that it passed, told from the process that it ran in."""
    stages = Stages(tell)
    return task(stages), stages.over


def _processor() -> float:
    """Seconds of processors that this process and those that it started and ended have used."""
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.process_time() + ended.ru_utime + ended.ru_stime


def peak_memory() -> int:
    """The highest resident memory of this process in MiB.

    What ``getrusage`` says on Linux counts the program that started this one too.
    """
    status = Path("/proc/self/status")
    if status.is_file():
        for line in status.read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) // 1024
    return _mebibytes(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)


def _mebibytes(counted: int) -> int:
    """Linux counts KiB, macOS bytes."""
    return counted // (1024**2 if sys.platform == "darwin" else 1024)

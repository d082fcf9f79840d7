"""The clock of a build: which stage it is in, how far, how long each took and how much memory.

What it says goes to the terminal and to ``run.json``, never into a file that has to be the same
for the same input.
"""

from __future__ import annotations

import platform
import resource
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple


class Step(NamedTuple):
    """How far a stage is. ``share`` is the part that is done, 0 to 1; 0 where nobody knows."""

    stage: str
    done: int = 0
    share: float = 0.0
    issues: int = 0


Progress = Callable[[Step], None]


class Stage(NamedTuple):
    """A stage that is over: wall time in seconds, and the highest memory so far in MiB."""

    stage: str
    seconds: float
    peak_memory: int  # of this process
    peak_memory_of_readers: int  # of the largest process that it started and that has ended


@dataclass(slots=True)
class Stages:
    """The stages of one build, as they pass."""

    tell: Progress | None = None
    over: list[Stage] = field(default_factory=list)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """One stage, from here to the end of the block."""
        self.step(Step(name))
        start = time.perf_counter()
        yield
        seconds = time.perf_counter() - start
        own, readers = (_peak(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        self.over.append(Stage(name, round(seconds, 3), own, readers))

    def step(self, step: Step) -> None:
        """Say how far the stage is."""
        if self.tell:
            self.tell(step)

    def report(self, *, records: int, jobs: int) -> dict[str, object]:
        """What ``run.json`` holds."""
        seconds = sum(stage.seconds for stage in self.over)
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


def _peak(who: int) -> int:
    """The highest resident memory in MiB; Linux counts KiB, macOS bytes."""
    counted = resource.getrusage(who).ru_maxrss
    return counted // (1024**2 if sys.platform == "darwin" else 1024)

"""Processes that share the work of one build, and end with it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from kg.errors import ToolError

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


@dataclass(frozen=True, slots=True)
class Workers:
    """Who shares the work of a build: how many, and a pool that hands it to them.

    The pool raises ToolError when it lost one of them for good.
    """

    count: int
    pool: Callable[[], AbstractContextManager[Executor]]
    far: bool = False  # they are there already, so that little work is worth sharing too


def processes(jobs: int) -> Workers:
    """``jobs`` processes of this machine, forked where the system can when they are needed."""
    return Workers(jobs, lambda: _pool(jobs))


@contextmanager
def _pool(jobs: int) -> Iterator[Executor]:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    with ProcessPoolExecutor(jobs, context, _begin, (os.getpid(),)) as pool:
        try:
            yield pool
        except BrokenProcessPool:
            why = "a process that shared the work was killed; is there memory enough? try --jobs 1"
            raise ToolError(why) from None


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(parent: int) -> None:
    """Die with the build: a process that outlives it would hold its lock for ever."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build itself hears Ctrl-C and ends us
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before this was asked
            os._exit(1)

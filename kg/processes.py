"""Processes that share the work of one build, and end with it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from concurrent.futures import ProcessPoolExecutor

_PR_SET_PDEATHSIG = 1  # linux/prctl.h


def processes(jobs: int) -> ProcessPoolExecutor:
    """A pool of ``jobs`` processes, forked where the system can."""
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if "fork" in methods else "spawn")
    return ProcessPoolExecutor(jobs, context, _begin, (os.getpid(),))


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

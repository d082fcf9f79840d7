"""Processes that share the work of one build, and end with it."""

from __future__ import annotations

import ctypes
import multiprocessing
import os
import signal
import sys
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, TypeVar

from kg.errors import ToolError

_A = TypeVar("_A")
_T = TypeVar("_T")
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


def in_order(workers: Workers, work: Callable[[_A], _T], pieces: Iterable[_A]) -> Iterator[_T]:
    """What ``work`` makes of each piece, in the order of the pieces, which are made as needed."""
    if workers.count <= 1 and not workers.far:
        yield from map(work, pieces)
        return
    waiting: deque[Future[_T]] = deque()
    with workers.pool() as pool:
        for piece in pieces:
            waiting.append(pool.submit(work, piece))
            if len(waiting) > 2 * workers.count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def side_by_side(jobs: int, tasks: Sequence[Callable[[], _T]]) -> Iterator[_T]:
    """What each task returns, in their order; ``jobs`` of them run at once.

    Each runs in a fork of this process, which sees its memory as it is now: nothing is copied. One
    after the other, in this process, where the system cannot fork or there is one job.
    """
    if min(jobs, len(tasks)) < 2 or _FORK not in multiprocessing.get_all_start_methods():
        for task in tasks:
            yield task()
        return
    with _pool(min(jobs, len(tasks)), tasks) as pool:
        yield from pool.map(_task, range(len(tasks)))


_FORK = "fork"
_tasks: Sequence[Callable[[], object]] = ()  # of a process that was forked to run some of them


def _task(n: int) -> Any:
    return _tasks[n]()


@contextmanager
def _pool(jobs: int, tasks: Sequence[Callable[[], object]] = ()) -> Iterator[Executor]:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context(_FORK if _FORK in methods else "spawn")
    # A fork inherits what it is given here; it is not pickled.
    with ProcessPoolExecutor(jobs, context, _begin, (os.getpid(), tasks)) as pool:
        try:
            yield pool
        except BrokenProcessPool:
            why = "a process that shared the work was killed; is there memory enough? try --jobs 1"
            raise ToolError(why) from None


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(parent: int, tasks: Sequence[Callable[[], object]]) -> None:
    """Die with the build: a process that outlives it would hold its lock for ever."""
    global _tasks
    _tasks = tasks
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the build itself hears Ctrl-C and ends us
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before this was asked
            os._exit(1)

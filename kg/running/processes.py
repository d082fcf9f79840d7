"""Processes that share the work of one build, and end with it."""

from __future__ import annotations

import ctypes
import gc
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
from itertools import chain, islice
from typing import Any, TypeVar

from kg.errors import ToolError
from kg.running import signals

_A = TypeVar("_A")
_T = TypeVar("_T")
_PR_SET_PDEATHSIG = 1  # linux/prctl.h
_M_ARENA_MAX = -8  # malloc.h


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
    """What ``work`` makes of each piece, in the order of the pieces, which are made as needed.

    A single piece is not worth a process.
    """
    left = iter(pieces)
    first = list(islice(left, 2))
    if not workers.far and min(workers.count, len(first)) < 2:
        yield from map(work, chain(first, left))
        return
    waiting: deque[Future[_T]] = deque()
    with workers.pool() as pool:
        for piece in chain(first, left):
            waiting.append(pool.submit(work, piece))
            if len(waiting) > 2 * workers.count:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def side_by_side(jobs: int, tasks: Sequence[Callable[[], _T]]) -> list[_T]:
    """What each task returns, in their order; up to ``jobs`` of them run at once.

    The first one runs in this process, the others in forks of it, which see its memory as it is
    now: nothing is copied. A fork has none of the threads of this process, so it must not open, ask
    or close a store on disk: RocksDB would wait for ever for its own. When the first task is done,
    this process takes over what nobody has begun. All run here where the system cannot fork.
    """
    count = min(jobs, len(tasks))
    if count < 2 or _FORK not in multiprocessing.get_all_start_methods():
        return [task() for task in tasks]
    give_back()
    left = _numbers(len(tasks))
    try:
        with _pool(count - 1, tasks, left) as pool:
            apart = [pool.submit(_rest) for _ in range(count - 1)]
            try:
                made = {0: tasks[0](), **_made(tasks, left)}
                for done in apart:
                    made |= done.result()
            finally:
                os.read(left, len(tasks))  # after an error nobody begins another
    finally:
        os.close(left)
    return [made[n] for n in range(len(tasks))]


_FORK = "fork"
_tasks: Sequence[Callable[[], object]] = ()  # of a process that was forked to run some of them
_left = -1


def _numbers(end: int) -> int:
    """The open end of a pipe that holds the numbers of all tasks but the first, a byte each.

    Who reads one has it alone. (A future that is cancelled stays in the executor's list; where a
    process is killed then, the executor fails over it and everybody waits for ever.)
    """
    left, given = os.pipe()
    os.write(given, bytes(range(1, end)))
    os.close(given)
    return left


def _made(tasks: Sequence[Callable[[], _T]], left: int) -> dict[int, _T]:
    """What the tasks return that nobody else has begun."""
    made = {}
    while number := os.read(left, 1):
        made[number[0]] = tasks[number[0]]()
    return made


def _rest() -> Any:
    return _made(_tasks, _left)


@contextmanager
def _pool(
    jobs: int, tasks: Sequence[Callable[[], object]] = (), left: int = -1
) -> Iterator[Executor]:
    methods = multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context(_FORK if _FORK in methods else "spawn")
    # A fork inherits what it is given here; it is not pickled.
    with ProcessPoolExecutor(jobs, context, _begin, (os.getpid(), tasks, left)) as pool:
        try:
            # An executor that is half begun cannot be ended.
            with signals.put_off():
                pool.submit(_nothing)  # the processes begin, and the thread that looks after them
            yield pool
        except BrokenProcessPool:
            why = "a process that shared the work was killed; is there memory enough? try --jobs 1"
            raise ToolError(why) from None
        except KeyboardInterrupt:
            for child in multiprocessing.active_children():  # who stops does not want to wait
                child.terminate()
            raise


def _nothing() -> None:
    """The first task of a pool."""


def give_back() -> None:
    """Give memory that is free back to the system, where the system lets us.

    glibc keeps what was let go; a third of a large build was such memory.
    """
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)


def one_heap() -> None:
    """Let all threads take memory from one heap, where the system lets us; forks inherit it.

    glibc gives each thread a heap of its own, which keeps what the thread let go: a tenth of a
    build, which the threads of Oxigraph do not pay for in time.
    """
    if sys.platform == "linux" and (tell := getattr(ctypes.CDLL(None), "mallopt", None)):
        tell(_M_ARENA_MAX, 1)


def cores() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _begin(parent: int, tasks: Sequence[Callable[[], object]], left: int) -> None:
    """Die with the build: a process that outlives it would hold its lock for ever."""
    global _tasks, _left
    _tasks, _left = tasks, left
    gc.freeze()  # what the build left behind is not ours to take away: a store would be closed
    signals.left_to_parent()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:  # it died before this was asked
            os._exit(1)

"""Workers of a Dask cluster, which share the work of a build as processes of this machine do.

They see the same files under the same paths and run the same kg; that is asked before the work
begins, and again with each piece of it: a worker may come later. What a killed worker had begun,
the scheduler hands to another.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field
from logging import Logger
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from kg.errors import ToolError
from kg.running.cache import code
from kg.running.processes import Workers

if TYPE_CHECKING:
    from distributed import Client

_ANSWERS = 8  # seconds within which a scheduler answers
_RETRIES = 2  # times that a piece of work is tried again
_P = ParamSpec("_P")
_T = TypeVar("_T")


@contextmanager
def cluster(address: str, work: Path) -> Iterator[Workers]:
    """The workers of the scheduler at ``address``, as long as the context lasts.

    Raises ToolError where nobody answers, where no worker is there, and where one does not see the
    folder ``work`` or runs another kg.
    """
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise ToolError("--scheduler needs Dask: pip install 'trialkg[cluster]'") from None
    # Asked beforehand: a client that finds nobody leaves threads behind that complain later.
    try:
        asyncio.run(_answers(address))
    except (OSError, ValueError, TypeError) as error:  # TypeError: TLS without certificates
        why = " ".join(str(error).split())
        raise ToolError(f"--scheduler {address}: no scheduler answers: {why}") from None
    with _quiet(), Client(address, timeout=_ANSWERS, set_as_default=False) as client:
        _asked(client, address, work.absolute())

        @contextmanager
        def pool() -> Iterator[Executor]:
            with _told(address), _Pool(client) as made:
                yield made

        yield Workers(sum(client.nthreads().values()), pool, far=True)


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep Dask from talking between our lines: what it could not do, we say ourselves."""
    from dask import config

    # Its configuration gives parts of it levels of their own.
    known = [log for log in logging.root.manager.loggerDict.values() if isinstance(log, Logger)]
    told = {log: log.level for log in known if log.level and log.name.startswith("distributed")}
    for log in told:
        log.setLevel(logging.CRITICAL)
    try:
        # Batches of records are what we mean to send, however large.
        with config.set({"distributed.admin.large-graph-warning-threshold": "1 TiB"}):
            yield
    finally:
        for log, level in told.items():
            log.setLevel(level)


async def _answers(address: str) -> None:
    from distributed.comm import connect
    from distributed.security import Security

    args = Security().get_connection_args("client")
    comm = await connect(address, timeout=_ANSWERS, **args)
    await comm.close()


def _asked(client: Client, address: str, work: Path) -> None:
    """Ask each worker what it sees and what it runs."""
    answers = client.run(_looks, work, on_error="return")
    if not answers:
        raise ToolError(f"--scheduler {address}: no worker is connected to it; start one")
    for worker, answer in sorted(answers.items()):
        if isinstance(answer, Exception):
            why = " ".join(str(answer).split())
            raise ToolError(f"worker {worker} cannot run kg: {type(answer).__name__}: {why}")
        sees, runs = answer
        if runs != code():
            raise ToolError(_other(worker))
        if not sees:
            raise ToolError(f"worker {worker} does not see {work}: workers need the same files")


def _looks(work: Path) -> tuple[bool, bytes]:
    return work.is_dir(), code()


def _other(worker: str) -> str:
    return f"worker {worker} runs another kg or Python: install the same on every worker"


@contextmanager
def _told(address: str) -> Iterator[None]:
    """Say in one line what a cluster could not make good."""
    from distributed import KilledWorker
    from distributed.comm import CommClosedError

    try:
        yield
    except KilledWorker:
        why = "workers were killed again and again at the same work; is there memory enough?"
        raise ToolError(f"--scheduler {address}: {why}") from None
    except (CancelledError, CommClosedError):
        raise ToolError(f"--scheduler {address}: the scheduler went away") from None


@dataclass(frozen=True, slots=True)
class _Call:
    """Work for a worker. Its repr, which Dask logs when it fails, shows nothing of records."""

    function: Callable[..., Any] = field(repr=False)
    args: tuple[object, ...] = field(repr=False)
    named: dict[str, object] = field(repr=False)
    code: bytes = field(repr=False)


def _done(call: _Call) -> Any:
    if call.code != code():
        from distributed import get_worker

        raise ToolError(_other(get_worker().address))
    return call.function(*call.args, **call.named)


class _Pool(Executor):
    """The executor of a Dask client, which can give up work as others can."""

    def __init__(self, client: Client) -> None:
        self._pool: Executor = client.get_executor(pure=False, retries=_RETRIES)

    def submit(self, fn: Callable[_P, _T], /, *args: _P.args, **kwargs: _P.kwargs) -> Future[_T]:
        return self._pool.submit(_done, _Call(fn, args, kwargs, code()))

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        self._pool.shutdown(wait=wait and not cancel_futures)

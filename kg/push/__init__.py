"""A built graph sent to a SPARQL 1.1 store: only what changed, and on from where it was killed.

from kg.push import push

outcome = push("exports/mine", "http://localhost:3030/trials/data")
outcome.complete, outcome.sent, outcome.unchanged, outcome.problems

graph.nq ─group─▶ graphs on disk ─journal─▶ what changed ─send─▶ store
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from kg.counted import counted
from kg.errors import ToolError
from kg.fetch.hosts import ForbiddenHost, origin
from kg.fetch.http import Clock, SystemClock
from kg.push.grouping import Group, Grouping
from kg.push.journal import Journal, Task
from kg.push.sending import Failed, Gone, Settings, Taken, Told, Unsent, Workers

MOST_JOBS = 8
__all__ = ["Line", "Outcome", "Settings", "push"]


class Line(NamedTuple):
    """One thing a push would do: ``PUT``, ``POST`` (the rest of a graph) or ``DELETE``."""

    what: str
    graph: str
    statements: int | None = None
    size: int = 0  # bytes that are still to be sent, before compression


@dataclass
class Outcome:
    """What a push came to."""

    endpoint: str
    sent: int = 0  # graphs
    statements: int = 0  # of these graphs
    bytes: int = 0  # as they went over the line
    resumed: int = 0  # graphs of which the store had a part
    unchanged: int = 0
    deleted: int = 0
    left_out: int = 0  # statements of contact graphs
    problems: list[str] = field(default_factory=list)

    @property
    def complete(self) -> bool:
        """Whether the store holds all graphs as they are here."""
        return not self.problems

    def lines(self, *, quiet: bool = False) -> Iterator[str]:
        """What to tell the user; ``quiet``: only what went wrong."""
        if not quiet:
            went_on = f", {self.resumed:,} of them from where it stopped" if self.resumed else ""
            yield (
                f"{counted(self.sent, 'graph')} sent{went_on} "
                f"({counted(self.statements, 'statement')}, {counted(self.bytes, 'byte')}), "
                f"{self.unchanged:,} unchanged, {self.deleted:,} deleted"
            )
            if self.left_out:
                yield f"{counted(self.left_out, 'statement')} of contact graphs left out"
        yield from self.problems
        if self.problems:
            yield "not all is there; the same command goes on from here"


def push(
    out: str | PathLike[str],
    settings: Settings | str,
    *,
    contacts: bool = False,
    restart: bool = False,
    dry_run: Callable[[Line], None] | None = None,
    clock: Clock | None = None,
    talk: Callable[[str], None] = lambda line: None,
    progress: Callable[[str, int], None] | None = None,
) -> Outcome:
    """Make the store at an endpoint hold the graphs of the build ``out``; say what it came to.

    The journal ``<out>.push.sqlite`` beside ``out`` knows what the store holds already; ``restart``
    sends all anew. Graphs that others put there are left alone. ``dry_run`` is given what would be
    done, and nothing is sent. Contact graphs are left out, and taken away, unless ``contacts``.

    Raises ToolError for a wrong call and where the disk refuses. What the store did not take is no
    error but a line in ``Outcome.problems``.
    """
    if isinstance(settings, str):
        settings = Settings(settings)
    _check(settings)
    out = Path(os.path.abspath(out))
    if not (out / "graph.nq").is_file():
        raise ToolError(f"{out}: no graph here (no graph.nq); run kg build first")
    journal_file = out.with_name(f"{out.name}.push.sqlite")
    outcome = Outcome(settings.endpoint)
    try:
        known = journal_file if dry_run is None or journal_file.exists() else None
        # The journal first: it locks the folder too, unless there is none yet.
        with (
            Journal(known, settings.endpoint) as journal,
            _folder(out, locked=known is not None) as folder,
        ):
            grouping = Grouping(out / "graph.nq", folder, contacts=contacts)
            journal.plan(_counted(grouping, progress), folder / "plan")
            outcome.left_out = grouping.contacts_left_out
            if dry_run is not None:
                for line in _lines(journal, anew=restart):
                    dry_run(line)
                return outcome
            if restart:
                journal.doubt()
            if settings.login is not None and not _private(settings.endpoint):
                talk("the endpoint is http, not https: the password can be read on its way")
            with Workers(settings, grouping.file, clock or SystemClock(), talk) as workers:
                _Push(journal, workers, outcome, settings.jobs, progress).run()
    except OSError as error:
        raise ToolError(f"{error.filename or out}: {error.strerror or error}") from None
    return outcome


def _check(settings: Settings) -> None:
    address = settings.endpoint
    try:
        origin(address)
    except ForbiddenHost as error:
        raise ToolError(f"the endpoint: {error}") from None  # not shown: it may hold a password
    if set(address) & set("?#") or not address.isprintable() or " " in address:
        raise ToolError("the endpoint: an address without ?, # and blanks; ?graph= is added to it")
    if settings.login is not None and ":" in settings.login[0]:
        raise ToolError("a user name holds no colon")
    if not 1 <= settings.jobs <= MOST_JOBS:
        raise ToolError(f"between 1 and {MOST_JOBS} jobs")
    if settings.piece < 1 or settings.timeout <= 0:
        raise ToolError("the size of a piece and the timeout are more than 0")


def _private(address: str) -> bool:
    """Whether what is sent there is read by nobody else: it is encrypted, or stays here.

    >>> _private("https://store.example/data"), _private("http://localhost:3030/data")
    (True, True)
    >>> _private("http://store.example/data")
    False
    """
    scheme, host, _ = origin(address)
    return scheme == "https" or host in ("localhost", "::1") or host.startswith("127.")


@contextmanager
def _folder(out: Path, *, locked: bool) -> Iterator[Path]:
    """A folder of this push beside ``out``, for nobody else to read.

    ``locked``: no other push of ``out`` runs, so what a killed one left may go.
    """
    name = f".{out.name}.push"
    if not locked:
        with tempfile.TemporaryDirectory(prefix=f"{name}-", dir=out.parent) as folder_of_its_own:
            yield Path(folder_of_its_own)
        return
    folder = out.with_name(name)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _counted(grouping: Grouping, progress: Callable[[str, int], None] | None) -> Iterator[Group]:
    if progress:
        progress("grouping", 0)
    for number, group in enumerate(grouping.groups(), 1):
        if progress and number % 1000 == 0:
            progress("grouping", number)
        yield group


def _lines(journal: Journal, anew: bool) -> Iterator[Line]:
    for group, taken, _ in journal.changed(anew=anew):
        what = "POST" if taken else "PUT"
        yield Line(what, group.graph, group.statements, group.size - taken)
    for graph in journal.gone():
        yield Line("DELETE", graph)


class _Push:
    """One push: graphs given out, and what became of them written down, by one thread."""

    def __init__(
        self,
        journal: Journal,
        workers: Workers,
        outcome: Outcome,
        jobs: int,
        progress: Callable[[str, int], None] | None,
    ) -> None:
        self._journal, self._workers, self._outcome = journal, workers, outcome
        self._free = self._jobs = jobs
        self._progress = progress
        self._sending: dict[str, Task] = {}
        self._begun: set[str] = set()  # of these: the store took a piece

    def run(self) -> None:
        """Send what changed; when all of it is there, delete what is to be there no more."""
        self._outcome.unchanged = self._journal.unchanged()
        for task in self._journal.changed():
            if not self._room():
                return
            with self._journal.saving():
                self._journal.begin(task.group.graph, task.group.sha256, task.taken)
            self._sending[task.group.graph] = task
            self._give(task)
        if not self._finished():
            return
        for graph in self._journal.gone():
            if not self._room():
                return
            with self._journal.saving():
                self._journal.begin(graph, "")
            self._give(graph)
        self._finished()

    def _give(self, what: Task | str) -> None:
        self._free -= 1
        self._workers.give(what)

    def _room(self) -> bool:
        """Whether the push goes on, once a worker is free."""
        while not self._free:
            self._hear()
        return not self._outcome.problems or self._finished()

    def _finished(self) -> bool:
        """Whether all went well, once all workers are free."""
        while self._free < self._jobs:
            self._hear()
        return not self._outcome.problems

    def _hear(self) -> None:
        """Take down what workers have to tell, waiting for the first of it."""
        told = [self._workers.told.get()]
        while not self._workers.told.empty():
            told.append(self._workers.told.get())
        with self._journal.saving():
            for one in told:
                self._take(one)

    def _take(self, one: Told) -> None:
        outcome = self._outcome
        if one is None:
            self._free += 1
        elif isinstance(one, Taken):
            outcome.bytes += one.sent
            self._journal.take(one.graph, one.upto)
            self._begun.add(one.graph)
            if one.whole:
                self._journal.confirm(one.graph)
                task = self._sending.pop(one.graph)
                self._begun.discard(one.graph)
                outcome.sent += 1
                outcome.resumed += bool(task.taken)
                outcome.statements += task.group.statements
                if self._progress:
                    self._progress("sent", outcome.sent)
        elif isinstance(one, Gone):
            self._journal.forget(one.graph)
            outcome.deleted += 1
        elif isinstance(one, Failed):
            outcome.problems.append(f"{one.graph}: {one.why}")
            self._workers.end()
            if one.refused:
                self._withdraw(one.graph)
        elif isinstance(one, Unsent):
            self._withdraw(one.graph)
        else:
            raise one

    def _withdraw(self, graph: str) -> None:
        """Forget a graph that we did not put there after all: it must never be deleted as ours."""
        task = self._sending.get(graph)
        if task is not None and task.new and graph not in self._begun:
            self._journal.forget(graph)

"""Graphs sent to a store by the SPARQL 1.1 Graph Store HTTP Protocol, a few at a time.

https://www.w3.org/TR/sparql11-http-rdf-update/

Workers send; they say what the store took, and one thread alone writes that down.
"""

from __future__ import annotations

import gzip
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from queue import SimpleQueue
from typing import BinaryIO, NamedTuple
from urllib.parse import quote

from kg.fetch.hosts import origin
from kg.fetch.http import Answer, Client, Clock, Refused, Request, Unanswered
from kg.push.grouping import Group, piece
from kg.push.journal import Task

_TURN = 0.5  # seconds after which a resting worker looks whether the push has ended
_WHY = {
    403: "the store forbids it: may this user write?",
    404: "no Graph Store at this address",
    405: "this address takes no {method}: is it the store's query address?",
    411: "the store wants to know the length beforehand: a proxy between takes it away",
    413: "a piece of {size:,} bytes is too large for the store: give a smaller --piece-size",
    415: "the store takes no {kind}",
}


@dataclass(frozen=True)
class Settings:
    """Where to and how: ``piece`` is in bytes before compression, ``timeout`` in seconds."""

    endpoint: str
    login: tuple[str, str] | None = field(default=None, repr=False)  # name and password
    piece: int = 4 * 1024 * 1024
    gzip: bool = False
    jobs: int = 2
    timeout: float = 300.0


class Taken(NamedTuple):
    """The store has a graph up to a byte; ``whole``: all of it. ``sent``: bytes that went out."""

    graph: str
    upto: int
    sent: int
    whole: bool


class Gone(NamedTuple):
    """A graph is no longer in the store."""

    graph: str


class Failed(NamedTuple):
    """A graph that the store did not take, or did not delete, and why: the push ends.

    ``refused``: the store said so; otherwise nobody knows what became of the last request.
    """

    graph: str
    why: str
    refused: bool


class Unsent(NamedTuple):
    """A graph of which no request went out, because the push ended before."""

    graph: str


class Stopped(Exception):
    """The push has ended while a worker was at rest."""


class SharedRest:
    """The clock of all workers: when the store asks one of them for rest, all rest."""

    def __init__(self, clock: Clock) -> None:
        self._clock, self._until = clock, 0.0
        self._lock = threading.Lock()
        self.ended = threading.Event()

    def now(self) -> datetime:
        return self._clock.now()

    def ticks(self) -> float:
        return self._clock.ticks()

    def sleep(self, seconds: float) -> None:
        with self._lock:
            self._until = max(self._until, self.ticks() + seconds)
        self.rest()

    def rest(self) -> None:
        """Return when the rest that the store asked for is over. Raises Stopped at the end."""
        while True:
            if self.ended.is_set():
                raise Stopped
            left = self._until - self.ticks()
            if left <= 0:
                return
            self._clock.sleep(min(left, _TURN))


Told = (
    Taken | Gone | Failed | Unsent | BaseException | None
)  # None: the worker is done with what it had
Given = Task | str | None  # a graph to send, the name of one to delete, or the end


class Workers:
    """``settings.jobs`` workers that send what they are given from the grouped file."""

    def __init__(
        self, settings: Settings, grouped: Path, clock: Clock, talk: Callable[[str], None]
    ) -> None:
        self.settings, self.grouped, self.talk = settings, grouped, talk
        self.told: SimpleQueue[Told] = SimpleQueue()
        self._given: SimpleQueue[Given] = SimpleQueue()
        self._rest = SharedRest(clock)
        # Daemons: a push that is interrupted does not wait for a store that does not answer.
        self._threads = [threading.Thread(target=self._work, daemon=True) for _ in self._all]

    @property
    def _all(self) -> range:
        return range(self.settings.jobs)

    def __enter__(self) -> Workers:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        self.end()
        for _worker in self._all:
            self._given.put(None)
        if kind is None:
            for thread in self._threads:
                thread.join()

    def give(self, what: Task | str) -> None:
        """Have a graph sent, or the graph of this name deleted."""
        self._given.put(what)

    def end(self) -> None:
        """Have workers stop at the next piece, and at rest."""
        self._rest.ended.set()

    def _work(self) -> None:
        settings = self.settings
        host = origin(settings.endpoint)[1]
        try:
            with (
                Client(
                    self._rest, float("inf"), settings.timeout, host, self.talk, settings.login
                ) as client,
                self.grouped.open("rb") as file,
            ):
                while (what := self._given.get()) is not None:
                    self._do(client, file, what)
                    self.told.put(None)
        except BaseException as error:  # whatever it is, the thread that waits must hear of it
            self.told.put(error)

    def _do(self, client: Client, file: BinaryIO, what: Task | str) -> None:
        graph = what if isinstance(what, str) else what.group.graph
        try:
            self._rest.rest()
        except Stopped:
            self.told.put(Unsent(graph))
            return
        try:
            if isinstance(what, str):
                self._delete(client, what)
            else:
                self._send(client, file, what.group, what.taken)
        except Stopped:
            pass
        except (Refused, Unanswered) as error:
            self.told.put(Failed(graph, str(error), isinstance(error, Refused)))

    def _send(self, client: Client, file: BinaryIO, group: Group, taken: int) -> None:
        """The first piece replaces the graph; the others are added, in order.

        To add a piece once more changes nothing: a graph is a set and ours has no blank nodes.
        """
        while taken < group.size:
            self._rest.rest()
            end = group.start + group.size
            data = piece(file, group.start + taken, end, self.settings.piece)
            verb = "POST" if taken else "PUT"
            taken += len(data)
            headers = {"Content-Type": "application/n-triples"}
            if self.settings.gzip:
                data = gzip.compress(data, 6, mtime=0)
                headers["Content-Encoding"] = "gzip"
            self._ask(client, Request(self._address(group.graph), data, verb), headers)
            self.told.put(Taken(group.graph, taken, len(data), taken == group.size))

    def _delete(self, client: Client, graph: str) -> None:
        self._ask(client, Request(self._address(graph), verb="DELETE"), {})
        self.told.put(Gone(graph))

    def _ask(self, client: Client, request: Request, headers: dict[str, str]) -> None:
        answer, _ = client.ask(request, lambda _: None, headers)
        self._judge(answer)

    def _address(self, graph: str) -> str:
        return f"{self.settings.endpoint}?graph={quote(graph, safe='')}"

    def _judge(self, answer: Answer) -> None:
        """Nothing where the store did it. Raises Refused with the reason where it did not.

        What the store says about it is not shown: it may repeat what the graph holds.
        """
        status, request = answer.status, answer.request
        if status in (200, 201, 204) or (request.method == "DELETE" and status in (404, 410)):
            return
        if status == 401:
            why = (
                "the store does not accept this name and password"
                if self.settings.login
                else "the store wants a name and a password: --user NAME, KG_PUSH_PASSWORD"
            )
        else:
            kind = "gzip: leave --gzip out" if self.settings.gzip else "application/n-triples"
            why = _WHY.get(status, "not what a Graph Store answers").format(
                method=request.method, size=len(request.sent), kind=kind
            )
        raise Refused(f"{request.method}: status {status}: {why}", status)

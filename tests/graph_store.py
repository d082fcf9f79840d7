"""A store on this machine's loopback that speaks the Graph Store HTTP Protocol, faults included.

    python graph_store.py FOLDER PORT      a process of its own, with its store on disk

Every request is logged; a test lays faults for chosen ones.
"""

from __future__ import annotations

import base64
import gzip
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple
from urllib.parse import parse_qs, urlsplit

from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

Quads = frozenset[Quad]


class Asked(NamedTuple):
    """One request as the store saw it."""

    method: str
    graph: str
    headers: dict[str, str]
    sent: bytes


class Fault(NamedTuple):
    """How a request goes wrong: a status, or a connection cut (0) before or after the deed."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    done: bool = False


def status(code: int, **headers: str) -> Fault:
    """This status in place of the deed; ``_`` in header names stands for ``-``."""
    return Fault(code, tuple((name.replace("_", "-"), value) for name, value in headers.items()))


CUT_BEFORE = Fault(0)
CUT_AFTER = Fault(0, done=True)  # the store did it, and could not say so


@dataclass
class GraphStore:
    """What the store holds, how it errs, and what it was asked."""

    store: Store = field(default_factory=Store)
    login: tuple[str, str] | None = None
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    log: list[Asked] = field(default_factory=list)
    most_at_once: int = 0
    before: Callable[[int], None] = lambda _n: None
    after: Callable[[int], None] = lambda _n: None
    base: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)
    _at_once: int = 0
    _came: int = 0

    @property
    def endpoint(self) -> str:
        return f"{self.base}/trials/data"

    def lay(self, pattern: str, *faults: Fault) -> None:
        """Have the next requests whose method and graph match meet these faults, one each."""
        self.faults += [(pattern, fault) for fault in faults]

    def asked(self, pattern: str = "") -> list[str]:
        """``METHOD graph`` of what was asked and matches, in order."""
        told = [f"{asked.method} {asked.graph}" for asked in self.log]
        return [one for one in told if re.search(pattern, one)]

    def quads(self) -> Quads:
        """All that the store holds."""
        return frozenset(self.store)

    # -- answers ----------------------------------------------------------------------------------

    def entered(self, by: int) -> int:
        """Count requests under way; the number of this one, from 1: no two have the same."""
        with self.lock:
            self._at_once += by
            self._came += by > 0
            self.most_at_once = max(self.most_at_once, self._at_once)
            return self._came

    def answer(self, asked: Asked) -> Fault:
        with self.lock:
            self.log.append(asked)
            told = f"{asked.method} {asked.graph}"
            for n, (pattern, fault) in enumerate(self.faults):
                if re.search(pattern, told):
                    del self.faults[n]
                    if fault.done:
                        self._done(asked)
                    return fault
            return self._done(asked)

    def _done(self, asked: Asked) -> Fault:
        if self.login is not None:
            token = base64.b64encode(":".join(self.login).encode()).decode()
            if asked.headers.get("authorization") != f"Basic {token}":
                return status(401, WWW_Authenticate='Basic realm="trials"')
        if not asked.graph:
            return status(400)
        name = NamedNode(asked.graph)
        there = self.store.contains_named_graph(name)
        if asked.method == "DELETE":
            self.store.remove_graph(name)
            return status(204 if there else 404)
        if asked.method not in ("PUT", "POST"):
            return status(405)
        if asked.headers.get("content-type") != "application/n-triples":
            return status(415)
        data = asked.sent
        if asked.headers.get("content-encoding") == "gzip":
            data = gzip.decompress(data)
        try:
            read = [
                Quad(q.subject, q.predicate, q.object, name)
                for q in parse(data, format=RdfFormat.N_TRIPLES)
            ]
        except SyntaxError:
            return status(400)
        if asked.method == "PUT":
            self.store.clear_graph(name)
        self.store.add_graph(name)
        self.store.extend(read)
        return status(204 if there else 201)


def quads_of(path: Path, *, contacts: bool = False) -> Quads:
    """All that the store must hold after the push of an N-Quads file."""
    found = parse(path=str(path), format=RdfFormat.N_QUADS)
    kept = frozenset(q for q in found if contacts or not q.graph_name.value.endswith("/contacts"))
    assert DefaultGraph() not in {q.graph_name for q in kept}
    return kept


def _handler(there: GraphStore) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def _any(self) -> None:
            n = there.entered(1)
            try:
                there.before(n)
                self._one(n)
            finally:
                there.entered(-1)

        def _one(self, n: int) -> None:
            sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = urlsplit(self.path)
            graph = parse_qs(parts.query).get("graph", [""])[0]
            headers = {name.lower(): value for name, value in self.headers.items()}
            if parts.path != "/trials/data":
                given = status(404)
            else:
                given = there.answer(Asked(self.command, graph, headers, sent))
            there.after(n)
            if not given.status:
                self.close_connection = True
                return
            self.send_response(given.status)
            for name, value in given.headers:
                self.send_header(name, value)
            if given.status != 204:
                self.send_header("Content-Length", "0")
            self.end_headers()

        def do_PUT(self) -> None:
            self._any()

        def do_POST(self) -> None:
            self._any()

        def do_DELETE(self) -> None:
            self._any()

        def log_message(self, *_: object) -> None:
            pass

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_: object) -> None:
        """Clients that are killed are part of the tests."""


@contextmanager
def serving(**settings: object) -> Iterator[GraphStore]:
    """A store on a free port, until the block ends."""
    there = GraphStore(**settings)  # type: ignore[arg-type]
    server = _Server(("127.0.0.1", 0), _handler(there))
    there.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield there
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def main(folder: str, port: str) -> None:
    """Serve a store on disk, and say on standard output each request and that it listens."""
    there = GraphStore(store=Store(folder))
    # In one piece: between a number and its line end another thread may print.
    there.after = lambda n: print(f"{n}\n", end="", flush=True)  # noqa: T201
    server = _Server(("127.0.0.1", int(port)), _handler(there))
    print(server.server_port, flush=True)  # noqa: T201
    server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])

"""Registries on this machine's loopback, each behaving as the real one does, faults included.

All trials and people are invented. Every request is logged; a test lays faults for chosen ones.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, NamedTuple
from urllib.parse import parse_qs, urlsplit

WALL = b"<html><script>var arg1='0';document.cookie='acw_sc__v2='+arg1;</script></html>"
LOGIN = "<html><title>用户登录</title><form><input type='password'></form></html>".encode()


class Asked(NamedTuple):
    """One request as the server saw it."""

    method: str
    path: str
    headers: dict[str, str]
    sent: bytes


class Given(NamedTuple):
    """One answer as the server gives it; ``cut`` bytes of the body, then the connection ends."""

    status: int
    body: bytes
    kind: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()
    cut: int | None = None


Fault = Callable[[Given], Given]


def status(code: int, **headers: str) -> Fault:
    """A fault: this status in place of the answer; ``_`` in header names stands for ``-``."""
    names = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return lambda _: Given(code, b"busy", "text/plain", names)


def page(body: bytes, code: int = 200) -> Fault:
    """A fault: a web page in place of the answer."""
    return lambda _: Given(code, body, "text/html; charset=utf-8")


def cut(share: float) -> Fault:
    """A fault: the connection ends after this share of the body."""
    return lambda given: given._replace(cut=int(len(given.body) * share))


def redirect(target: str) -> Fault:
    """A fault: a redirect to this address."""
    return lambda _: Given(302, b"", "text/plain", (("Location", target),))


def study(n: int, updated: str = "2026-01-05") -> dict[str, Any]:
    """An invented study of ClinicalTrials.gov; the first have the numbers kept for inventions."""
    return {
        "protocolSection": {
            "identificationModule": {
                "nctId": f"NCT{9999000 + n:08}",
                "briefTitle": f"Invented {n}",
            },
            "statusModule": {"lastUpdatePostDateStruct": {"date": updated, "type": "ACTUAL"}},
        }
    }


def chictr_page(number: str, proj: int) -> bytes:
    """An invented record's page, in the registry's form."""
    return (
        f"<!DOCTYPE html><html><head><title>Invented registry</title></head><body>"
        f"<input type='hidden' name='pid' value='{proj}'><table><tr>"
        f"<td class='left_title'><p class='cn'>注册号：</p></td><td>{number}</td></tr></table>"
        f"</body></html>"
    ).encode()


@dataclass
class Registries:
    """What the server holds, how it errs, and what it was asked."""

    studies: list[dict[str, Any]] = field(default_factory=list)
    version: str = "2026-01-10T09:00:00"
    totals: list[int] = field(default_factory=list)  # announced on the pages to come
    overlap: int = 0  # studies of a page that come on the next one again
    isrctn: dict[str, str] = field(default_factory=dict)  # number -> title
    isrctn_total: int | None = None
    ctis: dict[str, str] = field(default_factory=dict)  # number -> lastUpdated
    projects: dict[int, str] = field(default_factory=dict)  # proj -> ChiCTR number
    robots: str | None = None
    etags: bool = False
    faults: list[tuple[str, Fault]] = field(default_factory=list)
    log: list[Asked] = field(default_factory=list)
    before: Callable[[int, Given], Given] = lambda _n, given: given
    halfway: Callable[[int], None] = lambda _n: None
    after: Callable[[int], None] = lambda _n: None
    base: str = ""
    lock: threading.Lock = field(default_factory=threading.Lock)

    def lay(self, pattern: str, *faults: Fault) -> None:
        """Have the next requests whose path matches meet these faults, one each."""
        self.faults += [(pattern, fault) for fault in faults]

    def asked(self, pattern: str) -> list[str]:
        """Paths asked for that match, in order."""
        return [asked.path for asked in self.log if re.search(pattern, asked.path)]

    # -- answers ----------------------------------------------------------------------------------

    def answer(self, asked: Asked) -> Given:
        parts = urlsplit(asked.path)
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        given = self._of(asked, parts.path, query)
        if self.etags and given.status == 200:
            etag = f'"{hashlib.sha256(given.body).hexdigest()[:16]}"'
            if asked.headers.get("if-none-match") == etag:
                return Given(304, b"", given.kind)
            given = given._replace(headers=(*given.headers, ("ETag", etag)))
        for n, (pattern, fault) in enumerate(self.faults):
            if re.search(pattern, asked.path):
                del self.faults[n]
                return fault(given)
        return given

    def _of(self, asked: Asked, path: str, query: dict[str, str]) -> Given:
        if path == "/api/v2/version":
            told = {"apiVersion": "2.0.5", "dataTimestamp": self.version}
            return Given(200, json.dumps(told).encode())
        if path == "/api/v2/studies":
            return self._studies(query)
        if path == "/api/query/format/default":
            return self._isrctn_page(query)
        if found := re.fullmatch(r"/api/trial/(ISRCTN\d+)/format/default", path):
            return self._isrctn_record(found[1])
        if path == "/ctis-public-api/search":
            return self._ctis_search(json.loads(asked.sent))
        if found := re.fullmatch(r"/ctis-public-api/retrieve/([\d-]+)", path):
            return self._ctis_record(found[1])
        if path == "/robots.txt" and self.robots is not None:
            return Given(200, self.robots.encode(), "text/plain")
        if path == "/searchproj.html":
            return self._chictr_list(query.get("regno", ""))
        if path == "/showproj.html":
            proj = int(query["proj"])
            if proj not in self.projects:
                return Given(200, b"<html><title>Empty</title></html>", "text/html")
            return Given(200, chictr_page(self.projects[proj], proj), "text/html")
        return Given(404, b"nothing here", "text/plain")

    def _studies(self, query: dict[str, str]) -> Given:
        found = self.studies
        if "filter.ids" in query:
            wanted = set(re.split(r"[,|]", query["filter.ids"]))
            found = [s for s in found if _number(s) in wanted]
        if "filter.advanced" in query:
            since = re.search(r"RANGE\[([\d-]+),MAX\]", query["filter.advanced"])
            assert since
            found = [s for s in found if _updated(s) >= since[1]]
        size = int(query.get("pageSize", "10"))
        at = 0
        if "pageToken" in query:
            at = int(base64.urlsafe_b64decode(query["pageToken"]).decode().removeprefix("at "))
        end = at + size
        told: dict[str, Any] = {"studies": found[at - self.overlap if at else 0 : end]}
        if self.totals:
            told["totalCount"] = self.totals.pop(0)
        elif query.get("countTotal") == "true" and not at:
            told["totalCount"] = len(found)
        if end < len(found):
            told["nextPageToken"] = base64.urlsafe_b64encode(f"at {end}".encode()).decode()
        return Given(200, json.dumps(told).encode())

    def _isrctn_page(self, query: dict[str, str]) -> Given:
        at, size = int(query.get("offset", "0")), int(query["limit"])
        rows = list(self.isrctn.items())[at : at + size]
        total = len(self.isrctn) if self.isrctn_total is None else self.isrctn_total
        body = "".join(_isrctn(number, title) for number, title in rows)
        text = f'<allTrials xmlns="http://www.67bricks.com/isrctn" totalCount="{total}">{body}'
        return Given(200, f"{text}</allTrials>".encode(), "application/xml")

    def _isrctn_record(self, number: str) -> Given:
        if number not in self.isrctn:
            return Given(404, b"no such trial", "text/plain")
        body = _isrctn(number, self.isrctn[number])
        space = ' xmlns="http://www.67bricks.com/isrctn"'
        text = body.replace("<fullTrial>", f"<fullTrial{space}>")
        return Given(200, text.encode(), "application/xml")

    def _ctis_search(self, asked: dict[str, Any]) -> Given:
        number, size = asked["pagination"]["page"], asked["pagination"]["size"]
        rows = [{"ctNumber": n, "lastUpdated": when} for n, when in self.ctis.items()]
        if number == 0:  # as the real one does
            rows = []
        told = {
            "pagination": {
                "totalRecords": len(rows),
                "currentPage": number,
                "nextPage": number * size < len(rows),
            },
            "data": rows[(number - 1) * size : number * size],
        }
        return Given(200, json.dumps(told).encode())

    def _ctis_record(self, number: str) -> Given:
        if number not in self.ctis:
            return Given(200, b"{}")
        told = {"ctNumber": number, "lastUpdated": self.ctis[number], "authorizedApplication": {}}
        return Given(200, json.dumps(told).encode())

    def _chictr_list(self, number: str) -> Given:
        rows = [(proj, n) for proj, n in self.projects.items() if n == number]
        body = "".join(
            f"<tr><td><a href='historyversionpub.html?regno={n}'>历史版本</a></td><td>{n}</td>"
            f"<td><a href='showproj.html?proj={proj}' class='tit1'>Invented</a></td></tr>"
            for proj, n in rows
        )
        text = f"<html><body>注册号<span id='data-total'>{len(rows)}</span><table>{body}</table>"
        return Given(200, f"{text}</body></html>".encode(), "text/html")


def _number(one: dict[str, Any]) -> str:
    return str(one["protocolSection"]["identificationModule"]["nctId"])


def _updated(one: dict[str, Any]) -> str:
    return str(one["protocolSection"]["statusModule"]["lastUpdatePostDateStruct"]["date"])


def _isrctn(number: str, title: str) -> str:
    return (
        f"<fullTrial><trial><isrctn>{number.removeprefix('ISRCTN')}</isrctn><trialDescription>"
        f"<title>{title}</title></trialDescription></trial></fullTrial>"
    )


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    registries: Registries

    def do_GET(self) -> None:
        held = self.registries
        sent = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        headers = {name.lower(): value for name, value in self.headers.items()}
        asked = Asked(self.command, self.path, headers, sent)
        with held.lock:
            held.log.append(asked)
            n = len(held.log)
            given = held.before(n, held.answer(asked))
        try:
            self.send_response(given.status)
            self.send_header("Content-Type", given.kind)
            self.send_header("Content-Length", str(len(given.body)))
            for name, value in given.headers:
                self.send_header(name, value)
            self.end_headers()
            half = len(given.body) // 2 if given.cut is None else given.cut
            self.wfile.write(given.body[:half])
            self.wfile.flush()
            if given.cut is not None:
                self.close_connection = True
                return
            held.halfway(n)
            self.wfile.write(given.body[half:])
            self.wfile.flush()
            held.after(n)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def do_POST(self) -> None:
        self.do_GET()

    def log_message(self, *_: object) -> None:
        """Say nothing: requests are in the log."""


@contextmanager
def serving(**held: Any) -> Iterator[Registries]:
    """A server on a free port of the loopback, for the time of the block."""
    registries = Registries(**held)
    handler = type("Handler", (_Handler,), {"registries": registries})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    server.daemon_threads = True
    registries.base = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield registries
    finally:
        server.shutdown()
        server.server_close()
        thread.join()

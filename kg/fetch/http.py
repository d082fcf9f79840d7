"""A polite, patient and distrustful client: one request at a time, at a pace, with retries.

It says who it is, waits as long as it is told to, follows no redirect to another host, reads no
more than it can hold, and tells an answer that was cut from one that is whole.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import NamedTuple, Protocol, TypeVar
from urllib.parse import urljoin, urlsplit

import requests
from requests.auth import HTTPBasicAuth
from requests.utils import get_environ_proxies
from urllib3.exceptions import HTTPError, ReadTimeoutError

from kg import __version__
from kg.fetch import hosts
from kg.fetch.hosts import ForbiddenHost
from kg.values import one_line

USER_AGENT = f"trialkg/{__version__} (+https://w3id.org/trialkg)"
TRIES = 6  # of one request
FIRST_WAIT = 2.0  # seconds before the second try; doubled each time
LONGEST_WAIT = 900.0  # seconds; a server that asks for more is left alone
LARGEST = 256 * 1024 * 1024  # bytes of one answer: what kg build reads of one file
LONGEST_ANSWER = 900.0  # seconds from the first byte to the last
MOST_REDIRECTS = 5
_AGAIN = frozenset({408, 425, 429, 500, 502, 503, 504})
_MOVED = frozenset({301, 302, 303, 307, 308})
_CHUNK = 1 << 16


class Clock(Protocol):
    """What time it is, and waiting; tests bring one of their own."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

    def ticks(self) -> float:
        """Seconds of a clock that never jumps."""

    def sleep(self, seconds: float) -> None:
        """Return after so many seconds."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        return datetime.now(UTC)

    def ticks(self) -> float:
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        time.sleep(seconds)


class Request(NamedTuple):
    """What is asked: an address, and what is sent along: JSON, unless the headers say otherwise."""

    address: str
    sent: bytes = b""
    verb: str = ""  # where it is neither a GET nor the POST of what is sent

    @property
    def method(self) -> str:
        return self.verb or ("POST" if self.sent else "GET")


class Answer(NamedTuple):
    """What came: header names in lower case, the body without its transport encoding."""

    request: Request
    status: int
    headers: Mapping[str, str]
    body: bytes


class Cut(Exception):
    """The answer is not whole; asking again may help."""


class Refused(Exception):
    """An answer that is no record, in words. ``final``: asking again will not change it.

    ``wall``: the host does not want this client now, so nothing else is asked there.
    """

    def __init__(self, why: str, status: int = 0, *, final: bool = False, wall: bool = False):
        super().__init__(why)
        self.status, self.final, self.wall = status, final, wall


class Unanswered(Exception):
    """No whole answer came after all tries, in words."""


Read = TypeVar("Read")


class _Session(requests.Session):
    """A session that leaves redirects to us: requests would read their bodies without a limit."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


class Client:
    """Asks one registry or store. ``rate`` is in requests a minute, ``timeout`` in seconds.

    ``named_host`` is the host that the user named, which may be private; all others may not.
    ``login`` is a name and a password; they go to the host that is asked and nowhere else.
    """

    def __init__(
        self,
        clock: Clock,
        rate: float,
        timeout: float,
        named_host: str = "",
        talk: Callable[[str], None] = lambda line: None,
        login: tuple[str, str] | None = None,
    ) -> None:
        self.clock, self.timeout, self.talk = clock, timeout, talk
        self.pause = 60.0 / rate
        self.requests = self.bytes = 0
        self._earliest = clock.ticks()
        self._session = _Session()
        # No .netrc: a password that is meant for a host of the user's must not go out.
        self._session.trust_env = False
        self._session.verify = os.environ.get("REQUESTS_CA_BUNDLE") or True
        self._session.headers["User-Agent"] = USER_AGENT
        if login is not None:  # as bytes: requests would write them in Latin-1
            self._session.auth = HTTPBasicAuth(login[0].encode(), login[1].encode())
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, hosts.adapter(named_host.lower()))

    def __enter__(self) -> Client:
        return self

    def __exit__(self, *_: object) -> None:
        self._session.close()

    def ask(
        self,
        request: Request,
        read: Callable[[Answer], Read],
        headers: Mapping[str, str] | None = None,
    ) -> tuple[Answer, Read | None]:
        """A whole answer and what ``read`` makes of it; None for 304 (not modified).

        ``read`` raises Cut to have the request repeated and Refused to give up. Raises Refused for
        a status that repeating does not change, and Unanswered when all tries are used up.
        """
        why = ""
        for n in range(1, TRIES + 1):
            wait = FIRST_WAIT * 2 ** (n - 1)
            try:
                answer = self._once(request, dict(headers or {}))
                if answer.status == 304 and headers:
                    return answer, None
                if answer.status not in _AGAIN:
                    return answer, read(answer)
                why = f"status {answer.status}"
                wait = max(wait, self._told_to_wait(answer))
            except Cut as cut:
                why = str(cut)
            except ForbiddenHost as error:
                raise Refused(str(error)) from None
            except requests.exceptions.SSLError as error:
                raise Unanswered(f"no safe connection: {_short(error)}") from None
            except (requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema) as error:
                raise Refused(f"not an address: {_short(error)}") from None
            except requests.exceptions.Timeout:
                why = f"no answer within {self.timeout:g} s"
            except ReadTimeoutError:
                why = f"no answer within {self.timeout:g} s"
            except (requests.RequestException, HTTPError, OSError) as error:
                inner = _forbidden(error)
                if inner:
                    raise Refused(str(inner)) from None
                why = f"connection failed or cut ({_short(error)})"
            if wait > LONGEST_WAIT:
                raise Unanswered(f"{why}; the server asks for {wait:,.0f} s of rest: run it later")
            if n < TRIES:
                self.talk(f"{why}; try {n + 1} of {TRIES} in {wait:g} s")
                self.clock.sleep(wait)
        raise Unanswered(f"{why}; given up after {TRIES} tries")

    def _told_to_wait(self, answer: Answer) -> float:
        text = answer.headers.get("retry-after", "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            return 0.0
        if until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        return max(0.0, (until - self.clock.now()).total_seconds())

    def _once(self, request: Request, headers: dict[str, str]) -> Answer:
        address = request.address
        for _ in range(MOST_REDIRECTS + 1):
            answer = self._sent(request._replace(address=address), headers)
            if answer.status not in _MOVED:
                return answer._replace(request=request)
            try:
                target = urljoin(address, answer.headers.get("location", ""))
            except ValueError:
                raise Refused("a redirect to something that is no address", answer.status) from None
            if target == address or (request.method != "GET" and answer.status not in (307, 308)):
                raise Refused("a redirect that leads nowhere", answer.status)
            hosts.may_follow(address, target)
            address = target
        raise Refused(f"more than {MOST_REDIRECTS} redirects", answer.status)

    def _sent(self, request: Request, headers: dict[str, str]) -> Answer:
        hosts.origin(request.address)
        early = self._earliest - self.clock.ticks()
        if early > 0:
            self.clock.sleep(early)
        self._earliest = self.clock.ticks() + self.pause
        self.requests += 1
        if request.sent:
            headers = {"Content-Type": "application/json", **headers}
        with self._session.request(
            request.method,
            request.address,
            data=request.sent or None,
            headers=headers,
            timeout=self.timeout,
            stream=True,
            allow_redirects=False,
            proxies=_proxies(request.address),
        ) as response:
            body = self._body(response)
            names = {name.lower(): one_line(value) for name, value in response.headers.items()}
            self._session.cookies.clear()
            return Answer(request, response.status_code, names, body)

    def _body(self, response: requests.Response) -> bytes:
        started, parts, size = self.clock.ticks(), [], 0
        # What is there is looked at, not waited for: of a byte now and then no chunk is ever full.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            parts.append(chunk)
            size += len(chunk)
            if size > LARGEST:
                raise Refused(
                    f"an answer of more than {LARGEST >> 20} MiB; ask for smaller pages",
                    response.status_code,
                )
            if self.clock.ticks() - started > LONGEST_ANSWER:
                raise Cut(f"an answer that took more than {LONGEST_ANSWER:g} s")
        self.bytes += size
        return b"".join(parts)


def _proxies(address: str) -> dict[str, str]:
    """The proxies of the environment; none stands between this machine and itself."""
    host = hosts.origin(address)[1]
    if host == "localhost" or host.startswith("127.") or host == "::1":
        return {}
    return dict(get_environ_proxies(address))


def _forbidden(error: BaseException) -> ForbiddenHost | None:
    """The refusal of ours below an error of requests, if there is one."""
    seen: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in seen:
        if isinstance(at, ForbiddenHost):
            return at
        seen.add(id(at))
        at = at.__cause__ or at.__context__
    return None


def _short(error: BaseException) -> str:
    inner: object = error
    while isinstance(inner, BaseException) and inner.args and isinstance(inner.args[0], Exception):
        inner = inner.args[0]
    reason = getattr(inner, "reason", None)
    told = re.sub(r"^\w+\(host=[^)]*\): ", "", one_line(str(reason or inner)))
    return told[:120] or type(error).__name__


def path_of(address: str) -> str:
    """Path and query of an address: how a line names a request."""
    parts = urlsplit(address)
    return parts.path + (f"?{parts.query}" if parts.query else "")

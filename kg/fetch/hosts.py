"""Which hosts a fetch may talk to: public ones, and the very host that the user named.

A name is judged by the address its connection reached, before a byte is sent: what a name
resolved to a moment earlier proves nothing.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection

DEFAULT_PORTS = {"http": 80, "https": 443}
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class ForbiddenHost(Exception):
    """Why an address is not asked, in words."""


def public(address: str) -> bool:
    """Whether an IP address is one of the open Internet.

    Private, loopback, link-local, multicast and reserved addresses are not, nor are the IPv6
    forms that carry one of them.

    >>> public("8.8.8.8"), public("169.254.169.254"), public("::ffff:10.0.0.1"), public("::1")
    (True, False, False, False)
    """
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if ip in _NAT64:
            inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inner is not None:
            return public(str(inner))
    return ip.is_global and not ip.is_multicast


def origin(address: str) -> tuple[str, str, int]:
    """Scheme, host and port of an address, in lower case.

    Raises ForbiddenHost for anything but http and https, and for an address with a password.
    """
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ForbiddenHost("not an address") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ForbiddenHost("not an http or https address")
    if parts.username is not None or parts.password is not None:
        raise ForbiddenHost("an address that carries a user name or password")
    return parts.scheme, parts.hostname, port or DEFAULT_PORTS[parts.scheme]


def may_follow(asked: str, target: str) -> None:
    """Raise ForbiddenHost where a redirect leaves the host that was asked.

    The same host at the same port is fine; so is the step from http to https at their own ports.
    """
    old, new = origin(asked), origin(target)
    upgrade = old[0] == "http" and new[0] == "https" and (old[2], new[2]) == (80, 443)
    if old[1] != new[1] or not (old == new or upgrade):
        raise ForbiddenHost(f"a redirect to another host ({new[1]}:{new[2]}), not followed")


def joined(base: str, path: str) -> str:
    """``path`` (with its query) below ``base``, whose own path may already hold its beginning.

    >>> joined("http://localhost:1/api/v2/", "/api/v2/version")
    'http://localhost:1/api/v2/version'
    >>> joined("http://localhost:1", "/api/v2/version")
    'http://localhost:1/api/v2/version'
    """
    parts = urlsplit(base)
    below = parts.path.rstrip("/")
    for cut in range(len(below), 0, -1):
        if path.startswith(below[-cut:] + "/") and below[-cut] == "/":
            below = below[:-cut]
            break
    return urlunsplit((parts.scheme, parts.netloc, "", "", "")) + below + path


def _guard(sock: socket.socket, host: str, exempt: str) -> socket.socket:
    reached = str(sock.getpeername()[0])
    if host.lower().strip("[]") == exempt or public(reached):
        return sock
    sock.close()
    raise ForbiddenHost(f"{host} is at {reached}, a private or reserved address: not asked")


def adapter(exempt: str) -> HTTPAdapter:
    """A transport that talks to public addresses, and to the host ``exempt`` wherever it is."""

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return _guard(super()._new_conn(), self.host, exempt)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return _guard(super()._new_conn(), self.host, exempt)

    class PlainPool(HTTPConnectionPool):
        ConnectionCls = Plain

    class SecurePool(HTTPSConnectionPool):
        ConnectionCls = Secure

    class Guarded(HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            super().init_poolmanager(*args, **kwargs)
            manager: PoolManager = self.poolmanager
            manager.pool_classes_by_scheme = {"http": PlainPool, "https": SecurePool}

    return Guarded(max_retries=0)

"""Files elsewhere, named by URLs (``s3://bucket/records``): fetched before they are read.

What a URL means, fsspec knows (https://filesystem-spec.readthedocs.io), and where a password is
needed, it finds it as the store's own client does: kg reads none. Outputs name such a file by its
URL without password and query. ``file://`` is a path of this machine.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import urlsplit
from urllib.request import url2pathname

from kg.contacts.masking import masked
from kg.errors import ToolError
from kg.issues import Issue
from kg.sources.cutting import File
from kg.sources.files import LARGEST, Unreadable, unreadable
from kg.values import one_line

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

WEB = ("http", "https")
_AT_ONCE = 8  # files that are fetched at a time
_BLOCK = 1024 * 1024
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_URL_IN_TEXT = re.compile(rf"{_URL.pattern}[^\s'\"<>]*")
# What clients of stores raise that is no OSError. Looked up only where the client is loaded.
_OF_CLIENTS = (
    ("aiohttp", "ClientError"),
    ("azure.core.exceptions", "AzureError"),
    ("botocore.exceptions", "BotoCoreError"),
    ("botocore.exceptions", "ClientError"),
    ("ftplib", "Error"),
    ("google.auth.exceptions", "GoogleAuthError"),
    ("paramiko", "SSHException"),
)


class Remote(NamedTuple):
    """A file or folder elsewhere."""

    url: str

    @property
    def shown(self) -> str:
        """The URL as outputs and messages show it: no user, no password, no query."""
        scheme, _, rest = self.url.partition("://")
        rest = re.split(r"[?#]", rest, maxsplit=1)[0]
        host, slash, path = rest.partition("/")
        return masked(one_line(f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"))

    @property
    def scheme(self) -> str:
        """How it is reached: ``s3``."""
        return self.url.partition("://")[0].lower()


def is_url(text: str) -> bool:
    """Whether a text is a URL and no path.

    >>> is_url("s3://bucket/a"), is_url("records/a"), is_url("C://a")
    (True, False, False)
    """
    return _URL.match(text) is not None


def place(text: str) -> Path | Remote:
    """What a user names: a path, or a URL. Raises ToolError for a ``file://`` of another machine.

    >>> place("file:///records/a%20b.json").as_posix()
    '/records/a b.json'
    """
    if not is_url(text):
        return Path(text)
    if not text.lower().startswith("file://"):
        return Remote(text)
    parts = urlsplit(text)
    if parts.netloc not in ("", "localhost"):
        raise ToolError(f"{Remote(text).shown}: a file of another machine? write file:///path")
    return Path(url2pathname(parts.path))


def filesystem(remote: Remote) -> tuple[AbstractFileSystem, str]:
    """What reaches a URL, and the URL's path in it. Raises ToolError where nothing can."""
    try:
        from fsspec.core import url_to_fs
    except ModuleNotFoundError:
        raise ToolError(f"{remote.shown}: needs fsspec: pip install 'trialkg[cluster]'") from None
    with told(remote):
        made, path = url_to_fs(remote.url)
        made.invalidate_cache()  # what another process wrote since
        return made, path if remote.scheme in WEB else path.rstrip("/")


@contextmanager
def told(remote: Remote) -> Iterator[None]:
    """Say in one line what a store or its client answered."""
    try:
        yield
    except ToolError:
        raise
    except faults() as error:
        raise ToolError(f"{remote.shown}: {said(error)}") from None


def faults() -> tuple[type[BaseException], ...]:
    """What reaching a store may raise.

    ImportError: its client is missing or too old. NotImplementedError: fsspec says so of what a
    kind of store cannot do, such as listing or writing.
    """
    of_clients = (
        getattr(sys.modules[module], name) for module, name in _OF_CLIENTS if module in sys.modules
    )
    return (OSError, ValueError, ImportError, NotImplementedError, *of_clients)


def said(error: BaseException) -> str:
    """What an error says, on one line, with no password of a URL in it."""
    if isinstance(error, FileNotFoundError):
        why = error.__cause__  # the web calls a line that is dead a file that is not there
        if not isinstance(why, OSError) or isinstance(why, FileNotFoundError):
            return "no such file or folder"
        error = why
    text = getattr(error, "strerror", None) or str(error)
    hidden = _URL_IN_TEXT.sub(lambda m: Remote(m[0]).shown, one_line(text))
    return masked(hidden)[:200] or type(error).__name__


def fetched(
    places: Iterable[Path | Remote],
    into: Path,
    *,
    web: bool = False,
    progress: Callable[[int, int], None] | None = None,
) -> list[Path | File | Issue]:
    """The places, with each file elsewhere fetched to the folder ``into``.

    A file that cannot be fetched is an issue and the others go on. ``progress`` hears how many of
    how many are fetched. Raises ToolError for a URL where nothing is or nobody answers, for pages
    of the web unless ``web``, and for a full disk.
    """
    found: list[Path | _Far] = []
    for one in places:
        found += _below(one, web=web) if isinstance(one, Remote) else [one]
    into.mkdir(exist_ok=True)
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        waiting = {
            n: threads.submit(far.fetched, into / f"{n:08d}")
            for n, far in enumerate(found)
            if isinstance(far, _Far)
        }
        try:
            here: list[Path | File | Issue] = []
            for n, file in enumerate(found):
                here.append(file if isinstance(file, Path) else waiting[n].result())
                if progress:
                    progress(n + 1, len(found))
            return here
        finally:
            threads.shutdown(cancel_futures=True)


class _Far(NamedTuple):
    """A file that is not here yet."""

    name: str
    path: str  # in its store
    store: AbstractFileSystem

    def fetched(self, to: Path) -> File | Issue:
        """Bring it here."""
        size = 0
        try:
            with self.store.open(self.path, "rb") as file, _Here(to) as here:
                while block := file.read(_BLOCK):
                    size += len(block)
                    if size > LARGEST:
                        raise Unreadable(f"larger than {LARGEST >> 30} GiB; split it")
                    here.write(block)
        except Unreadable as error:
            return unreadable(self.name, str(error))
        except faults() as error:
            return unreadable(self.name, f"could not be fetched: {said(error)}")
        return File(to, self.name)


class _Here:
    """A file of this machine. A disk that refuses it stops the build: no store is at fault."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __enter__(self) -> _Here:
        with self._room():
            self._file = self._path.open("wb")
        return self

    def __exit__(self, *_: object) -> None:
        with self._room():
            self._file.close()

    def write(self, data: bytes) -> None:
        with self._room():
            self._file.write(data)

    @contextmanager
    def _room(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            raise ToolError(f"{self._path}: {error.strerror}; files are fetched there") from None


def _below(remote: Remote, *, web: bool) -> list[_Far]:
    """The file at a URL, or all below it in their order; hidden ones are left alone."""
    if remote.scheme in WEB and not web:
        raise ToolError(
            f"{remote.shown}: nothing is fetched from the web unasked; --web asks for it, "
            "kg fetch downloads from registries"
        )
    store, root = filesystem(remote)
    with told(remote):
        # The web has no folders: a page is itself, not what it links to.
        if remote.scheme in WEB or store.isfile(root):
            return [_Far(remote.shown, root, store)]
        paths = sorted(path for path in store.find(root) if path.startswith(f"{root}/"))
    if not paths:
        raise ToolError(f"{remote.shown}: no such file or folder")
    found = []
    for path in paths:
        inside = path[len(root) + 1 :]
        if not any(part.startswith(".") for part in inside.split("/")):
            name = masked(one_line(inside))
            found.append(_Far(f"{remote.shown.rstrip('/')}/{name}", path, store))
    return found

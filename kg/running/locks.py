"""One process at a time: a lock that dies with the process that holds it."""

from __future__ import annotations

import errno
import os
import platform
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from kg.errors import ToolError

try:
    import fcntl
except ImportError:  # no such lock on this system: two runs at once are the user's care
    fcntl = None  # type: ignore[assignment]

# Filesystems that have no locks: there too two runs at once are the user's care.
_NO_LOCKS = (errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
_held: set[int] = set()


@contextmanager
def locked(path: Path, before: str = "") -> Iterator[None]:
    """Hold the lock file ``path``; who holds it, and since when, stands in it.

    Raises ToolError at once where another holds it: ``before``, then which process, and since
    when. The kernel drops the lock of a process that ends in any way; its file is then taken over.
    """
    handle = _taken(path, before)
    _held.add(handle)
    try:
        os.ftruncate(handle, 0)
        now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        os.write(handle, f"process {os.getpid()} of {platform.node()} since {now}\n".encode())
        yield
    finally:
        if handle in _held:  # else we are a child that the holder forked
            _held.discard(handle)
            with suppress(OSError):  # or it stays, as after a kill
                path.unlink()  # before it is free: see _taken
            os.close(handle)


def _taken(path: Path, before: str) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0), 0o644)
        with ExitStack() as unless_taken:
            unless_taken.callback(os.close, handle)
            if lock(handle) == "theirs":
                holder = " ".join(os.pread(handle, 200, 0).decode(errors="replace").split())
                raise ToolError(
                    f"{before}another kg is writing here{f' ({holder})' if holder else ''}; "
                    "wait for its end or name another folder"
                )
            # The last holder may have removed this file since it was opened: then it locks nothing.
            with suppress(FileNotFoundError):
                if os.path.samestat(os.fstat(handle), path.stat()):
                    unless_taken.pop_all()
                    return handle


def lock(handle: int, *, shared: bool = False) -> Literal["ours", "theirs", "none"]:
    """Whose the lock of an open file is, after asking for it; ``none`` where no lock can be had.

    A ``shared`` one is ours and of all others who ask for a shared one.
    """
    if fcntl is None:
        return "none"
    try:
        fcntl.flock(handle, (fcntl.LOCK_SH if shared else fcntl.LOCK_EX) | fcntl.LOCK_NB)
    except BlockingIOError:
        return "theirs"
    except OSError as error:
        if error.errno not in _NO_LOCKS:
            raise
        return "none"
    return "ours"


@contextmanager
def unread(folder: Path) -> Iterator[bool]:
    """Whether nobody holds a folder with a shared lock; nobody gets one while the block runs."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:  # it is not there, or no folder can be opened here
        yield True
        return
    try:
        yield lock(handle) != "theirs"
    finally:
        os.close(handle)


def _forget() -> None:
    """A forked child drops its copies: a worker that outlives its killed parent holds no lock."""
    while _held:
        os.close(_held.pop())


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget)

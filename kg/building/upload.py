"""An output elsewhere: built here, then uploaded so that a reader never sees half of one.

Below the URL lie ``build-<digest>/``, an output as a folder would hold it, and ``manifest.json``:
that output's, with its folder's name as ``folder``. It is replaced last, in one step where the
store replaces a file in one step, as object stores do. So who reads it and then the folder it names
sees the old output or the new one, whole. The output before stays until the next upload: who has
begun to read it can end. ``.building`` is there while a build holds the URL.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import secrets
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kg.building.output import MANIFEST
from kg.errors import ToolError
from kg.sources.remote import WEB, Remote, faults, filesystem, said, told

if TYPE_CHECKING:
    from fsspec import AbstractFileSystem

_AT_ONCE = 8  # files that are uploaded at a time
_BUILD = "build-"
_LOCK = ".building"
_DIFFERS = ("run.json", "store/")  # from run to run of the same build


class _Target(NamedTuple):
    """Where an output goes."""

    remote: Remote
    store: AbstractFileSystem
    root: str

    def at(self, name: str) -> str:
        """The path of what lies below the URL."""
        return f"{self.root}/{name}"

    def names(self) -> list[str]:
        """What lies right below the URL."""
        self.store.invalidate_cache()
        try:
            found = self.store.ls(self.root, detail=False)
        except FileNotFoundError:
            return []
        names = (path.rstrip("/")[len(self.root) + 1 :] for path in found)
        return sorted(name for name in names if name)


@contextmanager
def uploading(to: Remote, *, force: bool = False) -> Iterator[Path]:
    """A folder of this machine to build in; when the block ends, what it holds goes to the URL.

    Nothing is uploaded after an error. Raises ToolError where another build holds the URL, where
    it holds anything that no build wrote (unless ``force``), and where the store refuses.
    """
    if to.scheme in WEB:
        raise ToolError(f"{to.shown}: the web is no place to write to; name a store, such as s3://")
    target = _Target(to, *filesystem(to))
    with told(to):
        _may_replace(target, force=force)
    with (
        _held(target, force=force) as mine,
        tempfile.TemporaryDirectory(prefix="kg-") as name,
    ):
        here = Path(name) / "output"
        try:
            yield here
        except ToolError as error:  # in the words of the call: it knows no folder of ours
            if str(here) not in error.message:
                raise
            raise ToolError(error.message.replace(str(here), to.shown)) from error.__cause__
        with told(to):
            _published(target, here, mine)


def _may_replace(target: _Target, *, force: bool) -> None:
    others = [name for name in target.names() if name != _LOCK]
    if force or MANIFEST in others:
        return
    if any(not name.startswith(_BUILD) for name in others):  # else: the first one was killed
        shown = target.remote.shown
        raise ToolError(f"{shown} holds files that kg did not write; name another or --force")
    if target.store.isfile(target.root):
        raise ToolError(f"{target.remote.shown} is a file; name a folder")


@contextmanager
def _held(target: _Target, *, force: bool) -> Iterator[bytes]:
    """Nobody else builds here; what stands in the lock is ours."""
    now = datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    # The last word tells two builds of one process number apart.
    who = f"process {os.getpid()} of {platform.node()} since {now} {secrets.token_hex(4)}"
    mine = who.encode()
    lock = target.at(_LOCK)
    with told(target.remote):
        if not force and (holder := _holder(target)) is not None:
            raise ToolError(_theirs(target, holder))
        target.store.makedirs(target.root, exist_ok=True)
        try:
            # Where the store can, it refuses the second of two that come at once.
            target.store.pipe_file(lock, mine, mode="overwrite" if force else "create")
        except FileExistsError:
            raise ToolError(_theirs(target, _holder(target) or b"")) from None
    try:
        yield mine
    finally:
        with suppress(*faults()):  # what went wrong before is worth more; the next build tells
            if _holder(target) == mine:
                target.store.rm_file(lock)


def _holder(target: _Target) -> bytes | None:
    target.store.invalidate_cache()
    try:
        found: bytes = target.store.cat_file(target.at(_LOCK))
    except FileNotFoundError:
        return None
    return found


def _theirs(target: _Target, holder: bytes) -> str:
    who = " ".join(holder.decode(errors="replace").split()[:-1])[:200]
    return (
        f"{target.remote.shown}: another kg is writing here{f' ({who})' if who else ''}; wait for "
        f"its end, or --force where it was killed"
    )


def _published(target: _Target, here: Path, mine: bytes) -> None:
    """Upload the output, name it, and remove those before the one that was named."""
    files = sorted(path for path in here.rglob("*") if path.is_file())
    folder = _BUILD + _digest(here, files)
    before = _named(target)
    if not target.store.exists(target.at(f"{folder}/{MANIFEST}")):
        _uploaded(target, here, files, folder)
    if _holder(target) != mine:
        raise ToolError(f"{target.remote.shown}: another build took over; this one is not shown")
    manifest = json.loads((here / MANIFEST).read_text(encoding="utf-8"))
    text = json.dumps(manifest | {"folder": folder}, ensure_ascii=False, indent=2, sort_keys=True)
    target.store.pipe_file(target.at(MANIFEST), f"{text}\n".encode())
    for name in target.names():
        if name.startswith(_BUILD) and name not in (folder, before):
            try:
                target.store.rm(target.at(name), recursive=True)
            except OSError as error:
                why = f"the new output stands; {name} could not be removed: {said(error)}"
                raise ToolError(f"{target.remote.shown}: {why}") from None


def _digest(here: Path, files: list[Path]) -> str:
    """A name for what a build made; the same for the same."""
    made = hashlib.sha256()
    for path in files:
        name = path.relative_to(here).as_posix()
        if not name.startswith(_DIFFERS):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            made.update(f"{digest} {name}\n".encode())
    return made.hexdigest()[:16]


def _named(target: _Target) -> str | None:
    """The folder of the output that readers see now."""
    try:
        found = json.loads(target.store.cat_file(target.at(MANIFEST)))
    except (FileNotFoundError, ValueError):  # of somebody else: --force replaces it
        return None
    folder = found.get("folder") if isinstance(found, dict) else None
    return folder if isinstance(folder, str) else None


def _uploaded(target: _Target, here: Path, files: list[Path], folder: str) -> None:
    """Upload every file, the manifest last: a folder that has one is whole."""
    if target.store.exists(target.at(folder)):  # what a killed build left
        target.store.rm(target.at(folder), recursive=True)

    def put(path: Path) -> None:
        to = target.at(f"{folder}/{path.relative_to(here).as_posix()}")
        target.store.makedirs(to.rpartition("/")[0], exist_ok=True)
        target.store.put_file(str(path), to)

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        try:
            list(threads.map(put, (path for path in files if path != here / MANIFEST)))
        finally:
            threads.shutdown(cancel_futures=True)
    put(here / MANIFEST)

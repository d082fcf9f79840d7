"""What earlier builds of one folder read and found: so that a build does the work for what changed.

Beside the output lies ``<out>.cache.sqlite``. An entry is found by a keyed digest of all that it
hangs on, the code of kg and its tables among it; whatever differs in anything is not found, and is
done anew. So an old, a damaged or a missing cache costs time and changes nothing.

What stands in it are statements, counts and findings as they are published, and keyed digests of
contacts for identity, never contacts. The key (``contact_key``) lies in the user's own folder, out
of what is published. It signs each entry too: what anybody else wrote is not read.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import os
import pickle
import secrets
import sqlite3
import sys
import zlib
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from kg.resources import folder

FORMAT = 1
_MAC = 16  # bytes
_KEY_FILE = "contact-key"
# What sqlite3 raises for a damaged file: it says what is wrong in bytes of that file, which need be
# no text.
_DAMAGED = (sqlite3.Error, UnicodeDecodeError)
_SCHEMA = "CREATE TABLE IF NOT EXISTS entries (key BLOB PRIMARY KEY, entry BLOB NOT NULL)"


def contact_key() -> bytes | None:
    """The key of this user's contact digests; made on first use. None where there is no folder.

    It lies in ``$XDG_STATE_HOME/trialkg``, else in ``~/.local/state/trialkg``. Nothing that a
    build writes hangs on it: where it is lost, everything is read anew once.
    """
    try:
        home = Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state")
        file = home / "trialkg" / _KEY_FILE
        with contextlib.suppress(FileExistsError):
            _made(file)
        found = file.read_bytes()
    except (OSError, RuntimeError):  # RuntimeError: nobody's home
        return None
    return found if len(found) == 32 else None


def _made(file: Path) -> None:
    if file.exists():
        return
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    # Whole or not at all, whoever else makes one now: the first to link it wins.
    new = file.with_name(f".{_KEY_FILE}.{secrets.token_hex(8)}")
    with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
        out.write(secrets.token_bytes(32))
    try:
        os.link(new, file)
    finally:
        new.unlink()


class Cache(NamedTuple):
    """Where the entries of one output lie, and the key to them. A plain value for any process."""

    file: Path
    secret: bytes

    def key(self, *parts: bytes) -> bytes:
        """The name of an entry that hangs on these parts and on the code that runs."""
        made = hashlib.blake2b(code(), digest_size=16, key=self.secret)
        for part in parts:
            made.update(len(part).to_bytes(8, "big"))
            made.update(part)
        return made.digest()

    def sealed(self, key: bytes, value: object) -> bytes:
        """An entry as it is kept."""
        packed = zlib.compress(pickle.dumps(value, pickle.HIGHEST_PROTOCOL), 1)
        return self._signature(key, packed) + packed

    def unsealed(self, key: bytes, entry: bytes) -> Any | None:
        """What was sealed under ``key``; None for what this user did not seal."""
        signature, packed = entry[:_MAC], entry[_MAC:]
        if not hmac.compare_digest(signature, self._signature(key, packed)):
            return None
        return pickle.loads(zlib.decompress(packed))  # ours: it bears our signature

    def _signature(self, key: bytes, packed: bytes) -> bytes:
        return hashlib.blake2b(key + packed, digest_size=_MAC, key=self.secret).digest()


class Kept:
    """The entries of earlier builds, to be looked up by one process."""

    def __init__(self, cache: Cache) -> None:
        self.cache = cache
        self._old = _opened(cache.file)

    def find(self, key: bytes) -> Any | None:
        """What an earlier build kept under a key."""
        if self._old is None:
            return None
        try:
            row = self._old.execute("SELECT entry FROM entries WHERE key = ?", (key,)).fetchone()
        except _DAMAGED:  # as good as missing
            self._old = None
            return None
        # A flipped bit makes a number or a text of it.
        sealed = row is not None and isinstance(row[0], bytes)
        return self.cache.unsealed(key, row[0]) if sealed else None

    def close(self) -> None:
        """Let go of the file."""
        if self._old is not None:
            self._old.close()


class Shelf(Kept):
    """The same, and new entries, which are written to a file of this process's own.

    ``used`` are the keys of all entries that it found or made; ``file`` holds the new ones, if
    there are any.
    """

    def __init__(self, cache: Cache, file: Path) -> None:
        super().__init__(cache)
        self.file = file
        self._new: BinaryIO | None = None
        self.used: list[bytes] = []
        self.found = 0

    def find(self, key: bytes) -> Any | None:
        """What an earlier build kept under a key."""
        value = super().find(key)
        if value is not None:
            self.used.append(key)
            self.found += 1
        return value

    def put(self, key: bytes, value: object) -> None:
        """Keep what was made now."""
        self.put_sealed(key, self.cache.sealed(key, value))

    def put_sealed(self, key: bytes, entry: bytes) -> None:
        """Keep an entry that another process sealed."""
        if self._new is None:
            self._new = self.file.open("wb")
        self._new.write(key + len(entry).to_bytes(8, "big") + entry)
        self.used.append(key)

    def close(self) -> None:
        """Bring what is new to its file."""
        if self._new is not None:
            self._new.close()
        super().close()


def _opened(file: Path) -> sqlite3.Connection | None:
    if not file.is_file():
        return None
    try:
        where = f"{file.resolve().as_uri()}?mode=ro"
        # It is used by one thread at a time; who lets it go may be another.
        found = sqlite3.connect(where, uri=True, check_same_thread=False)
        (made,) = found.execute("PRAGMA user_version").fetchone()
    except _DAMAGED:
        return None
    return found if made == FORMAT else None


def keep(cache: Cache, new: Iterable[Path], used: Iterable[bytes]) -> None:
    """Add the entries of these files; of all others keep those that were used.

    A cache that cannot be read is made anew. Raises OSError or sqlite3.Error where the disk
    refuses: the cache is then what it was.
    """
    try:
        _kept(cache.file, new, used)
    except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
        # Tables of others are SQLITE_ERROR; all else that is operational is the disk, not the file.
        code = getattr(error, "sqlite_errorcode", None)
        if isinstance(error, sqlite3.OperationalError) and code != sqlite3.SQLITE_ERROR:
            raise
        forget(cache.file)
        _kept(cache.file, new, used)


def _kept(file: Path, new: Iterable[Path], used: Iterable[bytes]) -> None:
    with contextlib.closing(sqlite3.connect(file, isolation_level=None)) as db:
        run = db.execute
        run("PRAGMA secure_delete = ON")  # what leaves the cache leaves its file
        (made,) = run("PRAGMA user_version").fetchone()
        run("BEGIN IMMEDIATE")
        if made != FORMAT:
            run("DROP TABLE IF EXISTS entries")
            run(f"PRAGMA user_version = {FORMAT}")
        run(_SCHEMA)
        run("CREATE TEMP TABLE used (key BLOB PRIMARY KEY) WITHOUT ROWID")
        db.executemany("INSERT OR IGNORE INTO used VALUES (?)", ((key,) for key in used))
        run("DELETE FROM entries WHERE key NOT IN (SELECT key FROM used)")
        for path in new:
            db.executemany("INSERT OR REPLACE INTO entries VALUES (?, ?)", _entries(path))
        run("COMMIT")


def _entries(path: Path) -> Iterator[tuple[bytes, bytes]]:
    with path.open("rb") as file:
        while head := file.read(_MAC + 8):
            yield head[:_MAC], file.read(int.from_bytes(head[_MAC:], "big"))


def forget(file: Path) -> None:
    """Remove a cache and what SQLite lays beside it."""
    for name in (file.name, f"{file.name}-journal", f"{file.name}-wal", f"{file.name}-shm"):
        file.with_name(name).unlink(missing_ok=True)


@cache
def code() -> bytes:
    """A digest of all that decides what kg makes of a record: its code, its tables, its engine."""
    made = hashlib.blake2b(digest_size=32)
    made.update(f"{FORMAT} {sys.version} {version('pyoxigraph')}".encode())
    package = Path(__file__).parent.parent
    for root in (package, folder("ontology"), folder("shapes")):
        for path in sorted(root.rglob("*")):
            if path.is_file() and path.suffix in (".py", ".tsv", ".ttl", ".rq"):
                made.update(f"{path.relative_to(root).as_posix()}\0".encode())
                made.update(path.read_bytes())
    return made.digest()

"""One shard read: records crossed to N-Quads on disk, and an index of them in memory.

From file to N-Quads nothing grows with the corpus but this index. Printed contacts never reach the
disk unless they are asked for; identity gets keyed digests of them.
"""

from __future__ import annotations

import hashlib
import os
import pickle
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from sys import intern
from typing import BinaryIO, NamedTuple

from kg.errors import ToolError
from kg.issues import Issue
from kg.reading.accounts import Accounts, merged
from kg.reading.extraction import Extraction, Known, recalled
from kg.reading.far import InShard, Told
from kg.reading.given import Given, Stated, given, restamped
from kg.running.cache import Cache, Shelf
from kg.sources.cutting import Stripe, Task, size_of
from kg.sources.files import Source, sources, unreadable
from kg.sources.trees import Raw


class Block(NamedTuple):
    """A piece of a file on disk: UTF-8 text of whole lines."""

    file: str
    start: int
    size: int
    stamp: bytes = b""  # the checksum of the file it was read from, where it stands in the text
    digest: bytes = b""  # of the text without it, where a cache is kept

    def text(self) -> str:
        """The text. Raises ToolError when the file is gone."""
        return self.data().decode()

    def data(self) -> bytes:
        """The text in UTF-8. Raises ToolError when the file is gone."""
        if not self.size:
            return b""
        try:
            with Path(self.file).open("rb") as file:
                file.seek(self.start)
                return file.read(self.size)
        except OSError as error:
            raise ToolError(f"{self.file}: {error.strerror}") from None


class Version(NamedTuple):
    """A record version: where it comes from, and where its statements lie."""

    record: str  # IRI
    version: str  # IRI, the name of its graph
    name: str  # "chictr:ChiCTR2699990001"
    newest_day: str
    statements: int
    file: str
    sha256: str
    place: str  # in the file
    quads: Block
    lines: Block  # rows of lines.tsv
    contacts: Block  # quads of the contact graph; empty unless asked for
    keys: str  # keyed digests of contacts, as ``digests.rows`` writes them
    places: tuple[str, ...]  # quads of places that no table of ours holds, one object for each
    cached: bytes = b""  # its key in the cache


def held_once(quads: Iterable[str]) -> tuple[str, ...]:
    """Texts that many versions have, each one object in this process, and sent once to another."""
    return tuple(map(intern, quads))


class FilePart(NamedTuple):
    """What a shard read of one file. ``order`` is the file's place, with its place in archives."""

    order: tuple[int, int]
    file: str
    sha256: str
    records: tuple[tuple[int, str], ...] = ()  # place in the file, name
    values: int = 0
    left_out: int = 0
    unread: int = 0
    reasons: tuple[tuple[int, str], ...] = ()  # place in the file, why it is not built whole
    of: int = 1  # shards that read a part of it each


class Unknown(NamedTuple):
    """A field that no extractor reads: where first, by the order of names, and how often."""

    record: str
    line: int
    sha256: str
    file: str
    times: int

    def and_also(self, other: Unknown) -> Unknown:
        """Both, told at the place that comes first whatever the order of files."""
        return min(self, other)._replace(times=self.times + other.times)


def refused(order: tuple[int, int], issue: Issue) -> FilePart:
    """A file that could not be opened."""
    return FilePart(order, issue.file, "", reasons=((0, issue.expected),))


@dataclass(slots=True)
class Shard:
    """All that was read of one shard; small beside what lies on disk."""

    versions: list[Version] = field(default_factory=list)
    issues: list[Issue] = field(default_factory=list)
    files: list[FilePart] = field(default_factory=list)
    accounts: Accounts = field(default_factory=dict)
    unknown: dict[tuple[str, str], Unknown] = field(default_factory=dict)
    used: list[bytes] = field(default_factory=list)  # keys of entries of the cache
    recalled: int = 0  # records that need not be read again
    new: Path | None = None  # what is new for the cache


@dataclass(frozen=True, slots=True)
class How:
    """How to read: the key of contact digests, whether contacts are written, what is known.

    With ``cache`` nothing may be read with contacts: it holds none.
    """

    secret: bytes
    contacts: bool = False
    cache: Cache | None = None


_BUFFER = 1024 * 1024  # bytes of statements that wait to be written
# Issues about a file itself: what they leave behind is less than the file.
_LESS = ("not a record", "unreadable", "page cut", "projected")


def read_shard(
    task: Task,
    into: Path,
    how: How,
    *,
    stdin: BinaryIO | None = None,
    progress: Callable[[Told], None] | None = None,
) -> Shard:
    """Read one shard; its statements are written to the file ``into``.

    One bad file or record does not stop the others. ``progress`` hears how far it is.
    Raises ToolError when the disk refuses.

    The file is there when it is whole, and not before: of work that a cluster thought lost and
    gave out again, two may write at the same time.
    """
    shard = Shard()
    mine = into.with_name(f"{into.name}.{secrets.token_hex(8)}")
    mine_known = mine.with_name(f"{mine.name}-cache")
    try:
        with ExitStack() as stack:
            file = stack.enter_context(mine.open("wb", buffering=_BUFFER))
            shelf = None
            if how.cache is not None:
                shard.new = into.with_name(f"{into.name}-cache")
                shelf = Shelf(how.cache, mine_known)
                stack.callback(shelf.close)
            far = InShard(sum(size_of(file) for _, file in task.files), progress)
            for number, wanted in task.files:
                far.next(size_of(wanted))
                stripe = Stripe(task.stripe, task.stripes)
                for n, found in enumerate(sources([wanted], stdin)):
                    order, at = (number, n), file.tell()
                    part = _Part(shard, order, stripe, file, at, str(into), how, shelf, far)
                    part.read(found)
        if shard.new is not None and mine_known.is_file():
            os.replace(mine_known, shard.new)
        os.replace(mine, into)
    except OSError as error:
        raise ToolError(f"{into}: {error.strerror or error}") from None
    if shelf is not None:
        shard.used, shard.recalled = shelf.used, shelf.found
    return shard


@dataclass(slots=True)
class _Part:
    """The reading of one file, as far as it is this shard's."""

    shard: Shard
    order: tuple[int, int]
    stripe: Stripe
    out: BinaryIO
    at: int  # how many bytes ``out`` holds: asking it takes a call of the system
    into: str
    how: How
    shelf: Shelf | None
    far: InShard

    def read(self, source: Source | Issue) -> None:
        """Read the file; what cannot be read on the way is an issue."""
        if isinstance(source, Issue):
            # Each shard tells it: the file may have been there for the others.
            self.shard.issues.append(source)
            self.shard.files.append(refused(self.order, source))
            return
        part = FilePart(self.order, source.file, source.sha256, of=self.stripe.of)
        self.far.source = source
        records: list[tuple[int, str]] = []
        reasons: dict[str, int] = {}
        start = self.stripe.seen
        for found in self._found(source):
            # What is told of the file stands behind the record that was read before it.
            at = 2 * (self.stripe.seen - start) + isinstance(found, Issue)
            issues = [found] if isinstance(found, Issue) else found[1].issues
            self.shard.issues += issues
            for issue in issues:
                if issue.kind in _LESS:
                    reasons.setdefault(issue.expected, at)
            if isinstance(found, Issue):
                continue
            key, one = found
            part = part._replace(
                values=part.values + one.values,
                left_out=part.left_out + one.left_out,
                unread=part.unread + one.unread,
            )
            merged(self.shard.accounts, one.accounts)
            self._remember_unknown(one)
            if one.stated is not None:
                self._write(one, one.stated, key)
                records.append((at, one.name))
        told = tuple((at, why) for why, at in reasons.items())
        self.shard.files.append(part._replace(records=tuple(records), reasons=told))

    def _found(self, source: Source) -> Iterator[tuple[bytes, Given] | Issue]:
        """What each record of a file gives, with its key in the cache.

        A disk or network that fails on the way ends the file, as an issue.
        """
        found = recalled(source, self.stripe, lambda name, raw: self._recall(name, raw, source))
        while True:
            try:
                one = next(found, None)
            except (OSError, MemoryError) as error:
                yield unreadable(source.file, f"reading stopped: {type(error).__name__}")
                return
            if one is None:
                return
            if isinstance(one, Issue):
                yield one
            elif isinstance(one, Extraction):
                made = given(one, source, self.how.secret, with_contacts=self.how.contacts)
                if self.shelf is not None:
                    self.shelf.put(one.key, made)
                yield one.key, made
            else:
                assert isinstance(one, _Recalled)
                yield one.key, one.given

    def _recall(self, name: str, raw: Raw, source: Source) -> Known | bytes:
        if self.shelf is None or self.how.cache is None:
            return b""
        key = self.how.cache.key(b"read", name.encode(), pickle.dumps(raw))
        found = self.shelf.find(key)
        again = restamped(found, source) if isinstance(found, Given) else None
        return key if again is None else _Recalled(key, again)

    def _write(self, one: Given, stated: Stated, key: bytes) -> None:
        self.shard.versions.append(
            Version(
                record=stated.record,
                version=stated.version,
                name=one.name,
                newest_day=stated.newest_day,
                statements=stated.statements,
                file=one.file,
                sha256=one.sha256,
                place=stated.place,
                quads=self._statements(stated.quads, one.sha256),
                lines=self._block(stated.lines.encode()),
                contacts=self._block(stated.contacts.encode()),
                keys=stated.keys,
                places=held_once(sorted(stated.places)),
                cached=key,
            )
        )
        if len(self.shard.versions) % 100 == 0:
            self.far.say(len(self.shard.versions), len(self.shard.issues))

    def _block(self, data: bytes) -> Block:
        start, size = self.at, len(data)
        self.out.write(data)
        self.at += size
        return Block(self.into, start, size)

    def _statements(self, text: str, sha256: str) -> Block:
        data, stamp = text.encode(), sha256.encode()
        block = self._block(data)
        if self.how.cache is None:  # nobody compares it with what was written before
            return block
        digest = hashlib.sha256(data.replace(stamp, b"")).digest()
        return block._replace(stamp=stamp, digest=digest)

    def _remember_unknown(self, one: Given) -> None:
        for source, path, line in one.unknown:
            found = Unknown(one.name, line, one.sha256, one.file, 1)
            known = self.shard.unknown.get((source, path))
            self.shard.unknown[source, path] = found if known is None else known.and_also(found)


class _Recalled(NamedTuple):
    """A record that an earlier build read."""

    key: bytes
    given: Given

    @property
    def name(self) -> str:
        return self.given.name

    @property
    def issuer(self) -> str | None:
        return self.given.issuer

    @property
    def number(self) -> str | None:
        return self.given.number

"""The body of a text file, whose head is known when it is written; and where its blocks stand.

A block is what a file says of one record: it hangs on nothing but what is said of that record. So a
file that was written before tells those of all records that have not changed since; the checksum of
the file that a record was read from changes with any other record in there, and is put in anew.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple, TypeVar

_T = TypeVar("_T")
_IN_MEMORY = 1 << 24  # bytes of a body that wait for the head in memory
_PIECE = 1 << 16  # bytes


class Block(NamedTuple):
    """Where a block stands in a file, and what the head of the file has to declare for it."""

    start: int  # bytes, from the beginning of the file
    size: int
    declared: frozenset[str]
    stamp: bytes  # the checksum in it


class Earlier(NamedTuple):
    """A file that was written before, and its blocks by the digest of what they say."""

    file: Path
    blocks: Mapping[bytes, Block]


class Memory:
    """What is known of files that were written before, and of what was worked out for them.

    This one knows nothing.
    """

    def earlier(self, name: str) -> Earlier | None:
        """The file of that name that was written before, as it was written."""
        return None

    def keep(self, path: Path, blocks: Mapping[bytes, Block]) -> None:
        """Remember where the blocks of a file stand that was just written."""

    def once(self, name: str, given: object, make: Callable[[], _T]) -> _T:
        """What ``make`` returns, or did when it was last asked for this ``given``."""
        return make()


NOTHING_KNOWN = Memory()


class Body:
    """The body as it grows. Who writes it adds to ``declared`` what its head has to declare."""

    def __init__(self, earlier: Earlier | None = None) -> None:
        self.declared: set[str] = set()
        self._blocks: dict[bytes, Block] = {}
        self._same: dict[frozenset[str], frozenset[str]] = {}  # blocks share few of these
        self._size = self._head = 0  # bytes
        self._known: Mapping[bytes, Block] = earlier.blocks if earlier else {}
        self._file = tempfile.SpooledTemporaryFile(_IN_MEMORY)  # noqa: SIM115 - see __exit__
        self._before = earlier.file.open("rb") if earlier else None

    def __enter__(self) -> Body:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
        if self._before is not None:
            self._before.close()

    def add(self, text: str) -> None:
        """Append a text."""
        self._append(text.encode())

    def block(self, digest: bytes, stamp: bytes, made: Iterable[str]) -> None:
        """Append a block as it stands in the earlier file; else as it is ``made`` now, in parts.

        ``digest`` tells all that it says but ``stamp``. The parts are not asked for where an
        earlier file has the block.
        """
        start, known, before = self._size, self._known.get(digest), self.declared
        if known is not None and self._before is not None:
            self._before.seek(known.start)
            self._append(self._before.read(known.size).replace(known.stamp, stamp))
            declared = known.declared
        else:
            self.declared = set()
            for text in made:
                self._append(text.encode())
            declared = frozenset(self.declared)
            self.declared = before
        declared = self._same.setdefault(declared, declared)
        before |= declared
        self._blocks[digest] = Block(start, self._size - start, declared, stamp)

    def behind(self, head: str, tail: str = "") -> Iterator[bytes]:
        """The whole text, in pieces: the body between its head and its tail."""
        begin = head.encode()
        self._head = len(begin)
        yield begin
        self._file.seek(0)
        while part := self._file.read(_PIECE):
            yield part
        yield tail.encode()

    def begin_again(self) -> None:
        """Forget all that was added, and the earlier file."""
        self._file.seek(0)
        self._file.truncate()
        self._size, self._known = 0, {}
        self._blocks.clear()
        self.declared.clear()

    @property
    def blocks(self) -> dict[bytes, Block]:
        """Where the blocks stand behind the head."""
        return {d: b._replace(start=b.start + self._head) for d, b in self._blocks.items()}

    def _append(self, data: bytes) -> None:
        self._file.write(data)
        self._size += len(data)

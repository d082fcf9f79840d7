"""Work cut into shards: some small files, or every n-th record of one large file.

What comes out does not depend on how it was cut: a shard is named by its place in the order of
files, and each record belongs to exactly one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

SMALL = 4 * 1024**2  # bytes: files together until they are as much
MOST_FILES = 500  # in one shard, so that progress is seen
SHARES = 8  # of the work, for each process: a file larger than one is striped, or all wait for it
WORTH_IT = 2 * SMALL  # input below which one process is quicker than several


class File(NamedTuple):
    """A file to read, and how outputs call it where that is not the file's own name."""

    path: Path
    name: str | None = None


class Task(NamedTuple):
    """What one process reads at a time: files with their numbers, and which of their records."""

    files: tuple[tuple[int, File], ...]
    stripe: int = 0
    stripes: int = 1


@dataclass(slots=True)
class Stripe:
    """Which records of a file are ours: number ``at``, and every ``of``-th after it."""

    at: int = 0
    of: int = 1
    seen: int = 0

    def mine(self) -> bool:
        """Whether the next record is ours; asked once for each record of the file."""
        self.seen += 1
        return (self.seen - 1) % self.of == self.at

    @property
    def first(self) -> bool:
        """Whether what concerns the file as a whole is ours to tell."""
        return self.at == 0


def tasks(files: Iterable[tuple[int, File]], jobs: int) -> Iterator[Task]:
    """The shards of some files for so many processes.

    Each process that reads a part of a file takes all of its records apart; so a file is striped
    only where it is much of the work.
    """
    sized = [(number, file, size_of(file)) for number, file in files]
    large = max(SMALL, sum(size for _, _, size in sized) // (SHARES * jobs))
    waiting: list[tuple[int, File]] = []
    size = 0
    for number, file, bytes_of in sized:
        if jobs > 1 and bytes_of > large:
            for at in range(jobs):
                yield Task(((number, file),), at, jobs)
            continue
        if waiting and (size + bytes_of > SMALL or len(waiting) == MOST_FILES):
            yield Task(tuple(waiting))
            waiting, size = [], 0
        waiting.append((number, file))
        size += bytes_of
    if waiting:
        yield Task(tuple(waiting))


def size_of(file: File) -> int:
    """The size of a file; 0 for one that cannot be asked, which reading will report."""
    try:
        return file.path.stat().st_size
    except OSError:
        return 0

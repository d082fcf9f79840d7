"""How far the reading of records is, in a shard and in all of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from kg.running.stages import Progress, Step
from kg.sources.files import Source


class Told(NamedTuple):
    """How far the reading of a shard is."""

    records: int
    share: float  # of its bytes, 0 to 1
    issues: int


@dataclass(frozen=True, slots=True)
class Note:
    """A file in which a process notes how far its shard is, for the build to see."""

    file: Path

    def __call__(self, told: Told) -> None:
        """Note it; a disk that refuses will refuse the shard too, and say so."""
        with suppress(OSError):
            self.file.write_text(f"{told.records} {told.share:.6f} {told.issues} .")

    def read(self) -> Told | None:
        """What was noted last; None where there is nothing yet, or it is being written."""
        try:
            records, share, issues, _ = self.file.read_text().split()
        except (OSError, ValueError):
            return None
        return Told(int(records), float(share), int(issues))


@dataclass(slots=True)
class InShard:
    """Where in the files of a shard, of ``size`` bytes together, its reading is."""

    size: int
    progress: Callable[[Told], None] | None
    source: Source | None = None
    _before: int = 0
    _now: int = 0

    def next(self, size: int) -> None:
        """A file of so many bytes begins."""
        self._before, self._now, self.source = self._before + self._now, size, None

    def say(self, records: int, issues: int) -> None:
        """Say how far it is, with so many records and issues."""
        if self.progress is not None:
            read = self._before + self._now * (self.source.share if self.source else 0.0)
            self.progress(Told(records, read / self.size if self.size else 0.0, issues))


class AllShards:
    """How far a stage is that reads shards of these ``sizes`` in bytes: those over, those begun."""

    def __init__(self, stage: str, sizes: Sequence[int], progress: Progress | None) -> None:
        self._stage = stage
        self._progress = progress
        self._sizes = sizes
        self._whole = sum(sizes)
        self._over = self._records = self._issues = 0
        self._begun: dict[int, Told] = {}

    def inside(self, number: int, told: Told) -> None:
        """So far is a shard that is begun."""
        self._begun[number] = told
        self._say()

    def past(self, number: int, records: int, issues: int) -> None:
        """One more shard is read."""
        self._begun.pop(number, None)
        self._over += self._sizes[number]
        self._records += records
        self._issues += issues
        self._say()

    def _say(self) -> None:
        if self._progress is None:
            return
        begun = self._begun
        read = self._over + sum(told.share * self._sizes[n] for n, told in begun.items())
        records = self._records + sum(told.records for told in begun.values())
        issues = self._issues + sum(told.issues for told in begun.values())
        share = read / self._whole if self._whole else 0.0
        self._progress(Step(self._stage, records, share, issues))

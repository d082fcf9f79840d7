"""Time and memory a record when there are more records: whole builds, each in processes of its own.

    python -m benchmarks.growth [--few 250] [--many 1000] [--rounds 5] [--keep]

A round builds both corpora, checks and all, with two processes and without a cache. Time: what each
stage costs a record, of the larger beside the smaller, in seconds of processors: files are written
side by side, and by the clock each takes longer beside a store that is larger. What is told is the
stage that grows most among those that take a twentieth of the larger build or more; by the clock
it is told too. Memory: the highest that
any one process held, the build itself or one that it started. Reading alone is also measured once
with more records (``--read-few``, ``--read-many``), in two processes.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks import corpus
from benchmarks.kept import ROOT, Measured, run

WORTH_TELLING = 1 / 20  # share of the larger build below which a stage is noise


def built(records: Path, out: Path, *options: str) -> dict[str, Any]:
    """What ``run.json`` says of a build in a process of its own."""
    given = [str(records), "-o", str(out), "--jobs", "2", "--fail-on", "never", "-q", *options]
    subprocess.run(
        [sys.executable, "-m", "kg", "build", *given, "--as-of", "2026-11-22"],
        check=True,
        cwd=ROOT,
    )
    found: dict[str, Any] = json.loads((out / "run.json").read_text())
    return found


def peak(of: dict[str, Any]) -> int:
    """MB of the largest process."""
    mib = max(max(s["peak_memory"], s["peak_memory_of_readers"]) for s in of["stages"])
    return round(mib * 1024**2 / 1e6)


_READS = """
import resource, sys
from pathlib import Path
from kg.reading import intake
from kg.running.stages import peak_memory
read = intake.read([Path(sys.argv[1])], jobs=2)
print(peak_memory(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


def reading_peaks(records: Path) -> list[int]:
    """MB of reading alone: of the process that began it, and of the largest that read."""
    done = subprocess.run(
        [sys.executable, "-c", _READS, str(records)],
        check=True,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    return [round(int(mib) * 1024**2 / 1e6) for mib in done.stdout.split()]


def cost(of: dict[str, Any], by: str) -> dict[str, float]:
    """Seconds a record of each stage, ``by`` "processor" or by the clock, "seconds"."""
    return {s["stage"]: s[by] / of["records"] for s in of["stages"]}


class Growth:
    """What each stage costs a record more in the larger builds, in per cent, round by round."""

    def __init__(self, by: str) -> None:
        self._by = by
        self._stages: dict[str, list[float]] = {}
        self._shares: dict[str, list[float]] = {}

    def add(self, one: dict[str, Any], other: dict[str, Any]) -> None:
        """Take a round: a build of few records, and one of many."""
        small, large = cost(one, self._by), cost(other, self._by)
        for stage in small.keys() & large.keys():
            if small[stage]:
                self._stages.setdefault(stage, []).append(100 * (large[stage] / small[stage] - 1))
                self._shares.setdefault(stage, []).append(large[stage] / sum(large.values()))

    @property
    def told(self) -> dict[str, float]:
        """The medians of the stages that are worth telling."""
        return {
            stage: round(statistics.median(grown), 1)
            for stage, grown in sorted(self._stages.items())
            if statistics.median(self._shares[stage]) >= WORTH_TELLING
        }

    @property
    def worst(self) -> tuple[str, list[float]]:
        """The stage that grows most, and its rounds."""
        stage = max(self.told, key=self.told.__getitem__)
        return stage, self._stages[stage]


def measure(
    *,
    few: int = 250,
    many: int = 1000,
    rounds: int = 5,
    read_few: int = 1_200,
    read_many: int = 10_000,
) -> Measured:
    """Build both as often as asked."""
    sizes = {"few": few, "many": many, "read_few": read_few, "read_many": read_many}
    made = Measured("growth", sizes | {"rounds": rounds})
    busy, clock = Growth("processor"), Growth("seconds")
    memory: list[float] = []
    most: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in (few, many):
            corpus.write(folder / str(size), size, per_file=max(1, few // 8))  # pages of one size
        alone = []
        for size in (read_few, read_many):
            corpus.write(folder / f"read-{size}", size)
            alone.append(reading_peaks(folder / f"read-{size}"))
        for turn in range(rounds):
            one, other = (
                built(folder / str(size), folder / f"out-{size}-{turn}", "--no-cache")
                for size in (few, many)
            )
            memory.append(100 * (peak(other) / peak(one) - 1))
            most.append(peak(other))
            busy.add(one, other)
            clock.add(one, other)
    how = f"{few:,} and {many:,} records, median of {rounds}"
    (stage, grown), (other, _) = busy.worst, clock.worst
    by_clock = f"by the clock {clock.told[other]:.0f} % ({other})"
    made.found("growth.cost", grown, f"{how}, seconds of processors: {stage}; {by_clock}")
    made.found(
        "growth.memory",
        memory,
        f"{how}: the build itself, which holds an index and the findings; reading {read_few:,} and "
        f"{read_many:,} records takes {alone[0][0]} and {alone[1][0]} MB, its processes "
        f"{alone[0][1]} and {alone[1][1]} MB",
    )
    made.found("growth.most", most, f"{many:,} records, median of {rounds}")
    made.details = {
        "growth_percent_by_stage": busy.told,
        "by_the_clock": clock.told,
        "reading_alone_mb": alone,
    }
    return made


if __name__ == "__main__":
    run(__doc__, measure, few=250, many=1000, rounds=5, read_few=1_200, read_many=10_000)

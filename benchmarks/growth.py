"""Time and memory a record when there are more records: whole builds, each in processes of its own.

    python -m benchmarks.growth [--few 250] [--many 1000] [--rounds 5] [--keep]

A round builds both corpora, checks and all, with two processes and without a cache. Time: the
seconds a record of each stage, of the larger beside the smaller; what is told is the stage that
grows most among those that take a twentieth of the larger build or more. Memory: the highest that
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
from kg import reading
from kg.stages import peak_memory
read = reading.read([Path(sys.argv[1])], jobs=2)
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


def seconds(of: dict[str, Any]) -> dict[str, float]:
    """Seconds a record of each stage."""
    return {s["stage"]: s["seconds"] / of["records"] for s in of["stages"]}


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
    stages: dict[str, list[float]] = {}
    shares: dict[str, list[float]] = {}
    memory: list[float] = []
    most: list[float] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in (few, many):
            corpus.write(folder / str(size), size, per_file=max(1, size // 8))
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
            small, large = seconds(one), seconds(other)
            for stage in small.keys() & large.keys():
                stages.setdefault(stage, []).append(100 * (large[stage] / small[stage] - 1))
                shares.setdefault(stage, []).append(large[stage] / sum(large.values()))
    told = {s for s, of in shares.items() if statistics.median(of) >= WORTH_TELLING}
    worst = max(sorted(told), key=lambda s: statistics.median(stages[s]))
    how = f"{few:,} and {many:,} records, median of {rounds}"
    made.found("growth.cost", stages[worst], f"{how}: {worst}")
    made.found(
        "growth.memory",
        memory,
        f"{how}: the build itself, which holds the graph; reading {read_few:,} and {read_many:,} "
        f"records takes {alone[0][0]} and {alone[1][0]} MB, its processes {alone[0][1]} and "
        f"{alone[1][1]} MB",
    )
    made.found("growth.most", most, f"{many:,} records, median of {rounds}")
    by_stage = {stage: round(statistics.median(stages[stage]), 1) for stage in sorted(told)}
    made.details = {"growth_percent_by_stage": by_stage, "reading_alone_mb": alone}
    return made


if __name__ == "__main__":
    run(__doc__, measure, few=250, many=1000, rounds=5, read_few=1_200, read_many=10_000)

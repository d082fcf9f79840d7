"""Time and memory a record when there are more records: whole builds, each in processes of its own.

    python -m benchmarks.growth [--few 300] [--many 1500] [--rounds 5] [--keep]

A round builds both corpora, checks and all, with two processes and without a cache. Time: the
seconds a record of each stage, of the larger beside the smaller; what is told is the stage that
grows most among those that take a twentieth of the larger build or more. Memory: the highest that
any one process held, the build itself or one that it started.
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
    """MiB of the largest process."""
    return int(max(max(s["peak_memory"], s["peak_memory_of_readers"]) for s in of["stages"]))


def seconds(of: dict[str, Any]) -> dict[str, float]:
    """Seconds a record of each stage."""
    return {s["stage"]: s["seconds"] / of["records"] for s in of["stages"]}


def measure(*, few: int = 300, many: int = 1500, rounds: int = 5) -> Measured:
    """Build both as often as asked."""
    made = Measured("growth", {"few": few, "many": many, "rounds": rounds})
    stages: dict[str, list[float]] = {}
    shares: dict[str, list[float]] = {}
    memory: list[float] = []
    most: list[float] = []
    readers: list[list[int]] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        for size in (few, many):
            corpus.write(folder / str(size), size, per_file=max(1, size // 8))
        for turn in range(rounds):
            one, other = (
                built(folder / str(size), folder / f"out-{size}-{turn}", "--no-cache")
                for size in (few, many)
            )
            memory.append(100 * (peak(other) / peak(one) - 1))
            most.append(peak(other))
            readers.append([of["stages"][0]["peak_memory_of_readers"] for of in (one, other)])
            small, large = seconds(one), seconds(other)
            for stage in small.keys() & large.keys():
                stages.setdefault(stage, []).append(100 * (large[stage] / small[stage] - 1))
                shares.setdefault(stage, []).append(large[stage] / sum(large.values()))
    told = {s for s, of in shares.items() if statistics.median(of) >= WORTH_TELLING}
    worst = max(sorted(told), key=lambda s: statistics.median(stages[s]))
    how = f"{few:,} and {many:,} records, median of {rounds}"
    made.found("growth.cost", stages[worst], f"{how}: {worst}")
    few_mib, many_mib = (statistics.median(sizes) for sizes in zip(*readers, strict=True))
    made.found(
        "growth.memory",
        memory,
        f"{how}; the build itself holds the graph; those that read: {few_mib:.0f} and "
        f"{many_mib:.0f} MiB",
    )
    made.found("growth.most", most, f"{many:,} records, median of {rounds}")
    by_stage = {stage: round(statistics.median(stages[stage]), 1) for stage in sorted(told)}
    made.details = {"growth_percent_by_stage": by_stage, "peak_mib_of_readers": readers}
    return made


if __name__ == "__main__":
    run(__doc__, measure, few=300, many=1500, rounds=5)

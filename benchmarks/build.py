"""A whole build, and a second one after 1 % of the records changed.

    python -m benchmarks.build [--records 1100] [--rounds 5] [--keep]

A round builds from nothing with two processes, then again into the same folder after a hundredth
of the records was refreshed, and compares that with a build of the changed records from nothing:
every byte but ``run.json`` and the store, which differ from run to run. The rate set beside
samyama's is that of reading, checking and writing N-Quads; samyama loads a property graph
without people, committees, checks or provenance, on another machine, with all of its cores.
Floor: orjson parsing the same bytes in two processes.
"""

from __future__ import annotations

import shutil
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import orjson

from benchmarks import corpus
from benchmarks.growth import built
from benchmarks.kept import Measured, run

SAMYAMA = 2_079  # studies a second, as published
CHANGED = 0.01
_COUNTED = ("reading records", "checking", "writing graph.nq")


def parsed(path: Path) -> int:
    """Parse one file; what is inside is dropped."""
    return len(orjson.loads(path.read_bytes())["studies"])


def floor(files: list[Path]) -> float:
    """Records a second of two processes that parse, without their start."""
    with ProcessPoolExecutor(2) as pool:
        list(pool.map(parsed, files[:2]))
        start = time.perf_counter()
        count = sum(pool.map(parsed, files))
        return count / (time.perf_counter() - start)


def rate(of: dict[str, Any]) -> float:
    """Records a second of reading, checking and N-Quads together."""
    counted = sum(s["seconds"] for s in of["stages"] if s["stage"] in _COUNTED)
    return float(of["records"] / counted)


def contents(folder: Path) -> dict[str, bytes]:
    """All that has to be the same."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json" and "store" not in path.parts
    }


def measure(*, records: int = 1100, rounds: int = 5) -> Measured:
    """Build as often as asked. Raises RuntimeError where the bytes of the second build differ."""
    made = Measured("build", {"records": records, "rounds": rounds, "changed": CHANGED})
    changed, rates, floors, stages, before = [], [], [], [], []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        per_file = max(1, records // 8)
        files = corpus.write(folder / "before", records, per_file=per_file)
        corpus.write(folder / "after", records, per_file=per_file, changed=CHANGED)
        fresh = built(folder / "after", folder / "fresh", "--no-cache")
        for turn in range(rounds):
            out = folder / f"out-{turn}"
            floors.append(floor(files))
            first = built(folder / "before", out)
            again = built(folder / "after", out)
            if contents(out) != contents(folder / "fresh"):
                raise RuntimeError("the second build differs from one from nothing")
            changed.append(100 * again["seconds"] / first["seconds"])
            rates.append(rate(first))
            before.append({s["stage"]: (s["seconds"], s["peak_memory"]) for s in first["stages"]})
            stages.append({s["stage"]: s["seconds"] for s in again["stages"]})
            shutil.rmtree(out)
    how = f"{records:,} records, median of {rounds}"
    made.found("build.changed", changed, how)
    parse = statistics.median(floors)
    studies = statistics.median(rates)
    note = (
        f"{how}, read by {first['processes']}; {studies:,.0f} records/s; "
        f"two processes that only parse: {parse:,.0f}/s"
    )
    made.found("build.samyama", [one / SAMYAMA for one in rates], note)
    shares = [r / f for r, f in zip(rates, floors, strict=True)]
    made.details = {
        "share_of_floor_of_two": [float(f"{share:.3g}") for share in shares],
        "seconds_from_nothing": fresh["seconds"],
        "first_build_seconds_and_peak_mib": {
            s: [statistics.median(o[s][n] for o in before) for n in (0, 1)] for s in before[0]
        },
        "second_build_seconds": {s: statistics.median(o.get(s, 0.0) for o in stages)
                                 for s in stages[0]},
    }  # fmt: skip
    return made


if __name__ == "__main__":
    run(__doc__, measure, records=1100, rounds=5)

"""What is wanted, what was measured, and on what machine: one JSON file for each benchmark.

``python -m benchmarks.extract --keep`` and its sisters write ``benchmarks/results/extract.json``;
``python -m benchmarks.table`` makes the tables of it. A number that is not there was not measured.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Literal, NamedTuple

ROOT = Path(__file__).parent.parent
RESULTS = Path(__file__).parent / "results"
PACKAGES = ("distributed", "networkx", "orjson", "pyoxigraph", "pyshacl", "rdflib")

Form = Literal["times", "share", "percent", "MB", "s"]


class Target(NamedTuple):
    """A number that is wanted: at least ``bound``, or with ``most`` at most.

    ``size`` is how many ``things`` it is wanted of, where that decides and more are wanted than a
    benchmark of minutes has: a smaller one that is good enough shows nothing.
    """

    key: str
    what: str
    against: str
    bound: float
    form: Form = "times"
    most: bool = False
    size: int = 0
    things: str = "records"

    @property
    def wanted(self) -> str:
        """The bound in words."""
        of = f", {self.size:,} {self.things}" if self.size else ""
        return f"{'≤' if self.most else '≥'} {shown(self.bound, self.form)}{of}"

    def verdict(self, value: float, records: int) -> str:
        """Whether a number of so many records is good enough, in words."""
        if not self.met(value):
            return "**no**"
        return "yes" if records >= self.size else f"not shown: of too few {self.things}"

    def met(self, value: float) -> bool:
        """Whether a number is good enough."""
        return value <= self.bound if self.most else value >= self.bound


TARGETS = (
    Target("extract.floor", "file to N-Quads on disk, one process", "orjson parsing the same bytes",
           1 / 8, "share"),
    Target("extract.two", "the same, two processes", "one process", 1.8),
    Target("extract.rdflib", "file to N-Quads", "rdflib making the same statements", 25),
    Target("extract.morph", "file to N-Quads, a statement", "morph-kgc, a statement of RML", 40),
    Target("build.samyama", "reading, checks and N-Quads, two processes",
           "samyama's published 2,079 studies/s", 1.0),
    Target("check.pyshacl", "the check, the same findings", "pySHACL", 60),
    Target("export.time", "GEXF, a million edges", "networkx.write_gexf", 6),
    Target("export.memory", "its extra memory", "networkx.write_gexf", 1 / 30, "share", most=True),
    Target("query.rdflib", "six named queries, the same rows", "rdflib", 40),
    Target("growth.memory", "peak memory of a process, more records", "fewer records",
           10, "percent", most=True, size=200_000),
    Target("growth.most", "that peak itself", "", 400, "MB", most=True, size=200_000),
    Target("build.changed", "a second build, 1 % changed, the same bytes", "a full build",
           5, "percent", most=True, size=100_000),
    Target("growth.cost", "time a record in the stage that grows most, more records",
           "fewer records", 15, "percent", most=True, size=200_000),
    Target("identity_scale.time", "who is who: two people at each of so many hospitals",
           "Splink, the people of the same rows", 600, "s", most=True,
           size=1_500_000, things="mentions"),
    Target("identity_scale.memory", "its peak memory, with the mentions and the answer",
           "Splink, the people of the same rows", 2_000, "MB", most=True,
           size=1_500_000, things="mentions"),
)  # fmt: skip


def shown(value: float, form: Form) -> str:
    """A number as people write it.

    >>> shown(0.125, "share"), shown(1.849, "times"), shown(41.2, "times"), shown(3.2, "percent")
    ('1/8', '1.85 times', '41 times', '3.2 %')
    """
    if form == "share":
        return f"1/{1 / value:,.0f}" if value < 1 else f"{value:.1f} times"
    number = f"{value:,.0f}" if abs(value) >= 20 else f"{value:.3g}"
    return f"{number} {'%' if form == 'percent' else form}"


@dataclass(slots=True)
class Measured:
    """What one benchmark found: by target, the value of every round, and how it was found."""

    benchmark: str
    settings: Mapping[str, object]
    rounds: dict[str, Sequence[float]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)  # by target: sizes, what is behind it
    details: dict[str, object] = field(default_factory=dict)
    load: float = field(default_factory=lambda: os.getloadavg()[0])  # of the machine, at the start
    invented: bool = True  # the records: those of somebody's own are not kept

    def found(self, key: str, rounds: Sequence[float], note: str) -> None:
        """Set the values of a target, one for each round."""
        assert any(target.key == key for target in TARGETS), key
        self.rounds[key] = rounds
        self.notes[key] = note

    def print(self) -> None:
        """What is wanted and what was found, for a person."""
        for target in TARGETS:
            if target.key in self.rounds:
                value = statistics.median(self.rounds[target.key])
                met = target.verdict(value, records_of(self.settings))
                print(
                    f"{target.what}: {shown(value, target.form)} against {target.against or '-'}, "
                    f"wanted {target.wanted}: met: {met} "
                    f"({self.notes[target.key]})"
                )

    def keep(self, folder: Path = RESULTS) -> Path:
        """Write it, with machine, versions, commit and day. Raises SystemExit for own records."""
        if not self.invented:
            raise SystemExit("only what invented records gave is kept: leave --keep or --of out")
        text = {
            "benchmark": self.benchmark,
            "date": datetime.now(UTC).strftime("%Y-%m-%d"),
            "commit": _commit(),
            "machine": machine() | {"load_at_start": round(self.load, 1)},
            "versions": versions(),
            "settings": dict(self.settings),
            "measured": {
                key: {
                    "value": statistics.median(rounds),
                    "rounds": [float(f"{value:.4g}") for value in rounds],
                    "note": self.notes[key],
                }
                for key, rounds in self.rounds.items()
            },
            "details": self.details,
        }
        path = folder / f"{self.benchmark}.json"
        path.write_text(json.dumps(text, ensure_ascii=False, indent=1, sort_keys=True) + "\n")
        return path


def records_of(settings: Mapping[str, Any]) -> int:
    """The most records (or mentions) that a benchmark measured; 0 where it counts other things."""
    return max(settings.get(name, 0) for name in ("records", "many", "mentions"))


def machine() -> dict[str, Any]:
    """Processor, cores and memory; no name of the host."""
    cpu = platform.processor() or platform.machine()
    memory = None
    try:
        for line in Path("/proc/cpuinfo").read_text().splitlines():
            if line.startswith("model name"):
                cpu = line.partition(":")[2].strip()
                break
        kilobytes = Path("/proc/meminfo").read_text().split()[1]
        memory = round(int(kilobytes) / 1024**2)
    except OSError:
        pass  # another system: what it does not say stays unsaid
    return {"cpu": cpu, "cores": os.cpu_count(), "memory_gib": memory}


def versions() -> dict[str, str]:
    """What ran."""
    found = {"python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def _commit() -> str:
    done = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"],
        cwd=ROOT, check=False, capture_output=True, text=True,
    )  # fmt: skip
    return done.stdout.strip() or "unknown"


def results(folder: Path = RESULTS) -> list[dict[str, Any]]:
    """All that was kept, by name."""
    return [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]


def run(
    about: str | None,
    measure: Callable[..., Measured],
    **sizes: int | str | None,
) -> None:
    """The command line of a benchmark: its sizes as options, and ``--keep``."""
    parser = argparse.ArgumentParser(description=(about or "").partition("\n")[0])
    for name, default in sizes.items():
        kind = int if isinstance(default, int) else str
        parser.add_argument(f"--{name.replace('_', '-')}", type=kind, default=default)
    parser.add_argument("--keep", action="store_true", help="write benchmarks/results/")
    given = vars(parser.parse_args())
    keep = given.pop("keep")
    measured = measure(**given)
    measured.print()
    if keep:
        print(f"wrote {measured.keep().relative_to(ROOT)}")

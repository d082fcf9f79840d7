"""How many times faster the check is than pySHACL, on the same invented records, in one run.

``python -m benchmarks.check`` prints processor milliseconds a record and their ratio, both whole
checks: rules, findings, merged graph, store. The findings of both must be equal, message and node
for node, else it leaves with code 1. Processor time, so that a busy machine does not matter much.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import corpus
from kg import pipeline, reading
from kg.check import check
from kg.check.findings import Report
from kg.check.parameters import Parameters
from kg.check.runner import Engine
from kg.lines import Line

PARAMETERS = Parameters(as_of="2026-11-22")


def built(folder: Path, records: int) -> tuple[pipeline.Graph, list[Line]]:
    """The graph of so many invented records, and the lines of their sources."""
    corpus.write(folder, records)
    read = reading.read([folder])
    versions, _ = reading.kept(read, history=False)
    graph = pipeline.assembled(versions)
    return graph, list(graph.lines())


def timed(built: tuple[pipeline.Graph, list[Line]], engine: Engine) -> tuple[float, Report]:
    """Processor milliseconds a record, and the report."""
    graph, lines = built
    start = time.process_time()
    report = check(graph.store, lines=lines, parameters=PARAMETERS, engine=engine)
    spent = time.process_time() - start
    return spent * 1000 / len(report.records), report


def main() -> int:
    """Print the comparison; 1 when the findings differ."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--records", type=int, default=40, help="for pySHACL, and for us as often")
    parser.add_argument("--many", type=int, default=400, help="for us alone: batches that are full")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        few = built(Path(folder) / "few", options.records)
        many = built(Path(folder) / "many", options.many)
    for engine in ("oxigraph", "pyshacl"):
        timed(few, engine)  # reads the shapes
    rounds = []
    for _ in range(options.rounds):
        theirs, reference = timed(few, "pyshacl")
        ours, report = timed(few, "oxigraph")
        full, _ = timed(many, "oxigraph")
        if report != reference:
            print("the findings differ")
            return 1
        rounds.append((theirs / ours, theirs / full))
        print(f"pySHACL {theirs:.1f} ms, ours {ours:.2f} ms, ours of {options.many} {full:.2f} ms")
    same, batched = (statistics.median(ratios) for ratios in zip(*rounds, strict=True))
    print(f"{len(report.findings)} findings, equal")
    print(f"median ratio: {same:.0f} on the same {options.records}, {batched:.0f} in full batches")
    return 0


if __name__ == "__main__":
    sys.exit(main())

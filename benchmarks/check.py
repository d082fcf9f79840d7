"""How many times faster the check is than pySHACL, on the same invented records, in one run.

``python -m benchmarks.check`` prints processor milliseconds a record and their ratio, both whole
checks: rules, findings, merged graph, store. The findings of both must be equal, message and node
for node, else it ends with an error. Processor time, so that a busy machine does not matter much.
``--of FOLDER`` checks records of yours instead, as many with pySHACL; only invented ones are kept.
"""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import NamedTuple

from benchmarks import corpus
from benchmarks.kept import Measured, run
from kg.building import assembly
from kg.check import check
from kg.check.findings import Report
from kg.check.parameters import Parameters
from kg.check.runner import Engine
from kg.reading import intake

PARAMETERS = Parameters(as_of="2026-11-22")


class Made(NamedTuple):
    """A graph, and the reading whose files its statements and lines lie in."""

    graph: assembly.Graph
    read: intake.Reading


def built(folder: Path, records: int = 0) -> Made:
    """The graph of the records of a folder, where so many invented ones are written before."""
    if records:
        corpus.write(folder, records)
    read = intake.read([folder])
    versions, _ = intake.kept(read, history=False)
    return Made(assembly.assembled(versions), read)


def timed(made: Made, engine: Engine) -> tuple[float, Report]:
    """Processor milliseconds a record, and the report."""
    graph = made.graph
    start = time.process_time()
    report = check(graph.store, pieces=graph.pieces(), parameters=PARAMETERS, engine=engine)
    spent = time.process_time() - start
    return spent * 1000 / len(report.records), report


def measure(
    *, records: int = 40, many: int = 400, rounds: int = 5, of: str | None = None
) -> Measured:
    """Check with both; ``of`` a folder of records. Raises RuntimeError when the findings differ."""
    made = Measured("check", {}, invented=not of)
    with tempfile.TemporaryDirectory() as folder:
        if of:
            few = full = built(Path(of))
            records = many = len(few.graph.versions)
        else:
            few = built(Path(folder) / "few", records)
            full = built(Path(folder) / "many", many)
    made.settings = {"records": records, "many": many, "rounds": rounds}
    for engine in ("oxigraph", "pyshacl"):
        timed(few, engine)  # reads the shapes
    same, batched, each = [], [], []
    for _ in range(rounds):
        theirs, reference = timed(few, "pyshacl")
        ours, report = timed(few, "oxigraph")
        ours_full, _ = timed(full, "oxigraph")
        if report != reference:
            raise RuntimeError("the findings differ")
        same.append(theirs / ours)
        batched.append(theirs / ours_full)
        each.append([round(theirs, 2), round(ours, 2), round(ours_full, 2)])
    note = (
        f"whole checks a record, {records} records (pySHACL) beside {many}, median of {rounds}; "
        f"{len(report.findings)} findings equal"
    )
    made.found("check.pyshacl", batched, note)
    made.details = {
        "same_records": [float(f"{ratio:.3g}") for ratio in same],
        "milliseconds_a_record_pyshacl_ours_ours_of_many": each,
    }
    return made


if __name__ == "__main__":
    run(__doc__, measure, records=40, many=400, rounds=5, of=None)

"""From file to N-Quads on disk: against parsing the same bytes, and against rdflib.

    python -m benchmarks.extract [--records 2000] [--rounds 5] [--morph-kgc PYTHON] [--keep]
    python -m benchmarks.extract --of FOLDER

``--of`` reads the JSON files of a folder instead of invented studies; only these are kept.

Floor: orjson parsing the same bytes; the first time, when memory is asked of the system, takes
several times as long as the second, so both are told. Peer: rdflib making its terms of the same
statements, adding them to a graph and serialising it as N-Triples (on a tenth of the records, for
it is slow); and the same with their graphs, as N-Quads; and, where a Python that has it is named,
morph-kgc on an RML mapping of some fields (benchmarks/morph.py), a statement. Beside them the least
that a crossing in Python owes to each value, without a model (benchmarks/bare.py). Each round
measures all of them one after the other; what is printed is the median of the rounds' ratios.
Processor time, so that a busy machine does not matter much, but for two processes, which are
measured by the clock beside one.
"""

from __future__ import annotations

import os
import statistics
import tempfile
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import orjson
import pyoxigraph
import rdflib

from benchmarks import bare, corpus, morph
from benchmarks.kept import Measured, run
from kg.reading import intake
from kg.sources.cutting import WORTH_IT


class Took(NamedTuple):
    """Seconds of the processor and of the clock on the wall."""

    processor: float
    clock: float


def took(work: Callable[[], object]) -> Took:
    """How long a piece of work takes."""
    start = Took(time.process_time(), time.perf_counter())
    work()
    return Took(time.process_time() - start.processor, time.perf_counter() - start.clock)


class Statement(NamedTuple):
    """One quad as text; a value without datatype is an IRI."""

    subject: str
    predicate: str
    value: str
    language: str | None
    datatype: str | None
    graph: str

    def terms(self) -> tuple[rdflib.URIRef, rdflib.URIRef, rdflib.term.Node]:
        """Subject, predicate and value as terms of rdflib."""
        if self.datatype is None:
            value: rdflib.term.Node = rdflib.URIRef(self.value)
        elif self.language:
            value = rdflib.Literal(self.value, lang=self.language)
        else:
            value = rdflib.Literal(self.value, datatype=rdflib.URIRef(self.datatype))
        return rdflib.URIRef(self.subject), rdflib.URIRef(self.predicate), value


def as_ntriples(statements: list[Statement]) -> bytes:
    """The statements, built and serialised by rdflib without their graphs."""
    graph = rdflib.Graph()
    for statement in statements:
        graph.add(statement.terms())
    return graph.serialize(format="nt", encoding="utf-8")


def as_nquads(statements: list[Statement]) -> bytes:
    """The statements, built and serialised by rdflib in their graphs."""
    dataset = rdflib.Dataset()
    for statement in statements:
        graph = rdflib.URIRef(statement.graph)
        dataset.add((*statement.terms(), graph))  # type: ignore[arg-type]
    return dataset.serialize(format="nquads", encoding="utf-8")


def of_first(read: intake.Reading, most: int) -> list[Statement]:
    """The statements of the first records."""
    text = "".join(v.quads.text() for v in read.versions[:most])
    found = []
    for q in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS):
        value = q.object
        is_literal = isinstance(value, pyoxigraph.Literal)
        found.append(
            Statement(
                q.subject.value,  # type: ignore[union-attr]
                q.predicate.value,
                value.value,  # type: ignore[union-attr]
                value.language if is_literal else None,
                value.datatype.value if is_literal else None,
                q.graph_name.value,  # type: ignore[union-attr]
            )
        )
    return found


def json_files(folder: Path) -> list[Path]:
    """The JSON files below a folder. Raises SystemExit, in words, where there is none."""
    found = sorted(path for path in folder.rglob("*.json") if path.is_file())
    if not found:
        raise SystemExit(f"{folder}: no file below it ends in .json")
    return found


def measure(
    *,
    records: int = 2000,
    rounds: int = 5,
    morph_kgc: str | None = None,
    of: str | None = None,
) -> Measured:
    """Measure all of them in turns; ``of`` a folder of JSON files instead of invented studies."""
    made = Measured("extract", {}, invented=not of)
    python = None if of else morph_kgc or os.environ.get("MORPH_KGC")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = (
            json_files(Path(of))
            if of
            else corpus.write(folder / "records", records, per_file=max(1, records // 8))
        )
        texts = [path.read_bytes() for path in files]
        first = intake.read(files)
        records = len(first.versions)
        made.settings = {"records": records, "rounds": rounds}
        tenth = max(1, records // 10)
        part = of_first(first, tenth)
        whole = records / tenth
        statements = sum(v.statements for v in first.versions)
        half = max(1, records // 2)
        (few,) = corpus.write(folder / "few", half, per_file=half)
        times = []
        for _ in range(rounds):
            cold = took(lambda: deque(map(orjson.loads, texts), maxlen=0))
            warm = took(lambda: deque(map(orjson.loads, texts), maxlen=0))
            one = took(lambda: intake.read(files, jobs=1))
            two = took(lambda: intake.read(files, jobs=2))
            triples, quads = took(lambda: as_ntriples(part)), took(lambda: as_nquads(part))
            least = None if of else took(lambda: bare.crossed(texts, folder))
            other = morph.took(python, few, folder) if python else None
            times.append((warm, one, two, triples, quads, cold, other, least))
    each = f"{records:,} records, {statements / records:.0f} statements each, median of {rounds}"
    made.found("extract.floor", [t[0].processor / t[1].processor for t in times], each)
    # So little is read by one process whatever is asked for: then there is nothing to compare.
    if sum(map(len, texts)) >= WORTH_IT:
        made.found("extract.two", [t[1].clock / t[2].clock for t in times], f"{each}, by the clock")
    made.found(
        "extract.rdflib",
        [t[4].processor * whole / t[1].processor for t in times],
        f"rdflib on {tenth:,} of them, with their graphs as N-Quads",
    )
    if python:
        ours = [t[1].processor / statements for t in times]
        theirs = [t[6].seconds / t[6].statements for t in times if t[6]]
        version = next(t[6].version for t in times if t[6])
        made.found(
            "extract.morph",
            [b / a for a, b in zip(ours, theirs, strict=True)],
            f"morph-kgc {version}, {len(morph.FIELDS)} flat fields of {half:,} studies, "
            f"median of {rounds}",
        )
    told = [
        ("orjson", 0, 1 / records),
        ("orjson, the first time", 5, 1 / records),
        ("file to N-Quads, one process", 1, 1 / records),
        ("rdflib, N-Triples", 3, 1 / tenth),
        ("rdflib, N-Quads", 4, 1 / tenth),
    ]
    if not of:
        told.append(("the least that each value is owed, without a model", 7, 1 / records))
    made.details = {
        "milliseconds_a_record": {
            what: float(f"{statistics.median(t[n].processor for t in times) * k * 1000:.3g}")
            for what, n, k in told
        }
    }
    return made


if __name__ == "__main__":
    run(__doc__, measure, records=2000, rounds=5, morph_kgc=None, of=None)

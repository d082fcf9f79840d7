"""From file to N-Quads on disk: against parsing the same bytes, and against rdflib.

    python -m benchmarks.extract [--records 2000] [--rounds 5]

Floor: orjson parsing the same bytes; the first time, when memory is asked of the system, takes
several times as long as the second, so both are told. Peer: rdflib making its terms of the same
statements, adding them to a graph and serialising it as N-Triples (on a tenth of the records, for
it is slow); and the same with their graphs, as N-Quads. Each round measures all of them one after
the other; what is printed is the median of the rounds' ratios. Processor time, so that a busy
machine does not matter much, but for two processes, which are measured by the clock beside one.
"""

from __future__ import annotations

import argparse
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

from benchmarks import corpus
from kg import reading


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


def of_first(read: reading.Reading, most: int) -> list[Statement]:
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


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=2_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = corpus.write(folder, given.records, per_file=max(1, given.records // 8))
        texts = [path.read_bytes() for path in files]
        first = reading.read([folder])
        tenth = max(1, given.records // 10)
        part = of_first(first, tenth)
        whole = given.records / tenth
        rounds = []
        for _ in range(given.rounds):
            cold = took(lambda: deque(map(orjson.loads, texts), maxlen=0))
            warm = took(lambda: deque(map(orjson.loads, texts), maxlen=0))
            one = took(lambda: reading.read([folder], jobs=1))
            two = took(lambda: reading.read([folder], jobs=2))
            triples, quads = took(lambda: as_ntriples(part)), took(lambda: as_nquads(part))
            rounds.append((warm, one, two, triples, quads, cold))
    statements = sum(v.statements for v in first.versions) / given.records
    print(f"{given.records} records, {statements:.0f} statements each, {given.rounds} rounds")
    for what, n, times in (
        ("orjson, parse only", 0, 1.0),
        ("orjson, the first time", 5, 1.0),
        ("file to N-Quads, one process", 1, 1.0),
        ("rdflib, the same statements as N-Triples", 3, whole),
        ("rdflib, the same statements as N-Quads", 4, whole),
    ):
        spent = statistics.median(r[n].processor for r in rounds) * times
        print(f"{what:42}{spent * 1000 / given.records:9.3f} ms a record")
    share, share_cold = (
        statistics.median(r[1].processor / r[n].processor for r in rounds) for n in (0, 5)
    )
    by_two = statistics.median(r[1].clock / r[2].clock for r in rounds)
    print(f"one process: 1/{share:.0f} of the rate of orjson, 1/{share_cold:.0f} the first time")
    print(f"two processes: {by_two:.2f} times one, by the clock")
    for n, form in ((3, "N-Triples"), (4, "N-Quads")):
        ratio = statistics.median(r[n].processor / r[1].processor for r in rounds) * whole
        print(f"one process: {ratio:.1f} times rdflib ({form})")


if __name__ == "__main__":
    main()

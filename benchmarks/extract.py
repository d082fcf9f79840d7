"""From file to N-Quads on disk: against parsing the same bytes, and against rdflib.

    python -m benchmarks.extract [--records 1000] [--rounds 5]

Floor: orjson parsing the same bytes. Peer: rdflib building and serialising the same statements (on
a tenth of the records, for it is slow). Each round measures all of them one after the other; what
is printed is the median of the rounds' ratios.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import orjson
import pyoxigraph
import rdflib

from benchmarks import corpus
from kg import reading


def seconds(work: Callable[[], object]) -> float:
    """How long it takes, on the clock of the wall."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def by_rdflib(quads: list[tuple[object, ...]]) -> None:
    """The same statements, built and serialised by rdflib."""
    graph = rdflib.Dataset()
    for subject, predicate, value, name in quads:
        graph.add((subject, predicate, value, name))  # type: ignore[arg-type]
    graph.serialize(format="nquads", encoding="utf-8")


def as_rdflib(read: reading.Reading, most: int) -> list[tuple[object, ...]]:
    """The statements of the first records as terms of rdflib, made beforehand: not timed."""
    text = "".join(v.quads.text() for v in read.versions[:most])
    found = []
    for q in pyoxigraph.parse(text.encode(), format=pyoxigraph.RdfFormat.N_QUADS):
        value = q.object
        term: object = (
            rdflib.Literal(value.value, lang=value.language, datatype=None)
            if isinstance(value, pyoxigraph.Literal) and value.language
            else rdflib.Literal(value.value, datatype=rdflib.URIRef(value.datatype.value))
            if isinstance(value, pyoxigraph.Literal)
            else rdflib.URIRef(value.value)
        )
        names = (q.subject.value, q.predicate.value, q.graph_name.value)  # type: ignore[union-attr]
        subject, predicate, graph = map(rdflib.URIRef, names)
        found.append((subject, predicate, term, graph))
    return found


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--records", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        files = corpus.write(folder, given.records, per_file=max(1, given.records // 8))
        texts = [path.read_bytes() for path in files]
        first = reading.read([folder])
        tenth = max(1, given.records // 10)
        terms = as_rdflib(first, tenth)
        rows = []
        for _ in range(given.rounds):
            floor = seconds(lambda: [orjson.loads(text) for text in texts])
            one = seconds(lambda: reading.read([folder], jobs=1))
            two = seconds(lambda: reading.read([folder], jobs=2))
            peer = seconds(lambda: by_rdflib(terms)) * given.records / tenth
            rows.append((floor, one, two, peer))
        floor, one, two, peer = (statistics.median(column) for column in zip(*rows, strict=True))
        share = statistics.median(r[1] / r[0] for r in rows)
        by_two = statistics.median(r[1] / r[2] for r in rows)
        times = statistics.median(r[3] / r[1] for r in rows)
    statements = sum(v.statements for v in first.versions) / given.records
    print(f"{given.records} records, {statements:.0f} statements each, {given.rounds} rounds")
    for what, took in (
        ("orjson, parse only", floor),
        ("file to N-Quads, one process", one),
        ("file to N-Quads, two processes", two),
        ("rdflib, the same statements", peer),
    ):
        print(f"{what:32} {given.records / took:9.0f} records/s")
    print(f"one process: 1/{share:.0f} of the rate of the parser")
    print(f"two processes: {by_two:.2f} times one")
    print(f"one process: {times:.1f} times rdflib")


if __name__ == "__main__":
    main()

"""Named queries at size: rdflib against the store that kg asks, over the same invented graph.

    python -m benchmarks.query                   six queries over 200 studies, the median of five
    python -m benchmarks.query --studies 50      a small run

Both hold the whole graph in memory before the clock starts. A run asks one query and reads every
row to its end; the rows of both are compared, term by term, in any order. Exit code 1: they differ.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pyoxigraph
import rdflib

from benchmarks.corpus import write
from kg.graph import Graph
from kg.pipeline import Options, build
from kg.queries import named, run

RUNS = 5
QUERIES = (
    "hospitals-together",
    "organization-names",
    "registered-late",
    "trial-leaders",
    "trials-by-province-and-year",
    "trials-per-hospital",
)

Row = tuple[str | None, ...]


def by_oxigraph(store: pyoxigraph.Store, text: str) -> list[Row]:
    """The rows as kg reads them, each term in N-Triples."""
    answer = run(store, text)
    assert isinstance(answer, pyoxigraph.QuerySolutions)
    return [tuple(None if term is None else str(term) for term in row) for row in answer]


def by_rdflib(dataset: rdflib.Dataset, text: str) -> list[Row]:
    """The rows of rdflib, each term in N-Triples."""
    return [
        tuple(None if term is None else _written(term) for term in row)  # type: ignore[union-attr]
        for row in dataset.query(text)
    ]


def _written(term: rdflib.term.Node) -> str:
    if isinstance(term, rdflib.Literal):
        kind = None if term.datatype is None else pyoxigraph.NamedNode(term.datatype)
        return str(pyoxigraph.Literal(str(term), datatype=kind, language=term.language))
    return f"<{term}>"


def _median(ask: Callable[[], list[Row]]) -> tuple[float, list[Row]]:
    took = []
    rows: list[Row] = []
    for _ in range(RUNS):
        start = time.perf_counter()
        rows = ask()
        took.append(time.perf_counter() - start)
    return statistics.median(took), rows


def compared(graph: Graph) -> bool:
    """Print each query's seconds and how they compare; True where all rows are the same."""
    store, dataset = graph.in_memory, graph.rdflib()
    print(f"{len(store):,} statements")
    ours = theirs = 0.0
    same = True
    for name in QUERIES:
        text = named()[name].text
        mine, rows = _median(lambda text=text: by_oxigraph(store, text))  # type: ignore[misc]
        other, its_rows = _median(lambda text=text: by_rdflib(dataset, text))  # type: ignore[misc]
        equal = Counter(rows) == Counter(its_rows)
        same &= equal
        ours, theirs = ours + mine, theirs + other
        print(
            f"{name:28} {len(rows):6,} rows {'the same' if equal else 'DIFFERENT'}: "
            f"kg {1000 * mine:8.1f} ms, rdflib {1000 * other:9.1f} ms, {other / mine:6.1f} times",
            flush=True,
        )
    print(f"{len(QUERIES)} queries: kg is {theirs / ours:.1f} times as fast as rdflib")
    return same


def main() -> None:
    """Make the graph, ask, print."""
    arguments = argparse.ArgumentParser(description="named queries: rdflib against Oxigraph")
    arguments.add_argument("--studies", type=int, default=200)
    given = arguments.parse_args()
    warnings.simplefilter("ignore")  # rdflib warns of its own use of names it has deprecated
    with tempfile.TemporaryDirectory() as folder:
        corpus, out = Path(folder) / "corpus", Path(folder) / "out"
        write(corpus, given.studies)
        build([corpus], out, Options(formats=(), check=False))
        same = compared(Graph(out))
    sys.exit(0 if same else 1)


if __name__ == "__main__":
    main()

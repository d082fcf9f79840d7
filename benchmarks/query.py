"""Named queries at size: rdflib against Oxigraph, over the same invented graph.

    python -m benchmarks.query [--studies 200] [--rounds 5] [--keep]

Both hold the whole graph in memory before the clock starts; beside them the store on disk is asked,
as ``kg query`` does. A run asks one query and reads every row to its end; the rows of all are
compared, term by term, in any order; where they differ it ends with an error.
"""

from __future__ import annotations

import statistics
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pyoxigraph
import rdflib

from benchmarks.corpus import write
from benchmarks.kept import Measured, run
from kg.outputs.graph import Graph
from kg.pipeline import Options, build
from kg.queries import named
from kg.queries import run as answer_of
from kg.store import in_memory

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
    answer = answer_of(store, text)
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


def asked(ask: Callable[[], list[Row]]) -> tuple[float, list[Row]]:
    """Seconds, and the rows."""
    start = time.perf_counter()
    rows = ask()
    return time.perf_counter() - start, rows


def measure(*, studies: int = 200, rounds: int = 5) -> Measured:
    """Ask all three, in turns. Raises RuntimeError when rows differ."""
    made = Measured("query", {"studies": studies, "rounds": rounds})
    warnings.simplefilter("ignore")  # rdflib warns of its own use of names it has deprecated
    with tempfile.TemporaryDirectory() as folder:
        corpus, out = Path(folder) / "corpus", Path(folder) / "out"
        write(corpus, studies)
        build([corpus], out, Options(formats=(), check=False, cache=False))
        graph = Graph(out)
        store, dataset = in_memory(graph.nquads()), graph.rdflib()
        each: dict[str, list[float]] = {name: [] for name in QUERIES}
        whole, on_disk = [], []
        for _ in range(rounds):
            ours = lying = theirs = 0.0
            for name in QUERIES:
                text = named()[name].text
                mine, rows = asked(partial(by_oxigraph, store, text))
                there, its = asked(partial(by_oxigraph, graph.store, text))
                other, its_rows = asked(partial(by_rdflib, dataset, text))
                if not Counter(rows) == Counter(its) == Counter(its_rows):
                    raise RuntimeError(f"{name}: the rows differ")
                each[name].append(other / mine)
                ours, lying, theirs = ours + mine, lying + there, theirs + other
            whole.append(theirs / ours)
            on_disk.append(theirs / lying)
    times = round(statistics.median(on_disk), 1)
    note = (
        f"{studies:,} records, {len(store):,} statements, all six together, median of {rounds}, "
        f"both in memory; the store on disk, which kg query asks: {times} times"
    )
    made.found("query.rdflib", whole, note)
    made.details = {
        "times_by_query": {n: round(statistics.median(r), 1) for n, r in each.items()},
        "times_of_the_store_on_disk": times,
    }
    return made


if __name__ == "__main__":
    run(__doc__, measure, studies=200, rounds=5)

"""GEXF at size: our writer against networkx's, each in a process of its own.

    python -m benchmarks.export [--edges 1000000] [--few 100000] [--rounds 5] [--keep]

The million edges once, for networkx takes minutes; the few as often as asked.

The graph is made by rule: a quarter as many nodes as edges, four attributes a node (our writer
adds place, size and colour), two an edge. Time is that of writing: ours makes nodes and edges as
it goes, networkx has its graph in memory before the clock starts. Memory is what the process
needed beyond what it held before writing; of networkx that leaves the graph itself out.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.kept import Measured, run
from kg.exporters.gexf import gexf
from kg.exporters.parts import Column, Edge, Head, Node
from kg.exporters.source import write_text

SMALL = 100_000  # edges of which several runs take no longer than one coffee
WRITERS = ("kg", "networkx")
_KINDS = ("site", "primarySponsor", "approvedBy", "principalInvestigator")
_PLACES = ("Shandong", "Hubei", "Sichuan", "Gansu & Qinghai")
_HEAD = Head(
    description="an invented graph",
    directed=True,
    modified="2026-01-01",
    node_columns=(
        Column("title", "string"),
        Column("province", "string"),
        Column("year", "integer"),
        Column("weighted_degree", "double"),
    ),
    edge_columns=(Column("relation", "string"), Column("evidence", "integer")),
)


def nodes(count: int) -> Iterator[Node]:
    """As many invented nodes."""
    for n in range(count):
        title = f"Invented study {n} of a drug that nobody made"
        yield Node(
            id=f"trial:invented-{n:08d}",
            node_type="trial",
            label=title[:32],
            columns={
                "title": title,
                "province": _PLACES[n % 4],
                "year": 2005 + n % 20,
                "weighted_degree": float(n % 50),
            },
            x=n % 1000 / 4,
            y=n // 1000 / 4,
            size=4 + n % 30 / 10,
        )


def edges(count: int, among: int) -> Iterator[Edge]:
    """As many invented edges ``among`` nodes, sorted by source as those of a view are."""
    each = -(-count // among)
    for n in range(among):
        source = f"trial:invented-{n:08d}"
        for turn in range(min(each, count - n * each)):
            target = f"trial:invented-{(n * 7 + 1 + turn * 13) % among:08d}"
            yield Edge(source, target, _KINDS[turn % 4], 1 + n % 3, 1 + n % 5)


def measured(writer: str, count: int, path: Path) -> dict[str, float]:
    """Seconds and extra kilobytes of one run in this process."""
    among = max(2, count // 4)
    if writer == "networkx":
        import networkx as nx

        graph: nx.MultiDiGraph[str] = nx.MultiDiGraph()
        for node in nodes(among):
            graph.add_node(node.id, label=node.label, **node.columns)
        for number, edge in enumerate(edges(count, among), start=1):
            graph.add_edge(
                edge.source,
                edge.target,
                key=f"e{number}",
                weight=edge.weight,
                relation=edge.kind,
                evidence=edge.evidence,
            )
    before = _resident()
    start = time.perf_counter()
    if writer == "networkx":
        nx.write_gexf(graph, path)
    else:
        write_text(gexf(_HEAD, nodes(among), edges(count, among)), path)
    took = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {"seconds": took, "kilobytes": after - before, "bytes": path.stat().st_size}


def _resident() -> int:
    """Kilobytes that this process holds now; where no one says so, the most it ever held."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return pages * resource.getpagesize() // 1024


def _in_child(writer: str, count: int) -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "graph.gexf"
        asked = ["--one", writer, "--to", str(path), "--edges", str(count)]
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.export", *asked],
            check=True,
            capture_output=True,
            text=True,
        )
    found: dict[str, float] = json.loads(done.stdout)
    return found


def measure(*, edges: int = 1_000_000, few: int = 100_000, rounds: int = 5) -> Measured:
    """Write with both: once the many edges, as often as asked the few."""
    made = Measured("export", {"edges": edges, "few": few, "rounds": rounds})
    ours, theirs = (_in_child(writer, edges) for writer in WRITERS)
    note = f"{edges:,} edges, one run"
    small = [[_in_child(writer, few) for writer in WRITERS] for _ in range(rounds)]
    of_few = [b["seconds"] / a["seconds"] for a, b in small]
    made.found(
        "export.time",
        [theirs["seconds"] / ours["seconds"]],
        f"{note}; {few:,} edges, median of {rounds}: {statistics.median(of_few):.1f} times",
    )
    # a run may fit into pages that the process had already: count at least one of 4 KB
    made.found(
        "export.memory",
        [max(4.0, ours["kilobytes"]) / theirs["kilobytes"]],
        f"{note}; {theirs['kilobytes'] / 1024:,.0f} MiB of networkx",
    )
    made.details = {"kg": ours, "networkx": theirs, "times_as_fast_with_few_edges": of_few}
    return made


def main() -> None:
    """One run in a process of its own, or all of them."""
    if "--one" not in sys.argv:
        run(__doc__, measure, edges=1_000_000, few=SMALL, rounds=5)
        return
    arguments = argparse.ArgumentParser(description="one run of one writer")
    arguments.add_argument("--edges", type=int, required=True)
    arguments.add_argument("--one", choices=WRITERS)
    arguments.add_argument("--to", type=Path)
    given = arguments.parse_args()
    print(json.dumps(measured(given.one, given.edges, given.to)))


if __name__ == "__main__":
    main()

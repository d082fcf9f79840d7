"""Invented builds to push, and pushes of them whose waiting takes no time."""

from __future__ import annotations

from pathlib import Path

from graph_store import GraphStore, quads_of
from test_fetch import Waits

from kg.push import Outcome, Settings, push

BASE = "https://w3id.org/trialkg/"
IDENTITY, DERIVED = BASE + "graph/identity", BASE + "graph/derived"
PIECE = 2000  # bytes: the larger graphs of these tests go in pieces


def record(n: int) -> str:
    return f"{BASE}id/record/ctgov/NCT{9999000 + n:08}/20260105"


def statement(graph: str, n: int, value: str = "") -> str:
    return (
        f'<{BASE}id/x/{n:05}> <{BASE}ns#p> "value {n} {value} \\"<in> .\\" 示例"@en <{graph}> .\n'
    )


def written(out: Path, *, records: int = 30, large: int = 100, changed: int = -1) -> Path:
    """A folder with an invented graph.nq, sorted: not by graph. ``changed``: a record of today."""
    lines = [
        statement(record(n), k, "new" if n == changed else "")
        for n in range(records)
        for k in range(n, n + 5)
    ]
    lines += [statement(graph, k) for graph in (IDENTITY, DERIVED) for k in range(large)]
    lines += [statement(record(1) + "/contacts", k) for k in range(3)]
    out.mkdir(exist_ok=True)
    (out / "graph.nq").write_text("".join(sorted(lines)), encoding="utf-8")
    return out


def sent(out: Path, server: GraphStore, **options: object) -> Outcome:
    """The outcome of a push in this process; waiting takes no time."""
    names = ("login", "piece", "gzip", "jobs", "timeout")
    chosen = {name: options.pop(name) for name in names if name in options}
    settings = Settings(server.endpoint, **{"piece": PIECE, **chosen})
    return push(out, settings, **{"clock": Waits(), **options})


def same(out: Path, server: GraphStore, *, contacts: bool = False) -> bool:
    return server.quads() == quads_of(out / "graph.nq", contacts=contacts)

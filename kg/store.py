"""The graph in Oxigraph: in memory while it is built, on disk for queries."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pyoxigraph

from kg.errors import ToolError
from kg.namespaces import DERIVED
from kg.resources import folder


def in_memory(lines: Iterable[str]) -> pyoxigraph.Store:
    """A store that holds these N-Quads lines."""
    store = pyoxigraph.Store()
    add(store, lines)
    return store


def add(store: pyoxigraph.Store, lines: Iterable[str]) -> None:
    """Load N-Quads lines."""
    store.bulk_load("".join(lines).encode(), format=pyoxigraph.RdfFormat.N_QUADS)


def save(lines: Iterable[str], path: Path) -> None:
    """Write a store on disk that holds these N-Quads lines."""
    path.mkdir()
    store = pyoxigraph.Store(str(path))
    add(store, lines)
    store.optimize()
    store.flush()


def opened(path: Path) -> pyoxigraph.Store:
    """A store on disk, read only. Raises ToolError when there is none.

    It stays what it is while a build replaces its folder.
    """
    while True:
        try:
            before = path.stat()
            found, failed = pyoxigraph.Store.read_only(str(path)), None
        except (FileNotFoundError, NotADirectoryError):
            raise ToolError(f"{path}: no store here; run kg build first") from None
        except (OSError, RuntimeError) as error:  # RuntimeError: files that do not fit together
            found, failed = None, error
        # A build may have swapped the folder in the midst: files of two stores open well together,
        # as they have the same names.
        if path.is_dir() and not os.path.samestat(before, path.stat()):
            continue
        if found is None:
            raise ToolError(f"{path}: {failed}")
        return found


def derive(store: pyoxigraph.Store) -> None:
    """Replace the derived graph by what ``ontology/derive/*.rq`` construct."""
    graph = pyoxigraph.NamedNode(DERIVED)
    store.clear_graph(graph)
    found: list[pyoxigraph.Quad] = []
    for rule in sorted((folder("ontology") / "derive").glob("*.rq")):
        triples = store.query(rule.read_text(encoding="utf-8"))
        assert isinstance(triples, pyoxigraph.QueryTriples)
        found += (pyoxigraph.Quad(t.subject, t.predicate, t.object, graph) for t in triples)
    store.bulk_extend(found)


def lines(store: pyoxigraph.Store) -> list[str]:
    """The quads of a store as sorted N-Quads lines."""
    dumped = store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b""
    # Not splitlines(): U+2028 and U+0085 stand unescaped inside literals.
    return sorted({f"{line}\n" for line in dumped.decode().split("\n") if line})

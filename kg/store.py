"""The graph in Oxigraph: in memory while it is built, on disk for queries."""

from __future__ import annotations

import os
from collections.abc import Iterable
from itertools import chain
from pathlib import Path

import pyoxigraph

from kg.errors import ToolError
from kg.namespaces import DERIVED
from kg.resources import folder

_AT_ONCE = 16 * 1024**2  # characters of one load


def in_memory(lines: Iterable[str]) -> pyoxigraph.Store:
    """A store that holds these N-Quads lines."""
    store = pyoxigraph.Store()
    add(store, lines)
    return store


def on_disk(lines: Iterable[str], path: Path) -> pyoxigraph.Store:
    """The same in a folder, for a graph that no memory holds; slower to ask."""
    store = pyoxigraph.Store(str(path))
    add(store, lines)
    return store


def add(store: pyoxigraph.Store, lines: Iterable[str]) -> None:
    """Load N-Quads text, one or several lines at a time."""
    waiting: list[str] = []
    size = 0
    for text in lines:
        waiting.append(text)
        size += len(text)
        if size > _AT_ONCE:
            _load(store, waiting)
            waiting, size = [], 0
    _load(store, waiting)


def _load(store: pyoxigraph.Store, texts: list[str]) -> None:
    store.bulk_load("".join(texts).encode(), format=pyoxigraph.RdfFormat.N_QUADS)


def save(nquads: Path, more: Iterable[str], path: Path) -> None:
    """Write a store on disk that holds an N-Quads file and some more lines."""
    path.mkdir()
    store = pyoxigraph.Store(str(path))
    store.bulk_load(path=str(nquads), format=pyoxigraph.RdfFormat.N_QUADS)
    add(store, more)
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
    # Every rule is asked before anything is added: each answer is of the store as it is now, and
    # is read while the quads of those before it are added, never held.
    answers: list[pyoxigraph.QueryTriples] = []
    for rule in sorted((folder("ontology") / "derive").glob("*.rq")):
        triples = store.query(rule.read_text(encoding="utf-8"))
        assert isinstance(triples, pyoxigraph.QueryTriples)
        answers.append(triples)
    store.bulk_extend(
        pyoxigraph.Quad(t.subject, t.predicate, t.object, graph) for t in chain(*answers)
    )


def lines(store: pyoxigraph.Store) -> list[str]:
    """The quads of a store as sorted N-Quads lines."""
    dumped = store.dump(format=pyoxigraph.RdfFormat.N_QUADS) or b""
    # bytes.splitlines() knows no other line ends: U+2028 and U+0085 stand unescaped inside
    # literals. Bytes of UTF-8 sort as characters do.
    return [line.decode() for line in sorted(dumped.splitlines(keepends=True))]

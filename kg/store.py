"""The graph in Oxigraph: in memory while it is built, on disk for queries."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable
from functools import cache, partial
from itertools import chain
from pathlib import Path

import pyoxigraph

from kg.errors import ToolError
from kg.namespaces import DERIVED, expand
from kg.resources import folder
from kg.running.locks import lock

NQUADS = "graph.nq"
STORE = "store"
_AT_ONCE = 16 * 1024**2  # characters of one load


def in_memory(lines: Iterable[str]) -> pyoxigraph.Store:
    """A store that holds these N-Quads lines."""
    store = pyoxigraph.Store()
    add(store, lines)
    return store


def new(path: Path | None) -> pyoxigraph.Store:
    """A store that holds nothing: in memory, or in a folder for what no memory holds."""
    return pyoxigraph.Store() if path is None else pyoxigraph.Store(str(path))


def add(
    store: pyoxigraph.Store, lines: Iterable[str], graph: pyoxigraph.NamedNode | None = None
) -> None:
    """Load N-Quads text, one or several lines at a time; into a ``graph``: N-Triples."""
    waiting: list[str] = []
    size = 0
    for text in lines:
        waiting.append(text)
        size += len(text)
        if size > _AT_ONCE:
            _load(store, waiting, graph)
            waiting, size = [], 0
    _load(store, waiting, graph)


def _load(store: pyoxigraph.Store, texts: list[str], graph: pyoxigraph.NamedNode | None) -> None:
    form = pyoxigraph.RdfFormat.N_TRIPLES if graph else pyoxigraph.RdfFormat.N_QUADS
    store.bulk_load("".join(texts).encode(), format=form, to_graph=graph)


def listing(folder: Path) -> bytes:
    """What tells whether the store of a folder is as a build left it: each file's size and time.

    Readers write their log there; it is no part of the store.
    """
    files = [folder / NQUADS, *(folder / STORE).glob("*")]
    told = []
    for path in sorted(files):
        if path.is_file() and path.name != "LOCK" and not path.name.startswith("LOG"):
            status = path.stat()
            told.append((path.name, status.st_size, status.st_mtime_ns))
    return repr(told).encode()


def opened(path: Path) -> pyoxigraph.Store:
    """A store on disk, read only. Raises ToolError when there is none.

    RocksDB opens the files of a large one when it first looks into them: where somebody may replace
    the folder meanwhile, take a ``Reader``.
    """
    while True:
        before = _stat(path)
        try:
            found, failed = _read_only(path), None
        except ToolError as error:
            found, failed = None, error
        # A build may have swapped the folder in the midst: files of two stores open well together,
        # as they have the same names.
        if path.is_dir() and not os.path.samestat(before, path.stat()):
            continue
        if failed:
            raise failed
        assert found is not None
        return found


class Reader:
    """A store on disk, read only, that stays what it is until the reader is closed.

    A build that replaces its folder leaves the old one on the disk as long
    (kg/building/output.py). Raises ToolError when there is none.
    """

    def __init__(self, path: Path) -> None:
        self.close: Callable[[], None] = _nothing
        if os.name != "posix":  # no folder can be opened there, nor moved while it is read
            self.store = opened(path)
            return
        handle = _held(path)
        self.close = partial(os.close, handle)
        anchor = _anchor(handle)
        try:
            self.store = _read_only(path, anchor) if anchor else opened(path)
        except ToolError:
            self.close()
            raise


def _held(path: Path) -> int:
    """A folder, open, with a lock that keeps builds from removing it."""
    while True:
        _stat(path)
        try:
            handle = os.open(path, os.O_RDONLY)
        except OSError as error:
            raise ToolError(f"{path}: {error.strerror}") from None
        # Else a build removes it at this moment, and another one stands there.
        ours = lock(handle, shared=True) != "theirs"
        if ours and os.path.samestat(os.fstat(handle), _stat(path)):
            return handle
        os.close(handle)


def _nothing() -> None:
    pass


_anchors: dict[tuple[int, int], Path] = {}


def _anchor(handle: int) -> Path | None:
    """Another name of an open folder, which leads there wherever it is moved, for this process.

    It outlives whoever asked: a store may outlive its reader.
    """
    here = Path(f"/proc/self/fd/{handle}")
    if not here.is_dir():  # another system
        return None
    status = os.fstat(handle)
    key = status.st_dev, status.st_ino
    if key not in _anchors:
        _anchors[key] = Path(f"/proc/self/fd/{os.open(here, os.O_RDONLY)}")
    return _anchors[key]


def _read_only(path: Path, place: Path | None = None) -> pyoxigraph.Store:
    place = place or path
    try:
        return pyoxigraph.Store.read_only(str(place))
    except (FileNotFoundError, NotADirectoryError):
        raise _none(path) from None
    except (OSError, RuntimeError) as error:  # RuntimeError: files that do not fit together
        said = str(error).replace(str(place), str(path))
        raise ToolError(f"{path}: {said}") from None


def _stat(path: Path) -> os.stat_result:
    try:
        return path.stat()
    except (FileNotFoundError, NotADirectoryError):
        raise _none(path) from None


def _none(path: Path) -> ToolError:
    return ToolError(f"{path}: no store here; run kg build first")


@cache
def _rules() -> tuple[str, ...]:
    """The queries of ``ontology/derive/*.rq``."""
    rules = sorted((folder("ontology") / "derive").glob("*.rq"))
    return tuple(rule.read_text(encoding="utf-8") for rule in rules)


@cache
def derive_reads() -> frozenset[str]:
    """The properties and classes that ``derive`` looks at."""
    found = {expand("rdf:type")}
    for rule in _rules():
        prefixes = dict(re.findall(r"^PREFIX (\S*): <([^>]*)>$", rule, re.MULTILINE))
        found |= {
            prefixes[p] + name for p, name in re.findall(r"\b(\w+):(\w+)", rule) if p in prefixes
        }
    return frozenset(found)


def derive(store: pyoxigraph.Store) -> None:
    """Replace the derived graph by what ``ontology/derive/*.rq`` construct."""
    graph = pyoxigraph.NamedNode(DERIVED)
    store.clear_graph(graph)
    # Every rule is asked before anything is added: each answer is of the store as it is now, and
    # is read while the quads of those before it are added, never held.
    answers: list[pyoxigraph.QueryTriples] = []
    for rule in _rules():
        triples = store.query(rule)
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

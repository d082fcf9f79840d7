"""The statements of a graph as its text forms read them: sorted, graph by graph, record by record.

What a record says stands on disk as sorted lines before it is in any store. Forms of RDF take it
from there, one record at a time; only the graphs that speak of many records are asked of the store.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from itertools import chain, groupby
from pathlib import Path
from typing import NamedTuple, Protocol

from pyoxigraph import DefaultGraph, NamedNode, Store

from kg.exporters.order import graph_order, is_contacts, place, together
from kg.exporters.subjects import Subject, grouped, key_of, ordered, subjects
from kg.namespaces import FINDINGS, ID
from kg.runs import Graph, Runs, copied, dumped

# How the nodes of a record begin: in this order they are sorted.
_SPACES = (("mention", "/"), ("record", "/"), ("record", ">"))
_BEHIND_ALL = b"\xff"


class Text(Protocol):
    """The statements of one graph as lines of canonical N-Quads, sorted, none twice."""

    @property
    def digest(self) -> bytes:
        """The same for the same text, another for another, whatever ``stamp`` is in it."""

    @property
    def stamp(self) -> bytes:
        """The checksum of the file that it was read from."""

    def data(self) -> bytes:
        """The text in UTF-8."""


class Group(NamedTuple):
    """Statements that are read together, such as all that is said of one record's nodes.

    ``digest`` is the same for the same statements of a record whatever ``stamp`` is in them, None
    for what is no record.
    """

    digest: bytes | None
    stamp: bytes
    own: Sequence[_Part]
    others: Iterable[bytes]  # lines of N-Triples

    def subjects(self) -> list[Subject]:
        """What is said, subject by subject, in reading order."""
        lines = chain(*(part.triples() for part in self.own), self.others)
        return ordered(line[:-1].decode() for line in lines)


@dataclass(frozen=True, slots=True)
class Statements:
    """All statements of a graph.

    ``texts`` are those of some named graphs, each about one record, and ``beside`` files with
    canonical N-Triples of some others; what the store holds of these graphs is not looked at.
    """

    store: Store
    texts: Mapping[str, Text] = field(default_factory=dict)
    beside: Mapping[str, Path] = field(default_factory=dict)

    def graphs(self) -> list[Graph]:
        """All graphs, the default graph first, then as a reader wants them."""
        named: dict[str, Graph] = {g.value: g for g in self.store.named_graphs()}
        named |= {iri: NamedNode(iri) for iri in (*self.texts, *self.beside)}
        named.pop(FINDINGS, None)  # they speak of the graph, and stand in its store alone
        return [DefaultGraph(), *(named[iri] for iri in graph_order(named))]

    def text_of(self, graph: Graph) -> Text | None:
        """The statements of a graph, where they stand as text."""
        return self.texts.get(graph.value) if isinstance(graph, NamedNode) else None

    def subjects(self, graph: Graph) -> Iterator[Subject]:
        """The subjects of one graph, in reading order; read when the first is asked for."""
        text = self.text_of(graph)
        if text is None or not isinstance(graph, NamedNode):
            yield from subjects(partial(self._dumped, graph))
        else:
            lines = _triples(text.data(), graph.value)
            yield from ordered(line[:-1].decode() for line in lines)

    def quads(self) -> Iterator[bytes]:
        """Every statement as a line of N-Quads, sorted."""
        others = Runs()
        own: list[_Part] = []
        for iri, text in self.texts.items():
            data = text.data()
            parts = _parts(iri, text, data)
            own += parts
            others.write(_rest(data, parts))
        for graph in self._stored():
            self._dumped(graph, others, named=True)
        return _between(others.lines(), ((part.prefix, part.quads()) for part in _sorted(own)))

    def triples(self) -> Iterator[bytes]:
        """Every statement of the public graphs as a line of N-Triples, sorted, once."""
        own, others = self._public(Runs())
        lines = _between(others.lines(), ((part.prefix, part.triples()) for part in _sorted(own)))
        return (line for line, _ in groupby(lines))

    def groups(self) -> Iterator[Group]:
        """All that the public graphs say, in reading order."""
        own, others = self._public(Runs(key_of))
        if not own and not others.spilled:
            yield Group(None, b"", (), others.pending().splitlines(keepends=True))
            return
        of_record: dict[bytes, list[_Part]] = defaultdict(list)
        for part in own:
            of_record[together(part.graph).encode()].append(part)
        records = iter(sorted(of_record))
        following = next(records, _BEHIND_ALL)
        for key, lines in grouped(others.lines()):
            while following < key:
                yield _group(of_record.pop(following), [])
                following = next(records, _BEHIND_ALL)
            if following == key:
                yield _group(of_record.pop(following), list(lines))
                following = next(records, _BEHIND_ALL)
            else:
                yield Group(None, b"", (), lines)
        while following != _BEHIND_ALL:
            yield _group(of_record.pop(following), [])
            following = next(records, _BEHIND_ALL)

    def _stored(self) -> list[Graph]:
        return [graph for graph in self.graphs() if self.text_of(graph) is None]

    def _dumped(self, graph: Graph, into: Runs, *, named: bool = False) -> None:
        file = None if isinstance(graph, DefaultGraph) else self.beside.get(graph.value)
        if file is None:
            dumped(self.store, graph, into, named=named)
        else:
            copied(file, graph, into, named=named)

    def _public(self, others: Runs) -> tuple[list[_Part], Runs]:
        """What the public graphs say of the nodes of their records, and all else, as N-Triples."""
        own: list[_Part] = []
        for iri, text in self.texts.items():
            if is_contacts(NamedNode(iri)):
                continue
            data = text.data()
            parts = _parts(iri, text, data)
            own += parts
            if rest := _rest(data, parts):
                others.write(b"".join(_triples(rest, iri)))
        for graph in self._stored():
            if not is_contacts(graph):
                self._dumped(graph, others)
        return own, others


class _Part(NamedTuple):
    """A stretch of a text: what a graph says of the nodes of its record that lie together."""

    prefix: bytes  # of its lines
    graph: str
    text: Text
    start: int
    end: int

    def quads(self) -> list[bytes]:
        return self.text.data()[self.start : self.end].splitlines(keepends=True)

    def triples(self) -> list[bytes]:
        return _triples(self.text.data()[self.start : self.end], self.graph)


def _parts(graph: str, text: Text, data: bytes) -> list[_Part]:
    where = place(graph)
    found = []
    for space, end in _SPACES:
        prefix = f"<{ID}{space}/{where.registry}/{where.number}{end}".encode()
        # Lines are sorted, so those that begin alike stand together.
        start = 0 if data.startswith(prefix) else data.find(b"\n" + prefix) + 1
        last = data.rfind(b"\n" + prefix) + 1 or start
        if data.startswith(prefix, last):
            found.append(_Part(prefix, graph, text, start, data.index(b"\n", last) + 1))
    return found


def _rest(data: bytes, parts: Iterable[_Part]) -> bytes:
    """What stands in none of the parts of a text."""
    at, found = 0, []
    for part in parts:
        found.append(data[at : part.start])
        at = part.end
    return b"".join((*found, data[at:]))


def _triples(data: bytes, graph: str) -> list[bytes]:
    """Lines of N-Quads of one graph as N-Triples."""
    # A line break ends a statement and stands nowhere else.
    return data.replace(f" <{graph}> .\n".encode(), b" .\n").splitlines(keepends=True)


def _sorted(parts: list[_Part]) -> list[_Part]:
    return sorted(parts, key=lambda part: part.prefix)


def _between(others: Iterator[bytes], own: Iterable[tuple[bytes, list[bytes]]]) -> Iterator[bytes]:
    """Sorted lines, and sorted stretches of lines, put together sorted.

    Stretches come in the order of the text that all their lines begin with. A line that precedes
    the beginning of the next stretch precedes all that follow.
    """
    waiting: list[bytes] = []
    other = next(others, _BEHIND_ALL)
    for prefix, lines in chain(own, [(_BEHIND_ALL, [])]):
        if waiting and (ready := waiting[: bisect_left(waiting, prefix)]):
            last, many = ready[-1], len(ready)
            del waiting[:many]
            while other <= last:
                ready.append(other)
                other = next(others, _BEHIND_ALL)
            if len(ready) > many:
                ready.sort()
            yield from ready
        while other < prefix:
            yield other
            other = next(others, _BEHIND_ALL)
        waiting = sorted(waiting + lines) if waiting else lines


def _group(own: list[_Part], others: list[bytes]) -> Group:
    texts = {part.graph: part.text for part in own}
    (stamp, *more) = {text.stamp for text in texts.values()}
    made = hashlib.blake2b(digest_size=16)
    for graph in sorted(texts):
        made.update(texts[graph].digest)
        if more:
            made.update(texts[graph].stamp)
    for line in others:
        made.update(line)
    return Group(made.digest(), b"" if more else stamp, own, others)

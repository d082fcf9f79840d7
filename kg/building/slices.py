"""What is worked out of some records at a time, in any process: mentions, terms, derived edges;
and of some mentions that may be one, here: which of them are.

A slice names where the statements of its records lie, or holds whole circles. What one mention or
one trial says hangs on the records of that slice alone, so slices can be cut anywhere between
trials (kg/running/slicing.py).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import NamedTuple

import pyoxigraph

from kg import store
from kg.building.reference import OURS
from kg.contacts.digests import ContactKey, Keyed, keyed
from kg.namespaces import DERIVED, ID, expand
from kg.reading.shards import Block, Version
from kg.resolve import (
    READS,
    Answer,
    Circle,
    Mentions,
    Printed,
    Reading,
    Resolution,
    joined,
    mentions,
    placed,
    printed,
    read_all,
)
from kg.running.cache import Shelf
from kg.running.processes import Workers, in_order, processes
from kg.running.slicing import SIZE, Progress, counted, cut, made

_NOTED = 100  # texts, of a line or some, that are looked through together
_TYPE = f"<{expand('rdf:type')}>"
_MENTION = f"{ID}mention/"
_OF_OURS = tuple(f"<{begins}" for begins in OURS)


class _Slice(NamedTuple):
    """Some records: where their statements lie, and quads beside them; contacts as digests."""

    blocks: tuple[Block, ...]
    beside: str
    keys: tuple[str, ...] = ()

    @property
    def size(self) -> int:
        """How many versions of records it is."""
        return len(self.blocks)

    def key(self, what: bytes, shelf: Shelf) -> bytes:
        """The name under which is kept what was made of records that say this."""
        digests = (block.digest for block in self.blocks)
        keys = (key.encode() for key in self.keys)
        return shelf.cache.key(what, *digests, self.beside.encode(), *keys)


class _Circles(NamedTuple):
    """Some circles of mentions."""

    circles: tuple[Circle, ...]

    @property
    def size(self) -> int:
        """How many mentions it is."""
        return sum(len(circle.members) for circle in self.circles)

    def key(self, what: bytes, shelf: Shelf) -> bytes:
        """The name under which is kept what was answered to circles that say this."""
        return shelf.cache.key(what, *(circle.said.encode() for circle in self.circles))


class Part(NamedTuple):
    """What some records name, the channels of it that may be compared, and IRIs of ours in use."""

    mentions: Mentions
    contacts: Mapping[str, Sequence[ContactKey]]
    used: frozenset[str] = frozenset()


class Told(NamedTuple):
    """What all records name, the channels of it that may be compared, and IRIs of ours in use.

    Those are of registries, places, codes and terms.
    """

    mentions: Mentions
    contacts: Keyed
    used: set[str]


def told(
    versions: Sequence[Version],
    workers: Workers | None = None,
    size: int = SIZE,
    shelf: Shelf | None = None,
    progress: Progress | None = None,
) -> Told:
    """What the records of some versions name, and every IRI of ours that they use.

    Versions of one record are told together: the newest one that prints a mention speaks.
    """
    of_record: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        of_record[version.record].append(version)
    slices = (
        _Slice(
            tuple(v.quads for v in some),
            "".join(sorted({line for v in some for line in v.places})),
            tuple(v.keys for v in some),
        )
        for some in cut(of_record.items())
    )
    passed = counted(len(versions), progress)
    return together(made(_read, slices, workers, size, shelf, passed))


def together(parts: Iterable[Part]) -> Told:
    """All of several parts. Equal texts and equal channels are held once."""
    contacts, used = Keyed(), set[str]()

    def taken() -> Iterator[Mentions]:
        for part in parts:
            used.update(part.used)
            for mention, channels in part.contacts.items():
                contacts.add(mention, channels)
            yield part.mentions

    whole = Told(joined(taken()), contacts, used)
    contacts.settle()
    return whole


def _read(of: _Slice) -> Part:
    used: set[str] = set()
    texts = [_lines(block.text(), READS, used) for block in of.blocks]
    found = mentions(store.in_memory([*texts, of.beside]))
    return Part(found, dict(_channels(found, of.keys)), frozenset(used))


def _channels(found: Mentions, texts: Iterable[str]) -> Iterator[tuple[str, Sequence[ContactKey]]]:
    """The channels of each mention, under the mention's own IRI, which is held once then.

    A role in which nobody is named may have channels too.
    """
    for text in texts:
        for iri, channels in keyed(text).items():
            if mention := found.by_iri.get(iri):
                yield mention.iri, channels


def _lines(text: str, reads: frozenset[str], used: set[str]) -> str:
    """The lines of N-Quads with one of some properties, types of some classes alone.

    What the text uses of ours as a property or an object is noted.
    """
    kept = []
    props, objects = set(), set()
    for line in text.split("\n"):
        if not line:
            continue
        _, prop, rest = line.split(" ", 2)
        props.add(prop)
        if rest[0] == "<":
            rest = rest[: rest.index(">") + 1]
            objects.add(rest)
        if prop[1:-1] in reads and (prop != _TYPE or rest[1:-1] in reads):
            kept.append(line)
    used.update(token[1:-1] for token in (*props, *objects) if token.startswith(_OF_OURS))
    return "\n".join((*kept, ""))


def readings(
    mentions: Mentions,
    known: Mapping[Printed, Reading],
    workers: Workers | None = None,
    progress: Progress | None = None,
) -> dict[Printed, Reading]:
    """What each name of an organization says, for all that the records print.

    Those that are ``known`` are not read again.
    """
    names = dict.fromkeys(printed(mention) for mention in mentions.of_kind("organization"))
    new = [name for name in names if name not in known]
    parts = (new[at : at + SIZE] for at in range(0, len(new), SIZE))
    read: dict[Printed, Reading] = {}
    left = iter(new)
    for found in in_order(workers or processes(1), read_all, parts):
        read.update((name, one) for one, name in zip(found, left, strict=False))
        if progress:
            progress(len(read), len(new))
    return {name: known[name] if name in known else read[name] for name in names}


def answers(circles: Iterable[Circle], shelf: Shelf | None = None) -> Iterator[Answer]:
    """What is answered to circles, in no order; here, for handing them on takes as long."""
    named = ((circle.members[0], (circle,)) for circle in circles)
    slices = (_Circles(tuple(some)) for some in cut(named))
    yield from chain.from_iterable(made(_answered, slices, None, SIZE, shelf, lambda _: None))


def _answered(of: _Circles) -> list[Answer]:
    return [circle.answer() for circle in of.circles]


def noted(texts: Iterable[str], into: set[str]) -> Iterator[str]:
    """The texts as they come, many together; what they use of ours is noted on the way."""
    left = iter(texts)
    while some := list(islice(left, _NOTED)):
        text = "".join(some)
        _lines(text, frozenset(), into)
        yield text


def derived(
    versions: Sequence[Version],
    resolution: Resolution,
    workers: Workers | None = None,
    size: int = SIZE,
    shelf: Shelf | None = None,
    progress: Progress | None = None,
) -> Iterator[str]:
    """The derived graph as N-Quads text, in pieces; an edge may stand in several of them.

    It is what ``ontology/derive/*.rq`` construct of the current versions and the identity graph.
    """
    current = set(resolution.versions.values())
    of_trial: dict[str, list[Version]] = defaultdict(list)
    for version in versions:
        if version.version in current:
            of_trial[resolution.refers[version.record]].append(version)
    members: dict[str, list[str]] = defaultdict(list)
    for member in resolution.refers:
        members[_record_of(member)].append(member)

    def sliced(some: list[Version]) -> _Slice:
        records = sorted({v.record for v in some})
        its = (member for record in records for member in members[record])
        return _Slice(tuple(v.quads for v in some), "".join(placed(resolution, its)))

    passed = counted(sum(map(len, of_trial.values())), progress)
    return made(_edges, map(sliced, cut(of_trial.items())), workers, size, shelf, passed)


def _edges(of: _Slice) -> str:
    reads = store.derive_reads()
    texts = (_lines(block.text(), reads, set()) for block in of.blocks)
    made = store.in_memory(chain(texts, [of.beside]))
    store.derive(made)
    graph = pyoxigraph.NamedNode(DERIVED)
    text = (made.dump(format=pyoxigraph.RdfFormat.N_TRIPLES, from_graph=graph) or b"").decode()
    # A line break ends a statement and stands nowhere else.
    return text.replace(" .\n", f" <{DERIVED}> .\n")


def _record_of(member: str) -> str:
    """The record itself, or the one that a mention stands in."""
    if not member.startswith(_MENTION):
        return member
    registry, number, *_ = member.removeprefix(_MENTION).split("/", 2)
    return f"{ID}record/{registry}/{number}"

"""A batch of record versions and what is found in it: a plain value in, a plain value out.

A batch can be checked anywhere and in any order (kg/check/records.py); ``Checked`` values of
neighbouring batches add up.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import NamedTuple

from kg.check.about import About, Reference
from kg.check.belonging import Named
from kg.check.dated import Dated
from kg.check.findings import Finding, RecordReport, RuleError
from kg.check.messages import Labelled
from kg.check.parameters import Parameters
from kg.check.pieces import Pieces
from kg.check.runner import Engine
from kg.check.scan import Seen, Wanted
from kg.check.tally import Statuses
from kg.check.user_shapes import UserShapes
from kg.check.waivers import Waivers
from kg.running.cache import Cache


class Read(NamedTuple):
    """How a record version was read: under which key of the cache, in which file."""

    key: bytes
    file: str
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """One record version: its graph, and where its statements and rows of lines.tsv lie."""

    graph: str
    pieces: Pieces
    trial: str | None
    read: Read | None = None  # None: what is found is not remembered


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Record versions and all that a check of them needs."""

    versions: tuple[Version, ...]
    reference: Reference
    labels: Labelled  # of nodes that other graphs name too
    parameters: Parameters
    profile: str | None
    waivers: Waivers
    engine: Engine
    extra: tuple[UserShapes, ...] = ()
    keep: Wanted  # of the merged graph
    cache: Cache | None = None


@dataclass(slots=True, kw_only=True)
class Checked:
    """What was found so far; a later part is added with ``add``, its counts by a ``Tally``."""

    findings: list[Finding] = field(default_factory=list)
    records: list[RecordReport] = field(default_factory=list)
    errors: list[RuleError] = field(default_factory=list)
    counts: dict[str, Statuses] = field(default_factory=dict)  # by rule
    abouts: dict[str, About] = field(default_factory=dict)  # by record
    seen: Seen = field(default_factory=Seen)
    named: list[Named] = field(default_factory=list)
    entries: list[tuple[bytes, bytes]] = field(default_factory=list)  # for the cache
    known: list[bytes] = field(default_factory=list)  # keys of those that were found in it

    def add(self, other: Checked) -> None:
        """Take over what was found in the records that follow."""
        self.findings += other.findings
        self.records += other.records
        self.errors += other.errors
        self.abouts |= other.abouts
        self.seen.add(other.seen)
        self.named += other.named
        self.entries += other.entries
        self.known += other.known


class Entry(NamedTuple):
    """What was found in one record version, to be remembered.

    It holds as long as ``told`` is what other graphs tell of ``nodes``, and on another day as long
    as the rules that ask for it answer as they did.
    """

    nodes: tuple[str, ...]
    told: bytes
    sha256: str  # of the file
    dated: Dated
    checked: Checked


def told(nodes: Iterable[str], reference: Reference, labels: Labelled) -> bytes:
    """A digest of all that other graphs than a record's tell a check of these nodes."""
    made = hashlib.blake2b(digest_size=16)
    for node in nodes:
        made.update(_told_of(node, reference, labels))
    return made.digest()


def _told_of(node: str, reference: Reference, labels: Labelled) -> bytes:
    known = reference.digests.get(node)
    if known is None:
        facts = sorted(reference.said_of_nodes((node,)), key=repr)
        about = sorted({node, *(value.text for _, _, value in facts)})
        named = [(n, p, sorted(of)) for n in about for p, of in sorted(labels.get(n, {}).items())]
        items = [sorted(reference.items(n)) for n in about]
        said = repr((node, facts, named, items)).encode()
        known = reference.digests[node] = hashlib.blake2b(said, digest_size=16).digest()
    return known

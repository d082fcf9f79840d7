"""Findings that an earlier build made of records that say the same now.

What single-record rules say of a version hangs on its statements and lines (told by the key under
which it was read), on the parameters, profile, waivers and engine, and on what other graphs say of
the registries, places and codes that it names. All but the last is in the key of an entry; the last
is noted in the entry and compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import NamedTuple

from kg.cache import Cache, Shelf
from kg.check.batch import Batch, Checked, Entry, told
from kg.check.scan import MODULUS, digest_of
from kg.namespaces import expand
from kg.nquads import literal

_SHA256 = expand("tkg:sourceSha256")


class Read(NamedTuple):
    """A record version as it was read: its key in the cache, its file."""

    key: bytes
    file: str
    sha256: str


class Recall:
    """What the cache knows of checks; ``read`` says of each graph how it was read."""

    def __init__(self, shelf: Shelf, read: Mapping[str, Read]) -> None:
        self._shelf = shelf
        self._read = read
        self.found = 0  # records that need not be checked again

    @property
    def cache(self) -> Cache:
        """Where the entries lie."""
        return self._shelf.cache

    def key(self, graph: str, trial: str | None, batch: Batch) -> bytes:
        """The key of an entry of one record version; empty where it cannot have one."""
        read = self._read.get(graph)
        if read is None or not read.key:
            return b""
        asked = (batch.parameters, batch.profile, batch.waivers, batch.engine, batch.extra, trial)
        return self.cache.key(b"check", read.key, repr(asked).encode())

    def find(self, graph: str, key: bytes, batch: Batch) -> Checked | None:
        """What was found in a record version that says the same now."""
        entry = self._shelf.find(key) if key else None
        if not isinstance(entry, Entry):
            return None
        if entry.told != told(entry.nodes, batch.reference, batch.labels):
            return None
        self.found += 1
        return _of_file(entry, self._read[graph], graph)

    def keep(self, entries: Iterable[tuple[bytes, bytes]]) -> None:
        """Keep what was found now."""
        for key, entry in entries:
            self._shelf.put_sealed(key, entry)


def _of_file(entry: Entry, read: Read, graph: str) -> Checked:
    """What was found, as if in the file that holds the record now."""
    found, (about,) = entry.checked, entry.checked.abouts.values()
    if about.file != read.file:
        old, new = about.file, read.file
        found.findings = [replace(f, file=new) if f.file == old else f for f in found.findings]
        found.records = [replace(record, file=new) for record in found.records]
        found.abouts = {about.record: replace(about, file=new)}
    if entry.sha256 != read.sha256:
        before, after = (
            digest_of(f"<{graph}> <{_SHA256}> {literal(sha256)} .", graph)
            for sha256 in (entry.sha256, read.sha256)
        )
        found.seen.total = (found.seen.total - before + after) % MODULUS
    return found

"""The store of an output as a build leaves it for the next one: what tells what it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path

from kg import store
from kg.building.filling import Content, Earlier
from kg.running.cache import Cache, Kept, Shelf

_PIECE = 1 << 22  # bytes of findings that are kept together


def leave(
    shelf: Shelf, folder: Path, records: Mapping[str, Content], findings: Path | None
) -> None:
    """Keep what the store of ``folder`` says of records, and its findings: a file of N-Triples."""
    key, pieces = _key(shelf.cache, folder), 0
    if findings is not None:
        with findings.open("rb") as file:
            while piece := b"".join(file.readlines(_PIECE)):
                shelf.put(_piece(shelf.cache, key, pieces), piece)
                pieces += 1
    shelf.put(key, (dict(records), pieces))


def earlier(cache: Cache, folder: Path) -> Earlier | None:
    """The store of ``folder``, if it is, file by file, what an earlier build left there."""
    key = _key(cache, folder)
    with closing(Kept(cache)) as kept:  # not as used: this build leaves another one
        known = kept.find(key)
    if known is None:
        return None
    records, pieces = known
    findings = _found(cache, [_piece(cache, key, n) for n in range(pieces)])
    return Earlier(folder / store.STORE, records, folder / store.NQUADS, findings)


def _found(cache: Cache, keys: Iterable[bytes]) -> Iterator[bytes | None]:
    """The pieces under these keys, one by one: they are many."""
    with closing(Kept(cache)) as kept:
        for key in keys:
            yield kept.find(key)


def _key(cache: Cache, folder: Path) -> bytes:
    return cache.key(b"store", store.listing(folder))


def _piece(cache: Cache, key: bytes, n: int) -> bytes:
    return cache.key(b"findings", key, str(n).encode())

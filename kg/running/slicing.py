"""How work on records or mentions is cut into slices, done once, and counted.

A slice is a value that stands alone, so it can be worked on in any process and in any order;
memory holds some at a time. What an earlier build made of a slice that says the same is not made
again.
"""

from __future__ import annotations

import zlib
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import Protocol, TypeVar

from kg.running.cache import Cache, Shelf
from kg.running.processes import Workers, in_order, processes

SIZE = 500  # records, or names, that go to a process at once
TOGETHER = 8
"""About so many records or trials are a slice: fewer cost a store each, of more a change in one
makes more of them anew."""

_KNOWN = 100  # slices that are known, before what was made of them is handed on


_S = TypeVar("_S", bound="Sliced")
_T = TypeVar("_T")
Progress = Callable[[int, int], None]
"""Hears how many of how many records, or names, are done."""


class Sliced(Protocol):
    """Something that is worked on alone."""

    @property
    def size(self) -> int:
        """How many records, or mentions, it is."""

    def key(self, what: bytes, shelf: Shelf) -> bytes:
        """The name under which is kept what was made of one that says this."""


def made(
    work: Callable[[_S], _T],
    slices: Iterable[_S],
    workers: Workers | None,
    size: int,
    shelf: Shelf | None,
    passed: Callable[[int], None],
) -> Iterator[_T]:
    """What ``work`` makes of each slice, in no order. ``passed`` hears of how many records."""
    known: list[_T] = []
    counts: deque[int] = deque()  # of records that wait together for a process

    def new() -> Iterator[list[tuple[bytes, _S]]]:
        """The slices of which nothing is known, ``size`` records at a time.

        After many that are known there may be fewer, or none: what is known does not pile up.
        """
        some: list[tuple[bytes, _S]] = []
        records = 0
        for one in slices:
            key = one.key(work.__name__.encode(), shelf) if shelf else b""
            if shelf and (found := shelf.find(key)) is not None:
                known.append(found)
                passed(one.size)
                if len(known) >= _KNOWN:
                    counts.append(records)
                    yield some
                    some, records = [], 0
                continue
            if some and records + one.size > size:
                counts.append(records)
                yield some
                some, records = [], 0
            some.append((key, one))
            records += one.size
        if some:
            counts.append(records)
            yield some

    each = partial(_each, work, shelf.cache if shelf else None)
    for made in in_order(workers or processes(1), each, new()):
        for key, value, sealed in made:
            if shelf:
                shelf.put_sealed(key, sealed)
            yield value
        if records := counts.popleft():  # what was handed on for what is known holds none
            passed(records)
        while known:
            yield known.pop()
    while known:
        yield known.pop()


def counted(of: int, progress: Progress | None) -> Callable[[int], None]:
    """What adds up how many records are done."""
    done = 0

    def passed(records: int) -> None:
        nonlocal done
        done += records
        if progress:
            progress(done, of)

    return passed


def _each(
    work: Callable[[_S], _T], cache: Cache | None, some: Sequence[tuple[bytes, _S]]
) -> list[tuple[bytes, _T, bytes]]:
    """What is made of each slice, with its key, and sealed where it is to be kept."""
    found = []
    for key, one in some:
        value = work(one)
        found.append((key, value, cache.sealed(key, value) if cache else b""))
    return found


def cut(named: Iterable[tuple[str, Sequence[_T]]]) -> Iterator[list[_T]]:
    """Groups under their names in their order, some together: about ``TOGETHER`` of them.

    A name ends a slice or does not, whatever stands before it: a new group leaves all slices as
    they were but its own.
    """
    some: list[_T] = []
    for name, group in named:
        some += group
        if _ends(name) or len(some) >= SIZE:
            yield some
            some = []
    if some:
        yield some


def _ends(name: str) -> bool:
    """Whether a name ends a slice: about one of so many does."""
    return zlib.crc32(name.encode()) % TOGETHER == 0

"""What a corrected spelling carries on: a new mention in the record that printed the old one.

A mention is named by what it prints, so a record that corrects a name prints a new mention. It
stands for the old one where the record no longer prints that one and the names agree: in Chinese
where both have a Chinese name, else in Latin letters. A name that differs is somebody else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from typing import NamedTuple, TypeVar

from kg.namespaces import h8
from kg.resolve.committees import read as committee_name
from kg.resolve.latin_names import latin_key, person_name
from kg.resolve.mentions import Mention
from kg.resolve.organization_rules import chinese_slot_key
from kg.resolve.readings import Reading, reading

HAN, LATIN = "z", "l"  # open a digest: of a Chinese name, of one in Latin letters
_SLOT = re.compile(r"(.*)-[0-9a-f]{8}(?:-(\d+))?")


class Spelled(NamedTuple):
    """The names of a mention as digests. ``names`` go into the ledger, which holds no name.

    ``accepted`` are those under which an earlier spelling may stand there: all of ``names``, and
    every legal Latin spelling of a Chinese name.
    """

    names: frozenset[str]
    accepted: frozenset[str]


_T = TypeVar("_T")
_Distances = Iterable[tuple[tuple[bool, bool], _T]]
NO_NAME = Spelled(frozenset(), frozenset())


def spelled(mention: Mention) -> Spelled:
    """The names of a mention as digests, equal for spellings that a rule takes for one name."""
    if mention.kind == "person":
        return _person(tuple(text for text, _ in mention.printed))
    if mention.kind == "committee":
        return _committee(*mention.by_script)
    return _organization(reading(mention))


@lru_cache(maxsize=65536)
def _person(printed: tuple[str, ...]) -> Spelled:
    name = person_name(printed)
    names = _digests(HAN, [name.han]) | _digests(
        LATIN, [latin_key(name.latin) if name.latin else None]
    )
    return Spelled(names, names | _digests(LATIN, name.latin_keys))


@lru_cache(maxsize=65536)
def _committee(zh: str | None, en: str | None) -> Spelled:
    name = committee_name(zh, en)
    names = _digests(HAN, [f"{name.kind} {name.zh.key}" if name.zh else None]) | _digests(
        LATIN, [f"{name.kind} {name.en.key}" if name.en else None]
    )
    return Spelled(names, names)


@lru_cache(maxsize=65536)
def _organization(read: Reading) -> Spelled:
    found: set[str] = set()
    if read.zh:
        found |= _digests(HAN, [read.zh.key, chinese_slot_key(read.zh.key)])
    if read.en and not read.en.masked:
        found |= _digests(LATIN, [read.en.key])
    return Spelled(frozenset(found), frozenset(found))


def _digests(script: str, names: Iterable[str | None]) -> frozenset[str]:
    return frozenset(script + h8(name) for name in names if name)


def agree(ours: frozenset[str], theirs: frozenset[str]) -> bool:
    """Whether names agree: the Chinese ones where both have one, else those in Latin letters."""
    for script in (HAN, LATIN):
        a, b = ({d for d in side if d[0] == script} for side in (ours, theirs))
        if a and b:
            return not a.isdisjoint(b)
    return False


class Gone(NamedTuple):
    """A mention that an entity had and its record no longer prints; ``names`` of the entity."""

    mention: str
    entity: str
    names: frozenset[str]


def carried(
    gone: Iterable[Gone],
    new: Mapping[str, str],
    accepted: Callable[[str], frozenset[str]],
) -> dict[str, Gone]:
    """For each new mention that carries on an old one, that old one. No new one carries on two.

    ``new``: the new mentions with their group. One in the same slot goes before one in another
    slot, one of the same running number before others; where several are left, none is chosen.
    """
    by_record: dict[str, list[Gone]] = defaultdict(list)
    records = {_record(mention) for mention in new}
    for former in gone:
        if (record := _record(former.mention)) in records:
            by_record[record].append(former)
    called: dict[tuple[str, str], list[str]] = defaultdict(list)  # by record and name
    for mention in new:
        if (record := _record(mention)) in by_record:
            for name in accepted(mention):
                called[record, name].append(mention)
    pairs: dict[tuple[Gone, str], tuple[bool, bool]] = {}
    for record, olds in by_record.items():
        for old in olds:
            for mention in {m for name in old.names for m in called.get((record, name), ())}:
                if agree(old.names, accepted(mention)):
                    pairs[old, mention] = _distance(old.mention, mention)
    of_old: dict[Gone, list[tuple[tuple[bool, bool], str]]] = defaultdict(list)
    of_new: dict[str, list[tuple[tuple[bool, bool], Gone]]] = defaultdict(list)
    for (old, mention), distance in pairs.items():
        of_old[old].append((distance, mention))
        of_new[mention].append((distance, old))
    found = {}
    for mention, candidates in sorted(of_new.items()):
        nearest = _nearest(candidates)
        old = min(nearest, key=lambda old: old.mention)
        groups = {new[other] for other in _nearest(of_old[old])}
        if len({old.entity for old in nearest}) == 1 and groups == {new[mention]}:
            found[mention] = old
    return found


def _nearest(candidates: _Distances[_T]) -> list[_T]:
    listed = list(candidates)
    least = min(distance for distance, _ in listed)
    return [candidate for distance, candidate in listed if distance == least]


def _record(mention: str) -> str:
    return mention.rpartition("/")[0]


def _distance(a: str, b: str) -> tuple[bool, bool]:
    """Whether two mentions of a record differ in slot, and in their running number there."""
    (ours, first), (theirs, second) = _slot(a), _slot(b)
    return ours != theirs, first != second


def _slot(mention: str) -> tuple[str, str]:
    """The slot of a mention and its running number there."""
    last = mention.rpartition("/")[2]
    found = _SLOT.fullmatch(last)
    return (found[1], found[2] or "") if found else (last, "")

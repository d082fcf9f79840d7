"""What a corrected spelling carries on: a new mention in the record that printed the old one.

A mention is named by what it prints, so a record that corrects a name prints a new mention. It
stands for the old one where the record no longer prints that one and the names agree: in Chinese
where both have a Chinese name, else in Latin letters. A name that differs is somebody else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import NamedTuple, TypeVar

from kg.namespaces import h8
from kg.resolve.committees import read as committee_name
from kg.resolve.mentions import Mention
from kg.resolve.names.latin_names import PersonName, person_name
from kg.resolve.organization_rules import chinese_slot_key
from kg.resolve.readings import Reading, reading

HAN, LATIN = "z", "l"  # open a digest: of a Chinese name, of one in Latin letters
_SLOT = re.compile(r"(.*)-[0-9a-f]{8}(?:-(\d+))?")


NO_NAME = "-"
_T = TypeVar("_T")
_Distances = Iterable[tuple[tuple[bool, bool], _T]]


def spelled(mention: Mention) -> str:
    """The names of a mention as digests, joined by ``+``; ``-`` without a name.

    Equal for spellings that a rule takes for one name. The ledger holds these and no name.
    """
    return _SPELL[mention.kind](mention)


def accepted(mention: Mention) -> frozenset[str]:
    """The digests under which an earlier spelling may stand in the ledger.

    Those of ``spelled``, and every legal Latin spelling of a Chinese name.
    """
    found = digests(spelled(mention))
    if mention.kind == "person":
        found |= {LATIN + h8(key) for key in _name(mention).latin_keys}
    return found


def digests(names: str) -> frozenset[str]:
    """The single digests of what ``spelled`` says, of several mentions too."""
    return frozenset(re.split("[+ ]", names)) - {NO_NAME, ""}


def _joined(han: Iterable[str | None], latin: Iterable[str | None]) -> str:
    found = {HAN + h8(name) for name in han if name} | {LATIN + h8(name) for name in latin if name}
    return "+".join(sorted(found)) or NO_NAME


def _name(mention: Mention) -> PersonName:
    return person_name(tuple(text for text, _ in mention.printed))


def _person(mention: Mention) -> str:
    name = _name(mention)
    return _joined([name.han], [name.latin.key if name.latin else None])


def _committee(mention: Mention) -> str:
    name = committee_name(*mention.by_script)
    zh, en = (f"{name.kind} {of.key}" if of else None for of in (name.zh, name.en))
    return _joined([zh], [en])


def _organization(mention: Mention) -> str:
    return spelled_organization(reading(mention))


def spelled_organization(found: Reading) -> str:
    """``spelled`` of the names of an organization as they are read."""
    zh = [found.zh.key, chinese_slot_key(found.zh.key)] if found.zh else []
    return _joined(zh, [found.en.key] if found.en and not found.en.masked else [])


_SPELL: Mapping[str, Callable[[Mention], str]] = {
    "person": _person,
    "committee": _committee,
    "organization": _organization,
}


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
    new: Mapping[str, Hashable],
    may_be: Callable[[str], frozenset[str]],
) -> dict[str, Gone]:
    """For each new mention that carries on an old one, that old one. No new one carries on two.

    ``new``: the new mentions with their group; ``may_be``: what is ``accepted`` for each. One in
    the same slot goes before one in another slot, one of the same running number before others;
    where several are left, none is chosen.
    """
    by_record: dict[str, list[Gone]] = defaultdict(list)
    records = {_record(mention) for mention in new}
    for former in gone:
        if (record := _record(former.mention)) in records:
            by_record[record].append(former)
    called: dict[tuple[str, str], list[str]] = defaultdict(list)  # by record and name
    answers: dict[str, frozenset[str]] = {}
    for mention in new:
        if (record := _record(mention)) in by_record:
            answers[mention] = may_be(mention)
            for name in answers[mention]:
                called[record, name].append(mention)
    pairs: dict[tuple[Gone, str], tuple[bool, bool]] = {}
    for record, olds in by_record.items():
        for old in olds:
            for mention in {m for name in old.names for m in called.get((record, name), ())}:
                if agree(old.names, answers[mention]):
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

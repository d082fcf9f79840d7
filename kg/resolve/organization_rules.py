"""Rules that join names of organizations beyond equal ones. Each gives edges with their evidence.

What they share is an index of what was read. A rule never asks for likeness: it asks whether slots
are equal, whether a table or several registrants say so, or whether the name itself does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache

from kg.resolve.circles import Alias
from kg.resolve.clusters import star
from kg.resolve.links import Edge, edge
from kg.resolve.mentions import Mention
from kg.resolve.names import chinese_names, chinese_slots, english_names, known, places
from kg.resolve.names.chinese_names import ChineseName
from kg.resolve.names.comparable import han
from kg.resolve.names.english_names import EnglishName
from kg.resolve.names.slots import Slots
from kg.resolve.readings import Reading
from kg.resolve.ror import Match

LEAST_RECORDS = 2  # that print a pair of names side by side, for it to be learned
LEAST_REGISTRANTS = 2
LEAST_SHARE = 0.9  # of all that stands beside the English name


@lru_cache(maxsize=65536)
def chinese_slot_key(key: str) -> str | None:
    """The slot key of a comparable Chinese name; None where too little is filled to decide."""
    slots = chinese_slots.read(key)
    return slots.placed_key if slots else None


def by_slots(by_zh: Mapping[str, list[str]], read: Mapping[str, Reading]) -> Iterator[Edge]:
    """O-B2: two Chinese names fill all slots alike: 示例大学附属无锡人民医院, 无锡市人民医院.

    Measured on 8,679 pairs that differ in the ordinal or the place only: none joined.
    """
    blocks: dict[str, list[str]] = defaultdict(list)
    for key, iris in sorted(by_zh.items()):
        if found := _slot_block(read[iris[0]].zh):
            blocks[found].append(key)
    for same in blocks.values():
        for a, b in (pair for keys in _by_university(same) for pair in star(keys)):
            slots = chinese_slots.read(a)
            told = slots.told() if slots else ""
            yield edge(
                "O-B2", by_zh[a][0], by_zh[b][0], f"Chinese names agree slot by slot: {told}"
            )


def _slot_block(zh: ChineseName | None) -> str | None:
    return chinese_slot_key(zh.key) if zh and zh.level == "full" and _is_whole(zh) else None


def _by_university(keys: list[str]) -> list[list[str]]:
    """Keys that fill the slots alike, apart where a proper name is that of two universities.

    南方医科大学顺德医院 and 暨南大学附属顺德医院 are two, and 顺德医院 alone is then neither.
    """
    slots = {key: chinese_slots.read(key) for key in keys}
    owners = {key: of.university for key, of in slots.items() if of and of.proper}
    if len(set(filter(None, owners.values()))) < 2:
        return [keys]
    found: dict[str, list[str]] = defaultdict(list)
    for key in keys:
        found[owners.get(key) or key].append(key)
    return list(found.values())


# What stands for the head of a name in the other language; other heads are not translated.
_HEADS = {"hospital": "hospital", "医学中心": "medical-center"}


def translated(slots: Slots) -> Slots | None:
    """A Chinese name's slots as an English name fills them; None where a word has no counterpart.

    A proper name has none: how 同仁 is spelled is told by a table or by the records.
    """
    place = _latin(slots.place)
    if slots.head not in _HEADS or slots.proper or place is None or slots.part:
        return None
    if not (slots.named or (place and slots.university)):
        return None
    return replace(
        slots,
        head=_HEADS[slots.head],
        place=place,
        seat=_latin(slots.seat) or "",
        types=tuple(sorted(slots.types)),
        specialties=tuple(sorted(slots.specialties)),
    )


def _latin(place: str) -> str | None:
    """A Chinese place in Latin letters, a province as its code; None where it is not certain."""
    if not place:
        return ""
    if code := places.PROVINCE_BY_NAME.get(place):
        return places.PROVINCES[code][1] if code in places.MUNICIPALITIES else code
    latin = known.cities().get(place)
    return None if latin is None or latin in places.HOMONYM_CITIES or place == "吉林" else latin


def latin_names(place: str) -> frozenset[str]:
    """The names in Latin letters, without blanks, that a Chinese place can have."""
    if place == "中国":
        return frozenset({"china", "chinese"})
    found = {known.cities().get(place, "")}
    if code := places.PROVINCE_BY_NAME.get(place):
        found.add(places.PROVINCES[code][1])
    return frozenset(re.sub("[^a-z]", "", name.casefold()) for name in found if name)


def across(
    by_zh: Mapping[str, list[str]], only_en: Mapping[str, list[str]], read: Mapping[str, Reading]
) -> Iterator[Edge]:
    """O-C4: a Chinese and an English name fill the same slots, none of them a proper name.

    浙江大学附属第一医院 is First Affiliated Hospital of Zhejiang University. Measured on names of
    ROR hospitals of China: 99 pairs joined, 99 right.
    """
    chinese: dict[str, list[str]] = defaultdict(list)
    for _, iris in sorted(by_zh.items()):
        if same := _translated(read[iris[0]].zh):
            chinese[same.key].append(iris[0])
    for _, iris in sorted(only_en.items()):
        if slots := _translatable(read[iris[0]].en):
            for target in chinese.get(slots.key, ()):
                yield edge("O-C4", target, iris[0], f"both names say: {slots.told()}")


def _translated(zh: ChineseName | None) -> Slots | None:
    """The slots of a whole Chinese name as an English one fills them."""
    slots = chinese_slots.read(zh.key) if zh and _is_whole(zh) and zh.level == "full" else None
    return translated(slots) if slots else None


def _translatable(en: EnglishName | None) -> Slots | None:
    """The slots of a whole English name in the order of a translated one's."""
    if not en or not en.slots or en.department_of or en.beside or en.slots.level != "full":
        return None
    types, specialties = sorted(en.slots.types), sorted(en.slots.specialties)
    return replace(en.slots, types=tuple(types), specialties=tuple(specialties))


def _is_whole(zh: ChineseName) -> bool:
    return not zh.campus_of and not zh.department_of


def compatible(read: Mapping[str, Reading]) -> Iterator[Edge]:
    """O-D1: slots agree but not all are filled: one says the university, the other its city.

    Asked only: 郑州大学人民医院 and 郑州人民医院 are two.
    """
    blocks: dict[str, dict[str, str]] = defaultdict(dict)
    for iri, names in read.items():
        if slots := _compared(names):
            blocks[_core_block(names, slots)].setdefault(slots.key, iri)
    for _, keys in sorted(blocks.items()):
        placed = [iri for key, iri in sorted(keys.items()) if "%" not in key or "@ " not in key]
        called = [iri for key, iri in sorted(keys.items()) if "@ %" in key]
        if len(placed) == 1 and len(called) == 1:
            told = "slots agree; one says the university, the other only the city"
            yield edge("O-D1", placed[0], called[0], told)


def _compared(names: Reading) -> Slots | None:
    """The slots of a name that may be another one with fewer of them filled."""
    slots = names.en.slots if names.en and not names.zh and not names.en.beside else None
    if names.zh and _is_whole(names.zh):
        slots = chinese_slots.read(names.zh.key)
    if slots and slots.named and not slots.proper and slots.placed and not slots.homonym:
        return slots
    return None


def _core_block(names: Reading, slots: Slots) -> str:
    return f"{'zh' if names.zh else 'en'} {slots.core} @{slots.placed}"


def ties(names: Reading) -> Iterator[tuple[str, str | int]]:
    """What the names of a mention tie it to: every block in which a rule may look at it."""
    zh, en = names.zh, names.en
    if zh:
        yield from (("zh", key) for key in (zh.key, *zh.second, *zh.former))
        if block := _slot_block(zh):
            yield "slots", block
    if en and not en.masked:
        yield from (("en", key) for key in (en.key, *en.second, *en.firms))
    if (row := row_of(names)) is not None:
        yield "row", row
    for same in (_translated(zh), None if zh else _translatable(en)):
        if same:
            yield "translated", same.key
    if slots := _compared(names):
        yield "core", _core_block(names, slots)


# -- aliases ------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def curated() -> tuple[dict[str, int], dict[str, int]]:
    """The row of the curated table that each Chinese and each English key stands in.

    A key that two rows claim is in neither.
    """
    zh: dict[str, set[int]] = defaultdict(set)
    en: dict[str, set[int]] = defaultdict(set)
    for number, hospital in enumerate(known.hospitals()):
        for name in hospital.zh:
            zh[chinese_names.read(name).key].add(number)
            if key := chinese_slot_key(chinese_names.read(name).key):
                zh[key].add(number)
        for name in hospital.en:
            en[english_names.read(name).key].add(number)
    return (
        {key: min(rows) for key, rows in zh.items() if len(rows) == 1},
        {key: min(rows) for key, rows in en.items() if len(rows) == 1},
    )


def row_of(found: Reading) -> int | None:
    """The row of the curated table that a mention's names stand in; the Chinese name decides."""
    zh, en = curated()
    if found.zh:
        key = found.zh.key
        return zh.get(key, zh.get(chinese_slot_key(key) or ""))
    if found.en and not found.en.masked:
        row = en.get(found.en.key)
        if row is not None and found.en.slots:
            place = found.en.slots.place
            cities = known.latin_cities()
            city = known.hospitals()[row].city
            if place and place != city and (place in cities or place == place.lower()):
                return None  # a hospital of that name in another city
        return row
    return None


def by_table(read: Mapping[str, Reading]) -> Iterator[Edge]:
    """O-B3: the curated table has both names in one row. Facts, each row with its source."""
    rows: dict[int, dict[str, str]] = defaultdict(dict)
    for iri, found in read.items():
        if (row := row_of(found)) is not None:
            rows[row].setdefault(found.key, iri)
    for row, iris in sorted(rows.items()):
        source = known.hospitals()[row].source
        for a, b in star(iri for _, iri in sorted(iris.items())):
            yield edge("O-B3", a, b, f"both names stand in the alias table (source: {source})")


@dataclass(frozen=True, slots=True)
class Pairing:
    """One record that prints a Chinese and an English name side by side."""

    iri: str
    record: str
    registrant: str


def learned(
    pairings: Mapping[str, Iterable[Pairing]], read: Mapping[str, Reading]
) -> dict[str, tuple[str, Alias]]:
    """Which Chinese name each English key stands for, with a mention that prints the pair.

    A pair is learned from at least two records of two registrants, if nine in ten records that
    print the English name print that Chinese one. Conflicts teach nothing.
    """
    found: dict[str, tuple[str, Alias]] = {}
    for key, seen in sorted(pairings.items()):
        by_name: dict[str, list[Pairing]] = defaultdict(list)
        for pairing in seen:
            by_name[read[pairing.iri].key].append(pairing)
        total = len({(p.record, name) for name, ps in by_name.items() for p in ps})
        for name, ps in by_name.items():
            records = {p.record for p in ps}
            registrants = {p.registrant for p in ps}
            share = len(records) / total
            if (
                len(records) >= LEAST_RECORDS
                and len(registrants) >= LEAST_REGISTRANTS
                and share >= LEAST_SHARE
            ):
                iri = min(p.iri for p in ps)
                found[key] = (
                    iri,
                    Alias(name, key, len(records), len(registrants), round(share, 2)),
                )
    return found


def by_external(matches: Mapping[str, Match]) -> Iterator[Edge]:
    """O-A1: the names of both have one entry of ROR, and their own place or university agrees.

    Measured on 3,000 affiliations against an incomplete dump: docs/identity.md.
    """
    blocks: dict[str, list[str]] = defaultdict(list)
    for iri, match in sorted(matches.items()):
        if match.exact:
            blocks[match.ror].append(iri)
    for iris in blocks.values():
        for a, b in star(iris):
            yield edge("O-A1", a, b, f"one entry of ROR: {matches[a].evidence}")


# -- successors ---------------------------------------------------------------------------------


def printed_ids(mention: Mention) -> Iterator[tuple[str, str]]:
    """The ids of other registers that a record prints with an organization: ROR, GRID, CTIS."""
    for text in mention.external:
        if found := _PRINTED_ID.fullmatch(text):
            yield next((_REGISTERS[n], key) for n, key in enumerate(found.groups()) if key)


def by_printed_id(mentions: Iterable[Mention]) -> Iterator[Edge]:
    """O-A1: records print one id of another register with both."""
    blocks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for mention in mentions:
        for found in printed_ids(mention):
            blocks[found].append(mention.iri)
    for (register, _), iris in sorted(blocks.items()):
        yield from (edge("O-A1", a, b, f"records print one {register}") for a, b in star(iris))


# A key of an address (LOC-…) names a place and no organization.
_PRINTED_ID = re.compile(
    r"(?:ror:(?:https://ror\.org/)?(0[a-z0-9]{6}\d{2})|grid:(grid\.\d{3,7}\.[0-9a-f]{1,2})"
    r"|ctis:(ORG-\d{6,12}))"
)
_REGISTERS = ("ROR id", "GRID id", "key of CTIS")


def successors(by_key: Mapping[str, list[str]]) -> Iterator[Edge]:
    """O-D2: the curated table says that one took over from the other. Asked, never joined."""
    for row in known.successions():
        earlier = _carriers(row.earlier, by_key)
        later = _carriers(row.later, by_key)
        if earlier and later:
            told = f"the second took over from the first in {row.year} (source: {row.source})"
            a, b = earlier[0], later[0]
            if a > b:
                told = f"the first took over from the second in {row.year} (source: {row.source})"
            yield edge("O-D2", a, b, told)


def _carriers(names: Iterable[str], by_key: Mapping[str, list[str]]) -> list[str]:
    keys = {_key(name) for name in names}
    return sorted(iri for key in keys for iri in by_key.get(key, ()))


@lru_cache(maxsize=1024)
def _key(name: str) -> str:
    if han(name):
        return chinese_names.read(name).key
    return english_names.read(name).key

"""How a name is read, for people: what the resolver compares, slot by slot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from kg.names.person_names import is_person
from kg.resolve import committees
from kg.resolve.names import chinese_names, chinese_slots, english_names, english_slots, pinyin
from kg.resolve.names.comparable import LONGEST, han
from kg.resolve.names.kinds import organization_kind
from kg.resolve.names.latin_names import han_keys, han_name, is_initials, latin_key, latin_tokens

SHOWN = 12  # spellings of a Chinese name


def parsed(name: str) -> Iterator[str]:
    """The readings of a name, as a person, a committee or an organization, a line for each slot."""
    if len(name) > LONGEST:
        yield f"no name: {len(name):,} characters; what is longer than {LONGEST} is a text"
        return
    if not re.search(r"[^\W\d_]", name):
        yield "no name: it holds no letter"
        return
    zh, en = (name, None) if han(name) else (None, name)
    committee = committees.read(zh, en)
    kind = organization_kind(zh, en)
    if committees.is_committee(name):
        part = committee.zh or committee.en
        yield "ethics committee"
        yield f"  kind: {committee.kind or 'unspecified'}"
        yield f"  host: {part.key if part else 'none found'}"
        return
    if kind == "unknown" and is_person(name):
        yield from _person(name)
        return
    yield from _organization(name)


def _person(name: str) -> Iterator[str]:
    yield "person"
    if chinese := han_name(name):
        surname, given = pinyin.split(chinese)
        yield f"  compared as: {chinese}"
        yield f"  surname: {surname} ({', '.join(pinyin.surname_readings(surname))})"
        yield f"  given name: {given}"
        spelt = [f"{a.title()} {b.title()}" for a, b in pinyin.readings(chinese)]
        more = f" … and {len(spelt) - SHOWN} more" if len(spelt) > SHOWN else ""
        yield f"  in Latin letters, in either order: {', '.join(spelt[:SHOWN])}{more}"
        yield f"  keys: {', '.join(sorted(han_keys(chinese))[:SHOWN])}"
        return
    if not latin_key(name):
        yield "  no whole name: nothing to compare"
        return
    yield f"  words: {' '.join(latin_tokens(name))}"
    yield f"  key, whatever the order: {latin_key(name)}"
    if is_initials(name):
        yield "  initials: without the same ones beside the same words, only a question"


def _organization(name: str) -> Iterator[str]:
    kind = organization_kind(*((name, None) if han(name) else (None, name)))
    yield f"organization, {kind}"
    if han(name):
        zh = chinese_names.read(name)
        yield f"  compared as: {zh.key}"
        yield f"  says enough to identify: {_LEVELS[zh.level]}"
        for label, values in (("second names", zh.second), ("former names", zh.former)):
            if values:
                yield f"  {label}: {', '.join(values)}"
        for label, whole in (("campus of", zh.campus_of), ("department of", zh.department_of)):
            if whole:
                yield f"  {label}: {whole}"
        if found := chinese_slots.read(zh.key):
            yield from (f"  {line}" for line in found.lines())
    else:
        en = english_names.read(name)
        yield f"  compared as: {en.key}"
        yield f"  says enough to identify: {_LEVELS[en.level]}"
        if en.department_of:
            yield f"  department of: {en.department_of}"
        if hospital := english_slots.read(name):
            yield from (f"  {line}" for line in hospital.slots.lines())
            for slots in hospital.second:
                yield f"  second name: {slots.told()}"
            for slots in hospital.beside:
                yield f"  beside it another organization: {slots.told()}"


_LEVELS = {
    "full": "yes",
    "common": "only with its city; several organizations have this name",
    "generic": "only with its city; it is a kind of hospital rather than a name",
}
